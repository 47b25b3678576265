"""What the admin API refuses, by the kind of its answer (``RestException.java`` and the classes that raise it).

Each is a broker error with a code of the binary protocol; a surface that speaks HTTP maps the class to a status. Errors that clients
get as well are in :mod:`pfemu.errors`: a missing topic, a missing subscription, consumers that are connected.
"""

from pfemu.errors import IncompatibleSchema, MetadataError, NotAllowedError


class NotFound(MetadataError):  # noqa: N818 - the name of the answer
    """There is no such tenant, namespace or schema (404)."""


class Conflict(NotAllowedError):  # noqa: N818 - the name of the answer
    """It is there already, is not of this kind, or is not empty (409)."""


class InvalidSchemaData(IncompatibleSchema):
    """The definition of a schema is none (422)."""


class MethodNotAllowed(NotAllowedError):  # noqa: N818 - the name of the answer
    """The broker is configured not to do it (405)."""


class Forbidden(NotAllowedError):  # noqa: N818 - the name of the answer
    """A cluster that is not for this tenant (403)."""


class InvalidValue(NotAllowedError):  # noqa: N818 - the name of the answer
    """A policy that cannot be (400)."""


class NotAcceptable(NotAllowedError):  # noqa: N818 - the name of the answer
    """A number that nothing can be made with (406)."""


class PreconditionFailed(NotAllowedError):  # noqa: N818 - the name of the answer
    """A name or a value that is not valid, or something is still in use (412)."""


class Unprocessable(NotAllowedError):  # noqa: N818 - the name of the answer
    """The change asked for cannot be made to what is there (422)."""
