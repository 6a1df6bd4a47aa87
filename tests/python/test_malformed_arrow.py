"""Arrow data that breaks the specification is refused by name, and never ends the process."""

from __future__ import annotations

import pytest
import zhibiao as zb
from conftest import python, said
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from raw_arrow import Column, Stream, i32, i64, i128, view
from test_cases import TOTAL

LONG = b"a text of 24 bytes, long"
WORDS = Column(b"u", [None, i32(0, 1), b"5"], 1)

GOOD = {
    "numbers": Stream(Column(b"l", [None, i64(5)])),
    "numbers from an offset": Stream(Column(b"l", [None, i64(1, 2, 5)], offset=2)),
    "text": Stream(Column(b"u", [None, i32(0, 1), b"5"])),
    "large text": Stream(Column(b"U", [None, i64(0, 1), b"5"])),
    "views": Stream(Column(b"vu", [None, view(b"5"), i64()])),
    "a dictionary": Stream(Column(b"c", [None, b"\0"], name=b"ownership", dictionary=WORDS)),
    "a decimal": Stream(Column(b"d:38,0", [None, i128(5)])),
    "nulls that are not counted": Stream(Column(b"l", [b"\1", i64(5)], null_count=-1)),
    "a null key beyond its dictionary": Stream(
        Column(b"c", [b"\1", b"\0\5"], 2, b"ownership", null_count=1, dictionary=WORDS), rows=2
    ),
}


def one(*args: object, **kwargs: object) -> Stream:
    """A stream of one row with a column."""
    return Stream(Column(*args, **kwargs))  # type: ignore[arg-type]


