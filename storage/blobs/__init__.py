"""Bytes that are kept, by their SHA-256: files in the data folder, each with a `Blob` row.

A row that something refers to always has its bytes: they are on the disk before the row is
committed, and they go only together with a row that nothing refers to.
"""

from storage.blobs.arriving import BATCH, Arriving
from storage.blobs.store import Store

__all__ = ["BATCH", "Arriving", "Store"]
