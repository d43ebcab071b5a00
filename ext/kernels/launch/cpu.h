// The loops on the CPU: blocks for OpenMP or for a Team, plain inner loops that the compiler turns into SIMD.
// Work is cut by size, never by thread count, so results do not depend on the number of threads.
#pragma once
#include <omp.h>

#include <algorithm>
#include <memory>

#include "kernels/launch/launch.h"

namespace paratrain {

// Below this many elements starting threads costs more than it saves.
constexpr int64_t kSerial = 16384;
// Elements a thread of a Team takes at a time.
constexpr int64_t kGrain = 4096;
constexpr int64_t kReduceChunk = 32768;
constexpr int64_t kLanes = 16;

// What cuts a loop and spreads it over threads is compiled once (spread_cpu.cc).  It is given the loop as a function
// and what it captures, so that of each loop, too, there is only one copy.
using Span = void (*)(const void* loop, int64_t begin, int64_t end);
void spread(const RunContext& ctx, int64_t n, Span span, const void* loop);
void spread_items(const RunContext& ctx, int64_t n, int64_t work_per_item, Span span, const void* loop);

template <>
struct Launch<Cpu> {
  template <class F>
  static void map(const RunContext& ctx, int64_t n, const F& f) {
    spread(ctx, n, run<F>, &f);
  }

  // f(begin, end): neighbouring elements together.
  template <class F>
  static void pieces(const RunContext& ctx, int64_t n, const F& f) {
    spread(
        ctx, n, [](const void* loop, int64_t begin, int64_t end) { (*static_cast<const F*>(loop))(begin, end); }, &f);
  }

  // For few heavy items (rows, images): each item is worth a thread.
  template <class F>
  static void each(const RunContext& ctx, int64_t n, int64_t work_per_item, const F& f) {
    spread_items(ctx, n, work_per_item, run_items<F>, &f);
  }

  template <class F>
  static void broadcast(const RunContext& ctx, const BroadcastPlan& p, const F& f) {
    if (p.ndim <= 1) {
      const int64_t sa = p.ndim ? p.stride_a[0] : 0, sb = p.ndim ? p.stride_b[0] : 0;
      if (sa == 1 && sb == 1) return map(ctx, p.size, [=](int64_t i) { f(i, i, i); });
      if (sa == 1) return map(ctx, p.size, [=](int64_t i) { f(i, i, 0); });
      return map(ctx, p.size, [=](int64_t i) { f(i, 0, i * sb); });
    }
    const int last = p.ndim - 1;
    const int64_t inner = p.shape[last], outer = inner ? p.size / inner : 0;
    const int64_t sa = p.stride_a[last], sb = p.stride_b[last];
    each(ctx, outer, inner, [&p, f, last, inner, sa, sb](int64_t row) {
      const int64_t a = offset_of(row, last, p.shape, p.stride_a), b = offset_of(row, last, p.shape, p.stride_b);
      const int64_t i = row * inner;
      if (sa && sb) {
#pragma GCC ivdep
        for (int64_t k = 0; k < inner; ++k) f(i + k, a + k, b + k);
      } else if (sa) {
#pragma GCC ivdep
        for (int64_t k = 0; k < inner; ++k) f(i + k, a + k, b);
      } else {
#pragma GCC ivdep
        for (int64_t k = 0; k < inner; ++k) f(i + k, a, b + k);
      }
    });
  }

  template <class Acc, class Load, class Combine, class Store>
  static void reduce(const RunContext& ctx, const ReducePlan& p, Acc init, Load load, Combine combine, Store store) {
    if (p.last_kept) return reduce_columns(ctx, p, init, load, combine, store);
    // one long row is cut, and the parts combined in their order
    const bool cut = p.outputs == 1 && p.length > kReduceChunk;
    const int64_t parts = cut ? (p.length + kReduceChunk - 1) / kReduceChunk : 1;
    const int64_t run = cut ? kReduceChunk : p.length;
    // new[], not std::vector: Acc may be bool
    std::unique_ptr<Acc[]> partial(cut ? new Acc[static_cast<size_t>(parts)] : nullptr);
    Acc* const totals = partial.get();
    each(ctx, p.outputs * parts, run, [=, &p](int64_t item) {
      const int64_t o = totals ? 0 : item, begin = totals ? item * run : 0, end = std::min(begin + run, p.length);
      const int64_t base = offset_of(o, p.kept, p.kept_shape, p.kept_stride);
      const Acc total = row_total(p, base, begin, end, init, load, combine);
      if (totals) {
        totals[item] = total;
      } else {
        store(o, total);
      }
    });
    if (!cut) return;
    Acc total = init;
    for (int64_t c = 0; c < parts; ++c) total = combine(total, totals[c]);
    store(0, total);
  }

