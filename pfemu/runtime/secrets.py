"""Where ``context.get_secret`` finds a secret (``secretsprovider.py``; chosen in ``python_instance_main.py``).

The configuration's ``secrets`` map has a value for each name; the provider turns name and value into the secret. A name that is not in
the map is None without asking the provider: that is the context's part.
"""

import importlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from pfemu.errors import LoadError
from pfemu.ports import SecretsProvider

CLEAR_TEXT = "secretsprovider.ClearTextSecretsProvider"
ENVIRONMENT = "secretsprovider.EnvironmentBasedSecretsProvider"


class ClearTextSecretsProvider:
    """The map's value is the secret, whatever JSON it is. The default."""

    def provide_secret(self, secret_name: str, path: object) -> object:  # noqa: ARG002 - the signature is the port's
        """Return the map's value."""
        return path


class EnvironmentBasedSecretsProvider:
    """The secret is the environment variable of its name; the map's value means nothing."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._environment = environment

    def provide_secret(self, secret_name: str, path: object) -> object:  # noqa: ARG002 - the signature is the port's
        """Return the variable, None when it is not set."""
        return self._environment.get(secret_name)


def provider_for(class_path: str | None, config: object, directory: Path) -> SecretsProvider:
    """Make the provider of a class path.

    Args:
        class_path: one of Pulsar's two (``secretsprovider.…``), or ``module.Class`` of the user's; None for clear text.
        config: the parsed JSON of the provider's configuration, handed to the ``init`` of the user's class.
        directory: where the user's modules are; as on a cluster it stays on ``sys.path``.

    Raises:
        LoadError: there is no such class, or it has no ``init`` or ``provide_secret``. (On a cluster the instance crashes and restarts.)
    """
    if class_path in {None, CLEAR_TEXT}:
        return ClearTextSecretsProvider()
    if class_path == ENVIRONMENT:
        return EnvironmentBasedSecretsProvider()
    provider = _imported(str(class_path), directory)()
    missing = [name for name in ("init", "provide_secret") if not callable(getattr(provider, name, None))]
    if missing:
        raise LoadError(
            f"the secrets provider {class_path} has no method {' and no '.join(missing)}: "
            "it needs init(self, config) and provide_secret(self, secret_name, path_to_secret)",
        )
    provider.init(config)
    return cast("SecretsProvider", provider)


def _imported(class_path: str, directory: Path) -> type:
    module_name, _, class_name = class_path.rpartition(".")
    place = str(directory)
    if place not in sys.path:
        sys.path.insert(0, place)
    try:
        return cast("type", getattr(importlib.import_module(module_name or class_name), class_name))
    except (ImportError, AttributeError) as error:
        raise LoadError(
            f"the secrets provider {class_path} cannot be imported: {error}. It was looked for in {place} and on sys.path; "
            f"Pulsar's own are {CLEAR_TEXT} and {ENVIRONMENT}",
        ) from error
