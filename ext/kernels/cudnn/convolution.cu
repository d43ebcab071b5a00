// Convolution over two or three spatial axes (one axis counts as two) and its gradients.  Only algorithms that give
// the same bits every time are taken.
#include "cuda/cuda_library.h"
#include "kernels/cudnn/common.h"
#include "kernels/cudnn/plan.h"
#include "kernels/nn/convolution.h"

namespace paratrain {
namespace cudnn {
namespace {

constexpr size_t kMaxWorkspace = size_t{1} << 30;  // bytes that an algorithm may use

std::string device_name() {
  cudaDeviceProp properties;
  PT_CUDA(cudaGetDeviceProperties(&properties, cuda::device()));
  return properties.name;
}

// The descriptors of a convolution of x (N, C, ...) with w (F, C / groups, ...) to y (N, F, ...).
struct Problem {
  Problem(const char* operation, const KernelSpec& s, const Shape& data, const Shape& result) : type(s.in[0].dtype) {
    const ConvGeometry g = conv_geometry(s.attrs, data, result);
    const size_t first = g.in[0] == 1 && g.out[0] == 1 && g.kernel[0] == 1 ? 1 : 0;  // two axes or three
    Shape x_shape{g.batch, g.channels}, w_shape{g.filters, g.group_channels()}, y_shape{g.batch, g.filters};
    Shape channel{1, g.channels}, filter{1, g.filters}, pad, stride, dilate;
    for (size_t d = first; d < 3; ++d) {
      x_shape.push_back(g.in[d]);
      w_shape.push_back(g.kernel[d]);
      y_shape.push_back(g.out[d]);
      channel.push_back(1);
      filter.push_back(1);
      pad.push_back(g.pad[d]);
      stride.push_back(g.stride[d]);
      dilate.push_back(g.dilate[d]);
    }
    describe(x, type, x_shape);
    describe(y, type, y_shape);
    describe(channel_bias, type, channel);
    describe(filter_bias, type, filter);
    PT_CUDNN(cudnnSetFilterNdDescriptor(w, type_of(type), CUDNN_TENSOR_NCHW, static_cast<int>(w_shape.size()),
                                        ints(w_shape).data()));
    const cudnnDataType_t sum = type == DType::float64 ? CUDNN_DATA_DOUBLE : CUDNN_DATA_FLOAT;
    PT_CUDNN(cudnnSetConvolutionNdDescriptor(conv, static_cast<int>(pad.size()), ints(pad).data(), ints(stride).data(),
                                             ints(dilate).data(), CUDNN_CROSS_CORRELATION, sum));
    PT_CUDNN(cudnnSetConvolutionGroupCount(conv, ints({g.groups})[0]));
    PT_CUDNN(cudnnSetConvolutionMathType(conv, math()));
    key = plan_key({operation, type, x_shape, w_shape, y_shape, pad, stride, dilate, g.groups, math(), device_name(),
                    cudnnGetVersion()});
  }
  cudnnMathType_t math() const {
    if (type == DType::float16 || type == DType::bfloat16) return CUDNN_TENSOR_OP_MATH;
    return type == DType::float32 && cuda::allow_tf32() ? CUDNN_DEFAULT_MATH : CUDNN_FMA_MATH;
  }
  DType type;
  std::string key;                         // under which the choice of an algorithm is kept
  Tensor x, y, channel_bias, filter_bias;  // biases: one value for each channel of x, of y
  Filter w;
  Convolution conv;
};

// Of cuDNN's answers, fastest first, the first that works, is deterministic and has a bearable workspace.
template <class Perf, class Ask>
PlanChoice choose(Ask ask) {
  constexpr int kMost = 16;
  Perf answers[kMost];
  int count = 0;
  ask(kMost, &count, answers);
  for (int i = 0; i < count; ++i) {
    const Perf& a = answers[i];
    if (a.status == CUDNN_STATUS_SUCCESS && a.determinism == CUDNN_DETERMINISTIC && a.memory <= kMaxWorkspace)
      return {static_cast<int>(a.algo), static_cast<int>(a.mathType)};
  }
  throw Unsupported("no deterministic algorithm for this convolution");
}

// The kept choice for a problem; else measured and kept where that is possible, and guessed where it is not: what is
// measured may come out otherwise in the next process, and other algorithms round otherwise.
template <class Perf, class Measure, class Guess>
PlanChoice plan(const std::string& key, Measure measure, Guess guess) {
  const PlanStore& store = plan_store();
  char text[64] = "";
  const int known = store.find ? store.find(key.c_str(), text, sizeof text) : -1;
  PlanChoice choice;
  if (known == 1 && parse_plan(text, choice)) return choice;
  if (known != 0) return choose<Perf>(guess);
  try {
    choice = choose<Perf>(measure);
  } catch (const std::bad_alloc&) {  // measuring takes arrays of its own
    return choose<Perf>(guess);
  }
  std::snprintf(text, sizeof text, "%s", plan_text(choice).c_str());
  store.keep(key.c_str(), text, sizeof text);
  parse_plan(text, choice);
  return choice;
}

class ConvKernel : public Kernel {
 public:
  ConvKernel(const char* operation, const KernelSpec& s, const Shape& data, const Shape& result)
      : p_(operation, s, data, result), one_(p_.type, 1), zero_(p_.type, 0) {}
  size_t workspace_bytes() const override { return workspace_; }
  std::string implementation() const override { return "cudnn:" + std::to_string(algorithm_); }

