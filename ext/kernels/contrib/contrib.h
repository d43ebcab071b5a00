// Operators that belong to no other family: most of MXNet's contrib.
#pragma once
#include "kernels/add.h"
#include "kernels/contrib/attention.h"
#include "kernels/contrib/functions.h"
#include "kernels/contrib/hawkes.h"
#include "kernels/contrib/places.h"
#include "kernels/elementwise/unary.h"

namespace paratrain {

// Matrices (rows_i, k) -> (product of rows_i, k): column by column their Kronecker product.
template <class Device, class T>
struct KhatriRaoKernel : Kernel {
  explicit KhatriRaoKernel(const KernelSpec& s) : n(s.out[0].size()), columns(s.out[0].shape.at(1)) {
    for (const TensorDesc& d : s.in) rows.push_back(d.shape.at(0));
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    T* y = static_cast<T*>(out[0]);
    const int64_t width = columns;
    int64_t inner = 1;  // rows of the result for each row of the matrix
    for (int64_t r : rows) inner *= r;
    for (size_t k = 0; k < rows.size() && n > 0; ++k) {
      const T* x = static_cast<const T*>(in[k]);
      const int64_t height = rows[k];
      const bool first = k == 0;
      inner /= height;
      Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) {
        const T v = x[i / width / inner % height * width + i % width];
        y[i] = first ? v : static_cast<T>(static_cast<Compute<T>>(y[i]) * static_cast<Compute<T>>(v));
      });
    }
  }
  int64_t n, columns;
  std::vector<int64_t> rows;
};

template <class Device, class Function>
void add_parametric(Registry& r, const char* name) {
  r.add(name, [](const KernelSpec& s) {
    return dispatch_float(s.out[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> {
      return std::make_unique<ParametricKernel<Device, Function, typename decltype(tag)::type>>(s);
    });
  });
}

// For kernels that contain another one.
template <class Device, template <class, class> class K>
void add_composed(Registry& r, const char* name) {
  r.add(name, [&r](const KernelSpec& s) {
    return make_wide<Device>(s, s.out[0].dtype, [&r](const KernelSpec& w, auto tag) -> std::unique_ptr<Kernel> {
      return std::make_unique<K<Device, typename decltype(tag)::type>>(r, w);
    });
  });
}

template <class Device, template <class, class> class K>
void add_width(Registry& r, const char* name) {
  r.add(name, [](const KernelSpec& s) {
    return dispatch_width(s.out[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> {
      return std::make_unique<K<Device, typename decltype(tag)::type>>(s);
    });
  });
}

// For kernels that serve all types at once.
template <class Device, template <class> class K>
void add_one(Registry& r, const char* name) {
  r.add(name, [](const KernelSpec& s) -> std::unique_ptr<Kernel> { return std::make_unique<K<Device>>(s); });
}

template <class Device>
void register_contrib(Registry& r) {
  add_parametric<Device, fn::Erfinv>(r, "erfinv");
  add_parametric<Device, fn::HardSigmoid>(r, "hard_sigmoid");
  r.add("quadratic", [](const KernelSpec& s) {
    return dispatch(s.out[0].dtype, [&](auto tag) -> std::unique_ptr<Kernel> {
      return std::make_unique<ParametricKernel<Device, fn::Quadratic, typename decltype(tag)::type>>(s);
    });
  });
  add_unary<Device, fn::IsNan>(r, "isnan");
  add_unary<Device, fn::IsInf>(r, "isinf");
  add_unary<Device, fn::IsFinite>(r, "isfinite");
  add_float<Device, HardSigmoidGradKernel>(r, "hard_sigmoid_grad");
  add_wide<Device, MomentsKernel>(r, "moments");
  add_wide<Device, KhatriRaoKernel>(r, "khatri_rao");
  add_one<Device, AllCloseKernel>(r, "all_close");
  add_one<Device, CoordinatesKernel>(r, "coordinates");
  add_one<Device, RavelKernel>(r, "ravel");
  add_one<Device, UnravelKernel>(r, "unravel");
  add_one<Device, HistogramKernel>(r, "histogram");
  add_width<Device, IndexCopyKernel>(r, "index_copy");
  add_width<Device, FillElementKernel>(r, "fill_element");
  add_width<Device, StridedAssignKernel>(r, "strided_assign");
  add_width<Device, ScatterSetKernel>(r, "scatter_set");
  add_composed<Device, AttentionScoresKernel>(r, "attention_scores");
  add_composed<Device, AttentionValuesKernel>(r, "attention_values");
  add_one<Device, HawkesKernel>(r, "hawkes");
  add_one<Device, HawkesGradKernel>(r, "hawkes_grad");
}

}  // namespace paratrain
