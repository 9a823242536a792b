"""A database's schema as a set of facts, so that two can be compared and a difference be read."""

import hashlib
from typing import Any

from tortoise import BaseDBAsyncClient, fields
from tortoise.context import TortoiseContext

from storage import clock
from storage.attachments import Blob
from storage.documents import Document, Item, Trash, Version
from storage.door import Inside
from storage.keys import COMPOSITE_KEYS, NETWORK_KEYS, PARTLY_UNIQUE, PLAIN_KEYS
from storage.owned import Owned
from storage.renditions import Rendition
from storage.stamps import COUNTED
from storage.targets import configuration, target
from tests.world import World

Facts = set[str]


async def of_database(url: str) -> Facts:
    """Tell what the database has."""
    async with TortoiseContext() as context:
        await context.init(config=configuration(target(url)))
        return await _facts(context.db())


async def of_models(url: str) -> Facts:
    """Tell what the models ask for, by having Tortoise make it in an empty database.

    What models cannot say is added: keys and what is partly unique from storage.keys, triggers
    from storage.stamps.
    """
    async with TortoiseContext() as context:
        await context.init(config=configuration(target(url)))
        await context.generate_schemas(safe=False)
        return await _facts(context.db()) | _keys() | _triggers() | _partly_unique()


def _keys() -> Facts:
    within = {
        _reference(key.child, [key.column, "network_id"], key.parent, ["id", "network_id"],
                   key.on_delete) for key in COMPOSITE_KEYS
    }  # fmt: skip
    to_network = {
        _reference(child, ["network_id"], "network", ["id"], "RESTRICT") for child in NETWORK_KEYS
    }
    plain = {
        _reference(key.child, [key.column], key.parent, ["id"], key.on_delete) for key in PLAIN_KEYS
    }
    return within | to_network | plain


def _triggers() -> Facts:
    return {f"TRIGGER {table} {act}" for table in COUNTED for act in ("UPDATE", "DELETE")}


def _partly_unique() -> Facts:
    return {f"{unique(one.table, *one.columns)} PARTIAL" for one in PARTLY_UNIQUE}


def unique(table: str, *columns: str) -> str:
    """Return the fact that the columns together are unique."""
    return f"UNIQUE {table} ({', '.join(columns)})"


def _reference(
    child: str, columns: list[str], parent: str, parents: list[str], on_delete: str
) -> str:
    # Columns in one order: databases list those of a key in different ones.
    pairs = sorted(zip(columns, parents, strict=True))
    here, there = (", ".join(pair[side] for pair in pairs) for side in (0, 1))
    return f"KEY {child} ({here}) TO {parent} ({there}) ON DELETE {on_delete}"


def _index(row: dict[str, Any]) -> str:
    kind = "PRIMARY" if row["is_primary"] else "UNIQUE" if row["is_unique"] else "INDEX"
    partial = " PARTIAL" if row["is_partial"] else ""
    return f"{kind} {row['child']} ({row['columns']}){partial}"


async def _facts(connection: BaseDBAsyncClient) -> Facts:
    ask = connection.execute_query_dict
    dialect = "sqlite" if connection.capabilities.dialect == "sqlite" else "postgres"
    facts = {row["fact"] for row in await ask(_COLUMNS[dialect])}
    facts |= {row["fact"] for row in await ask(_TRIGGERS[dialect])}
    facts |= {_index(row) for row in await ask(_INDEXES[dialect])}
    keys: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in await ask(_REFERENCES[dialect]):
        keys.setdefault((row["child"], str(row["name"])), []).append(row)
    for (child, _name), rows in keys.items():
        columns, parents = [[row[side] for row in rows] for side in ("here", "there")]
        facts.add(_reference(child, columns, rows[0]["parent"], parents, rows[0]["on_delete"]))
    return facts