BAD = {
    "length below 0": one(b"l", [None, i64(5)], -1),
    "offset below 0": one(b"l", [None, i64(5)], offset=-1),
    "length beyond all memory": one(b"l", [None, i64(5)], 2**62),
    "offset beyond all memory": one(b"l", [None, i64(5)], offset=2**63 - 1),
    "batch of negative length": Stream(Column(b"l", [None, i64(5)]), batch={"length": -1}),
    "batch of negative offset": Stream(Column(b"l", [None, i64(5)]), batch={"offset": -1}),
    "batch longer than its columns": Stream(Column(b"l", [None, i64(5)]), batch={"length": 2}),
    "batch with an offset beyond its columns": Stream(
        Column(b"l", [None, i64(5)]), batch={"offset": 1}
    ),
    "rows that are null": Stream(
        Column(b"l", [None, i64(5)]), batch={"buffers": [b"\0"], "null_count": 1}
    ),
    "no buffer of values": one(b"l", [None, None]),
    "no buffers": one(b"l", [], buffers_null=True, n_buffers=2),
    "no buffer of offsets": one(b"u", [None, None, b"5"]),
    "no buffer of text": one(b"u", [None, i32(0, 1), None]),
    "no buffer of views": one(b"vu", [None, None, i64()]),
    "no buffer of bits": one(b"b", [None, None]),
    "too few buffers": one(b"l", [None]),
    "too many buffers": one(b"l", [None, i64(5), i64(5)]),
    "a negative count of buffers": one(b"l", [None, i64(5)], n_buffers=-1),
    "a negative count of buffers of views": one(b"vu", [None, view(b"5")], n_buffers=-3),
    "text without its text": one(b"u", [None, i32(0, 1)]),
    "offsets that go back": one(b"u", [None, i32(3, 1), b"555"]),
    "offsets that go back between": Stream(
        Column(b"u", [None, i32(0, 3, 1, 3), b"555"], 3), rows=3
    ),
    "offsets below 0": one(b"u", [None, i32(-1, 1), b"5"]),
    "offsets of 64 bits below 0": one(b"U", [None, i64(-1, 1), b"5"]),
    "offsets of 64 bits that go back": one(b"U", [None, i64(2, 1), b"55"]),
    "offsets that cut a letter": Stream(
        Column(b"u", [None, i32(0, 1, 3), "平".encode()], 2), rows=2
    ),
    "large offsets that cut a letter": Stream(
        Column(b"U", [None, i64(0, 2, 3), "平".encode()], 2), rows=2
    ),
    "text that is not UTF-8": one(b"u", [None, i32(0, 2), b"\xc6\xff"]),
    "large text that is not UTF-8": one(b"U", [None, i64(0, 2), b"\xc6\xff"]),
    "a short view that is not UTF-8": one(b"vu", [None, view(b"\xff"), i64()]),
    "a long view that is not UTF-8": one(b"vu", [None, view(b"\xff" * 20), b"\xff" * 20, i64(20)]),
    "a view into no buffer": one(b"vu", [None, view(LONG), i64()]),
    "a view into a buffer that is not there": one(
        b"vu", [None, view(LONG, buffer=7), LONG, i64(24)]
    ),
    "a view into a negative buffer": one(b"vu", [None, view(LONG, buffer=-1), LONG, i64(24)]),
    "a view beyond its buffer": one(b"vu", [None, view(LONG, offset=1), LONG, i64(24)]),
    "a view from before its buffer": one(b"vu", [None, view(LONG, offset=-1), LONG, i64(24)]),
    "a view of negative length": one(b"vu", [None, view(LONG, length=-5), LONG, i64(24)]),
    "a view of the greatest length": one(
        b"vu", [None, view(LONG, length=2**31 - 1), LONG, i64(24)]
    ),
    "a view with another beginning": one(
        b"vu", [None, view(b"other"[:4] + LONG[4:]), LONG, i64(24)]
    ),
    "a buffer of views of negative length": one(b"vu", [None, view(LONG), LONG, i64(-24)]),
    "a view that cuts a letter": one(
        b"vu", [None, view("平".encode() * 8, length=23), "平".encode() * 8, i64(24)]
    ),
    "nulls without a bitmap": one(b"l", [None, i64(5)], null_count=1),
    "nulls that are not counted, without a bitmap": one(b"l", [None, i64(5)], null_count=-1),
    "fewer nulls than none": one(b"l", [b"\1", i64(5)], null_count=-2),
    "more nulls than there are": one(b"l", [b"\1", i64(5)], null_count=1),
    "more nulls than rows": one(b"l", [b"\0", i64(5)], null_count=9),
    "a column that was released": one(b"l", [None, i64(5)], released=True),
    "a decimal of 39 digits": one(b"d:38,0", [None, i128(10**38)]),
    "a negative decimal of 39 digits": one(b"d:38,0", [None, i128(-(10**38))]),
    "a column that is not there": Stream(
        Column(b"l", [None, i64(5)]), batch={"children": [None, None]}
    ),
    "a batch without columns": Stream(
        Column(b"l", [None, i64(5)]), batch={"children": [], "n_children": 0}
    ),
    "a negative count of columns": Stream(Column(b"l", [None, i64(5)]), batch={"n_children": -1}),
    "a schema with a negative count of columns": Stream(
        Column(b"l", [None, i64(5)]), top={"n_children": -1}
    ),
    "a schema without its columns": Stream(
        Column(b"l", [None, i64(5)]), top={"children": [None, None]}
    ),
    "a schema that is no table": Stream(Column(b"l", [None, i64(5)]), top={"format": b"l"}),
    "a schema without a format": Stream(Column(b"l", [None, i64(5)]), top={"format": None}),
    "a column without a format": one(None, [None, i64(5)]),
    "a format that is not UTF-8": one(b"\xff", [None, i64(5)]),
    "a name that is not UTF-8": one(b"l", [None, i64(5)], name=b"\xc6\xff"),
    "metadata of negative length": one(b"l", [None, i64(5)], metadata=i32(-1)),
    "metadata of a negative key": one(b"l", [None, i64(5)], metadata=i32(1, -1)),
    "a dictionary that is not there": one(b"c", [None, b"\0"], schema_dictionary=WORDS),
    "a dictionary of dictionaries": one(
        b"c", [None, b"\0"], dictionary=Column(b"c", [None, b"\0"], dictionary=WORDS)
    ),
    "a dictionary that is not UTF-8": one(
        b"c", [None, b"\0"], dictionary=Column(b"u", [None, i32(0, 1), b"\xff"])
    ),
    "a dictionary that was released": one(
        b"c", [None, b"\0"], dictionary=Column(b"u", [None, i32(0, 1), b"5"], released=True)
    ),
    "a stream without get_schema": Stream(without="get_schema"),
    "a stream without get_next": Stream(without="get_next"),
} | {
    f"a key of {8 * width} bits beyond its dictionary ({key.hex()})": one(
        keys, [None, key], dictionary=WORDS
    )
    for keys, width in zip(
        (b"c", b"C", b"s", b"S", b"i", b"I", b"l", b"L"), (1, 1, 2, 2, 4, 4, 8, 8), strict=True
    )
    for key in (b"\1".ljust(width, b"\0"), b"\xff" * width)
}

# Types that hold neither figures nor keys.
TYPES = (b"w:4", b"ttm", b"tDm", b"d:39,0", b"d:76,2,256", b"e", b"nonsense", b"", b"d:x", b"+l")

