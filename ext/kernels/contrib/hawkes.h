// Log-likelihood of marked self-exciting point processes with exponentially decaying excitement (Hawkes), and its
// derivatives.  One thread works on a sequence of events.
#pragma once
#include <cmath>

#include "kernels/indexing/index.h"
#include "kernels/launch/reals.h"
#include "kernels/launch/rows.h"

namespace paratrain {

struct HawkesPlan {
  int64_t sequences = 0, steps = 0, marks = 0;
  DType type = DType::float32, mark_type = DType::int32;
};

// What a sequence is computed from; arrays as of the operator's inputs.
struct HawkesData {
  RealArray rates, alpha, beta, state, lags, lengths, ends;
  IndexArray marks;
  HawkesPlan plan;

  PT_HD int64_t events(int64_t i) const {
    const double n = lengths[i];
    return n > 0 ? (n < static_cast<double>(plan.steps) ? static_cast<int64_t>(n) : plan.steps) : 0;
  }
  PT_HD int64_t mark(int64_t i, int64_t j) const {
    return inside(marks[i * plan.steps + j], plan.marks, Outside::clip);
  }
};

// Derivatives with respect to rate, alpha and beta of one mark, summed up in double.
struct HawkesSums {
  double *rate, *alpha, *beta;
};

// Walks through sequence i.  excited: the state of each mark, changed to that at the end; seen: times of the last
// events; decayed: derivatives of the state by beta; sums: null if only the likelihood is wanted.
PT_HD double hawkes_walk(const HawkesData& d, int64_t i, double* excited, double* seen, double* decayed,
                         const HawkesSums& sums) {
  const int64_t marks = d.plan.marks, events = d.events(i);
  double likelihood = 0, time = 0;
  for (int64_t k = 0; k < marks; ++k) {
    excited[k] = d.state[i * marks + k];
    seen[k] = decayed[k] = 0;
    if (sums.rate) sums.rate[k] = sums.alpha[k] = sums.beta[k] = 0;
  }
  for (int64_t j = 0; j <= events + marks - 1; ++j) {
    // after the events each mark once more, for the rest of the time
    const bool event = j < events;
    const int64_t k = event ? d.mark(i, j) : j - events;
    if (event) time += d.lags[i * d.plan.steps + j];
    const double gap = (event ? time : d.ends[i]) - seen[k], rate = d.rates[i * marks + k];
    const double a = d.alpha[k], b = d.beta[k], left = std::exp(-b * gap);
    likelihood -= rate * gap + a * excited[k] * (1 - left);
    if (sums.rate) {
      sums.rate[k] -= gap;
      sums.alpha[k] -= excited[k] * (1 - left);
      sums.beta[k] -= a * (decayed[k] * (1 - left) + excited[k] * gap * left);
    }
    const double faded = excited[k] * left, slope = (decayed[k] - gap * excited[k]) * left;
    if (event) {
      const double intensity = rate + a * b * faded;
      likelihood += std::log(intensity);
      if (sums.rate) {
        sums.rate[k] += 1 / intensity;
        sums.alpha[k] += b * faded / intensity;
        sums.beta[k] += a * (faded + b * slope) / intensity;
      }
      seen[k] = time;
    }
    excited[k] = faded + (event ? 1 : 0);
    decayed[k] = slope;
  }
  return likelihood;
}

HawkesPlan plan_hawkes(const KernelSpec& s, size_t first);
inline HawkesData hawkes_data(const HawkesPlan& p, void* const* in) {
  const DType t = p.type;
  return {{in[0], t}, {in[1], t}, {in[2], t}, {in[3], t}, {in[4], t}, {in[6], t}, {in[7], t}, {in[5], p.mark_type}, p};
}

// -> likelihood (sequences,), state at the end (sequences, marks)
template <class Device>
struct HawkesKernel : Kernel {
  explicit HawkesKernel(const KernelSpec& s) : plan(plan_hawkes(s, 0)) {}
  size_t workspace_bytes() const override {
    return static_cast<size_t>(3 * plan.sequences * plan.marks) * sizeof(double);
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const HawkesData d = hawkes_data(plan, in);
    if (std::is_same_v<Device, Cpu>) check_positions(d.marks, plan.sequences * plan.steps, 0, plan.marks);
    double* w = reinterpret_cast<double*>(ctx.workspace);
    void *y = out[0], *states = out[1];
    Rows<Device>::each(ctx, plan.sequences, 32 * (plan.steps + plan.marks), [=] PT_LAMBDA(int64_t i) {
      const int64_t marks = d.plan.marks;
      double* own = w + 3 * i * marks;
      store_real(y, d.plan.type, i, hawkes_walk(d, i, own, own + marks, own + 2 * marks, {nullptr, nullptr, nullptr}));
      for (int64_t k = 0; k < marks; ++k) store_real(states, d.plan.type, i * marks + k, own[k]);
    });
  }
  HawkesPlan plan;
};

// (dY, the inputs) -> gradients of rate, alpha and beta for each sequence, each (sequences, marks)
template <class Device>
struct HawkesGradKernel : Kernel {
  explicit HawkesGradKernel(const KernelSpec& s) : plan(plan_hawkes(s, 1)) {}
  size_t workspace_bytes() const override {
    return static_cast<size_t>(6 * plan.sequences * plan.marks) * sizeof(double);
  }
  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    const HawkesData d = hawkes_data(plan, in + 1);
    const RealArray dy{in[0], plan.type};
    double* w = reinterpret_cast<double*>(ctx.workspace);
    void *drate = out[0], *dalpha = out[1], *dbeta = out[2];
    Rows<Device>::each(ctx, plan.sequences, 64 * (plan.steps + plan.marks), [=] PT_LAMBDA(int64_t i) {
      const int64_t marks = d.plan.marks;
      double* own = w + 6 * i * marks;
      const HawkesSums sums{own + 3 * marks, own + 4 * marks, own + 5 * marks};
      hawkes_walk(d, i, own, own + marks, own + 2 * marks, sums);
      for (int64_t k = 0; k < marks; ++k) {
        const int64_t at = i * marks + k;
        store_real(drate, d.plan.type, at, dy[i] * sums.rate[k]);
        store_real(dalpha, d.plan.type, at, dy[i] * sums.alpha[k]);
        store_real(dbeta, d.plan.type, at, dy[i] * sums.beta[k]);
      }
    });
  }
  HawkesPlan plan;
};

}  // namespace paratrain
