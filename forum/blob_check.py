"""Is every file that is kept what was sent? All of them are read, which may take hours."""

from collections.abc import AsyncIterator, Callable

from forum import blob_store
from forum.checks import Finding
from forum.settings import Settings
from forum.uploads import SETTLED
from storage import clock
from storage.blobs import proving
from storage.blobs.proving import Proof, State

#: How many files have been read, of how many; how many bytes, of how many.
Progress = Callable[[int, int, int, int], None]

_MEGABYTE = 1024 * 1024


async def check(settings: Settings, progress: Progress) -> AsyncIterator[Finding]:
    """Yield a finding for each file that is not what it was, and then what there is in all."""
    store = blob_store.store(settings)
    read = size = 0
    troubles = {State.MISSING: 0, State.ALTERED: 0}
    try:
        lying = await proving.look(store, clock.now() - SETTLED)
        files, whole = await proving.count()
        async for proof in proving.prove(store, lying.damaged):
            read, size = read + 1, size + proof.size
            progress(read, files, size, whole)
            if proof.state != State.WHOLE:
                troubles[proof.state] += 1
                yield Finding("blob", False, _told(proof))
    except OSError as error:
        yield Finding("blobs", False, f"cannot be read: {error}")
        return
    said = [f"{many} {state}" for state, many in troubles.items() if many] or ["all whole"]
    yield Finding("blobs", said == ["all whole"], f"{read} read{_size(size)}: {', '.join(said)}")
    loose = f"{lying.loose} without a row{_size(lying.loose_bytes)}"
    yield Finding("blobs", True, f"{loose}; what is, the daily sweep deletes")


def _told(proof: Proof) -> str:
    # By tables, never by names: who runs the service need not know what people write.
    where = ", ".join(f"{table} {many}" for table, many in sorted(proof.references.items()))
    return f"{proof.digest} is {proof.state} ({where or 'nothing refers to it'})"


def _size(many: int) -> str:
    return f" ({many / _MEGABYTE:,.1f} MB)"
