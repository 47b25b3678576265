"""How single policies are set and shown, for namespaces and for topics alike (``NamespacesBase``, ``PersistentTopicsBase``).

A :class:`PolicyCall` says what one policy is called in paths, which field of :class:`~pfemu.broker.policies.Policies` it is, how a body is
read and what is refused. :mod:`~pfemu.admin.namespaces.namespace_policies` and :mod:`~pfemu.admin.topics.topic_policies` list theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, cast

from pfemu.admin.answer import Answer, ErrorPage, UnexpectedError, answer_json
from pfemu.admin.bodies import read_as, read_int, read_json, read_object, read_optional_int
from pfemu.admin.paths import namespace_name
from pfemu.broker.policies import (
    DESTINATION_STORAGE,
    INVALID_RETENTION,
    QUOTA_KINDS,
    BacklogQuota,
    DelayedDeliveryPolicies,
    DispatchRate,
    InactiveTopicPolicies,
    PersistencePolicies,
    PublishRate,
    RetentionPolicies,
    SubscribeRate,
)
from pfemu.broker.refusals import InvalidValue, PreconditionFailed
from pfemu.broker.schemas.schema_registry import STRATEGIES
from pfemu.model.configuration.config_reading import JsonValue, Place, Reading, refuse_kind
from pfemu.model.configuration.config_structures import Part, part, part_json, texts_of
from pfemu.model.subscription import SubscriptionType

if TYPE_CHECKING:
    from pfemu.admin.request import Request

ReadBody: TypeAlias = "Callable[[Request], object]"
POLICY_DATA = "org.apache.pulsar.common.policies.data"
_TYPE = "org.apache.pulsar.client.api.SubscriptionType"
_read_types = texts_of("java.util.HashSet", f"<{_TYPE}>", "java.util.HashSet")
_STRATEGY_NAMES = ("UNDEFINED", *STRATEGIES)
_MOST_BOOKIES = 5
NOT_SET = Answer(200)
NOTHING = Answer(204)


def as_it_is(value: object) -> object:
    """Return what is shown of a number, a truth value, a text or a list."""
    return value


def as_part(value: object) -> object:
    """Return what is shown of a value that is a part of its own."""
    return part_json(cast("Part", value))


@dataclass(frozen=True, slots=True)
class PolicyCall:
    """The calls for one policy: GET, ``method`` to set it, and DELETE unless ``kept_for_good``."""

    word: str
    """What paths call it."""
    field: str
    """What :class:`~pfemu.broker.policies.Policies` calls it."""
    read: ReadBody
    """Returns the value in a body, None for none; refuses what is not valid."""
    shown: Callable[[object], object] = as_it_is
    method: str = "POST"
    """That sets it; empty where it is set in a way of its own."""
    unset: Answer = NOT_SET
    """What is shown where it was never set."""
    applies: bool = True
    """Of topics: whether ``applied`` asks for what counts; else that is not looked at."""
    ignores_null: bool = False
    """Whether no value changes nothing; else it is as if it was never set."""
    kept_for_good: bool = False
    removed: object = None
    """What it is after a DELETE."""
    is_text: bool = False
    """Whether it is shown as it is, not as JSON."""
    beside: str = ""
    """Another field that is always the same."""
    missing: str = "Namespace does not exist"
    """What setting it says of a namespace that is not there."""

    def fields(self, value: object) -> dict[str, object]:
        """Return what is to be set to set the policy."""
        return {self.field: value} | ({self.beside: value} if self.beside else {})

    def show(self, value: object) -> Answer:
        """Answer with the value."""
        if value is None:
            return self.unset
        return Answer(200, str(value).encode()) if self.is_text else answer_json(self.shown(value))


def limit(words: str, *, may_be_null: bool = False) -> ReadBody:
    """Return what reads a number from 0, refused in these words."""

    def read(request: Request) -> object:
        number = read_optional_int(request) if may_be_null else read_int(request)
        if number is not None and number < 0:
            raise PreconditionFailed(words)
        return number

    return read


def _body_of(kind: type[Part], name: str) -> ReadBody:
    """Return what reads a body that is a part of its own."""
    reader = part(kind, f"{POLICY_DATA}.{name}")
    return lambda request: read_as(request, reader)


read_dispatch_rate = _body_of(DispatchRate, "impl.DispatchRateImpl")
read_publish_rate = _body_of(PublishRate, "PublishRate")
read_subscribe_rate = _body_of(SubscribeRate, "SubscribeRate")
read_delayed_delivery = _body_of(DelayedDeliveryPolicies, "impl.DelayedDeliveryPoliciesImpl")
read_inactive_topics = _body_of(InactiveTopicPolicies, "InactiveTopicPolicies")
_persistence = part(PersistencePolicies, f"{POLICY_DATA}.PersistencePolicies")
_retention = part(RetentionPolicies, f"{POLICY_DATA}.RetentionPolicies")
backlog_quota_part = part(BacklogQuota, f"{POLICY_DATA}.impl.BacklogQuotaImpl")


def shown_quotas(value: object) -> object:
    """Return what is shown of backlog quotas."""
    return {kind: part_json(quota) for kind, quota in cast("Mapping[str, BacklogQuota]", value).items()}


def read_retention(request: Request) -> RetentionPolicies | None:
    """Return what acknowledged messages are kept for, None for no body.

    Raises:
        InvalidValue: one of its two limits is nothing.
    """
    kept = read_as(request, _retention)
    if kept is not None and kept.is_half_nothing:
        raise InvalidValue(INVALID_RETENTION)
    return kept


def read_quota(request: Request, named: dict[str, str]) -> BacklogQuota | None:
    """Return how large a backlog may become, None for no body.

    Raises:
        InvalidValue: it does not say what happens then.
    """
    quota = read_as(request, backlog_quota_part)
    if quota is not None and quota.policy is None:
        why = "the data validation failed. the attribute policy cannot be null"
        raise InvalidValue(f"Set namespace[{namespace_name(named)}] backlog quota failed because {why}")
    return quota


def quota_kind(request: Request) -> str:
    """Return which kind of quota a call means.

    Raises:
        ErrorPage: 404, there is none of that name.
    """
    kind = request.query.get("backlogQuotaType", DESTINATION_STORAGE)
    if kind not in QUOTA_KINDS:
        raise ErrorPage(404)
    return kind


def read_persistence(request: Request) -> object:
    """Return how many bookies store a message.

    Raises:
        InvalidValue: it is not said, or they cannot.
    """
    given = read_as(request, _persistence)
    if given is None:
        raise InvalidValue("persistence policies should not be null")
    ensemble, write, ack = given.bookkeeper_ensemble, given.bookkeeper_write_quorum, given.bookkeeper_ack_quorum
    if not 0 < ensemble <= _MOST_BOOKIES:
        raise InvalidValue(f"Bookkeeper-Ensemble must be <= {_MOST_BOOKIES} and > 0.")
    if not ensemble >= write >= ack:
        raise InvalidValue(f"Bookkeeper Ensemble ({ensemble}) >= WriteQuorum ({write}) >= AckQuorum ({ack})")
    return given


def read_strategy(request: Request) -> object:
    """Return how schemas are checked; an unknown way is none, as Jackson reads it, and a number is the place of one."""
    return read_as(request, _strategy)


def _strategy(_reading: Reading, place: Place, value: JsonValue) -> str | None:
    if isinstance(value, bool | float) or not isinstance(value, int | str | None):
        refuse_kind(place, f"{POLICY_DATA}.SchemaCompatibilityStrategy", value)
    if isinstance(value, int):
        value = _STRATEGY_NAMES[value] if 0 <= value < len(_STRATEGY_NAMES) else None
    return value if value in STRATEGIES else None


def read_subscription_types(request: Request) -> object:
    """Return the types that are allowed.

    Raises:
        UnexpectedError: there are none, or one is unknown.
    """
    given = read_as(request, _read_types, lists=True)
    if given is None:
        called = "java.util.Set.forEach(java.util.function.Consumer)"
        raise UnexpectedError(f'Cannot invoke "{called}" because "subscriptionTypesEnabledSet" is null')
    if not {kind.value for kind in SubscriptionType}.issuperset(given):
        raise UnexpectedError(f'Cannot invoke "{_TYPE}.name()" because "subscriptionType" is null')
    return tuple(map(str, given))


def read_auto_subscription_creation(request: Request) -> bool | None:
    """Return whether use makes subscriptions, None for no body."""
    override = f"{POLICY_DATA}.impl.AutoSubscriptionCreationOverrideImpl"
    return None if read_json(request) is None else bool(read_object(request, override).get("allowAutoSubscriptionCreation"))
