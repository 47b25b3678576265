"""How ``pulsar-admin`` takes a command's arguments apart: options, what they were given, and what is said of the rest.

* A long option's value follows it, or ``=``; a short one's may be joined to it. A value that looks like an option of the command is none.
* A flag of truth stands alone; its value can only follow ``=``.
* Values are converted as they are met; an option given twice is refused then, a missing required one and what is left over at the end.
* With ``--help`` or ``--version`` nothing is missing or left over.

Source: ``CommandLine.Interpreter`` of picocli 4.7.5, with the settings of ``PulsarAdminTool``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from pfemu.cli.pulsar_admin.picocli_suggestions import resembles_option, similar_commands, visible_with_prefix

Flags: TypeAlias = "dict[str, str | bool | int | float]"
_END_OF_OPTIONS = "--"


class RefusedError(Exception):
    """The command ends without asking, or was refused; ``lines`` is what it prints."""

    def __init__(self, *lines: str) -> None:
        super().__init__(lines[0])
        self.lines = lines


@dataclass(frozen=True, slots=True)
class Option:
    """What a command takes. ``check`` refuses a value that cannot be converted; ``label`` is what its value is called."""

    names: tuple[str, ...]
    label: str
    takes_value: bool = True
    is_required: bool = False
    is_hidden: bool = False
    check: Callable[[str, str], None] | None = None

    @property
    def name(self) -> str:
        """The longest name, by which messages call it."""
        return max(self.names, key=len)

    @property
    def said(self) -> str:
        """What a complaint about the whole option calls it."""
        return f"option '{self.name}'" + (f" (<{self.label}>)" if self.takes_value else "")


@dataclass(slots=True)
class Arguments:
    """Arguments of one command, taken apart: ``flags`` by longest names, and what belongs to none, with the first one's index."""

    options: Sequence[Option]
    subcommands: Sequence[str] = ()
    flags: Flags = field(default_factory=dict)
    unmatched: list[str] = field(default_factory=list)
    unmatched_index: int = -1
    _by_name: Mapping[str, Option] = field(init=False)
    _waiting: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Index the options."""
        self._by_name = {name: option for option in self.options for name in option.names}

    def read(self, arguments: Sequence[str], first: int) -> None:
        """Take arguments apart; ``first`` is the index of the first among all of the command line.

        Raises:
            RefusedError: a value is missing, is not one, or comes twice.
        """
        self._waiting = list(reversed(arguments))
        end = first + len(arguments)
        while self._waiting:
            index, argument = end - len(self._waiting), self._waiting.pop()
            if argument == _END_OF_OPTIONS:
                while self._waiting:
                    index, argument = end - len(self._waiting), self._waiting.pop()
                    self._leave(argument, index)
            elif not self._read_option(argument) and not self._read_cluster(argument, index):
                self._leave(argument, index)

    def finish(self) -> None:
        """Refuse what is missing or left over.

        Raises:
            RefusedError: in picocli's words.
        """
        missing = [f"'{option.name}=<{option.label}>'" for option in self.options if option.is_required and option.name not in self.flags]
        if missing:
            raise RefusedError(f"Missing required option{'s' if len(missing) > 1 else ''}: {', '.join(missing)}")
        if self.unmatched:
            raise RefusedError(*self._words_of_unmatched())

    def _leave(self, argument: str, index: int) -> None:
        if not self.unmatched:
            self.unmatched_index = index
        self.unmatched.append(argument)

    def _read_option(self, argument: str) -> bool:
        name, separator, attached = argument.partition("=")
        if argument in self._by_name:
            self._apply(self._by_name[argument], None)
        elif separator and name in self._by_name:
            self._apply(self._by_name[name], attached)
        else:
            return False
        return True

    def _read_cluster(self, argument: str, index: int) -> bool:
        """Read short options written as one, the last of which may have its value joined to it."""
        cluster = argument[1:]
        if len(argument) <= 2 or not argument.startswith("-") or f"-{cluster[0]}" not in self._by_name:
            return False
        while cluster:
            option = self._by_name.get(f"-{cluster[0]}")
            if option is None:
                self._leave(f"-{cluster}", index)
                break
            cluster = cluster[1:]
            attached = cluster.startswith("=")
            if option.takes_value or attached:
                self._apply(option, cluster.removeprefix("=") if cluster else None)
                break
            self._apply(option, None)
        return True

    def _apply(self, option: Option, attached: str | None) -> None:
        value: str | bool = True
        if attached is not None or option.takes_value:
            value = self._value_of(option, attached)
            if option.check is not None:
                option.check(option.name, value)
        if option.name in self.flags:
            raise RefusedError(f"{option.said} should be specified only once")
        self.flags[option.name] = value

    def _value_of(self, option: Option, attached: str | None) -> str:
        if attached is None and not self._waiting:
            raise RefusedError(f"Missing required parameter for {option.said}")
        value = self._waiting.pop() if attached is None else attached
        if self._is_option(value):
            raise RefusedError(f"Expected parameter for option '{option.name}' but found '{value}'")
        return value

    def _is_option(self, value: str) -> bool:
        if value == _END_OF_OPTIONS or value in self._by_name or value.partition("=")[0] in self._by_name:
            return True
        return len(value) > 2 and value.startswith("-") and value[:2] in self._by_name

    def _words_of_unmatched(self) -> list[str]:
        first, *others = self.unmatched
        quoted = ", ".join(f"'{argument}'" for argument in self.unmatched)
        if resembles_option(first, self._by_name):
            names = [name for option in self.options if not option.is_hidden for name in option.names]
            solutions = visible_with_prefix(first, names)
            said = [f"Unknown option{'s' if others else ''}: {quoted}"]
            return said + ([f"Possible solutions: {', '.join(solutions)}"] if solutions else [])
        similar = [f"functions {name}" for name in similar_commands(first, self.subcommands)]
        where = "arguments from" if others else "argument at"
        said = [f"Unmatched {where} index {self.unmatched_index}: {quoted}"]
        return said + ([f"Did you mean: {' or '.join(similar)}?"] if similar else [])
