"""What a function finds on its logger and its streams, and what becomes of what it changes there."""

import bdb
import io
import logging
import sys

import pytest

from tests.runtime.fakes import Rig


class Calls:
    """Does what the test wants done, with its context; returns what that returns."""

    def __init__(self):
        self.acts = []

    def process(self, input, context):
        act = self.acts.pop(0)
        return act(context)


def call(rig, act):
    """Have the function do something, and return what its call returned."""
    found = []
    rig.instance.loaded.instance.acts.append(lambda context: found.append(act(context)))
    rig.consumer.receive(b"x")
    return found[0] if found else None


def handlers(context):
    return [type(handler).__name__ for handler in context.get_logger().handlers]


@pytest.fixture
def rig():
    with Rig(Calls) as made:
        yield made


@pytest.fixture
def topic_rig():
    with Rig(Calls, log_topic="log") as made:
        yield made


def lines(rig):
    """What is on the log topic, without the times."""
    return [content.decode().partition("] ")[2] for content in rig.client.producers["log"].contents]


def test_the_logger_shows_itself_as_the_root_logger_it_is_there(rig):
    logger = rig.context.get_logger()
    assert repr(logger) == "<RootLogger root (INFO)>"
    assert logger.parent is None
    assert logger.getChild("part") is logging.getLogger("part")


def test_without_a_log_topic_the_one_handler_is_that_of_the_log_file(rig):
    assert call(rig, handlers) == ["CreatePathRotatingFileHandler"]


def test_with_a_log_topic_its_handler_is_there_while_the_function_runs(topic_rig):
    assert call(topic_rig, handlers) == ["LogTopicHandler"]
    assert handlers(topic_rig.context) == ["CreatePathRotatingFileHandler"]


def test_a_handler_of_the_functions_own_is_told_of_each_record_and_print(rig):
    written = io.StringIO()

    def act(context):
        context.get_logger().addHandler(logging.StreamHandler(written))
        context.get_logger().info("said")
        sys.stdout.write("printed\n")

    call(rig, act)
    assert written.getvalue() == "said\nprinted\n"
    assert [entry.message for entry in rig.observer.logs] == ["said", "printed"]


def test_what_is_below_the_loggers_level_is_not_logged_printed_or_not(topic_rig):
    def act(context):
        context.get_logger().setLevel(logging.ERROR)
        sys.stdout.write("quiet\n")
        sys.stderr.write("loud\n")
        raise ValueError("told")

    call(topic_rig, act)
    assert [line.partition("\n")[0] for line in lines(topic_rig)] == ["[ERROR]: loud", "[ERROR]: Exception while executing user method"]
    call(topic_rig, lambda context: context.get_logger().setLevel(logging.CRITICAL) or 1 / 0)
    assert len(lines(topic_rig)) == 2


def test_a_filter_on_the_logger_holds_for_prints(rig):
    def act(context):
        context.get_logger().addFilter(lambda record: "secret" not in record.getMessage())
        sys.stdout.write("a secret\n")
        sys.stdout.write("no such thing\n")

    call(rig, act)
    assert [entry.message for entry in rig.observer.logs] == ["no such thing"]


def test_of_two_handlers_one_stays_beside_the_log_topics_as_the_real_instance_leaves_it(topic_rig):
    written = io.StringIO()
    assert call(topic_rig, lambda context: context.get_logger().addHandler(logging.StreamHandler(written)) or handlers(context)) == [
        "LogTopicHandler",
        "StreamHandler",
    ]
    assert call(topic_rig, handlers) == ["CreatePathRotatingFileHandler", "LogTopicHandler"]
    assert call(topic_rig, handlers) == ["StreamHandler", "LogTopicHandler"]


def test_the_streams_have_what_the_real_ones_have_and_no_more(rig):
    def act(_context):
        assert sys.stdout.write("x") is None
        sys.stdout.flush()
        return [name for name in ("write", "flush", "isatty", "fileno", "encoding", "buffer") if hasattr(sys.stdout, name)]

    assert call(rig, act) == ["write", "flush"]
    call(rig, lambda _context: sys.stdout.isatty())
    assert [str(failure.error) for failure in rig.observer.failures] == ["'StreamToLogger' object has no attribute 'isatty'"]


def test_a_debugger_that_has_stopped_the_function_finds_the_hosts_stream(rig):
    host = sys.stdout.encoding

    def act(_context):
        before, debugger = sys.gettrace(), bdb.Bdb()
        debugger.reset()
        sys.settrace(debugger.trace_dispatch)
        try:
            return sys.stdout.encoding
        finally:
            sys.settrace(before)

    assert call(rig, act) == host


def test_levels_that_were_switched_off_are_not_logged_not_even_printed(rig):
    def act(context):
        context.get_logger().info("before")
        logging.disable(logging.WARNING)
        try:
            context.get_logger().info("said")
            sys.stdout.write("printed\n")
        finally:
            logging.disable(logging.NOTSET)
        context.get_logger().info("after")

    call(rig, act)
    assert [entry.message for entry in rig.observer.logs] == ["before", "after"]


def test_a_level_set_on_the_root_logger_holds_for_loggers_without_one_of_their_own(rig):
    def act(context):
        own = logging.getLogger("of.its.own")
        own.setLevel(logging.INFO)
        context.get_logger().setLevel(logging.ERROR)
        logging.getLogger("of.none").warning("inherits")
        own.warning("its own")

    call(rig, act)
    assert [entry.message for entry in rig.observer.logs] == ["its own"]


class TextlessError(Exception):
    def __str__(self):
        raise RuntimeError("no text")


def raises(error):
    def act(_context):
        raise error

    return act


def test_what_the_instance_says_is_not_on_the_log_topic(topic_rig):
    topic_rig.instance.log.note("python_instance.py", "said by the instance")
    assert lines(topic_rig) == []


def test_once_an_exception_has_no_text_the_log_topic_has_what_the_instance_says(topic_rig):
    call(topic_rig, raises(TextlessError()))
    assert lines(topic_rig)[-1] == "[ERROR]: Uncaught exception in Python instance: no text"
    assert call(topic_rig, handlers) == ["LogTopicHandler"]
    topic_rig.instance.log.note("python_instance.py", "said by the instance")
    assert lines(topic_rig)[-1] == "[ERROR]: said by the instance"


def test_handlers_that_a_function_adds_have_what_the_instance_says(rig):
    text = io.StringIO()
    call(rig, lambda context: context.get_logger().addHandler(logging.StreamHandler(text)))
    rig.instance.log.note("python_instance.py", "said by the instance")
    assert text.getvalue() == "said by the instance\n"
