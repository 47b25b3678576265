import os

from pulsar import Function


class F(Function):
    """Fails for "fail N", counts, records and answers with what it knows."""

    def process(self, item, context):
        text = str(item)
        if text.startswith("fail"):
            raise ValueError(text)
        if text == "die":
            os._exit(3)
        if text == "exit":
            raise SystemExit(0)
        if text == "list":
            return [1]
        if text.startswith("metric"):
            context.record_metric("m", float(text.split()[1]))
        return f"{item} {context.get_user_config_value('v')} {context.get_instance_id()}"
