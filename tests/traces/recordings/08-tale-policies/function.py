
import pulsar
from pulsar import Function


class F(Function):
    def process(self, input, context):
        base = "persistent://public/" + context.get_function_namespace() + "/"
        try:
            if input == "new":
                context.publish(base + "brand-new", "x")
            if input == "dup":
                for number in (5, 5, 4, 6):
                    context.publish(base + "side", f"dup {number}", message_conf={"sequence_id": number})
            if input == "dups":
                producer = context.get_pulsar_client().create_producer(base + "side", producer_name="mine")
                ids = [producer.send(b"named %d" % number, sequence_id=number) for number in (5, 5, 4, 6)]
                last = producer.last_sequence_id()
                producer.close()
                return f"{[str(one).split(',')[1] for one in ids]} {last}"
        except Exception as error:
            return f"{input} {type(error).__module__}.{type(error).__name__} {str(error).splitlines()[0]}"
        return f"{input} {context.message.redelivery_count()}"
