"""The one door to the disk: staged members, publication by rename, journal files, the cart's folder."""

from cartload.staging.area import Piece, StagingArea
from cartload.staging.files import append_to_file, keep_file, read_file, rewrite_file
from cartload.staging.folder import CartFolder
from cartload.staging.journals import JournalFile, Journals
from cartload.staging.manifests import load_manifest
from cartload.staging.publication import look_at, publish, verify_files

__all__ = [
    "CartFolder",
    "JournalFile",
    "Journals",
    "Piece",
    "StagingArea",
    "append_to_file",
    "keep_file",
    "load_manifest",
    "look_at",
    "publish",
    "read_file",
    "rewrite_file",
    "verify_files",
]
