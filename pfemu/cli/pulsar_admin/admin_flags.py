"""The commands of ``pulsar-admin functions`` and the options of each, in their order (``CmdFunctions.java``)."""

from __future__ import annotations

from collections.abc import Sequence

from pfemu.cli.pulsar_admin.picocli import Arguments, Flags, Option, RefusedError
from pfemu.errors import ConfigError
from pfemu.model.command.cli_config import check_form
from pfemu.model.command.cli_flags import DEPRECATED, TRUTH
from pfemu.model.java_text import is_blank, java_int, split

_IDENTITY = "--fqfn --tenant --namespace --name"
_CONFIGURATION = f"""{_IDENTITY} --className --classname -t,--function-type --cleanup-subscription --jar --py --go -i,--inputs
--topicsPattern --topics-pattern -o,--output --producer-config --logTopic --log-topic -st,--schema-type --customSerdeInputs
--custom-serde-inputs --custom-schema-inputs --custom-schema-outputs --input-specs --input-type-class-name --outputSerdeClassName
--output-serde-classname --output-type-class-name --functionConfigFile --function-config-file --processingGuarantees
--processing-guarantees --userConfig --user-config --retainOrdering --retain-ordering --retain-key-ordering --batch-builder
--forward-source-message-property --subs-name --subs-position --skip-to-latest --parallelism --cpu --ram --disk --windowLengthCount
--window-length-count --windowLengthDurationMs --window-length-duration-ms --slidingIntervalCount --sliding-interval-count
--slidingIntervalDurationMs --sliding-interval-duration-ms --autoAck --auto-ack --timeoutMs --timeout-ms --max-message-retries
--custom-runtime-options --secrets --dead-letter-topic --runtime-flags"""
_LOCAL_RUN = """--stateStorageServiceUrl --state-storage-service-url --brokerServiceUrl --broker-service-url --web-service-url
--clientAuthPlugin --client-auth-plugin --clientAuthParams --client-auth-params --use_tls --use-tls --tls_allow_insecure
--tls-allow-insecure --hostname_verification_enabled --hostname-verification-enabled --tls_trust_cert_path --tls-trust-cert-path
--instanceIdOffset --instance-id-offset --runtime --secrets-provider-classname --secrets-provider-config --metrics-port-start"""
OF_LOCAL_RUN = frozenset(_LOCAL_RUN.split())
"""Flags that ``localrun`` has beside those of a configuration: where and how a function runs that no worker has."""
_OPTIONS_OF = {
    "localrun": f"{_CONFIGURATION} {_LOCAL_RUN}",
    "create": _CONFIGURATION,
    "delete": _IDENTITY,
    "update": f"{_CONFIGURATION} --update-auth-data",
    "get": _IDENTITY,
    **dict.fromkeys(("restart", "stop", "start", "status", "getstatus", "stats"), f"{_IDENTITY} --instance-id"),
    "list": "--tenant --namespace",
    "querystate": f"{_IDENTITY} -k,--key -w,--watch",
    "putstate": f"{_IDENTITY} -s,--state",
    "trigger": f"{_IDENTITY} --triggerValue --trigger-value --triggerFile --trigger-file --topic",
    "upload": "--sourceFile --source-file --path",
    "download": f"{_IDENTITY} --destinationFile --destination-file --path --transform-function",
    "reload": "",
    "available-functions": "",
}
COMMANDS = tuple(_OPTIONS_OF)
_OF_ALL = "-h,--help -v,--version"
_ALONE = {"cleanup-subscription", "retainOrdering", "retain-ordering", "retain-key-ordering", "autoAck"} | {
    "update-auth-data",
    "use_tls",
    "use-tls",
    "tls_allow_insecure",
    "tls-allow-insecure",
    "hostname_verification_enabled",
    "hostname-verification-enabled",
    "transform-function",
    "watch",
    "help",
    "version",
}
_OLDER = DEPRECATED | {
    "triggerValue": "trigger-value",
    "triggerFile": "trigger-file",
    "sourceFile": "source-file",
    "destinationFile": "destination-file",
    "stateStorageServiceUrl": "state-storage-service-url",
    "brokerServiceUrl": "broker-service-url",
    "clientAuthPlugin": "client-auth-plugin",
    "clientAuthParams": "client-auth-params",
    "use_tls": "use-tls",
    "tls_allow_insecure": "tls-allow-insecure",
    "hostname_verification_enabled": "hostname-verification-enabled",
    "tls_trust_cert_path": "tls-trust-cert-path",
    "instanceIdOffset": "instance-id-offset",
}
_REQUIRED = {("putstate", "state"), ("upload", "path")}
_HIDDEN = {("download", "path")}
_LABELS = {
    "name": "functionName",
    "classname": "className",
    "jar": "jarFile",
    "py": "pyFile",
    "go": "goFile",
    "custom-serde-inputs": "customSerdeInputString",
    "custom-schema-inputs": "customSchemaInputString",
    "custom-schema-outputs": "customSchemaOutputString",
    "output-serde-classname": "outputSerdeClassName",
    "function-config-file": "fnConfigFile",
    "user-config": "userConfigString",
    "secrets": "secretsString",
    "tls-trust-cert-path": "tlsTrustCertFilePath",
    "secrets-provider-classname": "secretsProviderClassName",
}
_NEITHER_NAME = "You must specify a name for the function or a Fully Qualified Function Name (FQFN)"
_BOTH_NAMES = "You must specify either a Fully Qualified Function Name (FQFN) or tenant, namespace, and function name"
_BAD_FQFN = "Fully qualified function names (FQFNs) must be of the form tenant/namespace/name"


