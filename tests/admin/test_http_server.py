"""The admin API over HTTP, spoken to as clients do, and as those do that keep to no protocol."""

import http.client
import json
import socket
import threading
from contextlib import closing, contextmanager

import pytest

import pfemu
from pfemu.admin.answer import Answer, answer_json
from pfemu.admin.api import AdminApi
from pfemu.admin.http.http_server import AdminServer
from pfemu.admin.http.multipart import write_multipart
from pfemu.admin.request import Part
from pfemu.errors import SchedulerClosedError
from pfemu.scheduling.live import LiveScheduler
from tests.admin.deployment import CONFIG, ECHO, FUNCTION

PATIENCE_S = 50
CLUSTERS = "/admin/v2/clusters"
JSON = "application/json"


@pytest.fixture
def errors():
    return []


@pytest.fixture
def serve(errors):
    """Serve what a function answers."""
    servers = []

    def start(answer):
        servers.append(AdminServer(0, answer, errors.append))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def emulator(errors):
    scheduler = LiveScheduler(errors.append)
    made = pfemu.Emulator(scheduler=scheduler)
    yield made
    made.close()
    scheduler.close()
    assert errors == []


@pytest.fixture
def server(serve, emulator):
    return serve(AdminApi(emulator).answer)


@contextmanager
def connected(server):
    with closing(http.client.HTTPConnection(*address(server), timeout=PATIENCE_S)) as connection:
        yield connection


def address(server):
    host, port = server.url.removeprefix("http://").split(":")
    return host, int(port)


def call(server, method, path, body=b"", headers=None):
    with connected(server) as connection:
        return asked(connection, method, path, body, headers)


def asked(connection, method, path, body=b"", headers=None):
    connection.request(method, path, body, headers or {})
    response = connection.getresponse()
    return response, response.read()


def create(server, **parts):
    named = {"functionConfig": Part(json.dumps(CONFIG).encode(), content_type=JSON), "data": Part(ECHO.encode(), "function.py"), **parts}
    kind, body = write_multipart({name: part for name, part in named.items() if part is not None})
    return call(server, "POST", FUNCTION, body, {"Content-Type": kind})


def said(server, data, *, end=True):
    """Send bytes as they are, and return all that comes back."""
    with socket.create_connection(address(server), timeout=PATIENCE_S) as connection:
        connection.sendall(data)
        if end:
            connection.shutdown(socket.SHUT_WR)
        return connection.makefile("rb").read()


# ------------------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("method", "path", "status", "has_page"),
    [
        ("GET", "/", 404, True),
        ("GET", "/admin/v2//clusters", 404, True),
        ("DELETE", "/nope", 404, False),
        ("POST", CLUSTERS, 405, True),
        ("PATCH", CLUSTERS, 405, False),
        ("MADE-UP", CLUSTERS, 405, False),
        ("POST", FUNCTION, 415, True),
        ("POST", FUNCTION + "/trigger", 415, True),
    ],
)
def test_what_nobody_answers_gets_the_page_of_a_web_server(server, method, path, status, has_page):
    response, body = call(server, method, path, headers={"Content-Type": "text/plain"})
    assert (response.status, bool(body)) == (status, has_page)
    assert response.headers["Content-Length"] == str(len(body))
    assert response.headers.get_content_type() == "text/html" or not has_page


def test_a_405_says_what_is_allowed_and_so_does_options(server):
    assert call(server, "PATCH", FUNCTION)[0].headers["Allow"] == "DELETE,GET,POST,PUT,OPTIONS"
    response, body = call(server, "OPTIONS", CLUSTERS)
    assert (response.status, response.headers["Allow"], body) == (200, "HEAD,GET,OPTIONS", b"HEAD, GET, OPTIONS")
    assert call(server, "OPTIONS", "/nope")[0].status == 404


def test_refusals_come_with_their_reason(server):
    response, body = call(server, "DELETE", FUNCTION)
    assert (response.status, response.headers["Content-Type"], body) == (404, JSON, b'{"reason":"Function f doesn\'t exist"}')


