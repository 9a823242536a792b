"""Hostile publications, and why they were withdrawn."""

from forum import addresses, publications
from tests.browser.hostile_writer import Writer
from tests.publishing import adopted, publish


async def publication(writer: Writer, payload: str) -> None:
    """One whose title, summary, contact and text are hostile, and one that has been withdrawn."""
    ann, number = writer.ann, len(writer.hostile.addresses["publication"])
    for kind in ("publication", "withdrawn"):
        slug = f"{kind}-{number}"
        document = await adopted(ann, writer.store, f"{slug}.txt", slug.encode(), text=payload)
        row = await publish(
            ann,
            writer.store,
            document,
            slug=slug,
            title=payload[:160],
            summary=payload[:1000],
            contact=payload[:200],
            owner_id=writer.organisation.id,
        )
        if kind == "withdrawn":
            await publications.withdraw(ann, row.id, payload[:300])
        else:
            form = addresses.publication_form(writer.slug, document.id)
            writer.hostile.addresses["publishing"].append(form)
        writer.hostile.addresses[kind].append(addresses.public(slug))
