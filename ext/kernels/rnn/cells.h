// What happens in one step to one row of a batch, forward and backward, element by element of the state.
//
// A cell is given pointers to one row (of H elements a gate) and works on columns [begin, end).
#pragma once
#include "kernels/elementwise/smooth.h"
#include "kernels/indexing/index.h"
#include "kernels/rnn/plan.h"

#ifdef __CUDACC__
#define PT_IVDEP
#else
#define PT_IVDEP _Pragma("GCC ivdep")
#endif

namespace paratrain {

// Which steps are behind the end of a row's sequence; data null: none is.
struct RnnLengths {
  IndexArray lengths;
  PT_HD bool behind(int64_t row, int64_t time) const { return lengths.data && time >= lengths[row]; }
};

// Bounds of lstm's cells.
template <class T>
struct RnnClip {
  Compute<T> low, high, no_nan;
  PT_HD Compute<T> operator()(Compute<T> c) const {
    c = c < low ? low : (c > high ? high : c);
    return c == c ? c : no_nan;
  }
  PT_HD bool bound(Compute<T> clipped) const { return clipped <= low || clipped >= high; }
};

// By how many elements the rows of a batch are apart.
struct RnnRowSteps {
  int64_t state, gates, result;
};

// Pointers of one row in a forward step.
template <class T>
struct RnnForwardRow {
  const T *x, *h;                     // x W_x^T (may lie in `gates`) and h W_h^T, gates * H each, without biases
  const T *bx, *bh;                   // biases
  const T* hidden;                    // state before
  const T* extra;                     // lstm: cell before
  T *gates, *new_hidden, *new_extra;  // kept; new_extra: lstm's cell after, gru's hidden part of the new gate
  T* result;                          // the layer's result
  RnnClip<T> clip;

  // What enters gate element j, biases included.
  PT_HD Compute<T> gate(int64_t j) const {
    using C = Compute<T>;
    return static_cast<C>(x[j]) + static_cast<C>(h[j]) + static_cast<C>(bx[j]) + static_cast<C>(bh[j]);
  }
  // The row n further on.
  PT_HD RnnForwardRow at(int64_t n, const RnnRowSteps& by) const {
    RnnForwardRow r = *this;
    r.x += n * by.gates;
    r.h += n * by.gates;
    r.gates += n * by.gates;
    r.hidden += n * by.state;
    r.extra += n * by.state;
    r.new_hidden += n * by.state;
    r.new_extra += n * by.state;
    r.result += n * by.result;
    return r;
  }
};

// Pointers of one row in a backward step.
template <class T>
struct RnnBackwardRow {
  const T *gates, *hidden;     // kept: gates, state before
  const T* new_hidden;         // state after
  const T *extra, *new_extra;  // lstm: cell before and after; gru: new_extra is the hidden part of the new gate
  const T* dy;                 // gradient of the layer's result
  T *dh, *dc;                  // gradients of the state after; dc becomes that of the cell before
  T *dx_gates, *dh_gates;      // gradients of x W_x^T and of h W_h^T (one array but for gru)
  RnnClip<T> clip;

