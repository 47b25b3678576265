r"""User config: values given at deployment, read at every message.

Numbers given by `--user-config` reach the function as floats (5 as 5.0), those of a YAML file as they are: hence `int`.

    printf 'Ada\nGrace\n' | pfemu run sample_functions/user_config_greeting.py --user-config '{"greeting": "Good morning", "repeat": 2}'
"""

from pulsar import Function


class Greeting(Function):
    def process(self, input, context):
        greeting = context.get_user_config_value("greeting") or "Hello"  # None when the key is missing
        repeat = int(context.get_user_config_value("repeat") or 1)
        return " ".join([f"{greeting}, {input}!"] * repeat)
