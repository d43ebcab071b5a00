// Region proposals: the anchors that most likely hold an object, moved and sized as predicted, the best of those that
// overlap.
#pragma once
#include "kernels/add.h"
#include "kernels/detection/nms.h"

namespace paratrain {

struct ProposalPlan {
  int64_t batch, kinds, h, w;   // kinds of anchors
  int64_t before, after, kept;  // boxes before and after suppression, rows of the result for each image
  int64_t stride, least;
  double overlap;
  bool iou_loss;
  PT_HD int64_t anchors() const { return kinds * h * w; }
};

// Attributes of Proposal; bbox_pred (B, 4 kinds, H, W).
ProposalPlan plan_proposals(const Attrs& attrs, const Shape& prediction);

template <class T>
struct ProposalCovers {
  using C = Compute<T>;
  const T* boxes;  // (B, anchors, 4)
  const int64_t* order;
  int64_t anchors, n;
  double overlap;
  PT_HD bool operator()(int64_t b, int64_t i, int64_t j) const {
    const T* first = boxes + b * anchors * 4;
    const auto u = box::read(first + order[b * n + i] * 4, false), v = box::read(first + order[b * n + j] * 4, false);
    return box::overlap(u, v, C(1)) > static_cast<C>(overlap);
  }
};

// (cls_prob (B, 2 kinds, H, W), bbox_pred (B, 4 kinds, H, W), im_info (B, 3): height, width, scale)
// -> (B rows, 5): image, corners; scores (B rows, 1).  Attributes scales and ratios: those of the anchors.
template <class Device, class T>
struct ProposalKernel : Kernel {
  using C = Compute<T>;
  explicit ProposalKernel(const KernelSpec& s)
      : plan(plan_proposals(s.attrs, s.in[1].shape)), scales(s.attrs.reals("scales")), ratios(s.attrs.reals("ratios")) {
    order.outer = plan.batch;
    order.n = plan.anchors();
    order.k = plan.before;
  }
  size_t workspace_bytes() const override {
    const int64_t n = plan.batch * plan.anchors(), k = plan.batch * plan.before;
    return static_cast<size_t>(k + plan.batch * plan.kept + plan.batch) * sizeof(int64_t) +
           static_cast<size_t>(n) * 5 * sizeof(T) + static_cast<size_t>(k);
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const ProposalPlan p = plan;
    int64_t* sorted = reinterpret_cast<int64_t*>(ctx.workspace);
    int64_t* stays = sorted + p.batch * p.before;
    int64_t* found = stays + p.batch * p.kept;
    T* boxes = reinterpret_cast<T*>(found + p.batch);
    T* score = boxes + 4 * p.batch * p.anchors();
    uint8_t* alive = reinterpret_cast<uint8_t*>(score + p.batch * p.anchors());
    decode(ctx, static_cast<const T*>(in[0]), static_cast<const T*>(in[1]), static_cast<const T*>(in[2]), boxes, score);
    if (p.batch * p.before > 0) OrderRows<Device, T>::run(ctx, order, score, sorted);
    Launch<Device>::map(ctx, p.batch * p.before, [=] PT_LAMBDA(int64_t i) { alive[i] = 1; });
    suppress<Device>(ctx, p.batch, p.before, alive, ProposalCovers<T>{boxes, sorted, p.anchors(), p.before, p.overlap});
    collect(ctx, sorted, alive, stays, found);
    store(ctx, boxes, score, stays, found, static_cast<T*>(out[0]), static_cast<T*>(out[1]));
  }
  // Anchor around the first place: of the area of a place (but for rounding) and a ratio, then scaled.
  PT_HD static box::Box<C> anchor_of(C stride, C ratio, C scale) {
    const C w = std::floor(std::sqrt(std::floor(stride * stride / ratio)) + C(0.5));
    const C h = std::floor(w * ratio + C(0.5)), center = (stride - 1) / 2;
    const C half_w = (w * scale - 1) / 2, half_h = (h * scale - 1) / 2;
    return {center - half_w, center - half_h, center + half_w, center + half_h};
  }
  void decode(const RunContext& ctx, const T* probability, const T* prediction, const T* info, T* boxes, T* scores) {
    const ProposalPlan p = plan;
    const Numbers scale = scales, ratio = ratios;
    const int64_t size = p.h * p.w;
    Rows<Device>::each(ctx, p.batch * p.anchors(), 64, [=] PT_LAMBDA(int64_t i) {
      // the kinds of anchors are innermost
      const int64_t kind = i % p.kinds, column = i / p.kinds % p.w, row = i / (p.kinds * p.w) % p.h;
      const int64_t b = i / p.anchors(), place = row * p.w + column;
      const C height = static_cast<C>(info[3 * b]), width = static_cast<C>(info[3 * b + 1]);
      const C right = static_cast<C>(column * p.stride), down = static_cast<C>(row * p.stride);
      const C stride = static_cast<C>(p.stride);
      const box::Box<C> first =
          anchor_of(stride, static_cast<C>(ratio.v[kind / scale.count]), static_cast<C>(scale.v[kind % scale.count]));
      const box::Box<C> a{first.left + right, first.top + down, first.right + right, first.bottom + down};
      C code[4];
      for (int64_t k = 0; k < 4; ++k) {
        code[k] = static_cast<C>(prediction[((b * p.kinds + kind) * 4 + k) * size + place]);
      }
      box::Box<C> r;
      if (p.iou_loss) {
        r = {a.left + code[0], a.top + code[1], a.right + code[2], a.bottom + code[3]};
      } else {
        const C w = a.width() + 1, h = a.height() + 1;
        const C cx = code[0] * w + a.left + (w - 1) / 2, cy = code[1] * h + a.top + (h - 1) / 2;
        const C half_w = (std::exp(code[2]) * w - 1) / 2, half_h = (std::exp(code[3]) * h - 1) / 2;
        r = {cx - half_w, cy - half_h, cx + half_w, cy + half_h};
      }
      r = {inside(r.left, width), inside(r.top, height), inside(r.right, width), inside(r.bottom, height)};
      C score = static_cast<C>(probability[((b * 2 + 1) * p.kinds + kind) * size + place]);
      // places of the map beyond the image
      if (static_cast<C>(row) >= std::floor(height / stride) || static_cast<C>(column) >= std::floor(width / stride)) {
        score = -1;
      }
      const C least = static_cast<C>(p.least) * static_cast<C>(info[3 * b + 2]);
      if (r.width() + 1 < least || r.height() + 1 < least) {
        r = {r.left - least / 2, r.top - least / 2, r.right + least / 2, r.bottom + least / 2};
        score = -1;
      }
      box::write(r, boxes + 4 * i, false);
      scores[i] = static_cast<T>(score);
    });
  }
  PT_HD static C inside(C v, C size) {
    const C bounded = v < size - 1 ? v : size - 1;
    return bounded > 0 ? bounded : C(0);
  }
  void collect(const RunContext& ctx, const int64_t* sorted, const uint8_t* alive, int64_t* stays, int64_t* found) {
    const ProposalPlan p = plan;
    Rows<Device>::each(ctx, p.batch, p.before, [=] PT_LAMBDA(int64_t b) {
      int64_t n = 0;
      for (int64_t i = 0; i < p.before && n < p.after; ++i) {
        if (alive[b * p.before + i]) stays[b * p.kept + n++] = sorted[b * p.before + i];
      }
      found[b] = n;
    });
  }
  // Where fewer boxes stay than rows are wanted, they are repeated.
  void store(const RunContext& ctx, const T* boxes, const T* scores, const int64_t* stays, const int64_t* found, T* y,
             T* score) {
    const ProposalPlan p = plan;
    Rows<Device>::each(ctx, p.batch * p.kept, 8, [=] PT_LAMBDA(int64_t i) {
      const int64_t b = i / p.kept, n = found[b];
      y[5 * i] = static_cast<T>(static_cast<C>(b));
      for (int64_t k = 0; k < 4; ++k) y[5 * i + 1 + k] = static_cast<T>(C(0));
      score[i] = static_cast<T>(C(0));
      if (n == 0) return;
      const int64_t at = b * p.anchors() + stays[b * p.kept + i % p.kept % n];
      for (int64_t k = 0; k < 4; ++k) y[5 * i + 1 + k] = boxes[4 * at + k];
      score[i] = scores[at];
    });
  }
  ProposalPlan plan;
  Numbers scales, ratios;
  OrderPlan order;
};

}  // namespace paratrain