 protected:
  // What was chosen; the descriptor must say the same kind of arithmetic when the kernel runs.
  template <class Algorithm, class Ask>
  Algorithm take(const PlanChoice& choice, Ask ask_workspace) {
    PT_CUDNN(cudnnSetConvolutionMathType(p_.conv, static_cast<cudnnMathType_t>(choice.math)));
    algorithm_ = choice.algorithm;
    const Algorithm algorithm = static_cast<Algorithm>(choice.algorithm);
    ask_workspace(algorithm, &workspace_);
    return algorithm;
  }
  Problem p_;
  Factor one_, zero_;
  size_t workspace_ = 0;
  int algorithm_ = 0;
};

// (data, weight[, bias]) -> result
class Forward final : public ConvKernel {
 public:
  explicit Forward(const KernelSpec& s)
      : ConvKernel("forward", s, s.in[0].shape, s.out[0].shape), has_bias_(s.attrs.flag("has_bias")) {
    const auto handle = handles().lease();
    const PlanChoice choice = plan<cudnnConvolutionFwdAlgoPerf_t>(
        p_.key,
        [&](int most, int* count, auto* answers) {
          PT_CUDNN(cudnnFindConvolutionForwardAlgorithm(handle, p_.x, p_.w, p_.conv, p_.y, most, count, answers));
        },
        [&](int most, int* count, auto* answers) {
          PT_CUDNN(cudnnGetConvolutionForwardAlgorithm_v7(handle, p_.x, p_.w, p_.conv, p_.y, most, count, answers));
        });
    algo_ = take<cudnnConvolutionFwdAlgo_t>(choice, [&](auto algorithm, size_t* bytes) {
      PT_CUDNN(cudnnGetConvolutionForwardWorkspaceSize(handle, p_.x, p_.w, p_.conv, p_.y, algorithm, bytes));
    });
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const auto handle = handles().lease();
    use_stream(handle, ctx);
    PT_CUDNN(cudnnConvolutionForward(handle, one_, p_.x, in[0], p_.w, in[1], p_.conv, algo_, ctx.workspace, workspace_,
                                     zero_, p_.y, out[0]));
    if (has_bias_) PT_CUDNN(cudnnAddTensor(handle, one_, p_.filter_bias, in[2], one_, p_.y, out[0]));
  }

