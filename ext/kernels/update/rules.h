// Update rules of optimizers: what happens to one weight.  A is the type computed in (float or double).
//
// rescaled gradient r = rescale_grad * g; clipped to [-clip_gradient, clip_gradient] where that is >= 0.
#pragma once
#include <cmath>
#include <limits>

#include "core/kernel.h"

namespace paratrain::rule {

// What all rules share.  lr and wd are passed apart, since they differ from segment to segment of a flat buffer.
template <class A>
struct Common {
  A rescale, clip;  // clip: infinity for no bound, so that the loop has no branch
  explicit Common(const Attrs& a)
      : rescale(a.has("rescale_grad") ? static_cast<A>(a.real("rescale_grad")) : A(1)),
        clip(static_cast<A>(a.real("clip_gradient"))) {
    if (clip < A(0)) clip = std::numeric_limits<A>::infinity();
  }
  // Called before the first element with the factor of the gradient that lies in an array (null for rules without
  // one).  False: there is no step, the weights stay.
  PT_HD bool ready(const float*) { return true; }
  PT_HD A clipped(A v) const { return v > clip ? clip : (v < -clip ? -clip : v); }
  PT_HD A scaled(A g) const { return clipped(rescale * g); }
};

template <class A>
PT_HD A sign_of(A v) {
  return static_cast<A>((v > A(0)) - (v < A(0)));
}

// w -= lr * (r + wd * w)
template <class A>
struct Sgd : Common<A> {
  static constexpr int kStates = 0;
  explicit Sgd(const Attrs& a) : Common<A>(a) {}
  PT_HD void apply(A& w, A g, A*, A lr, A wd) const { w -= lr * (this->scaled(g) + wd * w); }
};

// m = momentum * m - lr * (r + wd * w); w += m
template <class A>
struct SgdMomentum : Common<A> {
  static constexpr int kStates = 1;
  A momentum;
  explicit SgdMomentum(const Attrs& a) : Common<A>(a), momentum(static_cast<A>(a.real("momentum"))) {}
  PT_HD void apply(A& w, A g, A* s, A lr, A wd) const {
    s[0] = momentum * s[0] - lr * (this->scaled(g) + wd * w);
    w += s[0];
  }
};

// step = lr * (r + wd * w); w += momentum * (momentum * m - step) - step; m = momentum * m - lr * (r + wd * w) with
// the new w, as MXNet's update in place has it.
template <class A>
struct Nesterov : Common<A> {
  static constexpr int kStates = 1;
  A momentum;
  explicit Nesterov(const Attrs& a) : Common<A>(a), momentum(static_cast<A>(a.real("momentum"))) {}
  PT_HD void apply(A& w, A g, A* s, A lr, A wd) const {
    const A r = this->scaled(g), step = lr * (r + wd * w);
    w += momentum * (momentum * s[0] - step) - step;
    s[0] = momentum * s[0] - lr * (r + wd * w);
  }
};

// r = clip(rescale_grad * g + wd * w); m, v: running means of r and r^2; w -= lr * m / (sqrt(v) + epsilon)
template <class A>
struct Adam : Common<A> {
  static constexpr int kStates = 2;
  A beta1, beta2, epsilon;
  explicit Adam(const Attrs& a)
      : Common<A>(a),
        beta1(static_cast<A>(a.real("beta1"))),
        beta2(static_cast<A>(a.real("beta2"))),
        epsilon(static_cast<A>(a.real("epsilon"))) {}
  PT_HD void apply(A& w, A g, A* s, A lr, A wd) const {
    const A r = this->clipped(this->rescale * g + wd * w);
    s[0] = beta1 * s[0] + (A(1) - beta1) * r;
    s[1] = beta2 * s[1] + (A(1) - beta2) * r * r;
    w -= lr * s[0] / (std::sqrt(s[1]) + epsilon);
  }
};

// Adam with decay apart from the gradient; lr and wd come multiplied by eta.  No step where the factor of the gradient
// is 0 or not finite: its loss was scaled until it overflowed.
template <class A>
struct AdamW : Common<A> {
  static constexpr int kStates = 2;
  A beta1, beta2, epsilon;
  explicit AdamW(const Attrs& a)
      : Common<A>(a),
        beta1(static_cast<A>(a.real("beta1"))),
        beta2(static_cast<A>(a.real("beta2"))),
        epsilon(static_cast<A>(a.real("epsilon"))) {}
  PT_HD bool ready(const float* factor) {
    this->rescale = static_cast<A>(factor[0]);
    return this->rescale - this->rescale == A(0) && this->rescale != A(0);
  }
  PT_HD void apply(A& w, A g, A* s, A lr, A wd) const {
    const A r = this->scaled(g);
    s[0] = beta1 * s[0] + (A(1) - beta1) * r;
    s[1] = beta2 * s[1] + (A(1) - beta2) * r * r;
    w -= lr * s[0] / (std::sqrt(s[1]) + epsilon) + wd * w;
  }
};

// Follow the moving leader; states d, v, z.  With r = clip(rescale_grad * g + wd * w) and step t:
// v: running mean of r^2; d' = (1 - beta1^t) / lr * (sqrt(v / (1 - beta2^t)) + epsilon);
// z = beta1 * z + (1 - beta1) * r - (d' - beta1 * d) * w; w = -z / d'; d = d'
template <class A>
struct Ftml : Common<A> {
  static constexpr int kStates = 3;
  A beta1, beta2, epsilon, rest1, rest2;  // rest: 1 - beta^t
  explicit Ftml(const Attrs& a)
      : Common<A>(a),
        beta1(static_cast<A>(a.real("beta1"))),
        beta2(static_cast<A>(a.real("beta2"))),
        epsilon(static_cast<A>(a.real("epsilon"))),
        rest1(static_cast<A>(1.0 - std::pow(a.real("beta1"), static_cast<double>(a.integer("t"))))),
        rest2(static_cast<A>(1.0 - std::pow(a.real("beta2"), static_cast<double>(a.integer("t"))))) {}
  PT_HD void apply(A& w, A g, A* s, A lr, A wd) const {
    const A r = this->clipped(this->rescale * g + wd * w);
    s[1] = beta2 * s[1] + (A(1) - beta2) * r * r;
    const A d = rest1 / lr * (std::sqrt(s[1] / rest2) + epsilon);
    s[2] = beta1 * s[2] + (A(1) - beta1) * r - (d - beta1 * s[0]) * w;
    s[0] = d;
    w = -s[2] / d;
  }
};

// w = (1 - lr * wd) * w - lr * sign(g)
template <class A>
struct SignSgd : Common<A> {
  static constexpr int kStates = 0;
  explicit SignSgd(const Attrs& a) : Common<A>(a) {}
  PT_HD void apply(A& w, A g, A*, A lr, A wd) const { w = (A(1) - lr * wd) * w - lr * sign_of(g); }
};

// m = momentum * m - (1 - momentum) * (r + wd * w); w = (1 - lr * wd_lh) * w + lr * sign(m)
template <class A>
struct Signum : Common<A> {
  static constexpr int kStates = 1;
  A momentum, wd_lh;
  explicit Signum(const Attrs& a)
      : Common<A>(a), momentum(static_cast<A>(a.real("momentum"))), wd_lh(static_cast<A>(a.real("wd_lh"))) {}
  PT_HD void apply(A& w, A g, A* s, A lr, A wd) const {
    s[0] = momentum * s[0] - (A(1) - momentum) * (this->scaled(g) + wd * w);
    w = (A(1) - lr * wd_lh) * w + lr * sign_of(s[0]);
  }
};

// n: running mean of r^2; w -= lr * r / sqrt(n + epsilon), perhaps limited to clip_weights
template <class A>
struct RmsProp : Common<A> {
  static constexpr int kStates = 1;
  A gamma, epsilon, limit;
  explicit RmsProp(const Attrs& a)
      : Common<A>(a),
        gamma(static_cast<A>(a.real("gamma1"))),
        epsilon(static_cast<A>(a.real("epsilon"))),
        limit(static_cast<A>(a.real("clip_weights"))) {}
  PT_HD void apply(A& w, A g, A* s, A lr, A wd) const {
    const A r = this->clipped(this->rescale * g + wd * w);
    s[0] = (A(1) - gamma) * r * r + gamma * s[0];
    w -= lr * r / std::sqrt(s[0] + epsilon);
    if (limit >= A(0)) w = w > limit ? limit : (w < -limit ? -limit : w);
  }
};

// States n, g, delta: running means of r^2 and r, and the last step.
template <class A>
struct RmsPropAlex : Common<A> {
  static constexpr int kStates = 3;
  A gamma1, gamma2, epsilon, limit;
  explicit RmsPropAlex(const Attrs& a)
      : Common<A>(a),
        gamma1(static_cast<A>(a.real("gamma1"))),
        gamma2(static_cast<A>(a.real("gamma2"))),
        epsilon(static_cast<A>(a.real("epsilon"))),
        limit(static_cast<A>(a.real("clip_weights"))) {}
  PT_HD void apply(A& w, A g, A* s, A lr, A wd) const {
    const A r = this->clipped(this->rescale * g + wd * w);
    s[0] = (A(1) - gamma1) * r * r + gamma1 * s[0];
    s[1] = (A(1) - gamma1) * r + gamma1 * s[1];
    s[2] = gamma2 * s[2] - lr * r / std::sqrt(s[0] - s[1] * s[1] + epsilon);
    w += s[2];
    if (limit >= A(0)) w = w > limit ? limit : (w < -limit ? -limit : w);
  }
};

// States z, n.  w = (sign(z) * lamda1 - z) / ((beta + sqrt(n)) / lr + wd) where |z| > lamda1, else 0
template <class A>
struct Ftrl : Common<A> {
  static constexpr int kStates = 2;
  A lamda1, beta;
  explicit Ftrl(const Attrs& a)
      : Common<A>(a), lamda1(static_cast<A>(a.real("lamda1"))), beta(static_cast<A>(a.real("beta"))) {}
  PT_HD void apply(A& w, A g, A* s, A lr, A wd) const {
    const A r = this->scaled(g);
    const A sum = s[1] + r * r;
    s[0] += r - (std::sqrt(sum) - std::sqrt(s[1])) * w / lr;
    s[1] = sum;
    const A size = s[0] < A(0) ? -s[0] : s[0];
    w = size > lamda1 ? (sign_of(s[0]) * lamda1 - s[0]) / ((beta + std::sqrt(sum)) / lr + wd) : A(0);
  }
};

}  // namespace paratrain::rule
