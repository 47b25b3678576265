"""Modules of a load are its own: fresh for each, never another's, found again by whatever looks them up later."""

import importlib.util
import pickle
import shutil
import sys
import typing
from pathlib import Path

import pytest

from pfemu.runtime.loading.contested_modules import ContestedModule
from tests.runtime.loading.lazy_function import answers, write


def test_a_function_alone_has_its_modules_in_sys_modules_as_usual(project):
    loaded = project.load(write(project, "one"))

    assert loaded.process("tea", None) == answers("one", 1)
    for name in ("function", "helper", "package", "package.part", "late"):
        assert sys.modules[name] is loaded.modules[name]
        assert type(sys.modules[name]) is not ContestedModule


def test_functions_with_the_same_module_names_do_not_meet(project):
    loads = {name: project.load(write(project, name)) for name in ("one", "two", "three")}

    for calls in (1, 2):
        for name, loaded in loads.items():
            assert loaded.process("tea", None) == answers(name, calls)


def test_the_same_file_loaded_twice_is_two_functions(project):
    first = project.load(write(project, "one"))
    second = project.again(first)

    assert first.process("tea", None) == answers("one", 1)
    assert second.process("tea", None) == answers("one", 1)
    assert first.target is not second.target
    assert first.modules["helper"] is not second.modules["helper"]


def test_a_load_again_has_the_files_as_they_are_now_and_the_old_one_stays_as_it_was(project):
    old = project.load(write(project, "one"))
    project.write("one/helper.py", "NAME = 'helper new'\ncalls = 40\n")
    project.write("one/late.py", "NAME = 'late now'\n")

    new = project.again(old)

    assert old.process("tea", None) == ["helper one"] * 3 + ["part one", "late now", 1]
    assert new.process("tea", None) == ["helper new"] * 3 + ["part one", "late now", 41]


def test_an_edit_of_the_same_length_within_one_clock_tick_is_seen(project):
    path = project.write("function.py", "def process(input):\n    return 1\n")
    loaded = project.load(path)
    for value in (2, 3, 4):
        path.write_text(f"def process(input):\n    return {value}\n", encoding="utf-8")
        loaded = project.again(loaded)
        assert loaded.process("a") == value


def test_a_neighbour_that_appears_later_is_found(project):
    path = project.write("function.py", "def process(input):\n    import brand_new\n\n    return brand_new.NAME\n")
    loaded = project.load(path)
    with pytest.raises(ModuleNotFoundError):
        loaded.process("a")

    project.write("brand_new.py", "NAME = 'here'\n")

    assert loaded.process("a") == "here"
    assert "brand_new" in loaded.modules


def test_no_bytecode_is_left_in_the_users_directory(project):
    project.load(write(project, "one")).process("tea", None)

    assert not list(project.directory.rglob("__pycache__"))


def test_a_module_that_somebody_else_has_imported_under_the_name_stays_theirs(project, monkeypatch):
    project.write("theirs/helper.py", "NAME = 'theirs'\n")
    project.write("theirs/late.py", "NAME = 'late theirs'\n")
    monkeypatch.syspath_prepend(project.directory / "theirs")
    theirs = importlib.import_module("helper")
    importlib.import_module("late")

    loaded = project.load(write(project, "one"))

    assert loaded.process("tea", None) == answers("one", 1)
    import helper  # what the test itself gets

    assert helper.NAME == "theirs"
    assert dir(helper) == dir(theirs)
    helper.NAME = "changed"
    assert theirs.NAME == "changed"
    del helper.NAME
    assert not hasattr(theirs, "NAME")
    assert "theirs" in repr(helper)
    loaded.unload()
    assert sys.modules.pop("helper") is theirs
    sys.modules.pop("late")


def test_a_package_of_the_user_keeps_its_relative_imports(project):
    project.write("shop/__init__.py")
    project.write("shop/main.py", "from .prices import RATE\nfrom . import prices\n\ndef process(input):\n    return RATE, prices.RATE\n")
    project.write("shop/prices.py", "RATE = 3\n")

    loaded = project.load("shop.main", config_directory=project.directory)

    assert loaded.process("a") == (3, 3)
    assert loaded.class_name == "shop.main"
    assert set(loaded.modules) == {"shop", "shop.main", "shop.prices"}


def test_a_directory_without_init_is_a_package_too(project):
    project.write(
        "function.py",
        "from parts import first\n\ndef process(input):\n    from parts.deep import second\n\n    return first.X + second.X\n",
    )
    project.write("parts/first.py", "X = 1\n")
    project.write("parts/deep/second.py", "X = 2\n")

    assert project.load("function.py").process("a") == 3


