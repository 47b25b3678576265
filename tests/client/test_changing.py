"""Settings with other values in some fields."""

from dataclasses import replace

import pytest

from pfemu.client.consuming import consumer_settings
from pfemu.client.consuming.consumer_settings import ConsumerSettings
from pfemu.client.producing import producer_settings
from pfemu.client.producing.producer_settings import ProducerSettings


@pytest.mark.parametrize(
    ("changed", "settings", "changes"),
    [
        (producer_settings.changed, ProducerSettings(producer_name="a"), {"chunking": True, "properties": {"a": "b"}}),
        (consumer_settings.changed, ConsumerSettings(ack_timeout_ms=10_000), {"consumer_name": "c", "durable": False}),
    ],
)
def test_changed_settings_are_what_replace_gives_and_the_old_ones_stay(changed, settings, changes):
    before = replace(settings)
    assert changed(settings, **changes) == replace(settings, **changes) != settings
    assert settings == before
    with pytest.raises(TypeError, match="nosuch"):
        changed(settings, nosuch=1)