  // The row n further on.
  PT_HD RnnBackwardRow at(int64_t n, const RnnRowSteps& by) const {
    RnnBackwardRow r = *this;
    r.gates += n * by.gates;
    r.dx_gates += n * by.gates;
    r.dh_gates += n * by.gates;
    r.hidden += n * by.state;
    r.new_hidden += n * by.state;
    r.extra += n * by.state;
    r.new_extra += n * by.state;
    r.dh += n * by.state;
    r.dc += n * by.state;
    r.dy += n * by.result;
    return r;
  }
};

// A step behind the end: states stay (projected ones elsewhere), the result is zero.
template <class T>
PT_HD void rnn_skip(const RnnForwardRow<T>& r, const RnnPlan& p, int64_t begin, int64_t end) {
  for (int64_t j = begin; j < end; ++j) {
    if (!p.projected) r.new_hidden[j] = r.hidden[j];
    if (p.mode == RnnMode::lstm) r.new_extra[j] = r.extra[j];
    r.result[j] = static_cast<T>(Compute<T>(0));
  }
}
template <class T>
PT_HD void rnn_skip(const RnnBackwardRow<T>& r, const RnnPlan& p, int64_t begin, int64_t end) {
  for (int64_t g = 0; g < p.gates; ++g) {
    for (int64_t j = begin; j < end; ++j) {
      r.dx_gates[g * p.state + j] = r.dh_gates[g * p.state + j] = static_cast<T>(Compute<T>(0));
    }
  }
}

template <bool relu>
struct VanillaCell {
  template <class T>
  PT_HD static void forward(const RnnForwardRow<T>& r, int64_t, int64_t begin, int64_t end) {
    using C = Compute<T>;
    PT_IVDEP
    for (int64_t j = begin; j < end; ++j) {
      const C v = r.gate(j);
      const T h = static_cast<T>(relu ? (v > C(0) ? v : C(0)) : smooth::tanh(v));
      r.gates[j] = r.new_hidden[j] = r.result[j] = h;
    }
  }
  template <class T>
  PT_HD static void backward(const RnnBackwardRow<T>& r, int64_t, int64_t begin, int64_t end) {
    using C = Compute<T>;
    PT_IVDEP
    for (int64_t j = begin; j < end; ++j) {
      const C h = static_cast<C>(r.gates[j]), grad = static_cast<C>(r.dy[j]) + static_cast<C>(r.dh[j]);
      r.dx_gates[j] = static_cast<T>(relu ? (h > C(0) ? grad : C(0)) : grad * (C(1) - h * h));
      r.dh[j] = static_cast<T>(C(0));  // everything passes through the gates
    }
  }
};

// Gates i, f, g, o: c' = f c + i g, h = o tanh(c').
struct LstmCell {
  template <class T>
  PT_HD static void forward(const RnnForwardRow<T>& r, int64_t H, int64_t begin, int64_t end) {
    using C = Compute<T>;
    PT_IVDEP
    for (int64_t j = begin; j < end; ++j) {
      const C i = smooth::sigmoid(r.gate(j)), f = smooth::sigmoid(r.gate(H + j));
      const C g = smooth::tanh(r.gate(2 * H + j)), o = smooth::sigmoid(r.gate(3 * H + j));
      const C c = r.clip(f * static_cast<C>(r.extra[j]) + i * g);
      r.gates[j] = static_cast<T>(i);
      r.gates[H + j] = static_cast<T>(f);
      r.gates[2 * H + j] = static_cast<T>(g);
      r.gates[3 * H + j] = static_cast<T>(o);
      r.new_extra[j] = static_cast<T>(c);
      r.new_hidden[j] = r.result[j] = static_cast<T>(o * smooth::tanh(c));
    }
  }
  template <class T>
  PT_HD static void backward(const RnnBackwardRow<T>& r, int64_t H, int64_t begin, int64_t end) {
    using C = Compute<T>;
    PT_IVDEP
    for (int64_t j = begin; j < end; ++j) {
      const C i = static_cast<C>(r.gates[j]), f = static_cast<C>(r.gates[H + j]);
      const C g = static_cast<C>(r.gates[2 * H + j]), o = static_cast<C>(r.gates[3 * H + j]);
      const C c = static_cast<C>(r.new_extra[j]), t = smooth::tanh(c);
      const C dh = static_cast<C>(r.dy[j]) + static_cast<C>(r.dh[j]);
      const C dc = r.clip.bound(c) ? C(0) : static_cast<C>(r.dc[j]) + dh * o * (C(1) - t * t);
      r.dx_gates[j] = static_cast<T>(dc * g * i * (C(1) - i));
      r.dx_gates[H + j] = static_cast<T>(dc * static_cast<C>(r.extra[j]) * f * (C(1) - f));
      r.dx_gates[2 * H + j] = static_cast<T>(dc * i * (C(1) - g * g));
      r.dx_gates[3 * H + j] = static_cast<T>(dh * t * o * (C(1) - o));
      r.dc[j] = static_cast<T>(dc * f);
      r.dh[j] = static_cast<T>(C(0));
    }
  }
};

// Gates r, z, n: n = tanh(x_n + r h_n), h' = (1 - z) n + z h.
struct GruCell {
  template <class T>
  PT_HD static void forward(const RnnForwardRow<T>& r, int64_t H, int64_t begin, int64_t end) {
    using C = Compute<T>;
    PT_IVDEP
    for (int64_t j = begin; j < end; ++j) {
      const C reset = smooth::sigmoid(r.gate(j)), z = smooth::sigmoid(r.gate(H + j));
      const C hidden = static_cast<C>(r.h[2 * H + j]) + static_cast<C>(r.bh[2 * H + j]);
      const C input = static_cast<C>(r.x[2 * H + j]) + static_cast<C>(r.bx[2 * H + j]);
      const C n = smooth::tanh(input + reset * hidden);
      r.gates[j] = static_cast<T>(reset);
      r.gates[H + j] = static_cast<T>(z);
      r.gates[2 * H + j] = static_cast<T>(n);
      r.new_extra[j] = static_cast<T>(hidden);
      r.new_hidden[j] = r.result[j] = static_cast<T>((C(1) - z) * n + z * static_cast<C>(r.hidden[j]));
    }
  }
  template <class T>
  PT_HD static void backward(const RnnBackwardRow<T>& r, int64_t H, int64_t begin, int64_t end) {
    using C = Compute<T>;
    PT_IVDEP
    for (int64_t j = begin; j < end; ++j) {
      const C reset = static_cast<C>(r.gates[j]), z = static_cast<C>(r.gates[H + j]);
      const C n = static_cast<C>(r.gates[2 * H + j]);
      const C dh = static_cast<C>(r.dy[j]) + static_cast<C>(r.dh[j]);
      const C dn = dh * (C(1) - z) * (C(1) - n * n);
      const T dr = static_cast<T>(dn * static_cast<C>(r.new_extra[j]) * reset * (C(1) - reset));
      const T dz = static_cast<T>(dh * (static_cast<C>(r.hidden[j]) - n) * z * (C(1) - z));
      r.dx_gates[j] = r.dh_gates[j] = dr;
      r.dx_gates[H + j] = r.dh_gates[H + j] = dz;
      r.dx_gates[2 * H + j] = static_cast<T>(dn);
      r.dh_gates[2 * H + j] = static_cast<T>(dn * reset);
      r.dh[j] = static_cast<T>(dh * z);
    }
  }
};

}  // namespace paratrain
