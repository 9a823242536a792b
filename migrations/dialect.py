"""The column types that differ between SQLite and PostgreSQL."""

TYPES: dict[str, dict[str, str]] = {
    "sqlite": {
        "serial": "INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL",
        "small serial": "INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL",
        "time": "TIMESTAMP",
        "bool": "INT",
        "false": "0",
        "json": "JSON",
    },
    "postgres": {
        "serial": "BIGSERIAL NOT NULL PRIMARY KEY",
        "small serial": "SERIAL NOT NULL PRIMARY KEY",
        "time": "TIMESTAMPTZ",
        "bool": "BOOL",
        "false": "FALSE",
        "json": "JSONB",
    },
}


def written_for(dialect: str, statements: list[str]) -> list[str]:
    """Fill ``<time>``, ``<serial>`` and the other types in for one dialect."""
    filled = []
    for statement in statements:
        for name, written in TYPES[dialect].items():
            statement = statement.replace(f"<{name}>", written)
        filled.append(statement)
    return filled
