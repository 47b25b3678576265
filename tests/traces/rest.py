"""Calls of the admin API, given and shown as in the recordings."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from pfemu.admin.answer import Answer
from pfemu.admin.request import JSON_TYPE, Part, Request
from tests.traces.normalising import payload

Answering = Callable[[Request], Answer]
_JSON_PARTS = {"functionConfig", "state"}
_TITLE = re.compile(rb".*<title>(.*?)</title>.*", re.DOTALL)


class Rest:
    """Calls an emulator's admin API by ``answer``; ``folder`` is where ``@file`` parts are."""

    def __init__(self, answer: Answering, folder: Path) -> None:
        self._answer = answer
        self._folder = folder
        self.headers: dict[str, str] = {}

    def call(
        self, method: str, path: str, body: Any = None, parts: dict[str, Any] | None = None, text: str | None = None
    ) -> dict[str, Any]:
        """Make one call and return its status with ``reason`` or ``body``."""
        data = text.encode() if text is not None else b"" if body is None else json.dumps(body).encode()
        named = None if parts is None else {name: self._part(name, content) for name, content in parts.items()}
        answer = self._answer(Request.of_target(method, path, data, named))
        self.headers = dict(answer.headers)
        return _shown(answer if method != "HEAD" else replace(answer, body=b""))  # the server sends none

    def _part(self, name: str, content: Any) -> Part:
        if isinstance(content, str) and content.startswith("@"):
            return Part((self._folder / content[1:]).read_bytes(), content[1:], "application/octet-stream")
        if isinstance(content, str) and name not in _JSON_PARTS:
            return Part(content.encode(), content_type="text/plain")
        return Part((content if isinstance(content, str) else json.dumps(content)).encode(), content_type=JSON_TYPE)


def _shown(answer: Answer) -> dict[str, Any]:
    if not answer.body:
        return {"status": answer.status}
    try:
        body = json.loads(answer.body)
    except ValueError:
        body = payload(_TITLE.sub(rb"<html> \1", answer.body))
    if isinstance(body, dict) and set(body) == {"reason"}:
        return {"status": answer.status, "reason": body["reason"]}
    return {"status": answer.status, "body": body}
