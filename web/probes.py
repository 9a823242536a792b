"""Addresses for machines: they ask by any name, carry no session, and must be told in any state."""

from typing import Final

LIVE: Final = "/health/live"
READY: Final = "/health/ready"
METRICS: Final = "/metrics"

#: A load balancer asks one machine of several by its own address, which is no Host that people
#: use. Nothing here depends on the Host, and nothing looks for a person or a kept answer first:
#: the database may be what is amiss.
PROBES: Final = frozenset({LIVE, READY, METRICS})
