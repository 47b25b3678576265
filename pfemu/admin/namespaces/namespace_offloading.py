"""Where a namespace's older messages would go (``NamespacesBase``), and the older spelling of its schema strategy: noted, and no more.

Differs: nothing is ever offloaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pfemu.admin.answer import DONE, Answer, answer_json, answer_setting
from pfemu.admin.bodies import read_json, read_long
from pfemu.admin.namespaces.namespace_policies import change
from pfemu.admin.paths import policies_of
from pfemu.admin.routes import Routes
from pfemu.broker.refusals import PreconditionFailed

if TYPE_CHECKING:
    from pfemu.admin.request import Request
    from pfemu.emulator import Emulator

routes = Routes("/admin/v2/namespaces/{tenant}/{namespace}")
_AUTO_UPDATE_STRATEGIES = (
    "AutoUpdateDisabled Backward Forward Full AlwaysCompatible BackwardTransitive ForwardTransitive FullTransitive".split()
)
NO_OFFLOAD_DRIVER = "The driver is not supported, support value: S3,aws-s3,google-cloud-storage,filesystem,azureblob,aliyun-oss"


@routes("GET", "/offloadThreshold")
def offload_threshold(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show at how many bytes a topic would be offloaded."""
    found = policies_of(emulator, named).offload_threshold
    return answer_json(-1 if found is None else found)


@routes("PUT", "/offloadThreshold")
def set_offload_threshold(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Set at how many."""
    return change(emulator, named, offload_threshold=read_long(request))


@routes("GET", "/offloadThresholdInSeconds")
def offload_threshold_seconds(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show after how many seconds a message would be offloaded."""
    found = policies_of(emulator, named).offload_threshold_seconds
    return answer_json(-1 if found is None else found)


@routes("PUT", "/offloadThresholdInSeconds")
def set_offload_threshold_seconds(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Set after how many."""
    change(emulator, named, offload_threshold_seconds=read_long(request))
    return Answer(200)


@routes("GET", "/offloadDeletionLagMs")
def offload_deletion_lag(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show how long what is offloaded would be kept here."""
    return answer_setting(policies_of(emulator, named).offload_deletion_lag_ms)


@routes("PUT", "/offloadDeletionLagMs")
def set_offload_deletion_lag(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Set how long."""
    return change(emulator, named, offload_deletion_lag_ms=read_long(request))


@routes("DELETE", "/offloadDeletionLagMs")
def remove_offload_deletion_lag(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Go back to the broker's own."""
    return change(emulator, named, offload_deletion_lag_ms=None)


@routes("GET", "/offloadPolicies")
def offload_policies(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show where to things are offloaded: nowhere."""
    policies_of(emulator, named)
    return Answer(200)


@routes("POST", "/offloadPolicies")
def set_offload_policies(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Refuse: there is nothing to offload with.

    Differs: a driver that Pulsar knows is refused as well.
    """
    policies_of(emulator, named)
    raise PreconditionFailed(
        "The offloadPolicies must be specified for namespace offload." if read_json(request) is None else NO_OFFLOAD_DRIVER
    )


@routes("DELETE", "/removeOffloadPolicies")
def remove_offload_policies(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Go back to the broker's own."""
    return change(emulator, named, offload_threshold=None, offload_threshold_seconds=None)


@routes("GET", "/schemaAutoUpdateCompatibilityStrategy")
def schema_auto_update_strategy(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show the older spelling of ``schemaCompatibilityStrategy``."""
    found = policies_of(emulator, named).schema_auto_update_strategy
    return DONE if found is None else answer_json(found)


@routes("PUT", "/schemaAutoUpdateCompatibilityStrategy")
def set_schema_auto_update_strategy(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Set it; an unknown one is none."""
    given = read_json(request)
    return change(emulator, named, schema_auto_update_strategy=given if given in _AUTO_UPDATE_STRATEGIES else None)
