from pulsar import Function


class F(Function):
    def process(self, input, context):
        out = []
        def attempt(label, call):
            try:
                out.append(f"{label} {call()!r}")
            except BaseException as error:
                out.append(f"{label} {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}")
        c = context
        attempt("ack none", lambda: c.ack(None, c.get_input_topics()[0]))
        attempt("ack text", lambda: c.ack("x", c.get_input_topics()[0]))
        attempt("ack topic none", lambda: c.ack(c.get_message_id(), None))
        attempt("ack other", lambda: c.ack(c.get_message_id(), "other"))
        attempt("config none", lambda: c.get_user_config_value(None))
        attempt("config list", lambda: c.get_user_config_value([1]))
        attempt("map", lambda: c.get_user_config_map())
        attempt("secret", lambda: c.get_secret("x"))
        attempt("metric", lambda: c.record_metric("m", "x"))
        attempt("metric none", lambda: c.record_metric(None, 1))
        attempt("metric list", lambda: c.record_metric([1], 1))
        attempt("no such", lambda: c.delete_state("x"))
        attempt("new output", lambda: c.new_output_message("x"))
        attempt("state key", lambda: c.put_state(None, "x"))
        attempt("topic", lambda: c.get_output_topic()[-4:])
        attempt("set", lambda: setattr(c, "mine", 5))
        attempt("get", lambda: c.mine)
        attempt("publish nothing", lambda: c.publish())
        attempt("many", lambda: c.publish("a", "b", "c", {}, None, None, None, 1))
        producer = c.get_pulsar_client().create_producer("persistent://public/" + c.get_function_namespace() + "/side")
        attempt("send", lambda: producer.send(b"from inside").entry_id())
        reader = c.get_pulsar_client().create_reader("persistent://public/" + c.get_function_namespace() + "/side", __import__("pulsar").MessageId.earliest)
        attempt("read", lambda: reader.read_next(timeout_millis=2000).data())
        return "\n".join(out)
