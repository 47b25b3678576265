"""What a client is asked beside producers and consumers: schemas, its service, closing."""

import pulsar
import pytest


def test_a_schema_of_a_topic_can_be_asked_for(client):
    client.create_producer("t", schema=pulsar.schema.StringSchema())
    native = client._client.get_schema_info("t", 0)
    assert (native.schema_type(), native.schema()) == (pulsar._pulsar.SchemaType.STRING, "null")
    with pytest.raises(pulsar.TopicNotFound):
        client._client.get_schema_info("t", 1)


def test_a_client_tells_of_its_service_and_closes_with_a_callback(emulation, client):
    assert client.get_service_info().service_url == "pulsar://localhost:6650"
    called = []
    client._client.close_async(called.append)
    emulation.scheduler.run_until_idle()
    assert called == [pulsar.Result.Ok]
