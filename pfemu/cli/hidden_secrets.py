"""Refusals of a configuration file without the secrets in it: Pulsar's words show the lines, and the values, that they are about."""

from __future__ import annotations

import re
from collections.abc import Iterator

_BEGINS = re.compile(r"(?P<indent> *)[\"']?(?:secrets|secretsMap)[\"']? *:(?P<rest>.*)")
_VALUES = re.compile(r"[^\s{}\[\],:\"']{3,}")
HIDDEN = "***"


def without_secrets(refusal: str, text: str) -> str:
    """Return a refusal of ``text`` (YAML or JSON, perhaps neither) with whatever stands under its secrets replaced by ``***``."""
    written = {part for line in _secret_lines(text) for part in (line.strip(), *_VALUES.findall(line)) if part}
    for part in sorted(written, key=len, reverse=True):
        refusal = refusal.replace(part, HIDDEN)
    return refusal


def _secret_lines(text: str) -> Iterator[str]:
    """Yield what stands under the key, as far as indentation tells; of a text in one line, all that follows."""
    indent: int | None = None
    for line in text.splitlines():
        begins = _BEGINS.match(line) or (_BEGINS.search(line) if "{" in line else None)
        if begins is not None:
            indent = len(begins["indent"])
            rest = begins["rest"]
            yield rest.partition("}")[0] if rest.lstrip().startswith("{") else rest
        elif indent is not None and line.strip():
            if len(line) - len(line.lstrip()) > indent:
                yield line
            else:
                indent = None
