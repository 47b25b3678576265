
import datetime
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime as clock
from threading import Event, Thread
from time import monotonic, perf_counter, sleep, time

import asyncio
import queue
from pulsar import Function

pool = ThreadPoolExecutor(2)


def whole(seconds):
    return int(seconds + 0.3)


class F(Function):
    def process(self, input, context):
        begun, ticks, at, exact = time(), monotonic(), clock.now(), perf_counter()
        if input == "named":
            sleep(2)
        if input == "inside":
            import time as t
            t.sleep(2)
        if input == "pool":
            return f"{input} {sorted(pool.map(lambda n: n * n, range(5)))} {pool.submit(lambda: 'x').result(5)}"
        if input == "thread":
            found = []
            thread = Thread(target=lambda: found.append(sleep(1)))
            thread.start()
            thread.join()
            return f"{input} {found} {whole(time() - begun)}"
        if input == "event":
            event = Event()
            Thread(target=event.set).start()
            return f"{input} {event.wait(3)} {whole(time() - begun)}"
        if input == "timeout":
            try:
                queue.Queue().get(timeout=0.1)
            except queue.Empty:
                return "empty"
        if input == "async":
            return f"{input} {asyncio.run(self.coroutine())}"
        if input == "lock":
            lock = threading.Lock()
            with lock:
                return f"{input} {lock.acquire(timeout=0.1)}"
        if input == "dates":
            return f"{type(clock.now()).__name__} {isinstance(clock.now(), datetime.datetime)} {clock(2020, 1, 2) - datetime.timedelta(days=1)!r} {datetime.date(2020, 1, 2)!r} {clock.fromisoformat('2020-01-02T03:04:05').isoformat()} {clock.strptime('2020', '%Y')} {datetime.datetime.now(datetime.timezone.utc).tzinfo}"
        return f"{input} {whole(time() - begun)} {whole(monotonic() - ticks)} {whole((clock.now() - at).total_seconds())} {whole(perf_counter() - exact)} {whole(datetime.datetime.now().timestamp() - time())}"

    async def coroutine(self):
        await asyncio.sleep(0)
        return 5
