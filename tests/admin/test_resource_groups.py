"""Rates that namespaces share; refusals first."""

GROUP = "/admin/v2/resourcegroups/g"
OF_NAMESPACE = "/admin/v2/namespaces/public/default/resourcegroup"


def test_a_group_that_is_not_there_is_refused(deployment):
    assert deployment.call("GET", GROUP) == (404, {"reason": "ResourceGroup does not exist"})
    assert deployment.call("POST", f"{OF_NAMESPACE}/g") == (412, {"reason": "ResourceGroup does not exist"})
    assert deployment.call("DELETE", GROUP)[0] == 500


def test_a_group_is_an_object(deployment):
    assert deployment.call("PUT", GROUP)[0] == 500
    assert deployment.call("PUT", GROUP, [])[0] == 400


def test_a_group_that_a_namespace_is_in_stays(deployment):
    deployment.call("PUT", GROUP, {})
    assert deployment.call("POST", f"{OF_NAMESPACE}/g") == (204, None)
    assert deployment.call("GET", OF_NAMESPACE) == (200, "g")
    assert deployment.call("DELETE", GROUP) == (412, {"reason": "ResourceGroup is in use"})
    assert deployment.call("DELETE", OF_NAMESPACE) == (204, None)
    assert deployment.call("DELETE", GROUP) == (204, None)
    assert deployment.call("GET", "/admin/v2/resourcegroups") == (200, [])


def test_rates_are_changed_one_by_one(deployment):
    deployment.call("PUT", GROUP, {"publishRateInMsgs": 1, "dispatchRateInBytes": 4})
    deployment.call("PUT", GROUP, {"publishRateInMsgs": 9})
    shown = {"publishRateInMsgs": 9, "publishRateInBytes": -1, "dispatchRateInMsgs": -1, "dispatchRateInBytes": 4}
    assert deployment.call("GET", GROUP) == (200, shown)
    assert deployment.call("GET", "/admin/v2/resourcegroups") == (200, ["g"])