def command_line(arguments: Sequence[str]) -> tuple[str, Flags]:
    """Return the command, empty where only help or the version is asked for, and its flags by name as given.

    Raises:
        RefusedError: in picocli's words.
    """
    at = next((index for index, argument in enumerate(arguments) if argument in _OPTIONS_OF), len(arguments))
    before = Arguments(_options("", _OF_ALL), COMMANDS)
    before.read(arguments[:at], 1)
    command, flags = "", before.flags
    if at < len(arguments):
        command = arguments[at]
        own = Arguments(_options(command, f"{_OPTIONS_OF[command]} {_OF_ALL}"))
        own.read(arguments[at + 1 :], at + 2)
        if not asks_for_help(own.flags):
            own.finish()
        flags = _in_newer_words(command, own.flags)
    if asks_for_help(before.flags):
        return "", before.flags
    before.finish()
    if not command:
        raise RefusedError("Missing required subcommand")
    return command, flags


def asks_for_help(flags: Flags) -> bool:
    """Tell whether the command only says something of itself."""
    return any(flags.get(name) not in {None, False, "false"} for name in ("--help", "--version"))


def _in_newer_words(command: str, flags: Flags) -> Flags:
    """Return the flags by their newer names; the newer wins where both are given, unless it is blank."""
    if command in {"create", "update", "localrun"}:
        return flags  # the configuration does this itself
    older = {f"--{_OLDER[name[2:]]}": value for name, value in flags.items() if name[2:] in _OLDER}
    return older | {name: value for name, value in flags.items() if name[2:] not in _OLDER and (name not in older or str(value).strip())}


def _options(command: str, declared: str) -> list[Option]:
    return [_option(command, tuple(names.split(","))) for names in declared.split()]


def _option(command: str, names: tuple[str, ...]) -> Option:
    name = names[-1].removeprefix("--")
    newer = _OLDER.get(name, name)
    label = _LABELS.get(newer) or _camel_case(newer)
    return Option(
        names,
        label if newer == name else f"deprecated{label[0].upper()}{label[1:]}",
        takes_value=name not in _ALONE,
        is_required=(command, name) in _REQUIRED,
        is_hidden=newer != name or (command, name) in _HIDDEN,
        check=_check,
    )


def _camel_case(name: str) -> str:
    first, *others = name.split("-")
    return first + "".join(map(str.capitalize, others))


def _check(option: str, value: str) -> None:
    name = option.removeprefix("--")
    try:
        check_form(name, value)
    except ConfigError as error:
        raise RefusedError(str(error)) from None
    if name in _ALONE - TRUTH.keys() and value.lower() not in {"", "true", "false"}:
        raise RefusedError(f"Invalid value for option '{option}': '{value}' is not a boolean")
    if _OLDER.get(name, name) == "instance-id-offset" and java_int(value) is None:
        raise RefusedError(f"Invalid value for option '{option}': '{value}' is not an int")


def name_of(flags: Flags) -> tuple[str, str, str]:
    """Return tenant, namespace and name of the function that flags name.

    Raises:
        RefusedError: they name none, or twice.
    """
    fqfn, name = flags.get("--fqfn"), flags.get("--name")
    if fqfn is None and name is None:
        raise RefusedError(f"java.lang.RuntimeException: {_NEITHER_NAME}")
    if fqfn is None:
        return str(flags.get("--tenant", "public")), str(flags.get("--namespace", "default")), str(name)
    if len(flags.keys() & set(_IDENTITY.split())) > 1:
        raise RefusedError(f"java.lang.RuntimeException: {_BOTH_NAMES}")
    parts = split(str(fqfn), "/")
    if len(parts) != 3:
        raise RefusedError(f"java.lang.RuntimeException: {_BAD_FQFN}")
    return parts[0], parts[1], parts[2]


def needed(flags: Flags, name: str) -> str:
    """Return a flag's value.

    Raises:
        RefusedError: it was not given, or is blank.
    """
    if is_blank(str(flags.get(name, ""))):
        raise RefusedError(f"{name} needs to be specified")
    return str(flags[name])


def usage_of(command: str) -> list[str]:
    """Return what may follow a command, in picocli's order; what it means is said by ``pfemu run --help`` and Pulsar's documentation."""
    if not command:
        return ["Usage: pfemu functions COMMAND [FLAGS]", "", *(f"  {each}" for each in COMMANDS)]
    options = [option for option in _options(command, f"{_OPTIONS_OF[command]} {_OF_ALL}") if not option.is_hidden]
    return [f"Usage: pfemu functions {command} [FLAGS]", "", *map(_usage, sorted(options, key=_shortest))]


def _shortest(option: Option) -> str:
    return min((name.lstrip("-") for name in option.names), key=len).lower()


def _usage(option: Option) -> str:
    names = ", ".join(option.names) if len(option.names) > 1 else f"    {option.name}"
    return f"  {names}=<{option.label}>" if option.takes_value else f"  {names}"
