// A stack of recurrent layers: for every pass one large product for the inputs of all times, then time after time.
// Products are the device's "gemm" kernels.  How a pass goes through the times is left to derived kernels: the plain
// one makes one product and one elementwise step for the whole batch at each time.
#pragma once
#include "kernels/add.h"
#include "kernels/launch/rows.h"
#include "kernels/random/philox.h"
#include "kernels/rnn/cells.h"
#include "kernels/rnn/plan.h"

namespace paratrain {

template <class Device>
struct DeviceOf;
template <>
struct DeviceOf<Cpu> {
  static constexpr DeviceType type = DeviceType::cpu;
};
template <>
struct DeviceOf<Cuda> {
  static constexpr DeviceType type = DeviceType::gpu;
};

// What the forward and the backward kernel share: products and the layout of the workspace.
template <class Device, class T>
class RnnBase : public Kernel {
 public:
  // `lengths`: which input they are, where there are any.
  RnnBase(const KernelSpec& s, const Shape& data, size_t lengths)
      : p_(rnn_plan(s.attrs, data)),
        dtype_(s.in[0].dtype),
        plain_(s.plain),
        lengths_(lengths),
        length_type_(p_.lengths ? s.in.at(lengths).dtype : dtype_) {
    const auto stored = [](double v) { return static_cast<Compute<T>>(static_cast<T>(static_cast<Compute<T>>(v))); };
    clip_ = {stored(p_.low), stored(p_.high), stored(p_.no_nan)};  // as cells at a bound are kept
  }
  size_t workspace_bytes() const override { return arrays_ + products_; }

  // Public, as a lambda for the GPU asks of the function around it.
  static void copy(const RunContext& ctx, int64_t n, const T* from, T* to) {
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) { to[i] = from[i]; });
  }
  static void clear(const RunContext& ctx, int64_t n, T* to) {
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) { to[i] = static_cast<T>(Compute<T>(0)); });
  }

 protected:
  using Product = std::unique_ptr<Kernel>;

  // c (m, n) = op(a) op(b)
  Product product(int64_t m, int64_t n, int64_t k, bool transpose_a, bool transpose_b) {
    KernelSpec s;
    s.name = "gemm";
    s.plain = plain_;
    s.attrs.set("batch", int64_t{1});
    s.attrs.set("m", m);
    s.attrs.set("n", n);
    s.attrs.set("k", k);
    s.attrs.set("transpose_a", transpose_a);
    s.attrs.set("transpose_b", transpose_b);
    s.attrs.set("alpha", 1.0);
    s.in = {{dtype_, transpose_a ? Shape{k, m} : Shape{m, k}, nullptr},
            {dtype_, transpose_b ? Shape{n, k} : Shape{k, n}, nullptr}};
    s.out = {{dtype_, {m, n}, nullptr}};
    Product made = registry(DeviceOf<Device>::type).make(s);
    products_ = std::max(products_, made->workspace_bytes());
    return made;
  }
  void multiply(const RunContext& ctx, Kernel& product, const T* a, const T* b, T* c) {
    RunContext inner = ctx;
    inner.workspace = ctx.workspace + arrays_;
    void* in[] = {const_cast<T*>(a), const_cast<T*>(b)};
    void* out[] = {c};
    product.run(inner, in, out);
  }
  // An array in the workspace: its offset in bytes.
  size_t reserve(int64_t elements) {
    const size_t offset = arrays_;
    arrays_ += (static_cast<size_t>(elements) * sizeof(T) + 63) / 64 * 64;
    return offset;
  }
  static T* place(const RunContext& ctx, size_t offset) { return reinterpret_cast<T*>(ctx.workspace + offset); }
  // Cells whose results are projected write them one row after the other.
  RnnRowSteps row_steps() const { return {p_.state, p_.gate_width(), p_.projected ? p_.state : p_.width()}; }
  void start_run(void* const* in) { ends_ = {{p_.lengths ? in[lengths_] : nullptr, length_type_}}; }

  RnnPlan p_;
  DType dtype_;
  bool plain_;
  RnnClip<T> clip_;
  RnnLengths ends_{};  // of the run

 private:
  size_t arrays_ = 0, products_ = 0;
  size_t lengths_;
  DType length_type_;
};

