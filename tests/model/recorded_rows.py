"""Rows recorded by calling the classes of Pulsar 4.0.8 (worker and command) with made-up configurations: one JSON object a line."""

import json
from pathlib import Path

DATA = Path(__file__).parent / "data"


def rows(name):
    """Return the rows of a file of recordings."""
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").split("\n") if line]
