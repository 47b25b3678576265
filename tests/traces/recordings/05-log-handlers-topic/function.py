
import io
import logging
import sys
from pulsar import Function

text = io.StringIO()
mine = logging.StreamHandler(text)


class Upper(logging.Formatter):
    def format(self, record):
        return record.getMessage().upper()


class F(Function):
    def process(self, input, context):
        logger = context.get_logger()
        names = [type(handler).__name__ for handler in logger.handlers]
        if input == "add":
            logger.addHandler(mine)
        if input == "remove":
            logger.removeHandler(mine)
        if input == "level":
            logger.setLevel(logging.ERROR)
        if input == "debug":
            logger.setLevel(logging.DEBUG)
        if input == "info":
            logger.setLevel(logging.INFO)
        if input == "filter":
            logger.addFilter(lambda record: "secret" not in record.getMessage())
        if input == "format":
            for handler in logger.handlers:
                handler.setFormatter(Upper())
        if input == "raise":
            raise ValueError("secret")
        if input == "handler level":
            for handler in logger.handlers:
                handler.setLevel(logging.ERROR)
        if input == "disable":
            logging.disable(logging.WARNING)
        if input == "enable":
            logging.disable(logging.NOTSET)
        if input == "clear":
            logger.handlers.clear()
        logger.debug("debug %s", input)
        logger.info("info secret %s", input)
        logger.error("error %s", input)
        logging.info("module info %s", input)
        logging.getLogger("lib").info("lib secret %s", input)
        logging.getLogger("lib").debug("lib debug %s", input)
        print("printed", input)
        print("to err", input, file=sys.stderr)
        seen = text.getvalue()
        text.truncate(0)
        text.seek(0)
        return f"{input} {names} {len(logger.handlers)} {logger.level} {seen}"