// (data, parameters, state[, state_cell][, lengths]) -> result[, state[, state_cell]], kept; attributes of rnn_plan and
// state_outputs, p, train, op_id.
template <class Device, class T>
class RnnKernel : public RnnBase<Device, T> {
  using Base = RnnBase<Device, T>;

 protected:
  using Base::clear, Base::clip_, Base::copy, Base::ends_, Base::multiply, Base::p_, Base::place, Base::product,
      Base::reserve, Base::row_steps, Base::start_run;

 public:
  explicit RnnKernel(const KernelSpec& s)
      : Base(s, s.in[0].shape, s.attrs.text("mode") == "lstm" ? 4 : 3),
        outputs_(s.out.size()),
        drop_(s.attrs.flag("train") ? s.attrs.real("p") : 0.0),
        op_id_(s.attrs.integer("op_id")) {
    if (s.out.back().size() != p_.kept()) throw std::logic_error("the shape rule of RNN and its kernel disagree");
    h_part_ = reserve(p_.batch * p_.gate_width());
    for (int64_t layer = 0; layer < std::min<int64_t>(p_.layers, 2); ++layer) {
      inputs_[layer] = product(p_.rows(), p_.gate_width(), p_.input_of(layer), false, true);
    }
  }

  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    start_run(in);
    const T* x = static_cast<const T*>(in[0]);
    const T* parameters = static_cast<const T*>(in[1]);
    T* kept = static_cast<T*>(out[outputs_ - 1]);
    for (int64_t layer = 0; layer < p_.layers; ++layer) {
      const bool last = layer == p_.layers - 1;
      T* y = last ? static_cast<T*>(out[0]) : kept + p_.kept_result(layer);
      for (int64_t d = 0; d < p_.directions; ++d) {
        const int64_t pass = layer * p_.directions + d;
        const T* h0 = static_cast<const T*>(in[2]) + pass * p_.hidden_size();
        const T* c0 = p_.has_cell() ? static_cast<const T*>(in[3]) + pass * p_.cell_size() : nullptr;
        run_pass(ctx, pass, x, parameters, h0, c0, kept, y + d * p_.hidden);
        finish(ctx, pass, kept, out);
      }
      if (!last && p_.mask) drop(ctx, layer, y, kept + p_.kept_mask(layer));
      x = y;
    }
  }

  void run_pass(const RunContext& ctx, int64_t pass, const T* x, const T* parameters, const T* h0, const T* c0, T* kept,
                T* y) {
    const int64_t layer = pass / p_.directions, start = p_.start(pass), hidden = p_.hidden_size();
    // the products lie where the gates are to be: each time's are replaced when its turn has come
    multiply(ctx, *inputs_[layer == 0 ? 0 : 1], x, parameters + p_.weight_x(pass), kept + p_.kept_gates(pass));
    copy(ctx, hidden, h0, kept + p_.kept_hidden(pass) + start * hidden);
    if (c0) copy(ctx, p_.cell_size(), c0, kept + p_.kept_extra(pass) + start * p_.cell_size());
    times(ctx, pass, parameters, kept, y);
  }

  // The first row of the batch at time t.
  RnnForwardRow<T> row_at(const RunContext& ctx, int64_t pass, int64_t t, const T* parameters, T* kept, T* y) const {
    const RnnPlan& p = p_;
    const int64_t before = p.before(pass, t), after = p.after(pass, t), cell = p.cell_size();
    T* hidden = kept + p.kept_hidden(pass);
    T* extra = kept + p.kept_extra(pass);
    RnnForwardRow<T> row;
    row.gates = kept + p.kept_gates(pass) + t * p.batch * p.gate_width();
    row.x = row.gates;
    row.h = place(ctx, h_part_);
    row.bx = parameters + p.bias_x(pass);
    row.bh = parameters + p.bias_h(pass);
    row.hidden = hidden + before * p.hidden_size();
    row.extra = extra + before * cell;
    row.new_extra = extra + (p.mode == RnnMode::gru ? t : after) * cell;
    if (p.projected) {
      row.new_hidden = row.result = kept + p.kept_unprojected(pass) + t * cell;
    } else {
      row.new_hidden = hidden + after * p.hidden_size();
      row.result = y + t * p.batch * p.width();
    }
    row.clip = clip_;
    return row;
  }

  // All times of a pass, whose gates hold x W_x^T and whose first states are there.
  virtual void times(const RunContext& ctx, int64_t pass, const T* parameters, T* kept, T* y) = 0;

  // The last state (and cell) of a pass, where they are asked for.
  void finish(const RunContext& ctx, int64_t pass, const T* kept, void* const* out) {
    const int64_t hidden = p_.hidden_size(), cell = p_.cell_size(), last = p_.finish(pass);
    const T* h = kept + p_.kept_hidden(pass) + last * hidden;
    const T* c = kept + p_.kept_extra(pass) + last * cell;
    if (outputs_ > 2) copy(ctx, hidden, h, static_cast<T*>(out[1]) + pass * hidden);
    if (outputs_ > 3) copy(ctx, cell, c, static_cast<T*>(out[2]) + pass * cell);
  }

  void drop(const RunContext& ctx, int64_t layer, T* y, T* mask) {
    using C = Compute<T>;
    const philox::Stream stream{ctx.seed, ctx.step, static_cast<uint32_t>(op_id_), ctx.key};
    const int64_t n = p_.rows() * p_.width(), first = layer * n;
    const float p = static_cast<float>(drop_);
    const C scale = static_cast<C>(drop_ < 1 ? 1.0 / (1.0 - drop_) : 0.0);
    Launch<Device>::map(ctx, n, [=] PT_LAMBDA(int64_t i) {
      const C keep = philox::uniform(philox::word(stream, first + i)) >= p ? scale : C(0);
      mask[i] = static_cast<T>(keep);
      y[i] = static_cast<T>(static_cast<C>(y[i]) * keep);
    });
  }

 private:
  size_t outputs_;
  double drop_;
  int64_t op_id_;
  size_t h_part_ = 0;
  std::unique_ptr<Kernel> inputs_[2];
};

