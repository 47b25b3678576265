"""What the command's JSON flags make of their texts: Gson's adapters for maps and for Pulsar's own classes.

Other than in a YAML file, every number without a type is a double, a field with an unknown name is left out, a regex is asked for with
``isRegexPattern``, and a map may also be written as a list of pairs.

Source: ``MapTypeAdapterFactory``, ``ReflectiveTypeAdapterFactory``, ``ObjectTypeAdapter`` and ``TypeAdapters`` of Gson 2.8.9.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar

from pfemu.errors import ConfigError
from pfemu.model.configuration.choices import CompressionType, ConsumerCryptoFailureAction, ProducerCryptoFailureAction
from pfemu.model.configuration.config_parts import ConsumerConfig, CryptoConfig, ProducerConfig
from pfemu.model.configuration.config_reading import Dropped, JsonValue, Path
from pfemu.model.gson.gson_reading import GsonError, GsonReader
from pfemu.model.java_text import trim

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
Read: TypeAlias = Callable[["GsonText"], T]

_INT_LIMIT = 1 << 31
_OUTERMOST_MAP_FRAMES = 3
_FRAMES_IN_COMMON = 18
"""Frames that an exception caught in ``Gson.fromJson`` shares with its cause when ``pulsar-admin`` prints them."""
_DOUBLE = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[dDfF]?")


class GsonSyntaxError(ConfigError):
    """The JSON of a flag cannot be read; ``stderr`` has the lines that ``pulsar-admin`` prints, less those of stack frames."""

    def __init__(self, error: GsonError) -> None:
        cause = ": ".join(part for part in (error.kind, error.text) if part) if error.kind else ""
        first = f"com.google.gson.JsonSyntaxException: {cause}" if cause else error.text
        super().__init__(first)
        common = f"\t... {_FRAMES_IN_COMMON + error.frames} more"
        self.stderr = (first, f"Caused by: {cause}", common) if cause else (first,)


class GsonText:
    """The text of one flag while it is read: how deep in Gson's frames reading is, where in the text, and what was left out."""

    __slots__ = ("dropped", "frames", "path", "reader")

    def __init__(self, text: str) -> None:
        self.reader = GsonReader(text)
        self.frames = 0
        self.path: Path = ()
        self.dropped: list[Dropped] = []


def read_flag_text(text: str, read: Read[T]) -> tuple[T | None, list[Dropped]]:
    """Return what a flag's text makes, None for an empty one, and the fields in it that are unknown.

    Raises:
        GsonSyntaxError: in Gson's words.
    """
    source = GsonText(text)
    try:
        try:
            source.reader.peek()
        except GsonError as error:
            if error.kind == "java.io.EOFException":
                return None, []
            raise
        value = read(source)
        if value is not None:
            source.reader.finish()
    except GsonError as error:
        raise GsonSyntaxError(error) from None
    return value, source.dropped


@dataclass(frozen=True, slots=True)
class MapByText(Generic[T]):
    """Reads a map by text, from an object or from a list of pairs."""

    read_item: Read[T]

    def __call__(self, source: GsonText) -> Mapping[str, T] | None:
        """Read it."""
        reader, entries, outer = source.reader, dict[str, T](), source.path
        if reader.next_is_null():
            return None
        in_pairs = reader.peek() == "BEGIN_ARRAY"
        reader.begin("BEGIN_ARRAY" if in_pairs else "BEGIN_OBJECT")
        while reader.has_next():
            name = _begin_pair(source) if in_pairs else reader.next_name(in_path=False)
            source.path = (*outer, name)
            value = self.read_item(source)
            if entries.get(name) is not None:
                raise GsonError("", f"com.google.gson.JsonSyntaxException: duplicate key: {name}")
            entries[name] = value
            if in_pairs:
                _end_pair(reader)
        source.path = outer
        reader.end()
        return entries


def _begin_pair(source: GsonText) -> str:
    source.reader.begin("BEGIN_ARRAY")
    return _text(source) or ""


def _end_pair(reader: GsonReader) -> None:
    if reader.has_next():
        raise reader.expected("END_ARRAY")
    reader.end()


def read_value(source: GsonText) -> JsonValue:
    """Read a value of any type; numbers are doubles."""
    reader = source.reader
    kind = reader.peek()
    if kind == "BEGIN_ARRAY":
        items: list[JsonValue] = []
        reader.begin(kind)
        while reader.has_next():
            items.append(read_value(source))
        reader.end()
        return items
    if kind == "BEGIN_OBJECT":
        entries: dict[str, JsonValue] = {}
        reader.begin(kind)
        while reader.has_next():
            name = reader.next_name()
            entries[name] = read_value(source)
        reader.end()
        return entries
    if kind in {"BOOLEAN", "NULL"}:
        return reader.next_keyword()
    if kind.startswith("END"):
        raise GsonError("java.lang.IllegalStateException", "")
    return float(reader.next_text()) if kind == "NUMBER" else reader.next_text()


