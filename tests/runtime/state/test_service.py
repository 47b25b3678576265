"""The owner of all tables: where they are, who may look, what it costs."""

import subprocess
import sys
from threading import Thread

import pytest
from fakeredis import FakeRedis, FakeServer, TcpFakeServer

from pfemu.errors import StateError
from pfemu.runtime.state.state_json import StateRequestError
from pfemu.runtime.state.state_redis import RedisHash
from pfemu.runtime.state.state_rules import Entry
from pfemu.runtime.state.state_service import StateService, table_name
from pfemu.runtime.state.state_table import diff


def in_four_threads(run):
    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.fixture
def redis_url():
    server = TcpFakeServer(("127.0.0.1", 0))
    thread = Thread(target=server.serve_forever)
    thread.start()
    host, port = server.server_address
    yield f"redis://{host}:{port}/0"
    server.shutdown()
    server.server_close()
    thread.join()


# ------------------------------------------------------------------------------------------------------------- refusals


def test_a_url_where_no_redis_answers_is_refused_without_its_password():
    with pytest.raises(StateError, match=r"^no Redis answers at 127\.0\.0\.1:1/0: .*leave the URL out to keep state in memory$") as raised:
        StateService(url="redis://user:hidden@127.0.0.1:1/0")
    assert "hidden" not in str(raised.value)


def test_a_url_of_something_else_is_refused():
    with pytest.raises(StateError, match=r"^not the URL of a Redis: http://localhost \(expected redis://host:6379/0"):
        StateService(url="http://localhost")


def test_a_client_that_decodes_its_answers_is_refused():
    with pytest.raises(StateError, match="decode_responses=True"):
        StateService(redis=FakeRedis(decode_responses=True))


def test_two_places_for_state_are_refused():
    with pytest.raises(StateError, match="give one of the three"):
        StateService(redis=FakeRedis(), url="redis://127.0.0.1:1")
    with pytest.raises(StateError, match="give one of the three"):
        StateService(redis=FakeRedis(), off=True)


@pytest.mark.parametrize("content", [1.5, None, True, ["a"], 2**63, b"x" * 1_100_000], ids=lambda content: type(content).__name__)
def test_a_preloaded_content_of_another_kind_is_refused_and_nothing_is_set(content):
    table = StateService().table("public", "default", "f")
    with pytest.raises(StateError, match=f"^state 'bad' cannot hold this {type(content).__name__}: a value is text or bytes"):
        table.preload({"good": "text", "bad": content})
    assert table.snapshot() == {}


@pytest.mark.parametrize("record", [b"", b"counter", b"counter x 1", b"counter 1 x", b"value", b"value 1", b"value x y", b"list 1 2"])
def test_a_foreign_field_in_the_shared_hash_is_named(record):
    redis = FakeRedis(server=FakeServer())
    redis.hset("pfemu:state:public_default/f", "k", record)
    with pytest.raises(StateError, match="holds something that is not function state"):
        StateService(redis=redis).table("public", "default", "f").get_value("k")


# ----------------------------------------------------------------------------------------------------------- table names


@pytest.mark.parametrize("path", ["a-b/c", "a_b/c", "a/b_c", "a/b-c"])
def test_functions_whose_namespaces_differ_by_a_dash_share_a_table_as_on_a_cluster(path):
    tenant, namespace = path.split("/")
    service = StateService()
    service.table("a-b", "c", "f").incr("k", 1)
    assert table_name(tenant, namespace, "f") == "a_b_c/f"
    assert service.table(tenant, namespace, "f").get_amount("k") == 1


def test_a_dash_in_the_functions_name_stays():
    assert table_name("public", "default", "a-b") == "public_default/a-b"


def test_instances_of_a_function_share_its_table_and_functions_do_not():
    service = StateService()
    service.table("public", "default", "f").incr("k", 1)
    service.table("public", "default", "f").incr("k", 1)
    assert service.table("public", "default", "f").get_amount("k") == 2
    assert service.table("public", "default", "g").get_amount("k") is None


