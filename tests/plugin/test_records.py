"""Records of a JSON schema, and objects of a SerDe of the user's: told by what they hold, and refused with what would be taken."""

import pytest
from pulsar.schema import Record, String

from pfemu.testing import delivery_drill
from tests.plugin.running import explanation, run, said_of

pytest_plugins = ["pytester"]

ORDERS = """
from pulsar.schema import Float, Integer, Record, String


class Order(Record):
    id = String()
    price = Float()
    quantity = Integer(default=1)


class Invoice(Record):
    id = String()
    total = Float()


class Bill:
    def process(self, input, context):
        return Invoice(id=input.id, total=input.price * input.quantity)
"""
SETTINGS = {
    "class_name": "orders.Bill",
    "input_specs": {"orders": {"schemaType": "json"}},
    "input_type_class_name": "orders.Order",
    "output": "invoices",
    "output_schema_type": "json",
    "output_type_class_name": "orders.Invoice",
}
TESTS = f"""
from orders import Bill, Invoice, Order
from pulsar.schema import JsonSchema

@pytest.fixture
def bill(pulsar_emulator, pulsar_function):
    return pulsar_function("orders.py", **{SETTINGS!r})

def orders(emulator): return emulator.topic("orders", schema=JsonSchema(Order))

def test_compares(pulsar_emulator, bill):
    orders(pulsar_emulator).send(Order(id="o1", price=2.5, quantity=2))
    assert pulsar_emulator.topic("invoices") == [Invoice(id="o1", total=6.0)]

def test_golden(pulsar_emulator, bill, pulsar_golden):
    orders(pulsar_emulator).send(Order(id="o1", price=2.5, quantity=2))

def test_own_class(pulsar_emulator, bill):
    pulsar_emulator.topic("orders").send(Order(id="o1"))

def test_dict(pulsar_emulator, bill):
    pulsar_emulator.topic("orders").send({{"id": "o1"}})

def test_no_schema(pulsar_emulator):
    pulsar_emulator.topic("orders").send(Order(id="o1"))

def test_dict_without_schema(pulsar_emulator):
    pulsar_emulator.topic("orders").send({{"id": "o1"}})

def test_no_class(pulsar_function):
    pulsar_function(Bill, input_specs={{"orders": {{"schemaType": "json"}}}})

def test_no_such_class(pulsar_function):
    pulsar_function(Bill, input_specs={{"orders": {{"schemaType": "json"}}}}, input_type_class_name="Order")

def test_class_itself(pulsar_function):
    pulsar_function(Bill, input_specs={{"orders": {{"schemaType": "json"}}}}, input_type_class_name=Order)

class Cup:
    def __init__(self, of): self.of = of

class CupSerDe:
    def serialize(self, input): return input.of.encode()
    def deserialize(self, input_bytes): return Cup(input_bytes.decode())

def test_never_equal(pulsar_emulator):
    cups = pulsar_emulator.topic("cups", serde=CupSerDe())
    cups.send(Cup("tea"))
    assert cups == [Cup("tea")]
"""
SENT = "was sent to persistent://public/default/orders, which takes what"
READER = "the JsonSchema of public/default/Bill, which reads it, takes"
DEFAULT = "the default SerDe (str, bytes, int, float and complex) takes"
RECORD = "Order(id='o1', price=None, quantity=1)"
NO_SCHEMA = "AttributeError: 'NoneType' object has no attribute 'schema'"
SAID = {
    "test_compares": """\
assert topic 'invoices' holds 1 message, expected 1 message
  - Invoice(id='o1', total=6.0)  expected
  + Invoice(id='o1', total=5.0)  from orders 1:0
""",
    "test_own_class": f"""\
TypeError: Invalid record obj of type <class 'orders.Order'> - expected type is <class 'orders.Order'>
{RECORD} {SENT} {READER}
a function by its path has classes of its own, loaded afresh: send with a schema of your own, as another program does, \
topic('orders', schema=JsonSchema(Order))
""",
    "test_dict": f"""\
TypeError: Invalid record obj of type <class 'dict'> - expected type is <class 'orders.Order'>
{{'id': 'o1'}} {SENT} {READER}
a record is made of a dict by its class, as Order(**fields)
""",
    "test_no_schema": f"""\
TypeError: IdentitySerde cannot serialize object of type <class 'orders.Order'>
{RECORD} {SENT} {DEFAULT}
a Record needs a schema: input_specs={{'orders': {{'schemaType': 'json'}}}} and input_type_class_name='orders.Order' of the function, \
or topic('orders', schema=JsonSchema(Order)) for who sends alone
""",
    "test_dict_without_schema": f"""\
TypeError: IdentitySerde cannot serialize object of type <class 'dict'>
{{'id': 'o1'}} {SENT} {DEFAULT}
json.dumps makes text of it
""",
    "test_class_itself": """\
pfemu.errors.ConfigError: input_type_class_name is a text, not <class 'orders.Order'>; the text is 'orders.Order'
""",
    "test_never_equal": """\
assert topic 'cups' holds 1 message, expected 1 message
    Cup(of='tea')
Cup(of='tea') is told like the expected one and is not equal to it: has Cup an __eq__?
""",
}
NO_CLASS = {
    "test_no_class": "A json schema is made of a record class, which inputTypeClassName or outputTypeClassName names: there is none.",
    "test_no_such_class": "The record class 'Order' cannot be had: ModuleNotFoundError: No module named 'Order'. "
    "It is named with its module, as in orders.Order.",
}


@pytest.mark.timeout(300)  # each starts a pytest of its own
def test_records_are_told_by_their_fields_and_refusals_say_what_would_be_taken(pytester):
    pytester.makepyfile(orders=ORDERS)
    assert run(pytester, TESTS, "--pfemu-update", "-k", "golden").parseoutcomes() == {"passed": 1, "deselected": 9}
    result = run(pytester, TESTS)
    assert result.parseoutcomes() == {"passed": 1, "failed": 9}
    assert {test: explanation(result, test) for test in SAID} == SAID
    for test, said in NO_CLASS.items():
        assert f"E       {NO_SCHEMA}\nE       {said}\n" in said_of(result, test)


class Receipt(Record):
    item = String()


class Sell:
    def process(self, input, context):
        return Receipt(item=input)


def test_the_drill_takes_a_record_of_two_runs_for_the_same():
    report = delivery_drill(Sell, ["tea"], output_schema_type="json", output_type_class_name=f"{__name__}.Receipt")
    assert [crash.duplicates for crash in report.duplicates] == [("Receipt(item='tea') on drill-output",)]
    assert (report.losses, report.changed) == ([], [])
