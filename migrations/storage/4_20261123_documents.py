"""Documents: folders, versions, what is made of them, what is on its way, and what is published."""

from tortoise import BaseDBAsyncClient

from migrations.dialect import written_for

NETWORK = '"network_id" BIGINT NOT NULL REFERENCES "network" ("id") ON DELETE RESTRICT'
BLOB = '"blob_id" VARCHAR(64) REFERENCES "blob" ("digest") ON DELETE RESTRICT'


def person(column: str = "person_id", on_delete: str = "RESTRICT", null: str = " NOT NULL") -> str:
    return f'"{column}" BIGINT{null} REFERENCES "person" ("id") ON DELETE {on_delete}'


def organisation(column: str = "organisation_id") -> str:
    return f'"{column}" BIGINT NOT NULL REFERENCES "organisation" ("id") ON DELETE RESTRICT'


def within(column: str, parent: str, on_delete: str) -> str:
    return f"""FOREIGN KEY ("{column}", "network_id") REFERENCES "{parent}" ("id", "network_id")
            ON DELETE {on_delete}"""


def index(table: str, *columns: str) -> str:
    named = ", ".join(f'"{column}"' for column in columns)
    return f'CREATE INDEX "{table}_{columns[0]}" ON "{table}" ({named})'


def by_row(table: str, *columns: str) -> list[str]:
    return [index(table, column, "network_id") for column in columns]


