"""User code in a process of its own: everything but that code stays with the emulator."""
