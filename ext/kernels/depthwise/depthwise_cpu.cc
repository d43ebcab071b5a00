#include "kernels/depthwise/depthwise.h"

#include <algorithm>
#include <cstring>

#include "kernels/launch/cpu.h"

namespace paratrain::depthwise {
namespace {

// Rows of results that a thread takes at a time: neighbours share rows of the data.
constexpr int64_t kBand = 8;
// Into how many parts the gradient of the weights is cut, at most, and the floats of the sums of all of them.
constexpr int64_t kParts = 32, kPartsSize = 1 << 21;
// Elements of a plain loop that take as long as one tap of the filters.
constexpr int64_t kTapsPerElement = 4;

int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }
int64_t weights(const Problem& p) { return p.taps * p.taps * p.channels; }
int64_t work_of_row(const Problem& p) { return weights(p) * p.out[1] / kTapsPerElement; }

// [channel][tap] -> [tap][channel]
void turn(const Problem& p, const float* weight, float* turned) {
  const int64_t taps = p.taps * p.taps;
  for (int64_t t = 0; t < taps; ++t) {
    for (int64_t c = 0; c < p.channels; ++c) turned[t * p.channels + c] = weight[c * taps + t];
  }
}

// Those of forward.
Columns columns_of(const Problem& p) { return {0, 1, p.out[1], p.taps, p.stride, -p.pad[1], 0, 1}; }

// Those of dx whose number leaves the rest `set` when divided by the stride: with (i + pad - k) / stride whole, k takes
// every stride-th value from some first one on, and the larger it is the smaller the column of dy.
Columns columns_of_set(const Problem& p, int64_t set) {
  const int64_t first = (set + p.pad[1]) % p.stride, taps = ceil_div(std::max<int64_t>(p.taps - first, 0), p.stride);
  return {set,
          p.stride,
          ceil_div(std::max<int64_t>(p.in[1] - set, 0), p.stride),
          taps,
          1,
          (set + p.pad[1] - first) / p.stride - (taps - 1),
          first + (taps - 1) * p.stride,
          -p.stride};
}

// The rows of the data under row `o` of the results of image `n`.
struct Rows {
  Rows(const Problem& p, const float* x, const float* weight, float* weight_grad, int64_t n, int64_t o) {
    for (int64_t k = 0; k < p.taps; ++k) {
      const int64_t at = o * p.stride - p.pad[0] + k, offset = k * p.taps * p.channels;
      if (at < 0 || at >= p.in[0]) continue;
      row[count++] = {x + (n * p.in[0] + at) * p.in[1] * p.channels, weight ? weight + offset : nullptr,
                      weight_grad ? weight_grad + offset : nullptr};
    }
  }
  Row row[kMostTaps];
  int64_t count = 0;
};

// The rows of dy that row `i` of dx takes from.
struct GradRows {
  GradRows(const Problem& p, const float* dy, const float* weight, int64_t n, int64_t i) {
    for (int64_t k = (i + p.pad[0]) % p.stride; k < p.taps; k += p.stride) {
      const int64_t at = (i + p.pad[0] - k) / p.stride;
      if (i + p.pad[0] < k || at >= p.out[0]) continue;
      row[count++] = {dy + (n * p.out[0] + at) * p.out[1] * p.channels, weight + k * p.taps * p.channels, nullptr};
    }
  }
  Row row[kMostTaps];
  int64_t count = 0;
};

// f(number) for all rows of all images.
template <class F>
void each_row(const RunContext& ctx, int64_t rows, int64_t work, F f) {
  Launch<Cpu>::each(ctx, ceil_div(rows, kBand), work * std::min(rows, kBand), [=](int64_t band) {
    for (int64_t row = band * kBand; row < std::min(rows, (band + 1) * kBand); ++row) f(row);
  });
}

Tail of_row(Tail tail, int64_t offset) {
  if (tail.addend) tail.addend += offset;
  return tail;
}

int64_t parts_of(const Problem& p) {
  const int64_t rows = p.batch * p.out[0], affordable = kPartsSize / (weights(p) + p.channels);
  return std::clamp<int64_t>(std::min(rows / kBand, affordable), 1, kParts);
}

}  // namespace

const Method& method(const char* isa) {
  if (std::strcmp(isa, kBaseline.isa) == 0) return kBaseline;
#if defined(__x86_64__)
  static const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
  if (wide) return kAvx512;
#endif
  return kBaseline;
}

int64_t scratch(const Problem& p) { return weights(p); }

void forward(const RunContext& ctx, const Method& method, const Problem& p, const float* x, const float* weight,
             const Tail& tail, float* y, float* scratch) {
  turn(p, weight, scratch);
  const Columns columns = columns_of(p);
  each_row(ctx, p.batch * p.out[0], work_of_row(p), [=, &method](int64_t row) {
    const Rows from(p, x, scratch, nullptr, row / p.out[0], row % p.out[0]);
    const int64_t offset = row * p.out[1] * p.channels;
    method.sum(from.row, from.count, columns, p.in[1], p.channels, of_row(tail, offset), y + offset);
  });
}

void data_grad(const RunContext& ctx, const Method& method, const Problem& p, const float* dy, const float* weight,
               const Tail& tail, float* dx, float* scratch) {
  turn(p, weight, scratch);
  const int64_t work = work_of_row(p) / p.stride;
  each_row(ctx, p.batch * p.in[0], work, [=, &method](int64_t row) {
    const GradRows from(p, dy, scratch, row / p.in[0], row % p.in[0]);
    const int64_t offset = row * p.in[1] * p.channels;
    for (int64_t set = 0; set < p.stride; ++set) {
      method.sum(from.row, from.count, columns_of_set(p, set), p.out[1], p.channels, of_row(tail, offset), dx + offset);
    }
  });
}

int64_t weight_grad_scratch(const Problem& p) { return parts_of(p) * (weights(p) + p.channels); }

void weight_grad(const RunContext& ctx, const Method& method, const Problem& p, const float* dy, const float* x,
                 float* dweight, float* dbias, float* scratch) {
  const Columns columns = columns_of(p);
  const int64_t parts = parts_of(p), rows = p.batch * p.out[0], size = weights(p) + p.channels;
  Launch<Cpu>::each(ctx, parts, work_of_row(p) * ceil_div(rows, parts), [=, &method](int64_t part) {
    float *sums = scratch + part * size, *bias_sums = sums + weights(p);
    std::fill_n(sums, size, 0.0f);
    for (int64_t row = part * rows / parts; row < (part + 1) * rows / parts; ++row) {
      const Rows from(p, x, nullptr, sums, row / p.out[0], row % p.out[0]);
      method.weight_grad(from.row, from.count, columns, p.in[1], p.channels, dy + row * p.out[1] * p.channels,
                         dbias ? bias_sums : nullptr);
    }
  });
  const auto total = [=](int64_t i) {
    float sum = 0;
    for (int64_t part = 0; part < parts; ++part) sum += scratch[part * size + i];
    return sum;
  };
  const int64_t taps = p.taps * p.taps, channels = p.channels;
  Launch<Cpu>::map(ctx, weights(p), [=](int64_t i) { dweight[i] = total(i % taps * channels + i / taps); });
  if (dbias) Launch<Cpu>::map(ctx, channels, [=](int64_t c) { dbias[c] = total(taps * channels + c); });
}

}  // namespace paratrain::depthwise
