"""``pulsar_context``: the Context of a function that nobody deployed, for calling ``process(input, context)`` directly.

It is the context functions really get, on a broker of its own: the same methods, answers and refusals. What it publishes can be
read; nothing else runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import _pulsar

from pfemu.client.client import Client
from pfemu.emulator import Emulator
from pfemu.function_handle import Recorder
from pfemu.function_settings import as_fields
from pfemu.metric_views import MetricsView
from pfemu.model.configuration.choices import Runtime
from pfemu.model.configuration.function_config import FunctionConfig
from pfemu.model.functions.function_registration import create
from pfemu.model.topic_name import TopicName
from pfemu.records import Records
from pfemu.runtime.context import ContextImpl, ContextServices
from pfemu.runtime.figures.stats import FunctionStats
from pfemu.runtime.instance_config import FunctionDetailsView, InstanceConfig
from pfemu.runtime.loading.module_space import ModuleSpace
from pfemu.runtime.logs.function_log import FunctionLog, LogRouter
from pfemu.runtime.logs.user_streams import UserStreams
from pfemu.runtime.observer import LogEntry
from pfemu.runtime.secrets import ClearTextSecretsProvider
from pfemu.runtime.state.state_table import CachedStateTable
from pfemu.runtime.values.serde import identity_deserialize, resolve_serde
from pfemu.state_views import CountersView, StateView

if TYPE_CHECKING:
    import logging

    from pytest_pfemu.marker import Options

_INPUT = "input"


@dataclass(frozen=True, slots=True)
class Published:
    """One call of ``context.publish``. ``value`` is what the default SerDe reads from its bytes."""

    topic: str
    data: bytes
    message_conf: Mapping[str, Any]

    @property
    def value(self) -> object:
        """The bytes as the default SerDe reads them."""
        return identity_deserialize(self.data)

    @property
    def key(self) -> str:
        """The key it was published with, empty without one."""
        return str(self.message_conf.get("partition_key") or "")

    @property
    def properties(self) -> dict[str, str]:
        """The properties it was published with."""
        return dict(self.message_conf.get("properties") or {})


@dataclass(frozen=True, slots=True)
class Acked:
    """One call of ``context.ack``."""

    message_id: object
    topic: str


@dataclass(slots=True)
class _Message:
    """The message the context is asked about: the port :class:`~pfemu.ports.Message`."""

    topic: str
    key: str
    event_time: int
    held_properties: Mapping[str, str]
    held_id: Any
    redeliveries: int

    def data(self) -> bytes:
        """Return nothing: ``process`` is called with a value, not with a payload."""
        return b""

    def value(self) -> object:
        """Return nothing, as :meth:`data`."""
        return b""

    def topic_name(self) -> str:
        """Return the full name of the topic."""
        return self.topic

    def message_id(self) -> Any:  # noqa: ANN401 - _pulsar.MessageId, which has no stubs
        """Return the id."""
        return self.held_id

    def partition_key(self) -> str:
        """Return the key."""
        return self.key

    def event_timestamp(self) -> int:
        """Return the event time."""
        return self.event_time

    def properties(self) -> dict[str, str]:
        """Return the properties."""
        return dict(self.held_properties)

    def redelivery_count(self) -> int:
        """Return how often it was delivered before."""
        return self.redeliveries


class _Consumer:
    """Takes note of acknowledgements."""

    def __init__(self, topic: str, acked: list[Acked]) -> None:
        self._topic = topic
        self._acked = acked

    def acknowledge(self, message: object) -> None:
        """Take note."""
        self._acked.append(Acked(message, self._topic))


def _check(name: str, words: str, value: object, kind: type) -> None:
    __tracebackhide__ = True
    if value is not None and not isinstance(value, kind):
        raise TypeError(f"{name} is {words}, not {value!r}")


class PulsarContext(ContextImpl):
    """A context that records what the function does with it. Make it with :meth:`of`, or take the fixture."""

    def __init__(self, config: InstanceConfig, emulator: Emulator, folder: Path) -> None:
        self._emulator = emulator
        self._recorder = Recorder()
        self._client = Client(emulator.engine, for_instance=True)
        self._acked: list[Acked] = []
        self._table = CachedStateTable()
        details = config.function_details
        consumers: dict[str, Any] = {topic: _Consumer(topic, self._acked) for topic in details.source.inputSpecs}
        space = ModuleSpace((folder,), frozenset())
        function_log = FunctionLog(LogRouter(), self._take_record, None, streams=UserStreams())
        services = ContextServices(
            client=self._client,
            state=self._table,
            secrets=ClearTextSecretsProvider(),
            stats=FunctionStats(emulator.scheduler.now_ms()),
            logger=function_log.logger,
            observer=self._recorder,
            resolve_serde=lambda class_path: resolve_serde(class_path, space),
            count_system_exception=self._fail_publication,
        )
        super().__init__(config, str(folder), consumers, services)
        self.set_message()

    @classmethod
    def of(cls, options: Options, folder: Path) -> PulsarContext:
        """Make one with the inputs, user config and secrets of a marker; the folder is where SerDe classes are imported from."""
        settings = {"inputs": [_INPUT], "name": "function", "class_name": "function", **options.settings}
        given = as_fields(settings)
        places = {"tenant": "public", "namespace": "default", "py": "function.py", "runtime": Runtime.PYTHON}
        details = create(FunctionConfig(**{**places, **given}))
        return cls(InstanceConfig("0", "function-id", "function-version", FunctionDetailsView(details)), Emulator(), folder)

    def publish(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - Context's own arguments
        """Publish, and call back at once; see :meth:`ContextImpl.publish`."""
        super().publish(*arguments, **named)
        batches = self._client._open_batches  # noqa: SLF001 - user code must not see it
        if batches:
            batches.end()
        self._emulator.settle()

    def set_message(
        self,
        *,
        topic: str | None = None,
        key: str = "",
        properties: Mapping[str, str] | None = None,
        event_time: int = 0,
        message_id: object = None,
        redelivery_count: int = 0,
    ) -> None:
        """Say which message the function processes next.

        ``topic`` is the first input unless given; ``event_time`` is in milliseconds; ``message_id`` is a ``pulsar.MessageId``.

        Raises:
            InvalidTopicName: Pulsar takes no such topic.
            TypeError: a key or property is no text, a time or count no int, an id no ``MessageId``.
        """
        __tracebackhide__ = True
        native = getattr(message_id, "_msg_id", message_id)  # pulsar-client keeps its native half there
        _check("message_id", "a pulsar.MessageId", native, _pulsar.MessageId)
        _check("key", "a text", key, str)
        _check("event_time", "in whole milliseconds", event_time, int)
        _check("redelivery_count", "a whole number", redelivery_count, int)
        for each in (part for pair in (properties or {}).items() for part in pair):
            _check("properties", "made of texts", each, str)
        self.message = _Message(
            TopicName.parse(topic or self.get_input_topics()[0]).full,
            key,
            event_time,
            dict(properties or {}),
            _pulsar.MessageId(-1, 1, 0, -1) if native is None else native,
            redelivery_count,
        )

    @property
    def published(self) -> Records[Published]:
        """The calls of ``context.publish``, in order."""
        return Records([Published(one.topic, one.payload, one.message_conf) for one in self._recorder.publications])

    @property
    def acked(self) -> Records[Acked]:
        """The calls of ``context.ack``, in order."""
        return Records(list(self._acked))

    @property
    def logs(self) -> Records[LogEntry]:
        """What was logged with ``context.get_logger()``."""
        return Records(list(self._recorder.logs))

    @property
    def state(self) -> StateView:
        """The values it stored, as bytes; assign to preload."""
        return StateView(self._table)

    @property
    def counters(self) -> CountersView:
        """The counters it incremented; assign to preload."""
        return CountersView(self._table)

    @property
    def metrics(self) -> MetricsView:
        """The metrics it recorded."""
        return MetricsView(lambda: [self.stats.snapshot(self._emulator.scheduler.now_ms())], self._recorder.metrics)

    def close(self) -> None:
        """Give back what it holds."""
        self._emulator.close()

    def __repr__(self) -> str:
        return f"<pulsar_context of {self.get_function_tenant()}/{self.get_function_namespace()}/{self.get_function_name()}>"

    def _take_record(self, record: logging.LogRecord) -> None:
        now_ms = self._emulator.scheduler.now_ms()
        self._recorder.logged(LogEntry(record.levelname, record.getMessage(), now_ms, 0, self.message))

    def _fail_publication(self, error: BaseException) -> None:
        raise error
