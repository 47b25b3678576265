"""Limits of one topic."""

import re
import time

CALLS = """
PUT {t}
GET {t}/maxProducers
GET {t}/maxProducers?applied=true
POST {t}/maxProducers 5
GET {t}/maxProducers
POST {t}/maxProducers -1
POST {t}/maxProducers "x"
POST {t}/maxProducers 0
GET {t}/maxProducers
POST {t}/maxProducers null
GET {t}/maxProducers
POST {t}/maxProducers
DELETE {t}/maxProducers
GET {t}/maxProducers
POST {x}/maxProducers 5
GET {x}/maxProducers
DELETE {x}/maxProducers
GET {t}/maxConsumers?applied=true
POST {t}/maxConsumers 5
GET {t}/maxConsumers
POST {t}/maxConsumers -1
DELETE {t}/maxConsumers
GET {t}/maxConsumers
GET {t}/maxConsumersPerSubscription
POST {t}/maxConsumersPerSubscription 5
GET {t}/maxConsumersPerSubscription
POST {t}/maxConsumersPerSubscription -1
DELETE {t}/maxConsumersPerSubscription
GET {t}/maxSubscriptionsPerTopic
GET {t}/maxSubscriptionsPerTopic?applied=true
POST {t}/maxSubscriptionsPerTopic 5
GET {t}/maxSubscriptionsPerTopic
POST {t}/maxSubscriptionsPerTopic -1
DELETE {t}/maxSubscriptionsPerTopic
GET {t}/maxUnackedMessagesOnConsumer
GET {t}/maxUnackedMessagesOnConsumer?applied=true
POST {t}/maxUnackedMessagesOnConsumer 5
GET {t}/maxUnackedMessagesOnConsumer
POST {t}/maxUnackedMessagesOnConsumer -1
POST {t}/maxUnackedMessagesOnConsumer
DELETE {t}/maxUnackedMessagesOnConsumer
GET {t}/maxUnackedMessagesOnSubscription
GET {t}/maxUnackedMessagesOnSubscription?applied=true
POST {t}/maxUnackedMessagesOnSubscription 5
GET {t}/maxUnackedMessagesOnSubscription
POST {t}/maxUnackedMessagesOnSubscription -1
DELETE {t}/maxUnackedMessagesOnSubscription
GET {t}/maxMessageSize
POST {t}/maxMessageSize 5
GET {t}/maxMessageSize
POST {t}/maxMessageSize -1
POST {t}/maxMessageSize 6000000
POST {t}/maxMessageSize 0
GET {t}/maxMessageSize
DELETE {t}/maxMessageSize
GET {t}/maxMessageSize
POST {x}/maxMessageSize 5
GET {t}/compactionThreshold
POST {t}/compactionThreshold 5
GET {t}/compactionThreshold
POST {t}/compactionThreshold -1
GET {t}/compactionThreshold?applied=true
DELETE {t}/compactionThreshold
GET {t}/compactionThreshold?applied=true
GET {t}/deduplicationSnapshotInterval
POST {t}/deduplicationSnapshotInterval 5
GET {t}/deduplicationSnapshotInterval
POST {t}/deduplicationSnapshotInterval -1
DELETE {t}/deduplicationSnapshotInterval
GET {t}/deduplicationSnapshotInterval
GET {t}/deduplicationEnabled
GET {t}/deduplicationEnabled?applied=true
POST {t}/deduplicationEnabled true
POST {t}/deduplicationEnabled null
GET {t}/deduplicationEnabled
POST {t}/deduplicationEnabled
POST {t}/deduplicationEnabled "x"
DELETE {t}/deduplicationEnabled
GET {t}/subscriptionTypesEnabled
GET {t}/subscriptionTypesEnabled?applied=true
POST {t}/subscriptionTypesEnabled ["Shared","Exclusive"]
GET {t}/subscriptionTypesEnabled
POST {t}/subscriptionTypesEnabled ["nope"]
POST {t}/subscriptionTypesEnabled []
GET {t}/subscriptionTypesEnabled
POST {t}/subscriptionTypesEnabled
POST {t}/subscriptionTypesEnabled {}
DELETE {t}/subscriptionTypesEnabled
GET {t}/subscriptionTypesEnabled
GET {t}/schemaCompatibilityStrategy
GET {t}/schemaCompatibilityStrategy?applied=true
PUT {t}/schemaCompatibilityStrategy "BACKWARD"
GET {t}/schemaCompatibilityStrategy
PUT {t}/schemaCompatibilityStrategy "nope"
GET {t}/schemaCompatibilityStrategy
PUT {t}/schemaCompatibilityStrategy
PUT {t}/schemaCompatibilityStrategy 5
DELETE {t}/schemaCompatibilityStrategy
GET {t}/schemaCompatibilityStrategy
GET {t}/schemaValidationEnforced
POST {t}/schemaValidationEnforced true
GET {t}/schemaValidationEnforced
GET {t}/schemaValidationEnforced?applied=true
POST {t}/schemaValidationEnforced
DELETE {t}/schemaValidationEnforced
GET {t}/autoSubscriptionCreation
GET {t}/autoSubscriptionCreation?applied=true
POST {t}/autoSubscriptionCreation {"allowAutoSubscriptionCreation":false}
GET {t}/autoSubscriptionCreation
POST {t}/autoSubscriptionCreation {}
POST {t}/autoSubscriptionCreation
GET {t}/autoSubscriptionCreation
DELETE {t}/autoSubscriptionCreation
GET {t}/autoSubscriptionCreation
GET {t}/dispatcherPauseOnAckStatePersistent
POST {t}/dispatcherPauseOnAckStatePersistent
GET {t}/dispatcherPauseOnAckStatePersistent
GET {t}/dispatcherPauseOnAckStatePersistent?applied=true
DELETE {t}/dispatcherPauseOnAckStatePersistent
GET {t}/dispatcherPauseOnAckStatePersistent
GET {t}/entryFilters
POST {t}/entryFilters {"entryFilterNames":"a"}
POST {t}/entryFilters {}
DELETE {t}/entryFilters
GET {t}/shadowTopics
PUT {t}/shadowTopics ["persistent://public/{ns}/y"]
PUT {t}/shadowTopics []
DELETE {t}/shadowTopics
GET {t}/replication
POST {t}/replication ["standalone"]
GET {t}/replication
POST {t}/replication ["nope"]
POST {t}/replication []
DELETE {t}/replication
GET {t}/replication?applied=true
GET {t}/messageTTL
POST {t}/messageTTL
POST {t}/messageTTL?messageTTL=0
GET {t}/messageTTL
POST {t}/messageTTL?messageTTL=5
DELETE {t}/policies
GET {t}/messageTTL
DELETE {x}/policies
DELETE {t}
GET {t}/messageTTL
GET {a}/persistent/public/{ns}
GET {n}/topics
"""

import re
import time


def run(env):
    place = {
        "n": f"/admin/v2/namespaces/public/{env.ns}", "t": env.topic_path("t"), "p": env.topic_path("p"), "x": env.topic_path("x"),
        "gone": "/admin/v2/namespaces/public/gone", "ns": env.ns, "a": "/admin/v2",
    }
    facts = {}
    for number, line in enumerate(CALLS.strip().splitlines()):
        if line.startswith("wait"):
            time.sleep(float(line.split()[1]))
            continue
        method, path, *body = line.split(" ", 2)
        path = re.sub(r"\{(\w+)\}", lambda found: place[found[1]], path)
        text = re.sub(r"\{(ns)\}", lambda found: place[found[1]], body[0]) if body else None
        answer = env.rest(method, path, text=text)
        if method != "GET":
            time.sleep(0.1)  # policies of topics take a moment
        if isinstance(answer.get("reason"), str):
            answer["reason"] = answer["reason"].partition("Stacktrace:")[0]
        facts[f"{number:03} {line}"] = answer
    return facts
