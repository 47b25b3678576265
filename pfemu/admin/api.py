"""The admin API of an emulator: a request in, an answer out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pfemu.admin import cluster, functions, namespaces, schemas, subscriptions, topics
from pfemu.admin.answer import Answer, answer_text, error_page, refusal
from pfemu.admin.bodies import UnreadableBody
from pfemu.admin.routes import Router
from pfemu.errors import PfemuError

if TYPE_CHECKING:
    from pfemu.admin.request import Request
    from pfemu.emulator import Emulator


class AdminApi:
    """Answers the admin calls of one emulator; call it where the emulator is called."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._router = Router(
            functions.routes, functions.routes_v2, cluster.routes, namespaces.routes, schemas.routes, topics.routes, subscriptions.routes
        )

    def answer(self, request: Request) -> Answer:
        """Return the answer to a call; a stepping emulator comes to rest first."""
        try:
            handler, named = self._router.find(request.method, request.path)
            answer = handler(self._emulator, request, named)
        except UnreadableBody as error:
            answer = answer_text(str(error), 400)
        except PfemuError as error:
            answer = refusal(error, request.method)
        except ValueError:
            answer = error_page(400, request.method)
        self._emulator.settle()
        return answer
