// Coordinates of elements, copies with a part replaced, histograms.
#pragma once
#include <cmath>

#include "kernels/indexing/nd.h"
#include "kernels/launch/reals.h"
#include "kernels/reduce/reduce.h"
#include "kernels/shape/strided.h"

namespace paratrain {

// Sizes of a space and the steps of its axes.
struct SpacePlan {
  int ndim = 0;
  int64_t size[kMaxDims], step[kMaxDims];
};

// Throws for more than kMaxDims axes.
SpacePlan plan_space(const Shape& shape);

// For each element of an array its coordinates along attribute axes, as int64.
template <class Device>
struct CoordinatesKernel : Kernel {
  explicit CoordinatesKernel(const KernelSpec& s) : n(s.out[0].size()), space(plan_space(s.in[0].shape)) {
    const Shape& axes = s.attrs.ints("axes");
    if (axes.size() > kMaxDims) throw std::invalid_argument("at most 8 axes are supported");
    count = static_cast<int64_t>(axes.size());
    for (size_t i = 0; i < axes.size(); ++i) {
      chosen.size[i] = space.size[axes[i]];
      chosen.step[i] = space.step[axes[i]];
    }
  }
  void run(const RunContext& ctx, void* const*, void* const* out) override {
    int64_t* y = static_cast<int64_t*>(out[0]);
    const SpacePlan p = chosen;
    const int64_t axes = count;
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) { y[i] = i / axes / p.step[i % axes] % p.size[i % axes]; });
  }
  int64_t n, count = 0;
  SpacePlan space, chosen;
};

// Coordinates (ndim, n) in a space of attribute shape -> positions (n,).
template <class Device>
struct RavelKernel : Kernel {
  explicit RavelKernel(const KernelSpec& s)
      : n(s.out[0].size()), space(plan_space(s.attrs.ints("shape"))), from(s.in[0].dtype), to(s.out[0].dtype) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const IndexArray x{in[0], from};
    void* y = out[0];
    const SpacePlan p = space;
    const int64_t positions = n;
    const DType type = to;
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) {
      uint64_t at = 0;  // unsigned: nonsense may overflow
      for (int d = 0; d < p.ndim; ++d) {
        at += static_cast<uint64_t>(x[d * positions + i]) * static_cast<uint64_t>(p.step[d]);
      }
      store_position(y, type, i, static_cast<int64_t>(at));
    });
  }
  int64_t n;
  SpacePlan space;
  DType from, to;
};

// Positions (n,) -> coordinates (ndim, n).  Along the first axis whatever is left over, even beyond its size.
template <class Device>
struct UnravelKernel : Kernel {
  explicit UnravelKernel(const KernelSpec& s)
      : n(s.in[0].size()), space(plan_space(s.attrs.ints("shape"))), from(s.in[0].dtype), to(s.out[0].dtype) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const IndexArray x{in[0], from};
    void* y = out[0];
    const SpacePlan p = space;
    const int64_t positions = n;
    const DType type = to;
    Launch<Device>::map(ctx, n * p.ndim, [=] PT_LAMBDA(int64_t i) {
      const int64_t d = i / positions, at = x[i % positions] / p.step[d];
      store_position(y, type, i, d == 0 ? at : at % p.size[d]);
    });
  }
  int64_t n;
  SpacePlan space;
  DType from, to;
};

