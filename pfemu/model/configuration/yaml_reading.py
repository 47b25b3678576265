"""YAML as the worker's command reads it: SnakeYAML's scalars of YAML 1.1 under Jackson's rules, so that a file means the same there.

* ``yes``, ``on`` and ``0x10`` are what YAML 1.1 says; dates, ``1:30`` and ``08`` are text.
* An alias is the *name* of its anchor, as text, and ``<<`` is a field like any other: Jackson knows neither.
* A number remembers how it is written, because a field that wants text gets that.

Sources: ``YAMLParser`` of jackson-dataformat-yaml 2.17, ``Resolver`` of SnakeYAML 2.0. PyYAML, a sibling of SnakeYAML, does the parsing.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

import yaml

from pfemu.errors import UnreadableConfigError
from pfemu.model.configuration.config_reading import JsonValue, Path, Written

_BOOLEANS = {word: word[0] in "ytYT" or word in {"on", "On", "ON"} for word in "yes Yes YES no No NO on On ON off Off OFF".split()} | {
    word: word[0] in "tT" for word in ["true", "True", "TRUE", "false", "False", "FALSE"]
}
_NULLS = {"", "~", "null", "Null", "NULL", " "}
_INTEGER = re.compile(
    r"[-+]?0b_*[01][01_]*|[-+]?0_*[0-7][0-7_]*|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x_*[0-9a-fA-F][0-9a-fA-F_]*|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+"
)
_FLOAT = re.compile(
    r"[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+|[-+]?\.[0-9_]+(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_JAVA_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_DIGITS = re.compile(r"([-+]?)(0[bB]_*(?=[01])[01_]+|0[xX]_*(?=[\da-fA-F])[\da-fA-F_]+|0[0-7_]+|[0-9][0-9_]*)")
_YAML_TAG = "tag:yaml.org,2002:"


@dataclass(slots=True)
class Document:
    """One document of a text; ``broken`` is the error that cut it short."""

    value: JsonValue = None
    written: dict[Path, Written] = field(default_factory=dict)
    broken: yaml.YAMLError | UnreadableConfigError | None = None
    is_empty: bool = True
    end: tuple[int, int] = (1, 1)
    """Line and column of where reading ended, from 1."""


def read_documents(text: str) -> Iterator[Document]:
    """Read document after document, without raising: one that cannot be read to its end comes as far as it goes, and is the last.

    What cannot be read is no YAML (``yaml.YAMLError``), or nothing that Jackson takes (``UnreadableConfigError``: ``.inf``, a list as key).
    """
    events = _Events(text)
    document = Document(is_empty=False)
    while not document.is_empty and not document.broken:
        document = Document()
        try:
            document.is_empty = not events.to_next_document()
            if not document.is_empty:
                _Tree(events, document).read()
        except (yaml.YAMLError, UnreadableConfigError) as error:
            document.broken = error
        document.end = events.end
        yield document


class _Events:
    """PyYAML's events, with where the last one ended."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[yaml.Event] | None = None
        self._text = text
        self.end = (1, 1)

    def next(self) -> yaml.Event:
        if self._events is None:
            self._events = iter(yaml.parse(self._text, Loader=yaml.SafeLoader))
        event = next(self._events)
        self.end = _position(event.end_mark)
        return event

    def to_next_document(self) -> bool:
        while not isinstance(event := self.next(), yaml.DocumentStartEvent):
            if isinstance(event, yaml.StreamEndEvent):
                return False
        return True


def _position(mark: object) -> tuple[int, int]:
    return getattr(mark, "line", 0) + 1, getattr(mark, "column", 0) + 1


class _Tree:
    """Makes a document's value of events; what is begun is in its place before it is finished, should the text break off."""

    def __init__(self, events: _Events, document: Document) -> None:
        self._events = events
        self._document = document

    def read(self) -> None:
        def put(value: JsonValue) -> None:
            self._document.value = value

        self._value(self._events.next(), (), put)

    def _value(self, event: yaml.Event, path: Path, put: Callable[[JsonValue], None]) -> None:
        text = event.value if isinstance(event, yaml.ScalarEvent) else getattr(event, "anchor", None) or ""
        self._document.written[path] = Written(text, *_position(event.start_mark), *_position(event.end_mark))
        if isinstance(event, yaml.ScalarEvent):
            put(_scalar(event))
        elif isinstance(event, yaml.MappingStartEvent):
            self._mapping(path, put)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._sequence(path, put)
        else:
            put(text)

    def _mapping(self, path: Path, put: Callable[[JsonValue], None]) -> None:
        entries: dict[str, JsonValue] = {}
        put(entries)
        while not isinstance(event := self._events.next(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                what = f"<org.yaml.snakeyaml.events.{type(event).__name__}(anchor=null, tag=null, implicit=true)>"
                raise UnreadableConfigError(f"Expected a field name (Scalar value in YAML), got this instead: {what}")
            self._value(self._events.next(), (*path, event.value), partial(entries.__setitem__, event.value))

    def _sequence(self, path: Path, put: Callable[[JsonValue], None]) -> None:
        items: list[JsonValue] = []
        put(items)
        while not isinstance(event := self._events.next(), yaml.SequenceEndEvent):
            self._value(event, (*path, len(items)), items.append)


def _scalar(event: yaml.ScalarEvent) -> JsonValue:
    text: str = event.value
    if event.tag is not None and event.tag != "!":
        return _tagged(event.tag.removeprefix(_YAML_TAG).partition(",")[0], text)
    if not event.implicit[0]:
        return text
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        return _integer(text)
    return _double(text) if _FLOAT.fullmatch(text) else text


def _tagged(tag: str, text: str) -> JsonValue:
    if tag == "bool":
        lower = text.lower()
        return _BOOLEANS[lower] if lower in _BOOLEANS else {"y": True, "n": False}.get(lower, text)
    if not text:
        return text
    if tag == "int":
        return _integer(text)
    if tag == "float":
        return _double(text)
    return None if tag == "null" else text


def _integer(text: str) -> int | str:
    match = _DIGITS.fullmatch(text)
    if not match:
        return text
    sign, digits = match.group(1), match.group(2).replace("_", "")
    is_octal = digits.isdigit() and len(digits) > 1 and digits.startswith("0")
    number = int(digits, 8 if is_octal else 0)
    return -number if sign == "-" else number


def _double(text: str) -> float:
    cleaned = text.replace("_", "")
    if not _JAVA_NUMBER.fullmatch(cleaned):
        raise UnreadableConfigError(f"Malformed numeric value '{text}'")
    return float(cleaned)
