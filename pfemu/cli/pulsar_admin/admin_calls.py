"""Calls of the admin API over HTTP: of a running ``pfemu run --admin-port``, or of a Pulsar."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlencode, urlsplit

from pfemu.admin.answer import Answer
from pfemu.admin.http.multipart import write_multipart
from pfemu.admin.request import JSON_TYPE, Request
from pfemu.cli.options.cluster_options import DEFAULT_ADMIN_URL
from pfemu.errors import InputError

_TIMEOUT_S = 300
"""``--request-timeout`` of ``pulsar-admin``."""

_NOBODY = """{problem} at {url}.
Start what is to answer there: pfemu run --admin-port {port}
If it listens elsewhere, say where: pfemu functions --admin-url URL ..., or set PFEMU_ADMIN_URL."""


class AdminCalls:
    """Makes calls, each on a connection of its own.

    Raises:
        InputError: that is no URL of a web service.
    """

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        parts = urlsplit(self._url)
        try:
            self._port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            self._port = 0
        if parts.scheme not in {"http", "https"} or not parts.hostname or not self._port:
            raise InputError(f"--admin-url {url} is no address of a web service, such as {DEFAULT_ADMIN_URL}.")
        self._kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._host, self._base = parts.hostname, parts.path

    def __call__(self, request: Request) -> Answer:
        """Make a call and return its answer.

        Raises:
            InputError: nobody answers.
        """
        kind, body = (JSON_TYPE, request.body) if request.parts is None else write_multipart(request.parts)
        query = f"?{urlencode(request.query)}" if request.query else ""
        connection = self._kind(self._host, self._port, timeout=_TIMEOUT_S)
        try:
            connection.request(request.method, self._base + request.path + query, body, {"Content-Type": kind})
            response = connection.getresponse()
            return Answer(response.status, response.read(), response.getheader("Content-Type", ""), dict(response.getheaders()))
        except ConnectionRefusedError:
            raise InputError(_NOBODY.format(problem="Nothing listens", url=self._url, port=self._port)) from None
        except (OSError, HTTPException) as error:
            problem = f"No answer comes ({type(error).__name__}: {error})"
            raise InputError(_NOBODY.format(problem=problem, url=self._url, port=self._port)) from None
        finally:
            connection.close()
