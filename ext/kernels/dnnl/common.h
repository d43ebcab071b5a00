// What every kernel made of a oneDNN primitive shares: descriptors, layouts, reorders at the border, one run().
#pragma once
#include <dnnl.hpp>

#include <mutex>
#include <unordered_map>

#include "kernels/families.h"
#include "kernels/nn/tail.h"

namespace paratrain {

using DnnlDesc = dnnl::memory::desc;

// A memory descriptor of oneDNN as the layout of a tensor.
struct DnnlLayout final : Layout {
  explicit DnnlLayout(DnnlDesc d) : desc(std::move(d)) {}
  int64_t bytes() const override { return static_cast<int64_t>(desc.get_size()); }
  bool equals(const Layout& other) const override {
    const auto* o = dynamic_cast<const DnnlLayout*>(&other);
    return o != nullptr && o->desc == desc;
  }
  std::string name() const override;
  std::vector<int64_t> order() const override;
  std::shared_ptr<const Layout> with_dtype(DType dtype) const override;
  DnnlDesc desc;
};

namespace onednn {

const dnnl::engine& engine();
dnnl::stream& stream();

// Whether oneDNN computes with this type here.
bool supports(DType type);
// Whether it has a name for this type, and which.
bool has_type(DType type);
dnnl::memory::data_type type_of(DType type);

// Row by row; and with the channels (axis 1) innermost.
DnnlDesc row_major(const Shape& shape, DType type);
DnnlDesc channels_last(const Shape& shape, DType type);
// The layout a tensor has.
DnnlDesc desc_of(const TensorDesc& tensor);
bool is_channels_last(const TensorDesc& tensor);
// Attributes of every primitive: scratch memory is ours.
dnnl::primitive_attr attributes();
// With what follows: an addend that lies as the result, an activation.
dnnl::primitive_attr attributes_with(const Tail& tail, const DnnlDesc& result);

// Whether this is one of oneDNN's slow reference implementations.
template <class PrimitiveDesc>
bool is_reference(const PrimitiveDesc& pd) {
  const std::string name = pd.impl_info_str();
  return name.rfind("ref", 0) == 0 || name.find(":ref") != std::string::npos;
}

// A kernel of one primitive.  Where an array does not lie as the primitive wants it, it is reordered through the
// workspace, unless layouts are negotiated: then the kernel announces what it wants.
class PrimitiveKernel : public Kernel {
 public:
  explicit PrimitiveKernel(const KernelSpec& spec);
  void run(const RunContext& ctx, void* const* in, void* const* out) override;
  size_t workspace_bytes() const override { return workspace_; }
  std::vector<std::shared_ptr<const Layout>> in_layouts() const override { return layouts(inputs_, in_count_); }
  std::vector<std::shared_ptr<const Layout>> out_layouts() const override { return layouts(outputs_, out_count_); }
  bool uses_openmp() const override { return true; }
  std::string implementation() const override { return "dnnl:" + implementation_; }

 protected:
  // Array `index` is argument `arg` of the primitive, which wants it as `inner`; outside it lies as `outer`.
  // `negotiable`: announce `inner` when layouts are negotiated (activations; not weights).
  void input(int arg, size_t index, const DnnlDesc& outer, const DnnlDesc& inner, bool negotiable);
  void output(int arg, size_t index, const DnnlDesc& outer, const DnnlDesc& inner, bool negotiable);
  // An argument in the workspace, filled or read by the derived kernel; returns its offset.
  size_t scratch(int arg, const DnnlDesc& desc);
  size_t reserve(size_t bytes);
  // The memory the primitive works on during a run.
  const dnnl::memory& argument(int arg) const { return args_.at(arg); }
  template <class PrimitiveDesc>
  void primitive(const dnnl::primitive& p, const PrimitiveDesc& pd) {
    primitive_ = p;
    implementation_ = pd.impl_info_str();
    const DnnlDesc pad = pd.scratchpad_desc();
    if (pad.get_size() > 0) scratch(DNNL_ARG_SCRATCHPAD, pad);
  }
  // What runs between the reorders: the primitive, or code of the derived kernel on data_of(arguments).
  virtual void compute(const RunContext&) { primitive_.execute(stream(), args_); }
  void* data_of(int arg) const { return args_.at(arg).get_data_handle(); }
  // Hooks of derived kernels, run under the lock before and after that.
  virtual void before(char*, void* const*, void* const*) {}
  virtual void after(char*, void* const*, void* const*) {}

 private:
  struct Port {
    size_t index;
    dnnl::memory outer, inner;
    bool reordered, announced;
    size_t offset;  // of the reordered copy
    dnnl::reorder reorder;
  };
  struct Scratch {
    dnnl::memory memory;
    size_t offset;
  };
  Port port(int arg, size_t index, const DnnlDesc& outer, const DnnlDesc& inner, bool negotiable, bool incoming);
  static std::vector<std::shared_ptr<const Layout>> layouts(const std::vector<Port>& ports, size_t count);

  bool any_layout_;
  size_t in_count_, out_count_;
  std::vector<Port> inputs_, outputs_;
  std::vector<Scratch> scratch_;
  std::unordered_map<int, dnnl::memory> args_;
  dnnl::primitive primitive_;
  std::string implementation_;
  size_t workspace_ = 0;
  std::mutex lock_;  // the memory objects hold the pointers of the current run
};

// A factory that gives no kernel for empty arrays and where oneDNN has no primitive: the plain kernel serves then.
Factory guarded(std::unique_ptr<Kernel> (*factory)(const KernelSpec&));

void register_convolution(Registry& r);
void register_winograd(Registry& r);
void register_depthwise(Registry& r);
void register_matmul(Registry& r);
void register_dot(Registry& r);
void register_pooling(Registry& r);
void register_max_pool(Registry& r);
void register_batch_norm(Registry& r);
void register_layer_norm(Registry& r);
void register_reorder(Registry& r);

}  // namespace onednn
}  // namespace paratrain
