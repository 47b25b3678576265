"""A custom resource of function-mesh is read as the configuration it stands for."""

import pytest

from pfemu.errors import ConfigError
from pfemu.model.configuration.function_config import FunctionConfig
from pfemu.model.warnings.ignored_settings import ignored

RESOURCE = """
apiVersion: compute.functionmesh.io/v1alpha1
kind: Function
metadata: {name: echo, namespace: default}
spec:
  image: runner:4.0.8
  className: echo.Echo
  tenant: public
  namespace: default
  replicas: 2
  maxReplicas: 5
  timeout: 0
  maxMessageRetry: 0
  logTopic: persistent://public/default/echo-log
  funcConfig: {limit: 5}
  secretsMap: {token: {path: store, key: token}}
  processingGuarantee: atleast_once
  subscriptionPosition: earliest
  subscriptionName: echoes
  forwardSourceMessageProperty: false
  input:
    topics: [persistent://public/default/in]
    typeClassName: echo.Order
    sourceSpecs:
      persistent://public/default/orders: {serdeClassname: echo.Serde, isRegexPattern: false, receiverQueueSize: 10}
  output: {topic: persistent://public/default/out, sinkSchemaType: string, producerConf: {compressionType: ZSTD}}
  pulsar: {pulsarConfig: cluster}
  python: {py: echo.py, pyLocation: ""}
"""
FUNCTION = "apiVersion: compute.functionmesh.io/v1alpha1\nkind: Function\n"
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cluster}\n---"


def test_a_function_resource_becomes_a_configuration():
    config = FunctionConfig.from_yaml(RESOURCE)
    assert config.to_json() == {
        "tenant": "public",
        "namespace": "default",
        "name": "echo",
        "className": "echo.Echo",
        "inputs": ["persistent://public/default/in"],
        "inputSpecs": {
            "persistent://public/default/orders": {
                "serdeClassName": "echo.Serde",
                "schemaProperties": {},
                "consumerProperties": {},
                "receiverQueueSize": 10,
                "poolMessages": False,
                "regexPattern": False,
            }
        },
        "inputTypeClassName": "echo.Order",
        "output": "persistent://public/default/out",
        "producerConfig": {"compressionType": "ZSTD"},
        "outputSchemaType": "string",
        "logTopic": "persistent://public/default/echo-log",
        "processingGuarantees": "ATLEAST_ONCE",
        "forwardSourceMessageProperty": False,
        "userConfig": {"limit": 5},
        "secrets": {"token": {"path": "store", "key": "token"}},
        "subName": "echoes",
        "parallelism": 2,
        "py": "echo.py",
        "subscriptionPosition": "Earliest",
    }


def test_what_only_the_cluster_has_a_use_for_is_named():
    of_the_cluster = [each.about for each in ignored(FunctionConfig.from_yaml(RESOURCE)) if "of the cluster" in each.text]
    assert of_the_cluster == ["spec.image", "spec.maxReplicas", "spec.pulsar"]


def test_the_function_is_found_behind_other_resources():
    assert FunctionConfig.from_yaml(CONFIG_MAP + RESOURCE).class_name == "echo.Echo"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (CONFIG_MAP, "No function in the file: of function-mesh's resources, `kind: Function` is read; it has ConfigMap"),
        (FUNCTION, "`spec` of the function-mesh resource must be a map"),
        (
            "apiVersion: compute.functionmesh.io/v1alpha1\nkind: Function\nspec: {input: x}",
            "`input` of the function-mesh resource must be a map",
        ),
        ("apiVersion: compute.functionmesh.io/v1alpha1\nkind: Sink\nspec: {}", "it has Sink$"),
        ("apiVersion: v1\nkind: Service\n---\na: [", "while parsing a flow node"),
    ],
)
def test_a_resource_that_is_no_function_is_refused(text, words):
    with pytest.raises(ConfigError, match=words):
        FunctionConfig.from_yaml(text)


def test_a_function_of_the_mesh_with_the_least_settings_is_read():
    config = FunctionConfig.from_yaml(FUNCTION + "spec: {name: f, golang: {go: f}}")
    assert (config.name, config.go, config.processing_guarantees, config.inputs) == ("f", "f", None, None)
