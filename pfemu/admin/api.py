"""The admin API of an emulator: a request in, an answer out.

Rules:

1. Every call is answered by the one who owns the emulator, one after the other, whichever thread makes it.
2. Nobody waits there. An answer that has to wait for a function (:class:`~pfemu.admin.answer.Later`) is waited for by the caller:
   in real time, or where the emulator steps by stepping.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import wait
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from pfemu.admin import cluster, resource_groups
from pfemu.admin.answer import Answer, Later, answer_text, error_page, options, refusal
from pfemu.admin.bodies import UnreadableBody
from pfemu.admin.functions import connectors, functions, functions_v2, packages
from pfemu.admin.namespaces import (
    bundles,
    namespace_backlogs,
    namespace_creation,
    namespace_notes,
    namespace_offloading,
    namespace_policies,
    namespace_storage,
    namespaces,
)
from pfemu.admin.routes import Router
from pfemu.admin.topics import schemas, stored_messages, subscriptions, topic_policies, topic_properties, topic_upkeep, topics
from pfemu.errors import PfemuError
from pfemu.scheduling.stepping import SteppingScheduler

if TYPE_CHECKING:
    from pfemu.admin.request import Request
    from pfemu.emulator import Emulator

OnOwner: TypeAlias = "Callable[[Callable[[], Answer | Later]], Answer | Later]"
"""Has something run by the owner of an emulator, and returns or raises what it does."""

_SECOND_MS = 1000


class AdminApi:
    """Answers the admin calls of one emulator; any thread may ask a live one.

    ``on_owner`` is for an emulator that another thread steps: how to have that thread run something.
    """

    def __init__(self, emulator: Emulator, on_owner: OnOwner | None = None) -> None:
        self._emulator = emulator
        self._on_owner: OnOwner = on_owner or emulator.scheduler.call
        self._steps = isinstance(emulator.scheduler, SteppingScheduler) and on_owner is None
        self._router = Router(
            functions.routes,
            functions_v2.routes,
            connectors.sources,
            connectors.sinks,
            packages.routes,
            cluster.routes,
            resource_groups.routes,
            namespaces.routes,
            bundles.routes,
            bundles.lookups,
            namespace_policies.routes,
            namespace_storage.routes,
            namespace_creation.routes,
            namespace_backlogs.routes,
            namespace_notes.routes,
            namespace_offloading.routes,
            schemas.routes,
            topics.routes,
            subscriptions.routes,
            stored_messages.routes,
            topic_policies.routes,
            topic_properties.routes,
            topic_upkeep.routes,
        )

    def answer(self, request: Request) -> Answer:
        """Return the answer to a call; a stepping emulator comes to rest first."""
        answer = self._on_owner(partial(self._guarded, request, partial(self._begin, request)))
        while isinstance(answer, Later):
            self._wait(answer)
            answer = self._on_owner(partial(self._guarded, request, answer.make))
        return answer

    def _begin(self, request: Request) -> Answer | Later:
        if request.method == "OPTIONS":
            return options(self._router.options(request.path))
        handler, named = self._router.find(request.method, request.path)
        return handler(self._emulator, request, named)

    def _guarded(self, request: Request, run: Callable[[], Answer | Later]) -> Answer | Later:
        """Return what it returns, or the answer for what it raises."""
        self._emulator.settle()
        try:
            answer = run()
        except UnreadableBody as error:
            answer = answer_text(str(error), 400)
        except PfemuError as error:
            answer = refusal(error, request.method)
        except ValueError:
            answer = error_page(400, request.method)
        self._emulator.settle()
        return answer

    def _wait(self, later: Later) -> None:
        scheduler = self._emulator.scheduler
        if self._steps and isinstance(scheduler, SteppingScheduler):
            scheduler.step_until(lambda: all(each.done() for each in later.happened), later.within_ms)
        else:
            wait(later.happened, later.within_ms / _SECOND_MS)