// (old, positions, new) -> old with rows replaced, the last one where a position comes twice.
template <class Device, class T>
struct IndexCopyKernel : Kernel {
  explicit IndexCopyKernel(const KernelSpec& s)
      : rows(s.in[0].shape.at(0)),
        positions(s.in[1].size()),
        inner(rows ? s.in[0].size() / rows : 0),
        type(s.in[1].dtype) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* old = static_cast<const T*>(in[0]);
    const T* fresh = static_cast<const T*>(in[2]);
    T* y = static_cast<T*>(out[0]);
    const IndexArray index{in[1], type};
    if (std::is_same_v<Device, Cpu>) check_positions(index, positions, 0, rows);
    Launch<Device>::map(ctx, rows * inner, [=] PT_LAMBDA(int64_t i) { y[i] = old[i]; });
    if (rows == 0) return;
    const int64_t count = positions, width = inner, height = rows;
    Rows<Device>::columns(ctx, 1, inner, positions, [=] PT_LAMBDA(int64_t, int64_t begin, int64_t end) {
      for (int64_t k = 0; k < count; ++k) {
        T* to = y + inside(index[k], height, Outside::clip) * width;
        for (int64_t c = begin; c < end; ++c) to[c] = fresh[k * width + c];
      }
    });
  }
  int64_t rows, positions, inner;
  DType type;
};

// (X, values, positions) -> X with one element of each row replaced; positions outside of a row change nothing.
template <class Device, class T>
struct FillElementKernel : Kernel {
  explicit FillElementKernel(const KernelSpec& s)
      : n(s.in[0].size()), width(s.in[0].shape.at(1)), type(s.in[2].dtype) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* x = static_cast<const T*>(in[0]);
    const T* values = static_cast<const T*>(in[1]);
    T* y = static_cast<T*>(out[0]);
    const IndexArray index{in[2], type};
    const int64_t columns = width;
    Launch<Device>::map(
        ctx, n, [=] PT_LAMBDA(int64_t i) { y[i] = index[i / columns] == i % columns ? values[i / columns] : x[i]; });
  }
  int64_t n, width;
  DType type;
};

// X with a strided view of it replaced: by the second input or, if there is none, by attribute value.
template <class Device, class T>
struct StridedAssignKernel : Kernel {
  explicit StridedAssignKernel(const KernelSpec& s)
      : plan(plan_strided(s.attrs.ints("shape"), s.attrs.ints("strides"), s.attrs.integer("offset"), s.in[0].size())),
        n(s.in[0].size()),
        by_value(s.in.size() == 1),
        filler(by_value ? static_cast<T>(element_bits(s.out[0].dtype, s.attrs.real("value"))) : T(0)) {
    if (!by_value && plan.size != s.in[1].size()) throw std::logic_error("the view and the input differ in size");
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) { y[i] = x[i]; });
    if (!by_value) return StridedLoop<Device, T>::scatter(ctx, plan, static_cast<const T*>(in[1]), y);
    const StridedPlan p = plan;
    const T v = filler;
    Launch<Device>::map(ctx, p.size,
                        [=] PT_LAMBDA(int64_t i) { y[p.offset + offset_of(i, p.ndim, p.shape, p.stride)] = v; });
  }
  StridedPlan plan;
  int64_t n;
  bool by_value;
  T filler;
};

// (X, new, coordinates) -> X with the elements (or rows) at the coordinates replaced, by the last one of several.
template <class Device, class T>
struct ScatterSetKernel : Kernel {
  explicit ScatterSetKernel(const KernelSpec& s)
      : plan(plan_coordinates(s.in[0].shape, s.in[2].shape)), type(s.in[2].dtype) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* x = static_cast<const T*>(in[0]);
    const T* fresh = static_cast<const T*>(in[1]);
    T* y = static_cast<T*>(out[0]);
    const IndexArray index{in[2], type};
    const CoordinatePlan p = plan;
    if (std::is_same_v<Device, Cpu>) check_coordinates(p, index);
    Launch<Device>::map(ctx, p.rows * p.inner, [=] PT_LAMBDA(int64_t i) { y[i] = x[i]; });
    Rows<Device>::columns(ctx, 1, p.inner, p.positions, [=] PT_LAMBDA(int64_t, int64_t begin, int64_t end) {
      for (int64_t k = 0; k < p.positions; ++k) {
        T* to = y + row_of(p, index, k) * p.inner;
        for (int64_t c = begin; c < end; ++c) to[c] = fresh[k * p.inner + c];
      }
    });
  }
  CoordinatePlan plan;
  DType type;
};

