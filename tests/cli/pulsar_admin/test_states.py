"""``putstate`` and ``querystate``: the fields of a state, and how it is shown."""

import pytest

from pfemu.admin.answer import answer_json
from tests.cli.pulsar_admin.asking import F, run

MISMATCH = "com.fasterxml.jackson.databind.exc.MismatchedInputException"
LONG = "9223372036854775808"
LONG_RANGE = f"Numeric value ({LONG}) out of range of long (-{LONG} - 9223372036854775807)"
DATABIND = "com.fasterxml.jackson.databind"
COERCION = "Caused by: com.fasterxml.jackson.core.exc.InputCoercionException"
NO_LONG = "not a valid `java.lang.Long` value"
BASE64 = f'{DATABIND}.exc.InvalidFormatException: Cannot deserialize value of type `byte[]` from String ""'
UNPADDED = (
    "Unexpected end of base64-encoded String: base64 variant 'MIME-NO-LINEFEEDS' expects padding"
    " (one or more '=' characters) at the end. This Base64Variant might have been incorrectly configured"
)


def test_state_is_put_and_shown_by_its_key():
    _, (request,) = run("putstate", *F, "-s", '{"key": "a/b", "stringValue": "v"}')
    assert request.path.endswith("/f/state/a/b")
    outcome, _ = run("querystate", *F, "-k", "a", answer=answer_json({"key": "a", "version": 0}))
    assert list(outcome.stdout) == ["{", '  "key": "a",', '  "version": 0', "}"]


def test_bytes_of_a_state_are_shown_as_numbers_of_java():
    outcome, _ = run("querystate", *F, "-k", "a", answer=answer_json({"key": "a", "byteValue": "/wE="}))
    assert list(outcome.stdout) == ["{", '  "key": "a",', '  "byteValue": [', "    -1,", "    1", "  ]", "}"]


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        (
            '"numberValue": true',
            [f"{MISMATCH}: Cannot deserialize value of type `java.lang.Long` from Boolean value (token `JsonToken.VALUE_TRUE`)"],
        ),
        (
            '"version": [1]',
            [f"{MISMATCH}: Cannot deserialize value of type `java.lang.Long` from Array value (token `JsonToken.START_ARRAY`)"],
        ),
        (
            '"numberValue": "x"',
            [f'{DATABIND}.exc.InvalidFormatException: Cannot deserialize value of type `java.lang.Long` from String "x": {NO_LONG}'],
        ),
        (f'"numberValue": {LONG}', [f"{DATABIND}.JsonMappingException: {LONG_RANGE}", f"{COERCION}: {LONG_RANGE}", "\t... 33 more"]),
        (
            '"numberValue": 1e30',
            [
                f"{DATABIND}.JsonMappingException: {LONG_RANGE.replace(LONG, '1e30', 1)}",
                f"{COERCION}: {LONG_RANGE.replace(LONG, '1e30', 1)}",
                "\t... 33 more",
            ],
        ),
        (
            '"stringValue": {}',
            [f"{MISMATCH}: Cannot deserialize value of type `java.lang.String` from Object value (token `JsonToken.START_OBJECT`)"],
        ),
        (
            '"byteValue": 5',
            [f"{MISMATCH}: Cannot deserialize value of type `byte[]` from Integer value (token `JsonToken.VALUE_NUMBER_INT`)"],
        ),
        (
            '"byteValue": 1.5',
            [f"{MISMATCH}: Cannot deserialize value of type `byte[]` from Floating-point value (token `JsonToken.VALUE_NUMBER_FLOAT`)"],
        ),
        (
            '"byteValue": "ab%"',
            [f"{BASE64}: Failed to decode VALUE_STRING as base64 (MIME-NO-LINEFEEDS): Illegal character '%' (code 0x25) in base64 content"],
        ),
        (
            '"byteValue": "dGV4dA"',
            [f"{BASE64}: {UNPADDED}"],
        ),
        (
            '"byteValue": [300]',
            [
                f"{DATABIND}.JsonMappingException: Numeric value (300) out of range of Java byte",
                f"{COERCION}: Numeric value (300) out of range of Java byte",
                "\t... 35 more",
            ],
        ),
        (
            '"byteValue": ["x"]',
            [f'{DATABIND}.exc.InvalidFormatException: Cannot deserialize value of type `byte[]` from String "x": not a valid `byte` value'],
        ),
    ],
)
def test_a_state_with_a_field_of_another_kind_is_never_put(fields, lines):
    outcome, requests = run("putstate", *F, "-s", f'{{"key": "k", {fields}}}')
    assert (outcome.exit_code, list(outcome.stderr), requests) == (1, lines, [])


@pytest.mark.parametrize(
    ("state", "key"),
    [
        ('{"key": 5, "numberValue": " 5 ", "byteValue": [1, -2]}', "5"),
        ('{"key": 1.50, "numberValue": 1.5, "byteValue": "dGV4dA=="}', "1.50"),
        ('{"key": true, "numberValue": "", "stringValue": 5, "other": []}', "true"),
    ],
)
def test_a_state_with_fields_that_become_others_is_put(state, key):
    _, (request,) = run("putstate", *F, "-s", state)
    assert request.path.endswith(f"/state/{key}")
