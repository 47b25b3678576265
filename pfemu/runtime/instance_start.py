"""Starting an instance, in Pulsar's order (``PythonInstance.run``).

Log-topic producer, then a consumer for each input, then the user's class. So a class that does not load leaves its
subscriptions behind, and so does it here.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import pulsar

from pfemu.errors import LoadError
from pfemu.model.configuration.choices import SubscriptionPosition, SubscriptionType
from pfemu.runtime.context import ContextImpl, ContextServices
from pfemu.runtime.function_warnings import Warn, warning_about
from pfemu.runtime.input_source import InputSource
from pfemu.runtime.instance_config import FunctionDetailsView, InstanceConfig
from pfemu.runtime.key_readers import consumer_encryption, producer_encryption
from pfemu.runtime.logs.function_log import FunctionLog, LogTopicHandler, Take
from pfemu.runtime.runners import InstanceLanes, InstanceThread
from pfemu.runtime.sink import Sink
from pfemu.runtime.values.schemas import default_schema, explained_schema_for, schema_for
from pfemu.runtime.values.serde import deserializer_for, resolve_serde, serializer_for

if TYPE_CHECKING:
    from pfemu.model.functions.function_details import ConsumerSpec, FunctionDetails
    from pfemu.ports import Message, PulsarClient
    from pfemu.runtime.function import Function
    from pfemu.runtime.instance import FunctionInstance
    from pfemu.runtime.loader import LoadedFunction
    from pfemu.runtime.loading.module_space import ModuleSpace

Load: TypeAlias = "Callable[[], LoadedFunction]"

_CONSUMER_TYPES = {
    SubscriptionType.SHARED: pulsar.ConsumerType.Shared,
    SubscriptionType.FAILOVER: pulsar.ConsumerType.Failover,
    SubscriptionType.KEY_SHARED: pulsar.ConsumerType.KeyShared,
}


def start_instance(function: Function, instance: FunctionInstance, load: Load) -> None:
    """Connect and start one instance of the code that ``load`` gives.

    Raises:
        Exception: what the real instance dies of: a refused consumer, a class that does not load, a broken constructor
            of a SerDe. What was connected by then is closed; subscriptions stay.
    """
    services, details = function.services, function.details
    client = services.new_client()
    instance.connect(client)
    services.log_router.install()
    name = f"{function.fqfn}/{instance.instance_id}"
    if services.new_thread is not None:
        instance.thread = services.new_thread(name, instance.take)
    elif services.on_thread_error is not None:
        instance.thread = InstanceThread(name, instance.take, services.on_thread_error)
    instance.stats.waiting = None if instance.thread is None else instance.thread.waiting
    try:
        instance.log = log = _log(function, instance, client)
        instance.loaded = loaded = _loaded_code(function, client, load)
        config = InstanceConfig(str(instance.instance_id), function.function_id, function.function_version, FunctionDetailsView(details))
        consumers = _subscribe(function, instance, client, config.client_properties, loaded.space)
        context = ContextImpl(config, str(loaded.directory), consumers, _context_services(function, instance, client, log, loaded))
        instance.use(loaded, context, log, _sink(details, client, config.client_properties, loaded.space, services.warn))
        if services.started is not None:
            services.started(function, instance)
        if instance.thread is not None:
            instance.thread.start()
    except BaseException as error:
        about = warning_about(error)
        if about is not None:
            services.warn(about)
        if instance.log is not None:
            text = "".join(traceback.format_exception(error)).rstrip()
            instance.log.note("log.py", text.encode(errors="backslashreplace").decode())
        instance.stop()
        raise


def _log(function: Function, instance: FunctionInstance, client: PulsarClient) -> FunctionLog:
    services, details = function.services, function.details
    observe = instance.observe_record
    file = None
    if services.log_directory is not None:
        from pfemu.runtime.logs.log_file import LogFile, log_path  # on request alone

        file = LogFile(log_path(services.log_directory, details, instance.instance_id))
    topic = _log_topic(details, client, observe)
    return FunctionLog(services.log_router, observe, topic, file, pass_prints_on=services.pass_prints_on)


def _loaded_code(function: Function, client: PulsarClient, load: Load) -> LoadedFunction:
    """Load the user's code; when that fails, subscribe all the same, because the real instance has done so by then."""
    try:
        return load()
    except LoadError:
        for topic, spec in function.details.input_specs.items():
            client.subscribe(*_subscription(function, topic, spec), **_consumer_settings(function, spec))
        raise


