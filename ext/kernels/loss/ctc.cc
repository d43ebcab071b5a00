#include "kernels/loss/ctc.h"

namespace paratrain {

CtcPlan plan_ctc(const Attrs& attrs, const Shape& data, const Shape& label) {
  CtcPlan p;
  p.steps = data.at(0);
  p.batch = data.at(1);
  p.classes = data.at(2);
  p.labels = label.at(1);
  p.data_lengths = attrs.flag("use_data_lengths");
  p.label_lengths = attrs.flag("use_label_lengths");
  p.blank_first = attrs.flag("blank_first");
  return p;
}

}  // namespace paratrain
