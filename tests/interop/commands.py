"""The list of commands, and what each prints, without what differs from run to run.

All go to one ``pulsar-shell``, which runs the very commands of ``pulsar-admin`` and starts one JVM for all of them.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from pfemu.admin.request import Request
from pfemu.cli.pulsar_admin.admin_calls import AdminCalls

_FOLDER = Path(__file__).parent
_FILES = _FOLDER / "files"
_WAIT = "wait "
_SESSION_S = 600
_LOOKS = 600
_BETWEEN_LOOKS_S = 0.2
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_BEGINS = re.compile(r"\[(\d+)/\d+\] Executing ")
_NOT_SAID = re.compile(r"\[\d+/\d+\] |\d{4}-\d\d-\d\dT\S+ \[|\s+(?:at |\.\.\. \d+ more)|Goodbye!")
_TOPIC = re.compile(r"(?:non-)?persistent://")
"""A broker lists topics in no order."""
_NUMBERS = r"\w*[lL]atency|last\w*|\w*[tT]imestamp\w*|workerId|workerHostname|port|processed\w*|received\w*"
_VARYING = (
    (re.compile(rf'("?(?:{_NUMBERS})"? ?: ?)[^,\n{{\[]+'), r"\1..."),
    (re.compile(r"\b\d+:-?\d+(:-?\d+)*\b"), "<id>"),
    (re.compile(r"http://[\w.]+:\d+"), "<url>"),
)


def lines_of_list() -> list[str]:
    """Return the lines of the list."""
    lines = (_FOLDER / "commands.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def outcomes(pulsar_home: Path, url: str) -> dict[str, list[str]]:
    """Give all commands to the service at an address; return what each printed, by its number and itself."""
    namespace = f"interop-{uuid.uuid4().hex[:8]}"
    seen: dict[str, list[str]] = {}
    for session in _sessions(lines_of_list(), url, namespace):
        printed = _printed(pulsar_home, url, [_filled(line, namespace) for line in session])
        for number, line in enumerate(session, 1):
            seen[f"{len(seen) + 1} {line}"] = _without_varying(printed.get(number, []), namespace)
    return seen


def _sessions(lines: list[str], url: str, namespace: str) -> Iterator[list[str]]:
    session: list[str] = []
    for line in lines:
        if line.startswith(_WAIT):
            yield session
            _wait_until_running(AdminCalls(url), f"/admin/v3/functions/public/{namespace}/{line.removeprefix(_WAIT)}/status")
            session = []
        else:
            session.append(line)
    yield session


def _wait_until_running(call: AdminCalls, path: str) -> None:
    pause = threading.Event()  # nobody sets it: the real thing takes its time
    for _ in range(_LOOKS):
        status = json.loads(call(Request("GET", path)).body)
        if status.get("numInstances") and status["numRunning"] == status["numInstances"]:
            return
        pause.wait(_BETWEEN_LOOKS_S)
    raise TimeoutError(path)


def _filled(line: str, namespace: str) -> str:
    return "admin " + line.replace("{ns}", namespace).replace("{files}", str(_FILES))


def _printed(pulsar_home: Path, url: str, commands: list[str]) -> dict[int, list[str]]:
    """Return the lines that each command of one session printed, by its number from 1."""
    with tempfile.TemporaryDirectory() as folder:
        script, settings = Path(folder, "commands"), Path(folder, "client.conf")
        script.write_text("".join(f"{command}\n" for command in commands), encoding="utf-8")
        settings.write_text(f"webServiceUrl={url}/\nbrokerServiceUrl=pulsar://{urlsplit(url).hostname}:6650/\n", encoding="utf-8")
        finished = subprocess.run(
            [pulsar_home / "bin" / "pulsar-shell", "-c", settings, "-f", script],
            env={**os.environ, "PULSAR_EXTRA_OPTS": f"-Duser.home={folder}", "PULSAR_CLIENT_CONF": str(settings)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_SESSION_S,
            check=False,
        )
    return _by_command(finished.stdout)


def _by_command(text: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    number = 0
    for line in _COLOUR.sub("", text).splitlines():
        begins = _BEGINS.match(line)
        if begins is not None:
            number = int(begins[1])
            found[number] = []
        elif number and not _NOT_SAID.match(line):
            found[number].append(line)
    return found


def _without_varying(lines: list[str], namespace: str) -> list[str]:
    if all(_TOPIC.match(line) for line in lines):
        lines = sorted(lines)
    text = "\n".join(lines).replace(namespace, "{ns}").replace(str(_FILES), "{files}")
    for pattern, placeholder in _VARYING:
        text = pattern.sub(placeholder, text)
    return text.splitlines()
