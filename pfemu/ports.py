"""The seams of pfemu: protocols that have at least two implementations.

* :class:`Clock`, :class:`Timer`, :class:`Scheduler`: stepping (virtual time) and live (asyncio).
* :class:`PulsarClient`, :class:`Producer`, :class:`Consumer`, :class:`Message`: this package's client and ``pulsar.Client``.
  Names, arguments and results are those of pulsar-client, so a function instance runs on either.
* :class:`StateStore`: Redis (or fakeredis), and the null store of a cluster without a table service.
* :class:`SecretsProvider`: clear text, environment, and classes of the user's.
"""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar, runtime_checkable

T = TypeVar("T")


__all__ = [
    "Clock",
    "Consumer",
    "Message",
    "MessageIdLike",
    "NackedAgain",
    "OpenBatches",
    "OutputProducer",
    "Producer",
    "PulsarClient",
    "Reader",
    "Scheduler",
    "SecretsProvider",
    "StateStore",
    "Timer",
]


class Clock(Protocol):
    """Where the time comes from."""

    def now_ms(self) -> int:
        """Milliseconds since the epoch."""
        ...


class Timer(Protocol):
    """Something due later that can be called off."""

    def cancel(self) -> None:
        """Forget it; harmless when it already ran."""
        ...


class Scheduler(Protocol):
    """Who runs what, and when. The owner's thread runs everything; others hand work over.

    ``threaded``: the owner's thread is none of the caller's, and time is real.
    """

    @property
    def threaded(self) -> bool:
        """Whether callers are on other threads than the owner's."""
        ...

    @property
    def may_block(self) -> bool:
        """Whether the caller's thread may wait for other threads: not if these may wait for it, as they do for a live owner's."""
        ...

    def now_ms(self) -> int:
        """Milliseconds since the epoch, by this scheduler's clock."""
        ...

    def soon(self, run: Callable[[], object]) -> None:
        """Run it after what is already waiting; may be called from any thread."""
        ...

    def at(self, due_ms: int, run: Callable[[], object]) -> Timer:
        """Run it at that time; the owner's thread only."""
        ...

    def call(self, run: Callable[[], T]) -> T:
        """Run it on the owner's thread and return (or raise) what it returns; may be called from any thread."""
        ...


class StateStore(Protocol):
    """A function's state table: the operations of ``state_context.py``, which all instances of a function share."""

    def incr(self, key: str, amount: int) -> None:
        """Add to a counter, made at 0 when missing; 64-bit, wraps around."""
        ...

    def get_amount(self, key: str) -> int | None:
        """Return the counter's number, None when missing, -1 for a key that holds a value."""
        ...

    def put(self, key: str, value: str) -> None:
        """Store text as UTF-8 bytes."""
        ...

    def get_value(self, key: str) -> bytes | None:
        """Return the bytes, None when missing; 8 big-endian bytes for a counter."""
        ...

    def delete_key(self, key: str) -> int:
        """Remove a key of either kind."""
        ...


class SecretsProvider(Protocol):
    """Where ``context.get_secret`` looks (``secretsprovider.py``)."""

    def provide_secret(self, secret_name: str, path: object) -> object:
        """Return the secret of that name; ``path`` is the value the configuration's ``secrets`` map has for it."""
        ...


class Message(Protocol):
    """A received message: the methods of ``pulsar.Message`` that the runtime uses."""

    def data(self) -> bytes:
        """Return the payload."""
        ...

    def value(self) -> object:
        """Return the payload decoded by the consumer's schema."""
        ...

    def topic_name(self) -> str:
        """Return the full name of the topic or partition it came from."""
        ...

    def message_id(self) -> "MessageIdLike":
        """Return pulsar-client's id of it."""
        ...

    def partition_key(self) -> str:
        """Return the key, empty without one."""
        ...

    def event_timestamp(self) -> int:
        """Return the event time in milliseconds, 0 without one."""
        ...

    def properties(self) -> dict[str, str]:
        """Return the properties."""
        ...

    def redelivery_count(self) -> int:
        """Return how often delivery was asked for again."""
        ...


