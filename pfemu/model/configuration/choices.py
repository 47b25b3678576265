"""The choices a function's configuration makes by name.

Members stand in the order of Pulsar's own enums, because a configuration may also name one by its number, and their values are spelled as
configurations spell them. Sources: ``FunctionConfig.java``, ``WindowConfig.java``, ``CompressionType.java``,
``SubscriptionInitialPosition.java``, ``ProducerCryptoFailureAction.java``, ``ConsumerCryptoFailureAction.java``, ``Function.proto``.
"""

from enum import StrEnum


class ProcessingGuarantees(StrEnum):
    """When a message counts as done (``FunctionConfig.ProcessingGuarantees``)."""

    ATLEAST_ONCE = "ATLEAST_ONCE"
    ATMOST_ONCE = "ATMOST_ONCE"
    EFFECTIVELY_ONCE = "EFFECTIVELY_ONCE"
    MANUAL = "MANUAL"


class WindowGuarantees(StrEnum):
    """What a window function may promise (``WindowConfig.ProcessingGuarantees``)."""

    ATLEAST_ONCE = "ATLEAST_ONCE"
    ATMOST_ONCE = "ATMOST_ONCE"


class Runtime(StrEnum):
    """The language of a function (``FunctionConfig.Runtime``)."""

    JAVA = "JAVA"
    PYTHON = "PYTHON"
    GO = "GO"


class SubscriptionType(StrEnum):
    """How the instances of a function share its inputs (``SubscriptionType`` of ``Function.proto``)."""

    SHARED = "SHARED"
    FAILOVER = "FAILOVER"
    KEY_SHARED = "KEY_SHARED"


class SubscriptionPosition(StrEnum):
    """Where a subscription that is made now begins (``SubscriptionInitialPosition``)."""

    LATEST = "Latest"
    EARLIEST = "Earliest"


class CompressionType(StrEnum):
    """How a producer packs its batches (``CompressionType`` of the client)."""

    NONE = "NONE"
    LZ4 = "LZ4"
    ZLIB = "ZLIB"
    ZSTD = "ZSTD"
    SNAPPY = "SNAPPY"


class ProducerCryptoFailureAction(StrEnum):
    """What a producer does that cannot encrypt."""

    FAIL = "FAIL"
    SEND = "SEND"


class ConsumerCryptoFailureAction(StrEnum):
    """What a consumer does that cannot decrypt."""

    FAIL = "FAIL"
    DISCARD = "DISCARD"
    CONSUME = "CONSUME"
