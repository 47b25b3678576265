"""The page over HTTP: what prometheus_client's own parser reads there, for one function and several, also while one runs."""

import http.client
import urllib.error
import urllib.request

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse

import pfemu
from pfemu.metrics.page import page_of
from pfemu.metrics.page_server import HOST, MetricsServer
from pfemu.scheduling.live import LiveScheduler

COUNTING = """
from prometheus_client import Counter, Histogram
SEEN = Counter("orders_seen", "Orders", ["kind"])
class Count:
    def __init__(self):
        self.sizes = Histogram("order_size", "Sizes")
    def process(self, input, context):
        SEEN.labels("tea").inc()
        self.sizes.observe(len(input))
        context.record_metric("length", len(input))
"""


@pytest.fixture
def counting(tmp_path):
    path = tmp_path / "counting.py"
    path.write_text(COUNTING, encoding="utf-8")
    return path


@pytest.fixture
def serve():
    servers = []

    def start(page, port=0):
        servers.append(MetricsServer(port, page))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def fetch(url, accept=""):
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept": accept}), timeout=10) as answer:
        return answer.headers["Content-Type"], answer.read().decode()


def samples(families):
    return {(sample.name, *sorted(sample.labels.items())): sample.value for family in families for sample in family.samples}


def value(found, name, **labels):
    (one,) = [figure for key, figure in found.items() if key[0] == name and set(labels.items()) <= set(key[1:])]
    return one


def test_prometheus_reads_the_page(serve, counting):
    with pfemu.Emulator() as emulator:
        emulator.create_function(counting, inputs=["in"])
        emulator.topic("in").send_many(["a", "bc"])
        content_type, page = fetch(serve(page_of(emulator)).url)
    assert content_type.startswith("text/plain")
    found = samples(parse(page))
    labels = {"fqfn": "public/default/Count", "instance_id": "0", "namespace": "public/default", "cluster": "standalone"}
    assert value(found, "pulsar_function_received_total", **labels) == 2
    assert value(found, "pulsar_function_user_metric_sum", metric="length") == 3
    assert value(found, "orders_seen_total", kind="tea") == 2
    assert value(found, "order_size_count") == 2


def test_who_asks_for_openmetrics_gets_it(serve, counting):
    with pfemu.Emulator() as emulator:
        emulator.create_function(counting, inputs=["in"])
        content_type, page = fetch(serve(page_of(emulator)).url, accept="application/openmetrics-text; version=1.0.0")
    assert content_type.startswith("application/openmetrics-text")
    assert page.endswith("# EOF\n")
    assert list(parse_openmetrics(page))


def test_the_same_collectors_are_loaded_again_and_again_and_each_instance_counts_its_own(counting):
    from prometheus_client import REGISTRY

    before = list(REGISTRY._collector_to_names)
    with pfemu.Emulator() as emulator:
        first = emulator.create_function(counting, name="first", inputs=["a"])
        emulator.create_function(counting, name="second", inputs=["b"], parallelism=2)
        emulator.topic("a").send("x")
        emulator.topic("b").send_many(["x", "y", "z"])
        page = samples(parse(page_of(emulator)("")[0].decode()))
        assert value(page, "orders_seen_total", fqfn="public/default/first") == 1
        counted = [figure for key, figure in page.items() if key[0] == "orders_seen_total" and ("fqfn", "public/default/second") in key]
        assert sum(counted) == 3
        first.reload()
        first.restart()
        emulator.topic("a").send("x")
        assert value(samples(parse(page_of(emulator)("")[0].decode())), "orders_seen_total", fqfn="public/default/first") == 1
    assert list(REGISTRY._collector_to_names) == before


def test_a_load_that_fails_leaves_no_collector_behind(tmp_path):
    from prometheus_client import REGISTRY

    path = tmp_path / "broken.py"
    path.write_text(COUNTING + "raise RuntimeError('no disk')\n", encoding="utf-8")
    before = list(REGISTRY._collector_to_names)
    with pfemu.Emulator() as emulator:
        for _ in range(2):
            with pytest.raises(pfemu.LoadError, match="no disk"):
                emulator.create_function(path, inputs=["a"])
    assert list(REGISTRY._collector_to_names) == before


def test_a_live_emulator_is_asked_on_its_own_thread(serve, counting):
    scheduler = LiveScheduler(on_error=lambda error: None)
    try:
        with pfemu.Emulator(scheduler=scheduler) as emulator:
            emulator.create_function(counting, inputs=["in"])
            assert value(samples(parse(fetch(serve(page_of(emulator)).url)[1])), "pulsar_function_received_total") == 0
    finally:
        scheduler.close()


def test_each_path_is_the_page_and_nothing_is_written_about_it(serve, capfd):
    server = serve(lambda accept: (b"page", "text/plain"))
    assert [fetch(server.url.replace("/metrics", path))[1] for path in ("/", "/metrics", "/any")] == ["page"] * 3
    assert capfd.readouterr() == ("", "")


def test_a_collector_that_raises_is_the_answer_and_not_the_end(serve):
    answers = iter([1, 0])
    server = serve(lambda accept: (b"%d" % (1 // next(answers)), "text/plain"))
    assert fetch(server.url)[1] == "1"
    with pytest.raises(urllib.error.HTTPError) as raised:
        fetch(server.url)
    with raised.value as answer:
        assert answer.code == 500
        assert "ZeroDivisionError" in answer.read().decode()


def test_only_this_machine_is_served_and_a_port_only_once(serve):
    server = serve(lambda accept: (b"", "text/plain"))
    address, port = server._server.server_address
    assert address == HOST == "127.0.0.1"
    with pytest.raises(OSError, match="in use"):
        MetricsServer(port, lambda accept: (b"", "text/plain"))


def test_a_closed_server_answers_no_more():
    server = MetricsServer(0, lambda accept: (b"", "text/plain"))
    port = server._server.server_address[1]
    server.close()
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    with pytest.raises(ConnectionRefusedError):
        connection.request("GET", "/")
