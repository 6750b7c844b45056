from __future__ import annotations

import sys
from pathlib import Path

# What makes the reference pages is no part of the distribution; it lies beside the pages.
sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "extensions"))
