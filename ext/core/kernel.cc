#include "core/kernel.h"

namespace paratrain {

std::string to_string(const Shape& shape) {
  std::string out = "(";
  for (size_t i = 0; i < shape.size(); ++i) out += (i ? ", " : "") + std::to_string(shape[i]);
  return out + (shape.size() == 1 ? ",)" : ")");
}

void run_named(Kernel& kernel, const std::string& name, const RunContext& ctx, void* const* in, void* const* out) {
  try {
    kernel.run(ctx, in, out);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const ForeignError&) {
    throw;
  } catch (const std::invalid_argument& e) {
    throw std::invalid_argument("[" + name + "] " + e.what());
  } catch (const std::out_of_range& e) {
    throw std::out_of_range("[" + name + "] " + e.what());
  } catch (const std::exception& e) {
    throw std::runtime_error("[" + name + "] " + e.what());
  }
}

std::unique_ptr<Kernel> Registry::make(const KernelSpec& spec) const {
  auto found = factories_.find(spec.name);
  if (found == factories_.end()) throw std::logic_error("there is no kernel named " + spec.name);
  for (auto it = found->second.rbegin(); it != found->second.rend(); ++it) {
    if (spec.plain && it + 1 != found->second.rend()) continue;
    if (auto kernel = (*it)(spec)) return kernel;
  }
  std::string types;
  for (const auto& d : spec.in) types += std::string(types.empty() ? "" : ", ") + name_of(d.dtype) + to_string(d.shape);
  throw std::invalid_argument("[" + spec.name + "] no kernel for these inputs: " + types);
}

}  // namespace paratrain