def test_directories_without_init_do_not_meet_either(project):
    for name in ("one", "two"):
        project.write(
            f"{name}/function.py",
            "from parts import first\n\ndef process(input):\n    from parts import second\n\n    return first.X, second.X\n",
        )
        project.write(f"{name}/parts/first.py", f"X = 'first {name}'\n")
        project.write(f"{name}/parts/second.py", f"X = 'second {name}'\n")
    loads = {name: project.load(project.directory / name / "function.py") for name in ("one", "two")}

    assert {name: loaded.process("a") for name, loaded in loads.items()} == {
        "one": ("first one", "second one"),
        "two": ("first two", "second two"),
    }


def test_a_module_that_replaces_itself_does_so_for_its_own_load_only(project):
    for name in ("one", "two"):
        project.write(f"{name}/settings.py", f"import sys\n\nclass Settings:\n    NAME = '{name}'\n\nsys.modules[__name__] = Settings\n")
        project.write(
            f"{name}/function.py",
            "import settings\n\ndef process(input):\n    import settings as late\n\n    return settings.NAME, late.NAME\n",
        )
    loads = {name: project.load(project.directory / name / "function.py") for name in ("one", "two")}

    assert {name: loaded.process("a") for name, loaded in loads.items()} == {"one": ("one", "one"), "two": ("two", "two")}


def test_modules_at_the_top_are_the_real_ones_also_when_names_are_shared(project):
    first, second = project.load(write(project, "one")), project.load(write(project, "one"))

    for loaded in (first, second):
        assert loaded.modules["function"].helper is loaded.modules["helper"]


def test_a_late_import_that_fails_fails_for_each_message_until_it_is_mended(project):
    for name in ("one", "two"):
        project.write(f"{name}/function.py", "def process(input):\n    import late\n\n    return late.NAME\n")
        project.write(f"{name}/late.py", "raise RuntimeError('broken')\n")
    loads = [project.load(project.directory / name / "function.py") for name in ("one", "two")]
    for loaded in loads:
        for _message in range(2):
            with pytest.raises(RuntimeError, match="broken"):
                loaded.process("a")

    project.write("one/late.py", "NAME = 'mended'\n")

    assert loads[0].process("a") == "mended"
    with pytest.raises(RuntimeError, match="broken"):
        loads[1].process("a")


def test_neighbours_that_import_each_other_do_so_in_every_load(project):
    project.write("function.py", "import other\n\nNAME = 'function'\n\ndef process(input):\n    return other.name()\n")
    project.write("other.py", "import function\n\ndef name():\n    return function.NAME, function.process\n")
    loads = [project.load("function.py") for _load in range(3)]

    for loaded in loads:
        assert loaded.process("a") == ("function", loaded.modules["function"].process)


def test_installed_packages_stay_shared(project):
    project.write("function.py", "import hypothesis\n\ndef process(input):\n    return hypothesis\n")

    assert project.load("function.py").process("a") is sys.modules["hypothesis"]


def test_an_extension_module_in_the_users_directory_is_shared(project):
    names = [name for name in ("xxlimited", "_testbuffer", "_ctypes_test", "_statistics") if importlib.util.find_spec(name)]
    if not names:
        pytest.skip("this Python has no extension module in a file of its own")
    file = Path(importlib.util.find_spec(names[0]).origin)
    shutil.copy(file, project.directory / file.name)
    project.write("function.py", f"import {names[0]} as extension\n\ndef process(input):\n    return extension\n")
    before = sys.modules.get(names[0])

    first, second = project.load("function.py"), project.load("function.py")

    assert first.process("a") is second.process("a") is sys.modules[names[0]]
    assert first.process("a") is before or before is None
    if before is None:
        del sys.modules[names[0]]


def test_a_directory_named_as_an_installed_package_does_not_hide_it(project):
    project.write("hypothesis/notes.txt")
    project.write("function.py", "import hypothesis\n\ndef process(input):\n    return hypothesis.given\n")

    assert project.load("function.py").process("a") is sys.modules["hypothesis"].given


def test_the_users_directory_goes_first_on_the_path_while_it_is_imported_and_leaves_it_again(project):
    project.write("function.py", "import sys\n\nFIRST = sys.path[0]\n\ndef process(input):\n    return FIRST\n")

    assert project.load("function.py").process("a") == str(project.directory)
    assert str(project.directory) not in sys.path


def test_a_module_may_take_its_directory_off_the_path(project):
    project.write("function.py", "import sys\n\nsys.path.pop(0)\n\ndef process(input):\n    return 1\n")

    assert project.load("function.py").process("a") == 1


