"""Long work: other threads go on, a person can stop it, progress is told, memory stays small."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
import typing
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

import polars as pl
import pytest
import zhibiao as zb
from conftest import python, said
from jupyter_client.manager import start_new_kernel

DONE = "projects.completion"
COUNTY = {"area": ["140728"], "projects": [60], "projects_done": [52]}

# A table that takes a while and little memory: `times` times the same million rows.
PANEL = """
import polars as pl
import zhibiao as zb
areas = zb.Areas.builtin()
codes = pl.Series([int(code) for code in areas.codes() if areas.tier(code) == "county"])
def panel(times, rows=1_000_000):
    part = pl.select(
        area=pl.lit(codes).gather(pl.int_range(rows) % len(codes)),
        projects=pl.int_range(rows) % 7 + 1,
        projects_done=pl.lit(1, pl.Int64),
    )
    return pl.concat([part.lazy()] * times)
def work(frame, **options):
    return zb.compute(frame, "projects.completion", records=True, **options)
"""
# So many rows are more than half a minute of work.
LONG = 3000


def panel(times: int) -> pl.LazyFrame:
    """The table, here."""
    names: dict[str, Any] = {}
    exec(PANEL, names)
    made: pl.LazyFrame = names["panel"](times)
    return made


def test_other_threads_go_on() -> None:
    counted = 0
    done = threading.Event()

    def count() -> None:
        nonlocal counted
        while not done.is_set():
            counted += 1
            time.sleep(0.001)

    thread = threading.Thread(target=count)
    frame = panel(60)
    thread.start()
    began = time.perf_counter()
    zb.compute(frame, DONE, records=True)
    took = time.perf_counter() - began
    done.set()
    thread.join()
    assert took > 0.1, "too short to tell"
    assert counted > 100 * took


@pytest.mark.parametrize("frame", ["panel(LONG)", "panel(40).collect()"], ids=["lazy", "collected"])
def test_an_interrupt_stops_long_work(frame: str) -> None:
    script = f"""
import resource, signal, sys, threading, time, os
{PANEL}
LONG = {LONG}
frame = {frame}
times = {{}}
def interrupt():
    time.sleep({"1" if "LONG" in frame else "0.1"})
    times["sent"] = time.perf_counter()
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=interrupt).start()
caught = 0
try:
    work(frame)
except KeyboardInterrupt:
    caught += 1
