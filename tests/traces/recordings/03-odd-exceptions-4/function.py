
import asyncio, sys
from pulsar import Function


class NoStr(Exception):
    def __str__(self):
        raise RuntimeError("no text")


class StrNone(Exception):
    def __str__(self):
        return None


class NotException(BaseException):
    pass


class Fancy(ValueError):
    def __init__(self, code, text):
        self.code = code
        super().__init__(code, text)


class Repr(Exception):
    def __repr__(self):
        raise RuntimeError("no repr")


class Quotes(Exception):
    def __str__(self):
        return 'a "quoted" \\ back\nnew line {brace} %s \t tab'


def group():
    errors = []
    for text in "ab":
        try:
            int(text)
        except ValueError as error:
            errors.append(error)
    raise ExceptionGroup("several", errors + [ExceptionGroup("inner", [KeyError("k")])])


def noted():
    error = ValueError("noted")
    error.add_note("first note")
    error.add_note("second\nnote")
    raise error


def from_none():
    try:
        1 / 0
    except ZeroDivisionError:
        raise ValueError("from none") from None


def nested():
    try:
        try:
            {}["a"]
        except KeyError as error:
            raise ValueError("middle") from error
    except ValueError:
        raise TypeError("outer")


def in_finally():
    try:
        raise ValueError("first")
    finally:
        {}["second"]


def stop():
    raise StopIteration(5)


def generator_stop():
    def make():
        raise StopIteration
        yield
    return list(make())


def evaluated():
    return eval("1 +")


def executed():
    exec("def f():\n    raise ValueError('dynamic')\nf()")


def lambda_error():
    return (lambda: [x.missing for x in [1]])()


def in_thread():
    import threading
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    return "survived"


def unicode():
    raise ValueError("h\u00e9 \u2603 \U0001f600")


def surrogate():
    raise ValueError("\ud800")


def long():
    raise ValueError("x" * 3000)


def imports():
    import no_such_module


def attribute():
    import pulsar
    pulsar.nope


def os_error():
    open("/nowhere/at/all")


def unpack():
    a, b = [1]


def unbound():
    if False:
        x = 1
    return x


def name():
    return nope


def indented():
    raise IndentationError("own")


def syntax():
    raise SyntaxError("own", ("file.py", 3, 4, "text"))


def args():
    raise ValueError("a", 1, None)


def bare():
    raise ValueError


def empty():
    raise ValueError("")


def no_active():
    raise


def raise_text():
    raise "text"


def raise_class():
    raise int


def fancy():
    raise Fancy(5, "fancy")


def no_str():
    raise NoStr("x")


def str_none():
    raise StrNone("x")


def repr_error():
    raise Repr("x")


def quotes():
    raise Quotes()


def recursion():
    return recursion()


def mutual(n=0):
    return other(n + 1)


def other(n):
    if n > 8:
        raise ValueError("deep")
    return mutual(n)


def memory():
    raise MemoryError


def pulsar_error():
    import pulsar
    raise pulsar.Timeout("mine")


def multi_line():
    return [
        1,
        2,
        1 / 0,
    ]


def assertion():
    assert 1 == 2, f"{1} is not {2}"


def decoded():
    b"\xff".decode()


def json_error():
    import json
    json.loads("{")


class F(Function):
    def process(self, input, context):
        result = globals()[input]()
        return result


class Cancel(Function):
    def process(self, input, context):
        if input == "cancel":
            raise asyncio.CancelledError("cancelled")
        if input == "generator":
            raise GeneratorExit
        if input == "mine":
            raise NotException("mine")
        if input == "group":
            raise BaseExceptionGroup("base", [NotException("in group")])
        if input == "exit":
            exit(2)
        if input == "keyboard":
            raise KeyboardInterrupt
        return input
