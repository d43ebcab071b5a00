"""Each rank reads its part of a file with damaged records; all learn what all have skipped."""

import sys

from paratrain import kvstore
from paratrain.io import ImageRecordIter

kv = kvstore.create("dist_sync")
it = ImageRecordIter(
    sys.argv[1], (3, 6, 7), int(sys.argv[2]), num_parts=kv.num_workers, part_index=kv.rank, on_error="skip"
)
batches = sum(1 for _ in it)
it.reset()
known = [len(skipped) for skipped in it.skipped_before]
print(f"rank {kv.rank}: {batches} batches, knows {known}", flush=True)
it.close()
