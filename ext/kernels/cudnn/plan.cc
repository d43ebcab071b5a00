#include "kernels/cudnn/plan.h"

#include <cstdio>

namespace paratrain::cudnn {

static std::string numbers(const Shape& shape) {
  std::string out;
  for (size_t i = 0; i < shape.size(); ++i) out += (i ? "," : "") + std::to_string(shape[i]);
  return out;
}

std::string plan_key(const PlanProblem& p) {
  return std::string(p.operation) + " " + name_of(p.type) + " x " + numbers(p.x) + " w " + numbers(p.w) + " y " +
         numbers(p.y) + " pad " + numbers(p.pad) + " stride " + numbers(p.stride) + " dilate " + numbers(p.dilate) +
         " groups " + std::to_string(p.groups) + " math " + std::to_string(p.math) + " on " + p.device + " cudnn " +
         std::to_string(p.version);
}

std::string plan_text(const PlanChoice& c) {
  return "algorithm " + std::to_string(c.algorithm) + " math " + std::to_string(c.math);
}

bool parse_plan(const std::string& text, PlanChoice& c) {
  PlanChoice read;
  int used = 0;
  if (std::sscanf(text.c_str(), "algorithm %d math %d%n", &read.algorithm, &read.math, &used) != 2) return false;
  if (static_cast<size_t>(used) != text.size()) return false;
  c = read;
  return true;
}

PlanStore& plan_store() {
  static PlanStore store;
  return store;
}

}  // namespace paratrain::cudnn
