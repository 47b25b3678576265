"""The examples of events in docs/events.md."""

import json
import re

from tests.architecture.source_tree import ROOT

EXAMPLES = [
    json.loads(block)
    for block in re.findall(r"^```json\n(.*?)^```", (ROOT / "docs/events.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
]
