"""Clocks, timers and the two schedulers: stepping in virtual time, and live."""