// The whole batch time after time.
template <class Device, class Cell, class T>
class RnnPlainKernel final : public RnnKernel<Device, T> {
  using Base = RnnKernel<Device, T>;
  using Base::ends_, Base::multiply, Base::p_, Base::place, Base::product, Base::reserve, Base::row_at, Base::row_steps;

 public:
  explicit RnnPlainKernel(const KernelSpec& s) : Base(s) {
    weight_ = reserve(p_.hidden * p_.gate_width());
    step_ = product(p_.batch, p_.gate_width(), p_.hidden, false, false);
    if (p_.projected) project_ = product(p_.batch, p_.hidden, p_.state, false, true);
  }

  void times(const RunContext& ctx, int64_t pass, const T* parameters, T* kept, T* y) override {
    transpose(ctx, parameters + p_.weight_h(pass), place(ctx, weight_));
    const RnnRowSteps by = row_steps();
    const RnnPlan p = p_;
    const RnnLengths ends = ends_;
    for (int64_t s = 0; s < p_.time; ++s) {
      const int64_t t = p_.at_step(pass, s);
      const RnnForwardRow<T> row = row_at(ctx, pass, t, parameters, kept, y);
      multiply(ctx, *step_, row.hidden, place(ctx, weight_), const_cast<T*>(row.h));
      Rows<Device>::pieces(ctx, p_.batch, p_.state, [=] PT_LAMBDA(int64_t n, int64_t begin, int64_t end) {
        if (ends.behind(n, t)) {
          rnn_skip(row.at(n, by), p, begin, end);
        } else {
          Cell::forward(row.at(n, by), by.state, begin, end);
        }
      });
      if (p_.projected) project(ctx, pass, t, parameters + p_.weight_r(pass), kept, y);
    }
  }

