"""What a function's source tells of the topics it publishes to, and what it does not tell."""

import pytest

from pfemu.topology.published_topics import PublishedTopics, published_topics

NOTHING = PublishedTopics()


def of_body(*lines, before="", config=None):
    body = "".join(f"        {line}\n" for line in lines)
    source = f"{before}\nclass F:\n    def process(self, input, context):\n{body}"
    return published_topics(source, "F", config or {})


@pytest.mark.parametrize(
    "line",
    [
        "context.publish(topic, input)",
        "context.publish(f'{input}-orders', input)",
        "context.publish(*input)",
        "self.context.publish('orders', input)",
        "other.publish('orders', input)",
        "helper(context)",
        "helper(input, ctx=context)",
        "context.publish(context.get_user_config_value('missing'), input)",
        "context.publish(TOPIC if input else topic, input)",
        "context.publish(CHANGED, input)",
        "context.publish(42, input)",
    ],
)
def test_what_only_a_run_can_tell_is_unknown(line):
    found = of_body(line, before="TOPIC = 'orders'\nCHANGED = 'a'\nCHANGED = 'b'")
    assert found.topics == ()
    assert len(found.unknown_lines) == 1


@pytest.mark.parametrize(
    ("line", "topics"),
    [
        ("context.publish('orders', input)", ("orders",)),
        ("context.publish(topic_name='orders', message=input)", ("orders",)),
        ("context.publish(TOPIC, input)", ("orders",)),
        ("context.publish('a' if input else TOPIC, input)", ("a", "orders")),
        ("context.publish(context.get_user_config_value('to'), input)", ("configured",)),
        ("context.publish('b', 1); context.publish('a', 1); context.publish('b', 1)", ("b", "a")),
        ("return input", ()),
    ],
)
def test_a_topic_that_is_written_down_is_known(line, topics):
    assert of_body(line, before="TOPIC: str = 'orders'", config={"to": "configured"}) == PublishedTopics(topics)


def test_the_context_is_the_second_argument_whatever_it_is_called():
    source = "class F:\n    def process(self, item, ctx):\n        ctx.publish('a', item)\n        context.publish('b', item)\n"
    assert published_topics(source, "F", {}) == PublishedTopics(("a",), (4,))
    plain = "def process(item, ctx):\n    ctx.publish('a', item)\n"
    assert published_topics(plain, "process", {}) == PublishedTopics(("a",))


def test_other_classes_of_the_module_are_not_looked_at_but_for_bases():
    source = (
        "class Base:\n    def send(self, context):\n        context.publish('base', 1)\n"
        "class F(Base):\n    def process(self, input, context):\n        pass\n"
        "class Other:\n    def process(self, input, context):\n        context.publish('other', 1)\n"
    )
    assert published_topics(source, "F", {}) == PublishedTopics(("base",))


@pytest.mark.parametrize("source", ["", "def process(", "import x"])
def test_nothing_is_known_of_what_cannot_be_read(source):
    assert published_topics(source, "F", {}) == NOTHING
