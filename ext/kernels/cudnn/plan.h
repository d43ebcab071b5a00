// What is remembered of cuDNN's algorithms: a line of text for the problem, one for the answer.
#pragma once
#include "core/kernel.h"

namespace paratrain::cudnn {

struct PlanProblem {
  const char* operation;  // forward, data_grad or weight_grad
  DType type;
  Shape x, w, y, pad, stride, dilate;
  int64_t groups;
  int math;            // what kinds of arithmetic are allowed
  std::string device;  // its name
  size_t version;      // of cuDNN
};
std::string plan_key(const PlanProblem& p);

struct PlanChoice {
  int algorithm = 0, math = 0;
};
std::string plan_text(const PlanChoice& c);
// False, and `c` as it was, if the text is no answer.
bool parse_plan(const std::string& text, PlanChoice& c);

// Where answers are kept: in Python (ext/plans.py), so null in a process without it.
struct PlanStore {
  // 1: known, `text` is the answer; 0: not known, to be measured and kept; -1: not known, and nothing would be kept.
  int (*find)(const char* key, char* text, int64_t size) = nullptr;
  // Keeps an answer; `text` becomes the one that another process was first with, if there is one.
  void (*keep)(const char* key, char* text, int64_t size) = nullptr;
};
PlanStore& plan_store();

}  // namespace paratrain::cudnn