class MessageIdLike(Protocol):
    """pulsar-client's message id, as far as the runtime looks at it."""

    def ledger_id(self) -> int:
        """Return the ledger."""
        ...

    def entry_id(self) -> int:
        """Return the entry in the ledger."""
        ...

    def partition(self) -> int:
        """Return the partition, -1 without one."""
        ...

    def serialize(self) -> bytes:
        """Return the protocol's bytes."""
        ...


class Consumer(Protocol):
    """A consumer: the methods of ``pulsar.Consumer`` that the runtime uses."""

    def acknowledge(self, message: object) -> None:
        """Acknowledge a message, or a message id."""
        ...

    def acknowledge_cumulative(self, message: object) -> None:
        """Acknowledge everything up to a message."""
        ...

    def negative_acknowledge(self, message: object) -> None:
        """Ask for a message again after the delay."""
        ...

    def redeliver_unacknowledged_messages(self) -> None:
        """Ask for all unacknowledged messages again, now."""
        ...

    def pause_message_listener(self) -> None:
        """Call the listener no more for now."""
        ...

    def resume_message_listener(self) -> None:
        """Call the listener again."""
        ...

    def close(self) -> None:
        """Disconnect."""
        ...


class Reader(Protocol):
    """A reader: the method of ``pulsar.Reader`` that the runtime uses."""

    def read_next(self, timeout_millis: int | None = None) -> Message:
        """Wait for the next message."""
        ...


class Producer(Protocol):
    """A producer: the methods of ``pulsar.Producer`` that the runtime uses."""

    def topic(self) -> str:
        """Return the topic it publishes to."""
        ...

    def send(self, content: object) -> "MessageIdLike":
        """Publish, and wait for the id."""
        ...

    def send_async(self, content: object, callback: Callable[..., object] | None, **message_conf: object) -> None:
        """Publish; ``callback(result, message_id)`` is called when it is done."""
        ...

    def close(self) -> None:
        """Disconnect."""
        ...


@runtime_checkable
class OutputProducer(Protocol):
    """A producer that can name the input of an output without computing anything before somebody looks.

    Its names, and that of the next one, begin with an underscore: user code gets hold of such objects, and pulsar-client has no such names.
    """

    def _send_output(
        self,
        content: object,
        origin: Message,
        published: Callable[[Message], object],
        not_published: Callable[[object, Message], object],
    ) -> None:
        """Publish an output of that input; ``published(origin)`` or ``not_published(result, origin)`` is called when it is done."""
        ...

    def _use_schema(self, schema: Any) -> None:  # noqa: ANN401 - pulsar.schema.Schema, which has no stubs
        """Encode with another object for the same schema from now on."""
        ...


@runtime_checkable
class NackedAgain(Protocol):
    """A consumer that can be asked for what was negatively acknowledged before its delay is over."""

    def _redeliver_negatively_acknowledged(self) -> int:
        """Ask for it now; return how many entries that is. The owner's thread only."""
        ...


class OpenBatches(Protocol):
    """Batches that end with the message that is being processed; true when there are any."""

    def end(self) -> None:
        """Have them sent."""
        ...

    def __bool__(self) -> bool:
        """Whether there are any."""
        ...


class PulsarClient(Protocol):
    """A client: the methods of ``pulsar.Client`` that the runtime uses."""

    def create_producer(self, topic: str, **settings: Any) -> Producer:  # noqa: ANN401 - pulsar.Client's own keywords
        """Make a producer."""
        ...

    def subscribe(self, topic: object, subscription_name: str, **settings: Any) -> Consumer:  # noqa: ANN401 - pulsar.Client's own keywords
        """Make a consumer of a topic name or a compiled pattern."""
        ...

    def create_reader(
        self, topic: str, start_message_id: object, *, reader_listener: Callable[[object, Message], object] | None = None
    ) -> Reader:
        """Make a reader that begins after a message, and hands what it reads to a listener if there is one."""
        ...

    def close(self) -> None:
        """Close all producers and consumers."""
        ...