@pytest.mark.parametrize(
    ("parts", "status", "reason"),
    [
        ({"functionConfig": Part(json.dumps(CONFIG).encode())}, 400, "Function config is not provided"),
        ({"functionConfig": None}, 400, "Function config is not provided"),
        ({"data": None}, 400, "Function Package is not provided"),
        ({"data": Part(ECHO.encode())}, 500, None),
    ],
)
def test_a_part_counts_as_what_it_says_it_is(server, parts, status, reason):
    response, body = create(server, **parts)
    assert (response.status, json.loads(body).get("reason")) == (status, reason)


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=other"])
def test_a_multipart_body_that_cannot_be_read_is_400(server, kind):
    assert call(server, "POST", FUNCTION + "/trigger", b"--x\r\n", {"Content-Type": kind})[0].status == 400


@pytest.mark.parametrize(
    ("kind", "status"), [(JSON, 204), ("application/json;charset=utf-8", 204), ("text/plain", 204), ("application/xml", 415), ("x", 400)]
)
def test_a_number_of_partitions_is_json_or_text(server, kind, status):
    topic = "/admin/v2/persistent/public/default/t/partitions"
    assert call(server, "PUT", topic, b"1", {"Content-Type": kind})[0].status == status


def test_other_bodies_are_json(server):
    path = "/admin/v2/namespaces/public/default/messageTTL"
    assert call(server, "POST", path, b"1", {"Content-Type": "text/plain"})[0].status == 415
    assert call(server, "POST", path, b"1", {"Content-Type": JSON})[0].status == 204
    create(server)
    assert call(server, "POST", FUNCTION + "/stop", headers={"Content-Type": "application/x-www-form-urlencoded"})[0].status == 415
    assert call(server, "POST", FUNCTION + "/stop")[0].status == 204


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://somewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://somewhere.example:80", "Host": "somewhere.example:80"},
        {"Origin": "http://localhost:3000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_web_page_of_another_site_is_refused(server, headers):
    response, body = call(server, "GET", CLUSTERS, headers=headers)
    assert (response.status, list(json.loads(body))) == (403, ["reason"])


def test_a_page_of_its_own_and_any_tool_may_call(server):
    own = {"Origin": server.url, "Sec-Fetch-Site": "same-origin"}
    for headers in (own, {"Sec-Fetch-Site": "none"}, {"Host": "pulsar.internal"}):
        assert call(server, "GET", CLUSTERS, headers=headers)[0].status == 200


@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        (b"Content-Length: x", 400),
        (b"Content-Length: -1", 400),
        (b"Content-Length: 1_0", 400),
        (b"Content-Length: 5", 400),
        (b"Transfer-Encoding: chunked\r\nContent-Length: 5", 400),
        (b"Transfer-Encoding: gzip", 501),
        (b"Transfer-Encoding: chunked\r\n\r\nx", 400),
        (b"Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n", 400),
        (b"Transfer-Encoding: chunked\r\n\r\n3\r\nab", 400),
    ],
)
def test_a_body_that_keeps_to_no_protocol_ends_the_connection(server, errors, request_head, status):
    answer = said(server, b"POST /x HTTP/1.1\r\nHost: x\r\n" + request_head + b"\r\n\r\n")
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert answer.count(b"HTTP/1.1") == 1
    assert b"Connection: close" in answer
    assert errors == []


@pytest.mark.parametrize(("line", "status"), [(b"nonsense", 400), (b"GET / HTTP/9.9", 505), (b"GET /" + b"x" * 70_000 + b" HTTP/1.1", 414)])
def test_what_is_no_http_is_answered_all_the_same(server, errors, line, status):
    assert f" {status} ".encode() in said(server, line + b"\r\n\r\n", end=False)[:40] + b" "
    assert errors == []


def test_what_goes_wrong_inside_is_told_and_answered(serve, errors):
    failed = ZeroDivisionError("inside")

    def fail(_request):
        raise failed

    response, body = call(serve(fail), "GET", "/")
    assert (response.status, json.loads(body)) == (500, {"reason": "ZeroDivisionError: inside"})
    assert errors == [failed]


