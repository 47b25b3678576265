r"""A message that fails: the exception is counted and logged, and the message comes again after a minute.

Pulsar's Python runtime knows no limit and no dead-letter topic: what always fails comes back for ever. This one fails
only until the stock arrives, and counts its attempts in state. It does not keep them in `self`: another instance may
get the message next time.

    printf 'tea\nunicorn\ncoffee\n' | pfemu run sample_functions/poison_message.py
"""

from pulsar import Function

OUT_OF_STOCK = {"unicorn": 2}


class Reserve(Function):
    def process(self, input, context):
        item = str(input)
        context.incr_counter(f"attempts/{item}", 1)
        attempts = context.get_counter(f"attempts/{item}")
        if attempts <= OUT_OF_STOCK.get(item, 0):
            raise LookupError(f"no {item} in stock (attempt {attempts})")
        return f"reserved {item} at attempt {attempts}"
