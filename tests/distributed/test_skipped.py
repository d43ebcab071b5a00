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


def test_skipped_records_are_told_to_all_ranks(run_ranks, damaged):
    done = run_ranks(2, "skip_records.py", damaged)
    for rank in range(2):
        assert f"rank {rank} knows [2, 1]" in done.out
    assert "all parts: 3 records were skipped (2, 1)" in done.text