  // The state after time t and the result, from what the cells gave.
  void project(const RunContext& ctx, int64_t pass, int64_t t, const T* weight, T* kept, T* y) {
    const int64_t hidden = p_.hidden, width = p_.width();
    const T* before = kept + p_.kept_hidden(pass) + p_.before(pass, t) * p_.hidden_size();
    T* after = kept + p_.kept_hidden(pass) + p_.after(pass, t) * p_.hidden_size();
    T* result = y + t * p_.batch * width;
    multiply(ctx, *project_, kept + p_.kept_unprojected(pass) + t * p_.cell_size(), weight, after);
    const RnnLengths ends = ends_;
    Launch<Device>::map(ctx, p_.hidden_size(), [=] PT_LAMBDA(int64_t i) {
      const int64_t n = i / hidden;
      const bool behind = ends.behind(n, t);
      result[n * width + i % hidden] = behind ? static_cast<T>(Compute<T>(0)) : after[i];
      if (behind) after[i] = before[i];
    });
  }

  // W_h (gates * H, P) -> (P, gates * H), so that every step multiplies by rows as they lie.
  void transpose(const RunContext& ctx, const T* from, T* to) {
    const int64_t hidden = p_.hidden, gates = p_.gate_width();
    Launch<Device>::map(ctx, hidden * gates,
                        [=] PT_LAMBDA(int64_t i) { to[i] = from[i % gates * hidden + i / gates]; });
  }

 private:
  size_t weight_ = 0;
  std::unique_ptr<Kernel> step_, project_;
};

// (dY, data, parameters, kept[, lengths][, dState[, dCell]]) -> dX, dParameters, dState0[, dCell0]
template <class Device, class T>
class RnnGradKernel : public RnnBase<Device, T> {
  using Base = RnnBase<Device, T>;

 protected:
  using Base::clear, Base::clip_, Base::copy, Base::ends_, Base::multiply, Base::p_, Base::place, Base::product,
      Base::reserve, Base::row_steps, Base::start_run;

 public:
  explicit RnnGradKernel(const KernelSpec& s) : Base(s, s.in[1].shape, 4), inputs_(s.in.size()) {
    const int64_t gates = p_.gate_width(), rows = p_.rows();
    dx_gates_ = reserve(rows * gates);
    dh_gates_ = p_.mode == RnnMode::gru ? reserve(rows * gates) : dx_gates_;
    dh_ = reserve(p_.hidden_size());
    dc_ = reserve(p_.cell_size());
    dh_more_ = reserve(p_.hidden_size());
    if (p_.projected) {
      dr_ = reserve(rows * p_.hidden);
      dm_ = reserve(p_.cell_size());
      no_dh_ = reserve(p_.cell_size());
      to_weight_r_ = product(p_.hidden, p_.state, rows, true, false);
    }
    for (size_t& buffer : layer_) buffer = reserve(p_.layers > 1 ? rows * p_.width() : 0);
    more_ = reserve(p_.directions > 1 ? rows * std::max(p_.input, p_.width()) : 0);
    for (int64_t layer = 0; layer < std::min<int64_t>(p_.layers, 2); ++layer) {
      to_input_[layer] = product(rows, p_.input_of(layer), gates, false, false);
      to_weight_x_[layer] = product(gates, p_.input_of(layer), rows, true, false);
    }
    to_weight_h_ = product(gates, p_.hidden, rows, true, false);
  }

