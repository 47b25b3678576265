"""Archives: what a real 4.0.8 made of each layout, recorded from it; nothing is downloaded."""

import zipfile
from pathlib import Path

import pytest

from tests.runtime.loading.project import Project

MAIN = "class F:\n    def process(self, input, context):\n        return {}\n"
METADATA = "Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{more}"


def archive(project: Project, name: str, files: dict[str, str | bytes]) -> Path:
    path = project.directory / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as opened:
        for file, content in files.items():
            opened.writestr(file, content)
    return path


def wheel(project: Project, name: str, files: dict[str, str], more: str = "") -> bytes:
    path = archive(
        project, f"wheels/{name}-1.0-py3-none-any.whl", {**files, f"{name}-1.0.dist-info/METADATA": METADATA.format(name=name, more=more)}
    )
    return path.read_bytes()


def test_a_file_that_is_no_zip_is_refused(project):
    project.write("notzip.zip", "not a zip")

    assert "notzip.zip cannot be unpacked: File is not a zip file." in project.refusal("notzip.zip", "main.F")


def test_a_top_folder_that_is_not_the_archives_name_is_refused_and_the_right_name_told(project):
    archive(project, "renamed.zip", {"shop/src/main.py": MAIN.format("1")})

    text = project.refusal("renamed.zip", "main.F")

    assert text.startswith("Could not import User Function Module main.F\nNo module named 'main'.")
    assert "renamed.zip has shop/src, and Pulsar looks for renamed/src: name the archive shop.zip." in text


def test_a_deps_folder_without_a_wheel_is_refused_as_pip_does(project):
    archive(project, "shop.zip", {"shop/src/main.py": MAIN.format("1"), "shop/deps/README": "none"})

    assert project.refusal("shop.zip", "main.F").startswith("Could not install user depedencies specified by the zip file\n")


def test_a_wheel_in_deps_that_needs_another_one_is_refused_without_it(project):
    tiny = wheel(project, "tinydep", {"tinydep.py": ""}, more="Requires-Dist: other-dep>=1\nRequires-Dist: extra-dep ; extra == 'x'\n")
    archive(project, "shop.zip", {"shop/src/main.py": MAIN.format("1"), "shop/deps/tinydep-1.0-py3-none-any.whl": tiny})

    text = project.refusal("shop.zip", "main.F")

    assert "tinydep-1.0-py3-none-any.whl requires other-dep>=1, and shop/deps of shop.zip has no wheel of it." in text
    assert "extra-dep" not in text


def test_an_archive_of_several_modules_does_not_tell_its_function(project):
    archive(project, "shop.zip", {"shop/src/main.py": MAIN.format("1"), "shop/src/pricing.py": ""})

    text = project.refusal("shop.zip")

    assert "shop.zip does not tell its function: it has the modules main, pricing.\nSay which, as in shop.zip:module.Class." in text


@pytest.mark.parametrize(
    ("name", "files", "class_name", "output"),
    [
        (
            "shop.zip",
            {"shop/src/main.py": "from pricing import price\n" + MAIN.format("price"), "shop/src/pricing.py": "price = 3\n"},
            "main.F",
            3,
        ),
        ("flat.zip", {"main.py": MAIN.format("'flat'")}, "main.F", "flat"),
        (
            "pack.zip",
            {
                "pack/src/pack/__init__.py": "",
                "pack/src/pack/main.py": "from .price import price\n" + MAIN.format("price"),
                "pack/src/pack/price.py": "price = 4\n",
            },
            "pack.main.F",
            4,
        ),
        ("emptyreq.zip", {"emptyreq/src/main.py": MAIN.format("'x'"), "emptyreq/requirements.txt": "# nothing\n"}, "main.F", "x"),
        (
            "fn-1.0-py3-none-any.whl",
            {"fn.py": MAIN.format("'wheel'"), "fn-1.0.dist-info/METADATA": METADATA.format(name="fn", more="")},
            "fn.F",
            "wheel",
        ),
        (
            "wp-1.0-py3-none-any.whl",
            {"wp/__init__.py": "from .main import F\n", "wp/main.py": MAIN.format("__name__")},
            "wp.F",
            "wp.main",
        ),
    ],
)
def test_a_layout_that_pulsar_knows_works(project, name, files, class_name, output):
    archive(project, name, files)

    loaded = project.load(name, class_name)

    assert loaded.process("a", None) == output
    assert loaded.warnings == ()
    assert loaded.path == project.directory / name


