"""A function's configuration, and what the functions worker makes of it.

A suite deploys the same function with the same settings in test after test, and reading, checking and converting those takes as long as
running a message or two. What plain settings come to is therefore remembered by their content; a registration never changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from pfemu.model.configuration.function_config import FunctionConfig
from pfemu.model.functions.function_details import FunctionDetails
from pfemu.model.functions.function_registration import create
from pfemu.model.topic_name import TopicName
from pfemu.model.warnings.function_warning import FunctionWarning
from pfemu.model.warnings.ignored_settings import ignored


class Registration:
    """What is known of a function before its code runs.

    Attributes:
        config: The complete configuration.
        written: The configuration as far as somebody wrote it: what was filled in is no cause for a warning.
    """

    def __init__(self, config: FunctionConfig, written: FunctionConfig | None = None) -> None:
        self.config = config
        self.written = config if written is None else written
        self._details: FunctionDetails | None = None
        self._namespaces: tuple[str, ...] | None = None

    @property
    def details(self) -> FunctionDetails:
        """What the worker stores, and the instances get.

        Raises:
            ConfigError: the worker refuses the configuration, in its words.
        """
        if self._details is None:
            self._details = create(self.config)
        return self._details

    @cached_property
    def ignored(self) -> tuple[FunctionWarning, ...]:
        """What of it a cluster takes and then ignores."""
        return tuple(ignored(self.written))

    @property
    def namespaces(self) -> tuple[str, ...]:
        """The namespaces it names, its own first.

        Raises:
            InvalidTopicName: Pulsar takes no such name of a topic.
        """
        if self._namespaces is None:
            self._namespaces = tuple(dict.fromkeys(self._named_namespaces()))
        return self._namespaces

    def _named_namespaces(self) -> Iterator[str]:
        config = self.config
        yield f"{config.tenant}/{config.namespace}"
        inputs = (config.inputs, config.input_specs, config.custom_serde_inputs, config.custom_schema_inputs)
        topics = [topic for several in inputs for topic in several or ()]
        for topic in (*topics, config.output, config.log_topic):
            if topic:
                yield TopicName.parse(topic).namespace_name
