"""
The files behind documents: what is taken, how the bytes are kept and given out, and how their text is read.

The bytes lie in the database (decision 36), each once. What a file is, its own content says; the name and the type that
a browser gives are never believed. A document says whether readers may have its file; nothing here decides that.
"""

from .kinds import FileError, kind_of
from .reading import read, read_waiting, waits
from .storing import checksum, pieces, store

__all__ = ["FileError", "checksum", "kind_of", "pieces", "read", "read_waiting", "store", "waits"]