  void run(const RunContext& ctx, void* const* in, void* const* out) override {
    start_run(in);
    const T* dy = static_cast<const T*>(in[0]);
    const T* kept = static_cast<const T*>(in[3]);
    for (int64_t layer = p_.layers - 1; layer >= 0; --layer) {
      const T* x = layer == 0 ? static_cast<const T*>(in[1]) : kept + p_.kept_result(layer - 1);
      T* dx = layer == 0 ? static_cast<T*>(out[0]) : place(ctx, layer_[layer % 2]);
      for (int64_t d = 0; d < p_.directions; ++d) {
        const int64_t pass = layer * p_.directions + d;
        run_pass(ctx, pass, dy + d * p_.hidden, x, in, out);
        into_input(ctx, pass, static_cast<const T*>(in[2]), dx);
      }
      if (layer > 0 && p_.mask) scale(ctx, dx, kept + p_.kept_mask(layer - 1));
      dy = dx;
    }
  }

  void run_pass(const RunContext& ctx, int64_t pass, const T* dy, const T* x, void* const* in, void* const* out) {
    const RnnPlan& p = p_;
    const T* parameters = static_cast<const T*>(in[2]);
    const T* kept = static_cast<const T*>(in[3]);
    const int64_t hidden = p.hidden_size(), cell = p.cell_size();
    const size_t states = p.lengths ? 5 : 4;
    T* dh = place(ctx, dh_);
    T* dc = place(ctx, dc_);
    arrive(ctx, pass, states, hidden, in, dh);
    if (p.has_cell()) arrive(ctx, pass, states + 1, cell, in, dc);
    if (p.projected) clear(ctx, cell, place(ctx, no_dh_));
    times(ctx, pass, parameters, dy, kept);
    copy(ctx, hidden, dh, static_cast<T*>(out[2]) + pass * hidden);
    if (p.has_cell()) copy(ctx, cell, dc, static_cast<T*>(out[3]) + pass * cell);
    into_parameters(ctx, pass, x, kept, static_cast<T*>(out[1]));
  }

  // The first row of the batch at time t.
  RnnBackwardRow<T> row_at(const RunContext& ctx, int64_t pass, int64_t t, const T* dy, const T* kept) const {
    const RnnPlan& p = p_;
    const int64_t before = p.before(pass, t), after = p.after(pass, t), cell = p.cell_size();
    const T* hidden = kept + p.kept_hidden(pass);
    const T* extra = kept + p.kept_extra(pass);
    RnnBackwardRow<T> row;
    row.gates = kept + p.kept_gates(pass) + t * p.batch * p.gate_width();
    row.hidden = hidden + before * p.hidden_size();
    row.new_hidden = hidden + after * p.hidden_size();
    row.extra = extra + before * cell;
    row.new_extra = extra + (p.mode == RnnMode::gru ? t : after) * cell;
    row.dy = p.projected ? place(ctx, dm_) : dy + t * p.batch * p.width();
    row.dh = place(ctx, p.projected ? no_dh_ : dh_);
    row.clip = clip_;
    row.dc = place(ctx, dc_);
    row.dx_gates = place(ctx, dx_gates_) + t * p.batch * p.gate_width();
    row.dh_gates = place(ctx, dh_gates_) + t * p.batch * p.gate_width();
    return row;
  }

  // All times of a pass from the last to the first: from the gradients of the states after it, in the workspace, to
  // those of its gates and of the states before it.
  virtual void times(const RunContext& ctx, int64_t pass, const T* parameters, const T* dy, const T* kept) = 0;

  // The gradient that arrives at the last state: input number `index`, or nothing.
  void arrive(const RunContext& ctx, int64_t pass, size_t index, int64_t size, void* const* in, T* to) {
    if (inputs_ > index) {
      copy(ctx, size, static_cast<const T*>(in[index]) + pass * size, to);
    } else {
      clear(ctx, size, to);
    }
  }

