"""SerDes: how a function's input and output become objects and bytes when its topic has no schema.

The default, ``IdentitySerDe``, tries int, float, complex and str on each payload. For plain text the three failures cost more
than everything else a message meets, so :func:`identity_deserialize` looks at both ends of the payload before it tries.
Its results are those of the packaged class, which a property test holds it to.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Protocol, cast

from pfemu.model.warnings.happenings import BINARY_ARRIVES, NUMBER_ARRIVES
from pfemu.runtime.loading.class_path import import_class
from pfemu.runtime.loading.space_elsewhere import SpaceElsewhere
from pfemu.runtime.processes.values import KeptValue

if TYPE_CHECKING:
    from pulsar.functions.serde import IdentitySerDe

    from pfemu.runtime.function_warnings import Warn
    from pfemu.runtime.loading.module_space import ModuleSpace

DEFAULT_SERDE = "serde.IdentitySerDe"
"""The class path of the default; ``serde.`` is how class paths name ``pulsar.functions.serde``."""

_NUMBERS: tuple[Callable[[str], object], ...] = (int, float, complex)
_FRACTIONS = _NUMBERS[1:]  # of what has a point; int would refuse it
_NUMBER_STARTS = "+-.("  # besides digits and white space, and what _NUMBER_WORDS says
_NUMBER_ENDS = ".)jJfFnNyY"  # besides digits and white space: 1., (1j), inf, nan, infinity
_NUMBER_WORDS = ("inf", "nan")
_UNIT = "j"

# By one byte: can no number begin so, or end so? Bytes of other alphabets say nothing; they are looked at as characters.
_IS_PLAIN_START = tuple(
    byte < 0x80 and not (chr(byte).isdigit() or chr(byte).isspace() or chr(byte) in _NUMBER_STARTS or chr(byte) in "iInNjJ")
    for byte in range(256)
)
_IS_CONTROL = tuple(byte < 0x20 and not chr(byte).isspace() for byte in range(256))  # how Avro begins: with a length or a number
_IS_TEXT_START = tuple(plain and not control for plain, control in zip(_IS_PLAIN_START, _IS_CONTROL, strict=True))
_IS_PLAIN_END = tuple(byte < 0x80 and not (chr(byte).isdigit() or chr(byte).isspace() or chr(byte) in _NUMBER_ENDS) for byte in range(256))


class SerDe(Protocol):
    """What Pulsar expects of a SerDe; nothing of it is checked before the first message."""

    def serialize(self, input: object) -> bytes:
        """Make bytes of an object."""
        ...

    def deserialize(self, input_bytes: bytes) -> object:
        """Make an object of bytes."""
        ...


def resolve_serde(class_path: str, space: ModuleSpace) -> SerDe:
    """Construct the SerDe a class path names (``python_instance.py``); an empty path names none, the default imports nothing.

    Raises:
        TypeError: ``'NoneType' object is not callable``, when there is no such class; those are a cluster's words.
        Exception: Whatever the class's constructor raises.
    """
    if isinstance(space, SpaceElsewhere):
        return _DefaultHere() if class_path == DEFAULT_SERDE else space.serde(class_path)
    if class_path == DEFAULT_SERDE:
        return type(_packaged_identity())()
    serde_class = import_class(space, class_path)
    return cast("Callable[[], SerDe]", serde_class)()


class _DefaultHere:
    """The default SerDe for a function in another process, where only what is no plain value is encoded."""

    def serialize(self, input: object) -> bytes:
        return identity_serialize(input)

    def deserialize(self, input_bytes: bytes) -> object:
        return identity_deserialize(input_bytes)


def deserializer_for(class_path: str, space: ModuleSpace, warn: Warn | None = None) -> Callable[[bytes], object]:
    """Return what makes objects of payloads, resolved once; raises as :func:`resolve_serde`.

    ``warn`` is told where the default makes something else of a payload than its sender may have thought, each thing once.
    """
    if class_path in {"", DEFAULT_SERDE}:
        return identity_deserialize if warn is None else _noticing(warn)
    serde = resolve_serde(class_path, space)
    if type(serde) is type(_packaged_identity()):
        return identity_deserialize if warn is None else _noticing(warn)
    # The method is looked up for each message, as there: a class without it starts, and fails message by message.
    return space.within(lambda input_bytes: serde.deserialize(input_bytes))  # noqa: PLW0108 - see above


def serializer_for(class_path: str, space: ModuleSpace) -> Callable[[object], bytes]:
    """Return what makes payloads of objects, resolved once; raises as :func:`resolve_serde`."""
    if class_path in {"", DEFAULT_SERDE}:
        return identity_serialize
    serde = resolve_serde(class_path, space)
    if type(serde) is type(_packaged_identity()):
        return identity_serialize
    return space.within(lambda output: serde.serialize(output))  # noqa: PLW0108 - as in deserializer_for


def identity_serialize(value: object) -> bytes:
    """Do what ``IdentitySerDe.serialize`` does.

    Raises:
        TypeError: The value is not exactly a str, int, float, complex or bytes.
        UnicodeEncodeError: A str has half of a surrogate pair.
        ValueError: An int has more digits than Python writes (``sys.set_int_max_str_digits``).
    """
    kind = type(value)
    if kind is str:
        return value.encode()  # type: ignore[attr-defined, no-any-return] # mypy does not narrow by `type(x) is`
    if kind is bytes:
        return value  # type: ignore[return-value] # as above
    if kind is int or kind is float or kind is complex:
        return str(value).encode()
    if isinstance(value, KeptValue):
        return value.pfemu_encoded()  # type: ignore[no-any-return] # what this function gives over there
    return _packaged_identity().serialize(value)  # type: ignore[no-any-return] # pulsar-client has no types


def identity_deserialize(input_bytes: bytes) -> object:
    """Do what ``IdentitySerDe.deserialize`` does: int, float, complex or str, whichever is first to work; else the bytes."""
    try:
        if _IS_PLAIN_START[input_bytes[0]] or _IS_PLAIN_END[input_bytes[-1]]:
            return input_bytes.decode()
    except UnicodeDecodeError:
        return input_bytes
    except IndexError:
        return ""
    return _number_or_text(input_bytes)


def _noticing(warn: Warn) -> Callable[[bytes], object]:
    """Return :func:`identity_deserialize`, just as fast for plain text, that says when a number or something binary arrives."""
    waiting = {NUMBER_ARRIVES, BINARY_ARRIVES}

    def deserialize(input_bytes: bytes) -> object:
        try:
            first = input_bytes[0]
            if _IS_TEXT_START[first] or (_IS_PLAIN_END[input_bytes[-1]] and not _IS_CONTROL[first]):
                return input_bytes.decode()
        except UnicodeDecodeError:
            pass  # below it becomes bytes, and is noticed
        except IndexError:
            return ""
        value = identity_deserialize(input_bytes)
        if waiting:
            notice(input_bytes, value)
        return value

    def notice(input_bytes: bytes, value: object) -> None:
        if isinstance(value, str) and not _IS_CONTROL[input_bytes[0]]:
            return
        happening = BINARY_ARRIVES if isinstance(value, str | bytes) else NUMBER_ARRIVES
        if happening in waiting:
            waiting.remove(happening)
            warn(happening.warning())

    return deserialize


def _number_or_text(input_bytes: bytes) -> object:
    try:
        text = input_bytes.decode()
    except UnicodeDecodeError:
        return input_bytes
    if text[0] in "0123456789" or _may_be_number(text):
        for parse in _FRACTIONS if "." in text else _NUMBERS:
            try:
                return parse(text)
            except ValueError:
                continue
    return text


def _may_be_number(text: str) -> bool:
    """Tell by both ends whether int, float or complex may accept it: no number is missed, some text is taken for one."""
    first, last = text[0], text[-1]
    if not (last.isdecimal() or last in _NUMBER_ENDS or last.isspace()):
        return False
    if first.isdecimal() or first in _NUMBER_STARTS or first.isspace():
        return True
    return text[:3].lower() in _NUMBER_WORDS or text.rstrip().lower() == _UNIT


@cache
def _packaged_identity() -> IdentitySerDe:
    from pulsar.functions.serde import IdentitySerDe

    return IdentitySerDe()
