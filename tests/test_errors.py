"""The tree of errors is the one its docstring draws, and each error says what a surface needs."""

import inspect
import re

import pytest

from pfemu import errors

DEFINED = {name: kind for name, kind in vars(errors).items() if inspect.isclass(kind) and kind.__module__ == errors.__name__}
BROKER_ERRORS = [kind for kind in DEFINED.values() if issubclass(kind, errors.BrokerError)]

# enum ServerError of PulsarApi.proto, 4.0
SERVER_ERRORS = re.findall(
    r"\w+",
    """
    UnknownError MetadataError PersistenceError AuthenticationError AuthorizationError ConsumerBusy ServiceNotReady
    ProducerBlockedQuotaExceededError ProducerBlockedQuotaExceededException ChecksumError UnsupportedVersionError TopicNotFound
    SubscriptionNotFound ConsumerNotFound TooManyRequests TopicTerminatedError ProducerBusy InvalidTopicName IncompatibleSchema
    ConsumerAssignError TransactionCoordinatorNotFound InvalidTxnStatus NotAllowedError TransactionConflict TransactionNotFound
    ProducerFenced
    """,
)
NOT_OF_THE_PROTOCOL = {
    "MessageTooBig",  # the real broker closes the connection instead of answering
    "RequestHeld",  # a real client asks again until its time is over
}


def parents_drawn():
    """Return each name in the drawing with the name it hangs from; names in one line hang from the same."""
    drawn = {}
    above = [(-1, "PfemuError")]
    for line in (errors.__doc__ or "").splitlines():
        branches = list(re.finditer(r"[├└]── (\w+)", line))
        if not branches:
            continue
        above = [(column, name) for column, name in above if column < branches[0].start()]
        drawn |= {branch[1]: above[-1][1] for branch in branches}
        above.append((branches[0].start(), branches[0][1]))
    return drawn


def test_every_error_hangs_in_the_drawing_where_it_hangs_in_the_code():
    defined = {name: kind.__bases__[0].__name__ for name, kind in DEFINED.items() if kind is not errors.PfemuError}
    assert parents_drawn() == defined


def test_no_error_has_two_parents():
    assert all(len(kind.__bases__) == 1 for kind in DEFINED.values())


@pytest.mark.parametrize("kind", BROKER_ERRORS, ids=lambda kind: kind.__name__)
def test_a_broker_error_derives_from_broker_error_directly_and_carries_a_code(kind):
    assert kind is errors.BrokerError or kind.__bases__ == (errors.BrokerError,)
    assert re.fullmatch(r"[A-Z]\w+", kind.code)


def test_no_two_broker_errors_share_a_code():
    codes = [kind.code for kind in BROKER_ERRORS]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("kind", DEFINED.values(), ids=lambda kind: kind.__name__)
def test_an_error_says_what_it_was_made_with_and_has_a_docstring(kind):
    assert str(kind("the topic is gone")) == "the topic is gone"
    assert kind.__doc__
    assert kind.__doc__ != errors.PfemuError.__doc__ or kind is errors.PfemuError


def test_the_codes_are_names_of_the_protocol_s_server_errors():
    assert {kind.code for kind in BROKER_ERRORS} - NOT_OF_THE_PROTOCOL <= set(SERVER_ERRORS)
