// Connectionist temporal classification (Graves et al., 2006): the probability that a sequence of class scores spells a
// label, in any alignment, with blanks in between.
#pragma once
#include <cmath>

#include "kernels/indexing/index.h"
#include "kernels/launch/rows.h"

namespace paratrain {

struct CtcPlan {
  int64_t steps, batch, classes, labels;
  bool data_lengths, label_lengths, blank_first;
  PT_HD int64_t states() const { return 2 * labels + 1; }  // blanks and labels in turn
  PT_HD int64_t blank() const { return blank_first ? 0 : classes - 1; }
};

// Attributes use_data_lengths, use_label_lengths, blank_first; data (T, N, C), label (N, L).
CtcPlan plan_ctc(const Attrs& attrs, const Shape& data, const Shape& label);

namespace ctc {

// log(exp(a) + exp(b))
PT_HD double log_add(double a, double b) {
  const double high = a > b ? a : b, low = a > b ? b : a;
  return low == -INFINITY ? high : high + std::log1p(std::exp(low - high));
}

// What one sample is about.
struct Sample {
  int64_t steps, labels;
  bool possible;  // labels are classes, and there are steps enough for them
  bool fits;      // steps are enough
};

PT_HD int64_t length_of(const IndexArray& lengths, int64_t n, int64_t most) {
  const int64_t v = lengths[n];
  return v < 0 ? 0 : (v < most ? v : most);
}

PT_HD Sample sample_of(const CtcPlan& p, const IndexArray& label, const IndexArray& data_lengths,
                       const IndexArray& label_lengths, int64_t n) {
  Sample s{p.data_lengths ? length_of(data_lengths, n, p.steps) : p.steps, 0, true, true};
  const int64_t padding = p.blank_first ? 0 : -1;
  if (p.label_lengths) {
    s.labels = length_of(label_lengths, n, p.labels);
  } else {
    while (s.labels < p.labels && label[n * p.labels + s.labels] != padding) ++s.labels;
  }
  int64_t repeats = 0;
  for (int64_t k = 0; k < s.labels; ++k) {
    const int64_t own = label[n * p.labels + k];
    s.possible = s.possible && own >= 0 && own < p.classes;
    repeats += k > 0 && own == label[n * p.labels + k - 1];
  }
  s.fits = s.steps > 0 && s.labels + repeats <= s.steps;
  return s;
}

// Logarithms of a sample's probabilities.
template <class T>
struct Scores {
  using C = Compute<T>;
  const T* data;
  const double* totals;  // (T, N): logarithm of the sum of exponentials
  CtcPlan p;
  IndexArray label;
  int64_t n;

