"""Held to what the native client, the broker and `TopicName.java` of Pulsar 4.0.8 said of the names in `data/`."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfemu.errors import InvalidTopicName
from pfemu.model.topic_name import TopicName, java_topic_name_problem, refused_by_broker_alone, short_name

DATA = Path(__file__).parent / "data"
NATIVE_CLIENT: dict[str, str] = json.loads((DATA / "native_client_topic_names.json").read_text())
JAVA = json.loads((DATA / "java_topic_names.json").read_text())
REFUSED_BY_JAVA = {row["text"]: row["problem"] for row in JAVA if "problem" in row}
TAKEN_BY_JAVA = [row for row in JAVA if "problem" not in row]

PIECES = [
    "persistent",
    "non-persistent",
    "://",
    "/",
    "a",
    "public",
    ".",
    "..",
    "-partition-",
    "0",
    "12",
    "-",
    " ",
    "é",
    "~",
    "*",
    "%",
    "\u0663",
    "\u00a0",
    "😀",
]
texts = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
local_names = st.text(st.characters(exclude_characters="/", exclude_categories=["Cs"]), min_size=1).filter(lambda name: name.strip())


@pytest.mark.parametrize("text", [text for text, outcome in NATIVE_CLIENT.items() if outcome == "InvalidTopicName"])
def test_a_name_that_the_native_client_refuses_is_invalid(text):
    with pytest.raises(InvalidTopicName):
        TopicName.parse(text)
    assert not refused_by_broker_alone(text)


@pytest.mark.parametrize("text", [text for text, outcome in NATIVE_CLIENT.items() if outcome == "Timeout"])
def test_a_name_that_only_the_broker_refuses_is_invalid_and_told_apart(text):
    with pytest.raises(InvalidTopicName):
        TopicName.parse(text)
    assert refused_by_broker_alone(text)


@pytest.mark.parametrize(("text", "full"), [row for row in NATIVE_CLIENT.items() if row[1] not in {"InvalidTopicName", "Timeout"}])
def test_a_name_that_the_native_client_takes_becomes_the_same(text, full):
    assert TopicName.parse(text).full == full
    assert not refused_by_broker_alone(text)


@pytest.mark.parametrize(("text", "problem"), REFUSED_BY_JAVA.items())
def test_a_name_that_java_refuses_is_refused_in_its_words(text, problem):
    assert java_topic_name_problem(text) == problem
    with pytest.raises(InvalidTopicName) as refusal:
        TopicName.parse(text)
    assert str(refusal.value) == problem


@pytest.mark.parametrize("row", TAKEN_BY_JAVA, ids=lambda row: row["text"])
def test_a_name_that_java_takes_has_the_same_parts(row):
    assert java_topic_name_problem(row["text"]) is None
    if row["full"] != row["text"] or "://" not in row["text"] or refused_by_broker_alone(row["text"]):
        return
    name = TopicName.parse(row["text"])
    parts = {
        "text": row["text"],
        "full": name.full,
        "namespace_name": name.namespace_name,
        "local_name": name.local_name,
        "partition_index": name.partition_index,
        "partitioned_topic": name.partitioned_topic.full,
        "partition_3": name.partition(3).full,
    }
    assert parts == row


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a/b", "Invalid short topic name 'a/b', it should be in the format of <tenant>/<namespace>/<topic> or <topic>"),
        ("http://public/default/x", "Invalid topic domain: 'http'"),
        ("public/my space/x", "Invalid named entity: my space"),
        ("/x", "Invalid topic name: '/x', it should be <topic>, <tenant>/<namespace>/<topic>, persistent://"),
        ("Persistent://public/default/x", "Invalid topic name: 'Persistent://public/default/x', it should be <topic>"),
        ("public/default/.", "Invalid topic name: persistent://public/default/.. No tenant, namespace or topic can be named '.' or '..'."),
        ("public/default/ ", "Invalid topic name: persistent://public/default/ . Topic local name must not be blank."),
        (
            "-partition-1",
            "Invalid topic name: persistent://public/default/-partition-1. A topic of which it is a partition cannot be named so.",
        ),
        ("..-partition-1", "Invalid topic name: persistent://public/default/..-partition-1. A topic of which it is a partition"),
    ],
)
def test_a_refusal_says_what_is_wrong(text, says):
    with pytest.raises(InvalidTopicName) as refusal:
        TopicName.parse(text)
    assert str(refusal.value).startswith(says)


def test_a_short_name_is_in_the_default_namespace():
    name = TopicName.parse("orders")
    assert (name.domain, name.tenant, name.cluster, name.namespace, name.local_name) == ("persistent", "public", None, "default", "orders")
    assert str(name) == "persistent://public/default/orders"
    assert name.is_persistent
    assert name.partition_index == -1


def test_a_non_persistent_topic_is_another_one_than_the_persistent():
    name = TopicName.parse("non-persistent://public/default/x")
    assert not name.is_persistent
    assert name != TopicName.parse("x")


def test_a_name_from_before_pulsar_2_has_a_cluster_and_may_have_slashes():
    name = TopicName.parse("persistent://t/c/ns/a/b")
    assert (name.tenant, name.cluster, name.namespace, name.local_name) == ("t", "c", "ns", "a/b")
    assert name.namespace_name == "t/c/ns"


def test_names_are_equal_when_their_text_is():
    assert TopicName.parse("x") == TopicName.parse("public/default/x")
    assert len({TopicName.parse("x"), TopicName.parse("persistent://public/default/x"), TopicName.parse("y")}) == 2


def test_a_partition_is_its_own_partition():
    partition = TopicName.parse("x").partition(3)
    assert partition.partition(3) is partition
    assert partition.partition(-1) is partition
    assert partition.partitioned_topic.partitioned_topic == TopicName.parse("x")
    assert partition.partition(4).full == "persistent://public/default/x-partition-3-partition-4"


@pytest.mark.parametrize(("count", "names"), [(0, ["x"]), (2, ["x-partition-0", "x-partition-1"])])
def test_a_topic_is_its_partitions_or_itself(count, names):
    assert [short_name(each.full) for each in TopicName.parse("x").partitions(count)] == names


@pytest.mark.parametrize(
    ("name", "other", "holds"),
    [("x", "x", True), ("x", "x-partition-0", True), ("x-partition-0", "x", False), ("x", "y-partition-0", False)],
)
def test_a_topic_holds_itself_and_its_partitions(name, other, holds):
    assert TopicName.parse(name).holds(TopicName.parse(other)) is holds


@pytest.mark.parametrize(
    ("full", "short"),
    [("persistent://public/default/x", "x"), ("persistent://t/ns/x", "persistent://t/ns/x"), ("non-persistent://public/default/x",) * 2],
)
def test_people_leave_the_default_namespace_out(full, short):
    assert short_name(full) == short


@pytest.mark.parametrize("suffix", ["", "x", "00", "01", "-1", "+1", " 1", "1 ", "1a", "2147483648", "\U0001d7d1"])
def test_what_is_no_number_of_a_partition_makes_none(suffix):
    name = TopicName.parse(f"x-partition-{suffix}")
    assert name.partition_index == -1
    assert name.partitioned_topic is name


@given(texts)
def test_any_text_is_a_name_or_invalid_and_a_name_stays_what_it_is(text):
    name = TopicName.if_valid(text)
    if name is None:
        with pytest.raises(InvalidTopicName):
            TopicName.parse(text)
        return
    assert TopicName.parse(name.full) == name
    assert java_topic_name_problem(name.full) is None
    again = name.partitioned_topic.partition(name.partition_index)
    assert (again.partitioned_topic, again.partition_index) == (name.partitioned_topic, name.partition_index)
    assert again == name or not name.local_name.isascii()


@given(local_names.filter(lambda name: name not in {".", ".."}), st.integers(0, 2**31 - 1))
def test_partitions_know_their_number_and_topic(local_name, index):
    name = TopicName.parse(f"public/default/{local_name}")
    partition = name.partition(index)
    assert (partition.partition_index, partition.partitioned_topic) == (index, name) or partition is name
