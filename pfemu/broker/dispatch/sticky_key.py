"""Key_Shared: each key has one consumer (``PersistentStickyKeyDispatcherMultipleConsumers``)."""

from pfemu.broker.dispatch.multiple import MultipleConsumersDispatcher


class StickyKeyDispatcher(MultipleConsumersDispatcher):
    """Deals entries to the consumer that owns their key."""

    __slots__ = ()