def _text(source: GsonText) -> str | None:
    """Read a text, or a number or truth value as one."""
    kind = source.reader.peek()
    if kind in {"BOOLEAN", "NULL"}:
        value = source.reader.next_keyword()
        return None if value is None else str(value).lower()
    return source.reader.next_text()


def _flag(source: GsonText) -> bool | None:
    kind = source.reader.peek()
    if kind == "STRING":
        return source.reader.next_text().lower() == "true"
    if kind not in {"BOOLEAN", "NULL"}:
        raise source.reader.expected("a boolean")
    return source.reader.next_keyword()


def _integer(source: GsonText) -> int | None:
    reader = source.reader
    kind = reader.peek()
    if reader.next_is_null():
        return None
    if kind not in {"STRING", "NUMBER"}:
        raise reader.expected("an int")
    text = reader.next_text()
    if not _DOUBLE.fullmatch(trim(text)):
        words = f'For input string: "{text}"' if trim(text) else "empty String"
        raise GsonError("java.lang.NumberFormatException", words, source.frames + 3)
    number = float(trim(text).rstrip("dDfF"))
    if not -_INT_LIMIT <= number < _INT_LIMIT or not number.is_integer():
        raise GsonError("java.lang.NumberFormatException", f"Expected an int but was {text}{reader.location()}", source.frames + 3)
    return int(number)


def _texts(source: GsonText) -> tuple[str | None, ...] | None:
    reader = source.reader
    if reader.next_is_null():
        return None
    reader.begin("BEGIN_ARRAY")
    texts: list[str | None] = []
    while reader.has_next():
        texts.append(_text(source))
    reader.end()
    return tuple(texts)


def _choice(kind: type[E]) -> Read[E | None]:
    names = {each.value: each for each in kind}
    return lambda source: names.get(_text(source) or "")


@dataclass(frozen=True, slots=True)
class _Bean(Generic[T]):
    """Reads one of Pulsar's classes; ``frames``: how many of Gson's stack frames lie above the one that reads it."""

    make: Callable[..., T]
    frames: int
    fields: Mapping[str, tuple[str, Read[object]]]
    """By the name in JSON: the name of the field here, and how it is read."""

    def __call__(self, source: GsonText) -> T | None:
        """Read it."""
        if source.reader.next_is_null():
            return None
        outer = source.path
        source.frames += self.frames
        try:
            given = self._read_fields(source, outer)
        except GsonError as error:
            if error.kind == "java.lang.IllegalStateException" and not error.frames:
                error.frames = source.frames
            raise
        source.frames -= self.frames
        source.path = outer
        return self.make(**{name: value for name, value in given.items() if value is not None or name not in _PLAIN_FLAGS})

    def _read_fields(self, source: GsonText, outer: Path) -> dict[str, object]:
        reader, given = source.reader, dict[str, object]()
        reader.begin("BEGIN_OBJECT")
        while reader.has_next():
            json_name = reader.next_name()
            source.path = (*outer, json_name)
            if json_name in self.fields:
                name, read = self.fields[json_name]
                given[name] = read(source)
            else:
                reader.skip_value()
                source.dropped.append(Dropped(source.path, None, tuple(self.fields), is_field=True))
        reader.end()
        return given


_PLAIN_FLAGS = {"is_regex_pattern", "pool_messages"}
read_text_map = MapByText(_text)
read_value_map = MapByText(read_value)
_read_crypto_config = _Bean(
    CryptoConfig,
    2,
    {
        "cryptoKeyReaderClassName": ("crypto_key_reader_class_name", _text),
        "cryptoKeyReaderConfig": ("crypto_key_reader_config", read_value_map),
        "encryptionKeys": ("encryption_keys", _texts),
        "producerCryptoFailureAction": ("producer_crypto_failure_action", _choice(ProducerCryptoFailureAction)),
        "consumerCryptoFailureAction": ("consumer_crypto_failure_action", _choice(ConsumerCryptoFailureAction)),
    },
)
read_input_specs = MapByText(
    _Bean(
        ConsumerConfig,
        1 + _OUTERMOST_MAP_FRAMES,
        {
            "schemaType": ("schema_type", _text),
            "serdeClassName": ("serde_class_name", _text),
            "isRegexPattern": ("is_regex_pattern", _flag),
            "schemaProperties": ("schema_properties", read_text_map),
            "consumerProperties": ("consumer_properties", read_text_map),
            "receiverQueueSize": ("receiver_queue_size", _integer),
            "cryptoConfig": ("crypto_config", _read_crypto_config),
            "poolMessages": ("pool_messages", _flag),
        },
    )
)
read_producer_config = _Bean(
    ProducerConfig,
    1,
    {
        "maxPendingMessages": ("max_pending_messages", _integer),
        "maxPendingMessagesAcrossPartitions": ("max_pending_messages_across_partitions", _integer),
        "useThreadLocalProducers": ("use_thread_local_producers", _flag),
        "cryptoConfig": ("crypto_config", _read_crypto_config),
        "batchBuilder": ("batch_builder", _text),
        "compressionType": ("compression_type", _choice(CompressionType)),
    },
)
