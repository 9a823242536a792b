"""Publications: what they are found by, and their order."""

from tortoise import BaseDBAsyncClient

STATEMENTS = (
    """ALTER TABLE "publication" ADD COLUMN "folded" TEXT NOT NULL DEFAULT '' """,
    """CREATE INDEX "publication_published_on" ON "publication" ("published_on", "id")""",
)


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Add the column; nothing has been published before it."""
    for statement in STATEMENTS:
        await db.execute_query(statement)
    return ""