def test_at_the_end_who_asks_is_told_so(serve, errors):
    def closed(_request):
        raise SchedulerClosedError("closed")

    assert call(serve(closed), "GET", "/")[0].status == 503
    assert errors == []


def test_a_port_that_is_taken_is_refused(server):
    with pytest.raises(OSError, match="in use"):
        AdminServer(address(server)[1], answer_json, print)


# ---------------------------------------------------------------------------------------------------------- what works


def test_a_function_is_created_asked_and_deleted(server, emulator):
    assert create(server)[0].status == 204
    kind, body = write_multipart({"data": Part(b"hello")})
    response, output = call(server, "POST", FUNCTION + "/trigger", body, {"Content-Type": kind})
    assert (response.status, response.headers["Content-Type"], output) == (200, JSON, b"hello")
    status = json.loads(call(server, "GET", FUNCTION + "/status")[1])
    assert status["instances"][0]["status"]["numSuccessfullyProcessed"] == 1
    assert call(server, "DELETE", FUNCTION)[0].status == 204
    assert emulator.functions == {}


def test_a_204_has_neither_body_nor_length(server):
    response, body = create(server)
    assert (response.status, body, response.headers["Content-Length"]) == (204, b"", None)


def test_head_has_the_headers_of_get_alone(server):
    with connected(server) as connection:
        response, body = asked(connection, "HEAD", CLUSTERS)
        assert (response.status, response.headers["Content-Length"], body) == (200, "14", b"")
        assert asked(connection, "GET", CLUSTERS)[1] == b'["standalone"]'


def test_a_key_cannot_make_headers_of_its_own(server, emulator):
    topic = "/admin/v2/persistent/public/default/keyed"
    call(server, "PUT", topic + "/subscription/s")
    emulator.client.create_producer("keyed").send(b"x", partition_key="é\r\nX-Made-Up: 你")
    response, body = call(server, "GET", topic + "/subscription/s/position/1")
    assert (body, response.headers["X-Made-Up"]) == (b"x", None)
    assert response.headers["X-Pulsar-partition-key"].rstrip() == "é  X-Made-Up:"


def test_one_connection_serves_many_calls(server):
    with connected(server) as connection:
        asked(connection, "GET", CLUSTERS)
        first = connection.sock
        for path in ("/nope", CLUSTERS, FUNCTION):
            asked(connection, "GET", path)
        assert connection.sock is first


def test_chunks_trailers_and_an_expectation_are_understood(server):
    kind, body = write_multipart(
        {"functionConfig": Part(json.dumps(CONFIG).encode(), content_type=JSON), "data": Part(ECHO.encode(), "function.py")}
    )
    half = len(body) // 2
    chunks = b"".join(b"%x;extension\r\n%s\r\n" % (len(each), each) for each in (body[:half], body[half:]))
    head = f"POST {FUNCTION} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\nContent-Type: {kind}\r\n\r\n"
    with socket.create_connection(address(server), timeout=PATIENCE_S) as connection:
        connection.sendall(head.encode())
        answers = connection.makefile("rb")
        assert answers.readline() == b"HTTP/1.1 100 Continue\r\n"
        connection.sendall(chunks + b"0\r\nTrailer: x\r\n\r\n")
        assert answers.readline() == b"\r\n"
        assert answers.readline() == b"HTTP/1.1 204 No Content\r\n"


def test_a_large_package_arrives_whole(serve):
    content = bytes(range(256)) * 40_000
    arrived = []

    def keep(request):
        arrived.append(request.parts["data"])
        return Answer(204)

    kind, body = write_multipart({"data": Part(content, "large.zip")})
    assert call(serve(keep), "POST", "/x", body, {"Content-Type": kind})[0].status == 204
    assert arrived[0].content == content
    assert arrived[0].file_name == "large.zip"


