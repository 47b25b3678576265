r"""The smallest function: a module with a `process`, no SDK, no class.

Pulsar finds it by the module's name (`--classname exclamation_plain`). It gets the value and nothing else: a plain
function has no context. What it returns goes to the output topic.

    printf 'hello\nworld\n' | pfemu run sample_functions/exclamation_plain.py
"""


def process(input):
    return f"{input}!"
