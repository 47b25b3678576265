"""The command in each sample's docstring works as it stands."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source_tree import ROOT
from tests.samples.samples import NAMES, SAMPLES

FAILS_ON_PURPOSE = {"poison_message"}


def command_of(name):
    """Return what the docstring shows indented."""
    text = ast.get_docstring(ast.parse((SAMPLES / f"{name}.py").read_text(encoding="utf-8")))
    return "\n".join(re.findall(r"^    (.*)$", text, re.MULTILINE))


@pytest.mark.parametrize("name", NAMES)
def test_the_command_of_a_sample_runs(name):
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    finished = subprocess.run(
        ["sh", "-c", command_of(name)], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=50, check=False
    )
    assert finished.returncode == (1 if name in FAILS_ON_PURPOSE else 0), finished.stderr
    assert "received 0" not in finished.stderr
    assert "error:" not in finished.stderr
