"""Tenants, namespaces and their policies (``TenantsBase``, ``NamespacesBase``).

* A standalone Pulsar starts with the tenants ``public`` and ``pulsar`` and three namespaces.
* Neither tenants nor namespaces make themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pfemu.broker.policies import INVALID_RETENTION, NO_POLICIES, Policies
from pfemu.broker.refusals import Conflict, Forbidden, InvalidValue, NotFound, PreconditionFailed
from pfemu.errors import InvalidTopicName
from pfemu.model.namespace_name import CLUSTER, NamespaceName, tenant_name_problem

_CLUSTERS = frozenset({CLUSTER, "global"})
"""What a tenant may be in: the one cluster, and the name that stood for all."""
STANDALONE_NAMESPACES = ("public/default", "public/functions", "pulsar/system")


@dataclass(frozen=True, slots=True)
class TenantInfo:
    """``TenantInfo`` of the admin API."""

    admin_roles: tuple[str, ...] | None = ()
    """None: they were never given."""
    allowed_clusters: tuple[str, ...] = (CLUSTER,)


_STANDALONE = TenantInfo()


@dataclass(slots=True)
class Namespaces:
    """All tenants and namespaces of a broker."""

    tenants: dict[str, TenantInfo] = field(default_factory=dict)
    policies: dict[str, Policies] = field(default_factory=dict)
    """By namespace, ``tenant/name``."""
    resource_groups: dict[str, dict[str, int]] = field(default_factory=dict)
    """Rates by group, which nobody follows."""

    @classmethod
    def of_standalone(cls) -> "Namespaces":
        """Return what a new standalone has."""
        made = cls()
        for namespace in STANDALONE_NAMESPACES:
            made.ensure(namespace)
        return made

    def ensure(self, namespace: str) -> None:
        """Make a namespace and its tenant where they are missing."""
        self.tenants.setdefault(namespace.partition("/")[0], _STANDALONE)
        self.policies.setdefault(namespace, NO_POLICIES)

    def create_tenant(self, tenant: str, info: TenantInfo) -> None:
        """Make a tenant.

        Raises:
            PreconditionFailed: the name or a cluster is not valid.
            Conflict: it is there.
        """
        if problem := tenant_name_problem(tenant):
            raise PreconditionFailed(problem)
        _check_tenant(info)
        if tenant in self.tenants:
            raise Conflict("Tenant already exist")
        self.tenants[tenant] = info

    def update_tenant(self, tenant: str, info: TenantInfo) -> None:
        """Change a tenant.

        Raises:
            PreconditionFailed: a cluster is not valid.
            NotFound: there is none.
        """
        _check_tenant(info)
        if tenant not in self.tenants:
            raise NotFound(f"Tenant {tenant} not found")
        self.tenants[tenant] = info

    def tenant(self, tenant: str) -> TenantInfo:
        """Return what is known of a tenant.

        Raises:
            NotFound: there is none.
        """
        if tenant not in self.tenants:
            raise NotFound("Tenant does not exist")
        return self.tenants[tenant]

    def delete_tenant(self, tenant: str) -> None:
        """Remove a tenant without namespaces.

        Raises:
            NotFound: there is none.
            Conflict: it has namespaces.
        """
        if tenant not in self.tenants:
            raise NotFound("Tenant doesn't exist")
        if any(self._of(tenant)):
            raise Conflict("The tenant still has active namespaces")
        del self.tenants[tenant]

    def create(self, namespace: str, policies: Policies | None = None) -> None:
        """Make a namespace ``tenant/name``.

        Raises:
            PreconditionFailed: the name or the time to live is not valid.
            InvalidValue: the retention is not valid.
            NotFound: there is no such tenant.
            Forbidden: the tenant may not be in the namespace's clusters.
            Conflict: it is there.
        """
        try:
            tenant = NamespaceName.parse(namespace).tenant
        except InvalidTopicName:
            raise PreconditionFailed("Namespace name is not valid") from None
        if tenant not in self.tenants:
            raise NotFound("Tenant does not exist")
        given = policies or NO_POLICIES
        if (given.message_ttl_seconds or 0) < 0:
            raise PreconditionFailed("Invalid value for message TTL")
        if given.retention is not None and given.retention.is_half_nothing:
            raise InvalidValue(INVALID_RETENTION)
        for cluster in given.replication_clusters or (CLUSTER,):
            if cluster not in self.tenants[tenant].allowed_clusters:
                raise Forbidden(f"Cluster [{cluster}] is not in the list of allowed clusters list for tenant [{tenant}]")
        if namespace in self.policies:
            raise Conflict("Namespace already exists")
        self.policies[namespace] = given

    def delete(self, namespace: str) -> None:
        """Remove a namespace; its topics are the caller's business.

        Raises:
            NotFound: there is none.
        """
        if self.policies.pop(namespace, None) is None:
            raise NotFound(f"Namespace {namespace} does not exist.")

    def of_tenant(self, tenant: str) -> list[str]:
        """Return the names of a tenant's namespaces in order.

        Raises:
            NotFound: there is no such tenant.
        """
        if tenant not in self.tenants:
            raise NotFound("Tenant not found")
        return sorted(self._of(tenant))

    def _of(self, tenant: str) -> Iterable[str]:
        return (namespace for namespace in self.policies if namespace.partition("/")[0] == tenant)

    def policies_of(self, namespace: str) -> Policies:
        """Return what is set for a namespace.

        Raises:
            NotFound: there is none.
        """
        if namespace not in self.policies:
            raise NotFound("Namespace does not exist")
        return self.policies[namespace]

    def set_policies(self, namespace: str, policies: Policies) -> None:
        """Set all policies of a namespace.

        Raises:
            NotFound: there is none.
            PreconditionFailed: a value is not valid.
        """
        self.policies_of(namespace)
        check_policies(policies)
        self.policies[namespace] = policies


def check_policies(policies: Policies) -> None:
    """Check the values of policies.

    Raises:
        PreconditionFailed: one is not valid.
    """
    if policies.message_ttl_seconds is not None and policies.message_ttl_seconds < 0:
        raise PreconditionFailed("Invalid value for message TTL, message TTL must >= 0")


def _check_tenant(info: TenantInfo) -> None:
    if any(role.strip() != role for role in info.admin_roles or ()):
        raise PreconditionFailed("AdminRoles contains whitespace in the beginning or end.")
    if not info.allowed_clusters or not all(cluster.strip() for cluster in info.allowed_clusters):
        raise PreconditionFailed("Clusters cannot be empty or blank")
    if not _CLUSTERS.issuperset(info.allowed_clusters):
        raise PreconditionFailed("Clusters do not exist")
