#include <stdexcept>

#include "kernels/detection/multibox.h"
#include "kernels/detection/proposal.h"

namespace paratrain {
namespace {

Variances variances_of(const Attrs& attrs) {
  return {{attrs.real("variance0"), attrs.real("variance1"), attrs.real("variance2"), attrs.real("variance3")}};
}

}  // namespace

NmsPlan plan_nms(const Attrs& attrs, const Shape& data) {
  NmsPlan p;
  p.n = data.at(data.size() - 2);
  p.width = data.back();
  p.batch = 1;
  for (size_t d = 0; d + 2 < data.size(); ++d) p.batch *= data[d];
  if (p.n > INT32_MAX) throw std::invalid_argument("there are too many boxes");
  p.topk = attrs.integer("topk");
  p.coordinates = attrs.integer("coord_start");
  p.score = attrs.integer("score_index");
  p.id = attrs.integer("id_index");
  p.background = attrs.integer("background_id");
  p.overlap = attrs.real("overlap_thresh");
  p.valid = attrs.real("valid_thresh");
  p.force = attrs.flag("force_suppress");
  p.center_in = attrs.flag("center_in");
  p.center_out = attrs.flag("center_out");
  return p;
}

TargetPlan plan_targets(const Attrs& attrs, const Shape& label, const Shape& prediction) {
  TargetPlan p;
  p.batch = label.at(0);
  p.labels = label.at(1);
  p.width = label.at(2);
  p.classes = prediction.at(1);
  p.anchors = prediction.at(2);
  p.overlap = attrs.real("overlap_threshold");
  p.ignore = attrs.real("ignore_label");
  p.mining_ratio = attrs.real("negative_mining_ratio");
  p.mining_overlap = attrs.real("negative_mining_thresh");
  p.least = attrs.integer("minimum_negative_samples");
  p.variances = variances_of(attrs);
  return p;
}

DetectionPlan plan_detection(const Attrs& attrs, const Shape& probability) {
  DetectionPlan p;
  p.batch = probability.at(0);
  p.classes = probability.at(1);
  p.anchors = probability.at(2);
  p.topk = attrs.integer("nms_topk");
  p.threshold = attrs.real("threshold");
  p.overlap = attrs.real("nms_threshold");
  p.clip = attrs.flag("clip");
  p.force = attrs.flag("force_suppress");
  p.variances = variances_of(attrs);
  return p;
}

ProposalPlan plan_proposals(const Attrs& attrs, const Shape& prediction) {
  ProposalPlan p;
  p.batch = prediction.at(0);
  p.kinds = prediction.at(1) / 4;
  p.h = prediction.at(2);
  p.w = prediction.at(3);
  p.before = attrs.integer("before");
  p.after = attrs.integer("after");
  p.kept = attrs.integer("rpn_post_nms_top_n");
  p.stride = attrs.integer("feature_stride");
  p.least = attrs.integer("rpn_min_size");
  p.overlap = attrs.real("threshold");
  p.iou_loss = attrs.flag("iou_loss");
  return p;
}

}  // namespace paratrain