@pytest.mark.parametrize("first", [True, False])
def test_a_module_that_only_another_function_has_is_not_found(project, first):
    other = project.load(write(project, "one")) if first else None
    project.write("two/top.py", "import helper\n\ndef process(input): ...\n")
    project.write("two/part_of.py", "from helper import NAME\n\ndef process(input): ...\n")
    project.write("two/lazy.py", "def process(input):\n    import helper\n\n    return helper.NAME\n")
    project.write("two/named.py", "import importlib\n\ndef process(input):\n    return importlib.import_module('helper')\n")
    lazy = [project.load(project.directory / "two" / name) for name in ("lazy.py", "named.py")]
    other = other or project.load(write(project, "one"))

    assert other.process("tea", None) == answers("one", 1)
    for name in ("top.py", "part_of.py"):
        assert "No module named 'helper'" in project.refusal(project.directory / "two" / name)
    assert "No module named 'helper'" in project.refusal(project.directory / "two" / "lazy.py", "helper.F")
    for loaded in lazy:
        with pytest.raises(ModuleNotFoundError, match="No module named 'helper'"):
            str(loaded.process("a"))
    assert other.process("tea", None) == answers("one", 2)


def test_looking_through_sys_modules_imports_nothing(project):
    for name in ("one", "two"):
        project.write(f"{name}/function.py", "import inspect\n\ndef process(input):\n    return inspect.stack()[0].function\n")
        project.write(f"{name}/late.py", "raise RuntimeError('imported')\n")
    loads = [project.load(project.directory / name / "function.py") for name in ("one", "two")]
    project.write("three/function.py", "import late\n\ndef process(input):\n    return late\n")
    project.write("three/late.py")
    third = project.load(project.directory / "three/function.py")

    assert [loaded.process("a") for loaded in loads] == ["process", "process"]
    assert third.process("a") is third.modules["late"]
    assert not any("late" in loaded.modules for loaded in loads)
    assert [hasattr(module, "__no_such_mark__") for module in list(sys.modules.values())].count(True) == 0


def test_what_is_given_up_goes_on_working_while_others_have_the_names(project):
    one, two = project.load(write(project, "one")), project.load(write(project, "two"))
    assert one.process("tea", None) == answers("one", 1)

    two.unload()
    assert one.process("tea", None) == answers("one", 2)
    assert sys.modules["helper"] is one.modules["helper"]
    assert type(sys.modules["helper"]) is not ContestedModule


def test_giving_up_twice_does_no_harm(project):
    loaded = project.load(write(project, "one"))

    loaded.unload()
    loaded.unload()

    assert "helper" not in sys.modules


def test_a_hundred_loads_one_after_the_other_leave_nothing(project):
    path = write(project, "one")
    loaded = project.load(path)
    for _save in range(100):
        fresh = project.again(loaded)
        assert fresh.process("tea", None) == answers("one", 1)
        loaded.unload()
        loaded = fresh

    assert sys.modules["helper"] is loaded.modules["helper"]


def test_class_paths_of_a_load_give_the_classes_of_its_own_modules(project):
    project.write("function.py", "class Order:\n    pass\n\nclass F:\n    def process(self, i, c):\n        return Order()\n")
    loads = [project.load("function.py"), project.load("function.py", "function.F")]

    for loaded in loads:
        assert type(loaded.process("a", None)) is loaded.import_class("function.Order")
    assert loads[0].import_class("function.Order") is not loads[1].import_class("function.Order")
    assert loads[0].import_class("function.Nope") is None


def test_objects_of_a_load_can_be_pickled_by_code_that_is_nobodys(project):
    project.write("function.py", "class Order:\n    pass\n\ndef process(input):\n    return Order()\n")
    first, second = project.load("function.py"), project.load("function.py")

    for loaded in (first, second):
        order = loaded.process("a")
        copy = loaded.space.within(lambda value: pickle.loads(pickle.dumps(value)))(order)
        assert type(copy) is type(order)


def test_the_modules_of_a_load_cannot_be_changed_from_outside(project):
    project.write("function.py", "def process(input): ...\n")

    modules = typing.cast("dict[str, object]", project.load("function.py").modules)

    with pytest.raises(TypeError):
        modules["function"] = None


def test_a_submodule_may_be_the_first_that_a_function_imports_of_a_package_that_others_have(project):
    for name, part in (("one", "first"), ("two", "second")):
        project.write(f"{name}/function.py", f"def process(input):\n    import package.{part}\n\n    return package.{part}.NAME\n")
        project.write(f"{name}/package/__init__.py")
        project.write(f"{name}/package/{part}.py", f"NAME = '{part} {name}'\n")
    loads = {name: project.load(project.directory / name / "function.py") for name in ("one", "two")}

    assert {name: loaded.process("a") for name, loaded in loads.items()} == {"one": "first one", "two": "second two"}
