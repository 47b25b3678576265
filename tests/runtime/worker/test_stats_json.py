"""The JSON of statistics and status, as recorded on Pulsar 4.0.8."""

import json
from math import inf, nan

import pytest

from pfemu.runtime.figures.stats import FunctionStats
from pfemu.runtime.worker.stats_json import InstanceState, function_stats, function_status, instance_stats, instance_status

START_MS = 1_000_000
RUNNING = InstanceState(running=True, worker_id="c-standalone-fw-localhost-8080")
ZEROS = {
    "receivedTotal": 0,
    "processedSuccessfullyTotal": 0,
    "systemExceptionsTotal": 0,
    "userExceptionsTotal": 0,
    "avgProcessLatency": None,
}


@pytest.fixture
def worked():
    """Three messages went well, one raised, one could not be serialised."""
    stats = FunctionStats(START_MS)
    stats.received, stats.processed_successfully = 5, 3
    stats.latency_sum_ms, stats.latency_count = 2.0, 4
    stats.last_invocation_ms = START_MS + 10
    stats.count_user_exception(ValueError("for the page"), "Traceback\nValueError: for the page\n", START_MS + 8)
    stats.count_system_exception(TypeError("list"), "Traceback\nTypeError: list\n", START_MS + 9)
    for value in (1, 3, 5, 3, 2):
        stats.record_metric("length", value)
    return stats.snapshot(START_MS + 20)


@pytest.mark.parametrize("snapshot", [None, FunctionStats(START_MS).snapshot(START_MS)], ids=["unreachable", "untouched"])
def test_what_has_not_worked_has_no_latency_and_no_invocation(snapshot):
    metrics = {**ZEROS, "1min": ZEROS, "lastInvocation": None, "userMetrics": {}}
    assert instance_stats(snapshot) == metrics
    shown = function_stats([(0, snapshot)])
    assert shown == {**ZEROS, "1min": ZEROS, "lastInvocation": None, "instances": [{"instanceId": 0, "metrics": metrics}]}


def test_statistics_have_the_fields_of_the_worker_in_its_order(worked):
    figures = {
        "receivedTotal": 5,
        "processedSuccessfullyTotal": 3,
        "systemExceptionsTotal": 1,
        "userExceptionsTotal": 1,
        "avgProcessLatency": 0.5,
    }
    metrics = {
        **figures,
        "1min": figures,
        "lastInvocation": START_MS + 10,
        "userMetrics": {"user_metric_length_sum": 14.0, "user_metric_length_count": 5.0},
    }
    body = {**figures, "1min": figures, "lastInvocation": START_MS + 10, "instances": [{"instanceId": 0, "metrics": metrics}]}
    assert json.dumps(function_stats([(0, worked)])) == json.dumps(body)


def test_an_instance_that_only_failed_has_no_latency():
    stats = FunctionStats(START_MS)
    stats.received = 1
    stats.last_invocation_ms = START_MS
    stats.count_user_exception(ValueError(), "", START_MS)
    shown = instance_stats(stats.snapshot(START_MS))
    assert shown["avgProcessLatency"] is None
    assert shown["lastInvocation"] == START_MS


def test_a_function_sums_up_its_instances_and_averages_their_averages():
    first, second, idle = FunctionStats(START_MS), FunctionStats(START_MS), FunctionStats(START_MS)
    first.received, first.latency_sum_ms, first.latency_count, first.last_invocation_ms = 1, 10.0, 1, START_MS + 9
    second.received, second.latency_sum_ms, second.latency_count, second.last_invocation_ms = 99, 198.0, 99, START_MS + 5
    shown = function_stats([(2, idle.snapshot(START_MS)), (1, second.snapshot(START_MS)), (0, first.snapshot(START_MS)), (3, None)])
    assert shown["receivedTotal"] == 100
    assert shown["avgProcessLatency"] == 6.0
    assert shown["lastInvocation"] == START_MS + 9
    assert [instance["instanceId"] for instance in shown["instances"]] == [0, 1, 2, 3]


def test_a_sum_that_is_not_a_number_is_left_out_and_an_endless_one_is_text():
    stats = FunctionStats(START_MS)
    for name, value in [("nan", nan), ("inf", inf), ("neg", -inf), ("x", 10**20)]:
        stats.record_metric(name, value)
    assert instance_stats(stats.snapshot(START_MS))["userMetrics"] == {
        "user_metric_nan_count": 1.0,
        "user_metric_inf_sum": "Infinity",
        "user_metric_inf_count": 1.0,
        "user_metric_neg_sum": "-Infinity",
        "user_metric_neg_count": 1.0,
        "user_metric_x_sum": 1e20,
        "user_metric_x_count": 1.0,
    }


def test_a_status_has_the_fields_of_the_worker_in_its_order(worked):
    status = {
        "running": True,
        "error": "",
        "numRestarts": 0,
        "numReceived": 5,
        "numSuccessfullyProcessed": 3,
        "numUserExceptions": 1,
        "latestUserExceptions": [{"exceptionString": "Traceback\nValueError: for the page\n", "timestampMs": START_MS + 8}],
        "numSystemExceptions": 1,
        "latestSystemExceptions": [{"exceptionString": "Traceback\nTypeError: list\n", "timestampMs": START_MS + 9}],
        "averageLatency": 0.5,
        "lastInvocationTime": START_MS + 10,
        "workerId": "c-standalone-fw-localhost-8080",
    }
    body = {"numInstances": 1, "numRunning": 1, "instances": [{"instanceId": 0, "status": status}]}
    assert json.dumps(function_status([(0, RUNNING, worked)])) == json.dumps(body)


def test_a_process_that_died_shows_zeros_and_empty_lists():
    state = InstanceState(running=False, worker_id="w", error="UNAVAILABLE: io exception", restarts=2)
    assert instance_status(state, None) == {
        "running": False,
        "error": "UNAVAILABLE: io exception",
        "numRestarts": 2,
        "numReceived": 0,
        "numSuccessfullyProcessed": 0,
        "numUserExceptions": 0,
        "latestUserExceptions": [],
        "numSystemExceptions": 0,
        "latestSystemExceptions": [],
        "averageLatency": 0,
        "lastInvocationTime": 0,
        "workerId": "w",
    }


def test_a_stopped_instance_has_no_lists_of_exceptions():
    shown = instance_status(InstanceState(running=False, worker_id="w", stopped=True), None)
    assert not {"latestUserExceptions", "latestSystemExceptions"} & shown.keys()
    assert shown["numUserExceptions"] == 0


def test_a_function_counts_its_running_instances(worked):
    dead = InstanceState(running=False, worker_id="w")
    shown = function_status([(1, dead, None), (0, RUNNING, worked)])
    assert (shown["numInstances"], shown["numRunning"]) == (2, 1)
    assert [instance["instanceId"] for instance in shown["instances"]] == [0, 1]


def test_an_instance_whose_metrics_cannot_be_sent_shows_zeros():
    stats = FunctionStats(START_MS)
    stats.received = 3
    stats.record_metric("half \ud800", 1)
    told = function_stats([(0, stats.snapshot(START_MS))])
    assert (told["receivedTotal"], told["instances"]) == (0, [{"instanceId": 0, "metrics": instance_stats(None)}])
    stats = FunctionStats(START_MS)
    stats.record_metric("tab \t", 1)
    assert function_stats([(0, stats.snapshot(START_MS))])["instances"][0]["metrics"]["userMetrics"]["user_metric_tab \t_count"] == 1.0
