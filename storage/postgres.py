"""PostgreSQL as Tortoise should drive it."""

from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import (
    TransactionalDBClient,
    TransactionContext,
    TransactionContextPooled,
)
from tortoise.connection import get_connections


class PooledClient(AsyncpgDBClient):
    """Tortoise's client, whose transactions that cannot begin leave nothing behind."""

    async def create_pool(self, **options: Any) -> Any:
        address = options.pop("dsn")
        for name in ("host", "port", "user", "password", "database"):
            options.pop(name, None)
        return await asyncpg.create_pool(address, reset=_as_it_is, **options)

    def _in_transaction(self) -> TransactionContext:
        return _PooledContext(TransactionWrapper(self), self._pool_init_lock)


async def _as_it_is(_connection: object) -> None:
    """Nothing here leaves a setting, a cursor or a lock of the session behind.

    asyncpg would ask the server to forget such things after every statement: another round trip.
    An open transaction it rolls back all the same.
    """


class _PooledContext(TransactionContextPooled):
    async def __aenter__(self) -> TransactionalDBClient:
        # When begin() fails or is cancelled, Tortoise's own version keeps the connection, so that
        # ten of them empty the pool, and leaves this task within a transaction that is none.
        await self.ensure_connection()
        pool = self.client._parent._pool
        self.client._connection = await pool.acquire()
        self.token = get_connections().set(self.connection_name, self.client)
        try:
            await self.client.begin()
        except BaseException:
            get_connections().reset(self.token)
            await pool.release(self.client._connection)
            raise
        return self.client


# Tortoise looks this up by name in the module that the configuration calls "engine".
client_class = PooledClient
