#include "kernels/winograd/winograd.h"

#include <omp.h>

#include <algorithm>
#include <cstring>

#include "kernels/avx512.h"

namespace paratrain::winograd {
namespace {

// Tiles in a block: so many that a vector of transformed weights is worth loading, so few that what they become stays
// in the second cache even with 512 channels.  Twice as many where the transformed weights come from memory.
constexpr int64_t kForwardTiles = 12, kGradTiles = 32;
constexpr int64_t kCachedWeights = 16 << 20;  // bytes
// Blocks that a thread takes at a time: neighbours share lines of the image.
constexpr int64_t kRun = 16;
// Parts that a thread takes one after the other, at least: the others do not wait long for the last one.
constexpr int64_t kPartsOfThread = 8;
// Into how many parts the gradient of the weights is cut, at least, if the memory for their sums does not exceed a
// limit.
constexpr int64_t kParts = 8, kPartsBytes = 8 << 20;
// Tiles in a part of the gradient of the data, at least: the last block of a part is not full.
constexpr int64_t kImageTiles = 5 * kForwardTiles;
// Outputs in a part.  Each part transforms its input itself, which costs 3 % of the products of so many outputs.
constexpr int64_t kSlice = 128;

int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

int64_t forward_tiles(const Problem& p) {
  const int64_t bytes = transformed_size(p) * static_cast<int64_t>(sizeof(float));
  return bytes > kCachedWeights ? 2 * kForwardTiles : kForwardTiles;
}

Block block(const Problem& p, int64_t index, int64_t capacity) {
  const int64_t first = index * capacity;
  return {first, std::min(capacity, p.tiles() - first), capacity};
}

// What a thread needs: what lies beyond the edges, two arrays of transformed patches.
int64_t thread_scratch(const Problem& p, int64_t second_channels, int64_t capacity) {
  return 3 * filled_up(std::max(p.in_channels, p.out_channels)) +
         p.form.places() * (place_step(p.in_channels, capacity) + place_step(second_channels, capacity));
}

struct ThreadScratch {
  ThreadScratch(const Problem& p, float* base) : base(base), size(filled_up(std::max(p.in_channels, p.out_channels))) {
    std::fill_n(base, 3 * size, 0.0f);
  }
  // `place` 1 or 2: whose last pixel is kept.
  Beyond beyond(int place, const float* images, int64_t pixels, int64_t channels) const {
    if (channels == filled_up(channels)) return {base, nullptr};
    std::copy_n(images + (pixels - 1) * channels, channels, base + place * size);
    return {base, base + place * size};
  }
  Beyond beyond_x(const Problem& p, const float* x) const {
    return beyond(1, x, p.batch * p.in[0] * p.in[1], p.in_channels);
  }
  Beyond beyond_dy(const Problem& p, const float* dy) const {
    return beyond(2, dy, p.batch * p.out[0] * p.out[1], p.out_channels);
  }
  float* rest() const { return base + 3 * size; }

