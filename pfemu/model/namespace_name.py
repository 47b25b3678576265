"""Names of tenants, clusters and namespaces (``NamedEntity.java``, ``NamespaceName.java``).

* A tenant, cluster or namespace has ASCII letters, digits and ``_ - = : .`` in its name, nothing else.
* A namespace is ``tenant/namespace``, or ``tenant/cluster/namespace`` in names from before Pulsar 2.0.

Differs: ``.`` and ``..`` are refused as what they are; Pulsar's rules allow them, and its ZooKeeper then fails with an error of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from pfemu.errors import InvalidTopicName

CLUSTER: Final = "standalone"
"""The name of the one cluster that a standalone Pulsar is."""

UNSTORABLE = frozenset({".", ".."})
"""Names that no path of Pulsar's metadata store can end in."""

_is_named_entity = re.compile(r"[-=:.\w]*", re.ASCII).fullmatch


def tenant_name_problem(tenant: str) -> str | None:
    """Return what the admin API answers (412) to a tenant of that name, None when it may be made (``TenantsBase.java``)."""
    if not tenant or tenant in UNSTORABLE or not _is_named_entity(tenant):
        return "Tenant name is not valid"
    return None


def namespace_problem(*names: str) -> str | None:
    """Return why Java's ``NamespaceName`` refuses tenant, cluster (if any) and namespace, in its words; None when it takes them."""
    if not all(names):
        return f"Invalid namespace format. namespace: {'/'.join(names)}"
    return next((f"Invalid named entity: {name}" for name in names if not _is_named_entity(name)), None)


@dataclass(frozen=True, slots=True)
class NamespaceName:
    """A namespace. Equal when their text is; made by :meth:`parse`."""

    tenant: str = field(compare=False)
    cluster: str | None = field(compare=False)
    local_name: str = field(compare=False)
    full: str = field(init=False, repr=False)
    """``tenant/namespace``, or ``tenant/cluster/namespace``."""

    def __post_init__(self) -> None:
        names = (self.tenant, self.local_name) if self.cluster is None else (self.tenant, self.cluster, self.local_name)
        object.__setattr__(self, "full", "/".join(names))

    @staticmethod
    def parse(text: str) -> NamespaceName:
        """Return the namespace of that text.

        Raises:
            InvalidTopicName: it has not two or three parts, or a character that names may not have; the text is ``NamespaceName.java``'s.

        Differs: ``a/b/`` is refused; Java takes it for a namespace of that very text, which nothing else ever finds.
        """
        if not text:
            raise InvalidTopicName("Invalid null namespace: ")
        names = text.split("/")
        if len(names) not in {2, 3} or namespace_problem(*names) or not UNSTORABLE.isdisjoint(names):
            raise InvalidTopicName(
                f"Invalid namespace format. expected <tenant>/<namespace> or <tenant>/<cluster>/<namespace> but got: {text}"
            )
        return NamespaceName(names[0], names[1] if len(names) == 3 else None, names[-1])

    def __str__(self) -> str:
        return self.full
