#include "kernels/loss/output.h"

namespace paratrain {

SoftmaxOutputPlan plan_softmax_output(const KernelSpec& s) {
  SoftmaxOutputPlan plan;
  const Shape& view = s.attrs.ints("view");
  plan.view.outer = view.at(0);
  plan.view.n = view.at(1);
  plan.view.inner = view.at(2);
  plan.grad_scale = s.attrs.real("grad_scale");
  plan.smooth_alpha = s.attrs.real("smooth_alpha");
  plan.ignore_label = s.attrs.real("ignore_label");
  plan.use_ignore = s.attrs.flag("use_ignore");
  plan.out_grad = s.attrs.flag("out_grad");
  plan.divisor = s.attrs.real("divisor");
  plan.label_type = s.in[1].dtype;
  const std::string& how = s.attrs.text("normalization");
  plan.normalization = how == "batch"   ? Normalization::batch
                       : how == "valid" ? Normalization::valid
                                        : Normalization::null;
  // of labels (N, ...) for rows (N, everything else), the first N count
  const int64_t size = count(view), labels = plan.view.outer * plan.view.inner;
  plan.probabilities = s.in[1].size() == size && size != labels;
  if (plan.probabilities && s.in[1].dtype != s.in[0].dtype) {
    throw std::invalid_argument("labels that are probabilities must have the dtype of data");
  }
  if (size != s.out[0].size() || (!plan.probabilities && s.in[1].size() < labels)) {
    throw std::logic_error("SoftmaxOutput: the view does not fit data and label");
  }
  return plan;
}

}  // namespace paratrain
