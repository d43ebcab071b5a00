// The loops of a row for vectors of W channels; channels that are left over are computed in narrower vectors.  Included
// by one source per instruction set, so everything here is local to it.
#pragma once
#include "kernels/depthwise/depthwise.h"
#include "kernels/simd.h"

namespace paratrain::depthwise {
namespace {

using simd::load;
using simd::store;
using simd::Vec;

// Neighbouring columns of results that are computed together.
constexpr int64_t kColumns = 4;

int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

// Channels [first, last), of all vectors.
struct Channels {
  int64_t first, last, all;
};

// The next group is fetched while one is computed: its columns are more streams than the processor follows by itself.

// Some columns of results that take the same weights: B of them if those are whole, one at an edge.  `data` are the
// columns of the data from the first one that is read, `taps` the weights of the first tap, relative to a row's.
struct Group {
  const Row* rows;
  int64_t count;
  int64_t data, weight, weight_step;  // offsets in floats
};

template <int W>
inline __attribute__((always_inline)) Vec<W> bounded(Vec<W> v, const Tail& tail) {
  const Vec<W> low = Vec<W>{} + tail.low, high = Vec<W>{} + tail.high;
  v = v < low ? low : v;  // a NaN stays one
  return v > high ? high : v;
}

// B columns of results, T taps of every row; the columns of the data of neighbouring results are S apart.
template <int W, int T, int S, int B>
inline void sums(const Group& g, const Channels& channels, const Tail& tail, const float* addend, float* results,
                 int64_t step) {
  for (int64_t c = channels.first; c + W <= channels.last; c += W) {
    Vec<W> sum[B];
    const Vec<W> bias = tail.bias ? load<W>(tail.bias + c) : Vec<W>{};
#pragma GCC unroll 8
    for (int b = 0; b < B; ++b) sum[b] = bias;
    for (int64_t r = 0; r < g.count; ++r) {
      const float *x = g.rows[r].data + g.data + c, *w = g.rows[r].weight + g.weight + c;
      Vec<W> weight[T];
#pragma GCC unroll 8
      for (int t = 0; t < T; ++t) weight[t] = load<W>(w + t * g.weight_step);
#pragma GCC unroll 32
      for (int i = 0; i < (B - 1) * S + T; ++i) {
        const Vec<W> v = load<W>(x + i * channels.all);
        if (B > 1 && i < B * S) __builtin_prefetch(x + (i + (B - 1) * S + T) * channels.all);
#pragma GCC unroll 8
        for (int b = 0; b < B; ++b) {
          if (i - b * S >= 0 && i - b * S < T) sum[b] += v * weight[i - b * S];
        }
      }
    }
#pragma GCC unroll 8
    for (int b = 0; b < B; ++b) {
      if (B > 1) __builtin_prefetch(results + (b + B) * step + c, 1);
      if (addend) sum[b] += load<W>(addend + b * step + c);
      store<W>(results + b * step + c, bounded<W>(sum[b], tail));
    }
  }
}

// What B columns of dy, `dy_step` apart, add to the gradients of T weights of every row.
template <int W, int T, int S, int B>
inline void weight_grads(const Group& g, const Channels& channels, const float* dy, float* dbias) {
  for (int64_t c = channels.first; c + W <= channels.last; c += W) {
    Vec<W> grad[B], total = {};
#pragma GCC unroll 8
    for (int b = 0; b < B; ++b) {
      grad[b] = load<W>(dy + b * channels.all + c);
      if (B > 1) __builtin_prefetch(dy + (b + B) * channels.all + c);
      total += grad[b];
    }
    if (dbias) store<W>(dbias + c, load<W>(dbias + c) + total);
    for (int64_t r = 0; r < g.count; ++r) {
      const float* x = g.rows[r].data + g.data + c;
      float* w = g.rows[r].weight_grad + g.weight + c;
      Vec<W> sum[T];
#pragma GCC unroll 8
      for (int t = 0; t < T; ++t) sum[t] = load<W>(w + t * channels.all);
#pragma GCC unroll 32
      for (int i = 0; i < (B - 1) * S + T; ++i) {
        const Vec<W> v = load<W>(x + i * channels.all);
        if (B > 1 && i < B * S) __builtin_prefetch(x + (i + (B - 1) * S + T) * channels.all);
#pragma GCC unroll 8
        for (int b = 0; b < B; ++b) {
          if (i - b * S >= 0 && i - b * S < T) sum[i - b * S] += v * grad[b];
        }
      }
#pragma GCC unroll 8
      for (int t = 0; t < T; ++t) store<W>(w + t * channels.all, sum[t]);
    }
  }
}

// Calls f(constant of type <int, N>) with N = n, one of 1 ... kMostTaps.
template <int N>
struct Number {
  static constexpr int value = N;
};
template <class F>
inline void with_taps(int64_t n, F f) {
  switch (n) {
    case 1: return f(Number<1>());
    case 2: return f(Number<2>());
    case 3: return f(Number<3>());
    case 4: return f(Number<4>());
    case 5: return f(Number<5>());
  }
}

// Goes through the columns: whole(first column number, taps, stride, how many) for those that read no column beyond the
// edges, kColumns at a time or one; edge(column number, first tap, how many taps) for the others.
template <class Whole, class Edge>
inline void each_group(const Columns& k, int64_t width, Whole whole, Edge edge) {
  const int64_t begin = k.start >= 0 ? 0 : (-k.start + k.stride - 1) / k.stride;
  const int64_t room = width - k.taps - k.start;  // the last column that reads inside starts here
  const int64_t end = least(k.count, room < 0 ? 0 : room / k.stride + 1);
  const auto at_edge = [&](int64_t j) {
    const int64_t at = j * k.stride + k.start;
    const int64_t first = most(0, -at), last = least(k.taps, width - at);
    edge(j, first, most(0, last - first));
  };
  int64_t j = 0;
  for (; j < least(begin, k.count); ++j) at_edge(j);
  for (; j + kColumns <= end; j += kColumns) whole(j, Number<kColumns>());
  for (; j < end; ++j) whole(j, Number<1>());
  for (; j < k.count; ++j) at_edge(j);
}

// f(W, channels) for vectors of W, then 8, then 1 of what is left.
template <int W, class F>
inline void with_widths(int64_t channels, F f) {
  const int64_t wide = channels / W * W, eight = wide + (channels - wide) / 8 * 8;
  f(Number<W>(), Channels{0, wide, channels});
  if (W > 8 && eight > wide) f(Number<8>(), Channels{wide, eight, channels});
  if (channels > eight) f(Number<1>(), Channels{eight, channels, channels});
}

template <int W, int T, int S>
void sum_columns(const Row* rows, int64_t count, const Columns& k, int64_t width, int64_t channels, const Tail& tail,
                 float* results) {
  const int64_t weight_step = k.weight_step * channels, step = k.step * channels;
  const auto place = [&](int64_t j) { return (k.first + j * k.step) * channels; };
  const auto addend = [&](int64_t j) { return tail.addend ? tail.addend + place(j) : nullptr; };
  each_group(
      k, width,
      [&](int64_t j, auto columns) {
        const Group g = {rows, count, (j * S + k.start) * channels, k.first_weight * channels, weight_step};
        with_widths<W>(channels, [&](auto w, const Channels& c) {
          sums<w.value, T, S, columns.value>(g, c, tail, addend(j), results + place(j), step);
        });
      },
      [&](int64_t j, int64_t first, int64_t taps) {
        Group g = {rows, taps ? count : 0, (j * S + k.start + first) * channels,
                   (k.first_weight + first * k.weight_step) * channels, weight_step};
        with_taps(most(taps, 1), [&](auto t) {
          with_widths<W>(channels, [&](auto w, const Channels& c) {
            sums<w.value, t.value, 1, 1>(g, c, tail, addend(j), results + place(j), step);
          });
        });
      });
}

template <int W, int T, int S>
void weight_grad_columns(const Row* rows, int64_t count, const Columns& k, int64_t width, int64_t channels,
                         const float* dy, float* dbias) {
  each_group(
      k, width,
      [&](int64_t j, auto columns) {
        const Group g = {rows, count, (j * S + k.start) * channels, 0, channels};
        with_widths<W>(channels, [&](auto w, const Channels& c) {
          weight_grads<w.value, T, S, columns.value>(g, c, dy + j * channels, dbias);
        });
      },
      [&](int64_t j, int64_t first, int64_t taps) {
        const Group g = {rows, taps ? count : 0, (j * S + k.start + first) * channels, first * channels, channels};
        with_taps(most(taps, 1), [&](auto t) {
          with_widths<W>(channels, [&](auto w, const Channels& c) {
            weight_grads<w.value, t.value, 1, 1>(g, c, dy + j * channels, dbias);
          });
        });
      });
}

// Those that there are: the taps of the filters with their strides, and for the gradient of the data their parts.
template <int W>
void sum_row(const Row* rows, int64_t count, const Columns& k, int64_t width, int64_t channels, const Tail& tail,
             float* results) {
  with_taps(k.taps, [&](auto t) {
    if (k.stride == 1) return sum_columns<W, t.value, 1>(rows, count, k, width, channels, tail, results);
    if constexpr (t.value >= 3) sum_columns<W, t.value, 2>(rows, count, k, width, channels, tail, results);
  });
}

template <int W>
void weight_grad_row(const Row* rows, int64_t count, const Columns& k, int64_t width, int64_t channels, const float* dy,
                     float* dbias) {
  with_taps(k.taps, [&](auto t) {
    if constexpr (t.value >= 3) {
      if (k.stride == 1) return weight_grad_columns<W, t.value, 1>(rows, count, k, width, channels, dy, dbias);
      weight_grad_columns<W, t.value, 2>(rows, count, k, width, channels, dy, dbias);
    }
  });
}

template <int W>
Method method_of(const char* isa) {
  return {isa, sum_row<W>, weight_grad_row<W>};
}

}  // namespace
}  // namespace paratrain::depthwise
