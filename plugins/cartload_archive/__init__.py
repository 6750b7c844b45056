"""A synthetic NBIA archive on loopback: what tests, benchmarks and the demo talk to."""

from cartload_archive.faults import Ending, Fault, Stall, Strike
from cartload_archive.messages import Request
from cartload_archive.naming import Order
from cartload_archive.options import ArchiveOptions
from cartload_archive.server import ArchiveServer
from cartload_archive.zips import Compression

__all__ = (
    "ArchiveOptions",
    "ArchiveServer",
    "Compression",
    "Ending",
    "Fault",
    "Order",
    "Request",
    "Stall",
    "Strike",
)
