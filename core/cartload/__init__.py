"""cartload brings a whole imaging cart home: every image, verified, resumable, where people find it.

These are the public names. They are loaded when first used, so that ``import cartload`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from cartload.version import __version__

if TYPE_CHECKING:
    from cartload.errors import CartloadError
    from cartload.manifest import Manifest, ManifestSource
    from cartload.plan import Plan, Task
    from cartload.progress import Progress, Report
    from cartload.registry import Registry
    from cartload.session import Session
    from cartload.settings import Settings
    from cartload.staging import load_manifest

__all__ = [
    "CartloadError",
    "Manifest",
    "ManifestSource",
    "Plan",
    "Progress",
    "Registry",
    "Report",
    "Session",
    "Settings",
    "Task",
    "__version__",
    "load_manifest",
]

_HOMES = {
    "CartloadError": "errors",
    "Manifest": "manifest",
    "ManifestSource": "manifest",
    "Plan": "plan",
    "Progress": "progress",
    "Registry": "registry",
    "Report": "progress",
    "Session": "session",
    "Settings": "settings",
    "Task": "plan",
    "load_manifest": "staging",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'cartload' has no attribute {name!r}")
    return getattr(import_module(f"cartload.{_HOMES[name]}"), name)
