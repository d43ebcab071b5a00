// Single-shot detection: anchors, what to learn at each of them, and boxes from what was predicted.
#pragma once
#include "kernels/add.h"
#include "kernels/detection/nms.h"

namespace paratrain {

// data (only its height and width count) -> anchors (1, h * w * kinds, 4) of every place: one for each size (with the
// first ratio), then one for each further ratio (with the first size).  Attributes sizes, ratios, clip, step_y, step_x,
// offset_y, offset_x.
template <class Device, class T>
struct MultiBoxPriorKernel : Kernel {
  explicit MultiBoxPriorKernel(const KernelSpec& s)
      : h(s.in[0].shape.at(2)),
        w(s.in[0].shape.at(3)),
        sizes(s.attrs.reals("sizes")),
        ratios(s.attrs.reals("ratios")),
        clip(s.attrs.flag("clip")),
        step_y(s.attrs.real("step_y")),
        step_x(s.attrs.real("step_x")),
        offset_y(s.attrs.real("offset_y")),
        offset_x(s.attrs.real("offset_x")) {}
  void run(const RunContext& ctx, void* const*, void* const* out) override {
    using C = Compute<T>;
    T* y = static_cast<T*>(out[0]);
    const Numbers size = sizes, ratio = ratios;
    const int64_t rows = h, columns = w, count = sizes.count + ratios.count - 1;
    const bool bounded = clip;
    const C sy = static_cast<C>(step_y), sx = static_cast<C>(step_x), oy = static_cast<C>(offset_y),
            ox = static_cast<C>(offset_x);
    Launch<Device>::map(ctx, rows * columns * count, [=] PT_LAMBDA(int64_t i) {
      const int64_t kind = i % count, place = i / count;
      const C cy = (static_cast<C>(place / columns) + oy) * sy, cx = (static_cast<C>(place % columns) + ox) * sx;
      const C length = static_cast<C>(size.v[kind < size.count ? kind : 0]);
      const C root = std::sqrt(static_cast<C>(ratio.v[kind < size.count ? 0 : kind - size.count + 1]));
      const C half_w = length * static_cast<C>(rows) / static_cast<C>(columns) * root / 2, half_h = length / root / 2;
      const C corner[4] = {cx - half_w, cy - half_h, cx + half_w, cy + half_h};
      for (int64_t k = 0; k < 4; ++k) {
        const C v = corner[k];
        y[4 * i + k] = static_cast<T>(bounded ? (v < 0 ? C(0) : (v > 1 ? C(1) : v)) : v);
      }
    });
  }
  int64_t h, w;
  Numbers sizes, ratios;
  bool clip;
  double step_y, step_x, offset_y, offset_x;
};

struct Variances {
  double v[4];
};

struct TargetPlan {
  int64_t batch, anchors, labels, width, classes;
  double overlap, ignore, mining_ratio, mining_overlap;
  int64_t least;  // negatives
  Variances variances;
};

// Attributes of MultiBoxTarget; label (B, M, width), cls_pred (B, classes, N).
TargetPlan plan_targets(const Attrs& attrs, const Shape& label, const Shape& prediction);

namespace multibox {

// What an anchor is for.
enum Use : uint8_t { unused = 0, negative = 1, positive = 2 };

// A number that orders like the real one (NaN last).
PT_HD uint64_t sortable(double v) {
  if (v != v) return ~uint64_t{0};
  const uint64_t bits = detail::bits<uint64_t>(v);
  return bits >> 63 ? ~bits : bits | uint64_t{1} << 63;
}

template <class C>
PT_HD void encode(const box::Box<C>& a, const box::Box<C>& g, const Variances& v, C* code) {
  const C cx = (g.left + g.right) / 2 - (a.left + a.right) / 2, cy = (g.top + g.bottom) / 2 - (a.top + a.bottom) / 2;
  code[0] = cx / a.width() / static_cast<C>(v.v[0]);
  code[1] = cy / a.height() / static_cast<C>(v.v[1]);
  code[2] = std::log(g.width() / a.width()) / static_cast<C>(v.v[2]);
  code[3] = std::log(g.height() / a.height()) / static_cast<C>(v.v[3]);
}

}  // namespace multibox

// (anchors (1, N, 4), label (B, M, >= 5): class, corners; class -1 ends the list, cls_pred (B, classes, N))
// -> location targets (B, 4 N), their mask, class targets (B, N)
template <class Device, class T>
struct MultiBoxTargetKernel : Kernel {
  using C = Compute<T>;
  explicit MultiBoxTargetKernel(const KernelSpec& s) : plan(plan_targets(s.attrs, s.in[1].shape, s.in[2].shape)) {}
  // For each anchor: the label matched, the best overlap, a key to sort by, its use; for each label: its best anchor,
  // that overlap, whether it is matched; for each image: how many labels it has.
  size_t workspace_bytes() const override {
    const int64_t anchor = sizeof(int64_t) + sizeof(double) + sizeof(uint64_t) + 1;
    const int64_t label = sizeof(int64_t) + sizeof(double) + 1;
    return static_cast<size_t>(plan.batch * (plan.anchors * anchor + plan.labels * label + 8));
  }
  struct Arrays {
    int64_t *match, *best, *count;
    double *overlap, *best_overlap;
    uint64_t* key;
    uint8_t *use, *matched;
  };
  Arrays arrays(const RunContext& ctx) const {
    const int64_t n = plan.batch * plan.anchors, m = plan.batch * plan.labels;
    Arrays a;
    a.match = reinterpret_cast<int64_t*>(ctx.workspace);
    a.best = a.match + n;
    a.count = a.best + m;
    a.overlap = reinterpret_cast<double*>(a.count + plan.batch);
    a.best_overlap = a.overlap + n;
    a.key = reinterpret_cast<uint64_t*>(a.best_overlap + m);
    a.use = reinterpret_cast<uint8_t*>(a.key + n);
    a.matched = a.use + n;
    return a;
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* anchor = static_cast<const T*>(in[0]);
    const T* label = static_cast<const T*>(in[1]);
    const Arrays a = arrays(ctx);
    count_labels(ctx, label, a);
    for (int64_t round = 0; round < plan.labels; ++round) match_one(ctx, anchor, label, a);
    match_rest(ctx, anchor, label, a);
    if (plan.mining_ratio > 0) {
      mine(ctx, static_cast<const T*>(in[2]), a);
    } else {
      all_negative(ctx, a);
    }
    store(ctx, anchor, label, a, static_cast<T*>(out[0]), static_cast<T*>(out[1]), static_cast<T*>(out[2]));
  }
  PT_HD static box::Box<C> label_box(const TargetPlan& p, const T* label, int64_t b, int64_t k) {
    return box::read(label + (b * p.labels + k) * p.width + 1, false);
  }
  void count_labels(const RunContext& ctx, const T* label, const Arrays& a) {
    const TargetPlan p = plan;
    Rows<Device>::each(ctx, p.batch, p.labels + p.anchors, [=] PT_LAMBDA(int64_t b) {
      int64_t n = 0;
      while (n < p.labels && static_cast<C>(label[(b * p.labels + n) * p.width]) != C(-1)) ++n;
      a.count[b] = n;
      for (int64_t k = 0; k < p.labels; ++k) a.matched[b * p.labels + k] = 0;
      for (int64_t i = b * p.anchors; i < (b + 1) * p.anchors; ++i) {
        a.match[i] = -1;
        a.overlap[i] = -1;
        a.use[i] = multibox::unused;
      }
    });
  }
  // The pair of an unmatched label and an unmatched anchor that overlap most; of equals, the first anchor's.
  void match_one(const RunContext& ctx, const T* anchor, const T* label, const Arrays& a) {
    const TargetPlan p = plan;
    Rows<Device>::each(ctx, p.batch * p.labels, 16 * p.anchors, [=] PT_LAMBDA(int64_t item) {
      const int64_t b = item / p.labels, k = item % p.labels;
      a.best[item] = -1;
      a.best_overlap[item] = 1e-6;
      if (k >= a.count[b] || a.matched[item]) return;
      const box::Box<C> target = label_box(p, label, b, k);
      for (int64_t i = 0; i < p.anchors; ++i) {
        if (a.use[b * p.anchors + i] == multibox::positive) continue;
        const double shared = static_cast<double>(box::overlap(box::read(anchor + 4 * i, false), target));
        if (!(shared > a.best_overlap[item])) continue;
        a.best_overlap[item] = shared;
        a.best[item] = i;
      }
    });
    Rows<Device>::each(ctx, p.batch, p.labels, [=] PT_LAMBDA(int64_t b) {
      int64_t found = -1;
      for (int64_t item = b * p.labels; item < b * p.labels + a.count[b]; ++item) {
        if (a.best[item] < 0) continue;
        const bool more = found < 0 || a.best_overlap[item] > a.best_overlap[found];
        const bool first = found >= 0 && a.best_overlap[item] == a.best_overlap[found] && a.best[item] < a.best[found];
        if (more || first) found = item;
      }
      if (found < 0) return;
      const int64_t i = b * p.anchors + a.best[found];
      a.matched[found] = 1;
      a.use[i] = multibox::positive;
      a.match[i] = found - b * p.labels;
      a.overlap[i] = a.best_overlap[found];
    });
  }
  // Anchors that are left: positive where they overlap a label enough.
  void match_rest(const RunContext& ctx, const T* anchor, const T* label, const Arrays& a) {
    const TargetPlan p = plan;
    if (!(p.overlap > 0)) return;
    Rows<Device>::each(ctx, p.batch * p.anchors, 16 * p.labels, [=] PT_LAMBDA(int64_t i) {
      const int64_t b = i / p.anchors;
      if (a.use[i] == multibox::positive) return;
      const box::Box<C> own = box::read(anchor + i % p.anchors * 4, false);
      for (int64_t k = 0; k < a.count[b]; ++k) {
        const double shared = static_cast<double>(box::overlap(own, label_box(p, label, b, k)));
        if (!(shared > a.overlap[i])) continue;
        a.overlap[i] = shared;
        a.match[i] = k;
      }
      if (a.overlap[i] > static_cast<double>(static_cast<C>(p.overlap))) a.use[i] = multibox::positive;
    });
  }
  void all_negative(const RunContext& ctx, const Arrays& a) {
    const TargetPlan p = plan;
    Launch<Device>::map(ctx, p.batch * p.anchors, [=] PT_LAMBDA(int64_t i) {
      if (a.use[i] != multibox::positive && a.count[i / p.anchors] > 0) a.use[i] = multibox::negative;
    });
  }
  // Of the anchors that overlap no label much, those are negative that look least like background.
  void mine(const RunContext& ctx, const T* prediction, const Arrays& a) {
    const TargetPlan p = plan;
    Rows<Device>::each(ctx, p.batch * p.anchors, 8 * p.classes, [=] PT_LAMBDA(int64_t i) {
      const bool candidate =
          a.use[i] != multibox::positive && a.overlap[i] < static_cast<double>(static_cast<C>(p.mining_overlap));
      const T* values = prediction + i / p.anchors * p.classes * p.anchors + i % p.anchors;
      C most = p.classes > 0 ? static_cast<C>(values[0]) : C(0), sum = 0;
      for (int64_t c = 1; c < p.classes; ++c) {
        const C v = static_cast<C>(values[c * p.anchors]);
        most = v > most ? v : most;
      }
      for (int64_t c = 0; c < p.classes; ++c) sum += std::exp(static_cast<C>(values[c * p.anchors]) - most);
      const C background = p.classes > 0 ? std::exp(static_cast<C>(values[0]) - most) / sum : C(0);
      // numbers below the largest key are candidates
      const uint64_t key = multibox::sortable(static_cast<double>(background));
      a.key[i] = candidate ? (key < ~uint64_t{0} - 1 ? key : ~uint64_t{0} - 1) : ~uint64_t{0};
    });
    Rows<Device>::each(ctx, p.batch, 64 * p.anchors, [=] PT_LAMBDA(int64_t b) {
      const uint64_t* key = a.key + b * p.anchors;
      uint8_t* use = a.use + b * p.anchors;
      int64_t positives = 0, candidates = 0;
      for (int64_t i = 0; i < p.anchors; ++i) {
        positives += use[i] == multibox::positive;
        candidates += key[i] < ~uint64_t{0};
      }
      const double asked = static_cast<double>(static_cast<float>(p.mining_ratio)) * static_cast<double>(positives);
      const double room = static_cast<double>(p.anchors - positives);
      int64_t wanted = static_cast<int64_t>(asked < room ? asked : room);
      wanted = wanted < p.least ? p.least : wanted;
      wanted = wanted < candidates ? wanted : candidates;
      if (wanted <= 0 || a.count[b] == 0) return;
      // the smallest bound that `wanted` keys do not exceed, bit by bit
      uint64_t bound = 0;
      for (int bit = 63; bit >= 0; --bit) {
        const uint64_t trial = bound | ((uint64_t{1} << bit) - 1);
        int64_t below = 0;
        for (int64_t i = 0; i < p.anchors; ++i) below += key[i] <= trial;
        if (below < wanted) bound |= uint64_t{1} << bit;
      }
      int64_t taken = 0;
      for (int64_t i = 0; i < p.anchors; ++i) {
        if (key[i] >= bound) continue;
        use[i] = multibox::negative;
        ++taken;
      }
      for (int64_t i = 0; i < p.anchors && taken < wanted; ++i) {
        if (key[i] != bound) continue;
        use[i] = multibox::negative;
        ++taken;
      }
    });
  }
  void store(const RunContext& ctx, const T* anchor, const T* label, const Arrays& a, T* location, T* mask, T* target) {
    const TargetPlan p = plan;
    Rows<Device>::each(ctx, p.batch * p.anchors, 32, [=] PT_LAMBDA(int64_t i) {
      const int64_t b = i / p.anchors;
      const bool found = a.use[i] == multibox::positive;
      C code[4] = {0, 0, 0, 0}, value = a.use[i] == multibox::negative ? C(0) : static_cast<C>(p.ignore);
      if (found) {
        const T* of = label + (b * p.labels + a.match[i]) * p.width;
        value = static_cast<C>(of[0]) + 1;
        multibox::encode(box::read(anchor + i % p.anchors * 4, false), box::read(of + 1, false), p.variances, code);
      }
      target[i] = static_cast<T>(value);
      for (int64_t k = 0; k < 4; ++k) {
        location[4 * i + k] = static_cast<T>(code[k]);
        mask[4 * i + k] = static_cast<T>(found ? C(1) : C(0));
      }
    });
  }
  TargetPlan plan;
};

struct DetectionPlan {
  int64_t batch, anchors, classes, topk;
  double threshold, overlap;
  bool clip, force;
  Variances variances;
  bool suppresses() const { return overlap > 0 && overlap <= 1; }
};

// Attributes of MultiBoxDetection; probability (B, classes, N).
DetectionPlan plan_detection(const Attrs& attrs, const Shape& probability);

// Whether row i of the sorted detections suppresses row j.
template <class T>
struct DetectionCovers {
  using C = Compute<T>;
  const T* rows;  // (B, N, 6): class, score, corners
  int64_t n;
  double overlap;
  bool force;
  PT_HD bool operator()(int64_t b, int64_t i, int64_t j) const {
    const T* u = rows + (b * n + i) * 6;
    const T* v = rows + (b * n + j) * 6;
    if (!force && static_cast<C>(u[0]) != static_cast<C>(v[0])) return false;
    return box::overlap(box::read(u + 2, false), box::read(v + 2, false)) >= static_cast<C>(overlap);
  }
};

// (cls_prob (B, classes, N), loc_pred (B, 4 N), anchors (1, N, 4)) -> (B, N, 6): class (-1: none), score, corners
template <class Device, class T>
struct MultiBoxDetectionKernel : Kernel {
  using C = Compute<T>;
  explicit MultiBoxDetectionKernel(const KernelSpec& s) : plan(plan_detection(s.attrs, s.in[0].shape)) {
    order.outer = plan.batch;
    order.n = order.k = plan.anchors;
  }
  // In order of the anchors the rows, then the scores of those that count; what sorting and suppression need.
  size_t workspace_bytes() const override {
    return static_cast<size_t>(plan.batch * plan.anchors) * (2 * sizeof(int64_t) + 13 * sizeof(T) + 1) +
           static_cast<size_t>(plan.batch) * sizeof(int64_t);
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const DetectionPlan p = plan;
    const int64_t n = p.batch * p.anchors;
    if (n == 0) return;
    int64_t* sorted = reinterpret_cast<int64_t*>(ctx.workspace);
    int64_t* place = sorted + n;  // of the rows that count, among those of the image
    int64_t* found = place + n;
    T* rows = reinterpret_cast<T*>(found + p.batch);
    T* packed = rows + 6 * n;
    T* scores = packed + 6 * n;
    uint8_t* alive = reinterpret_cast<uint8_t*>(scores + n);
    T* y = static_cast<T*>(out[0]);
    decode(ctx, static_cast<const T*>(in[0]), static_cast<const T*>(in[1]), static_cast<const T*>(in[2]), rows);
    pack(ctx, rows, place, found, packed, scores);
    if (!p.suppresses()) return copy(ctx, 6 * n, packed, y);
    OrderRows<Device, T>::run(ctx, order, scores, sorted);
    sort(ctx, packed, sorted, found, y, alive);
    copy(ctx, 6 * n, y, rows);  // suppression looks at classes that the result loses
    suppress<Device>(ctx, p.batch, p.anchors, alive, DetectionCovers<T>{rows, p.anchors, p.overlap, p.force});
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) {
      if (!alive[i]) y[6 * i] = static_cast<T>(C(-1));
    });
  }
  static void copy(const RunContext& ctx, int64_t n, const T* from, T* to) {
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) { to[i] = from[i]; });
  }
  void decode(const RunContext& ctx, const T* probability, const T* location, const T* anchor, T* rows) {
    const DetectionPlan p = plan;
    Rows<Device>::each(ctx, p.batch * p.anchors, 4 * p.classes + 32, [=] PT_LAMBDA(int64_t i) {
      const int64_t b = i / p.anchors, at = i % p.anchors;
      C score = -1;
      int64_t id = 0;
      for (int64_t c = 1; c < p.classes; ++c) {
        const C v = static_cast<C>(probability[(b * p.classes + c) * p.anchors + at]);
        if (!(v > score)) continue;
        score = v;
        id = c;
      }
      if (score < static_cast<C>(p.threshold)) id = 0;
      const auto a = box::read(anchor + 4 * at, false);
      const T* code = location + 4 * i;
      const C cx = static_cast<C>(code[0]) * static_cast<C>(p.variances.v[0]) * a.width() + (a.left + a.right) / 2;
      const C cy = static_cast<C>(code[1]) * static_cast<C>(p.variances.v[1]) * a.height() + (a.top + a.bottom) / 2;
      const C w = std::exp(static_cast<C>(code[2]) * static_cast<C>(p.variances.v[2])) * a.width() / 2;
      const C h = std::exp(static_cast<C>(code[3]) * static_cast<C>(p.variances.v[3])) * a.height() / 2;
      const C corner[4] = {cx - w, cy - h, cx + w, cy + h};
      rows[6 * i] = static_cast<T>(static_cast<C>(id - 1));
      rows[6 * i + 1] = static_cast<T>(score);
      for (int64_t k = 0; k < 4; ++k) {
        const C v = corner[k];
        rows[6 * i + 2 + k] = static_cast<T>(p.clip ? (v < 0 ? C(0) : (v > 1 ? C(1) : v)) : v);
      }
    });
  }
  // Rows with a class to the front, the others -1.
  void pack(const RunContext& ctx, const T* rows, int64_t* place, int64_t* found, T* packed, T* scores) {
    const DetectionPlan p = plan;
    Rows<Device>::each(ctx, p.batch, 2 * p.anchors, [=] PT_LAMBDA(int64_t b) {
      int64_t n = 0;
      for (int64_t i = b * p.anchors; i < (b + 1) * p.anchors; ++i) {
        if (static_cast<C>(rows[6 * i]) >= 0) place[b * p.anchors + n++] = i;
      }
      found[b] = n;
    });
    Rows<Device>::each(ctx, p.batch * p.anchors, 8, [=] PT_LAMBDA(int64_t i) {
      const bool used = i % p.anchors < found[i / p.anchors];
      for (int64_t k = 0; k < 6; ++k) packed[6 * i + k] = used ? rows[6 * place[i] + k] : static_cast<T>(C(-1));
      scores[i] = used ? packed[6 * i + 1] : static_cast<T>(static_cast<C>(-INFINITY));
    });
  }
  // The best topk rows sorted; those behind them keep their places and lose their classes.
  void sort(const RunContext& ctx, const T* packed, const int64_t* sorted, const int64_t* found, T* y, uint8_t* alive) {
    const DetectionPlan p = plan;
    Rows<Device>::each(ctx, p.batch * p.anchors, 8, [=] PT_LAMBDA(int64_t i) {
      const int64_t b = i / p.anchors, at = i % p.anchors;
      const int64_t kept = p.topk > 0 && p.topk < found[b] ? p.topk : found[b];
      alive[i] = at < kept;
      const T* from = packed + 6 * (at < kept ? b * p.anchors + sorted[i] : i);
      for (int64_t k = 0; k < 6; ++k) y[6 * i + k] = from[k];
    });
  }
  DetectionPlan plan;
  OrderPlan order;
};

}  // namespace paratrain
