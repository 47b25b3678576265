"""Two processes that call each other: frames over a socket, and whose turn it is.

* A frame is its length and a marshalled tuple, so nothing but plain values crosses: no class of the user's is ever looked for on the
  other side, and reading a frame runs no code.
* Calls belong to a conversation, named by the thread of the user's process that has it; ``MAIN`` is the thread that processes.
  Within one, only one side speaks at a time, and each may call back before it answers.
* Frames of a conversation that nobody waits in go to ``unclaimed``.
* When the other side is gone, whoever waits gets :class:`PeerGone`.
"""

from __future__ import annotations

import marshal
import socket
import struct
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeAlias

from pfemu.runtime.processes.failures import decoded, encoded

MAIN = 0
_CALL, _ANSWER, _FAILURE, _NOTE = range(4)
_LENGTH = struct.Struct("!Q")

Frame: TypeAlias = tuple[int, int, Any, Any]
"""Conversation, kind, and two values: name and arguments, or what a call came to."""
Serve: TypeAlias = Callable[[str, tuple[Any, ...]], object]


class PeerGone(Exception):  # noqa: N818 - no error of anybody's
    """The other process is not there any more."""


class _Speaking(threading.local):
    conversation: int | None = None


class Peer:
    """One end. ``serve(name, arguments)`` does what the other side asks for; ``gone`` is told once when there is no other side."""

    def __init__(
        self, connection: socket.socket, serve: Serve, unclaimed: Callable[[Frame], object], gone: Callable[[], object], own_thread: bool
    ) -> None:
        self._connection = connection
        self._serve = serve
        self._unclaimed = unclaimed
        self._gone = gone
        self._starts_conversations = own_thread
        self._sending = threading.Lock()
        self._speaking = _Speaking()
        self._inboxes: dict[int, SimpleQueue[Frame | None]] = {MAIN: SimpleQueue()}
        self._is_gone = False
        self._reader = threading.Thread(target=self._read, name="pfemu-process-reader", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._reader.start()

    def call(self, name: str, *arguments: object) -> Any:  # noqa: ANN401 - whatever the other side answers
        """Have something done on the other side, and wait for what comes of it.

        Raises:
            PeerGone: the other process has ended.
            ValueError: an argument is no plain value; nothing was sent.
            BaseException: what it raised there, as near as it can be had here.
        """
        return self.call_in(self.conversation, name, *arguments)

    def call_in(self, conversation: int, name: str, *arguments: object) -> Any:  # noqa: ANN401 - as call
        """Have it done in another conversation, which nobody else may be in; raises as :meth:`call`."""
        inbox = self._inboxes.setdefault(conversation, SimpleQueue())
        if self._is_gone:
            raise PeerGone
        try:
            self._send(conversation, _CALL, name, arguments)
            kind, value = self._answer_to_call(inbox)
        finally:
            if conversation != MAIN and self._speaking.conversation is None:
                del self._inboxes[conversation]
        if kind == _FAILURE:
            raise decoded(value)
        return value

    def note(self, name: str, *arguments: object) -> None:
        """Tell the other side something that needs no answer, in order with the calls of this thread."""
        self._send(self.conversation, _NOTE, name, arguments)

    def note_in(self, conversation: int, name: str, *arguments: object) -> None:
        """Tell it in another conversation."""
        self._send(conversation, _NOTE, name, arguments)

    @property
    def conversation(self) -> int:
        """The conversation this thread is in, or would begin."""
        if self._speaking.conversation is not None:
            return self._speaking.conversation
        is_main = not self._starts_conversations or threading.current_thread() is threading.main_thread()
        return MAIN if is_main else threading.get_ident()

    def serve_main(self) -> None:
        """Answer calls of the main conversation until the other side is gone."""
        inbox = self._inboxes[MAIN]
        while (frame := inbox.get()) is not None:
            self.answer(frame)

    def answer(self, frame: Frame) -> None:
        """Do what a frame asks for, in its conversation."""
        conversation, kind, name, arguments = frame
        before, self._speaking.conversation = self._speaking.conversation, conversation
        is_first = conversation not in self._inboxes
        try:
            result = self._serve_first(conversation, name, arguments) if is_first else self._serve(name, arguments)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt) and not self._starts_conversations:
                raise  # Ctrl-C is this side's, and the user's process does not hear of it
            if kind == _CALL:
                self._send(conversation, _FAILURE, encoded(error), None)
            else:
                sys.excepthook(type(error), error, error.__traceback__)
        else:
            if kind == _CALL:
                self._send(conversation, _ANSWER, result, None)
        finally:
            self._speaking.conversation = before

    def _serve_first(self, conversation: int, name: str, arguments: tuple[Any, ...]) -> object:
        try:
            return self._serve(name, arguments)
        finally:  # before it is answered: what comes then begins anew
            self._inboxes.pop(conversation, None)

    def close(self) -> None:
        """Hang up."""
        try:
            self._connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # the other side has done so

    def _answer_to_call(self, inbox: SimpleQueue[Frame | None]) -> tuple[int, Any]:
        try:
            while (frame := inbox.get()) is not None:
                _, kind, value, _ = frame
                if kind in {_ANSWER, _FAILURE}:
                    return kind, value
                self.answer(frame)
        except BaseException:  # Ctrl-C: whose answer comes next nobody knows any more
            self.close()
            raise
        inbox.put(None)  # for whoever waits further out
        raise PeerGone

    def _send(self, *frame: Any) -> None:  # noqa: ANN401 - plain values
        content = marshal.dumps(frame)
        with self._sending:
            try:
                self._connection.sendall(_LENGTH.pack(len(content)) + content)
            except OSError:
                raise PeerGone from None

    def _read(self) -> None:
        with self._connection.makefile("rb") as stream:
            while (frame := _next_frame(stream.read)) is not None:
                inbox = self._inboxes.get(frame[0])
                if inbox is None:
                    self._unclaimed(frame)
                else:
                    inbox.put(frame)
        self._is_gone = True
        for inbox in list(self._inboxes.values()):
            inbox.put(None)
        self._gone()


def _next_frame(read: Callable[[int], bytes]) -> Frame | None:
    try:
        head = read(_LENGTH.size)
        content = read(_LENGTH.unpack(head)[0]) if len(head) == _LENGTH.size else b""
    except OSError:
        return None  # reset: the other process was killed
    return marshal.loads(content) if content else None  # noqa: S302 - what the other half of pfemu has written
