
from pulsar import Function


class Größe(Function):
    def process(self, input, context):
        log = context.get_logger()
        log.info("größe %s", input)
        print("日本", input)
        context.record_metric("größe", 1.5)
        context.record_metric("a b\nc\"d", 2)
        context.incr_counter("zähler é", 3)
        context.put_state("schlüssel ☃", "wert 😀 " + str(input))
        if input == "schlecht":
            raise ValueError("schlecht ☃ 😀")
        base = "persistent://public/" + context.get_function_namespace() + "/"
        context.publish(base + "seite-é", "😀" + str(input), properties={"größe": "☃", "": "leer"}, message_conf={"partition_key": "schlüssel"})
        return f"{input} {context.get_user_config_map()} {context.get_secret('geheim ☃')} {context.get_message_key()} {context.get_message_properties()} {context.get_state('schlüssel ☃')} {context.get_counter('zähler é')}"
