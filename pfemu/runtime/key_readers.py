"""Key readers of encrypted topics: what ``cryptoConfig`` comes to in Pulsar's Python instance (``get_crypto_reader``).

* A reader that cannot be made is logged, and nothing more: the instance goes on without, and publishes in the clear.
* Whatever the class makes is handed to the client, which takes a ``pulsar.CryptoKeyReader`` and nothing else: with another an instance does
  not start (input), or each output fails.
* Only the first of the keys is used, and ``...CryptoFailureAction`` is not.

Differs: nothing is encrypted here. A producer that would encrypt is refused, so outputs with a sound ``cryptoConfig`` fail instead of being
published in the clear; a consumer that could decrypt reads what there is, which is never encrypted.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pfemu.model.warnings.happenings import ENCRYPTS, KEY_READER_FAILS, READS_ENCRYPTED
from pfemu.runtime.loading.class_path import import_class

if TYPE_CHECKING:
    from pfemu.model.functions.function_details import CryptoSpec
    from pfemu.model.warnings.function_warning import FunctionWarning
    from pfemu.runtime.loading.module_space import ModuleSpace


def key_reader(spec: CryptoSpec, space: ModuleSpace) -> Any:  # noqa: ANN401 - pulsar.CryptoKeyReader, or whatever the user's class makes
    """Make the reader.

    Raises:
        Exception: whatever the configuration, the import or the constructor raises.
    """
    conf = json.loads(spec.crypto_key_reader_config)
    if spec.crypto_key_reader_class_name:
        return import_class(space, spec.crypto_key_reader_class_name)(**conf)  # type: ignore[operator] # None fails as on a cluster
    from pulsar import CryptoKeyReader

    return CryptoKeyReader(**conf)


def consumer_encryption(spec: CryptoSpec | None, space: ModuleSpace) -> dict[str, Any]:
    """Return the settings of a consumer that are about encryption."""
    try:
        return {} if spec is None else {"crypto_key_reader": key_reader(spec, space)}
    except Exception:  # noqa: BLE001 - logged there, and said by `encryption_warning` here
        return {}


def producer_encryption(spec: CryptoSpec | None, space: ModuleSpace) -> dict[str, Any]:
    """Return the settings of a producer that are about encryption.

    Raises:
        IndexError: no key is named.
    """
    settings = consumer_encryption(spec, space)
    if spec is not None and settings:
        settings["encryption_key"] = spec.producer_encryption_key_names[0]
    return settings


def encryption_warning(spec: CryptoSpec | None, space: ModuleSpace, setting: str, *, output: bool) -> FunctionWarning | None:
    """Return what is to be said of a ``cryptoConfig``, None without one."""
    if spec is None:
        return None
    try:
        key_reader(spec, space)
    except Exception as error:  # noqa: BLE001 - whatever it is, a cluster only logs it
        return KEY_READER_FAILS.warning(f"{setting} ({type(error).__name__}: {error})")
    return (ENCRYPTS if output else READS_ENCRYPTED).warning(setting)
