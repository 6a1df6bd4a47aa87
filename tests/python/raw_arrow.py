"""Arrow streams made by hand, field by field, so that each may be wrong.

What is made is kept for ever (`KEPT`): a reader that is led astray shall meet what it was told, and
not memory that was given back. Nothing is released but what says that it was.
"""

from __future__ import annotations

import ctypes as c
from dataclasses import dataclass, field
from typing import Any

P = c.c_void_p
KEPT: list[Any] = []


class CSchema(c.Structure):
    """``ArrowSchema``."""


class CArray(c.Structure):
    """``ArrowArray``."""


class CStream(c.Structure):
    """``ArrowArrayStream``."""


RELEASE_SCHEMA = c.CFUNCTYPE(None, c.POINTER(CSchema))
RELEASE_ARRAY = c.CFUNCTYPE(None, c.POINTER(CArray))
RELEASE_STREAM = c.CFUNCTYPE(None, c.POINTER(CStream))
GET_SCHEMA = c.CFUNCTYPE(c.c_int, c.POINTER(CStream), c.POINTER(CSchema))
GET_NEXT = c.CFUNCTYPE(c.c_int, c.POINTER(CStream), c.POINTER(CArray))
GET_ERROR = c.CFUNCTYPE(P, c.POINTER(CStream))

CSchema._fields_ = [
    ("format", c.c_char_p),
    ("name", c.c_char_p),
    ("metadata", P),
    ("flags", c.c_int64),
    ("n_children", c.c_int64),
    ("children", c.POINTER(c.POINTER(CSchema))),
    ("dictionary", c.POINTER(CSchema)),
    ("release", RELEASE_SCHEMA),
    ("private_data", P),
]
CArray._fields_ = [
    ("length", c.c_int64),
    ("null_count", c.c_int64),
    ("offset", c.c_int64),
    ("n_buffers", c.c_int64),
    ("n_children", c.c_int64),
    ("buffers", c.POINTER(P)),
    ("children", c.POINTER(c.POINTER(CArray))),
    ("dictionary", c.POINTER(CArray)),
    ("release", RELEASE_ARRAY),
    ("private_data", P),
]
CStream._fields_ = [
    ("get_schema", GET_SCHEMA),
    ("get_next", GET_NEXT),
    ("get_last_error", GET_ERROR),
    ("release", RELEASE_STREAM),
    ("private_data", P),
]


@RELEASE_SCHEMA
def _release_schema(schema: Any) -> None:
    schema.contents.release = RELEASE_SCHEMA()


@RELEASE_ARRAY
def _release_array(array: Any) -> None:
    array.contents.release = RELEASE_ARRAY()


@RELEASE_STREAM
def _release_stream(stream: Any) -> None:
    stream.contents.release = RELEASE_STREAM()


@dataclass
class Column:
    """A column; what is not given is as it should be."""

    format: bytes | None = b"l"
    buffers: list[bytes | None] = field(default_factory=list)
    length: int = 1
    name: bytes | None = b"projects"
    offset: int = 0
    null_count: int = 0
    n_buffers: int | None = None
    released: bool = False
    buffers_null: bool = False
    dictionary: Column | None = None
    schema_dictionary: Column | None = None
    children: list[Column | None] = field(default_factory=list)
    n_children: int | None = None
    metadata: bytes | None = None

    def schema(self) -> CSchema:
        """The column as it is declared."""
        made = CSchema(format=self.format, name=self.name, flags=2, release=_release_schema)
        if self.metadata is not None:
            made.metadata = kept_bytes(self.metadata)
        made.n_children = len(self.children) if self.n_children is None else self.n_children
        made.children = pointers(CSchema, [child and child.schema() for child in self.children])
        declared = self.schema_dictionary or self.dictionary
        if declared is not None:
            made.dictionary = c.pointer(kept(declared.schema()))
        return kept(made)

    def array(self) -> CArray:
        """The column as it is given."""
        made = CArray(length=self.length, null_count=self.null_count, offset=self.offset)
        made.n_buffers = len(self.buffers) if self.n_buffers is None else self.n_buffers
        held = [None if buffer is None else kept_bytes(buffer) for buffer in self.buffers]
        if not self.buffers_null:
            # Beyond what is told there are null pointers, not the memory of others.
            made.buffers = c.cast(kept((P * (len(held) + 4))(*held)), c.POINTER(P))
        made.n_children = len(self.children) if self.n_children is None else self.n_children
        made.children = pointers(CArray, [child and child.array() for child in self.children])
        if self.dictionary is not None:
            made.dictionary = c.pointer(kept(self.dictionary.array()))
        made.release = RELEASE_ARRAY() if self.released else _release_array
        return kept(made)