_COLUMNS = {
    "sqlite": """
        SELECT t.name || '.' || c.name || ' ' || c.type
            || CASE WHEN c."notnull" THEN ' NOT NULL' ELSE '' END
            || CASE WHEN c.pk AND t.sql LIKE '%AUTOINCREMENT%' THEN ' SERIAL' ELSE '' END
            || COALESCE(' DEFAULT ' || c.dflt_value, '') AS fact
        FROM sqlite_master t JOIN pragma_table_info(t.name) c
        WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'
    """,
    "postgres": """
        SELECT t.relname || '.' || c.attname || ' ' || format_type(c.atttypid, c.atttypmod)
            || CASE WHEN c.attnotnull THEN ' NOT NULL' ELSE '' END
            || CASE WHEN pg_get_serial_sequence(quote_ident(t.relname), c.attname) IS NOT NULL
                THEN ' SERIAL' ELSE COALESCE(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '') END
            AS fact
        FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid
            LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = c.attnum
        WHERE t.relnamespace = 'public'::regnamespace AND t.relkind = 'r'
            AND c.attnum > 0 AND NOT c.attisdropped
    """,
}
_TRIGGERS = {
    "sqlite": """
        SELECT 'TRIGGER ' || tbl_name || ' '
            || CASE WHEN sql LIKE '%AFTER UPDATE%' THEN 'UPDATE' ELSE 'DELETE' END AS fact
        FROM sqlite_master WHERE type = 'trigger'
    """,
    # pg_trigger.h: 8 is DELETE and 16 UPDATE.
    "postgres": """
        SELECT 'TRIGGER ' || tgrelid::regclass::text || ' '
            || CASE WHEN tgtype & 16 <> 0 THEN 'UPDATE' ELSE 'DELETE' END AS fact
        FROM pg_trigger WHERE NOT tgisinternal
    """,
}
_INDEXES = {
    "sqlite": """
        SELECT t.name AS child, i.origin = 'pk' AS is_primary, i."unique" AS is_unique,
            i.partial AS is_partial,
            (SELECT group_concat(name, ', ') FROM
                (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) AS columns
        FROM sqlite_master t JOIN pragma_index_list(t.name) i
        WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'
    """,
    "postgres": """
        SELECT t.relname AS child, i.indisprimary AS is_primary, i.indisunique AS is_unique,
            i.indpred IS NOT NULL AS is_partial,
            (SELECT string_agg(pg_get_indexdef(i.indexrelid, n, true), ', ' ORDER BY n)
                FROM generate_series(1, i.indnkeyatts) n) AS columns
        FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
        WHERE t.relnamespace = 'public'::regnamespace
    """,
}
_REFERENCES = {
    "sqlite": """
        SELECT t.name AS child, k.id AS name, k."table" AS parent, k."from" AS here,
            k."to" AS there, k.on_delete
        FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) k
        WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'
    """,
    "postgres": """
        SELECT k.conrelid::regclass::text AS child, k.conname::text AS name,
            k.confrelid::regclass::text AS parent, here.attname::text AS here,
            there.attname::text AS there,
            CASE k.confdeltype WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT'
                WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' ELSE 'SET DEFAULT' END AS on_delete
        FROM pg_constraint k
            CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS pair (of_child, of_parent)
            JOIN pg_attribute here ON here.attrelid = k.conrelid AND here.attnum = pair.of_child
            JOIN pg_attribute there ON there.attrelid = k.confrelid
                AND there.attnum = pair.of_parent
        WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace
    """,
}


EMPTY = hashlib.sha256().hexdigest()


async def keep_empty() -> None:
    """Within a write: make the row of an empty file, without its bytes."""
    await Blob.create(digest=EMPTY, size=0, created_at=clock.now())


async def parents(inside: Inside, area_id: int, thread_id: int, reply_id: int) -> dict[str, int]:
    """Return the id of one row of each table that rows of a network point at."""
    ids = {"area": area_id, "thread": thread_id, "reply": reply_id}
    ids["folder"] = (await inside.folders.get(parent_id=None)).id
    now = clock.now()
    named = {"name": "x", "name_key": f"x{thread_id}"}
    made = {"created_at": now, "changed_at": now, "author_id": inside.person.id}
    home = {"organisation_id": inside.membership.organisation_id}
    person = {"person_id": inside.person.id}
    document = await inside.create(Document, folder_id=ids["folder"], **named, **made, **home)
    file = {"document_id": document.id, "size": 1, "media_type": "x", "name": "x"}
    first, version = [
        await inside.create(Version, number=number, created_at=now, **file, **person, **home)
        for number in (1, 2)
    ]
    trash = await inside.create(Trash, what=Item.DOCUMENT, item=1, name="x", at=now, **person)
    rendition = await inside.create(Rendition, version_id=first.id)
    rows = {"document": document, "version": version, "trash": trash, "rendition": rendition}
    return ids | {table: row.id for table, row in rows.items()}


def filled(model: type[Owned], world: World) -> dict[str, Any]:
    """Return what each column must have, but for those that name rows of a network."""
    values: dict[str, Any] = {}
    for name in model._meta.db_fields:
        field = model._meta.fields_map[name]
        if field.null or field.pk or field.default is not None or name == "network_id":
            continue
        if name == "blob_id":
            # The row of an empty file.
            values[name] = EMPTY
        elif name in {"person_id", "author_id"}:
            # Somebody who has no such row yet.
            values[name] = world["olga"].id
        elif name in {"organisation_id", "owner_id"}:
            values[name] = world.reply.organisation_id
        elif isinstance(field, fields.DatetimeField):
            values[name] = clock.now()
        elif isinstance(field, fields.DateField):
            values[name] = clock.today()
        elif isinstance(field, fields.JSONField):
            values[name] = {}
        elif isinstance(field, fields.IntField):
            values[name] = 999
        elif not name.endswith("_id"):
            values[name] = next(iter(field.enum_type)) if hasattr(field, "enum_type") else "x"
    return values
