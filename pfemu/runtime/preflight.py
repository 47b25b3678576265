"""What of a function's code cannot work on a cluster, found without a message: where an instance would not start, or each message fail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pfemu.runtime.loading.invocation import Invocation, PlainFunction, problems
from pfemu.runtime.values.schemas import default_schema, explained_schema_for
from pfemu.runtime.values.serde import deserializer_for

if TYPE_CHECKING:
    from pfemu.model.functions.function_details import FunctionDetails
    from pfemu.runtime.loader import LoadedFunction


def each_message_fails(loaded: LoadedFunction) -> bool:
    """Tell whether ``process`` cannot be called as a cluster calls it; :attr:`LoadedFunction.warnings` begin with why."""
    if isinstance(loaded.receiver, PlainFunction):
        return True
    invocation = Invocation(loaded.receiver, loaded.takes_context, loaded.instance)
    return any(problem.fatal for problem in problems(loaded.class_name, loaded.target, invocation, loaded.space.search_path))


def input_failures(details: FunctionDetails, loaded: LoadedFunction) -> Iterator[tuple[str, Exception]]:
    """Yield the settings of inputs whose pattern, SerDe or schema cannot be made, which no instance survives, and what making it raises."""
    for topic, spec in details.input_specs.items():
        if spec.is_regex_pattern:
            try:
                re.compile(topic)
            except re.error as error:
                yield f"topicsPattern {topic}", error
        setting = "schemaType" if spec.schema_type else "serdeClassName"
        named = f"inputSpecs.{topic}.{setting} {spec.schema_type or spec.serde_class_name}"
        try:
            schema = explained_schema_for(spec.schema_type, details.input_type_class_name, spec.schema_properties, loaded.space)
            if schema is default_schema():
                deserializer_for(spec.serde_class_name, loaded.space)
        except Exception as error:  # noqa: BLE001 - whatever a class of the user's raises is what is asked for
            yield named, error
