// The text of a chain for the GPU, made from the names of the functors that the plain kernels are made of.  It reads
// what a kernel of each call would read, in the same types, and rounds each result to its type.
#include <algorithm>
#include <cstring>

#include "kernels/elementwise/chain.h"
#include "kernels/elementwise/functions.h"

namespace paratrain {

namespace {

enum class Form { unary, binary, scalar, slope, slope_grad, cast, where, clip, clip_grad, fill };

struct Member {
  Form form;
  const char* functor;  // of namespace fn
};

const std::map<std::string, Member>& members() {
  static const std::map<std::string, Member> all = [] {
    std::map<std::string, Member> m{{"cast", {Form::cast, ""}},
                                    {"where", {Form::where, ""}},
                                    {"clip", {Form::clip, ""}},
                                    {"clip_grad", {Form::clip_grad, ""}},
                                    {"fill", {Form::fill, ""}}};
#define PT_ONE(name, Functor) m[#name] = {Form::unary, #Functor};
    PT_UNARY_FUNCTIONS(PT_ONE)
#undef PT_ONE
#define PT_TWO(name, Functor)          \
  m[#name] = {Form::binary, #Functor}; \
  m[#name "_scalar"] = {Form::scalar, #Functor};
    PT_BINARY_FUNCTIONS(PT_TWO)
#undef PT_TWO
#define PT_GRAD(name, Functor) m[#name] = {Form::binary, #Functor};
    PT_GRAD_FUNCTIONS(PT_GRAD)
#undef PT_GRAD
#define PT_SLOPE(name, Functor)       \
  m[#name] = {Form::slope, #Functor}; \
  m[#name "_grad"] = {Form::slope_grad, #Functor};
    PT_SLOPE_FUNCTIONS(PT_SLOPE)
#undef PT_SLOPE
    return m;
  }();
  return all;
}

const Member& member(const ChainCall& call) {
  const auto found = members().find(call.kernel);
  if (found == members().end()) throw std::logic_error("a chain cannot contain the kernel " + call.kernel);
  return found->second;
}

// Attributes of a call that are numbers, in the order in which the source reads them.
std::vector<double> numbers_of(const ChainCall& call) {
  switch (member(call).form) {
    case Form::scalar: return {call.attrs.real("scalar")};
    case Form::slope:
    case Form::slope_grad: return {call.attrs.real("slope")};
    case Form::clip:
    case Form::clip_grad: return {call.attrs.real("a_min"), call.attrs.real("a_max")};
    case Form::fill: return {call.attrs.real("value")};
    default: return {};
  }
}

const char* c_type(DType type) {
  switch (type) {
    case DType::float32: return "float";
    case DType::float64: return "double";
    case DType::float16: return "Half";
    case DType::bfloat16: return "BFloat16";
    case DType::uint8: return "uint8_t";
    case DType::int8: return "int8_t";
    case DType::int32: return "int32_t";
    case DType::int64: return "int64_t";
    case DType::bool_: return "bool";
  }
  throw std::logic_error("a type without a name");
}

// Along which axes an input has elements of its own.
std::vector<bool> axes_of(const Shape& strides) {
  std::vector<bool> out;
  for (int64_t s : strides) out.push_back(s != 0);
  return out;
}

// The ways in which inputs are repeated: those that have all axes, or none, need no division.
std::vector<size_t> repeated(const ChainPlan& plan) {
  std::vector<std::vector<bool>> seen;
  std::vector<size_t> first;
  for (size_t i = 0; i < plan.strides.size(); ++i) {
    const std::vector<bool> axes = axes_of(plan.strides[i]);
    const bool all = std::count(axes.begin(), axes.end(), true) == static_cast<std::ptrdiff_t>(axes.size());
    const bool none = std::count(axes.begin(), axes.end(), true) == 0;
    if (all || none || std::find(seen.begin(), seen.end(), axes) != seen.end()) continue;
    seen.push_back(axes);
    first.push_back(i);
  }
  return first;
}

class Writer {
 public:
  explicit Writer(const ChainPlan& plan) : plan_(plan), repeated_(repeated(plan)) {}
  std::string text();

 private:
  void line(const std::string& text) { out_ += text + "\n"; }
  void arguments();
  void places();
  void call(size_t k);
  std::string place(size_t input) const;
  std::string expression(const ChainCall& c);
  // Operand i in the type in which type T is computed.
  std::string value(const ChainCall& c, size_t i, const std::string& type) const {
    return "static_cast<Compute<" + type + ">>(v" + std::to_string(c.operands[i]) + ")";
  }
  std::string number(const std::string& type) {
    return "static_cast<Compute<" + type + ">>(a.number[" + std::to_string(numbers_++) + "])";
  }

  const ChainPlan& plan_;
  std::vector<size_t> repeated_;
  size_t numbers_ = 0;
  std::string out_;
};

void Writer::arguments() {
  size_t numbers = 0, outputs = 0;
  for (const ChainCall& c : plan_.calls) {
    numbers += numbers_of(c).size();
    outputs += c.output >= 0;
  }
  const std::string axes = std::to_string(plan_.space.size());
  line("struct Arguments {");
  line("  int64_t size;");
  if (!repeated_.empty()) {
    line("  int64_t shape[" + axes + "];");
    line("  int64_t stride[" + std::to_string(repeated_.size()) + "][" + axes + "];");
  }
  if (numbers) line("  double number[" + std::to_string(numbers) + "];");
  if (!plan_.inputs.empty()) line("  const void* in[" + std::to_string(plan_.inputs.size()) + "];");
  line("  void* out[" + std::to_string(outputs) + "];");
  line("};");
}

// Where an element of each of the repeated inputs lies.
void Writer::places() {
  if (repeated_.empty()) return;
  const bool wide = count(plan_.space) > 0x7fffffff;
  line(std::string("    ") + (wide ? "int64_t" : "uint32_t") + " rest = i;");
  for (size_t r = 0; r < repeated_.size(); ++r) line("    int64_t p" + std::to_string(r) + " = 0;");
  for (size_t d = plan_.space.size(); d-- > 0;) {
    const std::string axis = std::to_string(d),
                      size = wide ? "a.shape[" + axis + "]" : "static_cast<uint32_t>(a.shape[" + axis + "])";
    const std::string at = d > 0 ? "rest % " + size : "rest";
    for (size_t r = 0; r < repeated_.size(); ++r) {
      if (plan_.strides[repeated_[r]][d] == 0) continue;
      line("    p" + std::to_string(r) + " += static_cast<int64_t>(" + at + ") * a.stride[" + std::to_string(r) + "][" +
           axis + "];");
    }
    if (d > 0) line("    rest /= " + size + ";");
  }
}

std::string Writer::place(size_t input) const {
  const std::vector<bool> axes = axes_of(plan_.strides[input]);
  if (std::count(axes.begin(), axes.end(), true) == 0) return "0";
  for (size_t r = 0; r < repeated_.size(); ++r) {
    if (axes_of(plan_.strides[repeated_[r]]) == axes) return "p" + std::to_string(r);
  }
  return "i";
}

std::string Writer::expression(const ChainCall& c) {
  const Member& m = member(c);
  const std::string to = c_type(c.dtype), f = std::string("fn::") + m.functor + "::";
  // the type that the kernel is made for: of its first operand, but of the result where operands may have others
  const std::string t = m.form == Form::fill || m.form == Form::where ? to : c_type(plan_.type_of(c.operands[0]));
  if (t != to && m.form != Form::cast) throw std::logic_error(c.kernel + " in a chain changes the type");
  const std::string first = c.operands.empty() ? "" : value(c, 0, t);
  switch (m.form) {
    case Form::unary: return f + "apply(" + first + ")";
    case Form::binary: return f + "apply(" + first + ", " + value(c, 1, t) + ")";
    case Form::scalar:
      return c.attrs.flag("reverse") ? f + "apply(" + number(t) + ", " + first + ")"
                                     : f + "apply(" + first + ", " + number(t) + ")";
    case Form::slope: return f + "value(" + first + ", " + number(t) + ")";
    case Form::slope_grad:
      return first + " * " + f + "derivative(" + value(c, 1, t) + ", " + value(c, 2, t) + ", " + number(t) + ")";
    case Form::cast:
      return to == "bool" ? first + " != Compute<" + t + ">(0)" : "static_cast<Compute<" + to + ">>(" + first + ")";
    case Form::where: {
      const std::string condition = c_type(plan_.type_of(c.operands[0]));
      return value(c, 0, condition) + " != Compute<" + condition + ">(0) ? v" + std::to_string(c.operands[1]) + " : v" +
             std::to_string(c.operands[2]);
    }
    case Form::clip: {
      const std::string low = number(t), high = number(t);
      return first + " < " + low + " ? " + low + " : (" + first + " > " + high + " ? " + high + " : " + first + ")";
    }
    case Form::clip_grad: {
      const std::string low = number(t), high = number(t), x = value(c, 1, t);
      return x + " < " + low + " || " + x + " > " + high + " ? " + t + "(0) : v" + std::to_string(c.operands[0]);
    }
    case Form::fill: return number(t);
  }
  throw std::logic_error("a form without text");
}

void Writer::call(size_t k) {
  const ChainCall& c = plan_.calls[k];
  const std::string to = c_type(c.dtype), name = "v" + std::to_string(plan_.inputs.size() + k);
  line("    const " + to + " " + name + " = static_cast<" + to + ">(" + expression(c) + ");  // " + c.kernel);
}

std::string Writer::text() {
  line("#include \"kernels/elementwise/math.h\"");
  line("#include \"kernels/elementwise/slope.h\"");
  line("using namespace paratrain;");
  arguments();
  line("extern \"C\" __global__ void __launch_bounds__(256) chain(const __grid_constant__ Arguments a) {");
  line("  const int64_t step = static_cast<int64_t>(gridDim.x) * 256;");
  line("  for (int64_t i = static_cast<int64_t>(blockIdx.x) * 256 + threadIdx.x; i < a.size; i += step) {");
  places();
  for (size_t i = 0; i < plan_.inputs.size(); ++i) {
    const std::string n = std::to_string(i), type = c_type(plan_.input_types[i]);
    line("    const " + type + " v" + n + " = static_cast<const " + type + "*>(a.in[" + n + "])[" + place(i) + "];");
  }
  for (size_t k = 0; k < plan_.calls.size(); ++k) call(k);
  // last, since an output may lie over an input
  for (size_t k = 0; k < plan_.calls.size(); ++k) {
    const ChainCall& c = plan_.calls[k];
    if (c.output < 0) continue;
    line("    static_cast<" + std::string(c_type(c.dtype)) + "*>(a.out[" + std::to_string(c.output) + "])[i] = v" +
         std::to_string(plan_.inputs.size() + k) + ";");
  }
  line("  }");
  line("}");
  return out_;
}

}  // namespace

std::string chain_source(const ChainPlan& plan) { return Writer(plan).text(); }

std::vector<int64_t> chain_arguments(const ChainPlan& plan) {
  std::vector<int64_t> words{count(plan.space)};
  const std::vector<size_t> inputs = repeated(plan);
  if (!inputs.empty()) words.insert(words.end(), plan.space.begin(), plan.space.end());
  for (size_t i : inputs) words.insert(words.end(), plan.strides[i].begin(), plan.strides[i].end());
  for (const ChainCall& call : plan.calls) {
    for (double number : numbers_of(call)) {
      int64_t word;
      std::memcpy(&word, &number, sizeof word);
      words.push_back(word);
    }
  }
  return words;
}

std::vector<std::string> chain_members() {
  std::vector<std::string> names;
  for (const auto& m : members()) names.push_back(m.first);
  return names;
}

}  // namespace paratrain
