r"""The same with the SDK: a class that extends `Function`, so `process` also gets the context.

Nothing else changes:

    printf 'hello\nworld\n' | pfemu run sample_functions/exclamation.py
"""

from pulsar import Function


class Exclamation(Function):
    def process(self, input, context):
        return f"{input}!"
