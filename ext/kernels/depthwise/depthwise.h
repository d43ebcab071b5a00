// Convolution of each channel with a filter of its own ("depthwise"), in float32 with channels innermost (N H W C), and
// its two gradients.
//
// There are too few products for the time of reading: at best every array is read or written once.  So a row of results
// is computed from left to right, a few neighbouring columns of all channels at a time: what they share of the data is
// loaded once, and memory is read in its order.
//
//     forward          y[o]  = sum over k of x[o * stride - pad + k] w[k]
//     data gradient    dx[i] = sum over k of dy[(i + pad - k) / stride] w[k], where that is whole
//     weight gradient  dw[k] = sum over o of dy[o] x[o * stride - pad + k]
//
// The first two are the same loop: with a stride the columns of dx fall into `stride` sets, each of which reads
// neighbouring columns of dy with every stride-th weight.
#pragma once
#include <cstdint>
#include <limits>

#include "core/kernel.h"

namespace paratrain::depthwise {

constexpr int64_t kMostTaps = 5;

// Sizes of one convolution: `taps` x `taps` weights for each channel.
struct Problem {
  int64_t batch, channels;
  int64_t in[2], out[2], pad[2];
  int64_t taps, stride;
};

// Columns first, first + step, ... of a row of results; column number j reads `taps` neighbouring columns of the data
// from j * stride + start on, with the weights first_weight, first_weight + weight_step, ...
struct Columns {
  int64_t first, step, count;
  int64_t taps, stride, start;
  int64_t first_weight, weight_step;
};

// What a row of results takes from one row of the data: with the weights of one row of the filters, or adding to their
// gradient.
struct Row {
  const float* data;
  const float* weight;  // [tap][channel]
  float* weight_grad;
};

// What happens to a sum before it is stored.
struct Tail {
  const float* bias = nullptr;    // by channel
  const float* addend = nullptr;  // of the result's size
  float low = -std::numeric_limits<float>::infinity(), high = std::numeric_limits<float>::infinity();
};

// The loops of a row in one instruction set; `width` is the length of a row of the data.
struct Method {
  const char* isa;
  // results[column][channel] from up to kMostTaps rows; `tail.addend` is that of the row.
  void (*sum)(const Row* rows, int64_t count, const Columns& columns, int64_t width, int64_t channels, const Tail& tail,
              float* results);
  // Adds to the gradient of the weights, and to that of the bias where it is not null.
  void (*weight_grad)(const Row* rows, int64_t count, const Columns& columns, int64_t width, int64_t channels,
                      const float* dy, float* dbias);
};

extern const Method kAvx512, kBaseline;

// The method of an instruction set by name, of the best one of this processor by any other.
const Method& method(const char* isa);

// Whole convolutions.  Weights lie as [channel][tap][tap].  Scratch sizes are in floats; work is cut by sizes alone, so
// the results do not depend on the number of threads.
int64_t scratch(const Problem& p);
void forward(const RunContext& ctx, const Method& method, const Problem& p, const float* x, const float* weight,
             const Tail& tail, float* y, float* scratch);
void data_grad(const RunContext& ctx, const Method& method, const Problem& p, const float* dy, const float* weight,
               const Tail& tail, float* dx, float* scratch);

// `dbias` may be null.
int64_t weight_grad_scratch(const Problem& p);
void weight_grad(const RunContext& ctx, const Method& method, const Problem& p, const float* dy, const float* x,
                 float* dweight, float* dbias, float* scratch);

}  // namespace paratrain::depthwise
