"""What stands where the admin API is, and one run of ``pfemu functions`` against it."""

from pfemu.admin.answer import Answer
from pfemu.cli.pulsar_admin.functions_command import FunctionsCommand

F = ["--tenant", "public", "--namespace", "ns", "--name", "f"]


class Api:
    """Answers every call alike and remembers them."""

    def __init__(self, answer=None):
        self.answer = answer or Answer(204)
        self.requests = []

    def __call__(self, request):
        self.requests.append(request)
        return self.answer


def run(*arguments, answer=None):
    api = Api(answer)
    return FunctionsCommand(api).run(arguments), api.requests
