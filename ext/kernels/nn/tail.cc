#include "kernels/nn/tail.h"

namespace paratrain {

Tail::Tail(const Attrs& attrs) {
  if (!attrs.has("act")) return;
  const std::string& name = attrs.text("act");
  act = name == "relu"      ? Act::relu
        : name == "clip"    ? Act::clip
        : name == "tanh"    ? Act::tanh
        : name == "sigmoid" ? Act::sigmoid
                            : Act::none;
  low = attrs.real("a_min");
  high = attrs.real("a_max");
  has_addend = attrs.has("has_addend") && attrs.flag("has_addend");
}

}  // namespace paratrain
