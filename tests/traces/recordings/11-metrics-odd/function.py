from pulsar import Function


class F(Function):
    def process(self, input, context):
        if input == "quote":
            raise ValueError('say "x"')
        if input == "newline":
            raise ValueError("a\nb")
        if input == "backslash":
            raise ValueError("a\\b")
        if input == "unicode":
            raise ValueError("\u00e9")
        context.record_metric("a b\"c\n\\", 1)
        context.record_metric("m", 2.5)
        context.record_metric("m", -1)
        context.record_metric("t", True)
