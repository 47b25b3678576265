"""One function instance: a mailbox and a step (``python_instance.py``).

* The order of starting is Pulsar's: consumers first, then the user's class. So the subscription exists even when the class does not load.
* One message at a time, across all inputs. What arrives meanwhile waits in the mailbox.
* Any ``Exception`` of the user's is counted, logged and negatively acknowledged. Anything else (``SystemExit``) ends the
  thread that processes: the instance stays "running" and never processes again.
* A failure outside the user's code (decoding, encoding, publishing) is a system exception, negatively acknowledged as well.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import pulsar

from pfemu.errors import InternalError, PfemuError
from pfemu.model.warnings.happenings import BATCH_COMES_BACK, THREAD_ENDED
from pfemu.runtime.figures.stats import AHEAD, FunctionStats
from pfemu.runtime.function_warnings import warning_about
from pfemu.runtime.logs.function_log import UnwritableText
from pfemu.runtime.observer import Failure, LogEntry
from pfemu.runtime.traceback_text import NO_EXCEPTION_TEXT, error_line, user_traceback

if TYPE_CHECKING:
    from pfemu.ports import Message, OpenBatches, PulsarClient
    from pfemu.runtime.context import ContextImpl
    from pfemu.runtime.function import FunctionServices
    from pfemu.runtime.input_source import InputSource
    from pfemu.runtime.loader import LoadedFunction
    from pfemu.runtime.logs.function_log import FunctionLog
    from pfemu.runtime.runners import InstanceThread
    from pfemu.runtime.sink import Publish

STOP_TIMEOUT_S = 10.0
"""How long a stop waits for the message that is being processed (``ProcessRuntime``)."""

_MILLISECONDS = 1000.0
_INTERNAL = "pfemu itself failed while a function took a message, and not the function: {}. Please report it, with the traceback."


Process: TypeAlias = "Callable[[Any, Any], object]"
"""The user's function, as it is called: with a value and the context."""


class InstanceKilled(BaseException):
    """Why an instance's process ended: somebody killed it. User code that catches ``Exception`` does not catch it."""


class InstanceStuck(BaseException):
    """Why an instance does nothing any more: what it waits for never comes. User code that catches ``Exception`` does not catch it."""


class Publisher(Protocol):
    """Where results go: a :class:`~pfemu.runtime.sink.Sink`, or one with faults in its way."""

    @property
    def publish(self) -> Publish:
        """Publish an output; see :class:`~pfemu.runtime.sink.Sink`."""
        ...


