"""The client of an instance that behaves as if it had a process: what takes time there takes time here."""

from __future__ import annotations

import threading
from typing import Any

from pfemu.client.client import Client
from pfemu.client.consuming.consumer import Consumer
from pfemu.client.producing.producer import Producer
from pfemu.client.signatures import shown_as
from pfemu.engine import Engine
from tests.traces.baton import BatonThread

NEW_PRODUCER_MS = 25
"""About what the real process waits for a producer. What arrives meanwhile is processed in one go, so its outputs share a batch."""
SEEK_MS = 120
"""About what it waits for a seek: its consumer is disconnected, and connects anew after a tenth of a second."""


@shown_as("pulsar", "Client")
class InstanceClient(Client):
    """Outputs wait for their batch, and the function waits for its producers."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, for_instance=True, timed_batches=True)

    def create_producer(self, *args: Any, **kwargs: Any) -> Producer:
        """Make a producer, after a while if it is the function's thread that asks."""
        baton = getattr(threading.current_thread(), "baton", None)
        if isinstance(baton, BatonThread):
            baton.sleep(NEW_PRODUCER_MS)
        return super().create_producer(*args, **kwargs)

    def subscribe(self, *args: Any, **kwargs: Any) -> Consumer:
        """Make a consumer whose seeks take a while."""
        consumer = super().subscribe(*args, **kwargs)
        native = consumer._consumer
        at_once = native.seek

        def seek(target: object) -> None:
            at_once(target)
            baton = getattr(threading.current_thread(), "baton", None)
            if isinstance(baton, BatonThread):
                baton.sleep(SEEK_MS)

        native.seek = seek
        return consumer
