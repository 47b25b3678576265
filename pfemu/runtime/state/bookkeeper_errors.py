"""What a state call raises in user code: the look-alikes of ``bookkeeper.common.exceptions`` (apache-bookkeeper-client).

On a cluster user code sees that package's classes. Ours have the same module, name, attributes and text, so a traceback, a status
page and ``type(error).__name__`` read the same without that package. When user code has imported the package (to catch one of its
classes), the real class is raised instead, so that its ``except`` clause works here too.
"""

import sys

from pfemu.errors import StateError

_PACKAGE = "bookkeeper.common.exceptions"
BAD_REQUEST = 400  # storage.proto, StatusCode
INTERNAL_SERVER_ERROR = 500  # storage.proto, StatusCode


class BKGrpcCallError(StateError):
    """A call that the table service refused; ``bk_status_code`` is the service's code, None when it never got that far."""

    __module__ = _PACKAGE
    grpc_status_code = ""
    bk_status_code: int | None = None

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return f"grpc_status_code = {self.grpc_status_code}, bk_status_code = {self.bk_status_code} : {self.message}"


class BadRequest(BKGrpcCallError):  # noqa: N818 - the package's own name
    """A counter operation on a value, or a value put over a counter."""

    __module__ = _PACKAGE
    grpc_status_code = "StatusCode.FAILED_PRECONDITION"


class UnexpectedError(BKGrpcCallError):
    """The transport refused the request: the key does not fit into its headers."""

    __module__ = _PACKAGE
    grpc_status_code = "StatusCode.UNKNOWN"


class InternalServerError(BKGrpcCallError):
    """The table service failed: the record does not fit into its log."""

    __module__ = _PACKAGE
    grpc_status_code = "StatusCode.INTERNAL"


class RetryError(StateError):
    """The client gave up retrying; ``cause`` is what the last attempt raised."""

    __module__ = _PACKAGE

    def __init__(self, message: str, cause: Exception) -> None:
        super().__init__(message)
        self.message = message
        self.cause = cause

    def __str__(self) -> str:
        return f"{self.message}, last exception: {self.cause}"


def bad_request() -> Exception:
    """Make the error for mixing counters and values."""
    return _grpc_error(BadRequest, "", BAD_REQUEST)


def key_too_long() -> Exception:
    """Make the error for a key that the transport cannot carry."""
    # Differs: for more than 11,500 bytes the cluster raises BKGrpcCallError with the transport's text; this raises UnexpectedError for all.
    return _grpc_error(UnexpectedError, "Received http2 header with status: 431", None)


def value_too_large(key: str, size_bytes: int) -> Exception:
    """Make the error for a value that the table service cannot log."""
    # Differs: the cluster raises after retrying for a minute, and with the whole value in the text; this raises at once, with its size.
    message = f"Deadline of 60.0s exceeded while calling put of {key!r} ({size_bytes} bytes; the table service takes about 1 MB)"
    return _gave_up(message)


def store_is_down(operation: str) -> Exception:
    """Make the error for a table service that does not answer; the cluster raises it after retrying for a minute."""
    return _gave_up(f"Deadline of 60.0s exceeded while calling {operation}")


def _gave_up(message: str) -> Exception:
    cause = _grpc_error(InternalServerError, "", INTERNAL_SERVER_ERROR)
    real = getattr(sys.modules.get(_PACKAGE), "RetryError", None)
    error: Exception = RetryError(message, cause) if real is None else real(message, cause)
    return error


def _grpc_error(ours: type[BKGrpcCallError], message: str, bk_status_code: int | None) -> Exception:
    kind = getattr(sys.modules.get(_PACKAGE), ours.__name__, ours)
    error: BKGrpcCallError = kind(message)
    error.bk_status_code = bk_status_code
    return error
