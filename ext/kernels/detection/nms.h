// Non-maximum suppression: of boxes that overlap, only the best one stays.
#pragma once
#include "kernels/detection/boxes.h"

namespace paratrain {

// Boxes 0..n-1 of each image come best first; where alive[b * n + j] is 0, box j is left out from the start. Afterwards
// it is 0, too, where an earlier box that stays covers(b, i, j).  In blocks: first each block by itself, then all boxes
// behind it against those of the block that stay.
template <class Device, class Covers>
void suppress(const RunContext& ctx, int64_t batch, int64_t n, uint8_t* alive, Covers covers) {
  constexpr int64_t kBlock = 64;
  for (int64_t begin = 0; begin < n; begin += kBlock) {
    const int64_t end = begin + kBlock < n ? begin + kBlock : n, rest = n - end;
    Rows<Device>::each(ctx, batch, kBlock * kBlock * 8, [=] PT_LAMBDA(int64_t b) {
      uint8_t* own = alive + b * n;
      for (int64_t i = begin; i < end; ++i) {
        for (int64_t j = i + 1; own[i] && j < end; ++j) {
          if (own[j] && covers(b, i, j)) own[j] = 0;
        }
      }
    });
    Rows<Device>::each(ctx, batch * rest, kBlock * 4, [=] PT_LAMBDA(int64_t item) {
      const int64_t b = item / rest, j = end + item % rest;
      uint8_t* own = alive + b * n;
      for (int64_t i = begin; own[j] && i < end; ++i) {
        if (own[i] && covers(b, i, j)) own[j] = 0;
      }
    });
  }
}

struct NmsPlan {
  int64_t batch, n, width, topk, coordinates, score, id, background;  // topk < 0: all; id < 0: no classes
  double overlap, valid;
  bool force, center_in, center_out;
};

// Attributes of box_nms; data: (..., boxes, numbers of each).
NmsPlan plan_nms(const Attrs& attrs, const Shape& data);

// Whether box i of the order suppresses box j.
template <class T>
struct NmsCovers {
  using C = Compute<T>;
  const T* x;
  const int64_t* order;
  NmsPlan p;
  PT_HD bool operator()(int64_t b, int64_t i, int64_t j) const {
    const T* u = x + (b * p.n + order[b * p.n + i]) * p.width;
    const T* v = x + (b * p.n + order[b * p.n + j]) * p.width;
    if (!p.force && p.id >= 0 && static_cast<C>(u[p.id]) != static_cast<C>(v[p.id])) return false;
    const C shared = box::overlap(box::read(u + p.coordinates, p.center_in), box::read(v + p.coordinates, p.center_in));
    return shared > static_cast<C>(p.overlap);
  }
};

// data -> boxes that stay, best first, then rows of -1; for each row where it was (int32, -1 for none)
template <class Device, class T>
struct BoxNmsKernel : Kernel {
  explicit BoxNmsKernel(const KernelSpec& s) : plan(plan_nms(s.attrs, s.in[0].shape)) {
    order.outer = plan.batch;
    order.n = order.k = plan.n;
  }
  size_t workspace_bytes() const override {
    return static_cast<size_t>(plan.batch * plan.n) * (sizeof(int64_t) + sizeof(T) + sizeof(uint8_t));
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const NmsPlan p = plan;
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    int32_t* places = static_cast<int32_t*>(out[1]);
    int64_t* sorted = reinterpret_cast<int64_t*>(ctx.workspace);
    T* scores = reinterpret_cast<T*>(sorted + p.batch * p.n);
    uint8_t* alive = reinterpret_cast<uint8_t*>(scores + p.batch * p.n);
    if (p.batch * p.n == 0) return;
    if (p.topk == 0) return keep_all(ctx, x, y, places);
    Launch<Device>::map(ctx, p.batch * p.n, [=] PT_LAMBDA(int64_t i) {
      const T* row = x + i * p.width;
      const bool background = p.id >= 0 && static_cast<C>(row[p.id]) == static_cast<C>(p.background);
      const bool valid = static_cast<C>(row[p.score]) > static_cast<C>(p.valid) && !background;
      scores[i] = valid ? row[p.score] : static_cast<T>(static_cast<C>(-INFINITY));
    });
    OrderRows<Device, T>::run(ctx, order, scores, sorted);
    Launch<Device>::map(ctx, p.batch * p.n, [=] PT_LAMBDA(int64_t i) {
      const C score = static_cast<C>(scores[i / p.n * p.n + sorted[i]]);
      alive[i] = score > static_cast<C>(-INFINITY) && (p.topk < 0 || i % p.n < p.topk);
    });
    suppress<Device>(ctx, p.batch, p.n, alive, NmsCovers<T>{x, sorted, p});
    store(ctx, x, sorted, alive, y, places);
  }
  void store(const RunContext& ctx, const T* x, const int64_t* sorted, const uint8_t* alive, T* y, int32_t* places) {
    using C = Compute<T>;
    const NmsPlan p = plan;
    Rows<Device>::each(ctx, p.batch, p.n * p.width, [=] PT_LAMBDA(int64_t b) {
      int64_t to = b * p.n;
      for (int64_t i = b * p.n; i < (b + 1) * p.n; ++i) {
        if (alive[i]) places[to++] = static_cast<int32_t>(sorted[i]);
      }
      for (; to < (b + 1) * p.n; ++to) places[to] = -1;
    });
    Rows<Device>::each(ctx, p.batch * p.n, 2 * p.width, [=] PT_LAMBDA(int64_t i) {
      T* row = y + i * p.width;
      if (places[i] < 0) {
        for (int64_t k = 0; k < p.width; ++k) row[k] = static_cast<T>(C(-1));
        return;
      }
      const T* from = x + (i / p.n * p.n + places[i]) * p.width;
      for (int64_t k = 0; k < p.width; ++k) row[k] = from[k];
      if (p.center_in == p.center_out) return;
      box::write(box::read(from + p.coordinates, p.center_in), row + p.coordinates, p.center_out);
    });
  }
  void keep_all(const RunContext& ctx, const T* x, T* y, int32_t* places) {
    const NmsPlan p = plan;
    Launch<Device>::map(ctx, p.batch * p.n * p.width, [=] PT_LAMBDA(int64_t i) { y[i] = x[i]; });
    Launch<Device>::map(ctx, p.batch * p.n, [=] PT_LAMBDA(int64_t i) { places[i] = static_cast<int32_t>(i % p.n); });
  }
  NmsPlan plan;
  OrderPlan order;
};

// (dY, places) -> dX: the rows back where they came from, zeros elsewhere
template <class Device, class T>
struct BoxNmsGradKernel : Kernel {
  explicit BoxNmsGradKernel(const KernelSpec& s) : plan(plan_nms(s.attrs, s.out[0].shape)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const NmsPlan p = plan;
    const T* dy = static_cast<const T*>(in[0]);
    const int32_t* places = static_cast<const int32_t*>(in[1]);
    T* dx = static_cast<T*>(out[0]);
    Launch<Device>::map(ctx, p.batch * p.n * p.width, [=] PT_LAMBDA(int64_t i) { dx[i] = static_cast<T>(C(0)); });
    Rows<Device>::each(ctx, p.batch * p.n, 2 * p.width, [=] PT_LAMBDA(int64_t i) {
      if (places[i] < 0 || places[i] >= p.n) return;
      const T* from = dy + i * p.width;
      T* to = dx + (i / p.n * p.n + places[i]) * p.width;
      for (int64_t k = 0; k < p.width; ++k) to[k] = from[k];
      if (p.topk == 0 || p.center_in == p.center_out) return;
      for (int64_t axis = 0; axis < 2; ++axis) {
        const int64_t at = p.coordinates + axis;
        const C a = static_cast<C>(from[at]), b = static_cast<C>(from[at + 2]);
        // corners from center and size, or the other way round
        to[at] = static_cast<T>(p.center_in ? a + b : a / 2 - b);
        to[at + 2] = static_cast<T>(p.center_in ? (b - a) / 2 : a / 2 + b);
      }
    });
  }
  NmsPlan plan;
};

}  // namespace paratrain
