"""docs/cli.md names every command and every option."""

import pytest

from pfemu.cli.main import cli
from tests.architecture.source_tree import ROOT

PAGE = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_a_command_is_on_the_page_with_its_options(name):
    assert f"pfemu {name}" in PAGE
    missing = [option for each in cli.commands[name].params for option in (*each.opts, *each.secondary_opts) if option.startswith("-")]
    assert [option for option in missing if f"`{option}`" not in PAGE] == []
