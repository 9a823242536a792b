"""Whether somebody wants it to be seen that she is here."""

from tortoise import BaseDBAsyncClient

from migrations.dialect import written_for

STATEMENTS = ["""ALTER TABLE "person" ADD COLUMN "presence" <bool> NOT NULL DEFAULT <false>"""]


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Add the column: nobody has wanted it until she says so."""
    for statement in written_for(db.capabilities.dialect, STATEMENTS):
        await db.execute_query(statement)
    return ""