  void into_parameters(const RunContext& ctx, int64_t pass, const T* x, const T* kept, T* gradient) {
    const RnnPlan& p = p_;
    const T* dx_gates = place(ctx, dx_gates_);
    const T* dh_gates = place(ctx, dh_gates_);
    const T* before = kept + p.kept_hidden(pass) + p.before(pass, 0) * p.hidden_size();  // of time 0, 1, ...
    multiply(ctx, *to_weight_x_[pass / p.directions == 0 ? 0 : 1], dx_gates, x, gradient + p.weight_x(pass));
    multiply(ctx, *to_weight_h_, dh_gates, before, gradient + p.weight_h(pass));
    if (p.projected) {
      multiply(ctx, *to_weight_r_, place(ctx, dr_), kept + p.kept_unprojected(pass), gradient + p.weight_r(pass));
    }
    sum_rows(ctx, dx_gates, gradient + p.bias_x(pass));
    if (dx_gates == dh_gates) {
      copy(ctx, p.gate_width(), gradient + p.bias_x(pass), gradient + p.bias_h(pass));
    } else {
      sum_rows(ctx, dh_gates, gradient + p.bias_h(pass));
    }
  }

  void into_input(const RunContext& ctx, int64_t pass, const T* parameters, T* dx) {
    const int64_t layer = pass / p_.directions, n = p_.rows() * p_.input_of(layer);
    const bool first = pass % p_.directions == 0;
    T* to = first ? dx : place(ctx, more_);
    multiply(ctx, *to_input_[layer == 0 ? 0 : 1], place(ctx, dx_gates_), parameters + p_.weight_x(pass), to);
    if (!first) add(ctx, n, to, dx);
  }

  static void add(const RunContext& ctx, int64_t n, const T* from, T* to) {
    using C = Compute<T>;
    Launch<Device>::map(
        ctx, n, [=] PT_LAMBDA(int64_t i) { to[i] = static_cast<T>(static_cast<C>(to[i]) + static_cast<C>(from[i])); });
  }
  void scale(const RunContext& ctx, T* values, const T* mask) {
    using C = Compute<T>;
    Launch<Device>::map(ctx, p_.rows() * p_.width(), [=] PT_LAMBDA(int64_t i) {
      values[i] = static_cast<T>(static_cast<C>(values[i]) * static_cast<C>(mask[i]));
    });
  }
  void sum_rows(const RunContext& ctx, const T* from, T* to) {
    const int64_t rows = p_.rows(), width = p_.gate_width();
    Rows<Device>::columns(ctx, 1, width, rows, [=] PT_LAMBDA(int64_t, int64_t begin, int64_t end) {
      constexpr int64_t kMost = 64;  // columns come in blocks of at most so many
      for (int64_t block = begin; block < end; block += kMost) {
        const int64_t n = end - block < kMost ? end - block : kMost;
        Compute<T> sum[kMost];
        for (int64_t j = 0; j < n; ++j) sum[j] = Compute<T>(0);
        for (int64_t r = 0; r < rows; ++r) {
          for (int64_t j = 0; j < n; ++j) sum[j] += static_cast<Compute<T>>(from[r * width + block + j]);
        }
        for (int64_t j = 0; j < n; ++j) to[block + j] = static_cast<T>(sum[j]);
      }
    });
  }

 protected:
  size_t dh_more_ = 0;  // what passes to the state before, (N, P)
  size_t dh_ = 0;       // of the state after, (N, P)
  // of projected states: their gradients (T, N, P); of what is projected (N, H); and none from elsewhere (N, H)
  size_t dr_ = 0, dm_ = 0, no_dh_ = 0;

 private:
  size_t inputs_;
  size_t dx_gates_ = 0, dh_gates_ = 0, dc_ = 0, layer_[2] = {0, 0}, more_ = 0;
  std::unique_ptr<Kernel> to_input_[2], to_weight_x_[2], to_weight_h_, to_weight_r_;
};

// The whole batch time after time.
template <class Device, class Cell, class T>
class RnnGradPlainKernel final : public RnnGradKernel<Device, T> {
  using Base = RnnGradKernel<Device, T>;
  using Base::add, Base::dh_, Base::dh_more_, Base::dm_, Base::dr_, Base::ends_, Base::multiply, Base::p_, Base::place,
      Base::product, Base::row_at, Base::row_steps;

