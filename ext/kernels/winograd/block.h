// The functions of a block of tiles, for vectors of W floats.  Included by one source per instruction set, so
// everything here is local to it; nothing of the standard library is used that the linker could take for the other
// sources too.
#pragma once
#include "kernels/winograd/winograd.h"

namespace paratrain::winograd {
namespace {

template <int W>
struct Simd {
  typedef float Vec __attribute__((vector_size(W * sizeof(float))));
};

template <int W>
using Vec = typename Simd<W>::Vec;

template <int W>
inline __attribute__((always_inline)) Vec<W> load(const float* p) {
  Vec<W> v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

template <int W>
inline __attribute__((always_inline)) void store(float* p, Vec<W> v) {
  __builtin_memcpy(p, &v, sizeof v);
}

// Where a tile lies.
struct Tile {
  int64_t image, row, column;  // of its first result

  Tile(const Problem& p, int64_t index)
      : image(index / (p.tile_rows() * p.tile_columns())),
        row(index / p.tile_columns() % p.tile_rows() * 2),
        column(index % p.tile_columns() * 2) {}
  void next(const Problem& p) {
    if ((column += 2) < p.out[1]) return;
    column = 0;
    if ((row += 2) < p.out[0]) return;
    row = 0;
    ++image;
  }
};

// Pointers to the channels of S x S places of an image; beyond its edges to zeros.
template <int S>
struct Patch {
  const float* at[S * S];

  Patch(const float* image, const int64_t* size, int64_t channels, int64_t row, int64_t column, const float* zeros) {
    const float* line = image + (row * size[1] + column) * channels;
    const bool inside = row >= 0 && row + S <= size[0] && column >= 0 && column + S <= size[1];
    for (int i = 0; i < S; ++i, line += size[1] * channels) {
      const bool in_row = static_cast<uint64_t>(row + i) < static_cast<uint64_t>(size[0]);
      for (int j = 0; j < S; ++j) {
        const bool in_column = static_cast<uint64_t>(column + j) < static_cast<uint64_t>(size[1]);
        at[i * S + j] = inside || (in_row && in_column) ? line + j * channels : zeros;
      }
    }
  }
};

// B' x B of one tile.
template <int W>
inline void transform_input(const Patch<4>& patch, int64_t channels, int64_t capacity, float* to) {
  const int64_t step = place_step(channels, capacity);
  for (int64_t c = 0; c < channels; c += W, to += capacity * W) {
    Vec<W> t[4][4];
#pragma GCC unroll 4
    for (int j = 0; j < 4; ++j) {
      const Vec<W> x0 = load<W>(patch.at[j] + c), x1 = load<W>(patch.at[4 + j] + c);
      const Vec<W> x2 = load<W>(patch.at[8 + j] + c), x3 = load<W>(patch.at[12 + j] + c);
      t[0][j] = x0 - x2;
      t[1][j] = x1 + x2;
      t[2][j] = x2 - x1;
      t[3][j] = x1 - x3;
    }
    float* v = to;
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i, v += 4 * step) {
      store<W>(v, t[i][0] - t[i][2]);
      store<W>(v + step, t[i][1] + t[i][2]);
      store<W>(v + 2 * step, t[i][2] - t[i][1]);
      store<W>(v + 3 * step, t[i][1] - t[i][3]);
    }
  }
}

// R tiles by Q vectors of outputs at one place: sums over the channels of inputs x weights.
template <int W, int R, int Q>
inline void multiply(int64_t channels, int64_t capacity, const float* v, const float* u, float* m, int64_t m_step) {
  Vec<W> sum[R][Q] = {};
  for (int64_t c = 0; c < channels; c += W, v += capacity * W) {
    for (int l = 0; l < W; ++l, u += Q * W) {
      Vec<W> w[Q];
#pragma GCC unroll 4
      for (int q = 0; q < Q; ++q) w[q] = load<W>(u + q * W);
#pragma GCC unroll 16
      for (int r = 0; r < R; ++r) {
        const float x = v[r * W + l];
#pragma GCC unroll 4
        for (int q = 0; q < Q; ++q) sum[r][q] += x * w[q];
      }
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r) {
#pragma GCC unroll 4
    for (int q = 0; q < Q; ++q) store<W>(m + r * m_step + q * W, sum[r][q]);
  }
}

// What follows at `place` of the result; NaN passes the bounds.
template <int W>
inline __attribute__((always_inline)) Vec<W> with_tail(Vec<W> v, const Tail& tail, int64_t place) {
  const Vec<W> low = Vec<W>{} + tail.low, high = Vec<W>{} + tail.high;
  if (tail.addend) v += load<W>(tail.addend + place);
  v = v < low ? low : v;
  return v > high ? high : v;
}

// A' m A of one tile and one vector of outputs, with the bias and what follows, where it lies inside the result.
template <int W>
inline void transform_output(const Problem& p, const Tile& tile, const float* m, int64_t step, Vec<W> bias,
                             const Tail& tail, int64_t first, float* y) {
  Vec<W> t[2][4];
#pragma GCC unroll 4
  for (int j = 0; j < 4; ++j) {
    const Vec<W> m0 = load<W>(m + j * step), m1 = load<W>(m + (4 + j) * step);
    const Vec<W> m2 = load<W>(m + (8 + j) * step), m3 = load<W>(m + (12 + j) * step);
    t[0][j] = m0 + m1 + m2;
    t[1][j] = m1 - m2 - m3;
  }
  const bool right = tile.column + 1 < p.out[1];
#pragma GCC unroll 2
  for (int i = 0; i < 2; ++i) {
    if (tile.row + i >= p.out[0]) break;
    const int64_t at = ((tile.image * p.out[0] + tile.row + i) * p.out[1] + tile.column) * p.out_channels + first;
    store<W>(y + at, with_tail<W>(t[i][0] + t[i][1] + t[i][2] + bias, tail, at));
    if (right) {
      const int64_t next = at + p.out_channels;
      store<W>(y + next, with_tail<W>(t[i][1] - t[i][2] - t[i][3] + bias, tail, next));
    }
  }
}

template <int W>
inline void transform_inputs(const Problem& p, const Block& b, const float* x, const float* zeros, float* v) {
  Tile tile(p, b.first);
  for (int64_t t = 0; t < b.count; ++t, tile.next(p)) {
    const float* image = x + tile.image * p.in[0] * p.in[1] * p.in_channels;
    const Patch<4> patch(image, p.in, p.in_channels, tile.row - p.pad[0], tile.column - p.pad[1], zeros);
    transform_input<W>(patch, p.in_channels, b.capacity, v + t * W);
  }
}

// Asks for the places that the tiles of the next block add to `data`, while this block is computed: the hardware does
// not foresee them.  `used` of the `channels` are wanted.  (Always inlined: GCC takes a function that only prefetches
// for one without effect.)
template <bool ForWriting>
inline __attribute__((always_inline)) void fetch_next(const Problem& p, const Block& b, const int64_t* size,
                                                      int64_t row_offset, int64_t channels, int64_t used,
                                                      const float* data) {
  Tile tile(p, b.first + b.count);
  for (int64_t t = 0; t < b.count && tile.image < p.batch; ++t, tile.next(p)) {
    const float* line = data + ((tile.image * size[0] + tile.row + row_offset) * size[1] + tile.column) * channels;
    for (int i = 0; i < 2; ++i, line += size[1] * channels) {
      for (int64_t c = 0; c < used; c += kChannels) {
        __builtin_prefetch(line + c, ForWriting, 2);
        __builtin_prefetch(line + channels + c, ForWriting, 2);
      }
    }
  }
}

// Results [first, first + Q * W) of all tiles.
template <int W, int R, int Q>
inline void forward_group(const Problem& p, const Block& b, int64_t first, const float* v, const float* u,
                          const float* bias, const Tail& tail, float* y, float* m) {
  const int64_t v_step = place_step(p.in_channels, b.capacity), m_step = place_step(Q * W, b.capacity);
  for (int64_t place = 0; place < kPlaces; ++place, u += p.in_channels * Q * W) {
    for (int64_t t = 0; t < b.count; t += R) {
      multiply<W, R, Q>(p.in_channels, b.capacity, v + place * v_step + t * W, u, m + place * m_step + t * Q * W,
                        Q * W);
    }
  }
  Vec<W> offset[Q];
  for (int q = 0; q < Q; ++q) offset[q] = bias ? load<W>(bias + first + q * W) : Vec<W>{};
  Tile tile(p, b.first);
  for (int64_t t = 0; t < b.count; ++t, tile.next(p)) {
    for (int q = 0; q < Q; ++q) {
      transform_output<W>(p, tile, m + (t * Q + q) * W, m_step, offset[q], tail, first + q * W, y);
    }
  }
}

template <int W, int R, int Q>
void forward(const Problem& p, const Block& b, const Slice& s, const float* x, const float* weights, const float* bias,
             const Tail& tail, const float* zeros, float* y, float* scratch) {
  float* m = scratch + kPlaces * place_step(p.in_channels, b.capacity);
  transform_inputs<W>(p, b, x, zeros, scratch);
  fetch_next<false>(p, b, p.in, 2 - p.pad[0], p.in_channels, p.in_channels, x);
  fetch_next<true>(p, b, p.out, 0, p.out_channels, p.out_channels, y);
  for (int64_t k = s.first; k < s.first + s.count; k += Q * W) {
    const float* u = weights + k * kPlaces * p.in_channels;
    if (k + Q * W <= s.first + s.count) {
      forward_group<W, R, Q>(p, b, k, scratch, u, bias, tail, y, m);
    } else {
      forward_group<W, R, kChannels / W>(p, b, k, scratch, u, bias, tail, y, m);
    }
  }
}

// A dY A' of one tile; also adds what lies in the tile to the gradient of the bias.
template <int W>
inline void transform_result_grad(const Patch<2>& patch, int64_t channels, int64_t capacity, float* to, float* dbias) {
  const int64_t step = place_step(channels, capacity);
  for (int64_t c = 0; c < channels; c += W, to += capacity * W) {
    Vec<W> t[4][2];
#pragma GCC unroll 2
    for (int j = 0; j < 2; ++j) {
      const Vec<W> y0 = load<W>(patch.at[j] + c), y1 = load<W>(patch.at[2 + j] + c);
      t[0][j] = y0;
      t[1][j] = y0 + y1;
      t[2][j] = y0 - y1;
      t[3][j] = -y1;
    }
    if (dbias) store<W>(dbias + c, load<W>(dbias + c) + (t[1][0] + t[1][1]));
    float* v = to;
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i, v += 4 * step) {
      store<W>(v, t[i][0]);
      store<W>(v + step, t[i][0] + t[i][1]);
      store<W>(v + 2 * step, t[i][0] - t[i][1]);
      store<W>(v + 3 * step, -t[i][1]);
    }
  }
}

template <int W>
inline void transform_result_grads(const Problem& p, const Block& b, const Slice& s, const float* dy,
                                   const float* zeros, float* d, float* dbias) {
  Tile tile(p, b.first);
  for (int64_t t = 0; t < b.count; ++t, tile.next(p)) {
    const float* image = dy + tile.image * p.out[0] * p.out[1] * p.out_channels + s.first;
    const Patch<2> patch(image, p.out, p.out_channels, tile.row, tile.column, zeros);
    transform_result_grad<W>(patch, s.count, b.capacity, d + t * W, dbias ? dbias + s.first : nullptr);
  }
}

// C inputs by Q vectors of outputs at one place: adds the sums over the tiles of inputs x gradients.
template <int W, int C, int Q>
inline void multiply_tiles(int64_t tiles, const float* v, const float* d, int64_t d_step, float* du) {
  Vec<W> sum[C][Q] = {};
  for (int64_t t = 0; t < tiles; ++t, v += W, d += W) {
    Vec<W> w[Q];
#pragma GCC unroll 4
    for (int q = 0; q < Q; ++q) w[q] = load<W>(d + q * d_step);
#pragma GCC unroll 16
    for (int c = 0; c < C; ++c) {
      const float x = v[c];
#pragma GCC unroll 4
      for (int q = 0; q < Q; ++q) sum[c][q] += x * w[q];
    }
  }
#pragma GCC unroll 16
  for (int c = 0; c < C; ++c) {
#pragma GCC unroll 4
    for (int q = 0; q < Q; ++q, du += W) store<W>(du, load<W>(du) + sum[c][q]);
  }
}

// Weights of Q vectors of outputs.
template <int W, int C, int Q>
inline void weight_grad_group(const Problem& p, const Block& b, const float* v, const float* d, int64_t d_step,
                              float* du) {
  const int64_t v_step = place_step(p.in_channels, b.capacity);
  for (int64_t place = 0; place < kPlaces; ++place) {
    for (int64_t c = 0; c < p.in_channels; c += C, du += C * Q * W) {
      const float* x = v + place * v_step + c / W * W * b.capacity + c % W;
      multiply_tiles<W, C, Q>(b.count, x, d + place * d_step, b.capacity * W, du);
    }
  }
}

template <int W, int C, int Q>
void weight_grad(const Problem& p, const Block& b, const Slice& s, const float* dy, const float* x, const float* zeros,
                 float* dweights, float* dbias, float* scratch) {
  const int64_t d_step = place_step(s.count, b.capacity);
  float* d = scratch + kPlaces * place_step(p.in_channels, b.capacity);
  transform_inputs<W>(p, b, x, zeros, scratch);
  transform_result_grads<W>(p, b, s, dy, zeros, d, dbias);
  fetch_next<false>(p, b, p.in, 2 - p.pad[0], p.in_channels, p.in_channels, x);
  fetch_next<false>(p, b, p.out, 0, p.out_channels, s.count, dy + s.first);
  for (int64_t k = 0; k < s.count; k += Q * W) {
    float* du = dweights + (s.first + k) * kPlaces * p.in_channels;
    if (k + Q * W <= s.count) {
      weight_grad_group<W, C, Q>(p, b, scratch, d + k * b.capacity, d_step, du);
    } else {
      weight_grad_group<W, C, kChannels / W>(p, b, scratch, d + k * b.capacity, d_step, du);
    }
  }
}

// G w G' of one vector of outputs; w has 3 x 3 places, the result 4 x 4 that lie `step` apart.
template <int W>
inline void transform_filter(const float* w, float* u, int64_t step) {
  constexpr float half = 0.5f;
  Vec<W> t[4][3];
#pragma GCC unroll 3
  for (int j = 0; j < 3; ++j) {
    const Vec<W> w0 = load<W>(w + j * W), w1 = load<W>(w + (3 + j) * W), w2 = load<W>(w + (6 + j) * W);
    t[0][j] = w0;
    t[1][j] = half * (w0 + w2 + w1);
    t[2][j] = half * (w0 + w2 - w1);
    t[3][j] = w2;
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i, u += 4 * step) {
    store<W>(u, t[i][0]);
    store<W>(u + step, half * (t[i][0] + t[i][2] + t[i][1]));
    store<W>(u + 2 * step, half * (t[i][0] + t[i][2] - t[i][1]));
    store<W>(u + 3 * step, t[i][2]);
  }
}

// G' u G of one vector of outputs, the other way round.
template <int W>
inline void restore_filter(const Vec<W>* u, float* w) {
  constexpr float half = 0.5f;
  Vec<W> t[3][4];
#pragma GCC unroll 4
  for (int j = 0; j < 4; ++j) {
    t[0][j] = u[j] + half * (u[4 + j] + u[8 + j]);
    t[1][j] = half * (u[4 + j] - u[8 + j]);
    t[2][j] = half * (u[4 + j] + u[8 + j]) + u[12 + j];
  }
#pragma GCC unroll 3
  for (int i = 0; i < 3; ++i, w += 3 * W) {
    store<W>(w, t[i][0] + half * (t[i][1] + t[i][2]));
    store<W>(w + W, half * (t[i][1] - t[i][2]));
    store<W>(w + 2 * W, half * (t[i][1] + t[i][2]) + t[i][3]);
  }
}

inline int64_t group_width(const Filters& f, int64_t first, int64_t group) {
  return f.out_channels - first < group ? f.out_channels - first : group;
}

template <int W, int Q>
void transform_weights(const Filters& f, int64_t first, const float* weight, float* transformed) {
  const int64_t width = group_width(f, first, Q * W);
  float* u = transformed + first * kPlaces * f.in_channels;
  alignas(64) float w[9 * W];
  for (int64_t i = 0; i < f.in_channels; ++i) {
    for (int64_t o = 0; o < width; o += W) {
      for (int l = 0; l < W; ++l) {
        const float* from = weight + (first + o + l) * f.out_step + i * f.in_step;
        for (int tap = 0; tap < 9; ++tap) w[tap * W + l] = from[f.turned ? 8 - tap : tap];
      }
      transform_filter<W>(w, u + i * width + o, f.in_channels * width);
    }
  }
}

template <int W, int Q>
void restore_weights(const Filters& f, int64_t first, const float* transformed, int64_t parts, int64_t step,
                     float* weight) {
  const int64_t width = group_width(f, first, Q * W);
  const float* from = transformed + first * kPlaces * f.in_channels;
  alignas(64) float w[9 * W];
  for (int64_t i = 0; i < f.in_channels; ++i) {
    for (int64_t o = 0; o < width; o += W) {
      Vec<W> u[kPlaces];
      for (int64_t place = 0; place < kPlaces; ++place) {
        const float* part = from + (place * f.in_channels + i) * width + o;
        u[place] = load<W>(part);
        for (int64_t k = 1; k < parts; ++k) u[place] += load<W>(part + k * step);
      }
      restore_filter<W>(u, w);
      for (int l = 0; l < W; ++l) {
        float* to = weight + (first + o + l) * f.out_step + i * f.in_step;
        for (int tap = 0; tap < 9; ++tap) to[tap] = w[tap * W + l];
      }
    }
  }
}

// R tiles and Q vectors of outputs at once in the forward product, C inputs in that of the weight gradient.
template <int W, int R, int Q, int C>
constexpr Isa isa(const char* name) {
  static_assert(kChannels % W == 0 && W % C == 0, "channels come in whole vectors");
  return {name, Q * W, R, transform_weights<W, Q>, forward<W, R, Q>, weight_grad<W, C, Q>, restore_weights<W, Q>};
}

}  // namespace
}  // namespace paratrain::winograd
