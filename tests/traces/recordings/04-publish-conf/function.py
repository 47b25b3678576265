import datetime
from pulsar import Function


class F(Function):
    def process(self, input, context):
        out = []
        def attempt(**conf):
            try:
                context.publish("persistent://public/" + context.get_function_namespace() + "/side", "m%d" % len(out), message_conf=conf)
                out.append("ok")
            except BaseException as error:
                out.append(f"{type(error).__name__}: {str(error).splitlines()[0]}")
        attempt(partition_key="k1")
        attempt(ordering_key="o1")
        attempt(properties={"a": "b"})
        attempt(event_timestamp=1500000000000)
        attempt(sequence_id=77)
        attempt(deliver_after=datetime.timedelta(seconds=1))
        attempt(partition_key=5)
        attempt(properties={"a": 1})
        attempt(properties=[1])
        attempt(event_timestamp="x")
        attempt(nope=1)
        attempt(disable_replication=True)
        attempt(replication_clusters=["standalone"])
        attempt(partition_key="")
        context.publish("persistent://public/" + context.get_function_namespace() + "/report", "; ".join(out))
