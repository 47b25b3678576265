import hashlib
import hmac

import pytest

from pfemu.runtime.runtimes import RUNTIMES
from tests.samples.samples import SAMPLES

pytestmark = pytest.mark.parametrize("runtime", RUNTIMES)


def test_a_message_is_signed_with_the_secret(emulator):
    emulator.create_function(SAMPLES / "secret_enrichment.py", inputs=["in"], output="out", secrets={"signing_key": "s3cret"})
    emulator.topic("in").send("transfer 10")
    signature = hmac.new(b"s3cret", b"transfer 10", hashlib.sha256).hexdigest()[:16]
    assert emulator.topic("out") == [f"transfer 10 {signature}"]


def test_without_the_secret_it_says_what_is_missing(emulator):
    function = emulator.create_function(SAMPLES / "secret_enrichment.py", inputs=["in"], output="out")
    emulator.topic("in").send("transfer 10")
    [failure] = function.exceptions
    assert "--secrets" in str(failure.error)
    assert emulator.topic("out") == []
