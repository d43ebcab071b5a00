// Sizes of a stack of recurrent layers, and where things lie in its parameters and in what forward keeps for backward.
#pragma once
#include "core/kernel.h"

namespace paratrain {

enum class RnnMode : int { rnn_relu, rnn_tanh, lstm, gru };

// A "pass" is one layer in one direction.  Time, batch, input, state (size of gates and cells), layers, directions,
// gates.
struct RnnPlan {
  RnnMode mode;
  int64_t time, batch, input, state, layers, directions, gates;
  int64_t hidden;            // size of the hidden states: of what they are projected to, else `state`
  bool projected;            // lstm: h = W_r (o tanh(c))
  bool mask;                 // dropout between the layers keeps its masks
  bool lengths;              // every row of the batch has a length; behind it states stay and results are zero
  double low, high, no_nan;  // lstm: bounds of the cells, and what becomes of NaN there

  int64_t passes() const { return layers * directions; }
  int64_t width() const { return directions * hidden; }  // of a layer's result
  int64_t input_of(int64_t layer) const { return layer == 0 ? input : width(); }
  int64_t rows() const { return time * batch; }
  int64_t gate_width() const { return gates * state; }
  int64_t hidden_size() const { return batch * hidden; }
  int64_t cell_size() const { return batch * state; }
  bool has_cell() const { return mode == RnnMode::lstm; }

  // The packed parameters: W_x (gates * state, input), W_h (gates * state, hidden)[, W_r (hidden, state)] of every
  // pass, then b_x, b_h of every pass.
  int64_t weight_x(int64_t pass) const;
  int64_t weight_h(int64_t pass) const { return weight_x(pass) + gate_width() * input_of(pass / directions); }
  int64_t weight_r(int64_t pass) const { return weight_h(pass) + gate_width() * hidden; }
  int64_t bias_x(int64_t pass) const { return weight_x(passes()) + pass * 2 * gate_width(); }
  int64_t bias_h(int64_t pass) const { return bias_x(pass) + gate_width(); }
  int64_t parameters() const { return bias_x(passes()); }

  // Kept of every pass: gates (T, N, gates * H), hidden (T + 1, N, P), and cell (T + 1, N, H) of lstm or the hidden
  // part of the new gate (T, N, H) of gru[, what is projected (T, N, H)]; then of every layer but the last: result
  // (T, N, D * P)[, mask].
  int64_t pass_kept() const {
    return rows() * gate_width() + (time + 1) * hidden_size() + extra_kept() + (projected ? rows() * state : 0);
  }
  int64_t extra_kept() const {
    return mode == RnnMode::lstm ? (time + 1) * cell_size() : (mode == RnnMode::gru ? rows() * state : 0);
  }
  int64_t kept_gates(int64_t pass) const { return pass * pass_kept(); }
  int64_t kept_hidden(int64_t pass) const { return kept_gates(pass) + rows() * gate_width(); }
  int64_t kept_extra(int64_t pass) const { return kept_hidden(pass) + (time + 1) * hidden_size(); }
  int64_t kept_unprojected(int64_t pass) const { return kept_extra(pass) + extra_kept(); }
  int64_t kept_result(int64_t layer) const {
    return passes() * pass_kept() + layer * rows() * width() * (mask ? 2 : 1);
  }
  int64_t kept_mask(int64_t layer) const { return kept_result(layer) + rows() * width(); }
  int64_t kept() const { return kept_result(layers - 1); }

  // Rows of `hidden` (and `cell`): the state before and after time t.  Backward passes run from the last time to the
  // first; row t of the states before each time is row first() + t.
  bool reversed(int64_t pass) const { return pass % directions == 1; }
  int64_t before(int64_t pass, int64_t t) const { return reversed(pass) ? t + 1 : t; }
  int64_t after(int64_t pass, int64_t t) const { return reversed(pass) ? t : t + 1; }
  int64_t start(int64_t pass) const { return reversed(pass) ? time : 0; }
  int64_t finish(int64_t pass) const { return reversed(pass) ? 0 : time; }
  int64_t at_step(int64_t pass, int64_t s) const { return reversed(pass) ? time - 1 - s : s; }
};

// Attributes mode, state_size, num_layers, bidirectional, p, train, projection_size (0: none), use_sequence_length,
// state_clip (low, high, what becomes of NaN); data (T, N, input).
RnnPlan rnn_plan(const Attrs& attrs, const Shape& data);

}  // namespace paratrain
