// Every kernel of oneDNN; each is asked before the plain kernel of its name.
#include "kernels/dnnl/common.h"

namespace paratrain {

void register_dnnl(Registry& r) {
  onednn::register_convolution(r);
  onednn::register_matmul(r);
  onednn::register_dot(r);
  onednn::register_pooling(r);
  onednn::register_max_pool(r);
  onednn::register_batch_norm(r);
  onednn::register_layer_norm(r);
  onednn::register_reorder(r);
  onednn::register_winograd(r);  // after the direct kernels, as the next: where they apply they are faster
  onednn::register_depthwise(r);
}

}  // namespace paratrain
