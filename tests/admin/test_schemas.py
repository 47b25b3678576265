"""Schemas of topics by the admin API; refusals first."""

import pytest

SCHEMA = "/admin/v2/schemas/public/default/t"
POINT = {"type": "AVRO", "schema": '{"type":"record","name":"P","fields":[{"name":"x","type":"int"}]}', "properties": {"a": "b"}}
OTHER = {"type": "AVRO", "schema": '{"type":"record","name":"P","fields":[{"name":"x","type":"string"}]}'}


def test_a_topic_without_a_schema_says_so(deployment):
    assert deployment.call("GET", SCHEMA + "/schema") == (404, {"reason": "Schema not found"})
    assert deployment.call("GET", SCHEMA + "/schema/0") == (404, {"reason": "Schema not found"})
    assert deployment.call("GET", SCHEMA + "/schemas") == (200, {"getSchemaResponses": []})


@pytest.mark.parametrize("version", ["x", str(1 << 63)])
def test_a_version_is_a_number(deployment, version):
    status, answer = deployment.call("GET", f"{SCHEMA}/schema/{version}")
    assert (status, f'Message: For input string: "{version}"' in answer["reason"]) == (500, True)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (None, 'because "payload" is null'),
        ({"type": "STRING"}, 'PostSchemaPayload.getSchema()" is null'),
        ({"schema": ""}, "Message: Name is null"),
        ({"type": "string", "schema": ""}, "No enum constant org.apache.pulsar.common.schema.SchemaType.string"),
        ({"type": "KEY_VALUE", "schema": ""}, "cannot be cast to class com.google.gson.JsonObject"),
    ],
)
def test_the_broker_stumbles_over_a_schema_that_lacks_something(deployment, body, words):
    status, answer = deployment.call("POST", SCHEMA + "/schema", body)
    assert (status, words in answer["reason"]) == (500, True)


@pytest.mark.parametrize(
    "body", [{"type": [], "schema": ""}, {"type": "AVRO", "schema": {}}, {"type": "AVRO", "schema": "", "properties": [1]}]
)
def test_a_schema_is_made_of_texts(deployment, body):
    assert deployment.call("POST", SCHEMA + "/schema", body)[0] == 400


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ({"type": "AVRO", "schema": "{"}, "Error 422 Invalid schema definition data for AVRO schema"),
        ({"type": "JSON", "schema": ""}, "Error 422 Invalid schema definition data for JSON schema"),
        ({"type": "PROTOBUF", "schema": "x"}, "Error 422 Invalid schema definition data for PROTOBUF schema"),
        ({"type": "AUTO_CONSUME", "schema": ""}, "Error 422 Schema AUTO_CONSUME is a client-side schema type"),
        ({"type": "STRING", "schema": ""}, "Error 409 Incompatible schema: exists schema type AVRO, new schema type STRING"),
        (OTHER, "Error 409 Error during schema compatibility check with strategy FULL: org.apache.avro.SchemaValidationException"),
    ],
)
def test_a_schema_that_cannot_be_stored_is_refused_with_a_page(deployment, body, title):
    deployment.call("POST", SCHEMA + "/schema", POINT)
    status, page = deployment.call("POST", SCHEMA + "/schema", body)
    assert (str(status), f"<title>{title}" in page) == (title.split()[1], True)


def test_the_page_shows_the_schemas_as_avro_prints_them(deployment):
    deployment.call("POST", SCHEMA + "/schema", POINT)
    page = deployment.call("POST", SCHEMA + "/schema", OTHER)[1]
    assert "[ {\n    &quot;name&quot; : &quot;x&quot;,\n    &quot;type&quot; : &quot;string&quot;\n  } ]\n}\nusing schema:" in page


def test_there_is_no_namespace_to_store_a_schema_in(deployment):
    path = "/admin/v2/schemas/public/nope/t/schema"
    assert deployment.call("POST", path, POINT) == (404, {"reason": "Namespace does not exist"})


def test_a_schema_that_would_not_fit_is_an_error_and_not_an_answer(deployment):
    deployment.call("POST", SCHEMA + "/schema", POINT)
    status, answer = deployment.call("POST", SCHEMA + "/compatibility", OTHER)
    assert (status, "Message: Error during schema compatibility check with strategy FULL" in answer["reason"]) == (500, True)
    fits = (202, {"compatibility": True, "schemaCompatibilityStrategy": "FULL"})
    assert deployment.call("POST", SCHEMA + "/compatibility", POINT) == fits


def test_a_schema_is_stored_shown_and_forgotten(deployment):
    assert deployment.call("POST", SCHEMA + "/schema", POINT) == (200, {"version": {"version": 0}})
    shown = deployment.call("GET", SCHEMA + "/schema")[1]
    assert (shown["type"], shown["data"], shown["properties"]) == ("AVRO", POINT["schema"], {"a": "b"})
    assert deployment.call("GET", SCHEMA + "/schema/0")[1] == shown
    assert deployment.call("GET", SCHEMA + "/schemas")[1] == {"getSchemaResponses": [shown]}
    assert deployment.call("DELETE", SCHEMA + "/schema") == (200, {"version": 1})
    assert deployment.call("GET", SCHEMA + "/schema")[0] == 404


def test_forgetting_by_force_gives_the_numbers_back(deployment):
    deployment.call("POST", SCHEMA + "/schema", POINT)
    assert deployment.call("DELETE", SCHEMA + "/schema?force=true") == (200, {"version": -1})
    assert deployment.call("POST", SCHEMA + "/schema", POINT) == (200, {"version": {"version": 0}})


def test_the_version_of_a_schema_is_found_however_it_is_written(deployment):
    deployment.call("POST", SCHEMA + "/schema", POINT)
    documented = '{ "name": "P", "doc": "d", "type": "record", "fields": [{"type": {"type": "int"}, "name": "x"}]}'
    for text in (POINT["schema"], documented):
        assert deployment.call("POST", SCHEMA + "/version", {"type": "AVRO", "schema": text}) == (200, {"version": 0})
        assert deployment.call("POST", SCHEMA + "/schema", {"type": "AVRO", "schema": text}) == (200, {"version": {"version": 0}})
    assert deployment.call("POST", SCHEMA + "/version", OTHER) == (200, {"version": -1})


def test_bytes_are_the_lack_of_a_schema(deployment):
    deployment.call("POST", SCHEMA + "/schema", {"type": "BYTES", "schema": ""})
    assert deployment.call("GET", SCHEMA + "/schema")[1]["type"] == "NONE"


@pytest.mark.parametrize("data", ["x", 5])
def test_the_schema_of_texts_has_no_definition(deployment, data):
    status, page = deployment.call("POST", SCHEMA + "/schema", {"type": "STRING", "schema": data})
    assert (status, f"Invalid schema definition data for string schema : &apos;{data}&apos;" in page) == (422, True)


def test_a_schema_is_stored_somewhere_and_makes_no_topic(deployment):
    assert deployment.call("GET", SCHEMA + "/metadata") == (200, None)
    deployment.call("POST", SCHEMA + "/schema", {"type": "STRING", "schema": ""})
    stored = {"ledgerId": 1, "entryId": 0, "version": 0}
    assert deployment.call("GET", SCHEMA + "/metadata") == (200, {"info": stored, "index": [stored]})
    assert deployment.call("GET", "/admin/v2/persistent/public/default") == (200, [])
