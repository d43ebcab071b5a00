"""What a rank skips, every rank learns."""

import numpy as np
import pytest

from paratrain import recordio


@pytest.fixture
def damaged(tmp_path):
    path = str(tmp_path / "set.rec")
    pixels = np.zeros((6, 7, 3), np.uint8)
    with recordio.MXIndexedRecordIO(str(tmp_path / "set.idx"), path, "w") as writer:
        for i in range(12):
            header = recordio.IRHeader(0, float(i), i, 0)
            good = recordio.pack_img(header, pixels, img_fmt=".png", quality=1)
            writer.write_idx(i, recordio.pack(header, b"no image") if i in (1, 2, 7) else good)
    return path


@pytest.mark.parametrize("batch_size", [1, 2])
@pytest.mark.parametrize(("n", "skipped"), [(1, [3]), (2, [2, 1]), (4, [2, 0, 1, 0])])
def test_skipped_records_are_told_to_all_ranks(run_ranks, damaged, n, skipped, batch_size):
    """Counted and named; and no rank has fewer batches, though all records of one may be damaged."""
    done = run_ranks(n, "skip_records.py", damaged, batch_size)
    for rank in range(n):
        assert f"rank {rank}: {-(-12 // n // batch_size)} batches, knows {skipped}" in done.out
    for number in (1, 2, 7):
        assert f"record {number} at byte" in done.text
    assert n == 1 or f"all parts: 3 records were skipped ({str(skipped)[1:-1]})" in done.text
