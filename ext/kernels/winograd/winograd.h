// Convolution with 3 x 3 or 5 x 5 kernels and stride 1 by Winograd's minimal filtering in float32.
//
// F(m x m, r x r): a tile of m x m results of r x r taps, over a patch of T x T places (T = m + r - 1), needs T x T
// products instead of m x m x r x r (Lavin and Gray, 2016):
//
//     forward          Y  = A' [ (G w G') * (B' x B) ] A         * is place by place, summed over the channels
//     data gradient    dx = B  [ (G w G') * (A dY A') ] B'       * likewise; what patches share is added up
//     weight gradient  dw = G' [ (B' x B) * (A dY A') ] G        * is place by place, summed over the tiles
//
// with x the patch under a tile of results.  For each of the T x T places the sum over channels (or tiles) is a product
// of matrices, and that is where the time goes.  The gradient of the data is also the forward convolution of dY with
// the weights turned by half a turn, which adds nothing up, but has more tiles where the data is larger than the
// result. Activations have their channels innermost (N H W C).
//
// A block of a few tiles is transformed, multiplied and transformed back while it stays in the cache.  The functions
// of a block exist once per form and instruction set (`Method`); winograd_cpu.cc shares the blocks among the threads.
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>

namespace paratrain::winograd {

constexpr int64_t kChannels = 16;  // channels are computed in vectors; the last one is filled up with zeros

inline int64_t filled_up(int64_t channels) { return (channels + kChannels - 1) / kChannels * kChannels; }

// F(results x results, taps x taps).
struct Form {
  int64_t results, taps;
  int64_t side() const { return results + taps - 1; }
  int64_t places() const { return side() * side(); }
  bool operator==(const Form& o) const { return results == o.results && taps == o.taps; }
};

// Sizes of one convolution, and the form that it is computed in.
struct Problem {
  int64_t batch, in_channels, out_channels;
  int64_t in[2], out[2], pad[2];
  Form form;

  int64_t tile_rows() const { return (out[0] + form.results - 1) / form.results; }
  int64_t tile_columns() const { return (out[1] + form.results - 1) / form.results; }
  int64_t tiles() const { return batch * tile_rows() * tile_columns(); }
};

// Where the weights of (output channel o, input channel i) lie: at data + o * out_step + i * in_step.
// `turned`: by half a turn, as the gradient of the data needs them.
struct Filters {
  int64_t in_channels, out_channels, in_step, out_step;
  bool turned;
};

// Tiles [first, first + count) of a problem; `capacity` is the count that the scratch memory is laid out for.
struct Block {
  int64_t first, count, capacity;
};

// Output channels [first, first + count); whole groups, or up to the last channel.
struct Slice {
  int64_t first, count;
};

// What follows in the same kernel: an addend of the result's size (or null), then a lower and an upper bound.
struct Tail {
  const float* addend = nullptr;
  float low = -std::numeric_limits<float>::infinity(), high = std::numeric_limits<float>::infinity();
};

// What lies where a patch reaches beyond its image: at least as many zeros as there are filled-up channels.  Vectors of
// the last pixel of an array would reach beyond its end: it is read from a copy that is filled up (`last`, null where
// channels are whole vectors).
struct Beyond {
  const float* zeros;
  const float* last;
};

// The functions of one form in one instruction set.  Transformed weights lie as
// [group of outputs][place][input][output in group].
struct Method {
  const char* isa;
  Form form;
  int64_t group;  // output channels in a group; the last group may have fewer
  int64_t rows;   // tiles that are multiplied at once: the capacity of a forward block is a multiple of it
  // Transforms the weights of the group of outputs that begins with `first`.
  void (*transform_weights)(const Filters&, int64_t first, const float* weight, float* transformed);
  void (*forward)(const Problem&, const Block&, const Slice&, const float* x, const float* weights, const float* bias,
                  const Tail& tail, const Beyond& x_beyond, float* y, float* scratch);
  // Adds to the gradient of the data; the weights are those of a convolution from its results to its data.
  void (*data_grad)(const Problem&, const Block&, const float* dy, const float* weights, const Beyond& dy_beyond,
                    float* dx, float* scratch);
  // Adds to the gradient of the transformed weights, and to that of the bias if that is not null.
  void (*weight_grad)(const Problem&, const Block&, const Slice&, const float* dy, const float* x,
                      const Beyond& dy_beyond, const Beyond& x_beyond, float* dweights, float* dbias, float* scratch);
  // The weights of a group from the sum of `parts` gradients of transformed weights that lie `step` apart.
  void (*restore_weights)(const Filters&, int64_t first, const float* transformed, int64_t parts, int64_t step,
                          float* weight);
};

// The forms that there are, in the order of `Methods`.
constexpr Form kForms[] = {{2, 3}, {4, 3}, {2, 5}};
struct Methods {
  Method of[3];
};
extern const Methods kAvx512, kBaseline;

// The methods of an instruction set by name, of the best one of this processor by any other.
const Methods& methods(const char* isa);

// Patches transformed by B' and A' lie as [place][filled-up channels / W][tile][W] (W: floats of a vector).  The
// places are a little further apart than they need to be: a multiple of 4096 bytes apart they would all fall into one
// set of the first cache.
inline int64_t place_step(int64_t channels, int64_t capacity) { return filled_up(channels) * capacity + kChannels; }

// Whole convolutions, shared among up to `threads` threads; work is cut by sizes alone, so the results do not depend on
// how many there are.  Sizes are in floats.

// Transformed weights.
inline int64_t transformed_size(const Form& form, int64_t in_channels, int64_t out_channels) {
  return form.places() * in_channels * filled_up(out_channels);
}
inline int64_t transformed_size(const Problem& p) { return transformed_size(p.form, p.in_channels, p.out_channels); }
void transform_weights(const Method& method, const Filters& f, const float* weight, float* transformed);

int64_t forward_scratch(const Problem& p, const Method& method, int threads);
void forward(const Method& method, const Problem& p, const float* x, const float* transformed, const float* bias,
             const Tail& tail, float* y, float* scratch, int threads);

int64_t data_grad_scratch(const Problem& p, const Method& method, int threads);
void data_grad(const Method& method, const Problem& p, const float* dy, const float* transformed, float* dx,
               float* scratch, int threads);

// `dbias` may be null.
int64_t weight_grad_scratch(const Problem& p, int threads);
void weight_grad(const Method& method, const Problem& p, const Filters& f, const float* dy, const float* x,
                 float* dweight, float* dbias, float* scratch, int threads);

}  // namespace paratrain::winograd