def test_wheels_in_deps_are_there_to_import(project):
    first = wheel(project, "tinydep", {"tinydep.py": "import other_dep\n\ntag = other_dep.tag\n"}, more="Requires-Dist: other_dep\n")
    second = wheel(project, "other_dep", {"other_dep-1.0.data/purelib/other_dep.py": "tag = 'dep '\n"})
    archive(
        project,
        "dep.zip",
        {
            "dep/src/main.py": "import tinydep\n" + MAIN.format("tinydep.tag + input"),
            "dep/deps/tinydep-1.0-py3-none-any.whl": first,
            "dep/deps/other_dep-1.0-py3-none-any.whl": second,
            "dep/deps/notes.txt": "",
        },
    )

    assert project.load("dep.zip", "main.F").process("x", None) == "dep x"


def test_requirements_are_named_and_those_missing_warned_about_and_nothing_is_installed(project):
    archive(
        project,
        "shop.zip",
        {
            "shop/src/main.py": MAIN.format("1"),
            "shop/requirements.txt": "# what it needs\npulsar-client>=3.0  # there\nno-such-package==1.0\n\n--no-cache\n",
        },
    )

    loaded = project.load("shop.zip", "main.F")

    assert loaded.requirements == ("pulsar-client>=3.0", "no-such-package==1.0")
    (warning,) = loaded.warnings
    assert "shop/requirements.txt asks for no-such-package==1.0: a cluster installs that with pip" in warning


@pytest.mark.parametrize("requirement", ["./no-such-directory", "/somewhere/a.whl"])
def test_a_requirement_that_is_a_path_is_refused_as_pip_does_on_a_cluster(project, requirement):
    archive(project, "shop.zip", {"shop/src/main.py": MAIN.format("1"), "shop/requirements.txt": f"{requirement}\n"})

    text = project.refusal("shop.zip", "main.F")

    assert text.startswith("Could not install user depedencies")
    assert f"names the path {requirement}" in text


def test_what_a_wheel_requires_is_named_too(project):
    path = project.directory / "wheels" / "fn-1.0-py3-none-any.whl"
    wheel(project, "fn", {"fn.py": MAIN.format("1")}, more="Requires-Dist: no-such-package\n")

    loaded = project.load(path, "fn.F")

    assert loaded.requirements == ("no-such-package",)
    assert "fn-1.0-py3-none-any.whl asks for no-such-package" in loaded.warnings[0]


@pytest.mark.parametrize("source", ["shop.zip", "shop.zip:main.F", "shop.zip:main"])
def test_the_function_of_an_archive_is_found_without_a_class_path_too(project, source):
    archive(project, "shop.zip", {"shop/src/main.py": MAIN.format("'found'")})

    loaded = project.load(f"{project.directory}/{source}")

    assert (loaded.class_name, loaded.process("a", None)) == ("main.F", "found")


def test_an_archive_is_unpacked_into_a_directory_of_its_own(project):
    archive(project, "shop.zip", {"shop/src/main.py": MAIN.format("__file__")})

    loaded = project.load("shop.zip", "main.F")

    assert loaded.process("a", None) == str(loaded.directory / "main.py")
    assert loaded.directory.parts[-2:] == ("shop", "src")
    assert not loaded.directory.is_relative_to(project.directory)


def test_a_temporary_directory_goes_with_the_last_function_of_the_archive(project):
    archive(project, "shop.zip", {"shop/src/main.py": MAIN.format("__file__")})
    loaded = project.load("shop.zip", "main.F")
    file = Path(loaded.process("a", None))

    fresh = project.again(loaded)
    assert fresh.process("a", None) == str(file)
    assert file.is_file()


def test_a_name_that_leads_out_of_the_archive_stays_inside(project):
    archive(project, "shop.zip", {"shop/src/main.py": MAIN.format("1"), "../outside.py": "", "/absolute.py": ""})

    unpacked = project.load("shop.zip", "main.F").directory.parents[1]

    assert not (unpacked.parent / "outside.py").exists()
    assert (unpacked / "outside.py").exists()


def test_two_archives_with_the_same_modules_do_not_meet(project):
    for name in ("one", "two"):
        archive(
            project, f"{name}.zip", {f"{name}/src/main.py": MAIN.format("__import__('part').X"), f"{name}/src/part.py": f"X = '{name}'\n"}
        )

    loads = [project.load(f"{name}.zip", "main.F") for name in ("one", "two")]

    assert [loaded.process("a", None) for loaded in loads] == ["one", "two"]
