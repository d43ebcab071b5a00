#include "kernels/rnn/plan.h"

namespace paratrain {

int64_t RnnPlan::weight_x(int64_t pass) const {
  int64_t offset = 0;
  for (int64_t p = 0; p < pass; ++p) {
    offset += gate_width() * (input_of(p / directions) + hidden) + (projected ? hidden * state : 0);
  }
  return offset;
}

RnnPlan rnn_plan(const Attrs& attrs, const Shape& data) {
  const std::string& mode = attrs.text("mode");
  RnnPlan p;
  p.mode = mode == "lstm"
               ? RnnMode::lstm
               : (mode == "gru" ? RnnMode::gru : (mode == "rnn_relu" ? RnnMode::rnn_relu : RnnMode::rnn_tanh));
  p.gates = p.mode == RnnMode::lstm ? 4 : (p.mode == RnnMode::gru ? 3 : 1);
  p.time = data.at(0);
  p.batch = data.at(1);
  p.input = data.at(2);
  p.state = attrs.integer("state_size");
  p.layers = attrs.integer("num_layers");
  p.directions = attrs.flag("bidirectional") ? 2 : 1;
  p.mask = attrs.real("p") > 0;
  const int64_t projection = attrs.integer("projection_size");
  p.projected = projection > 0;
  p.hidden = p.projected ? projection : p.state;
  p.lengths = attrs.flag("use_sequence_length");
  const std::vector<double>& clip = attrs.reals("state_clip");
  p.low = clip.at(0);
  p.high = clip.at(1);
  p.no_nan = clip.at(2);
  return p;
}

}  // namespace paratrain