  float* base;
  int64_t size;
};

// How forward is cut: blocks of tiles, and if those are too few to keep all threads busy, slices of the outputs.  Each
// slice transforms the input of its block itself.
struct ForwardCut {
  ForwardCut(const Problem& p, const Method& method, int threads)
      : tiles(forward_tiles(p)), blocks(ceil_div(p.tiles(), tiles)) {
    const int64_t groups = ceil_div(p.out_channels, method.group), wanted = kPartsOfThread * threads;
    const int64_t per_slice = std::max<int64_t>(1, groups * blocks / wanted);
    width = blocks >= wanted || threads == 1 ? groups * method.group : per_slice * method.group;
    slices = ceil_div(p.out_channels, width);
    run = std::min(kRun, ceil_div(blocks * slices, wanted));
  }
  Slice slice(const Problem& p, int64_t part) const {
    const int64_t first = part / blocks * width;
    return {first, std::min(width, filled_up(p.out_channels) - first)};
  }
  int64_t tiles, blocks, slices, width, run;
};

// How the gradient of the weights is cut: slices of the outputs, and chunks of the blocks of tiles.
struct GradCut {
  explicit GradCut(const Problem& p)
      : blocks(ceil_div(p.tiles(), kGradTiles)),
        slices(ceil_div(p.out_channels, kSlice)),
        size(transformed_size(p) + filled_up(p.out_channels)) {
    const int64_t affordable = kPartsBytes / static_cast<int64_t>(sizeof(float)) / size;
    chunks = std::max<int64_t>(1, std::min({ceil_div(kParts, slices), affordable, blocks}));
  }
  Slice slice(const Problem& p, int64_t part) const {
    const int64_t first = part % slices * kSlice;
    return {first, std::min(kSlice, filled_up(p.out_channels) - first)};
  }
  int64_t blocks, slices, chunks;
  int64_t size;  // of the sums of a chunk: transformed weights, then the bias
};

// How the gradient of the data is cut: a thread takes whole images, for the patches of an image overlap.
struct ImageCut {
  explicit ImageCut(const Problem& p)
      : of_image(p.tile_rows() * p.tile_columns()), images(ceil_div(kImageTiles, of_image)) {}
  int64_t parts(const Problem& p) const { return ceil_div(p.batch, images); }
  int64_t of_image, images;
};

// One slice of outputs over one chunk of the tiles.
void weight_grad_part(const Method& method, const Problem& p, const GradCut& cut, int64_t part, const float* dy,
                      const float* x, bool bias, float* sums, const ThreadScratch& scratch) {
  const Slice slice = cut.slice(p, part);
  const Beyond x_beyond = scratch.beyond_x(p, x), dy_beyond = scratch.beyond_dy(p, dy);
  const int64_t chunk = part / cut.slices, per_output = p.form.places() * p.in_channels;
  float *dweights = sums + chunk * cut.size, *dbias = dweights + transformed_size(p);
  std::fill_n(dweights + slice.first * per_output, slice.count * per_output, 0.0f);
  std::fill_n(dbias + slice.first, slice.count, 0.0f);
  const int64_t end = (chunk + 1) * cut.blocks / cut.chunks;
  for (int64_t b = chunk * cut.blocks / cut.chunks; b < end; ++b) {
    method.weight_grad(p, block(p, b, kGradTiles), slice, dy, x, dy_beyond, x_beyond, dweights, bias ? dbias : nullptr,
                       scratch.rest());
  }
}

}  // namespace

const Methods& methods(const char* isa) {
  if (std::strcmp(isa, kBaseline.of[0].isa) == 0) return kBaseline;
  return has_avx512() ? kAvx512 : kBaseline;
}

void transform_weights(const Method& method, const Filters& f, const float* weight, float* transformed) {
  const int64_t groups = ceil_div(f.out_channels, method.group);
#pragma omp parallel for schedule(static) if (f.in_channels * f.out_channels >= 4096)
  for (int64_t g = 0; g < groups; ++g) method.transform_weights(f, g * method.group, weight, transformed);
}

int64_t forward_scratch(const Problem& p, const Method& method, int threads) {
  return threads * thread_scratch(p, method.group, forward_tiles(p));
}

void forward(const Method& method, const Problem& p, const float* x, const float* transformed, const float* bias,
             const Tail& tail, float* y, float* scratch, int threads) {
  const ForwardCut cut(p, method, threads);
  const int64_t step = thread_scratch(p, method.group, cut.tiles);
#pragma omp parallel num_threads(std::min(threads, omp_get_max_threads()))
  {
    const ThreadScratch own(p, scratch + omp_get_thread_num() * step);
    const Beyond beyond = own.beyond_x(p, x);
#pragma omp for schedule(dynamic, cut.run)
    for (int64_t part = 0; part < cut.blocks * cut.slices; ++part) {
      method.forward(p, block(p, part % cut.blocks, cut.tiles), cut.slice(p, part), x, transformed, bias, tail, beyond,
                     y, own.rest());
    }
  }
}

int64_t data_grad_scratch(const Problem& p, const Method& method, int threads) {
  return threads *
         (thread_scratch(p, p.out_channels, kForwardTiles) + p.form.places() * place_step(method.group, kForwardTiles));
}

void data_grad(const Method& method, const Problem& p, const float* dy, const float* transformed, float* dx,
               float* scratch, int threads) {
  const ImageCut cut(p);
  const int64_t step = data_grad_scratch(p, method, 1), image = p.in[0] * p.in[1] * p.in_channels;
#pragma omp parallel num_threads(std::min(threads, omp_get_max_threads()))
  {
    const ThreadScratch own(p, scratch + omp_get_thread_num() * step);
    const Beyond beyond = own.beyond_dy(p, dy);
#pragma omp for schedule(dynamic, 1)
    for (int64_t part = 0; part < cut.parts(p); ++part) {
      const int64_t first = part * cut.images, last = std::min(first + cut.images, p.batch);
      std::fill(dx + first * image, dx + last * image, 0.0f);
      for (int64_t t = first * cut.of_image; t < last * cut.of_image; t += kForwardTiles) {
        const Block block = {t, std::min(kForwardTiles, last * cut.of_image - t), kForwardTiles};
        method.data_grad(p, block, dy, transformed, beyond, dx, own.rest());
      }
    }
  }
}

int64_t weight_grad_scratch(const Problem& p, int threads) {
  const GradCut cut(p);
  return cut.chunks * cut.size + threads * thread_scratch(p, std::min(kSlice, p.out_channels), kGradTiles);
}

void weight_grad(const Method& method, const Problem& p, const Filters& f, const float* dy, const float* x,
                 float* dweight, float* dbias, float* scratch, int threads) {
  const GradCut cut(p);
  const int64_t step = thread_scratch(p, std::min(kSlice, p.out_channels), kGradTiles);
  const int64_t groups = ceil_div(p.out_channels, method.group);
  float* sums = scratch + threads * step;
#pragma omp parallel num_threads(std::min(threads, omp_get_max_threads()))
  {
    const ThreadScratch own(p, scratch + omp_get_thread_num() * step);
#pragma omp for schedule(dynamic, 1)
    for (int64_t part = 0; part < cut.slices * cut.chunks; ++part) {
      weight_grad_part(method, p, cut, part, dy, x, dbias != nullptr, sums, own);
    }
#pragma omp for schedule(static)
    for (int64_t g = 0; g < groups; ++g) {
      method.restore_weights(f, g * method.group, sums, cut.chunks, cut.size, dweight);
    }
  }
  if (!dbias) return;
  for (int64_t k = 0; k < p.out_channels; ++k) {
    float total = 0;
    for (int64_t c = 0; c < cut.chunks; ++c) total += sums[c * cut.size + transformed_size(p) + k];
    dbias[k] = total;
  }
}

}  // namespace paratrain::winograd