class FunctionInstance:
    """Takes messages through decode, process, encode, publish and acknowledge."""

    def __init__(self, instance_id: int, services: FunctionServices) -> None:
        self.instance_id = instance_id
        self.stats = FunctionStats(services.scheduler.now_ms())
        self.inputs: list[InputSource] = []
        self.running = False
        self.ended_by: BaseException | None = None
        self.thread: InstanceThread | None = None
        self._client: PulsarClient | None = None
        self._open_batches: OpenBatches | tuple[()] = ()
        self._scheduler = services.scheduler
        self._now_ms = services.scheduler.now_ms
        self._stopwatch_s = services.stopwatch_s
        self._observer = services.observer
        self.warn = services.warn
        self._mailbox: deque[tuple[InputSource, Message]] = deque()
        self._queued: Message | None = None
        self._busy = False
        self._replacements: deque[Callable[[], object]] = deque()
        self._around: Callable[[Process], Process] | None = None
        self.died: Callable[[InstanceKilled], object] = self._end_thread
        """Told, on the thread that owns the broker, of what ended the process it is in."""
        self.context: ContextImpl
        self.log: FunctionLog = None  # type: ignore[assignment] # before it starts
        self.loaded: LoadedFunction | None = None
        self.sink: Publisher | None = None

    def connect(self, client: PulsarClient) -> None:
        """Take the client that all consumers and producers of the instance come from."""
        self._client = client
        batches: OpenBatches | None = getattr(client, "_open_batches", None)  # pulsar.Client has none: time ends its batches
        self._open_batches = () if batches is None else batches

    def stop(self) -> None:
        """Disconnect; what is being processed is finished by its caller, what waits goes back to the broker."""
        self.running = False
        self._mailbox.clear()
        self.stats.waiting = None
        self.inputs.clear()
        if self._client is not None:
            with suppress(pulsar.AlreadyClosed):  # the function may have closed the context's client itself
                self._client.close()
            self._client = None
        if self.thread is not None:
            self.thread.stop(STOP_TIMEOUT_S if self._scheduler.may_block else 0)  # a live broker goes on while user code ends
            self.thread = None
        if self.loaded is not None:
            self.loaded.unload()
        if self.log is not None:
            self.log.close()

    def use(self, function: LoadedFunction, context: ContextImpl, log: FunctionLog, sink: Publisher | None) -> None:
        """Take the user's code in; messages that waited for it are processed now."""
        self.context = context
        self.log = log
        self.sink = sink
        self.swap(function)
        self.running = True

    def swap(self, function: LoadedFunction) -> None:
        """Use other code at once; between two messages only."""
        self.loaded = function
        self.log.use_streams(function.streams)
        if function.own_process is not None:
            function.own_process.watch(self._process_ended)
        process = function.process if function.takes_context else _without_context(function.process)
        self._process = process if self._around is None else self._around(process)

    def _process_ended(self, reason: InstanceKilled) -> None:
        """Take note, on whatever thread, that the code's own process is gone."""
        self._scheduler.soon(lambda: self.died(reason))

    def record(self, around: Callable[[Process], Process]) -> None:
        """Have every call of the function pass through what ``around`` returns, of this and of later code."""
        self._around = around
        if self.loaded is not None:
            self.swap(self.loaded)

    @property
    def busy(self) -> bool:
        """Whether a message is being processed."""
        return self._busy

    def before_next_message(self, replace: Callable[[], object]) -> None:
        """Have something done on the thread that processes, before it takes another message; any thread may ask.

        A message that is being processed is finished first. Where none is, it is done now, or as soon as that thread looks.
        """
        self._replacements.append(replace)
        if self.thread is not None:
            self.thread.run_between(self._replace)

    def replace_if_idle(self) -> None:
        """Do what waits for the next message, unless one is being processed; on the thread that processes."""
        if not self._busy:
            self._replace()

    def _replace(self) -> None:
        while self._replacements:
            self._replacements.popleft()()

    def revive(self) -> None:
        """Process again after user code ended the thread: what waits here is asked for again by whoever revives it."""
        if self.ended_by is not None and not isinstance(self.ended_by, InstanceKilled):
            self._mailbox.clear()
            self.ended_by = None

    def take(self, source: InputSource, _consumer: object, message: Message) -> None:
        """Receive one message; process it, unless one is being processed."""
        stats = self.stats
        now_ms = self._now_ms()
        if now_ms >= stats.minute_ends_ms:
            stats.roll_minute(now_ms)
        if self._busy or self.ended_by is not None:
            self._let_wait(source, message)
            return
        stats.received += 1
        self._busy = True
        try:
            self._step(source, message, now_ms)
            if self._open_batches:
                self._open_batches.end()
            while self._mailbox and self.ended_by is None:
                self._step(*self._mailbox.popleft(), self._now_ms())
                if self._open_batches:
                    self._open_batches.end()
        except (PfemuError, pulsar.exceptions.PulsarException):
            raise
        except Exception as error:
            raise InternalError(_INTERNAL.format(error_line(error))) from error
        except BaseException as error:  # of a SerDe or a schema; it ends the thread as that of the function does
            if _is_ctrl_c(error):
                raise
            self._end_thread(error)
        finally:
            self._busy = False

    def _let_wait(self, source: InputSource, message: Message) -> None:
        """Keep a message that nobody can take now; of an instance whose thread has ended, the queue and the listener are soon full."""
        if self.ended_by is None:
            self.stats.received += 1
        elif len(self._mailbox) < AHEAD and not isinstance(self.ended_by, InstanceStuck):
            self.stats.received += 1
            if not self._mailbox:
                self._queue(source, message)
        self._mailbox.append((source, message))

    def queue(self, source: InputSource, message: Message) -> None:
        """Answer a message that is next while another is processed, as one in the real instance's queue is answered."""
        if self.ended_by is None:
            self._queue(source, message)

    def _queue(self, source: InputSource, message: Message) -> None:
        if source.queued is not None and message is not self._queued:
            self._queued = message
            source.queued(message)

    def _step(self, source: InputSource, message: Message, now_ms: int) -> None:
        if self._replacements:
            self._replace()
        if source.queued is not None:
            self._queue(source, message)
        stats = self.stats
        context = self.context
        sink = self.sink
        try:
            value = source.read(message) if source.deserialize is None else source.deserialize(message.data())
        except Exception as error:  # noqa: BLE001 - counted, logged and answered as the real instance does
            self._system_failure(source, message, error)
            return
        context.message = message
        context.current_start_time = now_ms / _MILLISECONDS
        stats.last_invocation_ms = now_ms
        started = self._stopwatch_s()
        self.log.enter()
        try:
            output = self._process(value, context)
        except Exception as error:  # noqa: BLE001 - counted, logged and answered as the real instance does
            self._user_failure(source, message, error, value)
            return
        except BaseException as error:  # it ends the real instance's thread, silently
            if _is_ctrl_c(error):
                raise
            self._end_thread(error)
            return
        finally:
            self.log.leave()
        stats.latency_sum_ms += (self._stopwatch_s() - started) * _MILLISECONDS
        stats.latency_count += 1
        try:
            if output is None or sink is None:
                source.no_output(message)
            else:
                sink.publish(output, message, source.published, source.done)
        except Exception as error:  # noqa: BLE001 - counted, logged and answered as the real instance does
            self._system_failure(source, message, error)
            return
        stats.processed_successfully += 1

    def not_published(self, source: InputSource, result: object, message: Message) -> None:
        """Answer an input whose output could not be published."""
        topic = self.context.get_output_topic()
        text = f"Failed to publish to topic [{topic}] with error [{result}] with src message id [{message.message_id()}]"
        self._warn_of_failure(source, message, Exception(text))
        self.log.note("python_instance.py", text)
        self._count_system(Exception(text), NO_EXCEPTION_TEXT, message)
        source.failed(message)

    def get_stuck(self, reason: InstanceStuck) -> None:
        """Receive and process nothing any more."""
        self.ended_by = reason

    def _end_thread(self, error: BaseException) -> None:
        self.ended_by = error
        if not isinstance(error, InstanceKilled):
            self.warn(THREAD_ENDED.warning(f"{type(error).__name__} in process"))

    def _warn_of_failure(self, source: InputSource, message: Message, error: BaseException) -> None:
        """Say what follows from a failure and is easily missed."""
        about = warning_about(error)
        if about is not None:
            self.warn(about)
        acknowledged_before = source.queued is not None
        if not acknowledged_before and getattr(message, "_batch_size", 0) > 1:  # pulsar-client's own messages do not tell
            self.warn(BATCH_COMES_BACK.warning())

    def _user_failure(self, source: InputSource, message: Message, error: Exception, value: object) -> None:
        self._warn_of_failure(source, message, error)
        text = user_traceback(error)
        if self._observer is not None:
            self._observer.failed(Failure("user", error, text, self._now_ms(), self.instance_id, message, type(value).__name__))
        try:
            self.log.log_exception(_exception_record("Exception while executing user method", error))
            self.stats.count_user_exception(error, text, self._now_ms())
        except UnwritableText as endless:
            self._end_thread(endless)
        except Exception as worse:  # noqa: BLE001 - str(error) raised it, or a log handler: a failure of the instance's as well, there as here
            self.log.stay()
            self._system_failure(source, message, worse)
        else:
            source.failed(message)

    def _system_failure(self, source: InputSource, message: Message, error: Exception) -> None:
        self._warn_of_failure(source, message, error)
        try:
            self.log.note("python_instance.py", f"Uncaught exception in Python instance: {error}")
        except Exception as textless:  # noqa: BLE001 - the real instance's thread dies of it, for it is in no try block any more
            self._end_thread(textless)
            return
        self._count_system(error, user_traceback(error), message)
        source.failed(message)

    def count_system_exception(self, error: BaseException) -> None:
        """Count a publication that failed; its kept text is Pulsar's for no exception at all."""
        self.log.note("contextimpl.py", str(error))
        self._count_system(error, NO_EXCEPTION_TEXT, None)

    def _count_system(self, error: BaseException, text: str, message: Message | None) -> None:
        self.stats.count_system_exception(error, text, self._now_ms())
        if self._observer is not None:
            self._observer.failed(Failure("system", error, text, self._now_ms(), self.instance_id, message))

    def observe_record(self, record: logging.LogRecord) -> None:
        """Pass a log record of the user's on."""
        if self._observer is not None:
            entry = LogEntry(record.levelname, record.getMessage(), self._now_ms(), self.instance_id, self.context.message)
            self._observer.logged(entry)


def _is_ctrl_c(error: BaseException) -> bool:
    """Tell Ctrl-C from a KeyboardInterrupt of the user's, which ends an instance's thread.

    Differs: on the main thread, where a stepping emulator may run functions, a KeyboardInterrupt of the user's is taken for Ctrl-C.
    """
    return isinstance(error, KeyboardInterrupt) and threading.current_thread() is threading.main_thread()


def _without_context(process: Callable[[object], object]) -> Callable[[object, object], object]:
    return lambda value, _context: process(value)


def _exception_record(text: str, error: Exception) -> logging.LogRecord:
    record = logging.LogRecord("root", logging.ERROR, "python_instance.py", 0, text, None, (type(error), error, error.__traceback__))
    record.exc_text = getattr(error, "__pfemu_traceback__", "").rstrip("\n") or None  # of an exception from another process
    return record