waited = time.perf_counter() - times["sent"]
time.sleep(1)
before = time.process_time()
time.sleep(1)
print(caught, waited, time.process_time() - before)
"""
    caught, waited, busy = said(python(script)).split()
    assert int(caught) == 1
    assert float(waited) < 0.25
    assert float(busy) < 0.2, "the work goes on"


def test_an_interrupted_script_tells_one_exception() -> None:
    script = f"{PANEL}\nprint('begun', flush=True)\nwork(panel({LONG}))"
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        time.sleep(1)
        sent = time.perf_counter()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
        # The interpreter, too, takes a moment to leave.
        assert time.perf_counter() - sent < 2
    assert errors.count("Traceback") == 1
    assert errors.rstrip().endswith("KeyboardInterrupt")
    assert "panicked" not in errors


def test_a_notebook_can_be_interrupted() -> None:
    manager, client = start_new_kernel(
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    )
    try:
        asked = client.execute(PANEL, reply=True, timeout=60)
        assert asked["content"]["status"] == "ok", asked
        request = client.execute(f"work(panel({LONG}))")
        time.sleep(1.5)
        sent = time.perf_counter()
        manager.interrupt_kernel()
        reply = reply_to(client, request)
        waited = time.perf_counter() - sent
        assert reply["content"]["ename"] == "KeyboardInterrupt"
        assert waited < 1
        request = client.execute("1 + 1")
        assert reply_to(client, request)["content"]["status"] == "ok"
        shown = messages(client, request)
        assert [it["msg_type"] for it in shown].count("error") == 1
        (result,) = [it for it in shown if it["msg_type"] == "execute_result"]
        assert result["content"]["data"]["text/plain"] == "2"
        measure = (
            "import time; t = time.process_time(); time.sleep(1); time.process_time() - t < 0.3"
        )
        request = client.execute(measure)
        reply_to(client, request)
        (result,) = [it for it in messages(client, request) if it["msg_type"] == "execute_result"]
        assert result["content"]["data"]["text/plain"] == "True", "the work goes on"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def reply_to(client: Any, request: str) -> dict[str, Any]:
    """The reply to a request."""
    while True:
        reply: dict[str, Any] = client.get_shell_msg(timeout=30)
        if reply["parent_header"].get("msg_id") == request:
            return reply


def messages(client: Any, request: str) -> list[dict[str, Any]]:
    """What was shown until a request was done."""
    shown = []
    while True:
        try:
            message = client.get_iopub_msg(timeout=10)
        except queue.Empty:
            return shown
        shown.append(message)
        idle = message["content"].get("execution_state") == "idle"
        if idle and message["parent_header"].get("msg_id") == request:
            return shown


@pytest.mark.parametrize("collect", [False, True])
def test_progress_grows_to_all_rows(collect: bool) -> None:  # noqa: FBT001
    told: list[tuple[int, int | None]] = []
    frame = panel(40).collect() if collect else panel(40)
    zb.compute(frame, DONE, records=True, progress=lambda *rows: told.append(rows))
    done = [rows for rows, _ in told]
    assert done == sorted(done)
    assert len(set(done)) > 2, "told but once"
    assert told[-1] == (40_000_000, 40_000_000)
    assert all(total is None or total >= rows for rows, total in told)


@pytest.mark.parametrize(
    "ask",
    [
        lambda told: zb.compute(COUNTY, DONE, progress=told),
        lambda told: zb.judge(COUNTY, "preschool-2020", progress=told),
        lambda told: zb.check(COUNTY, progress=told),
    ],
    ids=["compute", "judge", "check"],
)
def test_short_work_is_told_at_its_end(ask: Any) -> None:
    told: list[tuple[int, int | None]] = []
    ask(lambda *rows: told.append(rows))
    assert told[-1] == (1, 1)


def test_what_a_progress_function_raises_comes_out() -> None:
    class Enough(Exception):  # noqa: N818
        pass

    def enough(_done: int, _total: int | None) -> None:
        raise Enough

    began = time.perf_counter()
    with pytest.raises(Enough):
        zb.compute(panel(LONG), DONE, records=True, progress=enough)
    assert time.perf_counter() - began < 5
    with pytest.raises(Enough):
        zb.compute(COUNTY, DONE, progress=enough)


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_a_file_is_read_piece_by_piece(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"panel.{ending}"
    getattr(panel(4).collect(), f"write_{ending}")(file)
    told: list[tuple[int, int | None]] = []
    zb.compute(file, DONE, records=True, progress=lambda *rows: told.append(rows))
    done = [rows for rows, _ in told]
    assert done == sorted(done)
    assert len(set(done)) > 2, "told but once"
    assert told[-1] == (4_000_000, 4_000_000)

    class Enough(Exception):  # noqa: N818
        pass

    def enough(done: int, _total: int | None) -> None:
        assert done < 4_000_000, "asked only at the end"
        raise Enough

    with pytest.raises(Enough):
        zb.compute(file, DONE, records=True, progress=enough)


def test_true_shows_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    bars: list[Any] = []

    class Bar:
        def __init__(self, **options: Any) -> None:
            self.n, self.total, self.options, self.closed = 0, None, options, False
            bars.append(self)

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            self.closed = True

        def update(self, rows: int) -> None:
            assert rows >= 0
            self.n += rows

        def close(self) -> None:
            self.closed = True

        def refresh(self) -> None:
            pass

    monkeypatch.setattr("tqdm.auto.tqdm", Bar)
    zb.compute(panel(20), DONE, records=True, progress=True)
    (bar,) = bars
    assert (bar.n, bar.total, bar.closed) == (20_000_000, 20_000_000, True)


def test_no_bar_is_shown_for_short_work(capfd: pytest.CaptureFixture[str]) -> None:
    zb.compute(COUNTY, DONE, progress=True)
    assert capfd.readouterr().err.strip() == ""


def test_a_bar_without_tqdm_tells_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with pytest.raises(ImportError, match=r"zhibiao\[progress\]"):
        zb.compute(COUNTY, DONE, progress=True)


CHILD = """
import multiprocessing as mp, os, sys, warnings
import zhibiao as zb
COUNTY = {"area": ["140728"], "projects": [60], "projects_done": [52]}
def ask(_):
    try:
        return zb.compute(COUNTY, "projects.completion").to_polars()["display"].item()
    except zb.ForkedProcessError as error:
        return f"{type(error).__name__} {error.code} {bool(error.remedy)}"
