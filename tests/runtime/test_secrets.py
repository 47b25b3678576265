"""Secrets providers: Pulsar's two, and the user's own."""

import sys

import pytest

from pfemu.errors import LoadError
from pfemu.runtime.secrets import CLEAR_TEXT, ENVIRONMENT, EnvironmentBasedSecretsProvider, provider_for


@pytest.fixture
def directory(tmp_path):
    """A directory for the user's modules; what importing them leaves behind is taken away."""
    path, modules = list(sys.path), set(sys.modules)
    yield tmp_path
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        del sys.modules[name]


@pytest.mark.parametrize("class_path", ["nowhere.Provider", "vault_a.Missing", "Provider", "secretsprovider.Other"])
def test_a_provider_that_does_not_exist_is_named_with_the_place_it_was_looked_for(directory, class_path):
    (directory / "vault_a.py").write_text("")
    with pytest.raises(LoadError) as raised:
        provider_for(class_path, None, directory)
    text = str(raised.value)
    assert text.startswith(f"the secrets provider {class_path} cannot be imported: ")
    assert str(directory) in text
    assert CLEAR_TEXT in text


@pytest.mark.parametrize(
    ("methods", "missing"),
    [
        ("", "init and no provide_secret"),
        ("def init(self, config): ...", "provide_secret"),
        ("def provide_secret(self, name, path): ...", "init"),
    ],
    ids=["neither", "init only", "provide_secret only"],
)
def test_a_provider_without_its_methods_is_refused(directory, methods, missing):
    (directory / "vault_b.py").write_text(f"class Provider:\n    ...\n    {methods}\n")
    with pytest.raises(LoadError, match=rf"^the secrets provider vault_b.Provider has no method {missing}: it needs init"):
        provider_for("vault_b.Provider", None, directory)


def test_an_error_in_the_users_module_is_the_users(directory):
    (directory / "vault_c.py").write_text("1 / 0\n")
    with pytest.raises(ZeroDivisionError):
        provider_for("vault_c.Provider", None, directory)


@pytest.mark.parametrize("class_path", [None, CLEAR_TEXT])
@pytest.mark.parametrize("value", ["value", {"path": "p", "key": "k"}, 3, None, [1]], ids=repr)
def test_clear_text_answers_the_value_of_the_map(tmp_path, class_path, value):
    assert provider_for(class_path, {"ignored": 1}, tmp_path).provide_secret("name", value) is value


def test_the_environment_is_asked_by_the_secrets_name(tmp_path, monkeypatch):
    monkeypatch.setenv("PASSWORD", "hidden")
    monkeypatch.delenv("UNSET", raising=False)
    provider = provider_for(ENVIRONMENT, None, tmp_path)
    assert provider.provide_secret("PASSWORD", "UNSET") == "hidden"
    assert provider.provide_secret("UNSET", "PASSWORD") is None


def test_another_environment_can_be_given():
    assert EnvironmentBasedSecretsProvider({"PASSWORD": "other"}).provide_secret("PASSWORD", None) == "other"


def test_a_provider_of_the_users_is_initialised_with_its_configuration(directory):
    (directory / "vault_d.py").write_text(
        "class Provider:\n"
        "    def init(self, config):\n"
        "        self.config = config\n"
        "    def provide_secret(self, secret_name, path_to_secret):\n"
        "        return f'{self.config} {secret_name} {path_to_secret}'\n",
    )
    provider = provider_for("vault_d.Provider", {"url": "u"}, directory)
    assert provider.provide_secret("name", {"key": "k"}) == "{'url': 'u'} name {'key': 'k'}"
