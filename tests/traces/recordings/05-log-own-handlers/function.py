
import logging
import logging.config
import sys
from pulsar import Function

a = logging.getLogger("a.stdout")
handler = logging.StreamHandler(sys.stdout)
handler.setFormatter(logging.Formatter("%(levelname)s|%(name)s|%(message)s"))
a.addHandler(handler)
b = logging.getLogger("a.stderr")
b.addHandler(logging.StreamHandler())
c = logging.getLogger("a.alone")
c.propagate = False
c.setLevel(logging.DEBUG)
c.addHandler(logging.StreamHandler())
logging.config.dictConfig({"version": 1, "disable_existing_loggers": False, "formatters": {"f": {"format": "dict %(message)s"}}, "handlers": {"h": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "f"}}, "loggers": {"a.dict": {"handlers": ["h"], "level": "INFO", "propagate": False}}})
d = logging.getLogger("a.dict")
out, err = sys.stdout, sys.stderr
write = sys.stdout.write


class F(Function):
    def __init__(self):
        self.log = logging.getLogger("a.made")
        self.handler = logging.StreamHandler(sys.stdout)
        self.log.addHandler(self.handler)
        self.out = sys.stdout

    def process(self, input, context):
        if input == "a":
            a.info("a info")
            a.debug("a debug")
            a.error("a error\ntwo lines")
        if input == "b":
            b.info("b info")
            b.warning("b warning")
        if input == "c":
            c.debug("c debug")
            c.info("c info")
        if input == "d":
            d.info("d info")
        if input == "e":
            self.log.info("e info")
        if input == "print":
            print("to the kept one", file=out)
            print("to the kept error stream", file=err)
            print("to the kept of the constructor", file=self.out)
            write("kept write")
        if input == "same":
            return f"{out is sys.stdout} {err is sys.stderr} {self.out is sys.stdout} {handler.stream is sys.stdout} {type(handler.stream).__name__} {logging.getLogger('a.made').handlers[0].stream is sys.stdout}"
        if input == "basic":
            logging.basicConfig(level=logging.DEBUG, format="basic %(message)s")
            logging.debug("debug after basic")
            context.get_logger().info("info after basic")
        if input == "raise":
            a.exception("no exception")
            try:
                1 / 0
            except ZeroDivisionError:
                a.exception("an exception")
        return input
