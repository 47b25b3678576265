"""The Context a function sees (``contextimpl.py``): a ``pulsar.Context`` with every method done."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pulsar

from pfemu.model.warnings.happenings import CALLBACK_RAISED, CALLBACK_WAITS, CONF_AS_SERDE
from pfemu.runtime.figures.metric_labels import USER_METRIC_LABELS, UserMetricsSummary, metric_label_values
from pfemu.runtime.function_warnings import Warn, nobody_is_warned
from pfemu.runtime.instance import InstanceStuck
from pfemu.runtime.instance_config import InstanceConfig
from pfemu.runtime.observer import Publication

if TYPE_CHECKING:
    import logging

    from pfemu.ports import Consumer, Message, MessageIdLike, Producer, PulsarClient, SecretsProvider, StateStore
    from pfemu.runtime.figures.stats import FunctionStats
    from pfemu.runtime.observer import Observer

_PARTITION = re.compile(r"(.+)-partition-(\d+)")
_MILLISECONDS = 1000


@dataclass(frozen=True, slots=True)
class ContextServices:
    """What a context reaches out to."""

    client: PulsarClient
    state: StateStore
    secrets: SecretsProvider
    stats: FunctionStats
    logger: logging.Logger
    observer: Observer | None
    resolve_serde: Callable[[str], Any]
    count_system_exception: Callable[[BaseException], object]
    warn: Warn = nobody_is_warned
    get_stuck: Callable[[InstanceStuck], object] | None = None
    """Told when a callback waits for ever; None where there is no instance."""


class ContextImpl(pulsar.Context):
    """The context of one instance; ``message`` and ``current_start_time`` (seconds) are set for each call.

    Public names that are not part of ``pulsar.Context`` are those of the real runtime, all of them, because published
    functions reach for them; so is the module that the class says it is from, because texts show it.
    """

    __module__ = "contextimpl"

    user_metrics_label_names = USER_METRIC_LABELS
    instance_config: InstanceConfig
    metrics_labels: list[str]
    user_config: dict[str, Any] | list[Any]
    secrets_map: dict[str, Any]

    def __init__(
        self, instance_config: InstanceConfig, user_code_dir: str, consumers: dict[str, Consumer], services: ContextServices
    ) -> None:
        self.user_code_dir = user_code_dir
        self.consumers = consumers
        self.log = services.logger
        self.pulsar_client = services.client
        self.secrets_provider = services.secrets
        self.state_context = services.state
        self.stats = services.stats
        self.user_metrics_map = services.stats.metrics_by_argument
        self.user_metrics_summary = UserMetricsSummary(services.stats)
        self.publish_producers: dict[str, Producer] = {}
        self.publish_serializers: dict[str, Any] = {}
        self.message: Message = None  # type: ignore[assignment] # set before the function's first call, None before as in the real one
        self.current_start_time: float | None = None
        configure(self, instance_config)
        self._observer = services.observer
        self._resolve_serde = services.resolve_serde
        self._count_system_exception = services.count_system_exception
        self._get_stuck = services.get_stuck
        self._warn = services.warn

    def set_current_message_context(self, message: Message, topic: str) -> None:  # noqa: ARG002 - the real method's signature
        """Make a message the current one; the instance does so for each without this call."""
        self.message = message
        self.current_start_time = self.stats.last_invocation_ms / _MILLISECONDS

    def get_message_id(self) -> MessageIdLike:
        """Return the id of the message being processed."""
        return self.message.message_id()

    def get_message_key(self) -> str:
        """Return its key, ``''`` without one."""
        return self.message.partition_key()

    def get_partition_key(self) -> str:
        """Return its key, ``''`` without one."""
        return self.message.partition_key()

    def get_ordering_key(self) -> None:
        """Return None, always: the real runtime does not do this method either."""
        return

    def get_message_eventtime(self) -> int:
        """Return its event time in milliseconds, 0 without one."""
        return self.message.event_timestamp()

    def get_message_properties(self) -> dict[str, str]:
        """Return its properties."""
        return self.message.properties()

    def get_current_message_topic_name(self) -> str:
        """Return the full name of the topic or partition it came from."""
        return self.message.topic_name()

    def get_message_sequence_id(self) -> int | None:
        """Return ``ledger << 28 | entry`` of its id."""
        message_id = self.get_message_id()
        return (message_id.ledger_id() << 28) | message_id.entry_id()

    def get_message_partition_index(self) -> int | None:
        """Return the partition it came from, -1 for a topic without partitions."""
        return self.get_message_id().partition()

    def get_function_name(self) -> str:
        """Return the function's name."""
        return self.instance_config.function_details.name

    def get_function_tenant(self) -> str:
        """Return the function's tenant."""
        return self.instance_config.function_details.tenant

    def get_function_namespace(self) -> str:
        """Return the function's namespace, without the tenant."""
        return self.instance_config.function_details.namespace

    def get_function_id(self) -> str:
        """Return the id of this deployment of the function; an update or a restart makes a new one."""
        return self.instance_config.function_id

    def get_function_version(self) -> str:
        """Return the version of this deployment of the function."""
        return self.instance_config.function_version

    def get_instance_id(self) -> str:
        """Return the instance's number, as text."""
        return self.instance_config.instance_id

    def get_logger(self) -> logging.Logger:
        """Return the logger."""
        return self.log

    def get_user_config_value(self, key: str) -> Any:  # noqa: ANN401 - whatever the JSON holds
        """Return one value of the user config, None when missing."""
        return self.user_config.get(key) if isinstance(self.user_config, dict) else None

    def get_user_config_map(self) -> dict[str, Any] | list[Any]:
        """Return the user config; ``[]`` when there is none, as the real runtime does."""
        return self.user_config

    def get_secret(self, secret_key: str) -> Any:  # noqa: ANN401 - whatever the provider returns
        """Return a secret, None when the ``secrets`` map does not name it."""
        if secret_key not in self.secrets_map:
            return None
        return self.secrets_provider.provide_secret(secret_key, self.secrets_map[secret_key])

    def record_metric(self, metric_name: str, metric_value: float) -> None:
        """Add a value to a user metric.

        Raises:
            TypeError: the value is no number; the count has risen by then, as with the real one.
        """
        if self._observer is not None:
            self._observer.metric_recorded(metric_name, metric_value)
        self.stats.record_metric(metric_name, metric_value)

    def get_input_topics(self) -> list[str]:
        """Return the inputs as they were configured: short names stay short, patterns stay patterns."""
        return list(self.instance_config.function_details.source.inputSpecs)

    def get_output_topic(self) -> str:
        """Return the output topic as configured, ``''`` without one."""
        return self.instance_config.function_details.sink.topic

    def get_output_serde_class_name(self) -> str:
        """Return the configured output SerDe, ``''`` without one."""
        return self.instance_config.function_details.sink.serDeClassName

    def get_pulsar_client(self) -> PulsarClient:
        """Return the client the instance uses."""
        return self.pulsar_client

    def publish(
        self,
        topic_name: str,
        message: Any,  # noqa: ANN401 - whatever the SerDe takes
        serde_class_name: str = "serde.IdentitySerDe",
        properties: dict[str, str] | None = None,
        compression_type: Any = None,  # noqa: ANN401 - pulsar.CompressionType, which has no stubs
        callback: Callable[[Any, Any], object] | None = None,
        message_conf: dict[str, Any] | None = None,
    ) -> None:
        """Publish a message to any topic; ``callback(result, message_id)`` is called when it is done.

        ``properties`` replaces the properties of ``message_conf``, in the caller's own dictionary.

        Raises:
            pulsar.exceptions.PulsarException: the producer cannot be made, for example ``TopicNotFound``.
            TypeError: the SerDe does not exist (``'NoneType' object is not callable``), or refuses the message.
        """
        given: object = serde_class_name
        if not isinstance(given, str):
            self._warn(CONF_AS_SERDE.warning(f"a {type(given).__name__} as the third argument of context.publish"))
        topic_name, serde_class_name = str(topic_name), str(serde_class_name)
        producer = self.publish_producers.get(topic_name) or self._make_producer(topic_name, compression_type)
        if serde_class_name not in self.publish_serializers:
            self.publish_serializers[serde_class_name] = self._resolve_serde(serde_class_name)
        output_bytes = bytes(self.publish_serializers[serde_class_name].serialize(message))
        if properties:
            message_conf = message_conf or {}
            message_conf["properties"] = properties
        publication = Publication(topic_name, output_bytes, message_conf or {}, int(self.instance_config.instance_id), self.message)
        producer.send_async(output_bytes, self._done_publishing(callback, publication), **publication.message_conf)

    def _make_producer(self, topic_name: str, compression_type: Any) -> Producer:  # noqa: ANN401 - as in publish
        producer = self.pulsar_client.create_producer(
            topic_name,
            block_if_queue_full=True,
            batching_enabled=True,
            batching_max_publish_delay_ms=10,
            compression_type=pulsar.CompressionType.NONE if compression_type is None else compression_type,
            properties=self.instance_config.client_properties,
        )
        self.publish_producers[topic_name] = producer
        return producer

    def _done_publishing(self, callback: Callable[[Any, Any], object] | None, publication: Publication) -> Callable[[Any, Any], None]:
        def done(result: Any, message_id: Any) -> None:  # noqa: ANN401 - pulsar.Result and _pulsar.MessageId have no stubs
            failed = result != pulsar.Result.Ok
            if not failed and self._observer is not None:
                self._observer.published(replace(publication, message_id=message_id))
            origin = publication.origin if failed else None
            self.callback_wrapper(callback, publication.topic, None if origin is None else origin.message_id(), result, message_id)

        return done

    def callback_wrapper(
        self,
        callback: Callable[[Any, Any], object] | None,
        topic: str,
        message_id: MessageIdLike | None,
        result: Any,  # noqa: ANN401 - pulsar.Result, which has no stubs
        msg: Any,  # noqa: ANN401 - _pulsar.MessageId, which has no stubs
    ) -> None:
        """Count a publication that failed while ``message_id`` was processed, then call back with the result and its own id."""
        if result != pulsar.Result.Ok:
            text = f"Failed to publish to topic [{topic}] with error [{result}] with src message id [{message_id}]"
            self._count_system_exception(Exception(text))
        if callback:
            self._call_back(callback, result, msg)

    def _call_back(self, callback: Callable[[Any, Any], object], result: Any, message_id: Any) -> None:  # noqa: ANN401 - as in done
        tell_when_asked = getattr(self.pulsar_client, "_tell_when_asked", _nobody_asks)  # pulsar.Client has none: it is stuck itself
        tell_when_asked(partial(self._wait_for_ever, threading.get_ident()))
        try:
            callback(result, message_id)
        except InstanceStuck:
            return
        except Exception as error:
            self._warn(CALLBACK_RAISED.warning(f"a callback of context.publish that raises ({type(error).__name__})"))
            raise
        finally:
            tell_when_asked(None)
            if batches := getattr(self.pulsar_client, "_open_batches", None):  # of what the callback published; see FunctionInstance
                batches.end()

    def _wait_for_ever(self, callbacks_thread: int) -> None:
        """Do what a callback does that waits for its own client, and nothing on other threads.

        Differs: what a callback sends with a producer that there is, and waits for, is let be, and so are callbacks of such producers.
        """
        if threading.get_ident() == callbacks_thread:
            stuck = InstanceStuck("a callback waits for its own client")
            self._warn(CALLBACK_WAITS.warning())
            if self._get_stuck is not None:
                self._get_stuck(stuck)
            raise stuck

    def ack(self, msgid: Any, topic: str) -> None:  # noqa: ANN401 - _pulsar.MessageId, which has no stubs
        """Acknowledge a message of an input.

        Raises:
            ValueError: ``topic`` is not spelled as an input was configured, or as a partition of one.
        """
        consumer = self.consumers.get(topic)
        if consumer is None:
            match = _PARTITION.search(topic)
            if match is None or match.group(1) not in self.consumers:
                raise ValueError(f"Invalid topicname {topic}")
            consumer = self.consumers[match.group(1)]
        consumer.acknowledge(msgid)
        if self._observer is not None:
            self._observer.acknowledged(msgid, topic)

    def incr_counter(self, key: str, amount: int) -> None:
        """Add to a counter."""
        return self.state_context.incr(key, amount)

    def get_counter(self, key: str) -> int | None:
        """Return a counter, None when missing."""
        return self.state_context.get_amount(key)

    def del_counter(self, key: str) -> int:
        """Remove a key, of either kind."""
        return self.state_context.delete_key(key)

    def put_state(self, key: str, value: str) -> None:
        """Store text."""
        return self.state_context.put(key, value)

    def get_state(self, key: str) -> bytes | None:
        """Return the bytes of a value, None when missing."""
        return self.state_context.get_value(key)

    def get_metrics(self) -> dict[str, float]:
        """Return ``user_metric_<name>_sum`` and ``_count`` of every user metric."""
        return self.stats.user_metrics()

    def reset_metrics(self) -> None:
        """Set every user metric to zero."""
        self.stats.reset_user_metrics()

    def get_and_reset_metrics(self) -> dict[str, float]:
        """Return the user metrics and set them to zero."""
        metrics = self.get_metrics()
        self.reset_metrics()
        return metrics


def _nobody_asks(_asked: Callable[[], object] | None) -> None:
    """Tell nobody."""


def configure(context: ContextImpl, instance_config: InstanceConfig) -> None:
    """Have a context show this configuration from now on."""
    details = instance_config.function_details
    context.instance_config = instance_config
    context.metrics_labels = metric_label_values(details.tenant, details.namespace, details.name, instance_config.instance_id)
    context.user_config = json.loads(details.userConfig) if details.userConfig else []
    context.secrets_map = json.loads(details.secretsMap) if details.secretsMap else {}


def take_over(context: ContextImpl, user_code_dir: str, resolve_serde: Callable[[str], Any]) -> None:
    """Have a context serve other code of the user's from now on; producers, state and figures stay."""
    context.user_code_dir = user_code_dir
    context._resolve_serde = resolve_serde  # noqa: SLF001 - of the class above, whose public names are the real one's
    context.publish_serializers.clear()
