"""What the admin API answers, and how refusals become answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from pfemu.broker.refusals import Conflict, Forbidden, InvalidValue, NotAcceptable, NotFound, PreconditionFailed, Unprocessable
from pfemu.errors import (
    BrokerError,
    ConsumerBusy,
    IncompatibleSchema,
    InvalidTopicName,
    NotAllowedError,
    PfemuError,
    SubscriptionNotFound,
    TopicNotFound,
    UnreadableConfigError,
)
from pfemu.runtime.state.state_json import StateRequestError
from pfemu.runtime.worker.worker_errors import WorkerError

_WITH_ERROR_PAGE = {"GET", "POST", "HEAD"}
"""The methods for which Jetty writes a page (``ErrorHandler.errorPageForMethod``)."""

_PAGE_TITLES = {500: "Request failed."}

_STATUS_OF: tuple[tuple[type[PfemuError], int], ...] = (
    (NotFound, 404),
    (TopicNotFound, 404),
    (SubscriptionNotFound, 404),
    (Conflict, 409),
    (InvalidValue, 400),
    (Forbidden, 403),
    (NotAcceptable, 406),
    (PreconditionFailed, 412),
    (ConsumerBusy, 412),
    (InvalidTopicName, 412),
    (Unprocessable, 422),
    (IncompatibleSchema, 409),
    (NotAllowedError, 405),
    (BrokerError, 500),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; an empty body is none."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


DONE = Answer(204)


@dataclass(frozen=True, slots=True)
class Later:
    """An answer that something has to happen for: ``make`` gives it (or raises) when all of that is done or the time is over."""

    happened: Sequence[Future[Any]]
    within_ms: int
    make: Callable[[], Answer]


class ErrorPage(PfemuError):  # noqa: N818 - it is what the client gets
    """The web server's page answers, mostly because the call ends before it reaches Pulsar's own code.

    ``allowed`` are methods that would not end so. ``title`` is what the page says, where it is not just the status.
    """

    def __init__(self, status: int, allowed: Collection[str] = (), title: str = "") -> None:
        super().__init__(title or f"HTTP {status}")
        self.status = status
        self.allowed = allowed
        self.title = title


class UnexpectedError(PfemuError):
    """Pulsar's own code stumbles: 500, with what Java says.

    Differs: no Java stack follows.
    """


def answer_json(value: object, status: int = 200) -> Answer:
    """Answer with JSON."""
    return Answer(status, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def answer_setting(value: object) -> Answer:
    """Answer with a setting; with 200 and nothing at all where it was never set."""
    return Answer(200) if value is None else answer_json(value)


def answer_text(text: str, status: int = 200) -> Answer:
    """Answer with text."""
    return Answer(status, text.encode(), "text/plain")


def answer_bytes(content: bytes, headers: Mapping[str, str] | None = None) -> Answer:
    """Answer with bytes."""
    return Answer(200, content, "application/octet-stream", headers or {})


def reason(status: int, text: str | None) -> Answer:
    """Answer with a refusal, without a word where there is none."""
    return answer_json({"reason": text} if text else {}, status)


def error_page(status: int, method: str, allowed: Collection[str] = (), title: str = "") -> Answer:
    """Answer as the web server does by itself: a page, but only to some methods."""
    headers = {"Allow": ",".join(allowed)} if allowed else {}
    if method not in _WITH_ERROR_PAGE:
        return Answer(status, headers=headers)
    title = f"Error {status} {_escaped(title) or _PAGE_TITLES.get(status) or HTTPStatus(status).phrase}"
    page = f"<html><head><title>{title}</title></head><body><h2>HTTP {title.replace('Error', 'ERROR')}</h2></body></html>\n"
    return Answer(status, page.encode(), "text/html;charset=iso-8859-1", headers)


def _escaped(text: str) -> str:
    """``StringUtil.sanitizeXmlString`` of Jetty."""
    for character, name in (("&", "amp"), ("<", "lt"), (">", "gt"), ("'", "apos"), ('"', "quot")):
        text = text.replace(character, f"&{name};")
    return text


def options(allowed: Collection[str]) -> Answer:
    """Answer which methods there are, as Jersey does by itself."""
    return Answer(200, ", ".join(allowed).encode(), "text/plain", {"Allow": ",".join(allowed)})


def refusal(error: PfemuError, method: str) -> Answer:
    """Return the answer for what a call raised."""
    if isinstance(error, UnreadableConfigError):
        return error_page(400, method)
    if isinstance(error, ErrorPage):
        return error_page(error.status, method, error.allowed, error.title)
    if isinstance(error, UnexpectedError):
        return reason(500, f"\n --- An unexpected error occurred in the server ---\n\nMessage: {error}\n\nStacktrace:\n\n")
    if isinstance(error, WorkerError | StateRequestError):
        return error_page(error.status, method) if error.reason is None else reason(error.status, error.reason)
    for kind, status in _STATUS_OF:
        if isinstance(error, kind):
            return reason(status, str(error))
    raise error
