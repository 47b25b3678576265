from pulsar import Function


def helper(n):
    return helper(n - 1) if n else 1 / 0


class F(Function):
    def process(self, input, context):
        if input == "cause":
            try:
                int("x")
            except ValueError as error:
                raise RuntimeError("caused") from error
        if input == "context":
            try:
                int("x")
            except ValueError:
                raise RuntimeError("in context")
        if input == "helper":
            return helper(2)
        if input == "recursion":
            return self.process(input, context)
        if input == "empty":
            raise Exception
        if input == "unicode":
            raise Exception("\u00e9 \u2603")
        if input == "assert":
            assert input == "x", "told"
        if input == "none":
            return None.attribute
