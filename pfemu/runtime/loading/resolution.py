"""From code to the object in it: by class path, as a cluster does, or by looking for it."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from pfemu.errors import LoadError
from pfemu.runtime.loading.choice import Choice, choose, named
from pfemu.runtime.loading.class_path import import_class
from pfemu.runtime.loading.explanations import ImportFailure, lines, listed, module_names, nearest
from pfemu.runtime.loading.hidden_files import hidden_imports, is_hidden, why_hidden
from pfemu.runtime.loading.module_space import ModuleSpace
from pfemu.runtime.loading.sources import CodeLocation


def resolve(space: ModuleSpace, source: CodeLocation, class_name: str) -> Choice:
    """Return what a class path names.

    Raises:
        LoadError: There is nothing; the text begins as the instance's ``NameError`` does (``PythonInstance.run``).
    """
    try:
        target = import_class(space, class_name)
    except SystemExit as error:
        raise LoadError(ImportFailure(error, space.search_path, space.modules).text()) from error
    if target is None:
        failure = space.failures.get(class_name)
        why = f"{class_name} is None." if failure is None else _why(space, source, class_name, failure)
        raise LoadError(lines(f"Could not import User Function Module {class_name}", why)) from failure
    return Choice(target, class_name)


def look_for(space: ModuleSpace, source: CodeLocation) -> Choice:
    """Return the function of code that was named without a class path.

    Raises:
        LoadError: The code cannot be imported, or has no function, or several.
    """
    module_name = source.module
    if module_name is None:
        names = module_names(source.directory)
        there = f"it has the modules {listed(names)}" if names else "it has no module"
        raise LoadError(lines(f"{source.label} does not tell its function: {there}.", f"Say which, as in {source.choice('module.Class')}."))
    if source.path is not None and is_hidden(module_name, by_class_path=True):
        raise LoadError(why_hidden(module_name))
    try:
        module = space.import_module(module_name)
    except (Exception, SystemExit) as error:
        raise LoadError(lines(ImportFailure(error, space.search_path, space.modules).text(), *_hidden(space))) from error
    if source.name is None:
        return choose(module, module_name, source)
    if not hasattr(module, source.name):
        raise LoadError(_no_such_name(module, module_name, source.name))
    return named(module, module_name, source.name)


def source_warnings(space: ModuleSpace, source: CodeLocation) -> list[str]:
    """Return what a cluster would make of the files themselves, once they are imported."""
    warnings = _hidden(space)
    if source.archive is not None:
        warnings.extend(source.archive.warnings)
    siblings = [name for name in space.modules if name != source.module]
    if source.path is not None and source.archive is None and siblings:
        warnings.append(
            f"{source.label} imports {listed(siblings)} from its own directory; a cluster gets the one file only. Pack them as a zip:"
            " NAME.zip with the files in NAME/src.",
        )
    return warnings


def _hidden(space: ModuleSpace) -> list[str]:
    return [why_hidden(name) for name in hidden_imports(space.modules, space.search_path)]


def _why(space: ModuleSpace, source: CodeLocation, class_name: str, failure: Exception) -> str:
    """Say what a cluster leaves to its log file."""
    module_name, _, name = class_name.rpartition(".")
    top = (module_name or name).partition(".")[0]
    if is_hidden(top, by_class_path=True) and any((Path(directory) / f"{top}.py").is_file() for directory in space.search_path):
        return why_hidden(top)
    if isinstance(failure, AttributeError) and module_name in space.modules and not hasattr(space.modules[module_name], name):
        return _no_such_name(space.modules[module_name], module_name, name)
    explained = ImportFailure(failure, space.search_path, space.modules)
    if isinstance(failure, ModuleNotFoundError) and not explained.place():
        archive = source.archive.warnings if source.archive is not None else ()
        return lines(_no_such_module(space, source, class_name, failure), *archive)
    return lines(explained.text(), *_hidden(space))


def _no_such_name(module: ModuleType, module_name: str, name: str) -> str:
    names = [key for key, value in vars(module).items() if callable(value) and getattr(value, "__module__", None) == module.__name__]
    there = f"{module_name} has: {listed(names)}." if names else f"{module_name} defines no class and no function."
    return lines(f"There is no {name!r} in {module_name}.", there, nearest(name.strip(), names))


def _no_such_module(space: ModuleSpace, source: CodeLocation, class_name: str, failure: ModuleNotFoundError) -> str:
    module_name, _, name = class_name.rpartition(".")
    there = sorted({known for directory in space.search_path for known in module_names(Path(directory))})
    if not module_name:
        hint = f"Write {source.module}.{name}." if source.module else ""
        return lines(f"{failure}: without a dot, a class path is the name of a module.", hint)
    if module_name.rpartition(".")[0] in space.modules:
        return lines(f"{failure}.", f"A class path ends with a class, not with what is in it: write {module_name}.")
    listing = f"The code has: {listed(there)}." if there else "The code has no module."
    return lines(f"{failure}.", listing, nearest(module_name, there))