 private:
  bool has_bias_;
  cudnnConvolutionFwdAlgo_t algo_;
};

// (dY, weight[, bias]) -> dX; attribute has_bias: add a bias per channel of dX.
class DataGrad final : public ConvKernel {
 public:
  explicit DataGrad(const KernelSpec& s)
      : ConvKernel("data_grad", s, s.out[0].shape, s.in[0].shape), has_bias_(s.attrs.flag("has_bias")) {
    const auto handle = handles().lease();
    const PlanChoice choice = plan<cudnnConvolutionBwdDataAlgoPerf_t>(
        p_.key,
        [&](int most, int* count, auto* answers) {
          PT_CUDNN(cudnnFindConvolutionBackwardDataAlgorithm(handle, p_.w, p_.y, p_.conv, p_.x, most, count, answers));
        },
        [&](int most, int* count, auto* answers) {
          PT_CUDNN(
              cudnnGetConvolutionBackwardDataAlgorithm_v7(handle, p_.w, p_.y, p_.conv, p_.x, most, count, answers));
        });
    algo_ = take<cudnnConvolutionBwdDataAlgo_t>(choice, [&](auto algorithm, size_t* bytes) {
      PT_CUDNN(cudnnGetConvolutionBackwardDataWorkspaceSize(handle, p_.w, p_.y, p_.conv, p_.x, algorithm, bytes));
    });
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const auto handle = handles().lease();
    use_stream(handle, ctx);
    PT_CUDNN(cudnnConvolutionBackwardData(handle, one_, p_.w, in[1], p_.y, in[0], p_.conv, algo_, ctx.workspace,
                                          workspace_, zero_, p_.x, out[0]));
    if (has_bias_) PT_CUDNN(cudnnAddTensor(handle, one_, p_.channel_bias, in[2], one_, p_.x, out[0]));
  }

 private:
  bool has_bias_;
  cudnnConvolutionBwdDataAlgo_t algo_;
};

// (dY, data) -> dW[, db]
class WeightGrad final : public ConvKernel {
 public:
  explicit WeightGrad(const KernelSpec& s)
      : ConvKernel("weight_grad", s, s.in[1].shape, s.in[0].shape), has_bias_(s.out.size() > 1) {
    const auto handle = handles().lease();
    const PlanChoice choice = plan<cudnnConvolutionBwdFilterAlgoPerf_t>(
        p_.key,
        [&](int most, int* count, auto* answers) {
          PT_CUDNN(
              cudnnFindConvolutionBackwardFilterAlgorithm(handle, p_.x, p_.y, p_.conv, p_.w, most, count, answers));
        },
        [&](int most, int* count, auto* answers) {
          PT_CUDNN(
              cudnnGetConvolutionBackwardFilterAlgorithm_v7(handle, p_.x, p_.y, p_.conv, p_.w, most, count, answers));
        });
    algo_ = take<cudnnConvolutionBwdFilterAlgo_t>(choice, [&](auto algorithm, size_t* bytes) {
      PT_CUDNN(cudnnGetConvolutionBackwardFilterWorkspaceSize(handle, p_.x, p_.y, p_.conv, p_.w, algorithm, bytes));
    });
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const auto handle = handles().lease();
    use_stream(handle, ctx);
    PT_CUDNN(cudnnConvolutionBackwardFilter(handle, one_, p_.x, in[1], p_.y, in[0], p_.conv, algo_, ctx.workspace,
                                            workspace_, zero_, p_.w, out[0]));
    if (has_bias_) PT_CUDNN(cudnnConvolutionBackwardBias(handle, one_, p_.y, in[0], zero_, p_.filter_bias, out[1]));
  }

 private:
  bool has_bias_;
  cudnnConvolutionBwdFilterAlgo_t algo_;
};

template <class Class>
std::unique_ptr<Kernel> make_convolution(const KernelSpec& s) {
  return supports(s.in[0].dtype) ? std::make_unique<Class>(s) : nullptr;
}

}  // namespace
}  // namespace cudnn

void register_cudnn_convolution(Registry& r) {
  r.add("convolution", cudnn::guarded(cudnn::make_convolution<cudnn::Forward>));
  r.add("convolution_data_grad", cudnn::guarded(cudnn::make_convolution<cudnn::DataGrad>));
  r.add("convolution_weight_grad", cudnn::guarded(cudnn::make_convolution<cudnn::WeightGrad>));
}

}  // namespace paratrain
