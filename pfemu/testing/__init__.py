"""What tests ask of an emulator beyond running functions: faults on purpose, and a drill of every crash."""

from pfemu.testing.drill import Crash, DrillReport, delivery_drill
from pfemu.testing.faults import Fault, Faults

__all__ = ["Crash", "DrillReport", "Fault", "Faults", "delivery_drill"]
