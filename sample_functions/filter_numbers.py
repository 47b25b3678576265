r"""A filter: returning None publishes nothing, and the input is acknowledged all the same.

The default SerDe looks at each message: "42" arrives as int, "4.5" as float, "four" as str, so a type tells what it was.
Only None is dropped: 0 and "" are published.

    printf '3\n0\nfour\n4.5\n12\n' | pfemu run sample_functions/filter_numbers.py
"""

from pulsar import Function


class WholeNumbers(Function):
    def process(self, input, context):
        return input if isinstance(input, int) else None
