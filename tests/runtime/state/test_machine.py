"""A cached table, what it writes behind, a shared table and a plain model say the same, whatever is done to them."""

from fakeredis import FakeRedis, FakeServer
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from pfemu.runtime.state.state_service import StateService

KEYS = st.sampled_from(["", "a", "b", "é", "k k"])
AMOUNTS = st.one_of(st.integers(-3, 3), st.sampled_from([2**63 - 1, -(2**63), 2**62, None]))
VALUES = st.sampled_from(["", "text", "é☕", "12345678", "counter 1 2", "\0"])


class StateMachine(RuleBasedStateMachine):
    @initialize(looked_into=st.booleans())
    def make(self, looked_into):
        self.service = StateService()
        self.tables = [
            self.service.table("public", "default", "f"),
            StateService(redis=FakeRedis(server=FakeServer())).table("public", "default", "f"),
        ]
        self.model: dict[str, tuple[int | bytes, int]] = {}
        self.redis = self.service.redis if looked_into else None

    def _outcomes(self, call):
        outcomes = []
        for table in self.tables:
            try:
                outcomes.append(call(table))
            except Exception as error:  # noqa: BLE001 - compared below
                outcomes.append(type(error).__name__)
        assert outcomes[0] == outcomes[1]
        return outcomes[0]

    @rule(key=KEYS, amount=AMOUNTS)
    def incr(self, key, amount):
        outcome = self._outcomes(lambda table: table.incr(key, amount))
        content, version = self.model.get(key, (0, -1))
        if isinstance(content, bytes):
            assert outcome == "BadRequest"
            return
        assert outcome is None
        number = (content + (amount or 0) + 2**63) % 2**64 - 2**63
        self.model[key] = (number, version + 1)

    @rule(key=KEYS, value=VALUES)
    def put(self, key, value):
        outcome = self._outcomes(lambda table: table.put(key, value))
        content, version = self.model.get(key, (b"", -1))
        if isinstance(content, int):
            assert outcome == "BadRequest"
            return
        assert outcome is None
        self.model[key] = (value.encode(), version + 1)

    @rule(key=KEYS, value=VALUES)
    def put_from_outside(self, key, value):
        assert self._outcomes(lambda table: table.put_json(key, {"key": key, "stringValue": value})) is None
        content, version = self.model.get(key, (b"", -1))
        if isinstance(content, bytes):
            self.model[key] = (value.encode(), version + 1)

    @rule(key=KEYS)
    def delete(self, key):
        assert self._outcomes(lambda table: table.delete_key(key)) == 0
        self.model.pop(key, None)

    @rule(contents=st.dictionaries(KEYS, st.one_of(st.integers(-5, 5), VALUES), max_size=3))
    def preload(self, contents):
        assert self._outcomes(lambda table: table.preload(contents)) is None
        self.model.update({key: (value.encode() if isinstance(value, str) else value, 0) for key, value in contents.items()})

    @rule()
    def clear(self):
        self._outcomes(lambda table: table.clear())
        self.model.clear()

    @rule(key=KEYS)
    def read(self, key):
        content = self.model.get(key, (None, 0))[0]
        amount = -1 if isinstance(content, bytes) else content
        value = content.to_bytes(8, "big", signed=True) if isinstance(content, int) else content
        assert self._outcomes(lambda table: table.get_amount(key)) == amount
        assert self._outcomes(lambda table: table.get_value(key)) == value

    @rule()
    def look(self):
        self.redis = self.service.redis
        assert self._written() == self._records()

    @rule()
    def flush(self):
        self.service.flush()
        assert not self.service.dirty
        if self.redis is not None:
            assert self._written() == self._records()

    @invariant()
    def all_agree(self):
        for table in self.tables:
            assert table.snapshot() == {key: content for key, (content, _) in sorted(self.model.items())}
            assert {key: table.versioned(key)["version"] for key in self.model} == {
                key: version for key, (_, version) in self.model.items()
            }

    @invariant()
    def what_is_not_dirty_is_written(self):
        if self.redis is not None and not self.service.dirty:
            assert self._written() == self._records()

    def _written(self):
        return self.redis.hgetall("pfemu:state:public_default/f")

    def _records(self):
        return {
            key.encode(): b"counter %d %d" % (version, content) if isinstance(content, int) else b"value %d %b" % (version, content)
            for key, (content, version) in self.model.items()
        }


TestStateMachine = StateMachine.TestCase
TestStateMachine.settings = settings(max_examples=60, stateful_step_count=30)
