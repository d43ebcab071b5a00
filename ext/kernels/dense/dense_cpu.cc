#include "kernels/dense/dense.h"

#include "kernels/dense/tiles.h"
#include "kernels/elementwise/smooth.h"
#include "kernels/launch/cpu.h"
#include "kernels/nn/fully_connected.h"

namespace paratrain {
namespace {

using dense::Product;
using dense::Tiles;

constexpr int64_t kMacsPerElement = 16;    // multiplications as quick as one element of a plain loop
constexpr int64_t kMacsPerItem = 1 << 16;  // what a thread takes at a time, about: two microseconds

// Which products are done here.  Measured against oneDNN 3.2 on one core of an EPYC Zen 4: within 15 % of it between
// kFewMacs and kMostMacs where the inner sums are as long as asked for here; with shorter ones tiles are too quickly
// done for their beginning and end not to count.  Below kFewMacs the time is that of the call.
constexpr int64_t kFewMacs = int64_t{1} << 20, kMostMacs = int64_t{1} << 24;
constexpr int64_t kLongestSide = 4096;
constexpr int64_t kShortestDot = 192, kShortestSum = 32;

int64_t blocks(int64_t n, int64_t size) { return (n + size - 1) / size; }
int64_t round_up(int64_t n, int64_t size) { return blocks(n, size) * size; }

bool worthwhile(const DenseGeometry& g, int64_t length, int64_t shortest) {
  const int64_t macs = g.rows * g.units * g.inner;
  if (std::max({g.inner, g.rows, g.units}) > kLongestSide) return false;
  return macs <= kFewMacs || (macs <= kMostMacs && length >= shortest);
}

class DenseKernel : public Kernel {
 public:
  std::string implementation() const override { return std::string("tiles:") + tiles_.name; }

 protected:
  explicit DenseKernel(const Tiles& tiles) : tiles_(tiles) {}

  // C block by block: `compute` does rows and columns of it; `first`, where there is one, is one more piece of work of
  // about `extra` elements.
  template <class Compute, class First>
  static void run_blocks(const RunContext& ctx, const Product& p, Compute compute, int64_t rows, int64_t columns,
                         bool with_first, First first) {
    const int64_t down = blocks(p.m, rows), across = blocks(p.n, columns), extra = with_first ? 1 : 0;
    const int64_t work = std::max<int64_t>(1, std::min(rows, p.m) * std::min(columns, p.n) * p.k / kMacsPerElement);
    Launch<Cpu>::each(ctx, down * across + extra, work, [&](int64_t i) {
      if (i < extra) return first();
      const int64_t row = (i - extra) % down * rows, column = (i - extra) / down * columns;
      compute(p, row, std::min(p.m, row + rows), column, std::min(p.n, column + columns));
    });
  }

  // Products of rows of B: one panel of columns, and as many rows as make an item.
  template <class First>
  void run_sums(const RunContext& ctx, const Product& p, bool with_first, First first) const {
    const int64_t wanted = kMacsPerItem * 2 / std::max<int64_t>(1, tiles_.columns * p.k);
    run_blocks(ctx, p, tiles_.sums, round_up(std::max<int64_t>(wanted, 1), tiles_.rows), tiles_.columns, with_first,
               first);
  }

  const Tiles& tiles_;
};

// act(x) for rows [row, row_end) and columns [column, column_end) of C.
template <class F>
inline void map_block(const Product& p, int64_t row, int64_t row_end, int64_t column, int64_t column_end, F act) {
  for (; row < row_end; ++row) {
    float* c = p.c + row * p.n;
#pragma GCC ivdep
    for (int64_t i = column; i < column_end; ++i) c[i] = act(c[i]);
  }
}

void activate(const Tail& tail, const Product& p, int64_t row, int64_t row_end, int64_t column, int64_t column_end) {
  const auto map = [&](auto act) { map_block(p, row, row_end, column, column_end, act); };
  const float low = static_cast<float>(tail.low), high = static_cast<float>(tail.high);
  switch (tail.act) {
    case Act::none: return;
    case Act::relu: return map([](float v) { return v < 0.0f ? 0.0f : v; });
    case Act::clip: return map([=](float v) { return v < low ? low : (v > high ? high : v); });
    case Act::tanh: return map([](float v) { return smooth::tanh(v); });
    case Act::sigmoid: return map([](float v) { return smooth::sigmoid(v); });
  }
}

// (data, weight[, bias]) -> result
class Forward final : public DenseKernel {
 public:
  Forward(const KernelSpec& s, const Tiles& tiles)
      : DenseKernel(tiles), g_(geometry(s)), has_bias_(s.in.size() > 2), tail_(s.attrs) {}
  static DenseGeometry geometry(const KernelSpec& s) { return dense_geometry(s.in[0], s.in[1].shape); }
  static bool is_worthwhile(const DenseGeometry& g) { return worthwhile(g, g.inner, kShortestDot); }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    Product p{g_.rows,
              g_.units,
              g_.inner,
              static_cast<const float*>(in[0]),
              g_.inner,
              1,
              static_cast<const float*>(in[1]),
              g_.inner,
              static_cast<float*>(out[0])};
    if (has_bias_) p.bias = static_cast<const float*>(in[2]);
    constexpr int64_t kBand = 64;  // rows
    const int64_t wanted = kMacsPerItem / std::max<int64_t>(1, std::min(kBand, p.m) * p.k);
    const auto compute = [this](const Product& p, auto... block) {
      tiles_.dots(p, block...);
      activate(tail_, p, block...);
    };
    run_blocks(ctx, p, compute, kBand, round_up(std::max<int64_t>(wanted, 1), dense::kDots), false, [] {});
  }

