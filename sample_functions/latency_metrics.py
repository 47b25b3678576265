"""User metrics: `record_metric` feeds a summary (count and sum) of that name in the function's Prometheus figures.

See them with:

    pfemu run sample_functions/latency_metrics.py --input sample_functions/data/readings.jsonl --metrics
"""

from pulsar import Function


class LatencyMetrics(Function):
    def process(self, input, context):
        event_time = context.get_message_eventtime()  # milliseconds, 0 when the producer set none
        sent_at = int(context.get_message_properties().get("sent_at", event_time))
        context.record_metric("transit_ms", sent_at - event_time)
        context.record_metric("reading", float(input))
