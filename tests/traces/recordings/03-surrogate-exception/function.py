
import logging
from pulsar import Function


class NoText(Exception):
    def __str__(self):
        raise RuntimeError("no text")


class SaysNo(Exception):
    def __str__(self):
        raise SaysNo


class F(Function):
    def process(self, input, context):
        log = context.get_logger()
        names = [type(handler).__name__ for handler in log.handlers]
        log.info("info %s", input)
        print("printed", input)
        if input == "no text":
            raise NoText("x")
        if input == "raise":
            raise ValueError("plain")
        if input == "bad":
            return [input]
        if input == "surrogate":
            raise ValueError("\ud800 half")
        if input == "log surrogate":
            log.info("\ud800 half")
        if input == "none":
            return None
        if input == "nowhere":
            context.publish("persistent://public/no-such-namespace/x", "x")
        return f"{input} {names}"
