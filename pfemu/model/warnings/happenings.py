"""What happens on a cluster without a word: what to tell a user the moment it happens.

Each entry of :data:`HAPPENINGS` was seen on Pulsar 4.0.8. What a *configuration* brings without a word is in
:mod:`pfemu.model.warnings.ignored_settings`; what is wrong with the *code* is said by whoever loads it.
"""

from dataclasses import dataclass

from pfemu.model.warnings.function_warning import FunctionWarning


@dataclass(frozen=True, slots=True)
class Happening:
    """One kind of event: ``name`` stands for it in a table, ``text`` goes on with what a cluster makes of it."""

    name: str
    text: str
    source: str
    strict: bool = True

    def warning(self, subject: str = "") -> FunctionWarning:
        """Return the warning about one such event, with its own subject if there is one."""
        return FunctionWarning(subject or self.name, self.text, self.source, self.strict)


THREAD_ENDED = Happening(
    "SystemExit in process",
    "ends the thread that processes, and nothing else: the status says `running: true` for ever, no exception is counted, and no message"
    " is processed any more until the function is restarted",
    "python_instance.py: only Exception is caught",
)
PROCESS_KILLED = Happening(
    "a message during which the process is killed",
    "comes again, with redelivery count 0, and so it does each time: a message that kills its process does so for ever, and counting"
    " attempts cannot stop it",
    "recorded: a disconnected consumer's messages keep their count",
)
BATCH_COMES_BACK = Happening(
    "a failed message of a batch",
    "brings back the whole batch: what succeeded in it is processed again, and its outputs are written twice",
    "recorded: a broker redelivers entries, and an entry is a batch",
)
SERDE_RETURNED_NONE = Happening(
    "an output SerDe that returns None",
    "publishes nothing, and leaves the input unacknowledged for ever",
    "python_instance.py, process_result",
)
CALLBACK_RAISED = Happening(
    "a callback of context.publish that raises",
    "stops the callbacks that follow it for the same batch, and nobody is told",
    "recorded: pulsar-client ends the batch's callbacks there",
)
CALLBACK_WAITS = Happening(
    "a callback of context.publish that asks the client",
    "waits for ever: it runs on the client's only thread, which has to bring the answer. To publish to a topic that the function has not"
    " published to before, or to make a producer, a consumer or a reader, asks the broker. Nothing is received or acknowledged any more,"
    " while the status says `running: true`. Publish once in process, or do it there when the next message comes",
    "recorded: pulsar-client calls back on its I/O thread",
)
INCOMPATIBLE_SCHEMA = Happening(
    "IncompatibleSchema",
    "means that the topic has another schema. Under the default strategy (FULL) a field more in a Python Record is such a change, even an"
    " optional one. A consumer with a schema is also refused by a topic that has none but has data, or others that are connected without."
    " Use another topic, or set the namespace's schema compatibility strategy",
    "recorded: the broker's SchemaRegistryServiceImpl",
)
NO_HASHING_SCHEME = Happening(
    "hashing_scheme",
    "is an argument of other clients: Python's create_producer does not know it, and partitions of keys follow Boost's hash",
    "pulsar-client 3.13",
)
DIES_AT_START = Happening(
    "a process that dies while it starts",
    "is all there is after an update: the call is answered with 204, the code before is gone, input waits, and every 30 s the worker"
    " tries again. Only the instance's log file says why",
    "recorded: RuntimeSpawner",
)
ANSWERED_AT_ONCE = Happening(
    "stop, restart, update and delete",
    "are answered with 204 before anything happens on a cluster: for seconds the old process may take messages and write outputs",
    "recorded: FunctionsImpl",
    strict=False,
)
OUTPUT_CANNOT_BE_ENCODED = Happening(
    "a SerDe or schema of the output that cannot be made",
    "is looked at when the first output is there: the function starts, and each message with an output fails",
    "python_instance.py, setup_producer",
)
STATE_IS_OFF = Happening(
    "state",
    "is off, as on a cluster without a table service: put_state and incr_counter do nothing, get_state and get_counter return None,"
    " and nobody is told",
    "state_context.py, NullStateContext",
    strict=False,
)
NUMBER_ARRIVES = Happening(
    "an input that reads as a number",
    "arrives as an int, a float or a complex, not as text: IdentitySerDe tries these first. So '11' == input is false for it, and"
    " '!' + input raises. Use str(input), or a schema or a SerDe of the input",
    "pulsar-client: IdentitySerDe.deserialize",
    strict=False,
)
BINARY_ARRIVES = Happening(
    "an input of binary content",
    "arrives as str while its bytes happen to be UTF-8, and as bytes once they are not: with IdentitySerDe the type follows from the"
    " content. Give an input that holds Avro its schema, and other content a SerDe of your own",
    "pulsar-client: IdentitySerDe.deserialize",
    strict=False,
)
IDENTITY_REFUSES = Happening(
    "an output or a publication that IdentitySerDe does not know",
    "is refused, and so is each time the message comes again: it writes str, bytes, int, float and complex, and nothing that only"
    " derives from one of them. Make text of it (json.dumps, str, float(...)), or name an output SerDe",
    "pulsar-client: IdentitySerDe.serialize",
)
NO_SUCH_METHOD = Happening(
    "a method that Pulsar's Context does not have",
    "does not exist in Pulsar's Python either",
    "contextimpl.py",
)
CONF_AS_SERDE = Happening(
    "a third argument of context.publish that is no text",
    "is taken for serde_class_name, the name of a class, which is not found: the call raises TypeError. Write message_conf=... or"
    " properties=...",
    "contextimpl.py, publish",
)
KEY_READER_FAILS = Happening(
    "a cryptoConfig whose key reader cannot be made",
    "is told to nobody but the instance's log file: without a reader outputs are published in the clear, and encrypted inputs are not read",
    "recorded: python_instance.py, get_crypto_reader",
)
ENCRYPTS = Happening(
    "the cryptoConfig of an output",
    "encrypts on a cluster, and only who has the private key gets the messages. Here nothing is encrypted, and no output that should be is"
    " published: each fails. Leave producerConfig.cryptoConfig out to try the function",
    "recorded: python_instance.py, setup_producer",
)
READS_ENCRYPTED = Happening(
    "the cryptoConfig of an input",
    "reads encrypted messages on a cluster; here there are none",
    "recorded: python_instance.py: consumer_args",
    strict=False,
)

HAPPENINGS = (
    THREAD_ENDED,
    PROCESS_KILLED,
    BATCH_COMES_BACK,
    SERDE_RETURNED_NONE,
    CALLBACK_RAISED,
    CALLBACK_WAITS,
    INCOMPATIBLE_SCHEMA,
    NO_HASHING_SCHEME,
    DIES_AT_START,
    ANSWERED_AT_ONCE,
    OUTPUT_CANNOT_BE_ENCODED,
    STATE_IS_OFF,
    NUMBER_ARRIVES,
    BINARY_ARRIVES,
    IDENTITY_REFUSES,
    NO_SUCH_METHOD,
    CONF_AS_SERDE,
    KEY_READER_FAILS,
    ENCRYPTS,
    READS_ENCRYPTED,
)
