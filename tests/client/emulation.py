"""A broker with one client, in virtual time."""

from pfemu.broker.broker_service import BrokerService
from pfemu.client.client import Client
from pfemu.engine import Engine
from pfemu.model.topic_name import TopicName
from pfemu.scheduling.stepping import SteppingScheduler


class Emulation:
    def __init__(self):
        self.scheduler = SteppingScheduler()
        self.engine = Engine(BrokerService(), self.scheduler)
        self.client = Client(self.engine)

    def entries(self, topic):
        return list(self.engine.broker.topic(TopicName.parse(topic)).ledger.history())

    def backlog(self, topic, subscription):
        self.scheduler.run_until_idle()
        return self.engine.broker.topic(TopicName.parse(topic)).subscription(subscription).cursor.backlog

    def create_partitioned(self, topic, partitions):
        self.engine.broker.create_partitioned_topic(TopicName.parse(topic), partitions)
        self.engine.notice_topics()
