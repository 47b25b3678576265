"""What runs in the user's process: loads the code, and does what the emulator's process asks for until that hangs up."""

from __future__ import annotations

import logging
import os
import pickle
import signal
import socket
import sys
import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from pfemu.errors import LoadError
from pfemu.runtime.loader import LoadedFunction, load
from pfemu.runtime.processes.failures import encoded, is_plain
from pfemu.runtime.processes.peer import Frame, Peer
from pfemu.runtime.processes.process_collectors import Family, crossing_families
from pfemu.runtime.processes.process_context import CONTEXT_RECORD, ProcessContext
from pfemu.runtime.processes.streams import RecordSender, SendingStream
from pfemu.runtime.processes.values import is_scalar
from pfemu.runtime.values.schemas import schema_for
from pfemu.runtime.values.serde import identity_serialize, resolve_serde
from pfemu.runtime.values.value_text import value_text

if TYPE_CHECKING:
    from collections.abc import Callable


_NO_BREAKPOINTS = "breakpoint() has no terminal in a function's own process: use the thread runtime (--runtime thread), or --debug with it"


class Child:
    """The user's side of a conversation: code, what it was made into, and values that stay here."""

    loaded: LoadedFunction

    def __init__(self, connection: socket.socket) -> None:
        self._later: SimpleQueue[Frame] = SimpleQueue()
        self.peer = Peer(connection, self._serve, self._later.put, lambda: os._exit(0), own_thread=True)
        self._kept: dict[int, object] = {}
        self._numbers = 0
        self._modules_told = 0
        self._codecs: list[tuple[Any, str, str]] = []
        self.context = ProcessContext(self.peer, self.wire_value)  # type: ignore[abstract] # the end of its module makes them
        self._served: dict[str, Callable[..., object]] = {
            "load": self._load,
            "process": self._process,
            "make_serde": self._make_serde,
            "make_schema": self._make_schema,
            "schema_info": self._schema_info,
            "decode": self._decode,
            "encode": self._encode,
            "encode_by_default": self._encode_by_default,
            "attribute": self._attribute,
            "call_back": self.context.call_back,
            "drop": self._drop,
            "metrics": self._metrics,
        }

    def run(self) -> None:
        """Serve."""
        threading.Thread(target=self._serve_later, name="pfemu-callbacks", daemon=True).start()
        self.peer.start()
        self.peer.serve_main()

    def _serve_later(self) -> None:
        while True:
            self.peer.answer(self._later.get())

    def _serve(self, name: str, arguments: tuple[Any, ...]) -> object:
        return self._served[name](*arguments)

    def wire_value(self, value: object) -> tuple[Any, ...]:
        """Return what crosses of a value: itself if it is plain, else its number, class, text, and a copy if that can be."""
        if is_scalar(value):
            return (value,)
        self._numbers += 1
        self._kept[self._numbers] = value
        return self._numbers, type(value).__name__, _shown(value), value if is_plain(value) else None

    def value(self, crossed: tuple[Any, ...]) -> object:
        """Return the value that came, or that stayed here."""
        value, *how = crossed
        if how == ["pickled"]:  # of a test or script, whose modules can be imported here, too
            return self.loaded.space.within(pickle.loads)(value)
        return self._kept[value] if how else value

    def _drop(self, numbers: tuple[int, ...]) -> None:
        for number in numbers:
            self._kept.pop(number, None)

    # ------------------------------------------------------------------------------------------------------------ code

    def _load(self, source: str, class_name: str | None, directory: str | None, level: int) -> tuple[Any, ...]:
        from pathlib import Path

        logging.root.setLevel(level)
        try:
            self.loaded = load(source, class_name, config_directory=None if directory is None else Path(directory))
        except LoadError as error:
            return "refused", str(error), None if error.__cause__ is None else encoded(error.__cause__)
        except KeyboardInterrupt as error:  # the code's own: this process hears of no Ctrl-C
            return "refused", f"{source} cannot be loaded: it raises KeyboardInterrupt.", encoded(error)
        loaded = self.loaded
        path = None if loaded.path is None else str(loaded.path)
        facts = (loaded.class_name, isinstance(loaded.target, type), loaded.instance is not None, loaded.takes_context)
        return "loaded", facts, loaded.warnings, (path, str(loaded.directory), loaded.requirements), self._modules()

    def _metrics(self) -> list[Family]:
        return crossing_families(self.loaded.collectors.registry)

    def _modules(self) -> list[tuple[str, str]]:
        self._modules_told = len(self.loaded.modules)
        return [(name, str(file)) for name, module in list(self.loaded.modules.items()) if (file := getattr(module, "__file__", None))]

    def _process(self, crossed: tuple[Any, ...], level: int) -> tuple[Any, ...]:
        self.context.logger.set_level(level)
        value = self.value(crossed)
        try:
            return self.wire_value(self.loaded.process(value, self.context) if self.loaded.takes_context else self.loaded.process(value))
        finally:
            if len(self.loaded.modules) != self._modules_told:
                self.peer.note("modules", self._modules())

    # ------------------------------------------------------------------------------------------------ SerDes and schemas

    def _make_serde(self, class_path: str) -> int:
        self._codecs.append((resolve_serde(class_path, self.loaded.space), "serialize", "deserialize"))
        return len(self._codecs) - 1

    def _make_schema(self, schema_type: str, type_class_name: str, properties: dict[str, str]) -> int:
        self._codecs.append((schema_for(schema_type, type_class_name, properties, self.loaded.space), "encode", "decode"))
        return len(self._codecs) - 1

    def _schema_info(self, number: int) -> tuple[Any, ...]:
        schema = self._codecs[number][0]
        info = schema.schema_info()
        return type(schema).__name__, info.schema_type().name, info.name(), info.schema()

    def _decode(self, number: int, payload: bytes) -> tuple[Any, ...]:
        codec, _, decode = self._codecs[number]
        return self.wire_value(self.loaded.space.within(getattr(codec, decode))(payload))

    def _encode(self, number: int, crossed: tuple[Any, ...]) -> object:
        codec, encode, _ = self._codecs[number]
        content = self.loaded.space.within(getattr(codec, encode))(self.value(crossed))
        return content if is_plain(content) else bytes(content)

    def _attribute(self, number: int, name: str) -> tuple[Any, ...]:
        return self.wire_value(getattr(self._kept[number], name))

    def _encode_by_default(self, number: int) -> bytes:
        return identity_serialize(self._kept[number])


def _shown(value: object) -> str:
    try:
        return value_text(value)
    except Exception as error:  # noqa: BLE001 - a __repr__ of the user's
        return f"<{type(value).__name__} without a repr: {type(error).__name__}>"


def _refuse_breakpoints(*_arguments: object, **_settings: object) -> None:
    raise RuntimeError(_NO_BREAKPOINTS)


def main() -> None:
    """Serve the connection whose descriptor is the argument."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the emulator's, which ends this process
    sys.breakpointhook = _refuse_breakpoints
    _, descriptor, python_path = sys.argv
    sys.argv = [""]
    os.environ["PYTHONPATH"] = python_path  # for processes that user code starts; this one had the emulator's whole path
    os.set_inheritable(int(descriptor), False)  # noqa: FBT003 - it takes no keyword
    child = Child(socket.socket(fileno=int(descriptor)))
    for name in ("stdout", "stderr"):
        setattr(sys, name, SendingStream(getattr(sys, name), name, child.peer.note))
    logging.root.addHandler(RecordSender("record", child.peer.note))
    child.context.logger.addHandler(RecordSender(CONTEXT_RECORD, child.peer.note))
    child.run()


if __name__ == "__main__":
    main()
