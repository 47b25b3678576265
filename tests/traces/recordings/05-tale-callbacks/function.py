
from pulsar import Function
notes = []


class F(Function):
    def process(self, input, context):
        base = "persistent://public/" + context.get_function_namespace() + "/"
        log = context.get_logger()

        def again(result, message_id):
            notes.append(f"{result} {type(message_id).__name__} {str(message_id).count(',')}")
            log.info("called back %s", input)
            context.record_metric("callbacks", 1)
            if input == "raise":
                raise ValueError("in the callback")
            if input == "exit":
                raise SystemExit(1)

        if input == "report":
            report = f"{notes} {context.get_metrics()}"
            notes.clear()
            return report
        if input == "wrong":
            context.publish(base + "side", "x", callback=lambda: notes.append("no arguments"))
            return "wrong"
        if input == "not callable":
            context.publish(base + "side", "x", callback=5)
            return "not callable"
        if input == "large":
            context.publish(base + "side", __import__("os").urandom(6_000_000), callback=again)
            return "large"
        context.publish(base + "side", input, callback=again)
        return input
