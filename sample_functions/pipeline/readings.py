"""Three functions of one pipeline: readings of a harbour are checked, averaged by place, and watched. pfemu.yaml beside it has the rest.

Classes may share a file: each function's configuration names its own.
"""

import json

from pulsar import Function


class CheckReading(Function):
    """Lets readings through that make sense; others go to a topic of their own."""

    def process(self, input, context):
        reading = json.loads(input)
        if not isinstance(reading.get("celsius"), (int, float)):
            context.publish("bad-readings", input, message_conf={"partition_key": str(reading.get("place"))})
            return None
        return json.dumps(reading)


class Average(Function):
    """Keeps sum and number of each place's readings in its state."""

    def process(self, input, context):
        reading = json.loads(input)
        place = reading["place"]
        context.incr_counter(f"{place}/number", 1)
        context.incr_counter(f"{place}/tenths", round(reading["celsius"] * 10))
        average = context.get_counter(f"{place}/tenths") / context.get_counter(f"{place}/number") / 10
        return f"{place}: {average:.1f}"


class Watch(Function):
    """Publishes what is too warm to the topic that its configuration names."""

    def process(self, input, context):
        reading = json.loads(input)
        if reading["celsius"] > float(context.get_user_config_value("limit")):
            context.publish(context.get_user_config_value("alerts"), f"{reading['place']} has {reading['celsius']} degrees")