def test_who_is_slow_holds_up_nobody(server):
    with socket.create_connection(address(server), timeout=PATIENCE_S) as slow:
        slow.sendall(b"POST " + FUNCTION.encode() + b" HTTP/1.1\r\nContent-Length: 5\r\n\r\nab")
        assert call(server, "GET", CLUSTERS)[0].status == 200


def test_a_trigger_that_waits_holds_up_nobody(serve, emulator):
    server = serve(AdminApi(emulator).answer)
    go_on, began = threading.Event(), threading.Event()

    def wait(text):
        began.set()
        assert go_on.wait(PATIENCE_S)
        return text

    emulator.create_function(wait, inputs=["in"], output="out", name="slow")
    answers = []
    kind, body = write_multipart({"data": Part(b"x")})
    path = "/admin/v3/functions/public/default/slow/trigger"
    waiting = threading.Thread(target=lambda: answers.append(call(server, "POST", path, body, {"Content-Type": kind})))
    waiting.start()
    assert began.wait(PATIENCE_S)
    assert call(server, "GET", CLUSTERS)[0].status == 200
    go_on.set()
    waiting.join(PATIENCE_S)
    assert answers[0][1] == b"x"


def test_many_call_at_once_and_each_function_is_made_once(server, emulator):
    statuses = []
    callers = [threading.Thread(target=lambda: statuses.append(create(server)[0].status)) for _ in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(PATIENCE_S)
    assert sorted(statuses) == [204, *[400] * 7]
    assert list(emulator.functions) == ["public/default/f"]


def test_closing_ends_the_connections_that_are_open(serve):
    server = serve(lambda _request: answer_json([]))
    with connected(server) as connection:
        asked(connection, "GET", "/")
        server.close()
        assert connection.sock.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        call(server, "GET", "/")


def test_what_tools_ask_before_they_work_is_answered(server):
    call(server, "PUT", "/admin/v2/persistent/public/default/t")
    create(server)
    for path, expected in {
        "/admin/v2/namespaces/public/default/topics?mode=PERSISTENT": b'["persistent://public/default/in","persistent://public/default/t"]',
        "/admin/v2/namespaces/public/default/topics?mode=NON_PERSISTENT": b"[]",
        "/admin/v2/namespaces/public/nope/topics": b'{"reason":"Namespace does not exist"}',
        "/admin/v2/clusters/standalone": b"{}",
        "/admin/v2/clusters/nope": b'{"reason":"Cluster does not exist"}',
        "/admin/v2/brokers/health": b"ok",
        "/admin/v2/brokers/ready": b"ok",
        "/admin/v2/brokers/version": b"4.0.8",
        "/admin/v2/worker/assignments": b'{"c-standalone-fw-localhost-8080":["public/default/f:0"]}',
        "/admin/v3/functions/builtins": b"[]",
    }.items():
        assert call(server, "GET", path)[1] == expected, path
    assert call(server, "GET", "/admin/v2/namespaces/public/default/topics?mode=OTHER")[0].status == 404


def test_a_file_is_kept_under_its_path(server):
    upload = "/admin/v3/functions/upload"
    for parts, status in (({"path": Part(b"")}, 400), ({"path": Part(b""), "data": Part(b"x")}, 500), ({}, 400)):
        kind, body = write_multipart(parts)
        assert call(server, "POST", upload, body, {"Content-Type": kind})[0].status == status
    assert call(server, "POST", upload)[0].status == 400
    kind, body = write_multipart({"path": Part(b"a/b"), "data": Part(b"\xff", "x.zip")})
    assert call(server, "POST", upload, body, {"Content-Type": kind})[0].status == 204
    assert call(server, "GET", "/admin/v3/functions/download?path=a/b")[1] == b"\xff"
    assert call(server, "GET", "/admin/v3/functions/download?path=a/c")[0].status == 500
    create(server)
    assert call(server, "GET", FUNCTION + "/download")[1] == ECHO.encode()
    assert call(server, "GET", FUNCTION + "/download?transform-function=true")[0].status == 500
