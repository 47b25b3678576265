"""Names that a module of the user's cannot have.

A Python instance on a cluster imports its own modules, and those they need, before the user's code. An ``import`` of one of
these names gives what is there already, whatever lies beside the function: its ``util.py`` or ``calendar.py`` is never read.
Recorded from ``sys.modules`` of an instance of Pulsar 4.0.8 (CPython 3.11).
"""

from collections.abc import Set as AbstractSet

PULSAR_OWN: AbstractSet[str] = frozenset(
    """
    Function_pb2 InstanceCommunication_pb2 InstanceCommunication_pb2_grpc contextimpl function_stats log
    prometheus_client_fix python_instance secretsprovider server state_context util
    """.split(),
)
"""Files of Pulsar's ``instances/python-instance``: top-level modules there, absent here."""

IMPORTED_BEFORE: AbstractSet[str] = frozenset(
    """
    __future__ abc argparse array ast asyncio atexit base64 binascii bisect bookkeeper builtins bz2 calendar certifi codecs
    collections concurrent configparser contextlib contextvars copy copyreg datetime decimal dis email encodings enum errno
    fastavro fcntl fnmatch functools gc genericpath gettext google grpc gzip hashlib heapq html http importlib inspect io
    ipaddress itertools json keyword linecache locale logging lzma marshal math mimetypes mmap ntpath numbers opcode operator
    os pathlib pickle pkgutil platform posix posixpath prometheus_client pulsar pytz queue quopri random ratelimit re reprlib
    resource select selectors shutil signal site six socket socketserver ssl stat string stringprep struct subprocess sys
    tempfile textwrap threading time timeit token tokenize traceback types typing typing_extensions unicodedata urllib uuid
    warnings weakref wsgiref zipfile zipimport zlib
    """.split(),
)
"""The standard library's and the instance's dependencies; shared with everybody here as there."""

NEVER_THE_USERS: AbstractSet[str] = IMPORTED_BEFORE | {"__main__", "_pulsar", "pfemu", "pytest_pfemu"}
"""Names that are always imported as if the user's directories were not there."""
