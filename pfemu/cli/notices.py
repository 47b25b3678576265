"""What a cluster takes without a word and then leaves out: said before the function runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pfemu.model.function_config import FunctionConfig
from pfemu.model.ignored_settings import ignored

_FORWARD = "forward-source-message-property"


def notices(config: FunctionConfig, in_file: FunctionConfig, flags: Mapping[str, str | bool]) -> Iterator[str]:
    """Yield one line for each thing written in the configuration that has no effect on a cluster.

    The command writes ``forwardSourceMessageProperty`` whether it was given or not; only who gave it is told.
    """
    if _FORWARD not in flags:
        config = replace(config, forward_source_message_property=in_file.forward_source_message_property)
    for setting in ignored(config):
        yield f"{setting}"
