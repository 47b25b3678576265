"""Every exception pfemu raises of its own accord, in one tree.

::

    PfemuError
    ├── ConfigError            a function's configuration is refused (exit code 3)
    │   ├── UnexplainedConfigError  refused without a word; the text is ours
    │   └── UnreadableConfigError   a value in it has a form its field cannot take
    ├── LoadError              the function cannot be loaded from where it was said to be (exit code 2)
    ├── InputError             a message given by the user cannot be read (exit code 2)
    ├── EndlessLoopError       running to idle took more steps than allowed
    ├── WaitsForeverError      a client call waits for what can no longer come
    ├── SchedulerClosedError   a live emulator is closed, and somebody still calls it or waits for it
    ├── NotEmulatedError       Pulsar would do it, and pfemu does not and says so
    ├── InternalError          something of pfemu's own failed, not the function
    ├── StateError             the state store refuses an operation (the table service's ``BadRequest``)
    └── BrokerError            the broker refuses; ``code`` is the protocol's ``ServerError`` name
        ├── InvalidTopicName   ├── TopicNotFound      ├── TopicTerminated
        ├── ConsumerBusy       ├── ProducerBusy       ├── ProducerFenced
        ├── SubscriptionNotFound                      ├── IncompatibleSchema
        ├── ConsumerAssignError                       ├── MetadataError
        ├── NotAllowedError    ├── MessageTooBig      ├── RequestHeld
        ├── ProducerBlockedQuotaExceeded              └── ProducerBlockedQuotaHold

Client calls raise ``pulsar.exceptions`` instead, as the real client does: :mod:`pfemu.client.results` maps one to the other.
"""


class PfemuError(Exception):
    """Base of all errors of this package."""


class ConfigError(PfemuError):
    """A function's configuration is refused; the text is the worker's own where it has one."""


class UnexplainedConfigError(ConfigError):
    """The worker refuses the configuration without a word (a null that it stumbles over); the text says what it is, for people."""


class UnreadableConfigError(ConfigError):
    """A value in a configuration has a form its field cannot take; the worker answers with a bare 400 page then.

    ``original`` is Jackson's own sentence, ``chain`` its way through the configuration, ``path`` the same as names and indexes.
    ``invalid_format`` tells its ``InvalidFormatException`` from its other exceptions: the command words the two differently.
    """

    def __init__(self, original: str, chain: str = "", path: tuple[str | int, ...] = (), *, invalid_format: bool = False) -> None:
        super().__init__(f"{original} (through reference chain: {chain})" if chain else original)
        self.original = original
        self.chain = chain
        self.path = path
        self.invalid_format = invalid_format


class LoadError(PfemuError):
    """The function cannot be loaded; the text says what was found instead and what to do."""


class InputError(PfemuError):
    """A message handed in by the user cannot be read; the text names the line."""


class EndlessLoopError(PfemuError):
    """Running to idle did not end within the step limit."""


class WaitsForeverError(PfemuError):
    """A client call waits for what can no longer come: nothing is left to run, or the caller would have to run it itself."""


class SchedulerClosedError(PfemuError):
    """A live emulator is closed: it answers no more."""


class NotEmulatedError(PfemuError):
    """Pulsar would do it, and pfemu does not: it is refused, so that nobody takes something else for it."""


class InternalError(PfemuError):
    """Something of pfemu's own failed while a function took a message; ``__cause__`` is what. No function is to blame for it."""


class StateError(PfemuError):
    """The state store refuses an operation."""


class BrokerError(PfemuError):
    """The broker refuses a request.

    ``code`` is the name in ``ServerError`` of the binary protocol (PulsarApi.proto), which each surface maps to its own words.
    """

    code = "UnknownError"


class InvalidTopicName(BrokerError):  # noqa: N818 - Pulsar's own name of the error
    """The topic name cannot be parsed."""

    code = "InvalidTopicName"


class TopicNotFound(BrokerError):  # noqa: N818 - Pulsar's own name of the error
    """The topic, its namespace or its tenant does not exist and may not be made."""

    code = "TopicNotFound"


class TopicTerminated(BrokerError):  # noqa: N818 - Pulsar's own name of the error
    """The topic takes no more messages."""

    code = "TopicTerminatedError"


class ConsumerBusy(BrokerError):  # noqa: N818 - Pulsar's own name of the error
    """The subscription has a consumer that excludes this one."""

    code = "ConsumerBusy"


class ProducerBusy(BrokerError):  # noqa: N818 - Pulsar's own name of the error
    """Another producer of that name, or an exclusive one, is connected."""

    code = "ProducerBusy"


class ProducerFenced(BrokerError):  # noqa: N818 - Pulsar's own name of the error
    """Another producer has exclusive access."""

    code = "ProducerFenced"


class SubscriptionNotFound(BrokerError):  # noqa: N818 - Pulsar's own name of the error
    """No subscription of that name on the topic."""

    code = "SubscriptionNotFound"


class IncompatibleSchema(BrokerError):  # noqa: N818 - Pulsar's own name of the error
    """The schema does not fit those the topic has."""

    code = "IncompatibleSchema"


class ConsumerAssignError(BrokerError):
    """The consumer's key ranges conflict with those of another."""

    code = "ConsumerAssignError"


class MetadataError(BrokerError):
    """The broker cannot do it for a reason of its own."""

    code = "MetadataError"


class NotAllowedError(BrokerError):
    """The operation is not allowed on this kind of topic or subscription."""

    code = "NotAllowedError"


class MessageTooBig(BrokerError):  # noqa: N818 - Pulsar's own name of the error
    """The message is larger than the broker takes (5 MiB by default)."""

    code = "MessageTooBig"


class ProducerBlockedQuotaExceeded(BrokerError):  # noqa: N818 - Pulsar's own name of the error
    """The backlog of the topic is too large, and producers are told so."""

    code = "ProducerBlockedQuotaExceededException"


class ProducerBlockedQuotaHold(BrokerError):  # noqa: N818 - Pulsar's own name of the error
    """The backlog of the topic is too large, and producers have to wait."""

    code = "ProducerBlockedQuotaExceededError"


class RequestHeld(BrokerError):  # noqa: N818 - what happens to it
    """What a client asks for again until its time is over, and then calls a timeout; no error of the protocol."""

    code = "RequestHeld"
