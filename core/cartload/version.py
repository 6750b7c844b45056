"""The version, kept in one place beside pyproject.toml; a test compares the two."""

from __future__ import annotations

__version__ = "0.1.0"
