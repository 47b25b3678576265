"""An emulator with its admin API, and calls on it as a client makes them."""

import json

import pfemu
from pfemu.admin.api import AdminApi
from pfemu.admin.request import Part, Request

ECHO = "from pulsar import Function\n\n\nclass F(Function):\n    def process(self, input, context):\n        return input\n"
FUNCTION = "/admin/v3/functions/public/default/f"
CONFIG = {"className": "function.F", "inputs": ["in"], "output": "out", "runtime": "PYTHON", "py": "function.py"}


class Deployment:
    """Calls answer with the status and the decoded body: JSON, text, or None."""

    def __init__(self, scheduler=None):
        self.emulator = pfemu.Emulator(scheduler=scheduler)
        self.api = AdminApi(self.emulator)

    def call(self, method, target, body=None, parts=None):
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        named = None if parts is None else {name: _part(content) for name, content in parts.items()}
        answer = self.api.answer(Request.of_target(method, target, data, named))
        if not answer.body:
            return answer.status, None
        try:
            return answer.status, json.loads(answer.body)
        except ValueError:
            return answer.status, answer.body.decode("utf-8", "replace")

    def create(self, code=ECHO, name="f", **config):
        parts = {"functionConfig": {**CONFIG, **config}, "data": ("function.py", code)}
        return self.call("POST", f"/admin/v3/functions/public/default/{name}", parts=parts)

    def update(self, code=None, **config):
        parts = {"functionConfig": config} | ({} if code is None else {"data": ("function.py", code)})
        return self.call("PUT", FUNCTION, parts=parts)

    def status(self, name="f"):
        return self.call("GET", f"/admin/v3/functions/public/default/{name}/status")[1]["instances"][0]["status"]


def _part(content):
    if isinstance(content, Part):
        return content
    if isinstance(content, tuple):
        return Part(content[1].encode(), content[0])
    return Part((content if isinstance(content, str) else json.dumps(content)).encode())
