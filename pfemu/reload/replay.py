"""The last inputs again on new code: in a sandbox, to show what an edit changes, or sent for real.

Each input meets the state it saw first, not what the input before it made of that on the new code: a difference is the edit's. It runs on
the function's own thread between two messages, on modules loaded for it alone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from pfemu.errors import LoadError
from pfemu.model.topic_name import TopicName
from pfemu.reload.recorded_inputs import InputRecorder, RecordedInput
from pfemu.reload.reports import Replayed, ReplayedInput
from pfemu.reload.sandbox import Sandbox
from pfemu.runtime.replacement import replacement

if TYPE_CHECKING:
    from pfemu.function_handle import FunctionHandle
    from pfemu.reload.reload_host import ReloadHost
    from pfemu.runtime.instance import FunctionInstance
    from pfemu.runtime.loader import LoadedFunction
    from pfemu.runtime.replacement import Replacement


class Replayer:
    """Replays the inputs of one function that a recorder keeps; ``load`` loads its code. ``apply``: send for real."""

    def __init__(
        self,
        host: ReloadHost,
        handle: FunctionHandle,
        recorder: InputRecorder,
        load: Callable[[], LoadedFunction],
        *,
        apply: bool = False,
    ) -> None:
        self._host = host
        self._handle = handle
        self._recorder = recorder
        self._load = load
        self._apply = apply
        self.watch()

    def watch(self) -> None:
        """Have the inputs of every instance recorded, those that were started anew included."""
        table = self._host.emulator.state.table(*self._handle.name.split("/"))
        for instance in self._handle.function.instances:
            instance.record(partial(self._recorder.around, table=table))

    def replay(self, generation: int, count: int | None) -> None:
        """Replay the last ``count`` inputs, all that are kept for None; on a thread that may take its time.

        Raises:
            LoadError: the code on disk does not load.
        """
        inputs = self._recorder.last(count)
        if self._apply:
            self._host.on_owner(partial(self._send_again, inputs))
            return
        instance = next((each for each in self._handle.function.instances if each.loaded is not None), None)
        if instance is None:
            raise LoadError(f"no instance of {self._handle.name} runs")
        code = replacement(self._handle.function, instance, self._load())
        instance.before_next_message(partial(self._run, instance, code, inputs, generation))
        if instance.thread is None:
            self._host.on_owner(instance.replace_if_idle)

    def _run(self, instance: FunctionInstance, code: Replacement, inputs: list[RecordedInput], generation: int) -> None:
        sandbox = Sandbox(self._handle.function, instance, code)
        try:
            replayed = [_replayed(each, sandbox) for each in inputs]
        finally:
            self._host.retire(code.loaded.unload)
        self._host.report(Replayed(generation, tuple(replayed)))

    def _send_again(self, inputs: list[RecordedInput]) -> None:
        for each in inputs:
            message = each.message
            self._host.emulator.producer(TopicName.parse(message.topic_name())).send_async(
                message.data(),
                None,
                properties=dict(message.properties()),
                partition_key=message.partition_key() or None,
                event_timestamp=message.event_timestamp() or None,
            )


def _replayed(recorded: RecordedInput, sandbox: Sandbox) -> ReplayedInput:
    before = recorded.before
    recorded.last = after = sandbox.run(recorded)
    return ReplayedInput(str(recorded.message.message_id()), recorded.message.data(), before, after)
