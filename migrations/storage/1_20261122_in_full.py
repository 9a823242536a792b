"""The forum in full: editing, attachments, drafts, follows, thanks, and what a question can ask.

A new column of an old table has a default in the database, which SQLite asks for; its model says
the same by ``db_default``.
"""

from tortoise import BaseDBAsyncClient

from migrations.dialect import written_for

PERSON = '"person_id" BIGINT NOT NULL REFERENCES "person" ("id")'
NETWORK = '"network_id" BIGINT NOT NULL REFERENCES "network" ("id") ON DELETE RESTRICT'
OF_THREAD = """FOREIGN KEY ("thread_id", "network_id") REFERENCES "thread" ("id", "network_id")
            ON DELETE CASCADE"""


def post_columns(table: str) -> list[str]:
    """Return what threads and replies alike are given."""
    return [
        f'ALTER TABLE "{table}" ADD COLUMN {column}'
        for column in (
            '"revision" INT NOT NULL DEFAULT 1',
            '"edited_at" <time>',
            '"hidden_at" <time>',
            '"hidden_by_id" BIGINT REFERENCES "person" ("id") ON DELETE RESTRICT',
            '"erased_at" <time>',
        )
    ]


STATEMENTS = [
    """ALTER TABLE "person" ADD COLUMN "picture" VARCHAR(64)""",
    """CREATE TABLE "epoch" (
        "name" VARCHAR(40) NOT NULL PRIMARY KEY,
        "value" BIGINT NOT NULL
    )""",
    """ALTER TABLE "network" ADD COLUMN "arrangement" BIGINT NOT NULL DEFAULT 1""",
    """ALTER TABLE "membership" ADD COLUMN "read_at" <time>""",
    *post_columns("thread"),
    *post_columns("reply"),
    """ALTER TABLE "thread" ADD COLUMN "short" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "thread" ADD COLUMN "short_html" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "thread" ADD COLUMN "answer_by" DATE""",
    """ALTER TABLE "thread" ADD COLUMN "summary" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "thread" ADD COLUMN "summary_html" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "thread" ADD COLUMN "summary_by_id" BIGINT
        REFERENCES "person" ("id") ON DELETE RESTRICT""",
    """ALTER TABLE "thread" ADD COLUMN "summary_at" <time>""",
    """ALTER TABLE "thread" ADD COLUMN "wanted_in_id" BIGINT
        REFERENCES "organisation" ("id") ON DELETE RESTRICT""",
    """ALTER TABLE "thread" ADD COLUMN "wanted_month" DATE""",
    """ALTER TABLE "thread" ADD COLUMN "pinned_at" <time>""",
    """CREATE INDEX "thread_pinned" ON "thread" ("network_id", "pinned_at")""",
    """ALTER TABLE "thread" ADD COLUMN "closed_at" <time>""",
    """ALTER TABLE "thread" ADD COLUMN "closed_by_id" BIGINT
        REFERENCES "person" ("id") ON DELETE RESTRICT""",
    f"""CREATE TABLE "follow" (
        "id" <serial>,
        {NETWORK},
        "thread_id" BIGINT NOT NULL,
        {PERSON} ON DELETE CASCADE,
        "following" <bool> NOT NULL,
        "at" <time> NOT NULL,
        UNIQUE ("person_id", "thread_id"),
        {OF_THREAD}
    )""",
    """CREATE INDEX "follow_thread" ON "follow" ("thread_id", "network_id")""",
    f"""CREATE TABLE "thanks" (
        "id" <serial>,
        {NETWORK},
        "thread_id" BIGINT NOT NULL,
        "number" INT NOT NULL,
        {PERSON} ON DELETE CASCADE,
        "at" <time> NOT NULL,
        UNIQUE ("thread_id", "number", "person_id"),
        {OF_THREAD}
    )""",
    """CREATE INDEX "thanks_thread" ON "thanks" ("thread_id", "network_id")""",
    """CREATE INDEX "thanks_person" ON "thanks" ("person_id")""",
    f"""CREATE TABLE "volunteer" (
        "id" <serial>,
        {NETWORK},
        "thread_id" BIGINT NOT NULL,
        {PERSON} ON DELETE RESTRICT,
        "organisation_id" BIGINT NOT NULL REFERENCES "organisation" ("id") ON DELETE RESTRICT,
        "at" <time> NOT NULL,
        "chosen_at" <time>,
        UNIQUE ("thread_id", "person_id"),
        {OF_THREAD}
    )""",
    """CREATE INDEX "volunteer_thread" ON "volunteer" ("thread_id", "network_id")""",
    """CREATE INDEX "volunteer_person" ON "volunteer" ("person_id")""",
    f"""CREATE TABLE "draft" (
        "id" <serial>,
        {NETWORK},
        {PERSON} ON DELETE CASCADE,
        "place" VARCHAR(40) NOT NULL,
        "thread_id" BIGINT,
        "content" <json> NOT NULL,
        "saved_at" <time> NOT NULL,
        UNIQUE ("network_id", "person_id", "place"),
        {OF_THREAD}
    )""",
    """CREATE INDEX "draft_person" ON "draft" ("person_id")""",
    """CREATE INDEX "draft_thread" ON "draft" ("thread_id", "network_id")""",
    f"""CREATE TABLE "reminder" (
        "id" <serial>,
        {NETWORK},
        "thread_id" BIGINT NOT NULL,
        {PERSON} ON DELETE RESTRICT,
        "at" <time> NOT NULL,
        {OF_THREAD}
    )""",
    """CREATE INDEX "reminder_thread" ON "reminder" ("thread_id", "network_id")""",
    f"""CREATE TABLE "revision" (
        "id" <serial>,
        {NETWORK},
        "thread_id" BIGINT NOT NULL,
        "number" INT NOT NULL,
        "revision" INT NOT NULL,
        "title" VARCHAR(160) NOT NULL,
        "body" TEXT NOT NULL,
        "body_html" TEXT NOT NULL,
        "short" TEXT NOT NULL,
        "short_html" TEXT NOT NULL,
        "author_id" BIGINT NOT NULL REFERENCES "person" ("id") ON DELETE RESTRICT,
        "written_at" <time> NOT NULL,
        "erased_at" <time>,
        UNIQUE ("thread_id", "number", "revision"),
        {OF_THREAD}
    )""",
    """CREATE INDEX "revision_thread" ON "revision" ("thread_id", "network_id")""",
    f"""CREATE TABLE "erasure" (
        "id" <serial>,
        {NETWORK},
        "thread_id" BIGINT NOT NULL,
        "number" INT NOT NULL,
        "what" VARCHAR(20) NOT NULL,
        "reason" VARCHAR(300) NOT NULL,
        {PERSON} ON DELETE RESTRICT,
        "at" <time> NOT NULL,
        {OF_THREAD}
    )""",
    """CREATE INDEX "erasure_thread" ON "erasure" ("thread_id", "network_id")""",
    f"""CREATE TABLE "split" (
        "id" <serial>,
        {NETWORK},
        "reply_id" BIGINT NOT NULL UNIQUE,
        "thread_id" BIGINT NOT NULL UNIQUE,
        FOREIGN KEY ("reply_id", "network_id") REFERENCES "reply" ("id", "network_id")
            ON DELETE CASCADE,
        {OF_THREAD}
    )""",
    """CREATE INDEX "split_reply" ON "split" ("reply_id", "network_id")""",
    """CREATE INDEX "split_thread" ON "split" ("thread_id", "network_id")""",
    """CREATE TABLE "blob" (
        "digest" VARCHAR(64) NOT NULL PRIMARY KEY,
        "size" BIGINT NOT NULL,
        "created_at" <time> NOT NULL
    )""",
    f"""CREATE TABLE "attachment" (
        "id" <serial>,
        {NETWORK},
        "thread_id" BIGINT,
        "number" INT,
        "spot" VARCHAR(10) NOT NULL,
        {PERSON} ON DELETE RESTRICT,
        "name" VARCHAR(255) NOT NULL,
        "media_type" VARCHAR(100) NOT NULL,
        "size" BIGINT NOT NULL,
        "blob_id" VARCHAR(64) REFERENCES "blob" ("digest") ON DELETE RESTRICT,
        "alt" VARCHAR(500) NOT NULL,
        "width" INT,
        "height" INT,
        "position" INT NOT NULL,
        "created_at" <time> NOT NULL,
        "erased_at" <time>,
        UNIQUE ("id", "network_id"),
        {OF_THREAD}
    )""",
    """CREATE INDEX "attachment_thread" ON "attachment" ("thread_id", "network_id")""",
    """CREATE INDEX "attachment_person" ON "attachment" ("person_id")""",
    """CREATE INDEX "attachment_blob" ON "attachment" ("blob_id")""",
]


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Make the tables and columns, within the transaction that also writes the version row."""
    for statement in written_for(db.capabilities.dialect, STATEMENTS):
        await db.execute_query(statement)
    return ""
