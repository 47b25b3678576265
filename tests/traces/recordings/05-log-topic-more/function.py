import logging
import sys
import threading
from pulsar import Function


class F(Function):
    def process(self, input, context):
        logger = context.get_logger()
        child = logging.getLogger("some.child")
        child.info("child info")
        child.debug("child debug")
        child.setLevel(logging.DEBUG)
        child.debug("child debug enabled")
        logger.info("two\nlines")
        logger.info("")
        logger.info("percent 5%")
        logger.log(25, "level 25")
        logger.warning("dict %(a)s", {"a": 1})
        thread = threading.Thread(target=lambda: logger.info("from a thread"))
        thread.start()
        thread.join()
        print()
        print("  indented  ")
        print("a", "b", sep="-")
        print("err", end="", file=sys.stderr)
        sys.stdout.write("x\ny\n")
        sys.stdout.flush()
        logger.exception("no exception")
        logger.error("with info", exc_info=ValueError("given"))
        logger.info("extra", extra={"k": "v"})
        logger.info(5)
        logger.info(None)
        if input == "raise":
            print("before raising")
            raise KeyError("k")
        return "done"
