"""Where functions keep their state: a table for each function, shared by its instances (``python_instance.py``, ``setup_state``).

Rules:

1. A table is named ``tenant_namespace`` with each ``-`` made ``_``, and the function's name. So the functions ``f`` of ``a-b/c``, of
   ``a_b/c`` and of ``a/b_c`` share one table, as they do on a cluster.
2. State is in Redis: one inside the process (fakeredis), or one that is given, as a URL or a client.
3. The Redis inside the process has one owner, :class:`StateService`. Its tables are dictionaries that are written behind, all changes of
   a table in one command. Before someone asked for that Redis nobody can look into it, so until then none is made and nothing written.
4. A Redis that is given has other users: nothing is cached, each change is atomic (:mod:`pfemu.runtime.state.state_redis`).
"""

from threading import Lock
from typing import TYPE_CHECKING

from pfemu.errors import StateError
from pfemu.runtime.state.state_redis import RedisHash, SharedStateTable, checked, connected
from pfemu.runtime.state.state_table import CachedStateTable, NullStateTable, StateTable

if TYPE_CHECKING:
    from redis import Redis


def table_name(tenant: str, namespace: str, name: str) -> str:
    """Return the name of a function's table, ``tenant_namespace/name``; different functions may have the same."""
    return f"{tenant}_{namespace}".replace("-", "_") + f"/{name}"


class StateService:
    """The owner of all tables. Making one costs nothing: no Redis is imported before it is needed.

    Args:
        redis: keep state in this client's database, which others may use at the same time; it is not closed.
        url: the same, for ``redis://host:port/db``.
        off: behave as a cluster without a table service: writes vanish, reads find nothing.

    Raises:
        StateError: more than one of the arguments, a client that decodes its answers, or no Redis at the URL.
    """

    def __init__(self, redis: "Redis | None" = None, url: str | None = None, *, off: bool = False) -> None:
        if (redis is not None) + (url is not None) + off > 1:
            raise StateError("state is in a Redis client, at a URL, or off: give one of the three")
        self.is_off = off
        self._own_client = url is not None
        self._shared = connected(url) if url is not None else checked(redis) if redis is not None else None
        self._inside: Redis | None = None
        self._tables: dict[str, StateTable] = {}
        self._lock = Lock()  # one write-behind at a time, so that an older one never lands on a newer one

    def table(self, tenant: str, namespace: str, name: str) -> StateTable:
        """Return the table of a function; the same object for each of its instances."""
        key = table_name(tenant, namespace, name)
        table = self._tables.get(key)
        if table is None:
            table = self._tables[key] = self._made(key)
        return table

    def delete_table(self, tenant: str, namespace: str, name: str) -> None:
        """Forget all state of a function, as deleting the function does."""
        self.table(tenant, namespace, name).clear()

    @property
    def redis(self) -> "Redis":
        """The Redis, with all state written to it. The one inside the process is for reading: put contents in by ``preload``.

        Raises:
            StateError: state is off.
        """
        if self.is_off:
            raise StateError("state is off: there is no Redis")
        if self._shared is not None:
            return self._shared
        if self._inside is None:
            from fakeredis import FakeRedis, FakeServer

            self._inside = FakeRedis(server=FakeServer())
        self.flush()
        return self._inside

    @property
    def dirty(self) -> bool:
        """Whether someone who looks into the Redis would miss something: then :meth:`flush` has work."""
        return self._inside is not None and any(isinstance(table, CachedStateTable) and table.dirty for table in self._tables.values())

    def flush(self) -> None:
        """Write what changed since the last time; called when nothing else is to do, and before anybody looks."""
        if self._inside is None:
            return
        with self._lock:
            for name, table in self._tables.items():
                if isinstance(table, CachedStateTable) and table.dirty:
                    RedisHash(self._inside, name).write(table.take_unwritten())

    def close(self) -> None:
        """Write what is left, and leave the Redis; may be called again."""
        self.flush()
        if self._own_client and self._shared is not None:
            self._shared.close()

    def _made(self, name: str) -> StateTable:
        if self.is_off:
            return NullStateTable()
        if self._shared is not None:
            return SharedStateTable(RedisHash(self._shared, name))
        return CachedStateTable()
