"""Files and functions stay small enough to be read at once."""

import pytest

from tests.architecture.source_tree import PACKAGES, ROOT, SOURCE_FOLDERS, functions_of, name_of, python_files

FILE_CAP, FILE_SOFT_CAP = 500, 300
FUNCTION_CAP, FUNCTION_SOFT_CAP = 40, 15
EXCEPTIONS = 0.1  # of all files, or functions, may be over the soft cap

FILES = python_files(*SOURCE_FOLDERS)
PACKAGE_FILES = python_files(*PACKAGES)
GENERIC_NAMES = {"base", "common", "helper", "helpers", "manager", "misc", "util", "utils"}


def line_count(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def over(cap, sizes):
    """Return the names in ``sizes`` that are over ``cap``, largest first, one a line."""
    return "\n".join(f"{size:5} {name}" for name, size in sorted(sizes.items(), key=lambda item: -item[1]) if size > cap)


def function_sizes():
    return {f"{name_of(path)}:{function.lineno} {function.name}": size for path in PACKAGE_FILES for function, size in functions_of(path)}


def test_no_file_is_over_the_cap():
    listing = over(FILE_CAP, {name_of(path): line_count(path) for path in FILES})
    assert not listing, f"over {FILE_CAP} lines:\n{listing}"


def test_few_files_are_over_the_soft_cap():
    sizes = {name_of(path): line_count(path) for path in PACKAGE_FILES}
    listing = over(FILE_SOFT_CAP, sizes)
    assert len(listing.splitlines()) <= EXCEPTIONS * len(sizes), f"over {FILE_SOFT_CAP} lines:\n{listing}"


def test_no_function_is_over_the_cap():
    listing = over(FUNCTION_CAP, function_sizes())
    assert not listing, f"over {FUNCTION_CAP} lines:\n{listing}"


def test_few_functions_are_over_the_soft_cap():
    sizes = function_sizes()
    listing = over(FUNCTION_SOFT_CAP, sizes)
    assert len(listing.splitlines()) <= EXCEPTIONS * len(sizes), f"over {FUNCTION_SOFT_CAP} lines:\n{listing}"


@pytest.mark.parametrize("path", PACKAGE_FILES, ids=name_of)
def test_a_module_is_named_for_what_it_holds(path):
    assert not GENERIC_NAMES.intersection(path.relative_to(ROOT).with_suffix("").parts)
