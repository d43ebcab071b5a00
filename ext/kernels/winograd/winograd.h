// Convolution with 3 x 3 kernels and stride 1 by Winograd's minimal filtering, F(2 x 2, 3 x 3), in float32.
//
// Four results of a filter over a patch of 4 x 4 places need 16 products instead of 36 (Lavin and Gray, 2016):
//
//     forward          Y  = A' [ (G w G') * (B' x B) ] A         * is place by place, summed over the channels
//     weight gradient  dw = G' [ (B' x B) * (A dY A') ] G        * is place by place, summed over the tiles
//
// with x the 4 x 4 patch under a 2 x 2 tile of results.  For each of the 16 places the sum over channels (or tiles) is
// a product of matrices, and that is where the time goes.  The gradient of the data is the forward convolution of dY
// with the weights turned by half a turn.  Activations have their channels innermost (N H W C).
//
// A block of a few tiles is transformed, multiplied and transformed back while it stays in the cache.  The functions
// of a block exist once per instruction set (`Isa`); winograd_cpu.cc shares the blocks among the threads.
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>

namespace paratrain::winograd {

constexpr int64_t kPlaces = 16;    // of a transformed patch: 4 x 4
constexpr int64_t kChannels = 16;  // numbers of channels are multiples of this

// Sizes of one convolution.
struct Problem {
  int64_t batch, in_channels, out_channels;
  int64_t in[2], out[2], pad[2];

  int64_t tile_rows() const { return (out[0] + 1) / 2; }
  int64_t tile_columns() const { return (out[1] + 1) / 2; }
  int64_t tiles() const { return batch * tile_rows() * tile_columns(); }
  int64_t weight_size() const { return in_channels * out_channels; }
};

// Where the 3 x 3 weights of (output channel o, input channel i) lie: at data + o * out_step + i * in_step.
// `turned`: by half a turn, as the gradient of the data needs them.
struct Filters {
  int64_t in_channels, out_channels, in_step, out_step;
  bool turned;
};

// Tiles [first, first + count) of a problem; `capacity` is the count that the scratch memory is laid out for.
struct Block {
  int64_t first, count, capacity;
};

// Output channels [first, first + count); whole groups.
struct Slice {
  int64_t first, count;
};

// What follows in the same kernel: an addend of the result's size (or null), then a lower and an upper bound.
struct Tail {
  const float* addend = nullptr;
  float low = -std::numeric_limits<float>::infinity(), high = std::numeric_limits<float>::infinity();
};

// The functions of one instruction set.  Transformed weights lie as [group of outputs][place][input][output in group];
// `zeros` is what lies beyond the edges: at least as many zeros as there are channels.
struct Isa {
  const char* name;
  int64_t group;  // output channels in a group; the last group may have fewer
  int64_t rows;   // tiles that are multiplied at once: the capacity of a forward block is a multiple of it
  // Transforms the weights of the group of outputs that begins with `first`.
  void (*transform_weights)(const Filters&, int64_t first, const float* weight, float* transformed);
  void (*forward)(const Problem&, const Block&, const Slice&, const float* x, const float* weights, const float* bias,
                  const Tail& tail, const float* zeros, float* y, float* scratch);
  // Adds to the gradient of the transformed weights, and to that of the bias if that is not null.
  void (*weight_grad)(const Problem&, const Block&, const Slice&, const float* dy, const float* x, const float* zeros,
                      float* dweights, float* dbias, float* scratch);
  // The weights of a group from the sum of `parts` gradients of transformed weights that lie `step` apart.
  void (*restore_weights)(const Filters&, int64_t first, const float* transformed, int64_t parts, int64_t step,
                          float* weight);
};

extern const Isa kAvx512, kBaseline;

// The best of this processor.
const Isa& best_isa();

// Patches of 4 x 4 places transformed by B' and A' lie as [place][channels / W][tile][W] (W: floats of a vector).  The
// places are a little further apart than they need to be: a multiple of 4096 bytes apart they would all fall into one
// set of the first cache.
inline int64_t place_step(int64_t channels, int64_t capacity) { return channels * capacity + kChannels; }

// Whole convolutions, shared among up to `threads` threads; work is cut by sizes alone, so the results do not depend on
// how many there are.  Sizes are in floats.

// Transformed weights.
inline int64_t transformed_size(const Problem& p) { return kPlaces * p.weight_size(); }
void transform_weights(const Isa& isa, const Filters& f, const float* weight, float* transformed);

int64_t forward_scratch(const Problem& p, const Isa& isa, int threads);
void forward(const Isa& isa, const Problem& p, const float* x, const float* transformed, const float* bias,
             const Tail& tail, float* y, float* scratch, int threads);

// `dbias` may be null.
int64_t weight_grad_scratch(const Problem& p, int threads);
void weight_grad(const Isa& isa, const Problem& p, const Filters& f, const float* dy, const float* x, float* dweight,
                 float* dbias, float* scratch, int threads);

}  // namespace paratrain::winograd
