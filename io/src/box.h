// A part of an image.
#pragma once

#include <cstdint>

namespace paratrain::io {

// Rows top ... bottom - 1 and columns left ... right - 1.
struct Box {
  int64_t top, left, bottom, right;
};

}  // namespace paratrain::io
