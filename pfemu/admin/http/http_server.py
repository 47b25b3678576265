"""The admin API over HTTP/1.1: bytes into requests, answers into bytes, each connection on a thread of its own.

Rules:

1. Nothing is decided here: :class:`~pfemu.admin.api.AdminApi` answers. What it fails on by itself is a 500, and ``on_error`` hears of it.
2. A connection is kept for further calls until it is idle for a minute; closing the server ends those that are open.
3. Who calls must mean this server: see :mod:`pfemu.admin.http.callers`.
"""

from __future__ import annotations

import json
import re
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pfemu
from pfemu.admin.answer import Answer, error_page, reason
from pfemu.admin.http.callers import is_foreign
from pfemu.admin.http.http_bodies import UnreadableRequest, read_body
from pfemu.admin.http.multipart import UnreadableMultipart, is_multipart, read_multipart
from pfemu.admin.request import Request
from pfemu.errors import SchedulerClosedError

if TYPE_CHECKING:
    from pfemu.admin.request import Part

HOST = "127.0.0.1"
_IDLE_S = 60
_LOOKS_FOR_ITS_END_S = 0.1
_BUFFER_BYTES = 1 << 16
_OUTSIDE_OF_HEADERS = re.compile("[\r\n\u0100-\U0010ffff]")
"""What Jetty writes a blank for (``HttpGenerator.putSanitisedValue``); an end of line would begin another header."""
_CLOSED = "pfemu is ending."
_FOREIGN = "This call is from a web page of another site."

Answering = Callable[[Request], Answer]


class AdminServer:
    """Serves calls until it is closed; ``port`` 0 takes any that is free.

    Raises:
        OSError: the port is taken.
    """

    def __init__(self, port: int, answer: Answering, on_error: Callable[[BaseException], object], host: str = HOST) -> None:
        self._server = _Server((host, port), partial(_Connection, answer, on_error), on_error)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(_LOOKS_FOR_ITS_END_S,), name="pfemu-admin", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it is, as ``--admin-url`` takes it."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def close(self) -> None:
        """Stop serving and end the connections that are open."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._server.end_connections()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], handler: Callable[..., _Connection], on_error: Callable[[BaseException], object]) -> None:
        self._on_error = on_error
        self._open: set[socket.socket] = set()
        self._changing = threading.Lock()
        super().__init__(address, handler)

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        with self._changing:
            self._open.add(request)  # type: ignore[arg-type] # of a stream it is a socket
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        with self._changing:
            self._open.discard(request)
        super().shutdown_request(request)

    def end_connections(self) -> None:
        """Let each connection's thread read its end."""
        with self._changing:
            for connection in self._open:
                with suppress(OSError):  # it has just ended by itself
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - socketserver's own
        """Say nothing of who has gone in the middle; anything else is told."""
        error = sys.exception()
        if error is not None and not isinstance(error, OSError):
            self._on_error(error)


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_S
    wbufsize = _BUFFER_BYTES  # one write for headers and body: two would wait for the other side's delayed acknowledgement
    disable_nagle_algorithm = True

    def __init__(self, answer: Answering, on_error: Callable[[BaseException], object], *request: object) -> None:
        self._answer = answer
        self._on_error = on_error
        super().__init__(*request)  # type: ignore[arg-type] # what socketserver hands over

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Return what answers a method, whichever it is: who knows the path knows its methods."""
        if name.startswith("do_"):
            return self._respond
        raise AttributeError(name)

    def _respond(self) -> None:
        try:
            body = read_body(self.headers, self.rfile)
        except UnreadableRequest as error:
            self.close_connection = True
            self._send(reason(error.status, str(error)))
            return
        self._send(self._answer_to(body))

    def _answer_to(self, body: bytes) -> Answer:
        if is_foreign(self.headers):
            return reason(403, _FOREIGN)
        try:
            return self._answer(self._request(body))
        except UnreadableMultipart:
            return error_page(400, self.command)
        except SchedulerClosedError:
            return reason(503, _CLOSED)
        except Exception as error:  # noqa: BLE001 - the edge: whatever went wrong is the answer, and is told
            self._on_error(error)
            return reason(500, f"{type(error).__name__}: {error}")

    def _request(self, body: bytes) -> Request:
        content_type = self.headers.get("Content-Type", "")
        parts: dict[str, Part] | None = None
        if is_multipart(content_type):
            parts, body = read_multipart(content_type, body) if body else {}, b""
        kind = content_type.partition(";")[0].strip().lower()
        return Request.of_target(self.command, self.path, body, parts, kind)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        if answer.body or answer.status not in {204, 304}:
            self.send_header("Content-Length", str(len(answer.body)))
        if answer.body:
            self.send_header("Content-Type", answer.content_type)
        for name, value in answer.headers.items():
            self.send_header(name, _OUTSIDE_OF_HEADERS.sub(" ", value))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002 - http.server's own
        """Answer what cannot be read as HTTP, in HTTP whatever it was."""
        self.close_connection = True
        self.request_version = self.protocol_version
        self._send(Answer(code, json.dumps({"reason": message or responses.get(code, "")}).encode()))

    def handle_expect_100(self) -> bool:
        """Ask for the body at once."""
        super().handle_expect_100()
        self.wfile.flush()
        return True

    def version_string(self) -> str:
        """Return who answers."""
        return f"pfemu/{pfemu.__version__}"

    def log_message(self, format: str, *arguments: object) -> None:
        """Keep each call off the terminal."""
