"""The contracts of ``[tool.importlinter]`` hold, and each of them notices a breach."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.architecture.source_tree import ROOT

# What is imported where, and the contract that must object.
BREACHES = [
    ("pfemu/errors.py", "import pfemu.ports", "A layer imports only what is below it"),
    ("pfemu/model/message.py", "import pfemu.ports", "A layer imports only what is below it"),
    ("pfemu/broker/topic.py", "import pfemu.engine", "A layer imports only what is below it"),
    ("pfemu/runtime/__init__.py", "import pfemu.client", "A layer imports only what is below it"),
    ("pfemu/surprise.py", "", "A layer imports only what is below it"),
    ("pfemu/model/configuration/choices.py", "import pfemu.model.functions", "A configuration is read, warned of"),
    ("pfemu/model/gson/gson_text.py", "import pfemu.model.warnings", "A configuration is read, warned of"),
    ("pfemu/broker/topic.py", "import threading", "Values and the core know no clock"),
    ("pfemu/broker/topic.py", "from datetime import datetime", "Values and the core know no clock"),
    ("pfemu/model/message.py", "import pulsar", "Values and the core know no clock"),
    ("pfemu/model/message.py", "def late():\n    import logging", "Values and the core know no clock"),
    ("pfemu/runtime/__init__.py", "import pfemu.broker", "A function's runtime knows a client"),
    ("pfemu/runtime/__init__.py", "import pfemu.engine", "A function's runtime knows a client"),
    ("pfemu/runtime/__init__.py", "import time", "One module reads a clock"),
    ("pfemu/__init__.py", "from time import time", "One module reads a clock"),
    ("pytest_plugin/pytest_pfemu/plugin.py", "import time", "One module reads a clock"),
    ("pytest_plugin/pytest_pfemu/plugin.py", "import pfemu.cli", "The pytest plugin and the command line know"),
    ("pfemu/cli/main.py", "import pytest_pfemu", "The pytest plugin is above everything"),
]


def lint_imports(folder):
    """Run import-linter over the packages in ``folder``."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{folder / 'pytest_plugin'}", "COLUMNS": "200"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_every_contract_is_kept():
    finished = lint_imports(ROOT)
    assert finished.returncode == 0, finished.stdout + finished.stderr


@pytest.mark.parametrize(("file", "breach", "contract"), BREACHES)
def test_a_breach_is_noticed(tmp_path, file, breach, contract):
    for package in ("pfemu", "pytest_plugin/pytest_pfemu"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path = tmp_path / file
    text = path.read_text(encoding="utf-8") if path.exists() else '"""New."""\n'
    path.write_text(f"{text}\n\n{breach}\n", encoding="utf-8")
    finished = lint_imports(tmp_path)
    broken = [line for line in finished.stdout.splitlines() if " BROKEN" in line]
    assert any(line.startswith(contract) for line in broken), finished.stdout + finished.stderr
    assert finished.returncode == 1