 public:
  explicit RnnGradPlainKernel(const KernelSpec& s)
      : Base(s), to_state_(product(p_.batch, p_.hidden, p_.gate_width(), false, false)) {
    if (p_.projected) to_cells_ = product(p_.batch, p_.state, p_.hidden, false, false);
  }

  void times(const RunContext& ctx, int64_t pass, const T* parameters, const T* dy, const T* kept) override {
    const RnnRowSteps by = row_steps();
    const RnnPlan p = p_;
    const RnnLengths ends = ends_;
    for (int64_t s = p_.time - 1; s >= 0; --s) {
      const int64_t t = p_.at_step(pass, s);
      const RnnBackwardRow<T> row = row_at(ctx, pass, t, dy, kept);
      if (p_.projected) unproject(ctx, t, parameters + p_.weight_r(pass), dy);
      Rows<Device>::pieces(ctx, p_.batch, p_.state, [=] PT_LAMBDA(int64_t n, int64_t begin, int64_t end) {
        if (ends.behind(n, t)) {
          rnn_skip(row.at(n, by), p, begin, end);
        } else {
          Cell::backward(row.at(n, by), by.state, begin, end);
        }
      });
      multiply(ctx, *to_state_, row.dh_gates, parameters + p_.weight_h(pass), place(ctx, dh_more_));
      add(ctx, p_.hidden_size(), place(ctx, dh_more_), place(ctx, dh_));
    }
  }

  // The gradient of what was projected at time t.  That of the state after it ends there, as it does in a cell.
  void unproject(const RunContext& ctx, int64_t t, const T* weight, const T* dy) {
    const int64_t hidden = p_.hidden, width = p_.width();
    const T* arrived = dy + t * p_.batch * width;
    T* dh = place(ctx, dh_);
    T* dr = place(ctx, dr_) + t * p_.hidden_size();
    const RnnLengths ends = ends_;
    Launch<Device>::map(ctx, p_.hidden_size(), [=] PT_LAMBDA(int64_t i) {
      using C = Compute<T>;
      const int64_t n = i / hidden;
      const bool behind = ends.behind(n, t);
      const C sum = static_cast<C>(arrived[n * width + i % hidden]) + static_cast<C>(dh[i]);
      dr[i] = static_cast<T>(behind ? C(0) : sum);
      if (!behind) dh[i] = static_cast<T>(C(0));
    });
    multiply(ctx, *to_cells_, dr, weight, place(ctx, dm_));
  }

 private:
  std::unique_ptr<Kernel> to_state_, to_cells_;
};

// A kernel of the mode that the attributes tell.
template <template <class, class, class> class Class, class Device, class T>
std::unique_ptr<Kernel> make_rnn_of(const KernelSpec& s) {
  const std::string mode = s.attrs.text("mode");
  if (mode == "lstm") return std::make_unique<Class<Device, LstmCell, T>>(s);
  if (mode == "gru") return std::make_unique<Class<Device, GruCell, T>>(s);
  if (mode == "rnn_relu") return std::make_unique<Class<Device, VanillaCell<true>, T>>(s);
  return std::make_unique<Class<Device, VanillaCell<false>, T>>(s);
}

template <template <class, class, class> class Class, class Device>
std::unique_ptr<Kernel> make_rnn(const KernelSpec& s) {
  return make_wide<Device>(s, s.in[0].dtype, [](const KernelSpec& w, auto tag) {
    return make_rnn_of<Class, Device, typename decltype(tag)::type>(w);
  });
}

template <class Device>
void register_rnn(Registry& r) {
  r.add("rnn", make_rnn<RnnPlainKernel, Device>);
  r.add("rnn_grad", make_rnn<RnnGradPlainKernel, Device>);
}

}  // namespace paratrain
