"""Which object of a module is the function, when only a file or a module was named.

One class with ``process`` that the module defines, or a module-level ``process``; failing these one such class that it imports;
a class that leaves ``process`` to others counts only where there is no other;
failing that one function of any name. Two are one too many: nothing is guessed.
"""

from __future__ import annotations

import inspect
import os
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType

from pfemu.errors import LoadError
from pfemu.runtime.loading.explanations import lines, listed, nearest
from pfemu.runtime.loading.invocation import SDK_MODULE, accepts
from pfemu.runtime.loading.sources import CodeLocation


@dataclass(frozen=True, slots=True)
class Choice:
    """The object, and Pulsar's ``className`` for it; ``plain`` is the object when it is a callable that a cluster cannot use."""

    target: object
    class_name: str
    plain: Callable[..., object] | None = None


def choose(module: ModuleType, module_name: str, source: CodeLocation) -> Choice:
    """Find the function of a module.

    Raises:
        LoadError: There is none, or there are several; the text lists them.
    """
    names = vars(module)
    candidates = _classes_with_process(names, lambda defined_in: defined_in == module.__name__)
    if callable(names.get("process")) and not isinstance(names["process"], type):
        candidates["process"] = names["process"]
    candidates = candidates or _classes_with_process(names, lambda defined_in: defined_in != SDK_MODULE)
    if not candidates and _misspelt(names, module):
        raise LoadError(_none(names, module, source))
    functions = {} if candidates else _functions(names, module)
    found = list(candidates or functions)
    if len(found) > 1:
        raise LoadError(_several(found, source))
    if not found:
        raise LoadError(_none(names, module, source))
    if functions:
        return Choice(functions[found[0]], f"{module_name}.{found[0]}", plain=functions[found[0]])
    return named(module, module_name, found[0])


def named(module: ModuleType, module_name: str, name: str) -> Choice:
    """Return an object of a module as the function.

    A function called ``process`` stands for its module. One that can be called with nothing is called at start, as on a
    cluster, and gives the function; any other is a plain function.
    """
    target = getattr(module, name)
    if name == "process" and not isinstance(target, type):
        return Choice(module, module_name)
    is_plain = inspect.isroutine(target) and not accepts(target, 0)
    return Choice(target, f"{module_name}.{name}", plain=target if is_plain else None)


def _classes_with_process(names: Mapping[str, object], defined: Callable[[str], bool]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in names.items():
        if isinstance(value, type) and defined(value.__module__) and _has_process(value) and value not in found.values():
            found[name] = value
    return {name: value for name, value in found.items() if not _leaves_process_open(value)} or found


def _leaves_process_open(defined: object) -> bool:
    """Tell whether ``process`` is marked abstract; with Pulsar's Function as its base such a class can be made all the same."""
    return getattr(getattr(defined, "process", None), "__isabstractmethod__", False)


def _has_process(defined: type) -> bool:
    process = getattr(defined, "process", None)
    return callable(process) and getattr(process, "__module__", None) != SDK_MODULE and not inspect.isabstract(defined)


def _functions(names: Mapping[str, object], module: ModuleType) -> dict[str, Callable[..., object]]:
    return {
        name: value
        for name, value in names.items()
        if callable(value)
        and not isinstance(value, type)
        and not name.startswith("_")
        and getattr(value, "__module__", None) == module.__name__
        and (accepts(value, 1) or accepts(value, 2))
    }


def _own_classes(names: Mapping[str, object], module: ModuleType) -> dict[str, type]:
    return {name: value for name, value in names.items() if isinstance(value, type) and value.__module__ == module.__name__}


def _misspelt(names: Mapping[str, object], module: ModuleType) -> bool:
    """Tell whether a class was meant to be the function: derived from Pulsar's, abstract, or with a method nearly called process."""
    return any(
        any(base.__module__ == SDK_MODULE for base in defined.__mro__)
        or inspect.isabstract(defined)
        or nearest("process", _methods(defined))
        for defined in _own_classes(names, module).values()
    )


def _methods(defined: type) -> list[str]:
    return [name for name, value in vars(defined).items() if callable(value) and not name.startswith("__")]


def _several(names: list[str], source: CodeLocation) -> str:
    return lines(
        f"{source.label} has {len(names)} functions: {listed(names)}.",
        f"Say which: {' or '.join(source.choice(name) for name in names[:3])}.",
    )


def _none(names: Mapping[str, object], module: ModuleType, source: CodeLocation) -> str:
    return lines(
        f"{source.label} has no function.",
        "Expected: a class with a method process(self, input, context), or a module-level def process(input).",
        *(_found(name, defined) for name, defined in _own_classes(names, module).items()),
        *_modules_of_package(module, source),
    )


def _modules_of_package(module: ModuleType, source: CodeLocation) -> list[str]:
    """Say where else a package may have its function: nobody looks into its modules."""
    if not hasattr(module, "__path__"):
        return []
    found = list(_modules_below(module.__path__, module.__name__))
    there = f", with the modules {listed(found)}" if found else ""
    example = f"{module.__name__}.module.Class"
    return [f"{module.__name__} is a package{there}. Say which class, as in {source.choice(example) if source.path else example}."]


def _modules_below(paths: Iterable[str], package: str) -> Iterator[str]:
    """Yield the modules of a package and of those in it, importing none."""
    for path in paths:
        for each in pkgutil.iter_modules([path], f"{package}."):
            if each.ispkg:
                yield from _modules_below([os.path.join(path, each.name.rpartition(".")[2])], each.name)  # noqa: PTH118 - a path of sys.path's kind
            else:
                yield each.name


def _found(name: str, defined: type) -> str:
    if inspect.isabstract(defined):
        missing = sorted(getattr(defined, "__abstractmethods__", ()))
        return f"Found: class {name}, abstract: define {', '.join(missing)}."
    methods = _methods(defined)
    what = f"with {listed(methods)}" if methods else "without a method"
    return f"Found: class {name} {what}. {nearest('process', methods)}".rstrip()
