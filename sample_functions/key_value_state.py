"""Key-value state: say when a sensor's reading changed.

State holds text and gives back bytes; a key that was never written gives None.

    pfemu run sample_functions/key_value_state.py --input sample_functions/data/readings.jsonl --state
"""

from pulsar import Function


class ChangeDetector(Function):
    def process(self, input, context):
        sensor = context.get_partition_key() or "unnamed"
        reading = str(input)  # "21.5" arrives as the float 21.5; state takes only text
        stored = context.get_state(sensor)
        before = None if stored is None else stored.decode()
        if reading == before:
            return None
        context.put_state(sensor, reading)
        return f"{sensor}: first reading {reading}" if before is None else f"{sensor}: {before} -> {reading}"
