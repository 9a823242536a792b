"""Bytes that are kept, by their SHA-256: on a shelf, each with a `Blob` row.

A row that something refers to always has its bytes: they are there before the row is committed,
and they go only together with a row that nothing refers to.
"""

from storage.blobs.arriving import BATCH, Arriving
from storage.blobs.shelves import Lost, Shelved, Unreachable
from storage.blobs.store import Store
from storage.blobs.sweeping import sweep
from storage.blobs.taking import Taking

__all__ = ["BATCH", "Arriving", "Lost", "Shelved", "Store", "Taking", "Unreachable", "sweep"]
