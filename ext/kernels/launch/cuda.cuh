// The loops on the GPU.  Work is cut by size, never by the number of processors, and there are no atomics: the same
// bits come out every time and on every GPU of one architecture.
#pragma once
#include <algorithm>

#include "cuda/cuda_common.h"
#include "kernels/launch/launch.h"

namespace paratrain {

namespace cuda {

constexpr int kThreads = 256;
constexpr int64_t kMaxBlocks = 1 << 16;  // of a loop; a thread then takes several items
constexpr int64_t kReduceSteps = 64;     // elements that one thread of a reduction takes, before it is cut into parts
constexpr int64_t kReduceParts = 1024;   // at most
constexpr int64_t kReduceBlocks = 1024;  // from this many on, a reduction keeps any GPU busy without parts

inline unsigned blocks_for(int64_t items, int64_t per_block = kThreads) {
  return static_cast<unsigned>(std::min((items + per_block - 1) / per_block, kMaxBlocks));
}

// offset_of without the divisions that can be spared: 64-bit ones are slow on a GPU.
__device__ inline int64_t place_of(int64_t index, int ndim, const int64_t* shape, const int64_t* stride) {
  if (ndim == 1) return index * stride[0];
  if (index > 0x7fffffff) return offset_of(index, ndim, shape, stride);
  uint32_t rest = static_cast<uint32_t>(index);
  int64_t offset = 0;
  for (int d = ndim - 1; d > 0; --d) {
    // an axis is no longer than the array, so where 32 bits are too few for it the index is its place
    const uint32_t size = shape[d] > 0x7fffffff ? 0x80000000u : static_cast<uint32_t>(shape[d]);
    offset += static_cast<int64_t>(rest % size) * stride[d];
    rest /= size;
  }
  return ndim > 0 ? offset + static_cast<int64_t>(rest) * stride[0] : 0;
}

template <class F>
__global__ void __launch_bounds__(kThreads) map_kernel(int64_t n, F f) {
  const int64_t step = static_cast<int64_t>(gridDim.x) * kThreads;
  for (int64_t i = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x; i < n; i += step) f(i);
}

template <class F>
__global__ void __launch_bounds__(kThreads) broadcast_kernel(BroadcastPlan p, F f) {
  const int64_t step = static_cast<int64_t>(gridDim.x) * kThreads;
  for (int64_t i = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x; i < p.size; i += step) {
    f(i, place_of(i, p.ndim, p.shape, p.stride_a), place_of(i, p.ndim, p.shape, p.stride_b));
  }
}

// How a block of kThreads threads is laid over a reduction: `along` threads share one output, the threads that
// are neighbours read neighbouring elements.  Part y of the grid takes elements [y * chunk, (y + 1) * chunk).
struct ReduceShape {
  int along;
  int64_t chunk;
  int parts;
  int outputs_per_block() const { return kThreads / along; }
};

inline ReduceShape shape_of(const ReducePlan& p) {
  ReduceShape s;
  const int64_t width = p.last_kept ? 8 : (p.length <= 1024 ? 32 : kThreads);
  s.along = static_cast<int>(width);
  const int64_t blocks = (p.outputs + s.outputs_per_block() - 1) / s.outputs_per_block();
  const int64_t wanted = std::min((p.length + width * kReduceSteps - 1) / (width * kReduceSteps), kReduceParts);
  s.parts = static_cast<int>(blocks < kReduceBlocks ? std::max<int64_t>(wanted, 1) : 1);
  s.chunk = (p.length + s.parts - 1) / s.parts;
  return s;
}

// partial_in: elements are totals of an earlier pass; partial_out: totals go there, (parts, outputs), not to store.
template <class Acc, class Load, class Combine, class Store>
__global__ void __launch_bounds__(kThreads)
    reduce_kernel(ReducePlan p, ReduceShape s, Acc init, Load load, Combine combine, Store store, const Acc* partial_in,
                  Acc* partial_out) {
  __shared__ Acc totals[kThreads];
  const int per_block = kThreads / s.along, thread = static_cast<int>(threadIdx.x);
  const int k0 = p.last_kept ? thread / per_block : thread % s.along;
  const int o0 = p.last_kept ? thread % per_block : thread / s.along;
  const int64_t begin = blockIdx.y * s.chunk, end = begin + s.chunk < p.length ? begin + s.chunk : p.length;
  for (int64_t block = blockIdx.x; block * per_block < p.outputs; block += gridDim.x) {
    const int64_t o = block * per_block + o0;
    Acc total = init;
    if (o < p.outputs) {
      const int64_t base = place_of(o, p.kept, p.kept_shape, p.kept_stride);
      for (int64_t k = begin + k0; k < end; k += s.along) {
        const int64_t at = base + place_of(k, p.reduced, p.reduced_shape, p.reduced_stride);
        total = combine(total, partial_in ? partial_in[at] : load(at));
      }
    }
    const int mine = k0 * per_block + o0;
    totals[mine] = total;
    __syncthreads();
    for (int half = s.along / 2; half > 0; half /= 2) {
      if (k0 < half) totals[mine] = combine(totals[mine], totals[mine + half * per_block]);
      __syncthreads();
    }
    if (k0 == 0 && o < p.outputs) {
      if (partial_out) {
        partial_out[blockIdx.y * p.outputs + o] = totals[mine];
      } else {
        store(o, totals[mine]);
      }
    }
    __syncthreads();
  }
}

// Memory for the totals of parts, in the order of the stream.
template <class T>
class Scratch {
 public:
  Scratch(int64_t n, cudaStream_t stream) : stream_(stream) {
    PT_CUDA(cudaMallocAsync(reinterpret_cast<void**>(&data_), static_cast<size_t>(n) * sizeof(T), stream));
  }
  ~Scratch() { cudaFreeAsync(data_, stream_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  T* get() const { return data_; }

 private:
  cudaStream_t stream_;
  T* data_ = nullptr;
};

}  // namespace cuda

template <>
struct Launch<Cuda> {
  template <class F>
  static void map(const RunContext& ctx, int64_t n, F f) {
    if (n <= 0) return;
    cuda::map_kernel<<<cuda::blocks_for(n), cuda::kThreads, 0, cuda::stream_of(ctx.stream)>>>(n, f);
    PT_CUDA(cudaGetLastError());
  }

