from tests.samples.samples import SAMPLES


def test_a_module_with_a_process_is_a_function(emulator):
    function = emulator.create_function(SAMPLES / "exclamation_plain.py", inputs=["in"], output="out")
    emulator.topic("in").send_many(["hello", "world"])
    assert emulator.topic("out") == ["hello!", "world!"]
    assert function.name == "public/default/exclamation_plain"


def test_the_module_is_the_class_name_a_cluster_knows_it_by(emulator):
    function = emulator.create_function(SAMPLES / "exclamation_plain.py", inputs=["in"], output="out")
    assert function.function.details.class_name == "exclamation_plain"
