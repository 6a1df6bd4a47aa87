"""Any frame goes in without copying and gives the same answer, and answers go out as any frame."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import datafusion
import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import zhibiao as zb
from zhibiao import _native

AREAS = ["140728", "140729", "140727"]
CHILDREN = [10000, 800, None]
PUBLIC = [4999, 600, 5]
SHARE = "preschool.public_share"

FRAME = pl.DataFrame({"area": AREAS, "children": CHILDREN, "children_public": PUBLIC})
ARROW = pa.table({"area": AREAS, "children": CHILDREN, "children_public": PUBLIC})
PANDAS = pd.DataFrame(
    {"area": AREAS, "children": pd.array(CHILDREN, dtype="Int64"), "children_public": PUBLIC}
)
WANTED = [("140727", None, "missing"), ("140728", "50.0", "ok"), ("140729", "75.0", "ok")]


def answer(frame: Any, **options: Any) -> list[tuple[str, str | None, str]]:
    """Area, text and status of each row."""
    table = zb.compute(frame, SHARE, **options).to_polars()
    return table.select("area", "display", "status").rows()


def cast(column: str, type: Any) -> pl.DataFrame:  # noqa: A002
    """The frame with a column of another type."""
    return FRAME.with_columns(pl.col(column).cast(type))


def arrow(column: str, type: pa.DataType) -> pa.Table:  # noqa: A002
    """The table with a column of another type."""
    place = ARROW.schema.get_field_index(column)
    values = ARROW[column].combine_chunks()
    if pa.types.is_dictionary(type):
        encoded = values.dictionary_encode()
        indices = encoded.indices.cast(type.index_type)
        values = pa.DictionaryArray.from_arrays(indices, encoded.dictionary.cast(type.value_type))
    else:
        values = values.cast(type)
    return ARROW.set_column(place, column, values)


def relation(sql: str) -> duckdb.DuckDBPyRelation:
    """A relation of DuckDB over the frame."""
    connection = duckdb.connect()
    connection.register("frame", ARROW)
    return connection.sql(sql)


def uncounted() -> pa.Table:
    """A table that has not counted its nulls."""
    arrays = []
    for name in ARROW.column_names:
        array = ARROW[name].combine_chunks()
        arrays.append(pa.Array.from_buffers(array.type, len(array), array.buffers(), null_count=-1))
    return pa.table(arrays, names=ARROW.column_names)


def session() -> Any:
    """The frame in DataFusion."""
    return datafusion.SessionContext().from_arrow(ARROW)


KEYS = {str(width): width for width in (pa.int8(), pa.int16(), pa.int32(), pa.int64())}
KEYS |= {str(width): width for width in (pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64())}

IN: dict[str, Callable[[], Any]] = (
    {
        "polars": lambda: FRAME,
        "polars, in chunks": lambda: pl.concat([FRAME[:1], FRAME[1:2], FRAME[2:]], rechunk=False),
        "polars, sliced": lambda: pl.concat([FRAME, FRAME, FRAME])[3:6],
        "polars, lazy": FRAME.lazy,
        "polars, lazy and filtered": lambda: (
            pl.concat([FRAME, FRAME.with_columns(area=None)])
            .lazy()
            .filter(pl.col("area").is_not_null())
        ),
        "polars Categorical": lambda: cast("area", pl.Categorical),
        "polars Enum": lambda: cast("area", pl.Enum(AREAS)),
        "polars Binary beside": lambda: FRAME.with_columns(x=pl.lit(b"x")),
        "polars integer areas": lambda: cast("area", pl.Int64),
        "polars Decimal": lambda: cast("children", pl.Decimal(20, 2)),
        "polars Int128": lambda: cast("children", pl.Int128),
        "polars UInt64": lambda: cast("children", pl.UInt64),
        "polars Int8 and Int16": lambda: cast("children", pl.Int16),
        "polars Float64": lambda: cast("children", pl.Float64),
        "polars Float32": lambda: cast("children", pl.Float32),
        "polars text": lambda: cast("children", pl.String),
        "polars Boolean beside": lambda: FRAME.with_columns(checked=pl.lit(value=True)),
        "polars Null beside": lambda: FRAME.with_columns(nothing=pl.lit(None)),
        "pandas": lambda: PANDAS,
        "pandas str": lambda: PANDAS.astype({"area": "str"}),
        "pandas object": lambda: PANDAS.astype({"area": "object"}),
        "pandas category": lambda: PANDAS.astype({"area": "category"}),
        "pandas float with NaN": lambda: PANDAS.astype({"children": "float64"}),
        "pandas with areas as index": lambda: PANDAS.set_index("area"),
        "pandas with its rows sorted": lambda: PANDAS.sort_values("area"),
        "pandas of pyarrow": lambda: ARROW.to_pandas(types_mapper=pd.ArrowDtype),
        "pyarrow": lambda: ARROW,
        "pyarrow, as a reader": ARROW.to_reader,
        "pyarrow, a batch": lambda: ARROW.to_batches()[0],
        "pyarrow, in chunks": lambda: pa.concat_tables([ARROW[:1], ARROW[1:]]),
        "pyarrow, sliced": lambda: pa.concat_tables([ARROW, ARROW]).combine_chunks()[3:],
        "pyarrow, sliced batches": lambda: pa.Table.from_batches(
            [
                batch.slice(1)
                for batch in pa.concat_tables([ARROW[:1], ARROW]).combine_chunks().to_batches()
            ]
        ),
        "pyarrow, nulls not counted": uncounted,
        "pyarrow large text": lambda: arrow("area", pa.large_string()),
        "pyarrow text views": lambda: arrow("area", pa.string_view()),
        "pyarrow decimal128": lambda: arrow("children", pa.decimal128(30, 2)),
        "DuckDB": lambda: relation("select * from frame"),
        "DuckDB sums (HUGEINT)": lambda: relation(
            "select area, sum(children) children, sum(children_public) children_public "
            "from frame group by area"
        ),
        "DuckDB DECIMAL": lambda: relation(
            "select * replace (children::decimal(18, 2) as children) from frame"
        ),
        "DuckDB ENUM": lambda: relation(
            "select * replace (area::enum('140727', '140728', '140729') as area) from frame"
        ),
        "narwhals of polars": lambda: nw.from_native(FRAME),
        "narwhals of pandas": lambda: nw.from_native(PANDAS),
        "narwhals of pandas with areas as index": lambda: nw.from_native(PANDAS.set_index("area")),
        "narwhals of pyarrow": lambda: nw.from_native(ARROW),
        "narwhals, lazy, of polars": lambda: nw.from_native(FRAME.lazy()),
        "narwhals, lazy, of DuckDB": lambda: nw.from_native(relation("select * from frame")),
        "datafusion": session,
        "a dict": lambda: FRAME.to_dict(as_series=False),
        "a list of dicts": FRAME.to_dicts,
        "a dict of Decimals": lambda: (
            FRAME.to_dict(as_series=False) | {"children": [Decimal(10000), Decimal(800), None]}
        ),
    }
    | {
        f"pyarrow dictionary by {name}": lambda width=width: arrow(
            "area", pa.dictionary(width, pa.string())
        )
        for name, width in KEYS.items()
    }
    | {
        f"pyarrow dictionary of {text}": lambda text=text: arrow(
            "area", pa.dictionary(pa.int32(), text)
        )
        for text in (pa.large_string(), pa.string_view())
    }
)


@pytest.mark.parametrize("name", IN)
def test_any_frame_gives_the_same_answer(name: str) -> None:
    assert answer(IN[name]()) == WANTED


@pytest.mark.parametrize("name", IN)
def test_any_frame_is_checked(name: str) -> None:
    assert len(zb.check(IN[name]())) == len(zb.check(FRAME))


@pytest.mark.parametrize("name", IN)
def test_any_frame_is_judged(name: str) -> None:
    verdicts = zb.judge(IN[name](), "preschool-2020", SHARE).to_polars()
    assert verdicts["verdict"].to_list() == ["unknown", "fails", "meets"]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("form", [str, Path])
def test_files_are_read(kind: str, form: Callable[[Path], Any], tmp_path: Path) -> None:
    path = tmp_path / f"平遥 县.{kind}"
    getattr(FRAME, f"write_{kind}")(path)
    assert answer(form(path)) == WANTED
    assert answer([form(path)]) == WANTED


def test_files_of_one_table_have_columns_of_one_type(tmp_path: Path) -> None:
    FRAME[:1].write_csv(tmp_path / "a.csv")
    FRAME[1:].write_parquet(tmp_path / "b.parquet")
    with pytest.raises(zb.TableError, match=r"b\.parquet"):
        answer([tmp_path / "a.csv", str(tmp_path / "b.parquet")])


def test_a_reader_is_read_once() -> None:
    reader = ARROW.to_reader()
    answer(reader)
    with pytest.raises((zb.ZhibiaoError, TypeError)):
        answer(reader)


def test_the_frame_is_as_it_was() -> None:
    before = FRAME.clone()
    answer(FRAME)
    assert FRAME.equals(before)


class Capsule:
    """A stream as an object that pyarrow imports."""

    def __init__(self, capsule: object) -> None:
        self.capsule = capsule

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.capsule


def addresses(table: pa.Table, column: str) -> list[int]:
    """Where the values of each chunk lie."""
    return [chunk.buffers()[1].address for chunk in table[column].chunks]


@pytest.mark.parametrize("type", [pa.int64(), pa.float64()])
@pytest.mark.parametrize("chunks", [1, 3])
def test_nothing_is_copied(type: pa.DataType, chunks: int) -> None:  # noqa: A002
    one = [pa.array(range(start, start + 1000), pa.int64()).cast(type) for start in range(chunks)]
    table = pa.table(
        {"area": pa.chunked_array([["140728"] * 1000] * chunks), "x": pa.chunked_array(one)}
    )
    back = pa.table(Capsule(_native.round_trip(lambda: table)))
    assert addresses(back, "x") == addresses(table, "x")
    assert back["x"].to_pylist() == table["x"].to_pylist()


OUT: dict[str, Callable[[Any], list[str | None]]] = {
    "polars": lambda table: pl.DataFrame(table)["display"].to_list(),
    "pyarrow": lambda table: pa.table(table)["display"].to_pylist(),
    "pyarrow reader": lambda table: (
        pa.RecordBatchReader.from_stream(table).read_all()["display"].to_pylist()
    ),
    "pandas": lambda table: [
        None if pd.isna(text) else text for text in pd.DataFrame.from_arrow(table)["display"]
    ],
    "DuckDB": lambda table: [
        row[0] for row in duckdb.connect().from_arrow(pa.table(table)).project("display").fetchall()
    ],
    "narwhals of polars": lambda table: nw.from_arrow(table, backend="polars")["display"].to_list(),
    "narwhals of pyarrow": lambda table: nw.from_arrow(table, backend="pyarrow")[
        "display"
    ].to_list(),
    "to_polars": lambda table: table.to_polars()["display"].to_list(),
    "to_arrow": lambda table: table.to_arrow()["display"].to_pylist(),
    "to_pandas": lambda table: [
        None if pd.isna(text) else text for text in table.to_pandas()["display"]
    ],
}


@pytest.mark.parametrize("name", OUT)
def test_answers_go_out_as_any_frame(name: str) -> None:
    assert OUT[name](zb.compute(FRAME, SHARE)) == [None, "50.0", "75.0"]


@pytest.mark.parametrize(
    "table",
    [zb.compute(FRAME, SHARE), zb.judge(FRAME, "preschool-2020"), zb.check(FRAME)],
    ids=lambda table: type(table).__name__,
)
def test_every_answer_is_the_same_frame_each_time(table: Any) -> None:
    assert pl.DataFrame(table).equals(table.to_polars())
    assert pl.DataFrame(table).equals(pl.DataFrame(pa.table(table)))
    assert len(table) == table.to_polars().height


EMPTY = {
    "no columns": pl.DataFrame(),
    "no rows": FRAME[:0],
    "no rows, lazy": FRAME[:0].lazy(),
    "no rows, pandas": PANDAS[:0],
    "no rows, pyarrow": ARROW[:0],
    "no batches, pyarrow": ARROW.schema.empty_table(),
    "no columns, pyarrow": pa.table({}),
    "no columns, pandas": pd.DataFrame(),
    "no columns, a dict": {},
    "empty lists": {"area": [], "children": [], "children_public": []},
}


@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_table_is_refused_by_name(name: str) -> None:
    for ask in (lambda frame: zb.compute(frame, SHARE), zb.check):
        with pytest.raises(zb.TableError) as caught:
            ask(EMPTY[name])
        assert caught.value.code in {"empty-table", "missing-column"}


BESIDE: dict[str, Any] = {
    "a list": pl.Series([[1], [2], [3]]),
    "an array": pl.Series([[1], [2], [3]], dtype=pl.Array(pl.Int64, 1)),
    "a struct": pl.Series([{"a": 1}] * 3),
    "binary": pl.Series([b"x"] * 3),
    "a time": pl.Series([0] * 3, dtype=pl.Time),
    "a duration": pl.Series([0] * 3, dtype=pl.Duration),
    "a date": pl.Series([0] * 3, dtype=pl.Date),
    "a moment": pl.Series([0] * 3, dtype=pl.Datetime("ms", "Asia/Shanghai")),
}


@pytest.mark.parametrize("name", BESIDE)
@pytest.mark.parametrize("lazy", [False, True])
def test_a_column_that_nobody_asked_for_is_passed_over(name: str, lazy: bool) -> None:  # noqa: FBT001
    frame = FRAME.with_columns(BESIDE[name].alias("备注"))
    assert answer(frame.lazy() if lazy else frame) == WANTED


def test_a_lazy_frame_that_fails_tells_why() -> None:
    with pytest.raises((zb.TableError, pl.exceptions.PolarsError), match="nowhere"):
        answer(FRAME.lazy().select("nowhere"))


@pytest.mark.parametrize(
    "columns",
    [
        {"area": AREAS, "children": [1]},
        {"area": ["140728"], "children": [object()], "children_public": [1]},
    ],
)
def test_data_that_make_no_table_are_refused(columns: dict[str, Any]) -> None:
    with pytest.raises(zb.TableError) as caught:
        answer(columns)
    assert caught.value.code in {"unreadable-table", "column-type"}


@pytest.mark.parametrize("frame", [None, 5, object(), [], [1], ["a.csv", {}], {"a.csv"}])
def test_what_is_no_table_is_refused(frame: Any) -> None:
    with pytest.raises(zb.RequestError) as caught:
        answer(frame)
    assert caught.value.code == "no-table"


def test_a_dictionary_without_values_holds_nothing() -> None:
    keys = pa.array([None, None], pa.int8())
    empty = pa.DictionaryArray.from_arrays(keys, pa.array([], pa.string()))
    table = pa.table({"area": empty, "projects": [1, 1], "projects_done": [1, 1]})
    found = zb.compute(table, "projects.completion").findings
    assert [finding.code for finding in found] == ["missing-key", "missing-key"]


def test_metadata_of_another_library_are_not_trusted() -> None:
    metadata = {"_PL_ENUM_VALUES2": "6;140999", "ARROW:extension:name": "some.where"}
    field = pa.field("area", pa.dictionary(pa.uint8(), pa.string()), metadata=metadata)
    areas = pa.array(["140728", "140729"]).dictionary_encode().cast(field.type)
    schema = pa.schema([field, ("projects", pa.int64()), ("projects_done", pa.int64())])
    table = pa.table([areas, [4, 4], [1, 2]], schema=schema)
    rows = zb.compute(table, "projects.completion").to_polars()
    assert rows.select("area", "value").rows() == [("140728", 25.0), ("140729", 50.0)]


def test_columns_of_one_name_are_refused() -> None:
    with pytest.raises(zb.TableError) as caught:
        zb.check(pa.table([["140728"], [1], [2]], names=["area", "projects", "projects"]))
    assert (caught.value.code, caught.value.details["column"]) == ("duplicate-column", "projects")


def test_a_frame_that_was_taken_out_can_be_changed() -> None:
    table = zb.compute(
        {"area": ["140728"], "projects": [4], "projects_done": [1]}, "projects.completion"
    )
    table.to_polars().drop_in_place("area")
    assert "area" in table.to_polars().columns


def test_verdicts_tell_the_findings_of_their_table() -> None:
    county = {"area": ["140728"], "children": [10], "children_public": [-5]}
    verdicts = zb.judge(county, "preschool-2020", "preschool.public_share")
    assert [finding.code for finding in verdicts.findings] == ["negative-count"]
    assert "negative-count" in repr(verdicts)
    assert "negative-count" in verdicts._repr_html_()


def test_a_frame_that_cannot_be_a_stream_is_named() -> None:
    frame = pd.DataFrame({"area": ["140728", "140729"], "children": [1, "x"]})
    with pytest.raises(zb.TableError, match="children") as caught:
        zb.check(frame)
    assert caught.value.code == "unreadable-table"
    assert isinstance(caught.value.__cause__, pa.ArrowInvalid)
