
import abc, asyncio, dataclasses, enum, functools, threading, types, typing
from pulsar import Function
import pulsar


class Multi:
    made = 0

    def __init__(self, a=1, *b, c=2, **d):
        Multi.made += 1

    def process(self, item, ctx):
        return f"{item} {Multi.made} {type(ctx).__name__}"


class NeedsArg:
    def __init__(self, a):
        pass

    def process(self, input, context):
        return "no"


class NeedsArgStatic:
    def __init__(self, a):
        pass

    @staticmethod
    def process(input):
        return f"static {input}"


class InitExits:
    def __init__(self):
        raise SystemExit(3)

    @classmethod
    def process(cls, input):
        return f"class {cls.__name__} {input}"


class InitKeyboard:
    def __init__(self):
        raise KeyboardInterrupt

    @staticmethod
    def process(input, context=None):
        return f"{input} {context}"


class NoProcess(Function):
    pass


class NoProcessPlain:
    pass


class ProcessNone:
    process = None


class ProcessValue:
    process = 5


class ProcessClass:
    class process:
        def __init__(self, input, context):
            self.input = input

        def __str__(self):
            return "s"


class Abstract(abc.ABC):
    @abc.abstractmethod
    def process(self, input, context):
        pass


class Meta(type):
    def __call__(cls):
        return Other()


class Other:
    def process(self, input, context):
        return f"other {input}"


class WithMeta(metaclass=Meta):
    pass


@dataclasses.dataclass
class Data:
    n: int = 0
    seen: list = dataclasses.field(default_factory=list)

    def process(self, input, context):
        self.seen.append(input)
        self.n += 1
        return f"{self!r}"


class Color(enum.Enum):
    A = 1

    def process(self, input, context):
        return "enum"


class Partial:
    def helper(self, prefix, input, context):
        return f"{prefix} {input}"

    process = functools.partialmethod(helper, "partial")


class Getattr:
    def __getattr__(self, name):
        if name != "process":
            raise AttributeError(name)
        return lambda input, context: f"getattr {input}"


class KeywordNames:
    def process(self, *, input, context):
        return "kw"


class Extra:
    def process(self, input, context, third=3, *rest, **more):
        return f"{input} {third} {rest} {more}"


class OneArg:
    def process(self, input):
        return input


class NoArgs:
    def process(self):
        return "x"


class Args:
    def process(*args):
        return f"{len(args)} {args[1]}"


class AsyncGen:
    async def process(self, input, context):
        yield input


def returns_instance():
    return Other()


def returns_none():
    return None


def returns_text():
    return "text"


def function(input, context):
    return "never"


def no_args():
    raise ValueError("in maker")


async def coroutine():
    return Other()


lambda_maker = lambda: Other()
module = types.SimpleNamespace(process=lambda input: f"namespace {input}")
partial = functools.partial(Multi, a=2)
number = 5
none = None
text = "text"


class Outer:
    class Inner:
        def process(self, input, context):
            return "inner"


class Del:
    def process(self, input, context):
        del self.__class__.process
        return "once"


class Swap:
    def process(self, input, context):
        self.process = lambda i, c: f"swapped {i}"
        return "first"


class NewNone:
    def __new__(cls):
        return None


class CallsSuper(Function):
    def __init__(self):
        super().__init__()

    def process(self, input, context):
        return f"{super().process(input, context)} {input}"


class Threaded:
    def __init__(self):
        self.result = None

    def process(self, input, context):
        def work():
            self.result = f"{context.get_message_id()} {input}"
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        return self.result


class Runs:
    def process(self, input, context):
        async def work():
            await asyncio.sleep(0)
            return f"async {input}"
        return asyncio.run(work())


class RunsLoop:
    def process(self, input, context):
        return asyncio.get_event_loop().run_until_complete(asyncio.sleep(0, input))