  PT_HD int64_t class_of(int64_t state) const { return state % 2 == 0 ? p.blank() : label[n * p.labels + state / 2]; }
  PT_HD double at(int64_t t, int64_t state) const {
    const int64_t row = t * p.batch + n;
    return static_cast<double>(static_cast<C>(data[row * p.classes + class_of(state)])) - totals[row];
  }
  // Whether a label may follow the last but one state without the blank in between.
  PT_HD bool skips(int64_t state) const {
    return state % 2 == 1 && state > 1 && class_of(state) != class_of(state - 2);
  }
};

// Fills alpha (T, states): log probability of all beginnings that end in a state.  Returns that of the label.
template <class T>
PT_HD double forward(const Scores<T>& scores, const Sample& s, double* alpha) {
  const int64_t states = scores.p.states(), used = 2 * s.labels + 1;
  for (int64_t t = 0; t < s.steps; ++t) {
    double* now = alpha + t * states;
    const double* before = now - states;
    for (int64_t k = 0; k < used; ++k) {
      double sum = t == 0 && k < 2 ? 0.0 : -INFINITY;
      if (t > 0) {
        sum = before[k];
        if (k > 0) sum = log_add(sum, before[k - 1]);
        if (scores.skips(k)) sum = log_add(sum, before[k - 2]);
      }
      now[k] = sum == -INFINITY ? sum : sum + scores.at(t, k);
    }
  }
  const double* last = alpha + (s.steps - 1) * states;
  return used > 1 ? log_add(last[used - 1], last[used - 2]) : last[0];
}

// Subtracts from grad (T, N, C), at each step, the probabilities of the states given the label.  beta: 2 rows of
// states.
template <class T>
PT_HD void backward(const Scores<T>& scores, const Sample& s, const double* alpha, double total, double* beta,
                    T* grad) {
  using C = Compute<T>;
  const int64_t states = scores.p.states(), used = 2 * s.labels + 1;
  for (int64_t t = s.steps - 1; t >= 0; --t) {
    double* now = beta + t % 2 * states;  // of all ends after a state
    const double* next = beta + (t + 1) % 2 * states;
    for (int64_t k = 0; k < used; ++k) {
      double sum = t == s.steps - 1 && k >= used - 2 ? 0.0 : -INFINITY;
      if (t < s.steps - 1) {
        sum = next[k] + scores.at(t + 1, k);
        if (k + 1 < used) sum = log_add(sum, next[k + 1] + scores.at(t + 1, k + 1));
        if (k + 2 < used && scores.skips(k + 2)) sum = log_add(sum, next[k + 2] + scores.at(t + 1, k + 2));
      }
      now[k] = sum;
      const double share = std::exp(alpha[t * states + k] + sum - total);
      T& to = grad[(t * scores.p.batch + scores.n) * scores.p.classes + scores.class_of(k)];
      to = static_cast<T>(static_cast<C>(to) - static_cast<C>(share));
    }
  }
}

}  // namespace ctc

// (data (T, N, C), label (N, L)[, data_lengths (N,)][, label_lengths (N,)]) -> losses (N,), gradients of the losses
// with respect to the data.  A label that does not fit into its steps costs nothing, as MXNet has it; one that names
// classes that do not exist costs infinitely much.  Neither has a gradient.
template <class Device, class T>
struct CtcKernel : Kernel {
  using C = Compute<T>;
  explicit CtcKernel(const KernelSpec& s) : plan(plan_ctc(s.attrs, s.in[0].shape, s.in[1].shape)) {
    for (const TensorDesc& d : s.in) types.push_back(d.dtype);
  }
  size_t workspace_bytes() const override {
    const int64_t rows = plan.steps * plan.batch, states = plan.batch * plan.states();
    return static_cast<size_t>(rows + plan.steps * states + 2 * states) * sizeof(double);
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const CtcPlan p = plan;
    const T* x = static_cast<const T*>(in[0]);
    T* loss = static_cast<T*>(out[0]);
    T* grad = static_cast<T*>(out[1]);
    double* totals = reinterpret_cast<double*>(ctx.workspace);
    double* alphas = totals + p.steps * p.batch;
    double* betas = alphas + p.steps * p.batch * p.states();
    const IndexArray label{in[1], types[1]}, data_lengths = lengths(in, p.data_lengths, 2),
                                             label_lengths = lengths(in, p.label_lengths, p.data_lengths ? 3 : 2);
    softmax(ctx, x, totals);
    Rows<Device>::each(ctx, p.batch, 32 * p.steps * p.states(), [=] PT_LAMBDA(int64_t n) {
      const ctc::Sample s = ctc::sample_of(p, label, data_lengths, label_lengths, n);
      const bool counts = s.fits && s.possible;
      for (int64_t t = 0; t < p.steps; ++t) {
        const int64_t row = t * p.batch + n;
        for (int64_t c = 0; c < p.classes; ++c) {
          const double v = static_cast<double>(static_cast<C>(x[row * p.classes + c]));
          const double share = counts && t < s.steps ? std::exp(v - totals[row]) : 0.0;
          grad[row * p.classes + c] = static_cast<T>(static_cast<C>(share));
        }
      }
      if (!counts) {
        loss[n] = static_cast<T>(static_cast<C>(s.fits ? INFINITY : 0.0f));
        return;
      }
      const ctc::Scores<T> scores{x, totals, p, label, n};
      double* alpha = alphas + n * p.steps * p.states();
      const double total = ctc::forward(scores, s, alpha);
      loss[n] = static_cast<T>(static_cast<C>(-total));
      ctc::backward(scores, s, alpha, total, betas + n * 2 * p.states(), grad);
    });
  }
  IndexArray lengths(void* const* in, bool given, size_t at) const {
    return given ? IndexArray{in[at], types[at]} : IndexArray{nullptr, DType::float32};
  }
  void softmax(const RunContext& ctx, const T* x, double* totals) {
    const CtcPlan p = plan;
    Rows<Device>::each(ctx, p.steps * p.batch, 8 * p.classes, [=] PT_LAMBDA(int64_t row) {
      double most = -INFINITY, sum = 0;
      for (int64_t c = 0; c < p.classes; ++c) {
        const double v = static_cast<double>(static_cast<C>(x[row * p.classes + c]));
        most = v > most ? v : most;
      }
      for (int64_t c = 0; c < p.classes; ++c) {
        sum += std::exp(static_cast<double>(static_cast<C>(x[row * p.classes + c])) - most);
      }
      totals[row] = most + std::log(sum);
    });
  }
  CtcPlan plan;
  std::vector<DType> types;
};

}  // namespace paratrain
