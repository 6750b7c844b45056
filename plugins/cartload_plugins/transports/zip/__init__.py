"""ZIP archives as streams: handed out file by file, and held against their own directory at the end."""

from cartload_plugins.transports.zip.reader import read_zip

__all__ = ["read_zip"]
