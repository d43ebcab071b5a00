// Several elementwise operators in one sweep: block by block, so that what lies between them never leaves the cache.
//
// A chain owns one kernel for each call, made for a block.  They are the kernels that would run one by one over whole
// arrays, so the results are the same bit for bit.
#include <algorithm>

#include "kernels/launch/cpu.h"

namespace paratrain {

namespace {

// Bytes of the intermediate results of a block at most: all of the first-level cache, but a chain reads few at a time.
constexpr int64_t kScratch = 32768;
constexpr int64_t kMaxBlock = 1024;  // elements
constexpr size_t kMaxOperands = 16;  // of one call
constexpr size_t kMaxValues = 256;   // inputs and calls

// One call: which values it reads and the slot of its result.
struct Call {
  std::string kernel;
  Attrs attrs;
  std::vector<size_t> operands;  // inputs first, then results of calls
  DType dtype;
  int output = -1;   // of the chain, or
  int scratch = -1;  // slot of the scratch memory
};

// How the space of the results is cut: axis `axis` in pieces of `length`, those before it one by one, those behind
// whole.
struct Cut {
  size_t axis = 0;
  int64_t outer = 1, inner = 1;
  int64_t length = 0, pieces = 0, last = 0;
};

// Without axes of length 1, neighbouring axes joined where that is one run in every array.
void collapse(Shape& space, std::vector<Shape>& inputs) {
  Shape joined;
  std::vector<Shape> kept(inputs.size());
  for (size_t d = 0; d < space.size(); ++d) {
    if (space[d] == 1) continue;
    bool same = !joined.empty();
    for (size_t i = 0; i < inputs.size() && same; ++i) same = (inputs[i][d] == 1) == (kept[i].back() == 1);
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (same) {
        kept[i].back() *= inputs[i][d];
      } else {
        kept[i].push_back(inputs[i][d]);
      }
    }
    if (same) {
      joined.back() *= space[d];
    } else {
      joined.push_back(space[d]);
    }
  }
  if (joined.empty()) {
    joined.push_back(1);
    for (auto& k : kept) k.push_back(1);
  }
  space = joined;
  inputs = kept;
}

Cut cut(const Shape& space, int64_t elements) {
  Cut c;
  c.axis = space.size() - 1;
  while (c.axis > 0 && c.inner * space[c.axis] <= elements) c.inner *= space[c.axis--];
  const int64_t n = space[c.axis], most = std::max<int64_t>(1, elements / c.inner);
  c.pieces = (n + most - 1) / most;
  c.length = (n + c.pieces - 1) / c.pieces;
  // whole vectors, where that does not exceed `elements`, a multiple of kLanes
  if (c.inner == 1) c.length = std::min(n, (c.length + kLanes - 1) / kLanes * kLanes);
  c.pieces = (n + c.length - 1) / c.length;
  c.last = n - (c.pieces - 1) * c.length;
  for (size_t d = 0; d < c.axis; ++d) c.outer *= space[d];
  return c;
}

class ChainKernel final : public Kernel {
 public:
  explicit ChainKernel(const KernelSpec& s);
  void run(const RunContext& ctx, void* const* in, void* const* out) override;
  std::string implementation() const override {
    return "blocks:" + std::to_string(cut_.length * cut_.inner) + "x" + std::to_string(cut_.outer * cut_.pieces);
  }

 private:
  void read_calls(const KernelSpec& s);
  int place_scratch();
  void make_kernels(std::vector<std::unique_ptr<Kernel>>& made, int64_t length) const;
  TensorDesc operand(size_t value, int64_t length) const;
  void run_block(int64_t block, void* const* in, void* const* out) const;

