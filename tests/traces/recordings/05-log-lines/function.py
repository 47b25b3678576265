
import logging
import sys
import threading
import warnings
import pprint
import traceback
from pulsar import Function


class Bad:
    def __str__(self):
        raise RuntimeError("bad text")


class F(Function):
    def process(self, input, context):
        logger = context.get_logger()
        try:
            exec(str(input), {"logger": logger, "logging": logging, "sys": sys, "threading": threading, "warnings": warnings, "context": context, "Bad": Bad, "pprint": pprint, "traceback": traceback})
        except Exception as error:
            return f"{type(error).__name__} {error}"
