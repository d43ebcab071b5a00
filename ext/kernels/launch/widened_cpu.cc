#include "kernels/add.h"
#include "kernels/launch/cpu.h"
#include "kernels/launch/pointwise_cpu.h"

namespace paratrain {

namespace {

bool is_short(const TensorDesc& d) { return d.dtype == DType::float16 || d.dtype == DType::bfloat16; }

template <class From, class To>
void cast(const RunContext& ctx, int64_t n, const void* x, void* y) {
  Pointwise<Cpu>::unary<As<Compute<To>>>(ctx, n, static_cast<const From*>(x), static_cast<To*>(y));
}

// Arrays of float32 in the workspace stand for those of 16-bit floats.
class WidenedKernel final : public Kernel {
 public:
  WidenedKernel(const KernelSpec& s, std::unique_ptr<Kernel> inner) : inner_(std::move(inner)) {
    place(s.in, ins_);
    place(s.out, outs_);
  }
  size_t workspace_bytes() const override { return arrays_ + inner_->workspace_bytes(); }
  bool uses_openmp() const override { return inner_->uses_openmp(); }
  std::string implementation() const override { return inner_->implementation(); }

  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    std::vector<void*> wide_in(in, in + ins_.size()), wide_out(out, out + outs_.size());
    for (size_t i = 0; i < ins_.size(); ++i) {
      if (!ins_[i].wide || !in[i]) continue;  // null: only its shape is asked for
      wide_in[i] = ctx.workspace + ins_[i].offset;
      (ins_[i].half ? cast<Half, float> : cast<BFloat16, float>)(ctx, ins_[i].elements, in[i], wide_in[i]);
    }
    for (size_t i = 0; i < outs_.size(); ++i) {
      if (outs_[i].wide) wide_out[i] = ctx.workspace + outs_[i].offset;
    }
    RunContext inner = ctx;
    inner.workspace = ctx.workspace + arrays_;
    inner_->run(inner, wide_in.data(), wide_out.data());
    for (size_t i = 0; i < outs_.size(); ++i) {
      if (!outs_[i].wide) continue;
      (outs_[i].half ? cast<float, Half> : cast<float, BFloat16>)(ctx, outs_[i].elements, wide_out[i], out[i]);
    }
  }

 private:
  struct Place {
    bool wide, half;
    int64_t elements;
    size_t offset;  // in the workspace
  };

  void place(const std::vector<TensorDesc>& arrays, std::vector<Place>& places) {
    for (const TensorDesc& d : arrays) {
      places.push_back({is_short(d), d.dtype == DType::float16, d.size(), arrays_});
      if (is_short(d)) arrays_ += (static_cast<size_t>(d.size()) * sizeof(float) + 63) / 64 * 64;
    }
  }

  std::unique_ptr<Kernel> inner_;
  std::vector<Place> ins_, outs_;
  size_t arrays_ = 0;
};

}  // namespace

std::unique_ptr<Kernel> make_widened(const KernelSpec& s, const Factory& make) {
  KernelSpec wide = s;
  wide.any_layout = false;
  for (auto* arrays : {&wide.in, &wide.out}) {
    for (TensorDesc& d : *arrays) {
      if (is_short(d)) d.dtype = DType::float32;
    }
  }
  std::unique_ptr<Kernel> inner = make(wide);
  return inner ? std::make_unique<WidenedKernel>(s, std::move(inner)) : nullptr;
}

}  // namespace paratrain
