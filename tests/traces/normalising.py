"""What differs in every run, replaced as in the recordings; applied to both sides, so it leaves what is replaced already.

Of a traceback the user's frames and the last line are kept: frames of Pulsar's own files, and of ours, are nobody's promise.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from pfemu.model.message_id import MessageId

_CHANGING_NUMBERS = {"averageLatency", "avgProcessLatency", "lastInvocation", "lastInvocationTime", "timestampMs", "timestamp", "port"}
_PAYLOAD_SHOWN_WHOLE = 5000
_PAYLOAD_START = 20
_MILLISECONDS = range(1_700_000_000_001, 1_900_000_000_000)
_RULES = tuple(
    (re.compile(pattern), text)
    for pattern, text in (
        (r"\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}\]", "[<time>]"),
        (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,]\d{3,9}([+-]\d{4}|Z)?", "<time>"),
        (r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "<uuid>"),
        (r"\(\d+,(-?\d+,-?\d+,-?\d+)\)", r"(L,\1)"),
        (r"\b(?:127\.0\.0\.1|localhost)([:-])\d{4,5}\b", r"<host>\1<port>"),
        (r"(?:file:)?(?<![\w:/<>.}])(?:/[\w.+\-{} ]+)+/(?=[\w.+-])", "<path>/"),
        (r"\bport \d{4,5}\b", "port <n>"),
        (r"\bstandalone-\d+-\d+", "standalone-<n>-<n>"),
        (r"(\b0x|@)[0-9a-f]{6,16}\b", r"\1<addr>"),
        (r"\b1[78]\d{11}\b", "<ms>"),
        (r"(?s)(?<=\nStacktrace:\n\n).+", ""),  # Java's own
    )
)
_TRACEBACK = "Traceback (most recent call last):"
_FRAME = re.compile(r'  File "(?:.*/)?(?P<name>[^"/]+)", line \d+, in (?P<of>.*)')
_INLINED = {"<listcomp>", "<setcomp>", "<dictcomp>"}  # since Python 3.12 they have no frames; the recordings are of 3.11
_SUGGESTION = re.compile(r"\. Did you mean: '[^']*'\?$")  # since 3.12 in the traceback module, too
_CARETS = re.compile(r"[~^ ]+")
_LOG_OF_THE_COMMAND = re.compile(r"\S+ \[(?:AsyncHttpClient|jersey-client-async-executor)-[\d-]+\] WARN .*")
_OWN_PROCESS_METRIC = re.compile(r"(?:# (?:HELP|TYPE) )?(?:python|process)_\w+.*")
_CHANGING_METRIC = re.compile(r"^((?:pulsar_function_last_invocation|pulsar_function_process_latency_ms\w*_sum|\S+_created)\S*) .*$")


def payload(data: bytes) -> Any:
    """Return a payload as the recordings show it: text, base64, or the length and the start of a long one."""
    if len(data) > _PAYLOAD_SHOWN_WHOLE:
        return {"length": len(data), "start": payload(data[:_PAYLOAD_START])}
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}


@dataclass(frozen=True, slots=True)
class Normaliser:
    """Replaces what differs between runs; ``namespace`` is the run's, ``user_files`` the names of the files that are deployed."""

    namespace: str
    user_files: Collection[str]

    def __call__(self, value: Any, key: str = "") -> Any:
        """Return the value as the recordings show it."""
        if isinstance(value, dict):
            return {self.text(str(name)): self(item, str(name)) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return self._listed(value, key)
        if isinstance(value, bytes):
            return self(payload(value))
        if isinstance(value, str):
            return self.text(_shown_id(value) if key == "__pfn_input_msg_id__" else value)
        return _number(value, key)

    def _listed(self, values: list[Any] | tuple[Any, ...], key: str) -> list[Any]:
        if key == "stdout":
            values = [line for line in values if not _LOG_OF_THE_COMMAND.fullmatch(line)]
        if key == "instances":
            values = sorted(values, key=lambda item: item["instanceId"])
        if values and all(isinstance(line, str) for line in values) and any(line.startswith("# HELP pulsar_") for line in values):
            return [self.text(_CHANGING_METRIC.sub(r"\1 <n>", line)) for line in values if not _OWN_PROCESS_METRIC.fullmatch(line)]
        return [self(item, key) for item in values]

    def text(self, text: str) -> str:
        """Replace in a text."""
        text = text.replace(self.namespace, "{ns}")
        for pattern, replacement in _RULES:
            text = pattern.sub(replacement, text)
        return self._traceback(text) if _TRACEBACK in text else text

    def _traceback(self, text: str) -> str:
        """Keep what comes before, the user's frames and the last line."""
        before, _, rest = text.partition(_TRACEBACK)
        lines = rest.rstrip("\n").split("\n")
        kept: list[str] = []
        of_user = False
        for line in lines[:-1]:
            frame = _FRAME.fullmatch(line)
            if frame is not None:
                of_user = frame["name"] in self.user_files and frame["of"] not in _INLINED
            elif not line.startswith("    ") or _CARETS.fullmatch(line):
                continue
            if of_user:
                kept.append(line)
        return before + "\n".join([_TRACEBACK, *kept, _SUGGESTION.sub("", lines[-1])]) + "\n" * rest.endswith("\n")


def _number(value: Any, key: str) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if key in _CHANGING_NUMBERS:
        return "<n>" if value else 0
    return "<ms>" if isinstance(value, int) and value in _MILLISECONDS else value


def _shown_id(text: str) -> str:
    """Return the id that an output names its input by, as ``str`` of it shows it; any other text as it is."""
    try:
        return str(MessageId.deserialize(base64.urlsafe_b64decode(text)))
    except ValueError:
        return text


def sorting_text(value: Any) -> str:
    """Return a text by which values of any shape can be sorted."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
