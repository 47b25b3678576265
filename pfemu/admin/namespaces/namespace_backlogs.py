"""What is done to all topics of a namespace at once (``NamespacesBase``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pfemu.admin.answer import DONE, Answer
from pfemu.admin.routes import Routes
from pfemu.engine import interruptions
from pfemu.errors import ConsumerBusy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pfemu.admin.request import Request
    from pfemu.broker.subscription import Subscription
    from pfemu.emulator import Emulator

routes = Routes("/admin/v2/namespaces/{tenant}/{namespace}")


def _subscriptions(emulator: Emulator, named: dict[str, str]) -> Iterator[Subscription]:
    """Yield the subscriptions of a namespace, of one name where the path names one."""
    namespace = f"{named['tenant']}/{named['namespace']}"
    emulator.broker.namespaces.policies_of(namespace)
    for topic in list(emulator.broker.topics_of(namespace)):
        for subscription in list(topic.subscriptions.values()):
            if named.get("subscription", subscription.name) == subscription.name:
                yield subscription


@routes("POST", "/clearBacklog")
@routes("POST", "/clearBacklog/{subscription}")
def clear_backlog(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Acknowledge everything, for all subscriptions or those of one name."""
    for subscription in _subscriptions(emulator, named):
        subscription.skip_all()
    return DONE


@routes("POST", "/unsubscribe/{subscription}")
def unsubscribe(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Remove the subscriptions of one name; that of a topic where consumers are connected is refused."""
    for subscription in _subscriptions(emulator, named):
        if subscription.consumers:
            raise ConsumerBusy("Subscription has active connected consumers")
        interruptions.remove_subscription(subscription, force=False)
    return DONE
