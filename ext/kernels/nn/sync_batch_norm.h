// Batch normalisation with the statistics of the batches of all ranks; CPU only.
#pragma once
#include "core/kernel.h"

namespace paratrain {

void register_sync_batch_norm(Registry& r);

}  // namespace paratrain
