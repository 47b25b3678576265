"""The metrics page over HTTP, on 127.0.0.1; each path is the page, as on a real instance (``prometheus_client.start_http_server``)."""

from __future__ import annotations

import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pfemu.metrics.page import Page
from pfemu.runtime.traceback_text import error_line

HOST = "127.0.0.1"


class MetricsServer:
    """Serves a page on threads of its own until it is closed; ``port`` 0 takes any that is free.

    Raises:
        OSError: the port is taken.
    """

    def __init__(self, port: int, page: Page) -> None:
        self._server = ThreadingHTTPServer((HOST, port), partial(_Handler, page))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="metrics", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://{HOST}:{self._server.server_address[1]}/metrics"

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, page: Page, *request: object) -> None:
        self._page = page
        super().__init__(*request)  # type: ignore[arg-type] # what socketserver hands over

    def do_GET(self) -> None:
        """Answer with the page, or with what a collector of the user's raised."""
        try:
            body, content_type = self._page(self.headers.get("Accept", ""))
        except Exception as error:  # noqa: BLE001 - the edge: whatever went wrong is the answer
            self.send_error(500, explain=error_line(error))
            return
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Keep each scrape off the terminal."""
