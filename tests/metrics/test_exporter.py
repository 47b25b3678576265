"""The metrics page: ``page.txt`` is the page recorded on Pulsar 4.0.8 for the same sequence of messages, without its process's families."""

import subprocess
import sys
from math import inf, nan
from pathlib import Path

import pytest
from prometheus_client import Counter, Gauge
from prometheus_client.parser import text_string_to_metric_families

from pfemu.metrics.exporter import ExportedInstance, function_labels, negotiated, render
from pfemu.runtime.figures.stats import FunctionStats
from pfemu.runtime.figures.user_collectors import UserCollectors

START_MS = 1_000_000
LABELS = '{cluster="standalone",fqfn="public/default/f",instance_id="0",name="f",namespace="public/default",tenant="public"}'


@pytest.fixture
def stats():
    return FunctionStats(START_MS)


def _instance(stats, instance_id=0, registry=None):
    labels = function_labels("public", "default", "f", instance_id)
    return ExportedInstance(labels, stats.snapshot(START_MS + 100), registry)


def _samples(text):
    """Return every sample by name and labels; the text must be what Prometheus can read."""
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_page_is_that_of_the_real_instance(stats):
    stats.received, stats.processed_successfully = 5, 3
    stats.latency_sum_ms, stats.latency_count = 2.5, 4
    stats.last_invocation_ms = START_MS + 50
    stats.count_user_exception(ValueError("for the page"), "", START_MS)
    stats.count_system_exception(TypeError("IdentitySerde cannot serialize object of type <class 'list'>"), "", START_MS)
    for length in (1, 3, 5, 3, 2):
        stats.record_metric("length", length)
    expected = (Path(__file__).parent / "page.txt").read_text(encoding="utf-8")
    assert render([_instance(stats)]).splitlines() == expected.splitlines()


def test_families_without_samples_are_announced(stats):
    lines = render([_instance(stats)]).splitlines()
    assert lines[-6:] == [
        "# HELP pulsar_function_user_exception Exception from user code.",
        "# TYPE pulsar_function_user_exception gauge",
        "# HELP pulsar_function_system_exception Exception from system code.",
        "# TYPE pulsar_function_system_exception gauge",
        "# HELP pulsar_function_user_metric Pulsar Function user defined metric",
        "# TYPE pulsar_function_user_metric summary",
    ]
    assert f"pulsar_function_received_total{LABELS} 0.0" in lines


def test_labels_are_escaped(stats):
    stats.count_user_exception(RuntimeError('number 0 "quoted" \\ back\nnew line'), "", START_MS)
    text = render([_instance(stats)])
    assert 'error="number 0 \\"quoted\\" \\\\ back\\nnew line",' in text
    assert ("error", 'number 0 "quoted" \\ back\nnew line') in next(key for key in _samples(text) if key[0].endswith("_user_exception"))


@pytest.mark.parametrize(
    ("value", "shown"),
    [(nan, "NaN"), (inf, "+Inf"), (-inf, "-Inf"), (10**20, "1e+20"), (1e-7, "1e-07"), (123456789.125, "1.23456789125e+08"), (2, "2.0")],
)
def test_numbers_are_written_as_the_real_page_writes_them(stats, value, shown):
    stats.record_metric("ü m", value)
    lines = render([_instance(stats)]).splitlines()
    assert [line.rpartition(" ")[2] for line in lines if line.startswith("pulsar_function_user_metric_sum{")] == [shown]
    assert any('metric="ü m"' in line for line in lines)


def test_figures_of_the_last_minute_tumble_on_the_page(stats):
    stats.received = 2
    labels = function_labels("public", "default", "f", 0)
    lines = render([ExportedInstance(labels, stats.snapshot(START_MS + 60_000))]).splitlines()
    assert f"pulsar_function_received_total{LABELS} 2.0" in lines
    assert f"pulsar_function_received_1min_total{LABELS} 0.0" in lines


def test_several_instances_share_the_families(stats):
    second = FunctionStats(START_MS + 5000)
    stats.received, second.received = 1, 2
    text = render([_instance(stats), _instance(second, 1)])
    received = {key: value for key, value in _samples(text).items() if key[0] == "pulsar_function_received_total"}
    assert sorted(received.values()) == [1.0, 2.0]
    assert text.count("# TYPE pulsar_function_received_total counter") == 1


def test_no_instance_is_an_empty_page_of_families():
    assert _samples(render([])) == {}
    assert "# TYPE pulsar_function_received_total counter" in render([])


def _collectors(amount):
    collectors = UserCollectors()
    with collectors.loading():
        Counter("orders_seen", "Orders.", ["kind"]).labels("a").inc(amount)
        Gauge("depth", "Depth.").set(amount)
    return collectors.registry


def test_what_user_code_registers_stands_before_its_metrics_as_on_the_real_page(stats):
    names = [line.split()[2] for line in render([_instance(stats, 0, _collectors(2))]).splitlines() if line.startswith("# TYPE")]
    assert names[-6:] == [
        "pulsar_function_user_exception",
        "pulsar_function_system_exception",
        "orders_seen_total",
        "orders_seen_created",
        "depth",
        "pulsar_function_user_metric",
    ]
    assert _samples(render([_instance(stats, 0, _collectors(2))]))["orders_seen_total", ("kind", "a")] == 2.0


def test_user_families_of_several_instances_are_told_apart(stats):
    text = render([_instance(stats, 0, _collectors(2)), _instance(stats, 1, _collectors(3)), _instance(stats, 2)])
    samples = _samples(text)
    for number, amount in ((0, 2.0), (1, 3.0)):
        labels = (("fqfn", "public/default/f"), ("instance_id", str(number)))
        assert samples["orders_seen_total", *labels, ("kind", "a")] == amount
        assert samples["depth", *labels] == amount
    assert text.count("# TYPE depth gauge") == 1


def test_who_asks_for_openmetrics_gets_it(stats):
    stats.received = 3
    plain, plain_type = negotiated([_instance(stats)])
    assert plain.decode() == render([_instance(stats)])
    assert plain_type == "text/plain; version=0.0.4; charset=utf-8"
    body, content_type = negotiated([_instance(stats)], "application/openmetrics-text; version=1.0.0")
    assert content_type.startswith("application/openmetrics-text; version=1.0.0")
    assert body.endswith(b"# EOF\n")


def test_prometheus_client_is_imported_for_a_page_only():
    code = (
        "import sys; from pfemu.metrics.exporter import render\n"
        "assert 'prometheus_client' not in sys.modules\n"
        "assert render([]) and 'prometheus_client' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