"""


def test_a_fork_after_use_is_refused_and_does_not_hang() -> None:
    script = f"""
{CHILD}
warnings.simplefilter("ignore")
assert ask(0) == "86.7"
child = os.fork()
if child == 0:
    print(ask(0), flush=True)
    os._exit(0)
os.waitpid(child, 0)
assert ask(0) == "86.7"
"""
    assert said(python(script, timeout=20)) in {"86.7", "ForkedProcessError forked True"}


@pytest.mark.parametrize("used", [False, True])
def test_a_pool_of_forks_does_not_hang(used: bool) -> None:  # noqa: FBT001
    script = f"""
{CHILD}
warnings.simplefilter("ignore")
if {used}:
    ask(0)
with mp.get_context("fork").Pool(2) as pool:
    print(set(pool.map_async(ask, range(4)).get(timeout=15)))
"""
    answers = {"{'86.7'}", "{'ForkedProcessError forked True'}"}
    assert said(python(script, timeout=30)) in answers


def test_a_pool_of_new_processes_answers(tmp_path: Any) -> None:
    script = tmp_path / "pool.py"
    script.write_text(f"""{CHILD}
if __name__ == "__main__":
    assert ask(0) == "86.7"
    with mp.get_context("spawn").Pool(2) as pool:
        print(pool.map_async(ask, range(2)).get(timeout=40))
""")
    done = subprocess.run(
        [sys.executable, script],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert said(done) == "['86.7', '86.7']"


def test_threads_at_once_give_right_answers() -> None:
    def ask(done: int) -> str:
        frame = COUNTY | {"projects_done": [done]}
        display: str = zb.compute(frame, DONE).to_polars()["display"].item()
        return display

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, [52, 60, 30] * 50))
    assert answers == ["86.7", "100.0", "50.0"] * 50
    long = panel(10)
    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(lambda _: zb.compute(long, DONE, records=True).to_polars(), range(2))
    assert one.equals(two)


def peak(times: int) -> tuple[float, float]:
    """Memory in MB that computing adds at its peak, and size of the table in MB."""
    script = f"""
import resource
{PANEL}
def used():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
def big(rows):
    # Rows are made as they are asked for, from an index alone.
    made = pl.LazyFrame({{"x": range(1000)}}).select(pl.col("x").cast(pl.Int32))
    made = made.join(pl.LazyFrame({{"y": range(rows // 1000)}}), how="cross")
    return made.select(
        area=pl.lit(140728, pl.Int64),
        school=pl.col("x") + 1,
        projects=pl.col("y").cast(pl.Int64) % 7 + 1,
        projects_done=pl.lit(1, pl.Int64),
    )
work(panel(1, rows=1000))
before = used()
rows = {times} * 1_000_000
table = work(big(rows))
print(used() - before, rows * (8 + 4 + 8 + 8) / 2**20)
"""
    more, size = map(float, said(python(script, timeout=300)).split())
    return more, size


def test_a_lazy_frame_is_not_held_whole() -> None:
    more, size = peak(20)
    assert more < size / 2, f"{more:.0f} MB for {size:.0f} MB of rows"


@pytest.mark.skipif("ZHIBIAO_SLOW" not in os.environ, reason="set ZHIBIAO_SLOW to run it")
def test_a_large_lazy_frame_is_not_held_whole() -> None:
    more, size = peak(50)
    assert more < size / 5, f"{more:.0f} MB for {size:.0f} MB of rows"


def test_the_error_of_the_run_comes_before_that_of_its_progress() -> None:
    def told(done: int, total: int | None) -> None:
        raise ValueError(done, total)

    with pytest.raises(zb.TableError):
        zb.compute({"area": ["140728"]}, "projects.completion", progress=told)


def test_an_interpreter_ends_in_order_after_an_interrupt() -> None:
    code = """
import os, signal, threading, time
import pyarrow as pa
import zhibiao as zb

def batches():
    while True:
        time.sleep(0.05)
        yield pa.record_batch({"area": ["140728"], "projects": [1], "projects_done": [1]})

schema = pa.schema({"area": pa.string(), "projects": pa.int64(), "projects_done": pa.int64()})
threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    zb.compute(pa.RecordBatchReader.from_batches(schema, batches()), "projects.completion")
except KeyboardInterrupt:
    print("interrupted")
"""
    assert said(python(code)) == "interrupted"


def test_types_of_attributes_are_known() -> None:
    for name in zb.__all__:
        typing.get_type_hints(getattr(zb, name))
