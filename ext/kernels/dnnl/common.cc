#include "kernels/dnnl/common.h"

#include <algorithm>
#include <numeric>

namespace paratrain {

std::string DnnlLayout::name() const {
  const auto dims = desc.get_dims();
  const auto strides = desc.get_strides();
  std::string out = "dnnl";
  for (size_t d = 0; d < dims.size(); ++d) out += (d ? "," : ":") + std::to_string(strides[d]);
  const auto blocks = desc.get_inner_blks();
  const auto axes = desc.get_inner_idxs();
  for (size_t b = 0; b < blocks.size(); ++b) {
    out += ":" + std::to_string(blocks[b]) + static_cast<char>('a' + static_cast<char>(axes[b]));
  }
  return out;
}

std::vector<int64_t> DnnlLayout::order() const {
  const auto dims = desc.get_dims(), strides = desc.get_strides();
  if (desc.get_inner_nblks() != 0) return {};
  std::vector<int64_t> axes(dims.size());
  std::iota(axes.begin(), axes.end(), 0);
  auto at = [](const auto& list, int64_t axis) { return list[static_cast<size_t>(axis)]; };
  // the stride of an axis of length 1 says nothing: such axes come first, where they are in nobody's way
  std::stable_sort(axes.begin(), axes.end(), [&](int64_t a, int64_t b) {
    if ((at(dims, a) == 1) != (at(dims, b) == 1)) return at(dims, a) == 1;
    return at(dims, a) != 1 && at(strides, a) > at(strides, b);
  });
  int64_t step = 1;
  for (size_t i = axes.size(); i-- > 0; step *= at(dims, axes[i])) {
    if (at(dims, axes[i]) != 1 && at(strides, axes[i]) != step) return {};
  }
  return axes;
}

std::shared_ptr<const Layout> DnnlLayout::with_dtype(DType dtype) const {
  if (!onednn::has_type(dtype)) return nullptr;
  return std::make_shared<DnnlLayout>(DnnlDesc(desc.get_dims(), onednn::type_of(dtype), desc.get_strides()));
}

namespace onednn {

const dnnl::engine& engine() {
  static const dnnl::engine e(dnnl::engine::kind::cpu, 0);
  return e;
}

dnnl::stream& stream() {
  thread_local dnnl::stream s(engine());
  return s;
}

bool supports(DType type) { return type == DType::float32 || type == DType::bfloat16; }

bool has_type(DType type) { return type != DType::float64 && type != DType::int64 && type != DType::bool_; }

dnnl::memory::data_type type_of(DType type) {
  using dt = dnnl::memory::data_type;
  switch (type) {
    case DType::float32: return dt::f32;
    case DType::bfloat16: return dt::bf16;
    case DType::float16: return dt::f16;
    case DType::uint8: return dt::u8;
    case DType::int8: return dt::s8;
    case DType::int32: return dt::s32;
    default: throw std::logic_error(std::string("oneDNN has no type ") + paratrain::name_of(type));
  }
}

static Shape row_major_strides(const Shape& shape) {
  Shape strides(shape.size());
  int64_t step = 1;
  for (size_t d = shape.size(); d-- > 0; step *= shape[d]) strides[d] = step;
  return strides;
}

DnnlDesc row_major(const Shape& shape, DType type) { return DnnlDesc(shape, type_of(type), row_major_strides(shape)); }

DnnlDesc channels_last(const Shape& shape, DType type) {
  Shape strides(shape.size());
  int64_t step = shape[1];
  strides[1] = 1;
  for (size_t d = shape.size(); d-- > 2;) {
    strides[d] = step;
    step *= shape[d];
  }
  strides[0] = step;
  return DnnlDesc(shape, type_of(type), strides);
}

DnnlDesc desc_of(const TensorDesc& tensor) {
  if (const auto* own = dynamic_cast<const DnnlLayout*>(tensor.layout.get())) return own->desc;
  return row_major(tensor.shape, tensor.dtype);
}

// The row-major descriptor of the same sizes.
static DnnlDesc dense(const DnnlDesc& desc) {
  return DnnlDesc(desc.get_dims(), desc.get_data_type(), row_major_strides(desc.get_dims()));
}

bool is_channels_last(const TensorDesc& tensor) {
  return tensor.layout && tensor.shape.size() > 2 && desc_of(tensor) == channels_last(tensor.shape, tensor.dtype);
}

dnnl::primitive_attr attributes() {
  dnnl::primitive_attr attr;
  attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attr;
}

dnnl::primitive_attr attributes_with(const Tail& tail, const DnnlDesc& result) {
  using dnnl::algorithm;
  dnnl::primitive_attr attr = attributes();
  dnnl::post_ops after;
  if (tail.has_addend) after.append_binary(algorithm::binary_add, result);
  const float low = static_cast<float>(tail.low), high = static_cast<float>(tail.high);
  switch (tail.act) {
    case Act::none: break;
    case Act::relu: after.append_eltwise(algorithm::eltwise_relu, 0.0f, 0.0f); break;
    case Act::clip: after.append_eltwise(algorithm::eltwise_clip, low, high); break;
    case Act::tanh: after.append_eltwise(algorithm::eltwise_tanh, 0.0f, 0.0f); break;
    case Act::sigmoid: after.append_eltwise(algorithm::eltwise_logistic, 0.0f, 0.0f); break;
  }
  attr.set_post_ops(after);
  return attr;
}

Factory guarded(std::unique_ptr<Kernel> (*factory)(const KernelSpec&)) {
  return [factory](const KernelSpec& spec) -> std::unique_ptr<Kernel> {
    for (const auto* tensors : {&spec.in, &spec.out}) {
      for (const TensorDesc& d : *tensors) {
        if (d.size() == 0) return nullptr;
      }
    }
    try {
      return factory(spec);
    } catch (const dnnl::error& e) {
      if (e.status == dnnl_out_of_memory) throw std::bad_alloc();
      return nullptr;
    }
  };
}

PrimitiveKernel::PrimitiveKernel(const KernelSpec& spec)
    : any_layout_(spec.any_layout), in_count_(spec.in.size()), out_count_(spec.out.size()) {}

size_t PrimitiveKernel::reserve(size_t bytes) {
  const size_t offset = workspace_;
  workspace_ += (bytes + 63) / 64 * 64;
  return offset;
}

size_t PrimitiveKernel::scratch(int arg, const DnnlDesc& desc) {
  dnnl::memory memory(desc, engine(), nullptr);
  args_[arg] = memory;
  scratch_.push_back({memory, reserve(desc.get_size())});
  return scratch_.back().offset;
}

PrimitiveKernel::Port PrimitiveKernel::port(int arg, size_t index, const DnnlDesc& outer, const DnnlDesc& inner,
                                            bool negotiable, bool incoming) {
  Port p{index, {}, dnnl::memory(inner, engine(), nullptr), false, false, 0, {}};
  args_[arg] = p.inner;
  if (any_layout_ && negotiable) {
    p.announced = inner != dense(inner);
    return p;
  }
  if (outer == inner) return p;
  p.reordered = true;
  p.outer = dnnl::memory(outer, engine(), nullptr);
  p.offset = reserve(inner.get_size());
  p.reorder = incoming ? dnnl::reorder(p.outer, p.inner) : dnnl::reorder(p.inner, p.outer);
  return p;
}

void PrimitiveKernel::input(int arg, size_t index, const DnnlDesc& outer, const DnnlDesc& inner, bool negotiable) {
  inputs_.push_back(port(arg, index, outer, inner, negotiable, true));
}

void PrimitiveKernel::output(int arg, size_t index, const DnnlDesc& outer, const DnnlDesc& inner, bool negotiable) {
  outputs_.push_back(port(arg, index, outer, inner, negotiable, false));
}

std::vector<std::shared_ptr<const Layout>> PrimitiveKernel::layouts(const std::vector<Port>& ports, size_t count) {
  std::vector<std::shared_ptr<const Layout>> out(count);
  for (const Port& p : ports) {
    if (p.announced) out[p.index] = std::make_shared<DnnlLayout>(p.inner.get_desc());
  }
  return out;
}

void PrimitiveKernel::run(const RunContext& ctx, void* const* in, void* const* out) {
  std::lock_guard<std::mutex> hold(lock_);
  dnnl::stream& s = stream();
  for (Scratch& t : scratch_) t.memory.set_data_handle(ctx.workspace + t.offset);
  for (Port& p : inputs_) {
    if (p.reordered) {
      p.outer.set_data_handle(in[p.index]);
      p.inner.set_data_handle(ctx.workspace + p.offset);
      p.reorder.execute(s, p.outer, p.inner);
    } else {
      p.inner.set_data_handle(in[p.index]);
    }
  }
  for (Port& p : outputs_) {
    p.inner.set_data_handle(p.reordered ? ctx.workspace + p.offset : out[p.index]);
    if (p.reordered) p.outer.set_data_handle(out[p.index]);
  }
  before(ctx.workspace, in, out);
  compute(ctx);
  after(ctx.workspace, in, out);
  for (Port& p : outputs_) {
    if (p.reordered) p.reorder.execute(s, p.inner, p.outer);
  }
}

}  // namespace onednn
}  // namespace paratrain
