"""Bodies that cannot be read, in Jackson's words and with the place it gives."""

import pytest

NAMESPACE = "/admin/v2/namespaces/public/default"
PLACE = "[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: {}]"
ROOT = PLACE.replace(", column: {}", "")
OPEN = f"Unexpected end-of-input: expected close marker for Object (start marker at {PLACE.format(1)})"
WITHIN = "Unexpected end-of-input within/between Object entries"
QUOTE = "was expecting double-quote to start field name"
COMMA = "was expecting comma to separate Object entries"
SPACE = "Expected space separating root-level values"


def unexpected(character, why):
    return f"Unexpected character ('{character}' (code {ord(character)})): {why}"


def token(text):
    return f"Unrecognized token '{text}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"


@pytest.mark.parametrize(
    ("body", "words", "column"),
    [
        ("{", OPEN, 2),
        ('{"a":1', OPEN, 7),
        ('{"a"', WITHIN, 5),
        ('{"a":', WITHIN, 6),
        ('{"a":1,', WITHIN, 8),
        ('{"a":}', unexpected("}", "expected a value"), 6),
        ('{"a":1,}', unexpected("}", QUOTE), 8),
        ("{'a':1}", unexpected("'", QUOTE), 2),
        ("{x", unexpected("x", QUOTE), 2),
        ('{"a":tru}', token("tru"), 10),
        ('{"a":01}', "Invalid numeric value: Leading zeroes not allowed", 7),
        ('{"a":1.2.3}', unexpected(".", COMMA), 9),
        ('{"a":1 "b":2}', unexpected('"', COMMA), 8),
        ('{"a" 1}', unexpected("1", "was expecting a colon to separate field name and value"), 6),
        ('"', "Unexpected end-of-input in VALUE_STRING", 2),
        ("-", "Unexpected end-of-input in null", 2),
        ("1x", unexpected("x", SPACE), 2),
        ("nope", token("nope"), 5),
        (
            "}",
            f"Unexpected close marker '}}': expected ']' (for root starting at {ROOT})",
            1,
        ),
    ],
)
def test_what_is_no_json_is_refused_where_its_reader_gives_up(deployment, body, words, column):
    assert deployment.call("POST", f"{NAMESPACE}/retention", body.encode()) == (400, f"{words}\n at {PLACE.format(column)}")


@pytest.mark.parametrize(("body", "kind"), [("1 2", "VALUE_NUMBER_INT"), ('1 "x"', "VALUE_STRING")])
def test_one_value_is_all_there_may_be(deployment, body, kind):
    status, text = deployment.call("POST", f"{NAMESPACE}/messageTTL", body.encode())
    assert (status, text.startswith(f"Trailing token (of type {kind}) found after value")) == (400, True)


def test_a_number_that_is_too_large_alone_is_an_error_that_nobody_expects(deployment):
    assert deployment.call("POST", f"{NAMESPACE}/messageTTL", b"99999999999")[0] == 500


def test_a_list_is_refused_before_it_is_read(deployment):
    status, text = deployment.call("POST", f"{NAMESPACE}/retention", b"[")
    assert (status, "from Array value (token `JsonToken.START_ARRAY`)" in text) == (400, True)


@pytest.mark.parametrize("body", [{"adminRoles": "b"}, {"allowedClusters": "standalone"}])
def test_a_text_is_no_set(deployment, body):
    status, text = deployment.call("PUT", "/admin/v2/tenants/x", body)
    assert (status, "`java.util.HashSet`" in text, 'TenantInfoImpl["' in text) == (400, True, True)
