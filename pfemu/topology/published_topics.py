"""The topics that a function publishes to with ``context.publish``, as far as its source tells for sure.

A topic is known when it is a text where ``publish`` is called on the context: written there, a constant of the module that is assigned
once, or a value of the user config by its name. Every other call is counted as unknown, with its line; so is handing the context on.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_CONTEXT = "context"
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class PublishedTopics:
    """Topics as they are spelled, in the order of the source, and the lines that tell of no topic."""

    topics: tuple[str, ...] = ()
    unknown_lines: tuple[int, ...] = ()


def published_topics(source: str, name: str, user_config: Mapping[str, object]) -> PublishedTopics:
    """Look at the class or function called ``name`` of a module's source; nothing is known of a source that cannot be read."""
    try:
        module = ast.parse(source)
    except SyntaxError:
        return PublishedTopics()
    found = next((each for each in module.body if isinstance(each, ast.ClassDef | _Function) and each.name == name), None)
    if found is None:
        return PublishedTopics()
    scan = _Scan(_constants(module), user_config)
    for function in _functions_of(found, module):
        scan.look_at(function)
    return PublishedTopics(tuple(dict.fromkeys(scan.topics)), tuple(sorted(set(scan.unknown_lines))))


def _functions_of(found: ast.stmt, module: ast.Module) -> Iterator[_Function]:
    """Yield a function itself, or the methods of a class and of those of its bases that are in the module."""
    if isinstance(found, _Function):
        yield found
    elif isinstance(found, ast.ClassDef):
        yield from (each for each in found.body if isinstance(each, _Function))
        names = {base.id for base in found.bases if isinstance(base, ast.Name)}
        for base in module.body:
            if isinstance(base, ast.ClassDef) and base.name in names and base is not found:
                yield from _functions_of(base, module)


def _constants(module: ast.Module) -> dict[str, str]:
    """Return the names of the module that are texts, and are assigned nowhere else."""
    assigned = [each.id for each in ast.walk(module) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)]
    found: dict[str, str] = {}
    for statement in module.body:
        value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            found |= {each.id: value.value for each in targets if isinstance(each, ast.Name) and assigned.count(each.id) == 1}
    return found


class _Scan:
    """Looks at functions, one after another."""

    def __init__(self, constants: Mapping[str, str], user_config: Mapping[str, object]) -> None:
        self._constants = constants
        self._user_config = user_config
        self.topics: list[str] = []
        self.unknown_lines: list[int] = []

    def look_at(self, function: _Function) -> None:
        names = [each.arg for each in function.args.args]
        contexts = {each for each in names if each == _CONTEXT}
        if function.name == "process":
            contexts |= set([name for name in names if name != "self"][1:2])
        for call in (each for each in ast.walk(function) if isinstance(each, ast.Call)):
            self._look_at_call(call, contexts)

    def _look_at_call(self, call: ast.Call, contexts: set[str]) -> None:
        if isinstance(call.func, ast.Attribute) and call.func.attr == "publish":
            is_context = isinstance(call.func.value, ast.Name) and call.func.value.id in contexts
            topics = self._topics(_topic_of(call), contexts) if is_context else None
            if topics is None:
                self.unknown_lines.append(call.lineno)
            else:
                self.topics.extend(topics)
        elif any(isinstance(each, ast.Name) and each.id in contexts for each in (*call.args, *(one.value for one in call.keywords))):
            self.unknown_lines.append(call.lineno)

    def _topics(self, topic: ast.expr | None, contexts: set[str]) -> list[str] | None:
        """Return the topics that an expression may come to, None if that is not known."""
        if isinstance(topic, ast.Constant) and isinstance(topic.value, str):
            return [topic.value]
        if isinstance(topic, ast.Name) and topic.id in self._constants:
            return [self._constants[topic.id]]
        if isinstance(topic, ast.IfExp):
            one, other = self._topics(topic.body, contexts), self._topics(topic.orelse, contexts)
            return None if one is None or other is None else [*one, *other]
        configured = self._user_config.get(_user_config_key(topic, contexts))
        return [configured] if isinstance(configured, str) else None


def _topic_of(call: ast.Call) -> ast.expr | None:
    if call.args:
        return call.args[0]
    return next((each.value for each in call.keywords if each.arg == "topic_name"), None)


def _user_config_key(topic: ast.expr | None, contexts: set[str]) -> str:
    if isinstance(topic, ast.Call) and isinstance(topic.func, ast.Attribute) and topic.func.attr == "get_user_config_value":
        receiver, key = topic.func.value, topic.args[0] if topic.args else None
        if isinstance(receiver, ast.Name) and receiver.id in contexts and isinstance(key, ast.Constant):
            return str(key.value)
    return ""
