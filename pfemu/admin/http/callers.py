"""Who may call: tools, but no web page of another site that a browser on this machine shows.

Whoever may create functions runs code here. A page of any site can have the browser send such a call to 127.0.0.1, or make its own name
lead there. The browser tells: in ``Sec-Fetch-Site``, and with every call that changes something in ``Origin``.

Differs: a broker of Pulsar answers such a page as anybody else.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from email.message import Message

_OWN_SITES = {"same-origin", "none"}


def is_foreign(headers: Message) -> bool:
    """Whether a web page of another site has made the call, by its headers."""
    if headers.get("Sec-Fetch-Site", "none") not in _OWN_SITES:
        return True
    origin = headers.get("Origin")
    return origin is not None and not _is_own(origin, headers.get("Host", ""))


def _is_own(origin: str, host: str) -> bool:
    """Whether a page comes from the host it calls, by a name that nobody else can give to this machine."""
    try:
        page = urlsplit(origin)
        name = page.hostname or ""
        if name != "localhost":
            ip_address(name)
    except ValueError:
        return False
    return page.netloc == host
