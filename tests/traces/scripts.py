"""Recordings about the client: ``scenario.py`` with the emulator's client and virtual time in place of the real ones."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pulsar

from pfemu.client.client import Client
from tests.traces.recording import Recording
from tests.traces.replay import Replay
from tests.traces.virtual_time import module_like, virtual_time

ADMIN_CALL_S = 0.006
"""About what a call of the admin API took a script: what clients do in the background meanwhile is done when it comes back."""


def run_script(recording: Recording, replay: Replay) -> dict[str, Any]:
    """Run a scenario script and return its facts."""
    path = recording.script
    if path is None:
        raise FileNotFoundError(f"{recording.folder} holds no scenario.py")
    module = ModuleType("scenario", path.read_text(encoding="utf-8").partition("\n")[0])
    module.__file__ = str(path)
    modules = {"pulsar": _pulsar_of(replay), "time": virtual_time(replay.scheduler)}
    code = compile(path.read_text(encoding="utf-8"), str(path), "exec")
    module.__dict__["__builtins__"] = _builtins_with(modules)
    exec(code, module.__dict__)
    replay.admin_call_s = ADMIN_CALL_S
    return {"facts": module.run(replay)}


def _pulsar_of(replay: Replay) -> ModuleType:
    """Return ``pulsar`` whose clients of ``env.service`` are the emulator's; at any other address is nobody."""

    def client(service_url: str, **settings: Any) -> pulsar.Client:
        return Client(replay.emulator.engine) if service_url == replay.service else pulsar.Client(service_url, **settings)

    return module_like(pulsar, Client=client)


def _builtins_with(modules: dict[str, ModuleType]) -> dict[str, Any]:
    """Return the builtins with an ``import`` that finds these modules first; submodules are the real ones."""
    import builtins

    def import_module(name: str, *args: Any) -> ModuleType:
        return modules[name] if name in modules else builtins.__import__(name, *args)

    return {**vars(builtins), "__import__": import_module}
