#include "kernels/indexing/index.h"

namespace paratrain {

Outside outside_of(const std::string& mode) {
  if (mode == "clip") return Outside::clip;
  if (mode == "wrap") return Outside::wrap;
  return Outside::raise;
}

void check_positions(const IndexArray& index, int64_t count, int64_t low, int64_t high) {
  for (int64_t i = 0; i < count; ++i) {
    const int64_t at = index[i];
    if (at < low || at >= high) {
      throw std::out_of_range("index " + std::to_string(at) + " at position " + std::to_string(i) + " is outside of [" +
                              std::to_string(low) + ", " + std::to_string(high) + ")");
    }
  }
}

}  // namespace paratrain