 private:
  // The only place that calls an item, so that it is inlined here.  It works on a copy: loops are not vectorised where
  // what they capture lies behind a pointer.
  template <class F>
  static void run_items(const void* loop, int64_t begin, int64_t end) {
    const F f = *static_cast<const F*>(loop);
    for (int64_t i = begin; i < end; ++i) f(i);
  }

  // With everything inlined, for a call in the loop would keep it from being vectorised.
  template <class F>
  __attribute__((flatten)) static void run(const void* loop, int64_t begin, int64_t end) {
    const F f = *static_cast<const F*>(loop);
#pragma GCC ivdep
    for (int64_t i = begin; i < end; ++i) f(i);
  }

  // Elements [begin, end) of one row, in kLanes interleaved partial results (so that the loop vectorises).
  template <class Acc, class Load, class Combine>
  static Acc row_total(const ReducePlan& p, int64_t base, int64_t begin, int64_t end, Acc init, Load load,
                       Combine combine) {
    Acc lanes[kLanes];
    std::fill(lanes, lanes + kLanes, init);
    const int last = p.reduced - 1;
    const int64_t run = p.reduced ? p.reduced_shape[last] : 1;
    for (int64_t k = begin; k < end;) {
      const int64_t in_run = k % run, n = std::min(run - in_run, end - k);
      const int64_t at = base + offset_of(k - in_run, p.reduced, p.reduced_shape, p.reduced_stride) + in_run;
      int64_t j = 0;
      for (; j + kLanes <= n; j += kLanes) {
#pragma GCC unroll 1  // comparisons become SIMD as a loop only
        for (int64_t l = 0; l < kLanes; ++l) lanes[l] = combine(lanes[l], load(at + j + l));
      }
      for (int64_t l = 0; j < n; ++j, ++l) lanes[l] = combine(lanes[l], load(at + j));
      k += n;
    }
    for (int64_t half = kLanes / 2; half > 0; half /= 2) {
      for (int64_t l = 0; l < half; ++l) lanes[l] = combine(lanes[l], lanes[l + half]);
    }
    return lanes[0];
  }

  // The innermost axis survives: walk memory in order, a block of columns at a time.  Where blocks are few, long
  // columns are cut, too, and the parts combined in their order.
  template <class Acc, class Load, class Combine, class Store>
  static void reduce_columns(const RunContext& ctx, const ReducePlan& p, Acc init, Load load, Combine combine,
                             Store store) {
    constexpr int64_t kBlock = 1024, kParts = 16;
    const int64_t inner = p.kept_shape[p.kept - 1], rows = inner ? p.outputs / inner : 0;
    const int64_t blocks = (inner + kBlock - 1) / kBlock, width = std::min(inner, kBlock);
    const int64_t items = rows * blocks;
    const int64_t parts = items >= kParts ? 1 : std::clamp<int64_t>(p.length * width / kReduceChunk, 1, kParts);
    std::unique_ptr<Acc[]> partial(parts > 1 ? new Acc[static_cast<size_t>(items * parts * width)] : nullptr);
    Acc* const totals = partial.get();
    each(ctx, items * parts, p.length * width / parts, [=, &p](int64_t i) {
      const int64_t item = i / parts, part = i % parts;
      const int64_t row = item / blocks, first = item % blocks * kBlock, n = std::min(kBlock, inner - first);
      const int64_t base = offset_of(row, p.kept - 1, p.kept_shape, p.kept_stride) + first;
      Acc acc[kBlock];
      std::fill(acc, acc + n, init);
      for (int64_t k = part * p.length / parts; k < (part + 1) * p.length / parts; ++k) {
        const int64_t at = base + offset_of(k, p.reduced, p.reduced_shape, p.reduced_stride);
        for (int64_t j = 0; j < n; ++j) acc[j] = combine(acc[j], load(at + j));
      }
      if (totals) {
        std::copy(acc, acc + n, totals + i * width);
      } else {
        for (int64_t j = 0; j < n; ++j) store(row * inner + first + j, acc[j]);
      }
    });
    for (int64_t item = 0; totals && item < items; ++item) {
      Acc* total = totals + item * parts * width;
      const int64_t first = item % blocks * kBlock, n = std::min(kBlock, inner - first);
      for (int64_t k = 1; k < parts; ++k) {
        for (int64_t j = 0; j < n; ++j) total[j] = combine(total[j], total[k * width + j]);
      }
      for (int64_t j = 0; j < n; ++j) store(item / blocks * inner + first + j, total[j]);
    }
  }
};

}  // namespace paratrain
