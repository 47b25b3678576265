import pytest

from pfemu.cli.reporting.previews import payload_preview


@pytest.mark.parametrize(
    ("payload", "shown"),
    [
        (b"tea", "tea"),
        (b"", ""),
        ("Käse → ok".encode(), "Käse → ok"),
        (b"a\nb\tc", r"a\nb\tc"),
        (b"\x1b[31mred", r"\x1b[31mred"),
        (b"\xff\x00", r"b'\xff\x00'"),
    ],
)
def test_a_payload_is_one_printable_line(payload, shown):
    assert payload_preview(payload) == shown


@pytest.mark.parametrize("payload", [b"x" * 1000, "é".encode() * 1000, b"\n" * 100])
def test_a_long_payload_is_cut_and_its_size_told(payload):
    shown = payload_preview(payload, 50)
    assert len(shown) < 80
    assert shown.endswith(f"… ({len(payload):,} bytes)")


def test_a_payload_of_just_the_width_is_shown_whole():
    assert payload_preview(b"x" * 50, 50) == "x" * 50
