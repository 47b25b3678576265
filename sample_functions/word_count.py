r"""Counters: count the words of every line, and say how often each was seen so far.

Counters belong to the function: all its instances share them, and they outlive a restart.

    pfemu run sample_functions/word_count.py --input sample_functions/data/harbour.txt --state
"""

import re

from pulsar import Function

WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


class WordCount(Function):
    def process(self, input, context):
        # A line like "42" arrives as the number 42: Pulsar's default SerDe makes numbers of what reads as one.
        words = WORD.findall(str(input).lower())
        for word in words:
            context.incr_counter(word, 1)  # returns None, not the new value
        if not words:
            return None
        return ", ".join(f"{word} {context.get_counter(word)}" for word in dict.fromkeys(words))
