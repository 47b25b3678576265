"""``cryptoConfig``: what was seen on Pulsar 4.0.8, and that nothing is published in the clear that should be encrypted."""

import pulsar
import pytest

import pfemu

CODE = """
import pulsar
from pulsar import Function


class NoReader:
    def __init__(self, **conf):
        pass


class Keys(pulsar.CryptoKeyReader):
    def __init__(self, **conf):
        super().__init__("public.pem", "private.pem")


class F(Function):
    def process(self, input, context):
        return f"{input}!"
"""
PATHS = {"public_key_path": "public.pem", "private_key_path": "private.pem"}


def crypto(class_name, conf, keys=("k",)):
    return {"cryptoKeyReaderClassName": class_name, "cryptoKeyReaderConfig": conf, "encryptionKeys": list(keys)}


@pytest.fixture
def emulator():
    with pfemu.Emulator() as made:
        yield made


@pytest.fixture
def create(emulator, tmp_path):
    (tmp_path / "function.py").write_text(CODE)

    def deploy(**settings):
        config = {"className": "function.F", "name": "f", "inputs": ["in"], "output": "out", "runtime": "PYTHON", **settings}
        return emulator.create_function(pfemu.FunctionConfig.from_json({**config, "py": str(tmp_path / "function.py")}))

    return deploy


@pytest.mark.parametrize(
    ("crypto_config", "error"),
    [
        (crypto("function.Nothing", {}), "TypeError: 'NoneType' object is not callable"),
        (crypto("pulsar.CryptoKeyReader", {"wrong": 1}), "unexpected keyword argument 'wrong'"),
        (crypto("pulsar.CryptoKeyReader", None), "JSONDecodeError: Expecting value"),
        (crypto("pulsar.CryptoKeyReader", {**PATHS, "public_key_path": 5}), "ValueError: Argument public_key_path is expected"),
    ],
    ids=["no such class", "wrong argument", "no configuration", "wrong type"],
)
@pytest.mark.parametrize("output", [True, False], ids=["output", "input"])
def test_a_reader_that_cannot_be_made_is_left_out_and_said(emulator, create, crypto_config, error, output):
    if output:
        function = create(producerConfig={"cryptoConfig": crypto_config})
    else:
        function = create(inputs=None, inputSpecs={"in": {"cryptoConfig": crypto_config}})
    emulator.topic("in").send("one")
    assert emulator.topic("out").values() == ["one!"]
    [warning] = function.warnings
    setting = "producerConfig.cryptoConfig" if output else "inputSpecs.in.cryptoConfig"
    assert warning.about.startswith(f"{setting} (")
    assert error in warning.about
    assert "published in the clear" in warning.text
    assert warning.strict


@pytest.mark.parametrize("crypto_config", [crypto("pulsar.CryptoKeyReader", PATHS), crypto("function.Keys", {"any": "thing"})])
def test_an_output_that_should_be_encrypted_is_not_published_in_the_clear(emulator, create, crypto_config):
    function = create(producerConfig={"cryptoConfig": crypto_config})
    assert [warning.about for warning in function.warnings] == ["producerConfig.cryptoConfig"]
    emulator.topic("in").send("one")
    assert emulator.topic("out").values() == []
    [failure] = function.exceptions
    assert (failure.kind, type(failure.error)) == ("system", pfemu.errors.NotEmulatedError)
    assert "Leave" in str(failure.error)


def test_what_is_no_reader_fails_each_output_as_the_client_has_it(emulator, create):
    function = create(producerConfig={"cryptoConfig": crypto("function.NoReader", {"x": 1})})
    emulator.topic("in").send("one")
    [failure] = function.exceptions
    assert str(failure.error) == "Argument crypto_key_reader is expected to be either None or of type 'CryptoKeyReader'"
    assert failure.kind == "system"


def test_an_input_whose_reader_is_no_reader_keeps_the_instance_from_starting(create):
    with pytest.raises(ValueError, match="Argument crypto_key_reader is expected to be either None"):
        create(inputs=None, inputSpecs={"in": {"cryptoConfig": crypto("function.NoReader", {})}})


def test_an_input_that_could_be_decrypted_is_read_as_it_is(emulator, create):
    function = create(inputs=None, inputSpecs={"in": {"cryptoConfig": crypto("pulsar.CryptoKeyReader", PATHS)}})
    emulator.topic("in").send("one")
    assert emulator.topic("out").values() == ["one!"]
    assert [(warning.about, warning.strict) for warning in function.warnings] == [("inputSpecs.in.cryptoConfig", False)]


@pytest.mark.parametrize(
    ("crypto_config", "refusal"),
    [
        (crypto("", PATHS), "CryptoKeyReader class name required"),
        (crypto("pulsar.CryptoKeyReader", PATHS, keys=()), "Must provide encryption key name for crypto key reader"),
    ],
)
def test_what_the_worker_refuses_is_refused_in_its_words(create, crypto_config, refusal):
    with pytest.raises(pfemu.ConfigError, match=refusal):
        create(producerConfig={"cryptoConfig": crypto_config})


def test_a_client_is_refused_a_producer_that_would_encrypt_and_no_other(emulator):
    reader = pulsar.CryptoKeyReader("public.pem", "private.pem")
    with pytest.raises(pfemu.errors.NotEmulatedError, match="does not encrypt"):
        emulator.client.create_producer("t", encryption_key="k", crypto_key_reader=reader)
    with pytest.raises(ValueError, match="expected to be either None or of type 'CryptoKeyReader'"):
        emulator.client.create_producer("t", encryption_key="k", crypto_key_reader="keys")
    emulator.client.create_producer("t", encryption_key="k").send(b"plain")
    emulator.client.create_producer("t", crypto_key_reader=reader).send(b"plain")
    emulator.client.subscribe("t", "s", crypto_key_reader=reader)
