"""Keys that the installation makes for itself, the same for all its processes."""

import secrets

from tortoise import fields
from tortoise.models import Model


class Secret(Model):
    """A named key, made when it is first asked for."""

    name = fields.CharField(max_length=40, primary_key=True)
    value = fields.CharField(max_length=64)

    class Meta:
        table = "secret"


async def secret(name: str) -> bytes:
    """Return 32 random bytes that are the same each time and in every process."""
    row, _ = await Secret.get_or_create(name=name, defaults={"value": secrets.token_hex(32)})
    return bytes.fromhex(row.value)
