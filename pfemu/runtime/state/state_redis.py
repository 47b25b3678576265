"""State in Redis: how a table looks there, and the table that is kept nowhere else, since other processes use it too.

A table is one Redis hash, ``pfemu:state:<tenant_namespace>/<function>``; a field is a key, its content one of::

    counter <version> <number>
    value <version> <bytes>

A change reads the field under WATCH and writes it in MULTI/EXEC, again until no other process came between: a key keeps its kind, its
version and its 64 bits whoever writes. Rejected: HINCRBY (cannot check the kind, and fails where a counter wraps around) and a Lua
script (its numbers are doubles, and fakeredis needs a C extension to run one).
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, cast

from pfemu.errors import StateError
from pfemu.runtime.state.state_rules import Entry, key_bytes
from pfemu.runtime.state.state_table import StateTable

if TYPE_CHECKING:
    from redis import Redis
    from redis.typing import EncodableT, FieldT

_COUNTER = b"counter"
_VALUE = b"value"


def connected(url: str) -> "Redis":
    """Return a client of the Redis at a URL that answers.

    Raises:
        StateError: the URL is malformed, or nothing answers there; the text has no password.
    """
    from redis import Redis
    from redis.exceptions import RedisError

    place = url.rpartition("@")[2]
    try:
        redis = Redis.from_url(url)
    except ValueError as error:
        raise StateError(f"not the URL of a Redis: {place} (expected redis://host:6379/0, rediss:// or unix://): {error}") from error
    try:
        redis.ping()
    except RedisError as error:
        raise StateError(
            f"no Redis answers at {place}: {str(error).rstrip('.')}. Start one there, or leave the URL out to keep state in memory"
        ) from error
    return checked(redis)


def checked(redis: "Redis") -> "Redis":
    """Return the client if it answers in bytes.

    Raises:
        StateError: it decodes answers to text, which would break values that are not UTF-8.
    """
    if redis.get_encoder().decode_responses:
        raise StateError("this Redis client decodes its answers (decode_responses=True), but state holds bytes: make one without it")
    return redis


class RedisHash:
    """One table as Redis has it."""

    def __init__(self, redis: "Redis", table: str) -> None:
        self._redis = redis
        self.name = f"pfemu:state:{table}"

    def read(self, key: str) -> Entry | None:
        """Return what a key holds."""
        return _entry(self._redis.hget(self.name, key_bytes(key)))

    def read_all(self) -> dict[str, Entry]:
        """Return what all keys hold."""
        fields = cast("dict[bytes, bytes]", self._redis.hgetall(self.name))
        return {field.decode("utf-8", "surrogateescape"): _parsed(record) for field, record in fields.items()}

    def write(self, changes: Mapping[str, Entry | None]) -> None:
        """Set many keys at once, and remove those that hold None."""
        records = {key_bytes(key): _record(entry) for key, entry in changes.items() if entry is not None}
        removed = [key_bytes(key) for key, entry in changes.items() if entry is None]
        if records:
            self._redis.hset(self.name, mapping=cast("Mapping[FieldT, EncodableT]", records))
        if removed:
            self._redis.hdel(self.name, *removed)

    def change(self, key: str, rule: Callable[[Entry | None], Entry]) -> None:
        """Apply a rule to a key, atomically among processes; when the rule raises nothing changes."""
        from redis.exceptions import WatchError

        field = key_bytes(key)
        with self._redis.pipeline() as pipeline:
            while True:
                pipeline.watch(self.name)
                changed = rule(_entry(pipeline.hget(self.name, field)))
                pipeline.multi()
                pipeline.hset(self.name, field, _record(changed))
                try:
                    pipeline.execute()
                except WatchError:
                    continue
                return

    def delete(self) -> None:
        """Remove the table."""
        self._redis.delete(self.name)


class SharedStateTable(StateTable):
    """A table that other processes may change at any time: each call asks Redis."""

    def __init__(self, redis_hash: RedisHash) -> None:
        self._hash = redis_hash

    def clear(self) -> None:
        """Remove all keys."""
        self._hash.delete()

    def _entry(self, key: str) -> Entry | None:
        return self._hash.read(key)

    def _change(self, key: str, rule: Callable[[Entry | None], Entry]) -> None:
        self._hash.change(key, rule)

    def _remove(self, key: str) -> None:
        self._hash.write({key: None})

    def _all(self) -> dict[str, Entry]:
        return self._hash.read_all()

    def _set(self, entries: Mapping[str, Entry]) -> None:
        self._hash.write(entries)


def _record(entry: Entry) -> bytes:
    if isinstance(entry.content, int):
        return b"%b %d %d" % (_COUNTER, entry.version, entry.content)
    return b"%b %d %b" % (_VALUE, entry.version, entry.content)


def _entry(record: object) -> Entry | None:
    return None if record is None else _parsed(cast("bytes", record))


def _parsed(record: bytes) -> Entry:
    kind, _, rest = record.partition(b" ")
    version, separator, content = rest.partition(b" ")
    try:
        if kind == _COUNTER:
            return Entry(int(content), int(version))
        if kind == _VALUE and separator:
            return Entry(content, int(version))
    except ValueError as error:
        raise _foreign(record) from error
    raise _foreign(record)


def _foreign(record: bytes) -> StateError:
    return StateError(f"the Redis hash holds something that is not function state: {record[:40]!r}; use another database for it")
