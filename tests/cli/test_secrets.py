"""Secrets: where they come from, and that nothing the command line says shows one."""

import json

import pytest

from pfemu.cli.hidden_secrets import without_secrets
from pfemu.model.configuration.function_config import FunctionConfig
from pfemu.model.functions.function_registration import create

SECRET = "hunter2-of-the-harbour"
TELLING = f"""
class Telling:
    def process(self, input, context):
        assert context.get_secret("token") == {SECRET!r}
        assert context.get_secret("other") is None
        context.put_state("asked", "yes")
        if input == "bad":
            raise ValueError("a bad one")
        return "the same"
"""
VAULT = """
class Vault:
    def init(self, config):
        self.words = config
    def provide_secret(self, secret_name, path_to_secret):
        return self.words[path_to_secret]
"""


@pytest.fixture
def telling(write):
    return write("telling.py", TELLING)


@pytest.mark.parametrize(
    "flags", [[], ["--json"], ["--state", "--metrics"], ["--full-traceback"], ["--strict"], ["--replay", "2", "--reload"]]
)
def test_no_output_shows_a_secret(run, telling, flags):
    outcome = run(telling, "--secrets", json.dumps({"token": SECRET}), *flags, stdin="good\nbad\n")
    assert outcome.code == 1
    assert "a bad one" in outcome.out + outcome.err
    assert SECRET not in outcome.out + outcome.err


def test_a_check_shows_no_secret(check, telling):
    for flags in ([], ["--json"], ["--strict"]):
        outcome = check(telling, "--secrets", json.dumps({"token": SECRET}), "--skip-to-latest", "true", *flags)
        assert "skipToLatest" in outcome.out
        assert SECRET not in outcome.out + outcome.err


@pytest.mark.parametrize("text", [f'{{"token": "{SECRET}"', f'"{SECRET}"', f'["{SECRET}"]', f"{{token: {SECRET}", SECRET])
def test_secrets_that_cannot_be_read_are_not_shown(run, telling, write, text):
    refusals = [
        run(telling, "--secrets", text),
        run(telling, "--secrets-file", write("secrets.yaml", text)),
        run(telling, "--secrets-provider-classname", "vault.Vault", "--secrets-provider-config", f"[{text}"),
        run(write("f.yaml", f"py: telling.py\ninputs: [a]\nsecrets: {text}\n")),
        run(write("g.yaml", f"py: telling.py\ninputs: [a]\nsecrets:\n  token: {text}\n  {text} [\n")),
    ]
    for outcome in refusals:
        assert outcome.code in {2, 3}, outcome
        assert SECRET not in outcome.out + outcome.err
        assert "Error" in outcome.err or "error" in outcome.err


@pytest.mark.parametrize(
    "secrets",
    [
        f"secrets: {SECRET}",
        f"secrets: [{SECRET}]",
        f"secrets: {{token: {SECRET}",
        f"secrets:\n      token: {SECRET}\n      {SECRET} [",
        f"secret: {SECRET}",
    ],
)
def test_a_project_file_that_cannot_be_read_shows_none_either(run, check, telling, write, secrets):
    project = write("pfemu.yaml", f"functions:\n  - py: telling.py\n    inputs: [a]\n    {secrets}\n")
    for outcome in (run(project), check(project), check(project, "--json")):
        assert outcome.code in {2, 3}
        assert "pfemu.yaml" in outcome.out + outcome.err
        assert SECRET not in outcome.out + outcome.err


def test_the_words_about_anything_else_stay():
    text = f'{{"secrets": {{"token": "{SECRET}"}}, "parallelism": "many"}}'
    assert without_secrets(f"from String {SECRET} and many", text) == "from String *** and many"
    assert without_secrets("no secret in it", "inputs: [a]\nsecrets:\n  a: xyz\noutput: no\n") == "no secret in it"


def test_what_is_printed_of_a_configuration_has_no_secrets():
    config = FunctionConfig.from_yaml(f"name: f\nclassName: f.F\npy: f.py\ninputs: [a]\nsecrets: {{token: {SECRET}}}\n")
    assert SECRET not in repr(config)
    assert SECRET not in repr(create(config))
    assert SECRET in create(config).secrets_map


def test_secrets_come_from_a_file(run, telling, write):
    for name, text in (("secrets.json", json.dumps({"token": SECRET})), ("secrets.yaml", f"token: {SECRET}\n")):
        assert run(telling, "--secrets-file", write(name, text), stdin="good\n").out == "the same\n"


def test_secrets_come_from_the_environment_where_the_cluster_has_them_there(run, telling):
    provider = ["--secrets-provider-classname", "secretsprovider.EnvironmentBasedSecretsProvider"]
    secrets = ["--secrets", '{"token": "means nothing"}']
    assert run(telling, *provider, *secrets, stdin="good\n", env={"token": SECRET}).out == "the same\n"
    assert run(telling, *provider, *secrets, stdin="good\n").code == 1
    by_environment = {"PFEMU_SECRETS_PROVIDER_CLASSNAME": provider[1], "token": SECRET}
    assert run(telling, *secrets, stdin="good\n", env=by_environment).out == "the same\n"


@pytest.mark.parametrize("named", [True, False])
def test_secrets_come_from_a_class_beside_the_code(run, telling, write, named, monkeypatch):
    monkeypatch.setattr("sys.path", list(__import__("sys").path))
    module = f"vault_{named}".lower()
    write(f"{module}.py", VAULT)
    flags = ["--secrets-provider-classname", f"{module}.Vault", "--secrets-provider-config", json.dumps({"key": SECRET})]
    class_name = ["--classname", "telling.Telling"] if named else []
    assert run(telling, *flags, *class_name, "--secrets", '{"token": "key"}', stdin="good\n").out == "the same\n"


def test_a_provider_that_is_not_there_is_refused_by_name(run, telling):
    outcome = run(telling, "--secrets-provider-classname", "nowhere_at_all.Vault")
    assert outcome.code == 2
    assert "the secrets provider nowhere_at_all.Vault cannot be imported" in outcome.err


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--secrets-provider-config", "{}"], "--secrets-provider-classname"),
        (["--secrets", "{}", "--secrets-file", "secrets.json"], "use one"),
    ],
)
def test_flags_that_contradict_each_other_are_refused(run, telling, write, flags, words):
    path = write("secrets.json", "{}")
    outcome = run(telling, *[str(path) if flag == "secrets.json" else flag for flag in flags])
    assert outcome.code == 2
    assert words in outcome.err
