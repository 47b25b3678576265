
import time
from datetime import datetime, timedelta
from pulsar import Function


class Window(Function):
    def __init__(self):
        self.items = []
        self.since = None

    def process(self, input, context):
        now = time.time()
        if self.since is None:
            self.since = now
        self.items.append(str(input))
        if now - self.since < 3:
            return None
        out, self.items, self.since = "+".join(self.items), [], None
        return out


class Throttle(Function):
    last = None

    def process(self, input, context):
        now = datetime.now()
        if self.last is not None and now - self.last < timedelta(seconds=2):
            context.record_metric("dropped", 1)
            return None
        self.last = now
        return str(input)
