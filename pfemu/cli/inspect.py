"""The ``inspect`` command: what a function gets of some bytes, and what they are as an output."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pfemu.cli.exit_codes import FUNCTION_FAILED, OK, USAGE
from pfemu.cli.options.flags import option
from pfemu.model.english import counted
from pfemu.runtime.values.value_text import value_text

if TYPE_CHECKING:
    from pfemu.runtime.loading.module_space import ModuleSpace
    from pfemu.runtime.values.microscope import Decode, Encode, Look

_EXAMPLES = """
Shows what a function gets of VALUE (text) or of a file's bytes, and which bytes that value is as an output.

\b
Examples:
  pfemu inspect 42
  pfemu inspect -- -5
  pfemu inspect --file payload.bin
  pfemu inspect --serde custom_serde.OrderSerDe --py custom_serde.py '{"customer": "ada"}'
  pfemu inspect --schema json --type-class-name orders.Order --py orders.py '{"name": "tea"}'

\b
Exit codes: 0 it can be read and written, 1 a message with it would fail, 2 a class cannot be had.
"""
_SHOWN_BYTES = 64
_FILE = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
_CODE = click.Path(exists=True, path_type=Path)


@click.command("inspect", help=_EXAMPLES, short_help="Show bytes as the value a function gets, and as bytes again.")
@click.argument("value", required=False)
@option("file", type=_FILE, metavar="FILE", help="The bytes are in FILE; - for standard input.")
@option("serde", metavar="CLASS", help="SerDe, as module.Class of the code. [default: serde.IdentitySerDe]")
@option("schema", metavar="TYPE", help="Schema in place of a SerDe: string, json, avro, or a class of the code.")
@option("type-class-name", metavar="CLASS", help="Record class of a json or avro schema.")
@option("py", type=_CODE, metavar="FILE", help="Where the classes are: a file of the function's. [default: the current directory]")
@option("json", "as_json", is_flag=True, help="One JSON object on stdout.")
def inspect(**arguments: Any) -> None:  # noqa: ANN401 - click hands every option over by its name
    """Look at a payload."""
    from pfemu.runtime.traceback_text import error_with_notes
    from pfemu.runtime.values.microscope import look, remarks

    payload = _payload(arguments["value"], arguments["file"])
    if arguments["serde"] and arguments["schema"]:
        raise click.UsageError("--serde and --schema both decode; a cluster uses the schema then. Give one.")
    try:
        decode, encode = _coding(arguments, _space(arguments["py"]))
    except Exception as error:  # noqa: BLE001 - the edge: whatever the class raises is told
        click.echo(f"error: {arguments['schema'] or arguments['serde']} cannot be made: {error_with_notes(error)}", err=True)
        sys.exit(USAGE)
    seen = look(payload, decode, encode)
    told = list(remarks(seen, identity=not (arguments["serde"] or arguments["schema"])))
    for line in [_json(seen, told)] if arguments["as_json"] else _lines(seen, told):
        click.echo(line)
    sys.exit(FUNCTION_FAILED if seen.fails else OK)


def _payload(value: str | None, file: Path | None) -> bytes:
    if (value is None) == (file is None):
        raise click.UsageError("Give a VALUE or --file FILE, one of the two.")
    if value is not None:
        return value.encode(errors="surrogateescape")
    return sys.stdin.buffer.read() if file == Path("-") else Path(str(file)).read_bytes()


def _space(code: Path | None) -> ModuleSpace:
    from pfemu.runtime.loading.module_space import ModuleSpace

    place = (code or Path.cwd()).absolute()
    return ModuleSpace((place if place.is_dir() else place.parent,), frozenset())


def _coding(arguments: dict[str, Any], space: ModuleSpace) -> tuple[Decode, Encode]:
    from pfemu.runtime.values.schemas import explained_schema_for
    from pfemu.runtime.values.serde import deserializer_for, serializer_for

    if not arguments["schema"]:
        return deserializer_for(arguments["serde"] or "", space), serializer_for(arguments["serde"] or "", space)
    schema = explained_schema_for(arguments["schema"], arguments["type_class_name"] or "", {}, space)
    return schema.decode, schema.encode


def _json(seen: Look, told: list[str]) -> str:
    shown = {
        "bytes": seen.payload.hex(),
        "type": None if seen.undecodable is not None else type(seen.value).__name__,
        "value": None if seen.undecodable is not None else value_text(seen.value),
        "again": seen.again.hex() if not seen.fails and isinstance(seen.again, bytes) else None,
        "remarks": told,
    }
    return json.dumps(shown, ensure_ascii=False)


def _lines(seen: Look, told: list[str]) -> Iterator[str]:
    yield f"bytes  {_shown(seen.payload)}  ({counted(len(seen.payload), 'byte')})"
    if seen.undecodable is None:
        yield f"value  {value_text(seen.value)}  ({type(seen.value).__name__})"
        if seen.unencodable is None:
            yield f"bytes  {_shown(seen.again)}  ({'the same' if seen.again == seen.payload else 'not the same'})"
    for remark in told:
        yield f"note: {remark}"


def _shown(content: object) -> str:
    if isinstance(content, bytes) and len(content) > _SHOWN_BYTES:
        return f"{content[:_SHOWN_BYTES]!r}..."
    return repr(content)
