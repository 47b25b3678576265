"""What a function's user was warned about, each thing once; and what to warn about when something starts or fails.

What is known of a configuration beforehand is in :mod:`pfemu.model.warnings.ignored_settings`, what happens later in
:mod:`pfemu.model.warnings.happenings`. Here is what neither can know: what the code itself brings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, overload

from pfemu.model.nearest_name import nearest_name
from pfemu.model.warnings.function_warning import FunctionWarning
from pfemu.model.warnings.happenings import (
    IDENTITY_REFUSES,
    INCOMPATIBLE_SCHEMA,
    NO_HASHING_SCHEME,
    NO_SUCH_METHOD,
    OUTPUT_CANNOT_BE_ENCODED,
)
from pfemu.runtime.key_readers import encryption_warning
from pfemu.runtime.traceback_text import error_with_notes
from pfemu.runtime.values.schemas import default_schema, explained_schema_for
from pfemu.runtime.values.serde import serializer_for

if TYPE_CHECKING:
    from pfemu.model.functions.function_details import FunctionDetails
    from pfemu.runtime.loader import LoadedFunction

Warn = Callable[[FunctionWarning], object]

_REFUSED_TYPE = re.compile(r"IdentitySerde cannot serialize object of type <class '(.+)'>")
_WORD_OF_JAVA = re.compile(r"(?<=[a-z])(?=[A-Z])")


class FunctionWarnings(Sequence[FunctionWarning]):
    """Warnings in the order they came, each once; ``told`` hears of each new one, on the thread where it arose."""

    def __init__(self, told: Warn | None = None) -> None:
        self._warnings: dict[FunctionWarning, None] = {}
        self._told = told

    def add(self, warning: FunctionWarning) -> None:
        """Take in a warning."""
        if warning in self._warnings:
            return
        self._warnings[warning] = None
        if self._told is not None:
            self._told(warning)

    @property
    def strict(self) -> list[FunctionWarning]:
        """Those that strictness makes errors of."""
        return [warning for warning in self._warnings if warning.strict]

    @overload
    def __getitem__(self, index: int) -> FunctionWarning: ...
    @overload
    def __getitem__(self, index: slice) -> list[FunctionWarning]: ...
    def __getitem__(self, index: int | slice) -> FunctionWarning | list[FunctionWarning]:
        return list(self._warnings)[index]

    def __iter__(self) -> Iterator[FunctionWarning]:
        return iter(list(self._warnings))

    def __len__(self) -> int:
        return len(self._warnings)

    def __repr__(self) -> str:
        return f"<warnings {list(map(str, self._warnings))}>"


def code_warnings(details: FunctionDetails, loaded: LoadedFunction) -> Iterator[FunctionWarning]:
    """Yield what is wrong with the code and still starts."""
    for text in loaded.warnings:
        yield FunctionWarning("", text)
    yield from encryption_warnings(details, loaded)
    failure = output_failure(details, loaded)
    if failure is not None:
        setting = "outputSchemaType" if details.sink.schema_type else "outputSerdeClassName"
        named = f"{setting} {details.sink.schema_type or details.sink.serde_class_name}"
        yield OUTPUT_CANNOT_BE_ENCODED.warning(f"{named} ({error_with_notes(failure)})")


def encryption_warnings(details: FunctionDetails, loaded: LoadedFunction) -> Iterator[FunctionWarning]:
    """Yield what is to be said of each ``cryptoConfig``."""
    producer = details.sink.producer_spec
    output = None if producer is None or not details.sink.topic else producer.crypto_spec
    specs = [(f"inputSpecs.{topic}.cryptoConfig", spec.crypto_spec, False) for topic, spec in details.input_specs.items()]
    for setting, spec, is_output in [*specs, ("producerConfig.cryptoConfig", output, True)]:
        warning = encryption_warning(spec, loaded.space, setting, output=is_output)
        if warning is not None:
            yield warning


def output_failure(details: FunctionDetails, loaded: LoadedFunction) -> Exception | None:
    """Return what making the output's SerDe or schema raises, as the first output will find; None when it can be made."""
    sink = details.sink
    if not sink.topic or not (sink.serde_class_name or sink.schema_type):
        return None
    try:
        if explained_schema_for(sink.schema_type, sink.type_class_name, sink.schema_properties, loaded.space) is default_schema():
            serializer_for(sink.serde_class_name, loaded.space)
    except Exception as error:  # noqa: BLE001 - whatever a class of the user's raises is what is asked for
        return error
    return None


def warning_about(error: BaseException) -> FunctionWarning | None:
    """Return what is to be said of an error beside its own words."""
    if type(error).__name__ == "IncompatibleSchema":
        return INCOMPATIBLE_SCHEMA.warning()
    if isinstance(error, TypeError):
        return _warning_about_type(str(error))
    if isinstance(error, AttributeError) and error.name and isinstance(error.obj, _context_class()):
        return NO_SUCH_METHOD.warning(f"context.{error.name}{_nearest_method(error.name, error.obj)}")
    return None


def _warning_about_type(text: str) -> FunctionWarning | None:
    if "hashing_scheme" in text:
        return NO_HASHING_SCHEME.warning()
    refused = _REFUSED_TYPE.match(text)
    return None if refused is None else IDENTITY_REFUSES.warning(f"a {refused[1]} that is an output or published")


def _nearest_method(name: str, context: object) -> str:
    """Return what was probably meant, also by who knows Java's context (``getCurrentRecord``) or Go's."""
    spelled = _WORD_OF_JAVA.sub("_", name).lower()
    if spelled.startswith(("delete", "remove")):
        return " (nearest: del_counter, which deletes a key of either kind)"
    methods = [each for each in dir(context) if not each.startswith("_")]
    nearest = nearest_name(spelled, methods) or next((each for each in methods if spelled in each.split("_")), None)
    return "" if nearest is None else f" (nearest: {nearest})"


def _context_class() -> type:
    from pulsar import Context  # where code failed, it is loaded

    return Context


def nobody_is_warned(_warning: FunctionWarning) -> None:
    """Take a warning where nobody listens."""
