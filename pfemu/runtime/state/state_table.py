"""A function's state: the calls of the function, of the REST state calls, and of tests and command lines, on one table.

:class:`StateTable` holds the calls, :mod:`pfemu.runtime.state.state_rules` what they mean; a subclass says where the entries are.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from threading import Lock

from pfemu.errors import StateError
from pfemu.runtime.state.state_json import function_state, missing_key, state_is_off, value_from_json
from pfemu.runtime.state.state_rules import (
    HIGHEST,
    LOWEST,
    Entry,
    amount_of,
    counter_amount,
    fits,
    incremented,
    preloaded,
    replaced,
    replaced_from_outside,
    state_key,
    state_value,
    value_of,
)

StateContent = bytes | int  # a value, a counter
StateSnapshot = Mapping[str, StateContent]


def diff(
    before: Mapping[str, StateContent], after: Mapping[str, StateContent]
) -> dict[str, tuple[StateContent | None, StateContent | None]]:
    """Return the keys whose contents differ between two snapshots, sorted: what each held before and after, None for nothing."""
    pairs = {key: (before.get(key), after.get(key)) for key in sorted({*before, *after})}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}


class StateTable(ABC):
    """One table: the port ``StateStore``, and what tests, the admin API and the command line ask beside. Any thread may call it."""

    def incr(self, key: str, amount: int) -> None:
        """Add to a counter, as ``context.incr_counter``; errors: see :func:`~pfemu.runtime.state.state_rules.incremented`."""
        key = state_key(key)
        amount = counter_amount(amount)
        self._change(key, lambda entry: incremented(entry, amount))

    def get_amount(self, key: str) -> int | None:
        """Return the counter's number, None when missing, -1 for a value, as ``context.get_counter``."""
        return amount_of(self._entry(state_key(key)))

    def put(self, key: str, value: str) -> None:
        """Store text as UTF-8, as ``context.put_state``; errors: see :func:`~pfemu.runtime.state.state_rules.state_value`."""
        key = state_key(key)
        content = state_value(key, value)
        self._change(key, lambda entry: replaced(entry, content))

    def get_value(self, key: str) -> bytes | None:
        """Return the bytes, None when missing, eight big-endian ones for a counter, as ``context.get_state``."""
        return value_of(self._entry(state_key(key)))

    def delete_key(self, key: str) -> int:
        """Remove a key of either kind, as ``context.del_counter``; the answer is 0 whether there was one or not."""
        self._remove(state_key(key))
        return 0

    def versioned(self, key: str) -> dict[str, object]:
        """Return the ``FunctionState`` JSON that GET answers.

        Raises:
            StateRequestError: 404, the key holds nothing.
        """
        entry = self._entry(state_key(key))
        if entry is None:
            raise missing_key(key)
        return function_state(key, entry)

    def put_json(self, key: str, body: object) -> None:
        """Store what a POST asks for; one that the table service refuses has no effect, and nobody is told, as on a cluster.

        Raises:
            StateRequestError: the body is refused.
        """
        value = value_from_json(key, body)
        if fits(key, value):
            self._change(state_key(key), lambda entry: replaced_from_outside(entry, value))

    def snapshot(self) -> dict[str, StateContent]:
        """Return all keys, sorted: values as bytes, counters as int."""
        return {key: entry.content for key, entry in sorted(self._all().items())}

    def preload(self, contents: Mapping[str, str | StateContent]) -> None:
        """Set keys as if they had just been made, whatever they held: text and bytes become values, an int a counter.

        Raises:
            StateError: a content that state cannot hold; then nothing is set.
        """
        self._set({state_key(key): preloaded(key, content) for key, content in contents.items()})

    @abstractmethod
    def _entry(self, key: str) -> Entry | None: ...

    @abstractmethod
    def _change(self, key: str, rule: Callable[[Entry | None], Entry]) -> None:
        """Apply the rule atomically; when it raises nothing changes."""

    @abstractmethod
    def _remove(self, key: str) -> None: ...

    @abstractmethod
    def _all(self) -> dict[str, Entry]: ...

    @abstractmethod
    def _set(self, entries: Mapping[str, Entry]) -> None: ...

    @abstractmethod
    def clear(self) -> None:
        """Remove all keys."""


