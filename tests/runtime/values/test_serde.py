"""SerDes by class path."""

import pickle

import pytest

from pfemu.runtime.values.serde import deserializer_for, identity_deserialize, identity_serialize, resolve_serde, serializer_for

FUNCTION = """
    from pulsar import SerDe
    from pulsar.functions.serde import PickleSerDe


    class Csv(SerDe):
        def serialize(self, value):
            return ",".join(map(str, value)).encode()

        def deserialize(self, data):
            return data.decode().split(",")


    class Needs(SerDe):
        def __init__(self, needed):
            self.needed = needed


    class Half:
        pass


    class Order:
        pass


    def deserialize(data):
        return data


    def process(input):
        return Order()
"""


@pytest.fixture
def loaded(project):
    project.write("function.py", FUNCTION)
    return project.load("function.py", "function")


@pytest.mark.parametrize(
    ("class_path", "message"),
    [
        ("function.Nope", "'NoneType' object is not callable"),
        ("nomodule.Csv", "'NoneType' object is not callable"),
        ("Csv", "'NoneType' object is not callable"),
        ("serde.Nope", "'NoneType' object is not callable"),
        ("function", "'module' object is not callable"),
        ("function.Needs", "Needs.__init__() missing 1 required positional argument: 'needed'"),
    ],
)
def test_a_class_path_that_gives_no_serde_is_refused_in_the_recorded_words(loaded, class_path, message):
    for make in (resolve_serde, deserializer_for, serializer_for):
        with pytest.raises(TypeError) as caught:
            make(class_path, loaded.space)
        assert str(caught.value) == message


def test_a_serde_without_its_methods_fails_message_by_message(loaded):
    deserialize, serialize = deserializer_for("function.Half", loaded.space), serializer_for("function.Half", loaded.space)

    for _message in range(2):
        with pytest.raises(AttributeError, match=r"^'Half' object has no attribute 'deserialize'$"):
            deserialize(b"a")
        with pytest.raises(AttributeError, match=r"^'Half' object has no attribute 'serialize'$"):
            serialize("a")


@pytest.mark.parametrize("class_path", ["", "serde.IdentitySerDe", "pulsar.functions.serde.IdentitySerDe"])
def test_every_name_of_the_default_gives_the_shortcut(loaded, class_path):
    assert deserializer_for(class_path, loaded.space) is identity_deserialize
    assert serializer_for(class_path, loaded.space) is identity_serialize


def test_a_users_serde_is_used(loaded):
    assert deserializer_for("function.Csv", loaded.space)(b"a,b") == ["a", "b"]
    assert serializer_for("function.Csv", loaded.space)(["a", 2]) == b"a,2"
    assert resolve_serde("function.Csv", loaded.space).deserialize(b"a") == ["a"]


@pytest.mark.parametrize("class_path", ["serde.PickleSerDe", "function.PickleSerDe"])
def test_a_users_objects_can_be_pickled_also_when_the_function_is_loaded_twice(project, loaded, class_path):
    loads = [loaded, project.again(loaded)]

    for one in loads:
        order = one.process("a")
        payload = serializer_for(class_path, one.space)(order)
        copy = deserializer_for(class_path, one.space)(payload)
        assert type(copy) is type(order)
    assert b"function" in payload


def test_pickled_bytes_are_those_of_a_cluster(loaded):
    assert serializer_for("serde.PickleSerDe", loaded.space)(["a", "b", 2]) == pickle.dumps(["a", "b", 2])
