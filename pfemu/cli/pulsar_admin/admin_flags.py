"""The flags of ``pulsar-admin functions``: which there are, and from arguments to values by name (picocli, ``CmdFunctions.java``)."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import TypeAlias

from pfemu.model.configuration.cli_config import FlagValue
from pfemu.model.configuration.cli_flags import DEPRECATED, KNOWN, SHORT, TRUTH

Flags: TypeAlias = "dict[str, FlagValue]"
_SHORT = {"-k": "--key", "-s": "--state"}
_OF_ONE_FUNCTION = {"--tenant", "--namespace", "--name", "--fqfn"}
_FLAGS_OF: dict[str, set[str]] = {
    "list": {"--tenant", "--namespace"},
    "get": _OF_ONE_FUNCTION,
    "delete": _OF_ONE_FUNCTION,
    **dict.fromkeys(("start", "stop", "restart", "status", "getstatus", "stats"), _OF_ONE_FUNCTION | {"--instance-id"}),
    "trigger": _OF_ONE_FUNCTION | {"--trigger-value", "--trigger-file", "--topic"},
    "querystate": _OF_ONE_FUNCTION | {"--key"},
    "putstate": _OF_ONE_FUNCTION | {"--state"},
    "upload": {"--source-file", "--path"},
    "download": _OF_ONE_FUNCTION | {"--destination-file", "--path", "--transform-function"},
    "available-functions": set(),
    "reload": set(),
}
_ALONE = {"--update-auth-data", "--transform-function"}
_OF_A_CONFIGURATION = KNOWN | DEPRECATED.keys() | SHORT.keys()
_KNOWN_OF: dict[str, Container[str]] = {
    "create": _OF_A_CONFIGURATION - {"update-auth-data"},
    "update": _OF_A_CONFIGURATION,
    **{command: {flag.lstrip("-") for flag in flags} for command, flags in _FLAGS_OF.items()},
}
COMMANDS = tuple(_KNOWN_OF)
_NEITHER_NAME = "You must specify a name for the function or a Fully Qualified Function Name (FQFN)"
_BOTH_NAMES = "You must specify either a Fully Qualified Function Name (FQFN) or tenant, namespace, and function name"
_BAD_FQFN = "Fully qualified function names (FQFNs) must be of the form tenant/namespace/name"


class RefusedError(Exception):
    """The command ends without asking, or was refused; ``lines`` is what it prints."""

    def __init__(self, *lines: str) -> None:
        super().__init__(lines[0])
        self.lines = lines


def flags_of(command: str, arguments: Sequence[str]) -> Flags:
    """Return the flags by name as given; a flag of truth stands alone or before ``true`` or ``false``.

    Raises:
        RefusedError: in picocli's words.
    """
    known = _KNOWN_OF[command]
    flags: Flags = {}
    unmatched: list[str] = []
    waiting = list(arguments)
    while waiting:
        argument = waiting.pop(0)
        flag, separator, value = argument.partition("=")
        flag = _SHORT.get(flag, flag)
        if flag.lstrip("-") not in known or not flag.startswith("-"):
            unmatched.append(argument)
        elif separator:
            flags[flag] = value
        elif flag.lstrip("-") in TRUTH or flag in _ALONE:
            flags[flag] = waiting.pop(0) if waiting and waiting[0] in {"true", "false"} else True
        else:
            flags[flag] = _value_of(flag, waiting)
    if unmatched:
        named = ", ".join(f"'{argument}'" for argument in unmatched)
        raise RefusedError(f"Unknown option{'s' if len(unmatched) > 1 else ''}: {named}")
    return flags


def _value_of(flag: str, waiting: list[str]) -> str:
    if not waiting:
        raise RefusedError(f"Missing required parameter for option '{flag}'")
    if waiting[0].startswith("--"):
        raise RefusedError(f"Expected parameter for option '{flag}' but found '{waiting[0]}'")
    return waiting.pop(0)


def name_of(flags: Flags) -> tuple[str, str, str]:
    """Return tenant, namespace and name of the function that flags name.

    Raises:
        RefusedError: they name none, or twice.
    """
    fqfn, name = flags.get("--fqfn"), flags.get("--name")
    if fqfn is None and name is None:
        raise RefusedError(f"java.lang.RuntimeException: {_NEITHER_NAME}")
    if fqfn is None:
        return str(flags.get("--tenant", "public")), str(flags.get("--namespace", "default")), str(name)
    if len(flags.keys() & _OF_ONE_FUNCTION) > 1:
        raise RefusedError(f"java.lang.RuntimeException: {_BOTH_NAMES}")
    parts = str(fqfn).split("/")
    if len(parts) != 3:
        raise RefusedError(f"java.lang.RuntimeException: {_BAD_FQFN}")
    return parts[0], parts[1], parts[2]


def required(flags: Flags, name: str) -> str:
    """Return a flag's value.

    Raises:
        RefusedError: it was not given.
    """
    if name not in flags:
        raise RefusedError(f"Missing required option: '{name}'")
    return str(flags[name])


def usage_of(command: str) -> list[str]:
    """Return what may follow a command; what it means is said by ``pfemu run --help`` and Pulsar's own documentation."""
    of_a_configuration = {f"--{name}" for name in KNOWN if command == "update" or name != "update-auth-data"}
    flags = sorted(_FLAGS_OF.get(command, of_a_configuration))
    return [f"Usage: pfemu functions {command} [FLAGS]", "", *(f"  {flag}" for flag in flags)]
