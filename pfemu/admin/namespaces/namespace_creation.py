"""What use makes in a namespace: topics and subscriptions (``NamespacesBase``, ``AutoTopicCreationOverrideImpl``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pfemu.admin.answer import Answer, answer_setting
from pfemu.admin.bodies import read_as
from pfemu.admin.namespaces.namespace_policies import change
from pfemu.admin.namespaces.policy_calls import POLICY_DATA, as_part, read_auto_subscription_creation
from pfemu.admin.paths import policies_of
from pfemu.admin.routes import Routes
from pfemu.broker.policies import AutoTopicCreation
from pfemu.broker.refusals import PreconditionFailed
from pfemu.model.configuration.config_structures import part

if TYPE_CHECKING:
    from pfemu.admin.request import Request
    from pfemu.emulator import Emulator

routes = Routes("/admin/v2/namespaces/{tenant}/{namespace}")
_override = part(AutoTopicCreation, f"{POLICY_DATA}.impl.AutoTopicCreationOverrideImpl")


@routes("GET", "/autoTopicCreation")
def auto_topic_creation(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show what use makes of a name that is no topic yet."""
    by_use = policies_of(emulator, named).auto_topic_creation
    return answer_setting(None if by_use is None else as_part(by_use))


@routes("POST", "/autoTopicCreation")
def set_auto_topic_creation(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Set what use makes of a name that is no topic yet; no body goes back to the broker's own."""
    by_use = read_as(request, _override)
    problem = None if by_use is None else _problem(by_use)
    if problem is not None:
        raise PreconditionFailed(f"Invalid configuration for autoTopicCreationOverride. the detail is {problem}")
    return change(emulator, named, auto_topic_creation=by_use)


def _problem(by_use: AutoTopicCreation) -> str | None:
    """Return why it cannot be; without leave to make topics nothing is looked at."""
    if not by_use.allowed:
        return None
    if by_use.topic_type not in {"partitioned", "non-partitioned"}:
        return f"Unknown topic type [{'null' if by_use.topic_type is None else by_use.topic_type}]"
    if by_use.topic_type == "non-partitioned":
        return None if by_use.partitions is None else "[defaultNumPartitions] is not allowed to be set when the type is non-partition."
    if by_use.partitions is None:
        return "[defaultNumPartitions] cannot be null when the type is partitioned."
    return "[defaultNumPartitions] cannot be less than 1 for partition type." if by_use.partitions < 1 else None


@routes("DELETE", "/autoTopicCreation")
def remove_auto_topic_creation(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Go back to the broker's own."""
    return change(emulator, named, auto_topic_creation=None)


@routes("GET", "/autoSubscriptionCreation")
def auto_subscription_creation(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show whether use makes subscriptions."""
    allowed = policies_of(emulator, named).auto_subscription_creation
    return answer_setting(None if allowed is None else {"allowAutoSubscriptionCreation": allowed})


@routes("POST", "/autoSubscriptionCreation")
def set_auto_subscription_creation(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Let use make subscriptions, or not; no body goes back to the broker's own."""
    return change(emulator, named, auto_subscription_creation=read_auto_subscription_creation(request))


@routes("DELETE", "/autoSubscriptionCreation")
def remove_auto_subscription_creation(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Go back to the broker's own."""
    return change(emulator, named, auto_subscription_creation=None)
