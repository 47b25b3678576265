"""When an input message is acknowledged: guarantee by what happened (``python_instance.py``).

The table is the rule; instances look their few answers up once, when they start.
"""

from enum import Enum, auto

from pfemu.model.configuration.choices import ProcessingGuarantees


class Event(Enum):
    """What happened to an input message."""

    QUEUED = "handed over for processing"
    NO_OUTPUT = "the function returned, nothing is to be published"
    PUBLISHED = "its output was published"
    SERDE_RETURNED_NONE = "the output SerDe returned None"
    FAILED = "the function, decoding, encoding or publishing failed"


class AckAction(Enum):
    """What is done with it."""

    NOTHING = auto()
    ACKNOWLEDGE = auto()
    ACKNOWLEDGE_CUMULATIVE = auto()
    NEGATIVE_ACKNOWLEDGE = auto()


_ATLEAST = ProcessingGuarantees.ATLEAST_ONCE
_ATMOST = ProcessingGuarantees.ATMOST_ONCE
_EFFECTIVELY = ProcessingGuarantees.EFFECTIVELY_ONCE

_WITH_AUTO_ACK = {
    (_ATMOST, Event.QUEUED): AckAction.ACKNOWLEDGE,
    (_ATLEAST, Event.NO_OUTPUT): AckAction.ACKNOWLEDGE,
    (_ATLEAST, Event.PUBLISHED): AckAction.ACKNOWLEDGE,
}
_ALWAYS = {
    (_EFFECTIVELY, Event.NO_OUTPUT): AckAction.ACKNOWLEDGE_CUMULATIVE,
    (_EFFECTIVELY, Event.PUBLISHED): AckAction.ACKNOWLEDGE,
}


def ack_action(guarantee: ProcessingGuarantees, event: Event, *, auto_ack: bool) -> AckAction:
    """Return what the Python instance does; a failure is negatively acknowledged whatever was configured."""
    if event is Event.FAILED:
        return AckAction.NEGATIVE_ACKNOWLEDGE
    if auto_ack and (guarantee, event) in _WITH_AUTO_ACK:
        return _WITH_AUTO_ACK[guarantee, event]
    return _ALWAYS.get((guarantee, event), AckAction.NOTHING)
