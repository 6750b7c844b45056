"""The one door to the disk: staged members, publication by rename, journal files, the cart's folder."""

from cartload.staging.area import StagingArea
from cartload.staging.files import (
    append_to_file,
    create_file,
    keep_file,
    open_file,
    read_file,
    read_pieces,
    rewrite_file,
)
from cartload.staging.folder import CartFolder, cart_folders
from cartload.staging.index import Kept
from cartload.staging.journals import JournalFile, Journals
from cartload.staging.manifests import find_manifests, load_manifest
from cartload.staging.pieces import Piece
from cartload.staging.publication import folder_below, list_files, look_at, publish, verify_files
from cartload.staging.system import disk_errors, disk_full, free_space, sync_folder
from cartload.staging.unfinished import Claim

__all__ = [
    "CartFolder",
    "Claim",
    "JournalFile",
    "Journals",
    "Kept",
    "Piece",
    "StagingArea",
    "append_to_file",
    "cart_folders",
    "create_file",
    "disk_errors",
    "disk_full",
    "find_manifests",
    "folder_below",
    "free_space",
    "keep_file",
    "list_files",
    "load_manifest",
    "look_at",
    "open_file",
    "publish",
    "read_file",
    "read_pieces",
    "rewrite_file",
    "sync_folder",
    "verify_files",
]
