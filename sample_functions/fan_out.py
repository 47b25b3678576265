r"""One message to several topics: which ones is said at deployment, by a list in the user config.

`context.publish` may be called as often as one likes; what it sends is not part of the output, which this function has none of.

    printf 'high water at six\n' | pfemu run sample_functions/fan_out.py --user-config '{"topics": ["ferries", "harbour-master"]}'
"""

from pulsar import Function


class FanOut(Function):
    def process(self, input, context):
        topics = context.get_user_config_value("topics") or []
        if not topics:
            raise ValueError('no topics are configured: --user-config \'{"topics": ["a", "b"]}\'')
        for position, topic in enumerate(topics, start=1):
            context.publish(topic, input, properties={"copy": f"{position} of {len(topics)}"})