// Bins of a histogram: between neighbouring edges, or `bins` equal ones in [low, high].  The last one includes its
// upper end.
struct BinPlan {
  int64_t bins = 0;
  bool uniform = false;
  double low = 0, high = 1;
  DType type = DType::float32;  // of the edges

  PT_HD bool is_real() const {
    return type == DType::float32 || type == DType::float64 || type == DType::float16 || type == DType::bfloat16;
  }
  // Edge i as it is in its type.
  PT_HD double edge(int64_t i, const RealArray& edges) const {
    if (!uniform) return edges[i];
    const double share = static_cast<double>(i) / static_cast<double>(bins);
    const double exact = i == bins ? high : low + share * (high - low);
    return is_real() ? rounded_to(type, exact) : std::trunc(exact);
  }
  // Bin of a value, -1 outside (and for NaN).
  PT_HD int64_t place(double v, const RealArray& edges) const {
    const double first = uniform ? low : edges[0], last = uniform ? high : edges[bins];
    if (!(v >= first && v <= last)) return -1;
    if (v == last) return bins - 1;
    if (uniform) {
      int64_t at = static_cast<int64_t>((v - low) * static_cast<double>(bins) / (high - low));
      at = at < bins ? at : bins - 1;
      // the edges in their type decide
      if (at > 0 && v < edge(at, edges)) return at - 1;
      return at + 1 < bins && v >= edge(at + 1, edges) ? at + 1 : at;
    }
    int64_t begin = 0, end = bins;  // the last edge that is not larger
    while (end - begin > 1) {
      const int64_t middle = begin + (end - begin) / 2;
      (edges[middle] <= v ? begin : end) = middle;
    }
    return begin;
  }
};

template <class Device>
struct BinCounts {
  // One thread for each bin looks at all elements: whole numbers, and without atomics the same ones every time.
  static void run(const RunContext& ctx, const BinPlan& plan, const RealArray& x, int64_t n, const RealArray& edges,
                  int64_t* counts) {
    const BinPlan p = plan;
    const RealArray data = x, borders = edges;
    Launch<Device>::map(ctx, p.bins, [=] PT_LAMBDA(int64_t bin) {
      int64_t count = 0;
      for (int64_t i = 0; i < n; ++i) count += p.place(data[i], borders) == bin;
      counts[bin] = count;
    });
  }
};
template <>
struct BinCounts<Cpu> {
  static void run(const RunContext& ctx, const BinPlan& plan, const RealArray& x, int64_t n, const RealArray& edges,
                  int64_t* counts);
};

// (X, edges or nothing) -> counts (int64), edges.  Attributes bins, and low and high where they are equal bins.
template <class Device>
struct HistogramKernel : Kernel {
  explicit HistogramKernel(const KernelSpec& s) : n(s.in[0].size()), type(s.in[0].dtype) {
    plan.bins = s.attrs.integer("bins");
    plan.uniform = s.attrs.flag("uniform");
    plan.low = s.attrs.real("low");
    plan.high = s.attrs.real("high");
    plan.type = s.out[1].dtype;
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const RealArray edges{plan.uniform ? nullptr : in[1], plan.type};
    BinCounts<Device>::run(ctx, plan, {in[0], type}, n, edges, static_cast<int64_t*>(out[0]));
    void* y = out[1];
    const BinPlan p = plan;
    Launch<Device>::map(ctx, p.bins + 1, [=] PT_LAMBDA(int64_t i) {
      if (p.is_real()) {
        store_real(y, p.type, i, p.edge(i, edges));
      } else {
        store_position(y, p.type, i, static_cast<int64_t>(p.edge(i, edges)));
      }
    });
  }
  BinPlan plan;
  int64_t n;
  DType type;
};

}  // namespace paratrain
