#include <omp.h>

#include "core/team.h"
#include "kernels/launch/cpu.h"

namespace paratrain {

void spread(const RunContext& ctx, int64_t n, Span span, const void* loop) {
  if (n < kSerial) return span(loop, 0, n);
  const auto piece = [=](int64_t i) { span(loop, i * kGrain, std::min(n, (i + 1) * kGrain)); };
  const int64_t count = (n + kGrain - 1) / kGrain;
  if (ctx.team) return ctx.team->each(count, piece);
#pragma omp parallel for schedule(static)
  for (int64_t i = 0; i < count; ++i) piece(i);
}

void spread_items(const RunContext& ctx, int64_t n, int64_t work_per_item, Span span, const void* loop) {
  // an OpenMP region costs something even with one thread
  if (n <= 1 || n * work_per_item < kSerial) return span(loop, 0, n);
  if (ctx.team) {
    const int64_t together = std::max<int64_t>(1, kGrain / work_per_item);  // small items are taken in groups
    return ctx.team->each((n + together - 1) / together,
                          [=](int64_t group) { span(loop, group * together, std::min(n, (group + 1) * together)); });
  }
#pragma omp parallel
  {
    const int64_t threads = omp_get_num_threads(), thread = omp_get_thread_num();
    span(loop, thread * n / threads, (thread + 1) * n / threads);
  }
}

}  // namespace paratrain
