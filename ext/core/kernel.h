// What a kernel is: made once for given operator, shapes, types and attributes; run many times on raw pointers.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/dtype.h"

namespace paratrain {

// Of everything in this file and in dtype.h that libparatrain_cuda.so is compiled with; raised when that changes.
constexpr int kAbi = 5;

enum class DeviceType : int { cpu = 1, gpu = 2, cpu_pinned = 3 };  // MXNet's numbers

using Shape = std::vector<int64_t>;

inline int64_t count(const Shape& s) { return std::accumulate(s.begin(), s.end(), int64_t{1}, std::multiplies<>()); }

std::string to_string(const Shape& shape);

// How the elements of a tensor lie in memory when that is not row by row; known to one library only
// (for oneDNN: a blocked memory descriptor).  Null means plain row-major.
struct Layout {
  virtual ~Layout() = default;
  virtual int64_t bytes() const = 0;
  virtual bool equals(const Layout& other) const = 0;
  virtual std::string name() const = 0;
  // The axes from the outermost to the innermost, if the elements lie one by one without gaps; else empty.
  virtual std::vector<int64_t> order() const = 0;
  // The same order for elements of another type; null where the library does not know that.
  virtual std::shared_ptr<const Layout> with_dtype(DType dtype) const = 0;
};

struct TensorDesc {
  DType dtype = DType::float32;
  Shape shape;
  std::shared_ptr<const Layout> layout;

  int64_t size() const { return count(shape); }
  int64_t bytes() const { return layout ? layout->bytes() : size() * size_of(dtype); }
};

using Attr = std::variant<bool, int64_t, double, std::string, std::vector<int64_t>, std::vector<double>>;

// Attributes with their types, parsed once in Python.  A missing or mistyped name is our own mistake: logic_error.
class Attrs {
 public:
  void set(const std::string& name, Attr value) { values_[name] = std::move(value); }
  bool has(const std::string& name) const { return values_.count(name) != 0; }
  bool flag(const std::string& name) const { return get<bool>(name); }
  int64_t integer(const std::string& name) const { return get<int64_t>(name); }
  double real(const std::string& name) const { return get<double>(name); }
  const std::string& text(const std::string& name) const { return get<std::string>(name); }
  const Shape& ints(const std::string& name) const { return get<Shape>(name); }
  const std::vector<double>& reals(const std::string& name) const { return get<std::vector<double>>(name); }
  // Those whose names begin with `prefix`, under the rest of their names.
  Attrs below(const std::string& prefix) const {
    Attrs out;
    for (auto it = values_.lower_bound(prefix); it != values_.end() && it->first.compare(0, prefix.size(), prefix) == 0;
         ++it) {
      out.set(it->first.substr(prefix.size()), it->second);
    }
    return out;
  }

 private:
  template <class T>
  const T& get(const std::string& name) const {
    auto it = values_.find(name);
    if (it == values_.end()) throw std::logic_error("kernel attribute " + name + " is missing");
    if (!std::holds_alternative<T>(it->second))
      throw std::logic_error("kernel attribute " + name + " has another type");
    return std::get<T>(it->second);
  }
  std::map<std::string, Attr> values_;
};

struct KernelSpec {
  std::string name;
  Attrs attrs;
  std::vector<TensorDesc> in, out;
  // Ask for the layouts a library likes best: a kernel made with this set may answer with layouts of its own.
  bool any_layout = false;
  // Ask for the plain kernel even where a library has one: the oracle of the library's.
  bool plain = false;
};

class Team;

// What a run needs besides its arrays.
struct RunContext {
  void* stream = nullptr;       // CUDA stream; null on the CPU
  char* workspace = nullptr;    // workspace_bytes() of scratch memory, 64-byte aligned
  uint64_t seed = 0, step = 0;  // key of the random numbers of this run
  Team* team = nullptr;         // threads for the loops on the CPU; null: OpenMP's
  // On a GPU: seed and step in its memory, read when the kernel runs and not when it is queued; null: those above.
  const uint64_t* key = nullptr;
};

class Kernel {
 public:
  virtual ~Kernel() = default;
  virtual void run(const RunContext& ctx, void* const* in, void* const* out) = 0;
  virtual size_t workspace_bytes() const { return 0; }
  // Layouts this kernel reads and writes; null entries (or an empty list) mean plain.
  virtual std::vector<std::shared_ptr<const Layout>> in_layouts() const { return {}; }
  virtual std::vector<std::shared_ptr<const Layout>> out_layouts() const { return {}; }
  // Whether it brings threads of its own, OpenMP's, through a library.  A program of which no kernel does has a Team.
  virtual bool uses_openmp() const { return false; }
  // Whether what it queues can be recorded and queued again: on the host it neither waits for the stream nor depends on
  // anything but its arguments.
  virtual bool capturable() const { return true; }
  // Which implementation this is, for plans and profiles, e.g. "dnnl:jit:avx512_core".
  virtual std::string implementation() const { return "plain"; }
};

// Runs a kernel; what it throws keeps its class and gets the operator's name in front.
void run_named(Kernel& kernel, const std::string& name, const RunContext& ctx, void* const* in, void* const* out);

// Notes what is queued instead of running it, and queues it again as a whole: a CUDA graph.
class Recorder {
 public:
  virtual ~Recorder() = default;  // waits for what was queued by it
  // The stream to queue into from now on.  Waits until nothing of an earlier recording runs.
  virtual void* begin() = 0;
  // Where kernels that are recorded find seed and step.
  virtual const uint64_t* key() const = 0;
  // False once something was queued that cannot be recorded.
  virtual bool recording() = 0;
  virtual void end() = 0;  // of a recording, which takes the place of the one before
  virtual void give_up() noexcept = 0;
  virtual void replay(void* stream, uint64_t seed, uint64_t step) = 0;
};

// What a Program asks of a device that runs kernels in the order of a stream.  All null on the CPU.
struct StreamHooks {
  void (*after)(void* stream, void (*call)(void*), void* data) = nullptr;  // call(data) once the queued work is done
  void (*check)(void* stream) = nullptr;              // throws if work in the stream has failed; does not wait
  void (*wait)(void* stream) = nullptr;               // until the queued work is done
  std::unique_ptr<Recorder> (*recorder)() = nullptr;  // of the GPU that is current in this thread
  // Few bytes between host and device after the queued work; `read` waits for them, `write` has copied the source.
  void (*read)(void* stream, void* host, const void* device, size_t bytes) = nullptr;
  void (*write)(void* stream, void* device, const void* host, size_t bytes) = nullptr;
};

// A kernel was run by somebody outside the engine, who failed and knows why.
struct ForeignError : std::exception {
  const char* what() const noexcept override { return "failed outside the engine"; }
};

// A factory returns null where it does not support the spec; then the next one is asked.
using Factory = std::function<std::unique_ptr<Kernel>(const KernelSpec&)>;

// Kernels by name.  Later registrations are asked first, so libraries register after the plain kernels.
class Registry {
 public:
  void add(const std::string& name, Factory factory) { factories_[name].push_back(std::move(factory)); }
  bool has(const std::string& name) const { return factories_.count(name) != 0; }
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& entry : factories_) out.push_back(entry.first);
    return out;
  }
  std::unique_ptr<Kernel> make(const KernelSpec& spec) const;

  StreamHooks stream;

 private:
  std::map<std::string, std::vector<Factory>> factories_;
};

// The kernels of a device.  The GPU's are filled in when libparatrain_cuda.so is loaded.
Registry& registry(DeviceType device);

}  // namespace paratrain
