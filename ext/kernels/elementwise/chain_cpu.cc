// Several elementwise operators in one sweep: block by block, so that what lies between them never leaves the cache.
//
// A chain owns one kernel for each call, made for a block.  They are the kernels that would run one by one over whole
// arrays, so the results are the same bit for bit.
#include <algorithm>

#include "kernels/elementwise/chain.h"
#include "kernels/launch/cpu.h"

namespace paratrain {

namespace {

// Bytes of the intermediate results of a block at most: all of the first-level cache, but a chain reads few at a time.
constexpr int64_t kScratch = 32768;
constexpr int64_t kMaxBlock = 1024;  // elements
constexpr size_t kMaxOperands = 16;  // of one call
constexpr size_t kMaxValues = 256;   // inputs and calls

// How the space of the results is cut: axis `axis` in pieces of `length`, those before it one by one, those behind
// whole.
struct Cut {
  size_t axis = 0;
  int64_t outer = 1, inner = 1;
  int64_t length = 0, pieces = 0, last = 0;
};

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
  void check() const;
  int place_scratch();
  void make_kernels(std::vector<std::unique_ptr<Kernel>>& made, int64_t length) const;
  TensorDesc operand(size_t value, int64_t length) const;
  void run_block(int64_t block, void* const* in, void* const* out) const;

  ChainPlan plan_;
  size_t num_inputs_;
  std::vector<int> scratch_;  // of each call: its slot of the scratch memory, if its result is no output
  std::vector<std::unique_ptr<Kernel>> whole_, rest_;  // for blocks of cut_.length, and of cut_.last
  Cut cut_;
  int64_t slot_bytes_ = 0;
};

ChainKernel::ChainKernel(const KernelSpec& s)
    : plan_(s), num_inputs_(plan_.inputs.size()), scratch_(plan_.calls.size(), -1) {
  check();
  const int slots = std::max(1, place_scratch());
  int64_t widest = 1;
  for (const auto& c : plan_.calls) widest = std::max(widest, size_of(c.dtype));
  const int64_t elements = std::min(kMaxBlock, kScratch / slots / widest / kLanes * kLanes);
  if (elements < kLanes) throw std::logic_error("a chain keeps too many values at a time");
  cut_ = cut(plan_.space, elements);
  if (cut_.length * cut_.inner > elements) throw std::logic_error("a block is larger than its scratch memory");
  slot_bytes_ = elements * widest;
  make_kernels(whole_, cut_.length);
  if (cut_.last != cut_.length) make_kernels(rest_, cut_.last);
}

void ChainKernel::check() const {
  if (num_inputs_ + plan_.calls.size() > kMaxValues) throw std::logic_error("a chain is too long");
  for (const auto& call : plan_.calls) {
    if (call.operands.size() > kMaxOperands) throw std::logic_error("a call in a chain has too many operands");
  }
}

// Gives each result that is no output a slot; a slot is free again once its result has been read for the last time.
int ChainKernel::place_scratch() {
  std::vector<size_t> last(plan_.calls.size(), 0);
  for (size_t k = 0; k < plan_.calls.size(); ++k) {
    for (size_t v : plan_.calls[k].operands) {
      if (v >= num_inputs_) last[v - num_inputs_] = k;
    }
  }
  std::vector<int> free;
  int slots = 0;
  // the slots of what call k is the last to read; a kernel may write over what it reads if both are of one size
  const auto give_back = [&](size_t k, bool same_size) {
    for (size_t j = 0; j < k; ++j) {
      const bool same = size_of(plan_.calls[j].dtype) == size_of(plan_.calls[k].dtype);
      if (last[j] == k && scratch_[j] >= 0 && same == same_size) free.push_back(scratch_[j]);
    }
  };
  for (size_t k = 0; k < plan_.calls.size(); ++k) {
    give_back(k, true);
    if (plan_.calls[k].output < 0) {
      if (free.empty()) free.push_back(slots++);
      scratch_[k] = free.back();
      free.pop_back();
    }
    give_back(k, false);
  }
  return slots;
}

TensorDesc ChainKernel::operand(size_t value, int64_t length) const {
  TensorDesc desc;
  desc.dtype = plan_.type_of(value);
  const Shape& shape = value < num_inputs_ ? plan_.inputs[value] : plan_.space;
  desc.shape.assign(shape.begin() + static_cast<std::ptrdiff_t>(cut_.axis), shape.end());
  if (desc.shape[0] != 1) desc.shape[0] = length;
  return desc;
}

void ChainKernel::make_kernels(std::vector<std::unique_ptr<Kernel>>& made, int64_t length) const {
  for (size_t k = 0; k < plan_.calls.size(); ++k) {
    KernelSpec spec;
    spec.name = plan_.calls[k].kernel;
    spec.attrs = plan_.calls[k].attrs;
    spec.plain = true;  // a library's would start threads of its own for each block
    for (size_t v : plan_.calls[k].operands) spec.in.push_back(operand(v, length));
    spec.out.push_back(operand(num_inputs_ + k, length));
    made.push_back(registry(DeviceType::cpu).make(spec));
    if (made.back()->workspace_bytes()) throw std::logic_error(spec.name + " needs scratch memory, which chains lack");
  }
}

void ChainKernel::run(const RunContext& ctx, void* const* in, void* const* out) {
  const int64_t work = cut_.length * cut_.inner * static_cast<int64_t>(plan_.calls.size());
  Launch<Cpu>::each(ctx, cut_.outer * cut_.pieces, work, [=](int64_t block) { run_block(block, in, out); });
}

void ChainKernel::run_block(int64_t block, void* const* in, void* const* out) const {
  alignas(64) char scratch[kScratch];
  const int64_t row = block / cut_.pieces, piece = block % cut_.pieces;
  const int64_t begin = (row * plan_.space[cut_.axis] + piece * cut_.length) * cut_.inner;
  void* places[kMaxValues];  // of the block of every value
  for (size_t i = 0; i < num_inputs_; ++i) {
    const Shape& strides = plan_.strides[i];
    const int64_t at = offset_of(row, static_cast<int>(cut_.axis), plan_.space.data(), strides.data()) +
                       piece * cut_.length * strides[cut_.axis];
    places[i] = static_cast<char*>(in[i]) + at * size_of(plan_.input_types[i]);
  }
  const auto& kernels = piece + 1 == cut_.pieces && !rest_.empty() ? rest_ : whole_;
  for (size_t k = 0; k < plan_.calls.size(); ++k) {
    const ChainCall& call = plan_.calls[k];
    void*& result = places[num_inputs_ + k];
    result = call.output < 0 ? scratch + scratch_[k] * slot_bytes_
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
