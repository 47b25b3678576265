"""The tree of errors is the one its docstring draws, and each error says what a surface needs."""

import inspect
import re

import pytest

from pfemu import errors

DRAWN = re.findall(r"[├└]── (\w+)", errors.__doc__ or "")
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
NOT_OF_THE_PROTOCOL = {"MessageTooBig"}  # the real broker closes the connection instead of answering


def drawn_below(name):
    """Return the names drawn one step to the right of ``name``: the nested lines follow the line of their parent."""
    lines = (errors.__doc__ or "").splitlines()
    start = next(number for number, line in enumerate(lines) if re.search(rf"── {name}\b", line))
    indent = lines[start].index("── ")
    nested = []
    for line in lines[start + 1 :]:
        if not line.strip() or len(line) - len(line.lstrip(" │")) <= indent - 1:
            break
        nested += re.findall(r"[├└]── (\w+)", line)
    return nested


def test_every_error_defined_is_drawn_once_and_every_error_drawn_is_defined():
    assert sorted([*DRAWN, "PfemuError"]) == sorted(DEFINED)


def test_what_is_drawn_below_broker_error_derives_from_it_and_all_else_from_the_root_alone():
    assert set(drawn_below("BrokerError")) == {kind.__name__ for kind in BROKER_ERRORS} - {"BrokerError"}
    for name in set(DRAWN) - set(drawn_below("BrokerError")):
        assert DEFINED[name].__bases__ == (errors.PfemuError,)


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
