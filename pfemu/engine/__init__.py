"""The owner of the broker: the only code that calls the core, for clients and for administrators."""

from pfemu.broker.consumer import DeliveryTarget
from pfemu.engine.engine import Engine

__all__ = ["DeliveryTarget", "Engine"]
