"""Which messages of a received batch are acknowledged (``BatchMessageAcker.h``).

* The broker hears of a batch once all of its messages are acknowledged.
* Each delivery of a batch starts again: what was acknowledged of an earlier delivery does not count.
* A cumulative acknowledgement in the middle of a batch reaches the entry before it, once.
"""


class BatchAcker:
    """The acknowledged messages of one delivery of one batch."""

    __slots__ = ("_missing", "_previous_told")

    def __init__(self, size: int) -> None:
        self._missing = (1 << size) - 1
        self._previous_told = False

    def acknowledge(self, index: int) -> bool:
        """Take one message; True when that was the last one missing."""
        self._missing &= ~(1 << index)
        return not self._missing

    def acknowledge_up_to(self, index: int) -> bool:
        """Take all messages up to one; True when none is missing now."""
        self._missing &= ~((2 << index) - 1)
        return not self._missing

    def should_tell_previous(self) -> bool:
        """Whether the entry before the batch is yet to be acknowledged; True once."""
        if self._previous_told:
            return False
        self._previous_told = True
        return True