 private:
  DenseGeometry g_;
  bool has_bias_;
  Tail tail_;
};

// (dY, weight, ...) -> dX
class DataGrad final : public DenseKernel {
 public:
  DataGrad(const KernelSpec& s, const Tiles& tiles) : DenseKernel(tiles), g_(geometry(s)) {}
  static DenseGeometry geometry(const KernelSpec& s) { return dense_geometry(s.out[0], s.in[1].shape); }
  static bool is_worthwhile(const DenseGeometry& g) { return worthwhile(g, g.units, kShortestSum); }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const Product p{g_.rows,
                    g_.inner,
                    g_.units,
                    static_cast<const float*>(in[0]),
                    g_.units,
                    1,
                    static_cast<const float*>(in[1]),
                    g_.inner,
                    static_cast<float*>(out[0])};
    run_sums(ctx, p, false, [] {});
  }

 private:
  DenseGeometry g_;
};

// (dY, data) -> dW[, db]
class WeightGrad final : public DenseKernel {
 public:
  WeightGrad(const KernelSpec& s, const Tiles& tiles)
      : DenseKernel(tiles), g_(geometry(s)), has_bias_(s.out.size() > 1) {}
  static DenseGeometry geometry(const KernelSpec& s) { return dense_geometry(s.in[1], s.out[0].shape); }
  static bool is_worthwhile(const DenseGeometry& g) { return worthwhile(g, g.rows, kShortestSum); }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const float* dy = static_cast<const float*>(in[0]);
    const Product p{g_.units,
                    g_.inner,
                    g_.rows,
                    dy,
                    1,
                    g_.units,
                    static_cast<const float*>(in[1]),
                    g_.inner,
                    static_cast<float*>(out[0])};
    run_sums(ctx, p, has_bias_, [&] { sum_rows(dy, static_cast<float*>(out[1])); });
  }

 private:
  void sum_rows(const float* dy, float* db) const {
    std::fill(db, db + g_.units, 0.0f);
    for (int64_t r = 0; r < g_.rows; ++r) {
#pragma GCC ivdep
      for (int64_t u = 0; u < g_.units; ++u) db[u] += dy[r * g_.units + u];
    }
  }
  DenseGeometry g_;
  bool has_bias_;
};

// Attribute tiles: the instruction set to use, whatever the size, or none; without it the best one, where worthwhile.
template <class Class>
const Tiles* tiles_for(const KernelSpec& s) {
  if (!s.attrs.has("tiles")) return Class::is_worthwhile(Class::geometry(s)) ? dense::tiles() : nullptr;
  const std::string& wanted = s.attrs.text("tiles");
  return wanted == "avx512" ? dense::tiles_avx512() : wanted == "avx2" ? dense::tiles_avx2() : nullptr;
}

template <class Class>
std::unique_ptr<Kernel> make_dense(const KernelSpec& s) {
  for (const auto* tensors : {&s.in, &s.out}) {
    for (const TensorDesc& d : *tensors) {
      if (d.size() == 0 || d.dtype != DType::float32) return nullptr;
    }
  }
  const Tiles* tiles = tiles_for<Class>(s);
  return tiles ? std::make_unique<Class>(s, *tiles) : nullptr;
}

}  // namespace

void register_dense(Registry& r) {
  r.add("fully_connected", make_dense<Forward>);
  r.add("fully_connected_act", make_dense<Forward>);
  r.add("fully_connected_data_grad", make_dense<DataGrad>);
  r.add("fully_connected_weight_grad", make_dense<WeightGrad>);
}

}  // namespace paratrain
