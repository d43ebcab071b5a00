// Gathering and scattering by coordinates, one-hot rows, and sequences of different lengths.
#pragma once
#include "kernels/indexing/index.h"
#include "kernels/launch/rows.h"

namespace paratrain {

// Coordinates (M, positions) into the first M axes of an array; `inner` elements follow each.
struct CoordinatePlan {
  int depth = 0;
  int64_t positions = 0, inner = 1, rows = 1;  // rows: places that coordinates can name
  int64_t shape[kMaxDims];
};

CoordinatePlan plan_coordinates(const Shape& array, const Shape& coordinates);

// Throws out_of_range for coordinates outside of the array (negative ones count from the end).
void check_coordinates(const CoordinatePlan& plan, const IndexArray& index);

// Row that coordinate k names; coordinates outside of the array are moved to its border.
PT_HD int64_t row_of(const CoordinatePlan& p, const IndexArray& index, int64_t k) {
  int64_t row = 0;
  for (int d = 0; d < p.depth; ++d) {
    const int64_t at = index[d * p.positions + k];
    row = row * p.shape[d] + inside(at < 0 ? at + p.shape[d] : at, p.shape[d], Outside::clip);
  }
  return row;
}

// (data, indices) -> data at the coordinates
template <class Device, class T>
struct GatherNdKernel : Kernel {
  explicit GatherNdKernel(const KernelSpec& s)
      : plan(plan_coordinates(s.in[0].shape, s.in[1].shape)), type(s.in[1].dtype) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    const IndexArray index{in[1], type};
    const CoordinatePlan p = plan;
    if (std::is_same_v<Device, Cpu>) check_coordinates(p, index);
    Launch<Device>::map(ctx, p.positions * p.inner,
                        [=] PT_LAMBDA(int64_t i) { y[i] = x[row_of(p, index, i / p.inner) * p.inner + i % p.inner]; });
  }
  CoordinatePlan plan;
  DType type;
};

// (data, indices) -> zeros with data added (attribute add) or written at the coordinates, in their order.
template <class Device, class T>
struct ScatterNdKernel : Kernel {
  explicit ScatterNdKernel(const KernelSpec& s)
      : plan(plan_coordinates(s.out[0].shape, s.in[1].shape)), type(s.in[1].dtype), add(s.attrs.flag("add")) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    using C = Compute<T>;
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    const IndexArray index{in[1], type};
    const CoordinatePlan p = plan;
    const bool sum = add;
    if (std::is_same_v<Device, Cpu>) check_coordinates(p, index);
    Launch<Device>::map(ctx, p.rows * p.inner, [=] PT_LAMBDA(int64_t i) { y[i] = T(0); });
    Rows<Device>::columns(ctx, 1, p.inner, p.positions, [=] PT_LAMBDA(int64_t, int64_t begin, int64_t end) {
      for (int64_t k = 0; k < p.positions; ++k) {
        T* to = y + row_of(p, index, k) * p.inner;
        const T* from = x + k * p.inner;
        for (int64_t c = begin; c < end; ++c) {
          to[c] = sum ? static_cast<T>(static_cast<C>(to[c]) + static_cast<C>(from[c])) : from[c];
        }
      }
    });
  }
  CoordinatePlan plan;
  DType type;
  bool add;
};

// Attributes depth, on_value, off_value; positions outside of [0, depth) give a row of off_value.
template <class Device, class T>
struct OneHotKernel : Kernel {
  explicit OneHotKernel(const KernelSpec& s)
      : n(s.out[0].size()),
        depth(s.attrs.integer("depth")),
        type(s.in[0].dtype),
        on(s.attrs.real("on_value")),
        off(s.attrs.real("off_value")) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    T* y = static_cast<T*>(out[0]);
    const IndexArray index{in[0], type};
    const T yes = static_cast<T>(static_cast<Compute<T>>(on)), no = static_cast<T>(static_cast<Compute<T>>(off));
    const int64_t width = depth;
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) { y[i] = index[i / width] == i % width ? yes : no; });
  }
  int64_t n, depth;
  DType type;
  double on, off;
};

// Sequences (T, N, ...) or, with axis 1, (N, T, ...), and their lengths (or none: all are whole).
struct SequencePlan {
  int64_t steps = 1, batch = 1, inner = 1;
  bool batch_first = false;
  bool has_length = false;
  DType type = DType::float32;
};

