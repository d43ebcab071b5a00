// C functions for ctypes: no exception leaves them.
#pragma once
#include <exception>

#define PT_EXPORT extern "C" __attribute__((visibility("default")))

namespace paratrain::cuda {

const char* last_error();
void set_error(const char* message);

template <class F>
int guarded(F f) {
  try {
    f();
    return 0;
  } catch (const std::exception& e) {
    set_error(e.what());
    return -1;
  }
}

}  // namespace paratrain::cuda
