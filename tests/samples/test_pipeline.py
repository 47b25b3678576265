"""The sample pipeline: what it makes of its seeds, and the picture of it in the documentation."""

from click.testing import CliRunner

from pfemu.cli.main import cli
from tests.architecture.source_tree import ROOT
from tests.samples.samples import SAMPLES

PIPELINE = SAMPLES / "pipeline"


def call(*arguments, stdin=""):
    return CliRunner().invoke(cli, [*map(str, arguments)], input=stdin)


def test_readings_are_checked_averaged_and_watched():
    outcome = call("run", PIPELINE)
    assert outcome.exit_code == 0
    assert outcome.stdout.splitlines() == ["quay: 8.8", "boiler: 61.5", "quay: 8.0", "boiler: 71.8"]
    assert "watch: publish alerts: boiler has 82.0 degrees" in outcome.stderr
    assert 'check: publish bad-readings: {"place": "cellar", "celsius": "cold"}' in outcome.stderr


def test_a_cluster_would_take_it():
    outcome = call("check", PIPELINE, "--strict")
    assert outcome.exit_code == 0
    assert outcome.stdout.count("nothing that a cluster would refuse or ignore") == 3


def test_the_picture_in_the_documentation_is_of_today(tmp_path):
    call("graph", PIPELINE, "-o", tmp_path / "pipeline.svg")
    assert (tmp_path / "pipeline.svg").read_text(encoding="utf-8") == (ROOT / "docs" / "pipeline.svg").read_text(encoding="utf-8")