// Attributes axis, has_length; `lengths`: which input they are.
SequencePlan plan_sequence(const KernelSpec& s, const Shape& data, size_t lengths);

struct SequencePlace {
  int64_t step, batch, rest;
};
PT_HD SequencePlace sequence_place(const SequencePlan& p, int64_t i) {
  const int64_t row = i / p.inner;
  if (p.batch_first) return {row % p.steps, row / p.steps, i % p.inner};
  return {row / p.batch, row % p.batch, i % p.inner};
}
PT_HD int64_t sequence_offset(const SequencePlan& p, int64_t step, int64_t batch, int64_t rest) {
  const int64_t row = p.batch_first ? batch * p.steps + step : step * p.batch + batch;
  return row * p.inner + rest;
}
// Length of a sequence, in [low, steps].
PT_HD int64_t sequence_length(const SequencePlan& p, const IndexArray& lengths, int64_t batch, int64_t low) {
  if (!p.has_length) return p.steps;
  const int64_t n = lengths[batch];
  return n < low ? low : (n > p.steps ? p.steps : n);
}

// Steps behind the end become attribute value.
template <class Device, class T>
struct SequenceMaskKernel : Kernel {
  explicit SequenceMaskKernel(const KernelSpec& s)
      : n(s.out[0].size()), plan(plan_sequence(s, s.in[0].shape, 1)), value(s.attrs.real("value")) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    const SequencePlan p = plan;
    const IndexArray lengths{p.has_length ? in[1] : nullptr, p.type};
    const T filler = static_cast<T>(static_cast<Compute<T>>(value));
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) {
      const SequencePlace at = sequence_place(p, i);
      y[i] = at.step < sequence_length(p, lengths, at.batch, 0) ? x[i] : filler;
    });
  }
  int64_t n;
  SequencePlan plan;
  double value;
};

// The last step of each sequence: (N, ...)
template <class Device, class T>
struct SequenceLastKernel : Kernel {
  explicit SequenceLastKernel(const KernelSpec& s) : n(s.out[0].size()), plan(plan_sequence(s, s.in[0].shape, 1)) {
    if (plan.steps == 0 && n > 0) throw std::invalid_argument("sequences without steps have no last one");
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    const SequencePlan p = plan;
    const IndexArray lengths{p.has_length ? in[1] : nullptr, p.type};
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) {
      const int64_t batch = i / p.inner;
      y[i] = x[sequence_offset(p, sequence_length(p, lengths, batch, 1) - 1, batch, i % p.inner)];
    });
  }
  int64_t n;
  SequencePlan plan;
};

// (dY, X, lengths) -> dX: dY at the last steps, zero elsewhere
template <class Device, class T>
struct SequenceLastGradKernel : Kernel {
  explicit SequenceLastGradKernel(const KernelSpec& s)
      : n(s.out[0].size()), plan(plan_sequence(s, s.out[0].shape, 2)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* dy = static_cast<const T*>(in[0]);
    T* dx = static_cast<T*>(out[0]);
    const SequencePlan p = plan;
    const IndexArray lengths{p.has_length ? in[2] : nullptr, p.type};
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) {
      const SequencePlace at = sequence_place(p, i);
      const bool last = at.step == sequence_length(p, lengths, at.batch, 1) - 1;
      dx[i] = last ? dy[at.batch * p.inner + at.rest] : T(0);
    });
  }
  int64_t n;
  SequencePlan plan;
};

// The steps of each sequence in reverse; those behind its end stay.
template <class Device, class T>
struct SequenceReverseKernel : Kernel {
  explicit SequenceReverseKernel(const KernelSpec& s) : n(s.out[0].size()), plan(plan_sequence(s, s.in[0].shape, 1)) {}
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const T* x = static_cast<const T*>(in[0]);
    T* y = static_cast<T*>(out[0]);
    const SequencePlan p = plan;
    const IndexArray lengths{p.has_length ? in[1] : nullptr, p.type};
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) {
      const SequencePlace at = sequence_place(p, i);
      const int64_t length = sequence_length(p, lengths, at.batch, 0);
      const int64_t step = at.step < length ? length - 1 - at.step : at.step;
      y[i] = x[sequence_offset(p, step, at.batch, at.rest)];
    });
  }
  int64_t n;
  SequencePlan plan;
};

}  // namespace paratrain
