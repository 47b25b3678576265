from pulsar import Function


class F(Function):
    def process(self, input, context):
        ns = context.get_function_namespace()
        side = f"persistent://public/{ns}/side"
        out = []
        def attempt(label, *args, **kwargs):
            try:
                out.append(f"{label} {context.publish(*args, **kwargs)}")
            except BaseException as error:
                out.append(f"{label} {type(error).__module__}.{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}")
        attempt("none", side, None)
        attempt("list", side, [1])
        attempt("int", side, 5)
        attempt("float", side, 1.5)
        attempt("bool", side, True)
        attempt("bytes", side, b"\xff\x00")
        attempt("pickle", side, {"a": 1}, serde_class_name="serde.PickleSerDe")
        attempt("unknown serde", side, "x", serde_class_name="nope.Nope")
        attempt("bad topic", "a/b", "x")
        attempt("empty topic", "", "x")
        attempt("none topic", None, "x")
        attempt("missing tenant", "persistent://nope/x/y", "x")
        attempt("text properties", side, "p", properties={"a": "b"})
        attempt("number properties", side, "p", properties={"a": 1})
        attempt("empty properties", side, "p", properties={})
        attempt("keyword", topic_name=side, message="kw")
        attempt("compression", side + "2", "zipped", compression_type=__import__("pulsar").CompressionType.ZSTD)
        attempt("wrong compression", side + "3", "zipped", compression_type="LZ4")
        return "\n".join(out)
