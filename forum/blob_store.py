"""Where an installation keeps its files."""

from functools import lru_cache

from forum.settings import Settings
from storage.blobs import Store


@lru_cache(maxsize=8)
def store(settings: Settings) -> Store:
    """Return the store: the data folder, or a bucket, whose connections all share."""
    folder = settings.data / "blobs"
    if not settings.blobs_url:
        return Store(folder)
    # Where there is no bucket, its library is not loaded.
    from storage.blobs.bucket import Bucket, Place

    place = Place(
        url=settings.blobs_url,
        endpoint=settings.s3_endpoint,
        region=settings.s3_region,
        key_id=settings.s3_key_id,
        secret=settings.s3_secret,
    )
    return Store(folder, Bucket(place))
