"""Runs tests of functions in a pytest of their own, and cuts out what it says about one of them."""

import re

FUNCTIONS = """
class Shout:
    def process(self, input, context):
        context.get_logger().info("saw %s", input)
        if input == "bad":
            raise ValueError("no tea left")
        context.incr_counter("seen", 1)
        return f"{input}!"


class Count:
    def process(self, input, context):
        context.incr_counter(input, 1)
"""
_FIXED = ("-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:timeout", "-vv")


def run(pytester, tests, *options, ini=""):
    """Run a test module, beside the functions above in ``functions.py``, in another process."""
    pytester.makepyfile(functions=FUNCTIONS)
    pytester.makepyfile(test_it=f"import pytest\nfrom functions import Count, Shout\n\n{tests}")
    pytester.makeini(f"[pytest]\npythonpath = .\n{ini}")
    return pytester.runpytest_subprocess(*_FIXED, *options)


def said_of(result, test):
    """Return what was said of a failed test: from its headline to the next one."""
    text = "\n".join(result.outlines)
    section = re.search(
        rf"^_+ (?:ERROR at \w+ of )?{re.escape(test)} _+$\n(?P<text>.*?)(?=^_{{3,}} |^={{3,}} )", text, re.MULTILINE | re.DOTALL
    )
    assert section is not None, f"nothing was said of {test}:\n{text}"
    return section["text"]


def left_behind(result, test):
    """Return what a strict test said at its end, without its first two lines and the captured output."""
    text = re.split(r"^-+ .* -+$", said_of(result, test), maxsplit=1, flags=re.MULTILINE)[0]
    head = "The test passed, but what follows was left behind, and nobody looked at it (pfemu is strict):\n\n"
    assert text.startswith(head), text
    return text.removeprefix(head)


def explanation(result, test):
    """Return the lines that pytest marks with E, without the mark and what pytest puts before the text itself."""
    lines = [line for line in said_of(result, test).splitlines() if line.startswith("E ")]
    indent = len(lines[0]) - len(lines[0][1:].lstrip())
    text = "\n".join([lines[0][indent:], *(line[indent:].removeprefix("  ") for line in lines[1:])]) + "\n"
    return text.removeprefix("AssertionError: ")
