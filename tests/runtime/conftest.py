"""Fixtures of the runtime's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runtime.loading.project import Project, project_in


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with project_in(tmp_path) as made:
        yield made
