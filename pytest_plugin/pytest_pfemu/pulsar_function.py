"""``pulsar_function``: deploys functions on the test's emulator."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from pytest_pfemu.options import RUNTIMES

if TYPE_CHECKING:
    from pfemu.emulator import Emulator
    from pfemu.function_handle import FunctionHandle
    from pfemu.function_settings import FunctionSettings
    from pfemu.model.configuration.function_config import FunctionConfig
    from pfemu.ports import SecretsProvider
    from pytest_pfemu.marker import Options

_PATH_SUFFIXES = (".py", ".zip", ".whl", ".yaml", ".yml", ".json")


class PulsarFunction:
    """Call it to deploy a function; it answers with the function's handle."""

    def __init__(self, emulator: Emulator, options: Options, test_path: Path, root_path: Path) -> None:
        self._emulator = emulator
        self._options = options
        self._test_path = test_path
        self._root_path = root_path

    def __call__(
        self,
        source: FunctionConfig | str | Path | type | object | None = None,
        *,
        secrets_provider: SecretsProvider | None = None,
        partitions: int | Mapping[str, int] | None = None,
        **settings: Unpack[FunctionSettings],
    ) -> FunctionHandle:
        """Deploy a function and start its instances.

        Args:
            source: a path (``"function.py"``, ``"function.py:Class"``), relative to where pytest runs, else to the test file or to
                pytest's root; a class, a callable, an instance; a FunctionConfig or the path of one (YAML or JSON). The marker's when
                not given.
            secrets_provider: what ``context.get_secret`` asks instead of the ``secrets`` themselves.
            partitions: make the inputs partitioned topics first: a number for every input, or ``{topic: number}``.
            settings: the function's configuration, over that of the marker; see :class:`~pfemu.function_settings.FunctionSettings`.

        Raises:
            TypeError: no source, neither here nor in the marker; or what only the marker takes.
            ValueError: ``partitions`` for a function that names no inputs.
            ConfigError: the worker would refuse it, in its words.
            LoadError: the code cannot be loaded.
        """
        __tracebackhide__ = True
        chosen = self._options.function if source is None else source
        if chosen is None:
            raise TypeError(
                "pulsar_function() was called without a function: name one (pulsar_function('function.py', inputs=['orders'])), "
                "or put it into the marker (@pytest.mark.pfemu('function.py', inputs=['orders']))"
            )
        if settings.get("runtime") in RUNTIMES:
            raise TypeError(
                f"where functions run is the emulator's, not one function's: @pytest.mark.pfemu(runtime={settings['runtime']!r}), "
                f"or pytest --pfemu-runtime={settings['runtime']}"
            )
        located = self._located(chosen)
        merged: dict[str, Any] = {**self._options.settings, **settings}
        wanted = self._options.partitions if partitions is None else partitions
        if wanted is not None:
            self._make_partitions(wanted, located, merged)
        return self._emulator.create_function(located, secrets_provider=secrets_provider, **merged)

    def __repr__(self) -> str:
        return "<pulsar_function>"

    def _located(self, source: object) -> object:
        """Return a path that is not there from here as one from the test file, or from pytest's root, if it is there from there."""
        if not isinstance(source, str | Path):
            return source
        path, separator, class_name = str(source).partition(":")
        if not path.endswith(_PATH_SUFFIXES) or Path(path).exists():
            return source
        found = (folder / path for folder in (self._test_path.parent, self._root_path))
        return next((f"{each}{separator}{class_name}" for each in found if each.exists()), source)

    def _make_partitions(self, partitions: int | Mapping[str, int], source: object, settings: Mapping[str, Any]) -> None:
        """Make partitioned topics that are not there yet."""
        from pfemu.model.topic_name import TopicName
        from pytest_pfemu.marker import check_partitions

        __tracebackhide__ = True
        check_partitions(partitions)
        each = partitions if isinstance(partitions, Mapping) else dict.fromkeys(_inputs(source, settings, partitions), partitions)
        for topic, number in each.items():
            name = TopicName.parse(topic)
            if not self._emulator.broker.partitions_of(name):
                self._emulator.create_namespace(name.namespace_name)
                self._emulator.create_partitioned_topic(topic, number)


def _inputs(source: object, settings: Mapping[str, Any], partitions: int) -> list[str]:
    """Return the inputs that a configuration names."""
    from pfemu.function_source import configuration_of

    __tracebackhide__ = True
    config = configuration_of(source, settings)
    named = [config.inputs, config.input_specs, config.custom_serde_inputs, config.custom_schema_inputs]
    inputs = [topic for topics in named for topic in topics or () if topic is not None]
    if not inputs:
        raise ValueError(f"partitions={partitions} is for each input, and the function names none: partitions={{'orders': {partitions}}}")
    return inputs