BROKEN = {
    "the schema, with a reason": (Stream(schema_fails=True), "the disk is gone"),
    "a batch, with a reason": (Stream(next_fails=True), "the disk is gone"),
    "the schema, without a reason": (Stream(schema_fails=True, reason=None), "no reason"),
    "a batch, without a reason": (Stream(next_fails=True, reason=None), "no reason"),
    "a reason that is not UTF-8": (Stream(next_fails=True, reason=b"\xff"), "broke off"),
    "without get_last_error": (Stream(next_fails=True, without="get_last_error"), "no reason"),
}

ASK = """
import faulthandler
faulthandler.enable()
import zhibiao as zb
from test_malformed_arrow import STREAMS
try:
    zb.check(STREAMS[NAME])
except zb.ZhibiaoError as error:
    print(type(error).__name__, error.code)
except TypeError as error:
    print("TypeError", error)
else:
    print("read")
"""

STREAMS = BAD | GOOD


def asked(name: str) -> str:
    """What becomes of a stream, in a process of its own."""
    return said(python(ASK.replace("NAME", repr(name))))


@pytest.mark.parametrize("name", BAD)
def test_malformed_data_is_refused(name: str) -> None:
    assert asked(name) == "TableError bad-arrow"


@pytest.mark.parametrize("name", GOOD)
def test_data_that_follow_the_specification_are_read(name: str) -> None:
    assert asked(name) == "read"


def test_no_rows_need_no_buffers() -> None:
    stream = Stream(Column(b"u", [None, None, None], 0), rows=0)
    with pytest.raises(zb.TableError) as caught:
        zb.check(stream)
    assert caught.value.code == "empty-table"


@pytest.mark.parametrize("format", TYPES)
def test_a_type_without_figures_or_keys_is_named(format: bytes) -> None:  # noqa: A002
    with pytest.raises(zb.TableError) as caught:
        zb.compute(one(format, [None, i128(5)]), "projects.total", catalog=TOTAL)
    assert caught.value.code == "column-type"
    assert caught.value.details["column"] == "projects"


@pytest.mark.parametrize("format", TYPES)
def test_such_a_type_is_passed_over_where_nothing_asks_for_it(format: bytes) -> None:  # noqa: A002
    zb.check(one(format, [None, i128(5)], name=b"remark"))


@pytest.mark.parametrize("name", BROKEN)
def test_a_stream_that_breaks_off_tells_why(name: str) -> None:
    stream, reason = BROKEN[name]
    with pytest.raises(zb.TableError, match=reason) as caught:
        zb.check(stream)
    assert caught.value.code == "stream-broken"


def test_a_stream_that_was_released_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="consumed"):
        zb.check(Stream(released=True))


def test_what_gives_no_capsule_is_a_type_error() -> None:
    class Odd:
        def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
            return 5

    with pytest.raises(TypeError):
        zb.check(Odd())


rows = st.integers(0, 6)
some_bytes = st.binary(min_size=256, max_size=256)
small = st.lists(st.integers(-3, 40), min_size=32, max_size=32)


@st.composite
def column(draw: st.DrawFn) -> Column:
    """A column of any layout: sane sizes, and anything in it."""
    length, offset = draw(rows), draw(rows)
    bits = draw(some_bytes)
    numbers = draw(small)
    narrow, wide, text = i32(*numbers), i64(*numbers), draw(st.binary(min_size=64, max_size=64))
    views = b"".join(
        draw(st.binary(min_size=16, max_size=16)) if n % 3 else view(text, length=n, offset=n % 7)
        for n in numbers
    )
    words = Column(b"u", [None, narrow, text], draw(rows))
    formats = {
        b"u": [bits, narrow, text],
        b"z": [bits, narrow, text],
        b"U": [bits, wide, text],
        b"vu": [bits, views, text, i64(len(text))],
        b"vz": [bits, views, text, i64(len(text))],
        b"c": [bits, draw(some_bytes)],
        b"L": [bits, wide],
        b"d:38,2": [bits, draw(some_bytes)],
        b"b": [bits, draw(some_bytes)],
        b"g": [bits, draw(some_bytes)],
    }
    format = draw(st.sampled_from(list(formats)))  # noqa: A001
    dictionary = words if format in {b"c", b"L"} and draw(st.booleans()) else None
    nulls = draw(st.sampled_from([-1, 0, 1, 2]))
    return Column(
        format, formats[format], length, offset=offset, null_count=nulls, dictionary=dictionary
    )


@settings(
    max_examples=300,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(column())
def random_columns_are_read_or_refused(made: Column) -> None:
    try:
        zb.check(Stream(made, rows=made.length))
    except zb.TableError as error:
        assert error.code in {"bad-arrow", "column-type", "empty-table"}  # noqa: PT017


def test_random_buffers_never_end_the_process() -> None:
    said(python("import test_malformed_arrow as t; t.random_columns_are_read_or_refused()"))
