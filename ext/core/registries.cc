// The tables of kernels of this process.  (Apart from kernel.cc, which the CUDA library is compiled with as well.)
#include "kernels/dense/dense.h"
#include "kernels/families.h"
#include "kernels/nn/sync_batch_norm.h"

namespace paratrain {

Registry& registry(DeviceType device) {
  static Registry cpu = [] {
    Registry r;
    register_plain_cpu(r);
    register_rnn_blocks(r);
    register_chain(r);
    register_sync_batch_norm(r);
    register_dnnl(r);
    register_dense(r);
    return r;
  }();
  static Registry gpu;
  return device == DeviceType::gpu ? gpu : cpu;
}

}  // namespace paratrain
