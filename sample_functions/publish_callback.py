r"""Publishing without waiting: `context.publish` returns at once, and a callback hears what became of the message.

The callback runs when the broker has answered, on a thread of the client's and perhaps after `process` has returned; the input may be
acknowledged before that. Compare with `pulsar.Result.Ok`. A callback must not raise: those that wait behind it would not be called.

    printf 'tea\ncoffee\n' | pfemu run sample_functions/publish_callback.py --metrics
"""

import pulsar
from pulsar import Function


class Dispatch(Function):
    def process(self, input, context):
        def answered(result, message_id):
            if result == pulsar.Result.Ok:
                context.record_metric("delivered", 1)
            else:
                context.get_logger().error("%s was not delivered: %s", input, result)

        context.publish("parcels", input, callback=answered, message_conf={"partition_key": str(input)})
