"""Notes what a tracker asks for."""

from pfemu.scheduling.stepping import SteppingScheduler


class Asked:
    """Notes what was asked for, and when."""

    def __init__(self):
        self.scheduler = SteppingScheduler()
        self.start_ms = self.scheduler.now_ms()
        self.asked = []

    def __call__(self, positions):
        self.asked.append((self.scheduler.now_ms() - self.start_ms, positions))
