// The loops on the CPU: blocks for OpenMP or for a Team, plain inner loops that the compiler turns into SIMD.
// Work is cut by size, never by thread count, so results do not depend on the number of threads.
#pragma once
#include <omp.h>

#include <algorithm>

#include "core/team.h"
#include "kernels/launch/launch.h"

namespace paratrain {

// Below this many elements starting threads costs more than it saves.
constexpr int64_t kSerial = 16384;
// Elements a thread of a Team takes at a time.
constexpr int64_t kGrain = 4096;
constexpr int64_t kReduceChunk = 32768;
constexpr int64_t kLanes = 16;

template <>
struct Launch<Cpu> {
  template <class F>
  static void map(const RunContext& ctx, int64_t n, F f) {
    pieces(ctx, n, [f](int64_t begin, int64_t end) { run(begin, end, f); });
  }

  // f(begin, end): neighbouring elements together.
  template <class F>
  static void pieces(const RunContext& ctx, int64_t n, F f) {
    if (n < kSerial) return f(0, n);
    const auto piece = [n, f](int64_t i) { f(i * kGrain, std::min(n, (i + 1) * kGrain)); };
    const int64_t count = (n + kGrain - 1) / kGrain;
    if (ctx.team) return ctx.team->each(count, piece);
#pragma omp parallel for schedule(static)
    for (int64_t i = 0; i < count; ++i) piece(i);
  }

  // For few heavy items (rows, images): each item is worth a thread.
  template <class F>
  static void each(const RunContext& ctx, int64_t n, int64_t work_per_item, F f) {
    if (ctx.team && n > 1 && n * work_per_item >= kSerial) {
      const int64_t together = std::max<int64_t>(1, kGrain / work_per_item);  // small items are taken in groups
      return ctx.team->each((n + together - 1) / together, [=](int64_t group) {
        run_items(group * together, std::min(n, (group + 1) * together), f);
      });
    }
    // an OpenMP region costs something even with one thread
    if (n <= 1 || n * work_per_item < kSerial) return run_items(0, n, f);
#pragma omp parallel
    {
      const int64_t threads = omp_get_num_threads(), thread = omp_get_thread_num();
      run_items(thread * n / threads, (thread + 1) * n / threads, f);
    }
  }

  template <class F>
  static void broadcast(const RunContext& ctx, const BroadcastPlan& p, F f) {
    if (p.ndim <= 1) {
      const int64_t sa = p.ndim ? p.stride_a[0] : 0, sb = p.ndim ? p.stride_b[0] : 0;
      if (sa == 1 && sb == 1) return map(ctx, p.size, [=](int64_t i) { f(i, i, i); });
      if (sa == 1) return map(ctx, p.size, [=](int64_t i) { f(i, i, 0); });
      return map(ctx, p.size, [=](int64_t i) { f(i, 0, i * sb); });
    }
    const int last = p.ndim - 1;
    const int64_t inner = p.shape[last], outer = inner ? p.size / inner : 0;
    const int64_t sa = p.stride_a[last], sb = p.stride_b[last];
    each(ctx, outer, inner, [&, f](int64_t row) {
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
    if (p.outputs == 1 && p.length > kReduceChunk) return reduce_all(ctx, p, init, load, combine, store);
    each(ctx, p.outputs, p.length, [&](int64_t o) {
      const int64_t base = offset_of(o, p.kept, p.kept_shape, p.kept_stride);
      store(o, row_total(p, base, 0, p.length, init, load, combine));
    });
  }

 private:
  // The only place that calls an item, so that it is inlined here: its loops are not vectorised where what it captures
  // lies behind a pointer.
  template <class F>
  static void run_items(int64_t begin, int64_t end, F f) {
    for (int64_t i = begin; i < end; ++i) f(i);
  }

  // With everything inlined, for a call in the loop would keep it from being vectorised.
  template <class F>
  __attribute__((flatten)) static void run(int64_t begin, int64_t end, F f) {
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

  template <class Acc, class Load, class Combine, class Store>
  static void reduce_all(const RunContext& ctx, const ReducePlan& p, Acc init, Load load, Combine combine,
                         Store store) {
    const int64_t chunks = (p.length + kReduceChunk - 1) / kReduceChunk;
    // new[], not std::vector: Acc may be bool
    std::unique_ptr<Acc[]> partial(new Acc[static_cast<size_t>(chunks)]);
    each(ctx, chunks, kReduceChunk, [&](int64_t c) {
      const int64_t begin = c * kReduceChunk, end = std::min(begin + kReduceChunk, p.length);
      partial[static_cast<size_t>(c)] = row_total(p, 0, begin, end, init, load, combine);
    });
    Acc total = init;
    for (int64_t c = 0; c < chunks; ++c) total = combine(total, partial[static_cast<size_t>(c)]);
    store(0, total);
  }

  // The innermost axis survives: walk memory in order, a block of columns at a time.  Where blocks are few, long
  // columns are cut, too, and the parts combined in their order.
  template <class Acc, class Load, class Combine, class Store>
  static void reduce_columns(const RunContext& ctx, const ReducePlan& p, Acc init, Load load, Combine combine,
                             Store store) {
    constexpr int64_t kBlock = 1024, kParts = 16;
    const int64_t inner = p.kept_shape[p.kept - 1], rows = inner ? p.outputs / inner : 0;
    const int64_t blocks = (inner + kBlock - 1) / kBlock, width = std::min(inner, kBlock);
    // totals of rows [begin, end) of one block of columns
    auto block_total = [&](int64_t item, int64_t begin, int64_t end, Acc* acc) {
      const int64_t row = item / blocks, first = item % blocks * kBlock, n = std::min(kBlock, inner - first);
      const int64_t base = offset_of(row, p.kept - 1, p.kept_shape, p.kept_stride) + first;
      std::fill(acc, acc + n, init);
      for (int64_t k = begin; k < end; ++k) {
        const int64_t at = base + offset_of(k, p.reduced, p.reduced_shape, p.reduced_stride);
        for (int64_t j = 0; j < n; ++j) acc[j] = combine(acc[j], load(at + j));
      }
    };
    auto store_block = [&](int64_t item, const Acc* acc) {
      const int64_t first = item % blocks * kBlock, n = std::min(kBlock, inner - first);
      for (int64_t j = 0; j < n; ++j) store(item / blocks * inner + first + j, acc[j]);
    };
    const int64_t items = rows * blocks;
    const int64_t parts = items >= kParts ? 1 : std::clamp<int64_t>(p.length * width / kReduceChunk, 1, kParts);
    if (parts == 1) {
      return each(ctx, items, p.length * width, [&](int64_t item) {
        Acc acc[kBlock];
        block_total(item, 0, p.length, acc);
        store_block(item, acc);
      });
    }
    std::unique_ptr<Acc[]> partial(new Acc[static_cast<size_t>(items * parts * width)]);
    each(ctx, items * parts, p.length * width / parts, [&](int64_t i) {
      const int64_t part = i % parts;
      block_total(i / parts, part * p.length / parts, (part + 1) * p.length / parts, &partial[i * width]);
    });
    for (int64_t item = 0; item < items; ++item) {
      Acc* total = &partial[item * parts * width];
      const int64_t n = std::min(kBlock, inner - item % blocks * kBlock);
      for (int64_t k = 1; k < parts; ++k) {
        for (int64_t j = 0; j < n; ++j) total[j] = combine(total[j], total[k * width + j]);
      }
      store_block(item, total);
    }
  }
};

}  // namespace paratrain
