"""Have the database itself say when a row changes by which somebody is let in.

Triggers, since whoever changes such a row must say so: another process, or somebody by hand.
"""

from tortoise import BaseDBAsyncClient

#: Without ``seq``, which every event raises.
NETWORK = ("id", "slug", "name", "kind", "description", "state", "parent_id", "arrangement",
           "created_at")  # fmt: skip
TABLES = ("session", "person", "membership", "network")
RAISE = "UPDATE epoch SET value = value + 1 WHERE name = 'standing'"

# At the end of the transaction, since it holds up whoever else changes such a row until that is
# over; and once in it, since each time writes the row anew and passes by those it wrote before.
POSTGRES = """
    CREATE CONSTRAINT TRIGGER "{table}_{act}_standing" AFTER {act} ON "{table}"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW {condition} EXECUTE FUNCTION raise_standing()
"""
FUNCTION = f"""
    CREATE FUNCTION raise_standing() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF current_setting('samverkan.standing', true) IS DISTINCT FROM 'raised' THEN
            PERFORM set_config('samverkan.standing', 'raised', true);
            {RAISE};
        END IF;
        RETURN NULL;
    END $$
"""
SQLITE = f"""
    CREATE TRIGGER "{{table}}_{{act}}_standing" AFTER {{act}} ON "{{table}}"
    FOR EACH ROW {{condition}} BEGIN {RAISE}; END
"""


def statements(dialect: str) -> list[str]:
    """Return what makes the triggers of one dialect."""
    postgres = dialect == "postgres"
    template, differ = (POSTGRES, "IS DISTINCT FROM") if postgres else (SQLITE, "IS NOT")
    old, new = (", ".join(f'{row}."{name}"' for name in NETWORK) for row in ("OLD", "NEW"))
    changed = f"WHEN (({old}) {differ} ({new}))"
    return [
        "INSERT INTO epoch (name, value) VALUES ('standing', 1)",
        *([FUNCTION] if postgres else []),
        *(
            template.format(
                table=table,
                act=act,
                condition=changed if (table, act) == ("network", "UPDATE") else "",
            )
            for table in TABLES
            for act in ("UPDATE", "DELETE")
        ),
    ]


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Make the number that goes up, and what raises it."""
    for statement in statements(db.capabilities.dialect):
        await db.execute_query(statement)
    return ""
