"""One load's modules where they are in another process: what is made of them is made there."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from pfemu.runtime.loading.module_space import ModuleSpace

if TYPE_CHECKING:
    from pulsar.schema import Schema

    from pfemu.runtime.values.serde import SerDe

P = ParamSpec("P")
T = TypeVar("T")


class SpaceElsewhere(ModuleSpace):
    """Knows the modules by name, and has none of them."""

    def __init__(self) -> None:
        super().__init__((), frozenset())

    @abstractmethod
    def serde(self, class_path: str) -> SerDe:
        """Construct a SerDe there; raises what its constructor does."""

    @abstractmethod
    def schema(self, schema_type: str, type_class_name: str, properties: Mapping[str, str]) -> Schema:
        """Construct a schema there; raises what its constructor does."""

    def import_module(self, name: str) -> ModuleType:
        """Refuse.

        Raises:
            ModuleNotFoundError: always; the module is not of this process.
        """
        raise ModuleNotFoundError(f"{name} is imported in the function's own process", name=name)

    def within(self, function: Callable[P, T]) -> Callable[P, T]:
        """Return the function as it is: no look-up here gives one of these modules."""
        return function
