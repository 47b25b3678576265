"""What the paths and queries of broker calls name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pfemu.admin.answer import ErrorPage

if TYPE_CHECKING:
    from pfemu.broker.policies import Policies
    from pfemu.emulator import Emulator


def namespace_name(named: dict[str, str]) -> str:
    """Return ``tenant/namespace``."""
    return f"{named['tenant']}/{named['namespace']}"


def policies_of(emulator: Emulator, named: dict[str, str]) -> Policies:
    """Return the policies of the namespace of a path.

    Raises:
        NotFound: there is none.
    """
    return emulator.broker.namespaces.policies_of(namespace_name(named))


def whole_number(text: str) -> int:
    """Return a number of a path or a query, which fits no call when it is none.

    Raises:
        ErrorPage: 404, it is none.
    """
    if not text.removeprefix("-").isdecimal():
        raise ErrorPage(404)
    return int(text)