STATEMENTS = [
    """ALTER TABLE "event" ADD COLUMN "folder_id" BIGINT""",
    """ALTER TABLE "event" ADD COLUMN "document_id" BIGINT""",
    """ALTER TABLE "attachment" ADD COLUMN "unscanned" <bool> NOT NULL DEFAULT <false>""",
    f"""CREATE TABLE "trash" (
        "id" <serial>,
        {NETWORK},
        "what" VARCHAR(10) NOT NULL,
        "item" BIGINT NOT NULL,
        "name" VARCHAR(255) NOT NULL,
        "path" TEXT NOT NULL,
        {person()},
        "at" <time> NOT NULL,
        UNIQUE ("id", "network_id")
    )""",
    f"""CREATE TABLE "folder" (
        "id" <serial>,
        {NETWORK},
        "parent_id" BIGINT,
        "name" VARCHAR(255) NOT NULL,
        "name_key" VARCHAR(400) NOT NULL,
        {person(null="")},
        "created_at" <time> NOT NULL,
        "trash_id" BIGINT,
        UNIQUE ("id", "network_id"),
        {within("parent_id", "folder", "RESTRICT")},
        {within("trash_id", "trash", "RESTRICT")}
    )""",
    *by_row("folder", "parent_id", "trash_id"),
    """CREATE UNIQUE INDEX "folder_name" ON "folder" ("parent_id", "name_key")
        WHERE "trash_id" IS NULL""",
    """CREATE UNIQUE INDEX "folder_root" ON "folder" ("network_id") WHERE "parent_id" IS NULL""",
    """INSERT INTO "folder" ("network_id", "name", "name_key", "created_at")
        SELECT "id", '', '', "created_at" FROM "network" """,
    f"""CREATE TABLE "document" (
        "id" <serial>,
        {NETWORK},
        "folder_id" BIGINT NOT NULL,
        "name" VARCHAR(255) NOT NULL,
        "name_key" VARCHAR(400) NOT NULL,
        "kind" VARCHAR(20) NOT NULL,
        "term" VARCHAR(6) NOT NULL,
        "held_on" DATE,
        "description" VARCHAR(1000) NOT NULL,
        "keywords" VARCHAR(500) NOT NULL,
        {organisation()},
        "record_number" VARCHAR(60) NOT NULL,
        {person("author_id")},
        "created_at" <time> NOT NULL,
        "changed_at" <time> NOT NULL,
        "version" INT NOT NULL,
        "last_number" INT NOT NULL,
        "adopted_number" INT,
        "adopted_digest" VARCHAR(64),
        {person("adopted_by_id", null="")},
        "adopted_at" <time>,
        {person("editor_id", null="")},
        "edited_since_at" <time>,
        "edited_until_at" <time>,
        "thread_id" BIGINT,
        "trash_id" BIGINT,
        "scratch" <bool> NOT NULL,
        "former_name" VARCHAR(255) NOT NULL,
        "renamed_at" <time>,
        {person("renamed_by_id", null="")},
        UNIQUE ("id", "network_id"),
        {within("folder_id", "folder", "RESTRICT")},
        {within("thread_id", "thread", "RESTRICT")},
        {within("trash_id", "trash", "RESTRICT")}
    )""",
    *by_row("document", "folder_id", "thread_id", "trash_id"),
    index("document", "network_id", "changed_at"),
    """CREATE UNIQUE INDEX "document_name" ON "document" ("folder_id", "name_key")
        WHERE "trash_id" IS NULL""",
    f"""CREATE TABLE "version" (
        "id" <serial>,
        {NETWORK},
        "document_id" BIGINT NOT NULL,
        "number" INT NOT NULL,
        {BLOB},
        "size" BIGINT NOT NULL,
        "media_type" VARCHAR(100) NOT NULL,
        "name" VARCHAR(255) NOT NULL,
        {person()},
        {organisation()},
        "note" VARCHAR(300) NOT NULL,
        "label" VARCHAR(100) NOT NULL,
        "restored_number" INT,
        "created_at" <time> NOT NULL,
        UNIQUE ("id", "network_id"),
        UNIQUE ("document_id", "number"),
        {within("document_id", "document", "CASCADE")}
    )""",
    *by_row("version", "document_id"),
    index("version", "network_id", "size"),
    index("version", "blob_id"),
    f"""CREATE TABLE "weeding" (
        "id" <serial>,
        {NETWORK},
        "what" VARCHAR(10) NOT NULL,
        "item" BIGINT NOT NULL,
        "number" INT,
        "name" VARCHAR(255) NOT NULL,
        "path" TEXT NOT NULL,
        "record_number" VARCHAR(60) NOT NULL,
        "versions" INT NOT NULL,
        "reason" VARCHAR(300) NOT NULL,
        {person()},
        "at" <time> NOT NULL
    )""",
    f"""CREATE TABLE "rendition" (
        "id" <serial>,
        {NETWORK},
        "version_id" BIGINT NOT NULL UNIQUE,
        "state" VARCHAR(10) NOT NULL,
        "kind" VARCHAR(10) NOT NULL,
        "html" TEXT NOT NULL,
        "text" TEXT NOT NULL,
        "trouble" VARCHAR(20) NOT NULL,
        "searchable" <bool> NOT NULL,
        "personal" <bool> NOT NULL,
        "page_count" INT NOT NULL,
        "made_at" <time>,
        UNIQUE ("id", "network_id"),
        {within("version_id", "version", "CASCADE")}
    )""",
    *by_row("rendition", "version_id"),
    f"""CREATE TABLE "rendition_page" (
        "id" <serial>,
        {NETWORK},
        "rendition_id" BIGINT NOT NULL,
        "number" INT NOT NULL,
        "blob_id" VARCHAR(64) NOT NULL REFERENCES "blob" ("digest") ON DELETE RESTRICT,
        "media_type" VARCHAR(100) NOT NULL,
        "width" INT NOT NULL,
        "height" INT NOT NULL,
        "text" TEXT NOT NULL,
        UNIQUE ("rendition_id", "number"),
        {within("rendition_id", "rendition", "CASCADE")}
    )""",
    *by_row("rendition_page", "rendition_id"),
    index("rendition_page", "blob_id"),
    f"""CREATE TABLE "arrival" (
        "id" <serial>,
        {NETWORK},
        {person(on_delete="CASCADE")},
        "folder_id" BIGINT NOT NULL,
        "document_id" BIGINT,
        "based_on" INT,
        "note" VARCHAR(300) NOT NULL,
        "name" VARCHAR(255) NOT NULL,
        "path" VARCHAR(2000) NOT NULL,
        "token" VARCHAR(32) NOT NULL UNIQUE,
        "size" BIGINT NOT NULL,
        "state" VARCHAR(10) NOT NULL,
        {BLOB},
        "found" VARCHAR(200) NOT NULL,
        "created_at" <time> NOT NULL,
        "changed_at" <time> NOT NULL,
        {within("folder_id", "folder", "CASCADE")},
        {within("document_id", "document", "CASCADE")}
    )""",
    *by_row("arrival", "person_id", "folder_id", "document_id"),
    index("arrival", "blob_id"),
    f"""CREATE TABLE "unpacking" (
        "id" <serial>,
        {NETWORK},
        {person(on_delete="CASCADE")},
        "folder_id" BIGINT NOT NULL,
        "name" VARCHAR(255) NOT NULL,
        {BLOB},
        "entries" INT NOT NULL,
        "taken" INT NOT NULL,
        "report" <json> NOT NULL,
        "created_at" <time> NOT NULL,
        "done_at" <time>,
        {within("folder_id", "folder", "CASCADE")}
    )""",
    *by_row("unpacking", "person_id", "folder_id"),
    index("unpacking", "blob_id"),
    f"""CREATE TABLE "quota" (
        "id" <serial>,
        {NETWORK},
        "bytes" BIGINT NOT NULL,
        UNIQUE ("network_id")
    )""",
    f"""CREATE TABLE "publication" (
        "id" <serial>,
        {NETWORK},
        "document_id" BIGINT NOT NULL,
        "number" INT NOT NULL,
        "slug" VARCHAR(80) NOT NULL UNIQUE,
        "title" VARCHAR(160) NOT NULL,
        "summary" VARCHAR(1000) NOT NULL,
        "published_on" DATE NOT NULL,
        {organisation("owner_id")},
        "language" VARCHAR(2) NOT NULL,
        "file_name" VARCHAR(255) NOT NULL,
        "media_type" VARCHAR(100) NOT NULL,
        "size" BIGINT NOT NULL,
        "blob_id" VARCHAR(64) NOT NULL REFERENCES "blob" ("digest") ON DELETE RESTRICT,
        "html" TEXT NOT NULL,
        "text" TEXT NOT NULL,
        "accessible" <bool> NOT NULL,
        "contact" VARCHAR(200) NOT NULL,
        {person()},
        "created_at" <time> NOT NULL,
        "version" INT NOT NULL,
        "withdrawn_at" <time>,
        "reason" VARCHAR(300) NOT NULL,
        {within("document_id", "document", "RESTRICT")}
    )""",
    *by_row("publication", "document_id"),
    index("publication", "blob_id"),
    f"""CREATE TABLE "app_password" (
        "id" <serial>,
        {person(on_delete="CASCADE")},
        "digest" VARCHAR(64) NOT NULL UNIQUE,
        "name" VARCHAR(80) NOT NULL,
        "created_at" <time> NOT NULL,
        "used_at" <time>
    )""",
    index("app_password", "person_id"),
    f"""CREATE TABLE "dav_lock" (
        "id" <serial>,
        {NETWORK},
        "token" VARCHAR(100) NOT NULL UNIQUE,
        {person(on_delete="CASCADE")},
        "path" TEXT NOT NULL,
        "owner" TEXT NOT NULL,
        "exclusive" <bool> NOT NULL,
        "deep" <bool> NOT NULL,
        "created_at" <time> NOT NULL,
        "expires_at" <time> NOT NULL,
        "document_id" BIGINT,
        {BLOB},
        "size" BIGINT NOT NULL,
        "based_on" INT NOT NULL,
        "saved_at" <time>,
        {within("document_id", "document", "CASCADE")}
    )""",
    index("dav_lock", "network_id", "expires_at"),
    *by_row("dav_lock", "document_id"),
    index("dav_lock", "person_id"),
    index("dav_lock", "blob_id"),
    f"""CREATE TABLE "dav_property" (
        "id" <serial>,
        {NETWORK},
        "folder_id" BIGINT,
        "document_id" BIGINT,
        "name" VARCHAR(500) NOT NULL,
        "value" TEXT NOT NULL,
        UNIQUE ("folder_id", "name"),
        UNIQUE ("document_id", "name"),
        {within("folder_id", "folder", "CASCADE")},
        {within("document_id", "document", "CASCADE")}
    )""",
    *by_row("dav_property", "folder_id", "document_id"),
]


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Make the tables, and for each network the folder that all others lie in."""
    for statement in written_for(db.capabilities.dialect, STATEMENTS):
        await db.execute_query(statement)
    return ""