  template <class F>
  static void each(const RunContext& ctx, int64_t n, int64_t, F f) {
    map(ctx, n, f);
  }

  template <class F>
  static void broadcast(const RunContext& ctx, const BroadcastPlan& p, F f) {
    if (p.size <= 0) return;
    cuda::broadcast_kernel<<<cuda::blocks_for(p.size), cuda::kThreads, 0, cuda::stream_of(ctx.stream)>>>(p, f);
    PT_CUDA(cudaGetLastError());
  }

  template <class Acc, class Load, class Combine, class Store>
  static void reduce(const RunContext& ctx, const ReducePlan& p, Acc init, Load load, Combine combine, Store store) {
    if (p.outputs <= 0) return;
    const cuda::ReduceShape s = cuda::shape_of(p);
    const cudaStream_t stream = cuda::stream_of(ctx.stream);
    auto pass = [&](const ReducePlan& plan, const cuda::ReduceShape& shape, const Acc* from, Acc* to) {
      const dim3 grid(cuda::blocks_for(plan.outputs, shape.outputs_per_block()), static_cast<unsigned>(shape.parts));
      cuda::reduce_kernel<Acc><<<grid, cuda::kThreads, 0, stream>>>(plan, shape, init, load, combine, store, from, to);
      PT_CUDA(cudaGetLastError());
    };
    if (s.parts == 1) return pass(p, s, nullptr, nullptr);
    const cuda::Scratch<Acc> partial(s.parts * p.outputs, stream);
    pass(p, s, nullptr, partial.get());
    // (parts, outputs) over its first axis
    ReducePlan rest;
    rest.outputs = p.outputs;
    rest.length = s.parts;
    rest.kept = rest.reduced = 1;
    rest.kept_shape[0] = p.outputs;
    rest.kept_stride[0] = 1;
    rest.reduced_shape[0] = s.parts;
    rest.reduced_stride[0] = p.outputs;
    rest.last_kept = p.outputs > 1;
    pass(rest, {rest.last_kept ? 8 : cuda::kThreads, s.parts, 1}, partial.get(), nullptr);
  }
};

}  // namespace paratrain