class CachedStateTable(StateTable):
    """A table of a single owner: a dictionary, and the keys whose entries are not written to Redis yet."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._unwritten: set[str] = set()
        self._lock = Lock()

    @property
    def dirty(self) -> bool:
        """Whether some entries are not written yet."""
        return bool(self._unwritten)

    def incr(self, key: str, amount: int) -> None:
        """Add to a counter: the hot path, so a key that is known and a plain amount are not examined again."""
        if type(key) is not str or key not in self._entries:
            key = state_key(key)
        if type(amount) is not int or not LOWEST <= amount <= HIGHEST:
            amount = counter_amount(amount)
        with self._lock:
            self._entries[key] = incremented(self._entries.get(key), amount)
            self._unwritten.add(key)

    def take_unwritten(self) -> dict[str, Entry | None]:
        """Return a copy of each entry changed since the last call, None for a removed key."""
        with self._lock:
            keys, self._unwritten = self._unwritten, set()
            return {key: None if (entry := self._entries.get(key)) is None else entry.copy() for key in keys}

    def clear(self) -> None:
        """Remove all keys."""
        with self._lock:
            self._unwritten.update(self._entries)
            self._entries.clear()

    def _entry(self, key: str) -> Entry | None:
        return self._entries.get(key)

    def _change(self, key: str, rule: Callable[[Entry | None], Entry]) -> None:
        with self._lock:
            self._entries[key] = rule(self._entries.get(key))
            self._unwritten.add(key)

    def _remove(self, key: str) -> None:
        with self._lock:
            if self._entries.pop(key, None) is not None:
                self._unwritten.add(key)

    def _all(self) -> dict[str, Entry]:
        return self._entries.copy()

    def _set(self, entries: Mapping[str, Entry]) -> None:
        with self._lock:
            self._entries.update(entries)
            self._unwritten.update(entries)


class NullStateTable(StateTable):
    """The state of a cluster without a table service (``NullStateContext``): writes vanish, reads find nothing, unchecked."""

    def incr(self, key: str, amount: int) -> None:
        """Do nothing."""

    def get_amount(self, key: str) -> int | None:
        """Find nothing."""

    def put(self, key: str, value: str) -> None:
        """Do nothing."""

    def get_value(self, key: str) -> bytes | None:
        """Find nothing."""

    def delete_key(self, key: str) -> int:  # noqa: ARG002 - the signature is StateTable's
        """Fail as the class that has no such method does."""
        raise AttributeError("'NullStateContext' object has no attribute 'delete_key'")

    def versioned(self, key: str) -> dict[str, object]:  # noqa: ARG002 - the signature is StateTable's
        """Refuse, with 503."""
        raise state_is_off()

    def put_json(self, key: str, body: object) -> None:  # noqa: ARG002 - the signature is StateTable's
        """Refuse, with 503."""
        raise state_is_off()

    def preload(self, contents: Mapping[str, str | StateContent]) -> None:
        """Refuse: nothing would be there.

        Raises:
            StateError: always.
        """
        raise StateError(f"state is off, so the function cannot find {', '.join(contents)}: switch it on, or preload nothing")

    def clear(self) -> None:
        """Do nothing."""

    def _entry(self, key: str) -> Entry | None:  # noqa: ARG002 - the signature is StateTable's
        return None

    def _change(self, key: str, rule: Callable[[Entry | None], Entry]) -> None:
        """Do nothing."""

    def _remove(self, key: str) -> None:
        """Do nothing."""

    def _all(self) -> dict[str, Entry]:
        return {}

    def _set(self, entries: Mapping[str, Entry]) -> None:
        """Do nothing."""
