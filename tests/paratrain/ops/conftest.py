import sys
from pathlib import Path

# `table` and `recorded` are shared by the tests and the rows of this folder.
sys.path.insert(0, str(Path(__file__).resolve().parent))
