"""What an acknowledgement names: the arguments of ``acknowledge`` and its like, as the native layer takes or refuses them."""

from __future__ import annotations

import _pulsar
import pulsar

from pfemu.client.message import Message, NativeMessage, ReceivedMessageId
from pfemu.client.results import incompatible_arguments, with_callback
from pfemu.model.message_id import MessageId

_TAKES = ("arg0: _pulsar.Message", "arg0: _pulsar.MessageId")


def acknowledged_place(method: str, given: object) -> Message | MessageId:
    """Return the message, or the id of one, that a call names.

    Raises:
        TypeError: it names neither, in the native layer's words.
    """
    if isinstance(given, Message):
        return given
    if isinstance(given, pulsar.Message):
        given = given._message  # type: ignore[attr-defined] # pulsar-client keeps its native half there
    elif isinstance(given, pulsar.MessageId):
        given = given._msg_id
    if isinstance(given, Message):
        return given
    if isinstance(given, ReceivedMessageId):
        return given._message
    if isinstance(given, NativeMessage):
        return given._shown
    if isinstance(given, _pulsar.MessageId):
        return MessageId.deserialize(given.serialize())
    raise incompatible_arguments(method, "Consumer", _TAKES, given)


def check_acknowledged(method: str, given: object, callback: object) -> None:
    """Refuse what the asynchronous call of that name does not take.

    Raises:
        TypeError: it is neither a message nor an id, in the native layer's words.
    """
    if not isinstance(given, pulsar.Message | pulsar.MessageId | NativeMessage | _pulsar.MessageId):
        raise incompatible_arguments(method, "Consumer", with_callback(_TAKES), given, callback)


def refuse_wrapped_id(method: str, given: object) -> None:
    """Refuse ``pulsar.MessageId`` where pulsar-client does not unwrap it.

    Raises:
        TypeError: it is one, in the native layer's words.
    """
    if isinstance(given, pulsar.MessageId):
        raise incompatible_arguments(method, "Consumer", _TAKES, given)
