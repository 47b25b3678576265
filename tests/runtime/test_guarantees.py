"""The table of semantics: guarantee by what happened."""

import pytest

from pfemu.model.configuration.choices import ProcessingGuarantees
from pfemu.runtime.guarantees import AckAction, Event, ack_action

ATLEAST, ATMOST = ProcessingGuarantees.ATLEAST_ONCE, ProcessingGuarantees.ATMOST_ONCE
EFFECTIVELY, MANUAL = ProcessingGuarantees.EFFECTIVELY_ONCE, ProcessingGuarantees.MANUAL
ACK, CUMULATIVE, NOTHING, NACK = (
    AckAction.ACKNOWLEDGE,
    AckAction.ACKNOWLEDGE_CUMULATIVE,
    AckAction.NOTHING,
    AckAction.NEGATIVE_ACKNOWLEDGE,
)

WITH_AUTO_ACK = {
    Event.QUEUED: {ATLEAST: NOTHING, ATMOST: ACK, EFFECTIVELY: NOTHING, MANUAL: NOTHING},
    Event.NO_OUTPUT: {ATLEAST: ACK, ATMOST: NOTHING, EFFECTIVELY: CUMULATIVE, MANUAL: NOTHING},
    Event.PUBLISHED: {ATLEAST: ACK, ATMOST: NOTHING, EFFECTIVELY: ACK, MANUAL: NOTHING},
    Event.SERDE_RETURNED_NONE: dict.fromkeys(ProcessingGuarantees, NOTHING),
    Event.FAILED: dict.fromkeys(ProcessingGuarantees, NACK),
}
WITHOUT_AUTO_ACK = {
    Event.QUEUED: dict.fromkeys(ProcessingGuarantees, NOTHING),
    Event.NO_OUTPUT: {ATLEAST: NOTHING, ATMOST: NOTHING, EFFECTIVELY: CUMULATIVE, MANUAL: NOTHING},
    Event.PUBLISHED: {ATLEAST: NOTHING, ATMOST: NOTHING, EFFECTIVELY: ACK, MANUAL: NOTHING},
    Event.SERDE_RETURNED_NONE: dict.fromkeys(ProcessingGuarantees, NOTHING),
    Event.FAILED: dict.fromkeys(ProcessingGuarantees, NACK),
}


@pytest.mark.parametrize("guarantee", ProcessingGuarantees)
@pytest.mark.parametrize("event", Event, ids=lambda event: event.name.lower())
@pytest.mark.parametrize("auto_ack", [True, False], ids=["auto_ack", "no_auto_ack"])
def test_each_guarantee_answers_each_event_as_pulsar_does(guarantee, event, auto_ack):
    table = WITH_AUTO_ACK if auto_ack else WITHOUT_AUTO_ACK
    assert ack_action(guarantee, event, auto_ack=auto_ack) is table[event][guarantee]
