"""Where the samples are."""

from tests.architecture.source_tree import ROOT

SAMPLES = ROOT / "sample_functions"
DATA = SAMPLES / "data"
NAMES = sorted(path.stem for path in SAMPLES.glob("*.py"))
