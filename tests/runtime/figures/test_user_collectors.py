"""Collectors of user code belong to the instance whose code registered them."""

import subprocess
import sys

import pytest
from prometheus_client import REGISTRY, Counter, generate_latest

from pfemu.runtime.figures.user_collectors import UserCollectors


def _load(collectors, name="orders_seen"):
    with collectors.loading():
        return Counter(name, "Orders.")


def test_the_same_module_can_be_loaded_twice():
    first, second = UserCollectors(), UserCollectors()
    _load(first).inc(2)
    _load(second).inc(5)
    assert first.registry.get_sample_value("orders_seen_total") == 2.0
    assert second.registry.get_sample_value("orders_seen_total") == 5.0
    assert REGISTRY.get_sample_value("orders_seen_total") is None


def test_code_that_fails_while_it_loads_can_be_loaded_again():
    def break_while_loading():
        with UserCollectors().loading():
            Counter("broken_seen", "Registered before it failed.")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_while_loading()
    _load(UserCollectors(), "broken_seen")


def test_what_was_registered_before_stays():
    before = Counter("mine_before", "Of the program around.")
    try:
        collectors = UserCollectors()
        with collectors.loading():
            pass
        assert collectors.registry is None
        assert REGISTRY.get_sample_value("mine_before_total") == 0.0
        assert b"python_info" in generate_latest(REGISTRY)
    finally:
        REGISTRY.unregister(before)


def test_a_function_without_collectors_does_not_import_prometheus_client():
    code = (
        "import sys; from pfemu.runtime.figures.user_collectors import UserCollectors\n"
        "collectors = UserCollectors()\n"
        "with collectors.loading(): pass\n"
        "assert collectors.registry is None and 'prometheus_client' not in sys.modules\n"
        "with collectors.loading():\n"
        "    from prometheus_client import Counter; Counter('first', 'Made with the first import.')\n"
        "assert [family.name for family in collectors.registry.collect()] == ['first']"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
