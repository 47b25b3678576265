"""What an administrator does to topics while clients are connected: those whose consumers or producers it disconnects come back.

How they come back is the client's own (:meth:`~pfemu.broker.consumer.DeliveryTarget.disconnected`).
"""

from contextlib import suppress

from pfemu.broker.consumer import Consumer
from pfemu.broker.subscription import Subscription
from pfemu.broker.topic import Topic
from pfemu.engine.engine import Engine
from pfemu.errors import BrokerError
from pfemu.model.topic_name import TopicName


def remove_subscription(subscription: Subscription, *, force: bool = False) -> None:
    """Delete a subscription; clients whose consumers ``force`` disconnects make it anew.

    Raises:
        ConsumerBusy: see :meth:`Topic.remove_subscription`.
    """
    consumers = list(subscription.consumers)
    subscription.topic.remove_subscription(subscription.name, force=force)
    _tell_disconnected(consumers)


def delete_topic(engine: Engine, name: TopicName, *, force: bool = False) -> None:
    """Delete a topic, partitioned or not; clients whose producers or consumers ``force`` disconnects make it anew.

    Raises:
        BrokerError: see :meth:`BrokerService.delete_topic` and :meth:`BrokerService.delete_partitioned_topic`.
    """
    broker = engine.broker
    topics = broker.topics_below(name)
    consumers = [consumer for topic in topics for consumer in topic.consumers]
    if broker.partitions_of(name):
        broker.delete_partitioned_topic(name, force=force)
    else:
        producers = [producer for topic in topics for producer in topic.producers.values()]
        broker.delete_topic(name, force=force)
        for producer in producers:
            with suppress(BrokerError):  # it hears of it when it publishes
                engine.connect_again(producer)
    _tell_disconnected(consumers)


def unload(engine: Engine, name: TopicName) -> None:
    """Let a topic's consumers connect anew, as when another broker takes the topic over; producers notice nothing.

    Raises:
        TopicNotFound: there is none.
    """
    for topic in engine.broker.topics_below(name) or [engine.broker.existing(name)]:
        consumers = topic.consumers
        topic.unload()
        _tell_disconnected(consumers)


def terminate(topic: Topic) -> None:
    """Let a topic take no more messages; consumers that have read them all connect anew.

    The broker tells these that the end is reached (``PersistentSubscription.topicTerminated``), over which a C++ client, and so
    pulsar-client, drops the connection.

    Differs: there all of that client's consumers connect anew, and so have again what they hold unacknowledged of other topics.
    """
    topic.terminate()
    at_the_end = [consumer for each in topic.subscriptions.values() if not each.backlog for consumer in each.consumers]
    for consumer in at_the_end:
        consumer.subscription.remove_consumer(consumer)
    _tell_disconnected(at_the_end)


def _tell_disconnected(consumers: list[Consumer]) -> None:
    for consumer in consumers:
        consumer.owner.disconnected()
