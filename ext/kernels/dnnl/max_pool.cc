// Max pooling of two spatial axes on channels-last arrays: loops of our own over blocks of channels.
//
// The place of a maximum within its window is kept in a byte, as the plain and oneDNN's kernels keep it.  oneDNN's
// backward kernel for this order first clears the whole result and then adds to it; here rows are cleared as they are
// reached, while they are in cache, or not at all where windows tile the data.
#include <limits>

#include "kernels/dnnl/common.h"
#include "kernels/launch/cpu.h"
#include "kernels/nn/pooling.h"

namespace paratrain::onednn {
namespace {

// Largest window.
constexpr int kPlaces = 64;
// Channels of an item of the backward pass.
constexpr int64_t kBlock = 64;

// Eight channels.  Of loops over floats and bytes the compiler would make vectors of 32, and 20 channels would have
// none.
constexpr int64_t kLanes = 8;
typedef float Floats __attribute__((vector_size(32)));
typedef int32_t Ints __attribute__((vector_size(32)));
typedef uint8_t Bytes __attribute__((vector_size(8)));

template <class V, class T>
inline __attribute__((always_inline)) V load(const T* p) {
  V v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
template <class V, class T>
inline __attribute__((always_inline)) void store(T* p, V v) {
  __builtin_memcpy(p, &v, sizeof v);
}

// The largest of n values (of the window's elements x at c) and its place.
template <int constant, class Values, class Places>
inline __attribute__((always_inline)) Values largest_of(int n, const float* const* x, const int32_t* place, int64_t c,
                                                        Places& at) {
  Values best = Values{} - std::numeric_limits<float>::max();
  at = Places{};
#pragma GCC unroll 9
  for (int k = 0; k < (constant ? constant : n); ++k) {
    const Values v = load<Values>(x[k] + c);
    const auto larger = v > best;
    best = larger ? v : best;
    at = larger ? Places{} + place[k] : at;
  }
  return best;
}

bool suits(const KernelSpec& s, const TensorDesc& large, const TensorDesc& order) {
  return s.any_layout && large.dtype == DType::float32 && large.shape.size() == 4 && is_channels_last(order) &&
         s.attrs.text("pool_type") == "max" && !s.attrs.flag("channels_last") &&
         s.attrs.ints("kernel")[0] * s.attrs.ints("kernel")[1] <= kPlaces;
}

// What both directions share: the geometry with channels innermost, and the walk over windows.
class MaxPool : public PrimitiveKernel {
 public:
  MaxPool(const KernelSpec& s, const TensorDesc& data, const TensorDesc& result)
      : PrimitiveKernel(s), g_(pool_geometry(s.attrs, data.shape, result.shape)) {}
  std::string implementation() const override { return "rows"; }

 protected:
  // The elements of a window that lie in the data: their pixels, and their places in the window.
  struct Window {
    int count = 0;
    int64_t pixel[kPlaces];
    int32_t place[kPlaces];
  };
  Window window_at(int64_t row, int64_t column) const {
    Window w;
    const int64_t top = row * g_.stride[1] - g_.pad[1], left = column * g_.stride[2] - g_.pad[2];
    const int64_t bottom = std::min(top + g_.kernel[1], g_.in[1]), right = std::min(left + g_.kernel[2], g_.in[2]);
    for (int64_t a = std::max<int64_t>(top, 0); a < bottom; ++a) {
      for (int64_t b = std::max<int64_t>(left, 0); b < right; ++b, ++w.count) {
        w.pixel[w.count] = a * g_.in[2] + b;
        w.place[w.count] = static_cast<int32_t>((a - top) * g_.kernel[2] + b - left);
      }
    }
    return w;
  }
  PoolGeometry g_;
};

// (data) -> result, places
class Forward final : public MaxPool {
 public:
  explicit Forward(const KernelSpec& s) : MaxPool(s, s.in[0], s.out[0]) {
    const DnnlDesc src = channels_last(s.in[0].shape, DType::float32);
    const DnnlDesc dst = channels_last(s.out[0].shape, DType::float32);
    input(DNNL_ARG_SRC, 0, desc_of(s.in[0]), src, true);
    output(DNNL_ARG_DST, 0, desc_of(s.out[0]), dst, true);
    output(DNNL_ARG_WORKSPACE, 1, desc_of(s.out[1]), channels_last(s.out[1].shape, DType::uint8), true);
  }

 private:
  void compute(const RunContext& ctx) override {
    const float* data = static_cast<const float*>(data_of(DNNL_ARG_SRC));
    float* result = static_cast<float*>(data_of(DNNL_ARG_DST));
    uint8_t* places = static_cast<uint8_t*>(data_of(DNNL_ARG_WORKSPACE));
    const int64_t rows = g_.batch * g_.out[1], work = g_.out[2] * g_.channels * g_.kernel_size();
    Launch<Cpu>::each(ctx, rows, work, [&](int64_t item) {
      const float* x = data + item / g_.out[1] * g_.in_size() * g_.channels;
      for (int64_t column = 0; column < g_.out[2]; ++column) {
        const int64_t at = (item * g_.out[2] + column) * g_.channels;
        window(x, item % g_.out[1], column, result + at, places + at);
      }
    });
  }
  void window(const float* x, int64_t row, int64_t column, float* result, uint8_t* places) const {
    const Window w = window_at(row, column);
    switch (w.count) {  // constants let the compiler keep everything in vector registers
      case 4: return largest<4>(x, w, 4, result, places);
      case 9: return largest<9>(x, w, 9, result, places);
      default: return largest<0>(x, w, w.count, result, places);
    }
  }
  template <int constant>
  void largest(const float* data, const Window& w, int count, float* result, uint8_t* places) const {
    const int n = constant ? constant : count;
    const int64_t channels = g_.channels;
    const float* x[kPlaces];
    int32_t place[kPlaces];
    for (int k = 0; k < n; ++k) {
      x[k] = data + w.pixel[k] * channels;
      place[k] = w.place[k];
    }
    if (channels < kLanes) {
      for (int64_t c = 0; c < channels; ++c) {
        int32_t at;
        result[c] = largest_of<constant, float>(n, x, place, c, at);
        places[c] = static_cast<uint8_t>(at);
      }
      return;
    }
    for (int64_t next = 0; next < channels; next += kLanes) {
      const int64_t c = std::min(next, channels - kLanes);  // the last vector may be computed twice in part
      Ints at;
      store(result + c, largest_of<constant, Floats>(n, x, place, c, at));
      store(places + c, __builtin_convertvector(at, Bytes));
    }
  }
};

// (dY, like, places) -> dX
class Backward final : public MaxPool {
 public:
  explicit Backward(const KernelSpec& s) : MaxPool(s, s.out[0], s.in[0]), tiles_(tiles(g_)) {
    input(DNNL_ARG_DIFF_DST, 0, desc_of(s.in[0]), channels_last(s.in[0].shape, DType::float32), true);
    output(DNNL_ARG_DIFF_SRC, 0, desc_of(s.out[0]), channels_last(s.out[0].shape, DType::float32), true);
    input(DNNL_ARG_WORKSPACE, 2, desc_of(s.in[2]), channels_last(s.in[2].shape, DType::uint8), true);
  }

 private:
  void compute(const RunContext& ctx) override {
    const float* grad = static_cast<const float*>(data_of(DNNL_ARG_DIFF_DST));
    const uint8_t* places = static_cast<const uint8_t*>(data_of(DNNL_ARG_WORKSPACE));
    float* result = static_cast<float*>(data_of(DNNL_ARG_DIFF_SRC));
    const int64_t blocks = (g_.channels + kBlock - 1) / kBlock;
    const int64_t work = g_.in_size() * std::min(g_.channels, kBlock);
    // windows may overlap within an image: one thread for each image and block of channels
    Launch<Cpu>::each(ctx, g_.batch * blocks, work, [&](int64_t item) {
      const int64_t image = item / blocks, c = item % blocks * kBlock, n = std::min(kBlock, g_.channels - c);
      const int64_t from = image * g_.out_size() * g_.channels + c;
      scatter(grad + from, places + from, result + image * g_.in_size() * g_.channels + c, n);
    });
  }
  // Whether every element of the data lies in exactly one window.
  static bool tiles(const PoolGeometry& g) {
    for (int d = 1; d <= 2; ++d) {
      if (g.stride[d] != g.kernel[d] || g.pad[d] != 0 || g.in[d] != g.out[d] * g.kernel[d]) return false;
    }
    return true;
  }
  void scatter(const float* grad, const uint8_t* places, float* result, int64_t n) const {
    int64_t cleared = tiles_ ? g_.in[1] : 0;  // rows of the result
    const auto clear_to = [&](int64_t end) {
      for (int64_t pixel = cleared * g_.in[2]; pixel < end * g_.in[2]; ++pixel) {
        std::fill_n(result + pixel * g_.channels, n, 0.0f);
      }
      cleared = std::max(cleared, end);
    };
    for (int64_t row = 0; row < g_.out[1]; ++row) {
      clear_to(std::min(row * g_.stride[1] - g_.pad[1] + g_.kernel[1], g_.in[1]));
      for (int64_t column = 0; column < g_.out[2]; ++column) {
        const int64_t at = (row * g_.out[2] + column) * g_.channels;
        const Window w = window_at(row, column);
        for (int k = 0; k < w.count; ++k) {
          float* x = result + w.pixel[k] * g_.channels;
          tiles_ ? put<false>(grad + at, places + at, w.place[k], x, n)
                 : put<true>(grad + at, places + at, w.place[k], x, n);
        }
      }
    }
    clear_to(g_.in[1]);
  }
  // The gradients of the maxima that lie at `place`.
  template <bool add>
  static void put(const float* grad, const uint8_t* places, int32_t place, float* x, int64_t n) {
    int64_t c = 0;
    for (; c + kLanes <= n; c += kLanes) {
      const Ints here = __builtin_convertvector(load<Bytes>(places + c), Ints) == place;
      const Floats value = here ? load<Floats>(grad + c) : Floats{};
      store(x + c, add ? load<Floats>(x + c) + value : value);
    }
    for (; c < n; ++c) {
      const float value = places[c] == place ? grad[c] : 0.0f;
      x[c] = add ? x[c] + value : value;
    }
  }
  const bool tiles_;
};

}  // namespace

void register_max_pool(Registry& r) {
  r.add("pooling", guarded([](const KernelSpec& s) -> std::unique_ptr<Kernel> {
          const bool bytes = s.out.size() > 1 && s.out[1].dtype == DType::uint8;
          if (!bytes || !suits(s, s.in[0], s.in[0])) return nullptr;
          return std::make_unique<Forward>(s);
        }));
  r.add("pooling_grad", guarded([](const KernelSpec& s) -> std::unique_ptr<Kernel> {
          const bool bytes = s.in.size() > 2 && s.in[2].dtype == DType::uint8;
          if (!bytes || !suits(s, s.out[0], s.in[2])) return nullptr;
          return std::make_unique<Backward>(s);
        }));
}

}  // namespace paratrain::onednn