def _context_services(
    function: Function, instance: FunctionInstance, client: PulsarClient, log: FunctionLog, loaded: LoadedFunction
) -> ContextServices:
    services = function.services
    return ContextServices(
        client=client,
        state=services.state,
        secrets=services.secrets,
        stats=instance.stats,
        logger=log.logger,
        observer=services.observer,
        resolve_serde=lambda class_path: resolve_serde(class_path, loaded.space),
        count_system_exception=instance.count_system_exception,
        get_stuck=instance.get_stuck,
        warn=services.warn,
    )


def _log_topic(details: FunctionDetails, client: PulsarClient, observe: Take) -> LogTopicHandler | None:
    if not details.log_topic:
        return None
    producer = client.create_producer(
        details.log_topic,
        block_if_queue_full=True,
        batching_enabled=True,
        batching_max_publish_delay_ms=100,
        compression_type=pulsar.CompressionType.LZ4,
    )
    return LogTopicHandler(lambda line: producer.send_async(line, None), observe)


def _subscribe(
    function: Function, instance: FunctionInstance, client: PulsarClient, properties: dict[str, str], space: ModuleSpace
) -> dict[str, Any]:
    details = function.details
    consumers: dict[str, Any] = {}
    taker = _taker(function, instance)
    for topic, spec in details.input_specs.items():
        schema = explained_schema_for(spec.schema_type, details.input_type_class_name, spec.schema_properties, space)
        source = InputSource(topic, _deserializer(spec, schema, space, instance.warn), instance.not_published)
        source.schema = schema
        if spec.receiver_queue_size is not None and instance.thread is not None:
            instance.thread.keep_few(spec.receiver_queue_size)
        consumers[topic] = client.subscribe(
            *_subscription(function, topic, spec),
            schema=schema,
            message_listener=partial(taker, source),
            properties=properties,
            **(consumer_encryption(spec.crypto_spec, space) | _consumer_settings(function, spec)),
        )
        source.bind(consumers[topic], details.processing_guarantees, auto_ack=details.auto_ack, observer=function.services.observer)
        instance.inputs.append(source)
    return consumers


def _taker(function: Function, instance: FunctionInstance) -> Callable[[InputSource, object, Message], object]:
    """Return who is handed the messages: the instance, its thread, or its lanes."""
    if instance.thread is not None:
        return instance.thread.submit
    in_lane = function.services.in_lane
    return instance.take if in_lane is None else InstanceLanes(f"{function.fqfn}/{instance.instance_id}", instance, in_lane).submit


def _subscription(function: Function, topic: str, spec: ConsumerSpec) -> tuple[str | re.Pattern[str], str]:
    return re.compile(topic) if spec.is_regex_pattern else topic, function.subscription_name


def _consumer_settings(function: Function, spec: ConsumerSpec) -> dict[str, Any]:
    details = function.details
    settings: dict[str, Any] = {
        "consumer_type": _CONSUMER_TYPES[details.subscription_type],
        "unacked_messages_timeout_ms": details.timeout_ms or None,
        "initial_position": _position(details),
    }
    if spec.receiver_queue_size is not None:
        settings["receiver_queue_size"] = spec.receiver_queue_size
    return settings


def _position(details: FunctionDetails) -> pulsar.InitialPosition:
    earliest = details.subscription_position is SubscriptionPosition.EARLIEST
    return pulsar.InitialPosition.Earliest if earliest else pulsar.InitialPosition.Latest


def _deserializer(
    spec: ConsumerSpec,
    schema: Any,  # noqa: ANN401 - pulsar.schema.Schema, which has no stubs
    space: ModuleSpace,
    warn: Warn,
) -> Callable[[bytes], object] | None:
    return deserializer_for(spec.serde_class_name, space, warn) if schema is default_schema() else None


def _sink(details: FunctionDetails, client: PulsarClient, properties: dict[str, str], space: ModuleSpace, warn: Warn) -> Sink | None:
    sink = details.sink
    if not sink.topic:
        return None
    return Sink(
        details,
        client,
        properties,
        make_schema=lambda: schema_for(sink.schema_type, sink.type_class_name, sink.schema_properties, space),
        make_serialize=lambda: serializer_for(sink.serde_class_name, space),
        make_encryption=lambda: producer_encryption(None if sink.producer_spec is None else sink.producer_spec.crypto_spec, space),
        warn=warn,
    )
