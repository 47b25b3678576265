"""The composition root: a broker, its client library and a functions worker in one process.

An :class:`Emulator` shares nothing with another one. By default it steps: the caller's thread runs everything, time is
virtual, and what is sent is processed before ``send`` returns.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Self, Unpack

from pfemu.broker.broker_service import BrokerService
from pfemu.broker.storage.managed_ledger import LedgerLimits
from pfemu.client.client import Client
from pfemu.engine import Engine
from pfemu.errors import PfemuError
from pfemu.function_deployer import DeploymentSettings, FunctionDeployer
from pfemu.function_handle import FunctionHandle, FunctionHandles, Recorder
from pfemu.function_settings import FunctionSettings
from pfemu.function_source import FunctionSource, function_source
from pfemu.handles import TopicHandle
from pfemu.model.configuration.function_config import FunctionConfig
from pfemu.model.pulsar_version import DEFAULT_VERSION, release_line
from pfemu.model.topic_name import TopicName
from pfemu.runtime.function import Function
from pfemu.runtime.runtimes import RuntimeName, loader_of
from pfemu.runtime.secrets import ClearTextSecretsProvider
from pfemu.runtime.state.state_service import StateService
from pfemu.runtime.worker.functions_worker import FunctionsWorker
from pfemu.scheduling.stepping import SteppingScheduler
from pfemu.topic_codec import IDENTITY, TopicCodec, given_codec, reader_codec, writer_codec
from pfemu.used_topics import UsedTopics

if TYPE_CHECKING:
    from pathlib import Path

    from pulsar.schema import Schema

    from pfemu.broker.topic import Topic
    from pfemu.client.event_loop.asyncio_client import AsyncioClient
    from pfemu.client.producing.producer import Producer
    from pfemu.ports import SecretsProvider
    from pfemu.runtime.function_warnings import Warn
    from pfemu.runtime.instance import FunctionInstance
    from pfemu.runtime.observer import Observer
    from pfemu.runtime.values.serde import SerDe
    from pfemu.scheduling.live import LiveScheduler
    from pfemu.scheduling.shuffled import ShuffledLanes
    from pfemu.testing.faults import Fault, Faults

_SECOND_MS = 1000


class Emulator:
    """A local Pulsar with functions.

    Args:
        scheduler: who runs what; a stepping one with virtual time when not given.
        keep_history: keep trimmed messages for :meth:`topic`; switch it off where memory must stay constant.
        state: where functions keep their state; in the process when not given.
        strict: refuse a function that a cluster would take and then partly ignore: its warnings are errors.
        pulsar_version: which Pulsar this is to behave as.
        secrets_provider: where functions find their secrets; the configuration's own text is the secret when not given.
        log_directory: write a log file for each instance below it, ``<tenant>/<namespace>/<name>/<name>-<instance>.log``, as a worker does.
        on_warning: told of each warning of each function, on the thread where it arises (see :attr:`FunctionHandle.warnings`).
        new_recorder: makes, from the name of a function that is deployed through :attr:`worker`, what is told of all it does; its prints
            then go there alone. One that keeps everything when not given.
        runtime: where the functions' code runs: ``thread``, in this process; ``process``, each instance in one of its own.

    Raises:
        ConfigError: nothing is known of that version, or there is no such runtime.
    """

    def __init__(
        self,
        *,
        scheduler: SteppingScheduler | LiveScheduler | None = None,
        keep_history: bool = True,
        state: StateService | None = None,
        strict: bool = False,
        pulsar_version: str = DEFAULT_VERSION,
        secrets_provider: SecretsProvider | None = None,
        log_directory: Path | None = None,
        on_warning: Warn | None = None,
        new_recorder: Callable[[str], Recorder] | None = None,
        runtime: RuntimeName = "thread",
    ) -> None:
        self.pulsar_version = release_line(pulsar_version)
        self.strict = strict
        self._load = loader_of(runtime)
        self.scheduler = scheduler or SteppingScheduler()
        self.broker = BrokerService(LedgerLimits(keep_history=keep_history))
        self.engine = Engine(self.broker, self.scheduler)
        self.client = Client(self.engine)
        self._asyncio_client: AsyncioClient | None = None
        self.state = state or StateService()
        self.functions = FunctionHandles()
        self.used_topics = UsedTopics()
        self._closed = False
        self._producers: dict[tuple[str, int], Producer] = {}
        self._codecs: dict[tuple[str, bool], TopicCodec] = {}
        self._faults: Faults | None = None
        self.lanes: ShuffledLanes | None = None  # of a shuffled emulator: in whose order its instances take turns
        provider = secrets_provider or ClearTextSecretsProvider()
        self._deployer = FunctionDeployer(self, DeploymentSettings(self._load, provider, log_directory, on_warning, new_recorder))
        self.worker = FunctionsWorker(self._deployer.worker_services())

    @property
    def asyncio_client(self) -> AsyncioClient:
        """A ``pulsar.asyncio.Client`` for coroutines of whatever event loop runs; a stepping emulator is stepped while they wait."""
        if self._asyncio_client is None:
            from pfemu.client.event_loop.asyncio_client import AsyncioClient

            self._asyncio_client = AsyncioClient(self.engine)
        return self._asyncio_client

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # ------------------------------------------------------------------------------------------------------ functions

    def create_function(
        self,
        source: FunctionSource | FunctionConfig | str | Path | type | object,
        *,
        observer: Observer | None = None,
        on_warning: Warn | None = None,
        secrets_provider: SecretsProvider | None = None,
        pass_prints_on: bool = True,
        **settings: Unpack[FunctionSettings],
    ) -> FunctionHandle:
        """Deploy a function and start its instances.

        ``source`` is a path (``function.py``, ``function.py:Class``), a dotted name, a class, a callable, a
        :class:`FunctionConfig` or the path of one (YAML or JSON). ``settings`` are fields of FunctionConfig. ``on_warning`` is told of its
        warnings in place of the emulator's own.

        Raises:
            ConfigError: the worker would refuse it, in its words; or this emulator is strict and there is something to warn about.
            LoadError: the code cannot be loaded.
        """
        code = source if isinstance(source, FunctionSource) else function_source(source, settings, self._load)
        handle = self._deployer.deploy(
            code,
            observer=observer,
            on_warning=on_warning,
            secrets_provider=secrets_provider,
            pass_prints_on=pass_prints_on,
        )
        self.settle()
        return handle

    # --------------------------------------------------------------------------------------------------------- topics

    def create_namespace(self, namespace: str) -> None:
        """Make a namespace ``tenant/name``; harmless when it is there."""
        self.broker.create_namespace(namespace)

    def create_partitioned_topic(self, topic: str, partitions: int) -> TopicHandle:
        """Make a partitioned topic."""
        self.broker.create_partitioned_topic(TopicName.parse(topic), partitions)
        return self.topic(topic)

    def topic(self, name: str, *, schema: Schema | None = None, serde: SerDe | None = None) -> TopicHandle:
        """Return a topic by its name; it need not exist yet.

        Values pass through the SerDe or schema of the functions that read or write it, or through the one given here.

        Raises:
            InvalidTopicName: Pulsar takes no such name.
            TypeError: both a schema and a SerDe are given.
        """
        return TopicHandle(self, TopicName.parse(name), given_codec(schema, serde))

    def codec(self, name: TopicName, *, sending: bool) -> TopicCodec:
        """Return how values of a topic become bytes (``sending``), or become values again."""
        found = self._codecs.get((name.full, sending))
        if found is None:
            functions = [handle.function for handle in self.functions.values()]
            first, second = (reader_codec, writer_codec) if sending else (writer_codec, reader_codec)
            found = self._codecs[name.full, sending] = first(name, functions) or second(name, functions) or IDENTITY
        return found

    def forget_codecs(self) -> None:
        """Ask the functions again how values become bytes: their code was exchanged."""
        self._codecs.clear()

    def topics_of(self, name: TopicName) -> list[Topic]:
        """Return the topic of that name, or its partitions; empty when it does not exist yet."""
        return self.broker.topics_below(name)

    def producer(self, name: TopicName, schema: Schema | None = None) -> Producer:
        """Return the producer that handles of that topic share."""
        key = (name.full, id(schema))
        found = self._producers.get(key)
        if found is None:
            settings = {} if schema is None else {"schema": schema}
            found = self._producers[key] = self.client.create_producer(name.full, **settings)
        return found

    # -------------------------------------------------------------------------------------------------- faults and order

    @property
    def faults(self) -> Faults:
        """What is to go wrong; nothing, until something is declared.

        Raises:
            PfemuError: the emulator is live: faults need stepping.
        """
        if self._faults is None:
            from pfemu.testing.faults import Faults

            self._faults = Faults(self)
        return self._faults

    def arm_faults(self, function: Function, instance: FunctionInstance) -> None:
        """Put declared faults in the way of an instance that starts."""
        if self._faults is not None:
            self._faults.arm(function, instance)

    @property
    def declared_faults(self) -> list[Fault]:
        """The faults that were declared."""
        return [] if self._faults is None else self._faults.declared

    def shuffle(self, seed: int) -> None:
        """Let instances and partitions take turns in an order that follows from ``seed``, one message at a time.

        Each partition's messages stay in order. Call it before the functions are made.

        Raises:
            PfemuError: functions were made already, or the emulator is live.
        """
        from pfemu.scheduling.shuffled import ShuffledLanes

        if self.functions:
            raise PfemuError(f"shuffle the emulator before its functions are made: {', '.join(self.functions)} run in order already")
        if not isinstance(self.scheduler, SteppingScheduler):
            raise PfemuError("a live emulator is shuffled by its threads: only a stepping one can be shuffled by a seed")
        self.lanes = ShuffledLanes(self.scheduler, seed)

    @property
    def seed(self) -> int | None:
        """What the order follows from, None when it is not shuffled."""
        return None if self.lanes is None else self.lanes.seed

    # ----------------------------------------------------------------------------------------------------------- time

    def run_until_idle(self) -> int:
        """Run until nothing is left to do; return the number of steps.

        Raises:
            EndlessLoopError: it does not end.
        """
        steps = self._stepping().run_until_idle()
        self.state.flush()
        return steps

    def settle(self) -> None:
        """Run to idle if this emulator steps; a live one does so by itself."""
        if isinstance(self.scheduler, SteppingScheduler):
            self.run_until_idle()

    def advance(self, seconds: float | timedelta) -> None:
        """Move the broker's time on, running to idle at everything that falls due on the way."""
        duration = seconds if isinstance(seconds, timedelta) else timedelta(seconds=seconds)
        self._stepping().advance(round(duration.total_seconds() * _SECOND_MS))
        self.state.flush()

    def _stepping(self) -> SteppingScheduler:
        if self._closed:
            raise PfemuError("the emulator is closed and runs nothing any more; pulsar_emulator is closed when its test is over")
        if isinstance(self.scheduler, SteppingScheduler):
            return self.scheduler
        raise TypeError("a live emulator runs by itself: there is nothing to step")

    def close(self) -> None:
        """Stop all functions and give back what they hold; harmless when it is closed. What there was can still be read."""
        if self._closed:
            return
        self._closed = True
        self.worker.close()
        self.client.close()
        if self._asyncio_client is not None:
            self._asyncio_client.shutdown()
        self.state.close()
        self._deployer.close()
