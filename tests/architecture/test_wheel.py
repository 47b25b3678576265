"""What a wheel and a source distribution hold: the packages and their papers, nothing else."""

import subprocess
import sys
import tarfile
import zipfile
from email.parser import Parser

import pytest

import pfemu
from tests.architecture.source_tree import PACKAGES, PYPROJECT, ROOT

DIST_INFO = f"pfemu-{pfemu.__version__}.dist-info"


def build(target, folder):
    """Build with the backend of this environment: nothing is downloaded."""
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)], cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build("wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def metadata(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return Parser().parsestr(archive.read(f"{DIST_INFO}/METADATA").decode())


def test_a_wheel_runs_on_every_platform(wheel):
    assert wheel.name == f"pfemu-{pfemu.__version__}-py3-none-any.whl"


def test_a_wheel_holds_the_packages_and_nothing_else(wheel):
    sources = {
        path.relative_to(package.parent).as_posix()
        for package in PACKAGES
        for path in package.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    papers = {f"{DIST_INFO}/{name}" for name in ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE")}
    with zipfile.ZipFile(wheel) as archive:
        assert set(archive.namelist()) == sources | papers


def test_a_wheel_says_that_it_is_typed(wheel):
    with zipfile.ZipFile(wheel) as archive:
        assert {f"{package.name}/py.typed" for package in PACKAGES} <= set(archive.namelist())


def test_a_wheel_brings_the_command(wheel):
    with zipfile.ZipFile(wheel) as archive:
        entry_points = archive.read(f"{DIST_INFO}/entry_points.txt").decode()
    assert "[console_scripts]\npfemu = pfemu.__main__:main\n" in entry_points


def test_the_metadata_tell_name_version_licence_and_pythons(metadata):
    assert metadata["Name"] == "pfemu"
    assert metadata["Version"] == pfemu.__version__
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Requires-Python"] == ">=3.11"
    pythons = [line.rpartition(" ")[2] for line in metadata.get_all("Classifier") if ":: 3." in line]
    assert pythons == ["3.11", "3.12", "3.13", "3.14"]


def test_every_dependency_has_a_floor_and_no_ceiling(metadata):
    dependencies = PYPROJECT["project"]["dependencies"]
    assert all(">=" in line and "<" not in line and "==" not in line for line in dependencies)
    assert [line for line in metadata.get_all("Requires-Dist") if "extra ==" not in line] == dependencies


def test_the_package_imports_from_the_wheel_alone(wheel):
    command = [sys.executable, "-S", "-c", "import pfemu; print(pfemu.__version__, pfemu.PfemuError.__module__, pfemu.__file__)"]
    finished = subprocess.run(command, env={"PYTHONPATH": str(wheel)}, cwd=wheel.parent, capture_output=True, text=True, check=True)
    assert finished.stdout == f"{pfemu.__version__} pfemu.errors {wheel}/pfemu/__init__.py\n"


def test_a_source_distribution_can_build_and_test_itself(tmp_path):
    with tarfile.open(build("sdist", tmp_path)) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"LICENSE", "Makefile", "README.md", "pyproject.toml", "pfemu/py.typed", "tests/conftest.py"} <= names
