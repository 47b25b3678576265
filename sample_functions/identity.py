r"""The function that changes nothing: what comes in goes out.

It shows what every function does besides: the output carries no key, properties or event time of its input, only the two properties
with which the runtime names that input. The default SerDe reads each message, so " 7 " arrives as the number 7 and leaves as "7".

    printf 'tea\n 7 \n' | pfemu run sample_functions/identity.py --json
"""

from pulsar import Function


class Identity(Function):
    def process(self, input, context):
        return input
