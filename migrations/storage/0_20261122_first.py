"""The first schema: people, networks, discussions, events and jobs.

Every table of a network carries ``network_id``; where a row points at another one of the same
network, a composite key makes the database refuse a crossing (storage.keys).
"""

from tortoise import BaseDBAsyncClient

from migrations.dialect import written_for

STATEMENTS = [
    """CREATE TABLE "aerich" (
        "id" <small serial>,
        "version" VARCHAR(255) NOT NULL,
        "app" VARCHAR(100) NOT NULL,
        "content" <json> NOT NULL
    )""",
    """CREATE TABLE "secret" (
        "name" VARCHAR(40) NOT NULL PRIMARY KEY,
        "value" VARCHAR(64) NOT NULL
    )""",
    """CREATE TABLE "person" (
        "id" <serial>,
        "username" VARCHAR(80) NOT NULL UNIQUE,
        "name" VARCHAR(120) NOT NULL,
        "email" VARCHAR(254) UNIQUE,
        "title" VARCHAR(120) NOT NULL,
        "phone" VARCHAR(40) NOT NULL,
        "password_hash" VARCHAR(200),
        "language" VARCHAR(2) NOT NULL,
        "view" VARCHAR(10) NOT NULL,
        "theme" VARCHAR(10) NOT NULL,
        "operator" <bool> NOT NULL,
        "active" <bool> NOT NULL,
        "created_at" <time> NOT NULL
    )""",
    """CREATE TABLE "session" (
        "id" <serial>,
        "token_hash" VARCHAR(64) NOT NULL UNIQUE,
        "person_id" BIGINT NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE,
        "device" VARCHAR(120) NOT NULL,
        "remember" <bool> NOT NULL,
        "created_at" <time> NOT NULL,
        "seen_at" <time> NOT NULL,
        "expires_at" <time> NOT NULL,
        "ended_at" <time>
    )""",
    """CREATE INDEX "session_person" ON "session" ("person_id")""",
    """CREATE TABLE "known_device" (
        "id" <serial>,
        "token_hash" VARCHAR(64) NOT NULL UNIQUE,
        "person_id" BIGINT NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE,
        "seen_at" <time> NOT NULL
    )""",
    """CREATE INDEX "known_device_person" ON "known_device" ("person_id")""",
    """CREATE TABLE "login_link" (
        "id" <serial>,
        "token_hash" VARCHAR(64) NOT NULL UNIQUE,
        "person_id" BIGINT NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE,
        "purpose" VARCHAR(10) NOT NULL,
        "created_at" <time> NOT NULL,
        "expires_at" <time> NOT NULL,
        "used_at" <time>
    )""",
    """CREATE INDEX "login_link_person" ON "login_link" ("person_id", "created_at")""",
    """CREATE TABLE "failed_login" (
        "id" <serial>,
        "subject" VARCHAR(64) NOT NULL,
        "address" VARCHAR(64) NOT NULL,
        "at" <time> NOT NULL
    )""",
    """CREATE INDEX "failed_login_subject" ON "failed_login" ("subject", "address", "at")""",
    """CREATE INDEX "failed_login_address" ON "failed_login" ("address", "at")""",
    """CREATE INDEX "failed_login_at" ON "failed_login" ("at")""",
    """CREATE TABLE "kept_form" (
        "id" <serial>,
        "token_hash" VARCHAR(64) NOT NULL UNIQUE,
        "person_id" BIGINT NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE,
        "path" VARCHAR(300) NOT NULL,
        "entries" <json> NOT NULL,
        "expires_at" <time> NOT NULL
    )""",
    """CREATE INDEX "kept_form_person" ON "kept_form" ("person_id", "expires_at")""",
    """CREATE TABLE "letter" (
        "id" <serial>,
        "person_id" BIGINT NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE,
        "recipient" VARCHAR(254) NOT NULL,
        "subject" VARCHAR(200) NOT NULL,
        "text" TEXT NOT NULL,
        "created_at" <time> NOT NULL
    )""",
    """CREATE TABLE "job" (
        "id" <serial>,
        "kind" VARCHAR(40) NOT NULL,
        "network_id" BIGINT,
        "actor_id" BIGINT,
        "payload" <json> NOT NULL,
        "state" VARCHAR(10) NOT NULL,
        "attempts" INT NOT NULL,
        "run_at" <time> NOT NULL,
        "claimed_at" <time>,
        "error" TEXT NOT NULL,
        "created_at" <time> NOT NULL
    )""",
    """CREATE INDEX "job_due" ON "job" ("state", "run_at")""",
    """CREATE TABLE "organisation" (
        "id" <serial>,
        "name" VARCHAR(120) NOT NULL UNIQUE,
        "kind" VARCHAR(20) NOT NULL,
        "created_at" <time> NOT NULL
    )""",
    """CREATE TABLE "network" (
        "id" <serial>,
        "slug" VARCHAR(60) NOT NULL UNIQUE,
        "name" VARCHAR(120) NOT NULL,
        "kind" VARCHAR(20) NOT NULL,
        "description" TEXT NOT NULL,
        "state" VARCHAR(20) NOT NULL,
        "parent_id" BIGINT REFERENCES "network" ("id") ON DELETE RESTRICT,
        "seq" BIGINT NOT NULL,
        "created_at" <time> NOT NULL
    )""",
    """CREATE TABLE "membership" (
        "id" <serial>,
        "network_id" BIGINT NOT NULL REFERENCES "network" ("id") ON DELETE RESTRICT,
        "person_id" BIGINT NOT NULL REFERENCES "person" ("id") ON DELETE RESTRICT,
        "organisation_id" BIGINT NOT NULL REFERENCES "organisation" ("id") ON DELETE RESTRICT,
        "function" VARCHAR(20) NOT NULL,
        "role" VARCHAR(20) NOT NULL,
        "starts_on" DATE NOT NULL,
        "ends_on" DATE,
        "created_at" <time> NOT NULL,
        UNIQUE ("network_id", "person_id"),
        UNIQUE ("id", "network_id")
    )""",
    """CREATE INDEX "membership_person" ON "membership" ("person_id")""",
    """CREATE INDEX "membership_organisation" ON "membership" ("organisation_id")""",
    """CREATE TABLE "area" (
        "id" <serial>,
        "network_id" BIGINT NOT NULL REFERENCES "network" ("id") ON DELETE RESTRICT,
        "name" VARCHAR(80) NOT NULL,
        "description" VARCHAR(300) NOT NULL,
        "position" INT NOT NULL,
        UNIQUE ("network_id", "name"),
        UNIQUE ("id", "network_id")
    )""",
    """CREATE TABLE "thread" (
        "id" <serial>,
        "network_id" BIGINT NOT NULL REFERENCES "network" ("id") ON DELETE RESTRICT,
        "area_id" BIGINT NOT NULL,
        "kind" VARCHAR(20) NOT NULL,
        "title" VARCHAR(160) NOT NULL,
        "body" TEXT NOT NULL,
        "body_html" TEXT NOT NULL,
        "author_id" BIGINT NOT NULL REFERENCES "person" ("id") ON DELETE RESTRICT,
        "organisation_id" BIGINT NOT NULL REFERENCES "organisation" ("id") ON DELETE RESTRICT,
        "created_at" <time> NOT NULL,
        "version" INT NOT NULL,
        "form_nonce" VARCHAR(32) NOT NULL,
        "last_number" INT NOT NULL,
        "last_posted_at" <time> NOT NULL,
        "solved_at" <time>,
        "solved_by_id" BIGINT REFERENCES "person" ("id") ON DELETE RESTRICT,
        "ends_on" DATE,
        UNIQUE ("id", "network_id"),
        UNIQUE ("author_id", "form_nonce"),
        FOREIGN KEY ("area_id", "network_id") REFERENCES "area" ("id", "network_id")
            ON DELETE RESTRICT
    )""",
    """CREATE INDEX "thread_latest" ON "thread" ("network_id", "last_posted_at", "id")""",
    """CREATE INDEX "thread_area"
        ON "thread" ("area_id", "network_id", "last_posted_at", "id")""",
    """CREATE INDEX "thread_author"
        ON "thread" ("network_id", "author_id", "last_posted_at", "id")""",
    """CREATE TABLE "reply" (
        "id" <serial>,
        "network_id" BIGINT NOT NULL REFERENCES "network" ("id") ON DELETE RESTRICT,
        "thread_id" BIGINT NOT NULL,
        "number" INT NOT NULL,
        "body" TEXT NOT NULL,
        "body_html" TEXT NOT NULL,
        "author_id" BIGINT NOT NULL REFERENCES "person" ("id") ON DELETE RESTRICT,
        "organisation_id" BIGINT NOT NULL REFERENCES "organisation" ("id") ON DELETE RESTRICT,
        "created_at" <time> NOT NULL,
        "version" INT NOT NULL,
        "form_nonce" VARCHAR(32) NOT NULL,
        "helped_at" <time>,
        "helped_by_id" BIGINT REFERENCES "person" ("id") ON DELETE RESTRICT,
        UNIQUE ("id", "network_id"),
        UNIQUE ("thread_id", "number"),
        UNIQUE ("author_id", "form_nonce"),
        FOREIGN KEY ("thread_id", "network_id") REFERENCES "thread" ("id", "network_id")
            ON DELETE CASCADE
    )""",
    """CREATE INDEX "reply_thread" ON "reply" ("thread_id", "network_id")""",
    """CREATE TABLE "mention" (
        "id" <serial>,
        "network_id" BIGINT NOT NULL REFERENCES "network" ("id") ON DELETE RESTRICT,
        "thread_id" BIGINT NOT NULL,
        "reply_id" BIGINT,
        "person_id" BIGINT NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE,
        FOREIGN KEY ("thread_id", "network_id") REFERENCES "thread" ("id", "network_id")
            ON DELETE CASCADE,
        FOREIGN KEY ("reply_id", "network_id") REFERENCES "reply" ("id", "network_id")
            ON DELETE CASCADE
    )""",
    """CREATE INDEX "mention_thread" ON "mention" ("thread_id", "network_id")""",
    """CREATE INDEX "mention_reply" ON "mention" ("reply_id", "network_id")""",
    """CREATE INDEX "mention_person" ON "mention" ("person_id")""",
    """CREATE TABLE "read_mark" (
        "id" <serial>,
        "network_id" BIGINT NOT NULL REFERENCES "network" ("id") ON DELETE RESTRICT,
        "thread_id" BIGINT NOT NULL,
        "person_id" BIGINT NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE,
        "number" INT NOT NULL,
        "at" <time> NOT NULL,
        UNIQUE ("person_id", "thread_id"),
        FOREIGN KEY ("thread_id", "network_id") REFERENCES "thread" ("id", "network_id")
            ON DELETE CASCADE
    )""",
    """CREATE INDEX "read_mark_thread" ON "read_mark" ("thread_id", "network_id")""",
    """CREATE TABLE "event" (
        "id" <serial>,
        "network_id" BIGINT NOT NULL REFERENCES "network" ("id") ON DELETE RESTRICT,
        "seq" BIGINT NOT NULL,
        "kind" VARCHAR(30) NOT NULL,
        "audience" VARCHAR(20) NOT NULL,
        "persons" <json>,
        "actor_id" BIGINT,
        "thread_id" BIGINT,
        "reply_id" BIGINT,
        "membership_id" BIGINT,
        "at" <time> NOT NULL,
        UNIQUE ("network_id", "seq")
    )""",
]


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Make the tables. Runs within the transaction that also writes the version row."""
    for statement in written_for(db.capabilities.dialect, STATEMENTS):
        await db.execute_query(statement)
    return ""
