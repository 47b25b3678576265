from pulsar import Function


class Plain:
    def process(self, input, context=None):
        return f"plain {input} {context is None}"


instance = Plain()


class ClassMethod(Function):
    @classmethod
    def process(cls, input, context):
        return f"{cls.__name__} {input}"


class Attribute:
    def __init__(self):
        self.process = lambda input, context: f"attribute {input}"


class Generator:
    def process(self, input, context):
        yield input


class Coroutine:
    async def process(self, input, context):
        return input


Lambda = lambda input, context: input


class Callable:
    def __call__(self, input, context):
        return "called"


class Slots:
    __slots__ = ("count",)

    def __init__(self):
        self.count = 0

    def process(self, input, context):
        self.count += 1
        return f"{self.count} {input}"


class Prop:
    @property
    def process(self):
        return lambda input, context: f"property {input}"
