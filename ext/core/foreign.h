// Kernels that are run by somebody outside the engine: Python.
#pragma once
#include <string>
#include <utility>

#include "core/kernel.h"

namespace paratrain {

class ForeignKernel : public Kernel {
 public:
  // Not 0: it failed, and whoever is outside knows why.
  using Call = int (*)(void* self, const RunContext* ctx, void* const* in, void* const* out);
  using Drop = void (*)(void* self);

  ForeignKernel(void* self, Call call, Drop drop) : self_(self), call_(call), drop_(drop) {}
  ~ForeignKernel() override { drop_(self_); }
  ForeignKernel(const ForeignKernel&) = delete;
  ForeignKernel& operator=(const ForeignKernel&) = delete;
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    if (call_(self_, &ctx, in, out)) throw ForeignError();
  }
  bool capturable() const override { return false; }
  std::string implementation() const override { return "python"; }

 private:
  void* self_;
  Call call_;
  Drop drop_;
};

}  // namespace paratrain
