from pulsar import Function


class F(Function):
    """Records whatever the message says: name|python value."""

    def process(self, item, context):
        name, _, value = str(item).partition("|")
        if name == "boom":
            raise RuntimeError(value.replace("N", chr(10)))
        said = ""
        try:
            said = repr(context.record_metric(name, eval(value)))
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        return said + " " + repr(sorted(context.get_metrics().items())) if hasattr(context, "get_metrics") else said
