
from pulsar import Function

done = []


class Route(Function):
    def process(self, input, context):
        space = "persistent://public/" + context.get_function_namespace() + "/"
        message = context.message
        conf = {"properties": {**message.properties(), "from": context.get_function_name()}, "event_timestamp": message.event_timestamp(), "partition_key": message.partition_key() or "none"}
        where = message.properties().get("to")
        if where is None:
            return "unrouted " + input
        if where == "self":
            context.publish(context.get_output_topic(), "self " + input, message_conf=conf)
            return "returned " + input
        if where == "nowhere":
            context.publish("persistent://public/no-such-namespace/x", input, message_conf=conf)
            return "not reached"
        if where == "report":
            return repr(sorted(done))
        context.publish(space + where, input, message_conf=conf, callback=lambda result, msg: done.append((where, str(result))))