def test_deleting_a_table_reaches_those_who_hold_it():
    service = StateService()
    held = service.table("public", "default", "f")
    held.incr("k", 1)
    service.delete_table("public", "default", "f")
    service.delete_table("public", "default", "never made")
    assert held.get_amount("k") is None
    held.put("k", "again")
    assert service.table("public", "default", "f").get_value("k") == b"again"


# -------------------------------------------------------------------------------------------------- the Redis inside


def test_no_redis_is_imported_before_somebody_looks():
    code = (
        "import sys; from pfemu.runtime.state.state_service import StateService\n"
        "service = StateService(); table = service.table('public', 'default', 'f'); table.incr('k', 1)\n"
        "assert not service.dirty; service.flush(); service.close()\n"
        "assert not {'redis', 'fakeredis', 'pulsar', 'prometheus_client'} & set(sys.modules)\n"
        "assert service.redis.hgetall('pfemu:state:public_default/f') == {b'k': b'counter 0 1'}\n"
        "assert 'fakeredis' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_who_looks_into_the_redis_finds_everything_written_so_far():
    service = StateService()
    table = service.table("public", "default", "f")
    table.incr("c", 41)
    table.incr("c", 1)
    table.put("v", "é")
    service.table("public", "default", "g").put("gone", "x")
    service.table("public", "default", "g").delete_key("gone")
    assert service.redis.keys() == [b"pfemu:state:public_default/f"]
    assert service.redis.hgetall("pfemu:state:public_default/f") == {b"c": b"counter 1 42", b"v": "value 0 é".encode()}


def test_after_a_look_changes_are_written_when_flushed():
    service = StateService()
    table = service.table("public", "default", "f")
    redis = service.redis
    for number in range(100):
        table.incr(f"k{number % 10}", 1)
    table.put("gone", "x")
    table.delete_key("gone")
    table.delete_key("never there")
    assert service.dirty
    assert redis.keys() == []
    service.flush()
    assert not service.dirty
    assert redis.hlen("pfemu:state:public_default/f") == 10
    table.delete_key("k0")
    table.clear()
    service.flush()
    assert redis.keys() == []


class _Counting(FakeRedis):
    def __init__(self):
        super().__init__(server=FakeServer())
        self.commands = []

    def execute_command(self, *args, **options):
        self.commands.append(args[0])
        return super().execute_command(*args, **options)


def test_all_changes_of_a_table_are_one_command():
    redis = _Counting()
    table = RedisHash(redis, "public_default/f")
    table.write({f"k{number}": Entry(number) for number in range(1000)})
    table.write({f"k{number}": None for number in range(1, 1000)})
    table.write({})
    assert redis.commands == ["HSET", "HDEL"]
    assert table.read_all().keys() == {"k0"}


def test_asking_for_the_redis_again_flushes_again():
    service = StateService()
    table = service.table("public", "default", "f")
    assert service.redis is service.redis
    table.incr("c", 1)
    assert service.redis.hget("pfemu:state:public_default/f", "c") == b"counter 0 1"


def test_closing_writes_what_is_left_and_may_be_repeated():
    service = StateService()
    table = service.table("public", "default", "f")
    redis = service.redis
    table.put("k", "last")
    service.close()
    service.close()
    assert redis.hget("pfemu:state:public_default/f", "k") == b"value 0 last"


def test_two_services_share_nothing():
    first, second = StateService(), StateService()
    first.table("public", "default", "f").incr("k", 1)
    assert first.redis.keys() == [b"pfemu:state:public_default/f"]
    assert second.redis.keys() == []


# --------------------------------------------------------------------------------------------------- a Redis that is given


class _Meddler(FakeRedis):
    """Lets another process write just before a transaction, once."""

    def __init__(self, server, other):
        super().__init__(server=server)
        self.other = other

    def pipeline(self, transaction=True, shard_hint=None):
        pipeline = super().pipeline(transaction, shard_hint)
        execute = pipeline.execute

        def meddled(raise_on_error=True):
            other, self.other = self.other, lambda: None
            other()
            return execute(raise_on_error)

        pipeline.execute = meddled
        return pipeline


def test_an_increment_of_another_process_in_between_is_not_lost():
    server = FakeServer()
    there = StateService(redis=FakeRedis(server=server)).table("public", "default", "f")
    here = StateService(redis=_Meddler(server, lambda: there.incr("k", 10))).table("public", "default", "f")
    here.incr("k", 1)
    assert here.versioned("k") == {"key": "k", "numberValue": 11, "version": 1}


def test_a_value_of_another_process_in_between_is_not_overwritten_by_a_counter():
    server = FakeServer()
    there = StateService(redis=FakeRedis(server=server)).table("public", "default", "f")
    here = StateService(redis=_Meddler(server, lambda: there.put("k", "text"))).table("public", "default", "f")
    with pytest.raises(StateError, match="FAILED_PRECONDITION"):
        here.incr("k", 1)
    assert here.get_value("k") == b"text"


def test_many_threads_on_one_counter_lose_nothing():
    server = FakeServer()

    def count():
        table = StateService(redis=FakeRedis(server=server)).table("public", "default", "f")
        for _ in range(25):
            table.incr("k", 1)

    in_four_threads(count)
    assert StateService(redis=FakeRedis(server=server)).table("public", "default", "f").get_amount("k") == 100


def test_many_threads_on_one_cached_counter_lose_nothing():
    table = StateService().table("public", "default", "f")

    def count():
        for _ in range(2000):
            table.incr("k", 1)

    in_four_threads(count)
    assert table.get_amount("k") == 8000


def test_a_given_client_is_written_at_once_and_left_open():
    redis = FakeRedis(server=FakeServer())
    service = StateService(redis=redis)
    service.table("public", "default", "f").put("k", "v")
    assert not service.dirty
    assert service.redis is redis
    service.flush()
    service.close()
    assert redis.hget("pfemu:state:public_default/f", "k") == b"value 0 v"


def test_two_services_at_one_url_share_state(redis_url):
    first, second = StateService(url=redis_url), StateService(url=redis_url)
    first.table("public", "default", "f").incr("k", 2)
    second.table("public", "default", "f").incr("k", 3)
    assert first.table("public", "default", "f").snapshot() == {"k": 5}
    second.delete_table("public", "default", "f")
    assert first.table("public", "default", "f").snapshot() == {}
    first.close()
    second.close()


# ------------------------------------------------------------------------------------------------------------ state off


def test_without_a_table_service_writes_vanish_and_reads_find_nothing_unchecked():
    table = StateService(off=True).table("public", "default", "f")
    assert table.incr("k", 1) is None
    assert table.incr(5, "no amount") is None
    assert table.put("k", b"bytes") is None
    assert table.get_amount("k") is None
    assert table.get_value(5) is None
    table.clear()
    assert table.snapshot() == {}


def test_without_a_table_service_there_is_no_delete():
    table = StateService(off=True).table("public", "default", "f")
    with pytest.raises(AttributeError, match=r"^'NullStateContext' object has no attribute 'delete_key'$"):
        table.delete_key("k")


def test_without_a_table_service_the_rest_calls_answer_503():
    table = StateService(off=True).table("public", "default", "f")
    text = r"^State storage client is not done initializing\. Please try again in a little while\.$"
    with pytest.raises(StateRequestError, match=text) as raised:
        table.versioned("k")
    assert raised.value.status == 503
    with pytest.raises(StateRequestError, match=text):
        table.put_json("k", {"key": "k", "stringValue": "v"})


def test_without_a_table_service_there_is_nothing_to_preload_or_look_into():
    service = StateService(off=True)
    with pytest.raises(StateError, match=r"^state is off, so the function cannot find a, b"):
        service.table("public", "default", "f").preload({"a": 1, "b": "x"})
    with pytest.raises(StateError, match=r"^state is off"):
        _ = service.redis
    service.close()


# ----------------------------------------------------------------------------------------------------------------- diff


def test_a_diff_names_what_came_went_and_changed():
    before: dict[str, bytes | int] = {"gone": b"x", "same": 1, "changed": 1, "kind": 1}
    after: dict[str, bytes | int] = {"new": 5, "same": 1, "changed": 2, "kind": b"1"}
    assert list(diff(before, after).items()) == [
        ("changed", (1, 2)),
        ("gone", (b"x", None)),
        ("kind", (1, b"1")),
        ("new", (None, 5)),
    ]
    assert diff(before, before) == {}
