"""The process of a function's instance, as tests look at it."""

import os

PATIENCE_S = 30


def process_of(function, number=0):
    return function.function.instances[number].loaded.own_process


def is_running(process_id):
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True
