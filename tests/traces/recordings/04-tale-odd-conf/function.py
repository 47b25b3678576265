
import datetime
import pulsar
from pulsar import Function


class Text(str):
    pass


class F(Function):
    def process(self, input, context):
        out = []
        topic = "persistent://public/" + context.get_function_namespace() + "/side"

        def attempt(conf, **more):
            try:
                context.publish(topic, "m%d" % len(out), message_conf=conf, **more)
                out.append("ok")
            except BaseException as error:
                out.append(f"{type(error).__module__}.{type(error).__name__}: {(str(error) or '-').splitlines()[0]}")

        for value in (-1, 0, 1.5, 2**63, 2**64, "5", None, True, datetime.datetime(2020, 1, 1)):
            attempt({"event_timestamp": value})
        for value in (-1, 0, 1.5, 2**63, "5", None, True):
            attempt({"sequence_id": value})
        for value in (None, b"k", "", "\u00e9", "\ud800", Text("t"), ["k"]):
            attempt({"partition_key": value})
        for value in (None, b"k", "", "o", 5):
            attempt({"ordering_key": value})
        for value in (None, {}, {"a": None}, {1: "a"}, {"a": b"b"}, {"a": ""}, {"": "a"}, {"\u00e9": "\u2603"}, {"a": Text("b")}, {"__pfn_input_topic__": "mine"}, [("a", "b")], "ab", {"a": "x" * 300}):
            attempt({"properties": value})
        for value in (1, 0, -1, 1600000000000, "1", None, 1.5):
            attempt({"deliver_at": value})
        for value in (datetime.timedelta(0), datetime.timedelta(seconds=-5), 1000, 0, None, "1"):
            attempt({"deliver_after": value})
        for value in (True, False, None, "x", 1):
            attempt({"disable_replication": value})
        for value in ([], ["standalone"], None, "standalone", [1]):
            attempt({"replication_clusters": value})
        for conf in (None, {}, [], "", (), 5, "ab", [("partition_key", "k")], {"content": "x"}, {"callback": None}, {1: 2}, {"partition_key": "k", "nope": 1}):
            attempt(conf)
        shared = {"partition_key": "k"}
        attempt(shared, properties={"p": "q"})
        attempt(shared)
        attempt(None, properties={"p": "q"})
        attempt({"properties": {"a": "b"}}, properties={"p": "q"})
        attempt({"properties": {"a": "b"}}, properties={})
        attempt({}, properties={"p": 5})
        attempt({}, properties=[1])
        out.append(str(shared))
        return "\n".join(f"{n} {line}" for n, line in enumerate(out))