  size_t num_inputs_;
  std::vector<DType> input_types_;
  Shape space_;
  std::vector<Shape> inputs_;         // their shapes, with as many axes as the space
  std::vector<Shape> input_strides_;  // in elements; 0 where an input is repeated
  std::vector<Call> calls_;
  std::vector<std::unique_ptr<Kernel>> whole_, rest_;  // for blocks of cut_.length, and of cut_.last
  Cut cut_;
  int64_t slot_bytes_ = 0;
};

ChainKernel::ChainKernel(const KernelSpec& s) : num_inputs_(s.in.size()), space_(s.out[0].shape) {
  for (const auto& d : s.in) {
    Shape shape(space_.size() - d.shape.size(), 1);
    shape.insert(shape.end(), d.shape.begin(), d.shape.end());
    inputs_.push_back(shape);
    input_types_.push_back(d.dtype);
  }
  collapse(space_, inputs_);
  for (const auto& shape : inputs_) {
    Shape strides(shape.size(), 0);
    int64_t step = 1;
    for (size_t d = shape.size(); d-- > 0; step *= shape[d]) strides[d] = shape[d] == 1 ? 0 : step;
    input_strides_.push_back(strides);
  }
  read_calls(s);
  if (num_inputs_ + calls_.size() > kMaxValues) throw std::logic_error("a chain is too long");
  const int slots = std::max(1, place_scratch());
  int64_t widest = 1;
  for (const auto& c : calls_) widest = std::max(widest, size_of(c.dtype));
  const int64_t elements = std::min(kMaxBlock, kScratch / slots / widest / kLanes * kLanes);
  if (elements < kLanes) throw std::logic_error("a chain keeps too many values at a time");
  cut_ = cut(space_, elements);
  if (cut_.length * cut_.inner > elements) throw std::logic_error("a block is larger than its scratch memory");
  slot_bytes_ = elements * widest;
  make_kernels(whole_, cut_.length);
  if (cut_.last != cut_.length) make_kernels(rest_, cut_.last);
}

void ChainKernel::read_calls(const KernelSpec& s) {
  const Shape &counts = s.attrs.ints("counts"), &operands = s.attrs.ints("operands"), &types = s.attrs.ints("dtypes");
  size_t at = 0;
  for (size_t k = 0; k < counts.size(); ++k) {
    Call call;
    const std::string prefix = std::to_string(k) + ".";
    call.kernel = s.attrs.text(prefix + "kernel");
    call.attrs = s.attrs.below(prefix);
    if (static_cast<size_t>(counts[k]) > kMaxOperands)
      throw std::logic_error("a call in a chain has too many operands");
    for (int64_t i = 0; i < counts[k]; ++i) call.operands.push_back(static_cast<size_t>(operands[at++]));
    call.dtype = static_cast<DType>(types[k]);
    calls_.push_back(std::move(call));
  }
  const Shape& outputs = s.attrs.ints("outputs");
  for (size_t i = 0; i < outputs.size(); ++i) calls_[static_cast<size_t>(outputs[i])].output = static_cast<int>(i);
}

// Gives each result that is no output a slot; a slot is free again once its result has been read for the last time.
int ChainKernel::place_scratch() {
  std::vector<size_t> last(calls_.size(), 0);
  for (size_t k = 0; k < calls_.size(); ++k) {
    for (size_t v : calls_[k].operands) {
      if (v >= num_inputs_) last[v - num_inputs_] = k;
    }
  }
  std::vector<int> free;
  int slots = 0;
  for (size_t k = 0; k < calls_.size(); ++k) {
    for (size_t j = 0; j < k; ++j) {
      // elementwise kernels may write over what they read
      if (last[j] == k && calls_[j].scratch >= 0) free.push_back(calls_[j].scratch);
    }
    if (calls_[k].output >= 0) continue;
    if (free.empty()) free.push_back(slots++);
    calls_[k].scratch = free.back();
    free.pop_back();
  }
  return slots;
}

TensorDesc ChainKernel::operand(size_t value, int64_t length) const {
  TensorDesc desc;
  const bool input = value < num_inputs_;
  desc.dtype = input ? input_types_[value] : calls_[value - num_inputs_].dtype;
  const Shape& shape = input ? inputs_[value] : space_;
  desc.shape.assign(shape.begin() + static_cast<std::ptrdiff_t>(cut_.axis), shape.end());
  if (desc.shape[0] != 1) desc.shape[0] = length;
  return desc;
}

void ChainKernel::make_kernels(std::vector<std::unique_ptr<Kernel>>& made, int64_t length) const {
  for (size_t k = 0; k < calls_.size(); ++k) {
    KernelSpec spec;
    spec.name = calls_[k].kernel;
    spec.attrs = calls_[k].attrs;
    spec.plain = true;  // a library's would start threads of its own for each block
    for (size_t v : calls_[k].operands) spec.in.push_back(operand(v, length));
    spec.out.push_back(operand(num_inputs_ + k, length));
    made.push_back(registry(DeviceType::cpu).make(spec));
  }
}

void ChainKernel::run(const RunContext& ctx, void* const* in, void* const* out) {
  const int64_t work = cut_.length * cut_.inner * static_cast<int64_t>(calls_.size());
  Launch<Cpu>::each(ctx, cut_.outer * cut_.pieces, work, [=](int64_t block) { run_block(block, in, out); });
}

void ChainKernel::run_block(int64_t block, void* const* in, void* const* out) const {
  alignas(64) char scratch[kScratch];
  const int64_t row = block / cut_.pieces, piece = block % cut_.pieces;
  const int64_t begin = (row * space_[cut_.axis] + piece * cut_.length) * cut_.inner;
  void* places[kMaxValues];  // of the block of every value
  for (size_t i = 0; i < num_inputs_; ++i) {
    const Shape& strides = input_strides_[i];
    const int64_t at = offset_of(row, static_cast<int>(cut_.axis), space_.data(), strides.data()) +
                       piece * cut_.length * strides[cut_.axis];
    places[i] = static_cast<char*>(in[i]) + at * size_of(input_types_[i]);
  }
  const auto& kernels = piece + 1 == cut_.pieces && !rest_.empty() ? rest_ : whole_;
  for (size_t k = 0; k < calls_.size(); ++k) {
    const Call& call = calls_[k];
    void*& result = places[num_inputs_ + k];
    result = call.output < 0 ? scratch + call.scratch * slot_bytes_
                             : static_cast<char*>(out[call.output]) + begin * size_of(call.dtype);
    void* operands[kMaxOperands];
    for (size_t i = 0; i < call.operands.size(); ++i) operands[i] = places[call.operands[i]];
    kernels[k]->run(RunContext{}, operands, &result);
  }
}

}  // namespace

void register_chain(Registry& r) {
  r.add("chain", [](const KernelSpec& s) -> std::unique_ptr<Kernel> { return std::make_unique<ChainKernel>(s); });
}

}  // namespace paratrain
