"""Whether a producer or a consumer with a schema, or without one, may use a topic (``AbstractTopic.addSchema``, ``ServerCnx``).

* A producer with a schema brings it to the topic, if it fits what is there. One without is welcome unless the namespace insists.
* A consumer with a schema brings it only to a topic that has none and is quite unused: no data, no producer and no other consumer
  connected. Otherwise it must be able to read the topic's schema; without one it is refused.
* A consumer without a schema, or that takes whatever there is (``AUTO_CONSUME``), is always welcome.
"""

from pfemu.broker.schemas.schema_registry import SchemaRegistry
from pfemu.broker.topic import Topic
from pfemu.errors import IncompatibleSchema
from pfemu.model.schema import SchemaInfo

_ENFORCED = "Producers cannot connect or send message without a schema to topics with a schema when SchemaValidationEnforced is enabled"


def admit_producer(schemas: SchemaRegistry, topic: Topic, schema: SchemaInfo | None, now_ms: int) -> bytes:
    """Return the version of the producer's schema as its messages carry it, empty without one.

    Raises:
        IncompatibleSchema: it does not fit, or there is none where there must be one.
    """
    if schema is None or not schema.is_stored:
        if topic.policies.schema_validation_enforced and schemas.latest(topic.name) is not None:
            raise IncompatibleSchema(_ENFORCED)
        return b""
    return _add(schemas, topic, schema, now_ms)


def admit_consumer(schemas: SchemaRegistry, topic: Topic, schema: SchemaInfo | None, now_ms: int) -> None:
    """Check that the consumer can read the topic, or let it bring the schema of an unused one.

    Raises:
        IncompatibleSchema: it cannot.
    """
    if schema is None or not schema.is_stored:
        return
    if schemas.latest(topic.name) is None and _is_unused(topic):
        _add(schemas, topic, schema, now_ms)
    else:
        schemas.check_consumer(topic.name, schema, topic.policies.schema_compatibility)


def _add(schemas: SchemaRegistry, topic: Topic, schema: SchemaInfo, now_ms: int) -> bytes:
    policies = topic.policies
    may_update = policies.schema_auto_update is not False
    return schemas.add(topic.name, schema, policies.schema_compatibility, now_ms, may_update=may_update).version_bytes


def _is_unused(topic: Topic) -> bool:
    schemas = [consumer.traits.schema for consumer in topic.consumers]
    return (
        not topic.producers
        and all(schema is not None and schema.type == "AUTO_CONSUME" for schema in schemas)
        and topic.ledger.next_position == topic.ledger.first_position
    )
