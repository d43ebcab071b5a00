// The functions of a block of tiles, for vectors of W floats.  Included by one source per instruction set, so
// everything here is local to it.
#pragma once
#include "kernels/winograd/transforms.h"
#include "kernels/winograd/winograd.h"

namespace paratrain::winograd {
namespace {

// A form and the vectors that it is computed with.
template <int w, int results, int taps>
struct Code {
  static constexpr int W = w, M = results, K = taps, T = results + taps - 1, kPlaces = T * T;
};

// Where a tile lies.
template <class Code>
struct Tile {
  int64_t image, row, column;  // of its first result

  Tile(const Problem& p, int64_t index)
      : image(index / (p.tile_rows() * p.tile_columns())),
        row(index / p.tile_columns() % p.tile_rows() * Code::M),
        column(index % p.tile_columns() * Code::M) {}
  void next(const Problem& p) {
    if ((column += Code::M) < p.out[1]) return;
    column = 0;
    if ((row += Code::M) < p.out[0]) return;
    row = 0;
    ++image;
  }
};

// Images with their channels innermost, `used` of which are read from `first` on.
struct Images {
  Images(const float* images, int64_t batch, const int64_t* size, int64_t channels, const Beyond& beyond, int64_t first)
      : data(images + first),
        size(size),
        channels(channels),
        last_pixel(data + (batch * size[0] * size[1] - 1) * channels),
        zeros(beyond.zeros),
        last(beyond.last ? beyond.last + first : nullptr) {}