@dataclass
class Stream:
    """A stream of one batch with the column of areas and another."""

    column: Column | None = None
    rows: int = 1
    batch: dict[str, Any] = field(default_factory=dict)
    top: dict[str, Any] = field(default_factory=dict)
    schema_fails: bool = False
    next_fails: bool = False
    reason: bytes | None = b"the disk is gone"
    without: str = ""
    released: bool = False

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The capsule."""
        columns = [areas(self.rows)] + ([self.column] if self.column else [])
        whole = Column(format=b"+s", name=b"", length=self.rows, children=columns, buffers=[None])
        declared = Column(**(vars(whole) | self.top)).schema()
        given = Column(**(vars(whole) | self.batch)).array()
        told = kept_bytes(self.reason + b"\0") if self.reason is not None else None
        left = [given]

        @GET_SCHEMA
        def get_schema(_stream: Any, out: Any) -> int:
            if self.schema_fails:
                return 5
            out[0] = declared
            return 0

        @GET_NEXT
        def get_next(_stream: Any, out: Any) -> int:
            if self.next_fails:
                return 5
            out[0] = left.pop() if left else CArray()
            return 0

        @GET_ERROR
        def get_last_error(_stream: Any) -> Any:
            return told

        stream = CStream(get_schema, get_next, get_last_error, _release_stream)
        if self.without:
            setattr(stream, self.without, dict(CStream._fields_)[self.without]())
        if self.released:
            stream.release = RELEASE_STREAM()
        kept((get_schema, get_next, get_last_error))
        new = c.pythonapi.PyCapsule_New
        new.restype, new.argtypes = c.py_object, [P, c.c_char_p, P]
        return new(c.addressof(kept(stream)), b"arrow_array_stream", None)


def areas(rows: int) -> Column:
    """A column of areas that is as it should be."""
    codes = range(140700, 140700 + rows)
    text = "".join(map(str, codes)).encode()
    return Column(b"u", [None, i32(*range(0, 6 * rows + 1, 6)), text], rows, b"area")


def kept(thing: Any) -> Any:
    """The same, never given back."""
    KEPT.append(thing)
    return thing


def kept_bytes(data: bytes) -> int:
    """Where bytes lie, with room behind them as the format asks for."""
    buffer = kept(c.create_string_buffer(data, len(data) + 64))
    return c.addressof(buffer)


def pointers(kind: Any, things: list[Any]) -> Any:
    """An array of pointers, null for what is None."""
    held = [c.pointer(kept(thing)) if thing else c.POINTER(kind)() for thing in things]
    return c.cast(kept((c.POINTER(kind) * (len(held) + 4))(*held)), c.POINTER(c.POINTER(kind)))


def i32(*numbers: int) -> bytes:
    """Numbers of 32 bits."""
    return b"".join(number.to_bytes(4, "little", signed=True) for number in numbers)


def i64(*numbers: int) -> bytes:
    """Numbers of 64 bits."""
    return b"".join(number.to_bytes(8, "little", signed=True) for number in numbers)


def i128(*numbers: int) -> bytes:
    """Numbers of 128 bits."""
    return b"".join(number.to_bytes(16, "little", signed=True) for number in numbers)


def view(text: bytes, *, length: int | None = None, buffer: int = 0, offset: int = 0) -> bytes:
    """A view of 16 bytes, in itself or into a buffer."""
    length = len(text) if length is None else length
    if 0 <= length <= 12:
        return i32(length) + text.ljust(12, b"\0")
    return i32(length) + text[:4].ljust(4, b"\0") + i32(buffer, offset)
