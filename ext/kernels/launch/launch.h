// The loops that every plain kernel shares: map, broadcast, reduce.  Launch<Cpu> is in cpu.h, Launch<Cuda> in cuda.cuh.
//
//   Launch<D>::map(ctx, n, f)                    f(i) for i in [0, n), in any order
//   Launch<D>::broadcast(ctx, plan, f)           f(i, a, b): element i of the result from elements a and b
//   Launch<D>::reduce<Acc>(ctx, plan, init, load, combine, store)
//                                                store(o, total) with total = combine over load(j) of row o
//
// Functors are PT_HD lambdas; on the GPU they are copied, so they capture pointers and numbers by value.
#pragma once
#include "core/kernel.h"
#include "kernels/families.h"

namespace paratrain {

constexpr int kMaxDims = 8;

template <class Device>
struct Launch;

// Shape and element strides of the collapsed result of an operation on two arrays that broadcast.
struct BroadcastPlan {
  int ndim = 0;
  int64_t size = 1;
  int64_t shape[kMaxDims];
  int64_t stride_a[kMaxDims];  // in elements; 0 where the array is repeated
  int64_t stride_b[kMaxDims];
};

// Which elements of the input make up each element of the output, after neighbouring axes have been merged.
struct ReducePlan {
  int64_t outputs = 1, length = 1;  // number of results, elements summed into each
  int kept = 0, reduced = 0;        // number of axes
  int64_t kept_shape[kMaxDims], kept_stride[kMaxDims];
  int64_t reduced_shape[kMaxDims], reduced_stride[kMaxDims];
  bool last_kept = false;  // the innermost axis of the input survives
};

BroadcastPlan plan_broadcast(const Shape& a, const Shape& b, const Shape& out);
// axes: for each axis of `in`, whether it is summed away.
ReducePlan plan_reduce(const Shape& in, const std::vector<bool>& axes);

// Offset of place `index` of a row-major space in an array with the given strides.
PT_HD int64_t offset_of(int64_t index, int ndim, const int64_t* shape, const int64_t* stride) {
  int64_t offset = 0;
  for (int d = ndim - 1; d >= 0; --d) {
    offset += index % shape[d] * stride[d];
    index /= shape[d];
  }
  return offset;
}

}  // namespace paratrain