  const float* data;
  const int64_t* size;
  int64_t channels;
  const float* last_pixel;
  const float *zeros, *last;
};

// The S x S places of an image from (row, column) on; beyond its edges zeros.  Calls `use` with a function that gives
// the channels at a place.
template <int S, class Use>
inline __attribute__((always_inline)) void with_patch(const Images& x, int64_t image, int64_t row, int64_t column,
                                                      Use use) {
  const int64_t width = x.size[1] * x.channels;
  const float* corner = x.data + (image * x.size[0] + row) * width + column * x.channels;
  const bool inside = row >= 0 && row + S <= x.size[0] && column >= 0 && column + S <= x.size[1];
  if (inside && (!x.last || corner + (S - 1) * (width + x.channels) < x.last_pixel)) {
    use([=](int i, int j) { return corner + i * width + j * x.channels; });
    return;
  }
  const float* at[S * S];
  for (int i = 0; i < S; ++i) {
    const bool in_row = static_cast<uint64_t>(row + i) < static_cast<uint64_t>(x.size[0]);
    for (int j = 0; j < S; ++j) {
      const bool in_column = static_cast<uint64_t>(column + j) < static_cast<uint64_t>(x.size[1]);
      const float* pixel = corner + i * width + j * x.channels;
      at[i * S + j] = !in_row || !in_column ? x.zeros : x.last && pixel == x.last_pixel ? x.last : pixel;
    }
  }
  use([&at](int i, int j) { return at[i * S + j]; });
}

// B' x B of the tiles of a block.
template <class Code>
inline void transform_inputs(const Problem& p, const Block& b, const float* x, const Beyond& beyond, float* v) {
  constexpr int W = Code::W, T = Code::T;
  const Images images(x, p.batch, p.in, p.in_channels, beyond, 0);
  const int64_t step = place_step(p.in_channels, b.capacity);
  Tile<Code> tile(p, b.first);
  for (int64_t t = 0; t < b.count; ++t, tile.next(p)) {
    with_patch<T>(images, tile.image, tile.row - p.pad[0], tile.column - p.pad[1], [&](auto at) {
      float* to = v + t * W;
      for (int64_t c = 0; c < p.in_channels; c += W, to += b.capacity * W) {
        transform<W, T, T, Spread<T>>([&](int i, int j) { return load<W>(at(i, j) + c); },
                                      [&](int i, int j, Vec<W> u) { store<W>(to + (i * T + j) * step, u); });
      }
    });
  }
}

// R tiles by Q vectors of outputs at one place: sums over the channels of inputs x weights.
template <int W, int R, int Q>
inline void multiply(int64_t channels, int64_t capacity, const float* v, const float* u, float* m, int64_t m_step) {
  Vec<W> sum[R][Q] = {};
  for (int64_t c = 0; c < channels; c += W, v += capacity * W) {
    const int64_t lanes = channels - c < W ? channels - c : W;
    for (int64_t l = 0; l < lanes; ++l, u += Q * W) {
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

// What follows at `place` of the result, where `count` channels are left; NaN passes the bounds.
template <int W>
inline __attribute__((always_inline)) Vec<W> with_tail(Vec<W> v, const Tail& tail, int64_t place, int64_t count) {
  const Vec<W> low = Vec<W>{} + tail.low, high = Vec<W>{} + tail.high;
  if (tail.addend) v += load_some<W>(tail.addend + place, count);
  v = v < low ? low : v;
  return v > high ? high : v;
}

// A' m A of one tile and one vector of outputs, with the bias and what follows, where it lies inside the result.
template <class Code>
inline void transform_output(const Problem& p, const Tile<Code>& tile, const float* m, int64_t step, Vec<Code::W> bias,
                             const Tail& tail, int64_t first, float* y) {
  constexpr int W = Code::W, T = Code::T, M = Code::M;
  const int64_t rows = p.out[0] - tile.row, columns = p.out[1] - tile.column, count = p.out_channels - first;
  const int64_t corner = ((tile.image * p.out[0] + tile.row) * p.out[1] + tile.column) * p.out_channels + first;
  transform<W, T, M, Collect<T, M>>([&](int i, int j) { return load<W>(m + (i * T + j) * step); },
                                    [&](int i, int j, Vec<W> v) {
                                      if (i >= rows || j >= columns) return;
                                      const int64_t at = corner + (i * p.out[1] + j) * p.out_channels;
                                      store_some<W>(y + at, with_tail<W>(v + bias, tail, at, count), count);
                                    });
}

// B m B' of one tile and one vector of channels, added where the patch lies inside the image.
template <class Code>
inline void add_patch(const Problem& p, const Tile<Code>& tile, const float* m, int64_t step, int64_t first,
                      float* dx) {
  constexpr int W = Code::W, T = Code::T;
  const int64_t row = tile.row - p.pad[0], column = tile.column - p.pad[1], count = p.in_channels - first;
  const int64_t corner = ((tile.image * p.in[0] + row) * p.in[1] + column) * p.in_channels + first;
  transform<W, T, T, Gather<T>>([&](int i, int j) { return load<W>(m + (i * T + j) * step); },
                                [&](int i, int j, Vec<W> v) {
                                  const bool inside =
                                      static_cast<uint64_t>(row + i) < static_cast<uint64_t>(p.in[0]) &&
                                      static_cast<uint64_t>(column + j) < static_cast<uint64_t>(p.in[1]);
                                  if (!inside) return;
                                  float* at = dx + corner + (i * p.in[1] + j) * p.in_channels;
                                  store_some<W>(at, load_some<W>(at, count) + v, count);
                                });
}

// Asks for the places that the tiles of the next block add to `data`, while this block is computed: the hardware does
// not foresee them.  `used` of the `channels` are wanted.  (Always inlined: GCC takes a function that only prefetches
// for one without effect.)
template <class Code, bool ForWriting>
inline __attribute__((always_inline)) void fetch_next(const Problem& p, const Block& b, const int64_t* size,
                                                      int64_t row_offset, int64_t channels, int64_t used,
                                                      const float* data) {
  Tile<Code> tile(p, b.first + b.count);
  for (int64_t t = 0; t < b.count && tile.image < p.batch; ++t, tile.next(p)) {
    const float* line = data + ((tile.image * size[0] + tile.row + row_offset) * size[1] + tile.column) * channels;
    for (int i = 0; i < Code::M; ++i, line += size[1] * channels) {
      for (int64_t c = 0; c < used; c += kChannels) {
        for (int j = 0; j < Code::M; ++j) __builtin_prefetch(line + j * channels + c, ForWriting, 2);
      }
    }
  }
}

// Q vectors of outputs of all tiles, at all places.
template <class Code, int R, int Q>
inline void multiply_places(int64_t channels, const Block& b, const float* v, const float* u, float* m) {
  constexpr int W = Code::W;
  const int64_t v_step = place_step(channels, b.capacity), m_step = place_step(Q * W, b.capacity);
  for (int64_t place = 0; place < Code::kPlaces; ++place, u += channels * Q * W) {
    for (int64_t t = 0; t < b.count; t += R) {
      multiply<W, R, Q>(channels, b.capacity, v + place * v_step + t * W, u, m + place * m_step + t * Q * W, Q * W);
    }
  }
}

// Results [first, first + Q * W) of all tiles.
template <class Code, int R, int Q>
inline void forward_group(const Problem& p, const Block& b, int64_t first, const float* v, const float* u,
                          const float* bias, const Tail& tail, float* y, float* m) {
  constexpr int W = Code::W;
  const int64_t m_step = place_step(Q * W, b.capacity);
  multiply_places<Code, R, Q>(p.in_channels, b, v, u, m);
  Vec<W> offset[Q];
  for (int q = 0; q < Q; ++q) {
    offset[q] = bias ? load_some<W>(bias + first + q * W, p.out_channels - first - q * W) : Vec<W>{};
  }
  Tile<Code> tile(p, b.first);
  for (int64_t t = 0; t < b.count; ++t, tile.next(p)) {
    for (int q = 0; q < Q && first + q * W < p.out_channels; ++q) {
      transform_output<Code>(p, tile, m + (t * Q + q) * W, m_step, offset[q], tail, first + q * W, y);
    }
  }
}

template <class Code, int R, int Q>
void forward(const Problem& p, const Block& b, const Slice& s, const float* x, const float* weights, const float* bias,
             const Tail& tail, const Beyond& x_beyond, float* y, float* scratch) {
  float* m = scratch + Code::kPlaces * place_step(p.in_channels, b.capacity);
  transform_inputs<Code>(p, b, x, x_beyond, scratch);
  fetch_next<Code, false>(p, b, p.in, Code::K - 1 - p.pad[0], p.in_channels, p.in_channels, x);
  fetch_next<Code, true>(p, b, p.out, 0, p.out_channels, p.out_channels, y);
  for (int64_t k = s.first; k < s.first + s.count; k += Q * Code::W) {
    const float* u = weights + k * Code::kPlaces * p.in_channels;
    if (k + Q * Code::W <= s.first + s.count) {
      forward_group<Code, R, Q>(p, b, k, scratch, u, bias, tail, y, m);
    } else {
      forward_group<Code, R, kChannels / Code::W>(p, b, k, scratch, u, bias, tail, y, m);
    }
  }
}

// A dY A' of the tiles of a block; also adds what lies in the tiles to the gradient of the bias.
template <class Code>
inline void transform_result_grads(const Problem& p, const Block& b, const Slice& s, const float* dy,
                                   const Beyond& beyond, float* d, float* dbias) {
  constexpr int W = Code::W, T = Code::T, M = Code::M;
  const Images images(dy, p.batch, p.out, p.out_channels, beyond, s.first);
  const int64_t step = place_step(s.count, b.capacity);
  Tile<Code> tile(p, b.first);
  for (int64_t t = 0; t < b.count; ++t, tile.next(p)) {
    with_patch<M>(images, tile.image, tile.row, tile.column, [&](auto at) {
      float* to = d + t * W;
      for (int64_t c = 0; c < s.count; c += W, to += b.capacity * W) {
        Vec<W> total = {};
        transform<W, M, T, Evaluate<T, M>>(
            [&](int i, int j) {
              const Vec<W> g = load<W>(at(i, j) + c);
              total += g;
              return g;
            },
            [&](int i, int j, Vec<W> v) { store<W>(to + (i * T + j) * step, v); });
        if (dbias) store<W>(dbias + s.first + c, load<W>(dbias + s.first + c) + total);
      }
    });
  }
}

// Channels [first, first + Q * W) of the data's gradient.
template <class Code, int R, int Q>
inline void data_grad_group(const Problem& p, const Block& b, int64_t first, const float* d, const float* u, float* dx,
                            float* m) {
  constexpr int W = Code::W;
  multiply_places<Code, R, Q>(p.out_channels, b, d, u, m);
  Tile<Code> tile(p, b.first);
  for (int64_t t = 0; t < b.count; ++t, tile.next(p)) {
    for (int q = 0; q < Q && first + q * W < p.in_channels; ++q) {
      add_patch<Code>(p, tile, m + (t * Q + q) * W, place_step(Q * W, b.capacity), first + q * W, dx);
    }
  }
}

template <class Code, int R, int Q>
void data_grad(const Problem& p, const Block& b, const float* dy, const float* weights, const Beyond& dy_beyond,
               float* dx, float* scratch) {
  constexpr int64_t group = Q * Code::W;
  const int64_t channels = filled_up(p.in_channels);
  float* m = scratch + Code::kPlaces * place_step(p.out_channels, b.capacity);
  transform_result_grads<Code>(p, b, {0, filled_up(p.out_channels)}, dy, dy_beyond, scratch, nullptr);
  for (int64_t c = 0; c < channels; c += group) {
    const float* u = weights + c * Code::kPlaces * p.out_channels;
    if (c + group <= channels) {
      data_grad_group<Code, R, Q>(p, b, c, scratch, u, dx, m);
    } else {
      data_grad_group<Code, R, kChannels / Code::W>(p, b, c, scratch, u, dx, m);
    }
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

// Weights of Q vectors of outputs; the last inputs come in fours and ones.
template <class Code, int C, int Q>
inline void weight_grad_group(const Problem& p, const Block& b, const float* v, const float* d, int64_t d_step,
                              float* du) {
  constexpr int W = Code::W;
  const int64_t v_step = place_step(p.in_channels, b.capacity), channels = p.in_channels;
  for (int64_t place = 0; place < Code::kPlaces; ++place) {
    int64_t c = 0;
    const auto next = [&](auto multiply, int64_t count) {
      for (; c + count <= channels; c += count, du += count * Q * W) {
        const float* x = v + place * v_step + c / W * W * b.capacity + c % W;
        multiply(b.count, x, d + place * d_step, b.capacity * W, du);
      }
    };
    next(multiply_tiles<W, C, Q>, C);
    if (C > 4) next(multiply_tiles<W, 4, Q>, 4);
    next(multiply_tiles<W, 1, Q>, 1);
  }
}

template <class Code, int C, int Q>
void weight_grad(const Problem& p, const Block& b, const Slice& s, const float* dy, const float* x,
                 const Beyond& dy_beyond, const Beyond& x_beyond, float* dweights, float* dbias, float* scratch) {
  const int64_t d_step = place_step(s.count, b.capacity);
  float* d = scratch + Code::kPlaces * place_step(p.in_channels, b.capacity);
  transform_inputs<Code>(p, b, x, x_beyond, scratch);
  transform_result_grads<Code>(p, b, s, dy, dy_beyond, d, dbias);
  fetch_next<Code, false>(p, b, p.in, Code::K - 1 - p.pad[0], p.in_channels, p.in_channels, x);
  fetch_next<Code, false>(p, b, p.out, 0, p.out_channels, s.count, dy + s.first);
  for (int64_t k = 0; k < s.count; k += Q * Code::W) {
    float* du = dweights + (s.first + k) * Code::kPlaces * p.in_channels;
    if (k + Q * Code::W <= s.count) {
      weight_grad_group<Code, C, Q>(p, b, scratch, d + k * b.capacity, d_step, du);
    } else {
      weight_grad_group<Code, C, kChannels / Code::W>(p, b, scratch, d + k * b.capacity, d_step, du);
    }
  }
}

inline int64_t group_width(const Filters& f, int64_t first, int64_t group) {
  const int64_t left = filled_up(f.out_channels) - first;
  return left < group ? left : group;
}

// G w G' of a group of outputs.
template <class Code, int Q>
void transform_weights(const Filters& f, int64_t first, const float* weight, float* transformed) {
  constexpr int W = Code::W, T = Code::T, K = Code::K;
  const int64_t width = group_width(f, first, Q * W), step = f.in_channels * width;
  float* u = transformed + first * Code::kPlaces * f.in_channels;
  alignas(64) float w[K * K * W] = {};
  for (int64_t i = 0; i < f.in_channels; ++i) {
    for (int64_t o = 0; o < width; o += W) {
      for (int64_t l = 0; l < W; ++l) {
        const float* from = weight + (first + o + l) * f.out_step + i * f.in_step;
        const bool there = first + o + l < f.out_channels;
        for (int tap = 0; tap < K * K; ++tap) w[tap * W + l] = there ? from[f.turned ? K * K - 1 - tap : tap] : 0.0f;
      }
      float* to = u + i * width + o;
      transform<W, K, T, Filter<T, K>>([&](int a, int b) { return load<W>(w + (a * K + b) * W); },
                                       [&](int a, int b, Vec<W> v) { store<W>(to + (a * T + b) * step, v); });
    }
  }
}

// G' u G of a group of outputs, u the sum of the parts.
template <class Code, int Q>
void restore_weights(const Filters& f, int64_t first, const float* transformed, int64_t parts, int64_t part_step,
                     float* weight) {
  constexpr int W = Code::W, T = Code::T, K = Code::K;
  const int64_t width = group_width(f, first, Q * W), step = f.in_channels * width;
  const float* u = transformed + first * Code::kPlaces * f.in_channels;
  alignas(64) float w[K * K * W];
  for (int64_t i = 0; i < f.in_channels; ++i) {
    for (int64_t o = 0; o < width; o += W) {
      const float* from = u + i * width + o;
      transform<W, T, K, Restore<T, K>>(
          [&](int a, int b) {
            const float* part = from + (a * T + b) * step;
            Vec<W> sum = load<W>(part);
            for (int64_t k = 1; k < parts; ++k) sum += load<W>(part + k * part_step);
            return sum;
          },
          [&](int a, int b, Vec<W> v) { store<W>(w + (a * K + b) * W, v); });
      for (int64_t l = 0; l < W && first + o + l < f.out_channels; ++l) {
        float* to = weight + (first + o + l) * f.out_step + i * f.in_step;
        for (int tap = 0; tap < K * K; ++tap) to[tap] = w[tap * W + l];
      }
    }
  }
}

// R tiles and Q vectors of outputs at once in the forward product, C inputs in that of the weight gradient.
template <class Code, int R, int Q, int C>
constexpr Method method(const char* isa) {
  static_assert(kChannels % Code::W == 0 && Code::W % C == 0, "channels come in whole vectors");
  return {isa,
          {Code::M, Code::K},
          Q * Code::W,
          R,
          transform_weights<Code, Q>,
          forward<Code, R, Q>,
          data_grad<Code, R, Q>,
          weight_grad<Code, C, Q>,
          restore_weights<Code, Q>};
}

// All forms, in the order of kForms.
template <int W, int R, int Q, int C>
constexpr Methods all_methods(const char* isa) {
  return {
      {method<Code<W, 2, 3>, R, Q, C>(isa), method<Code<W, 4, 3>, R, Q, C>(isa), method<Code<W, 2, 5>, R, Q, C>(isa)}};
}

}  // namespace
}  // namespace paratrain::winograd
