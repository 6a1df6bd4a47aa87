"""Progress of long work, on a bar or to a function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from zhibiao.errors import bad_option
from zhibiao.language import get_lang

Told = Callable[[int, int | None], object]

# Work that is done before that needs no bar.
DELAY = 0.5


@contextmanager
def told(progress: bool | Told | None) -> Iterator[Told | None]:  # noqa: FBT001
    """What is told of rows done and rows there are, while work goes on.

    Args:
        progress: True for a tqdm bar, a function of both numbers, or None.
    """
    if progress is None or progress is False:
        yield None
    elif callable(progress):
        yield progress
    elif progress is True:
        with _tqdm() as bar:
            yield bar
    else:
        option = "progress"
        raise bad_option(option, progress, "True, or a function of rows done and rows there are")


@contextmanager
def _tqdm() -> Iterator[Told]:
    try:
        from tqdm.auto import tqdm  # noqa: PLC0415
    except ImportError as error:
        message = "progress=True needs tqdm: pip install 'zhibiao[progress]'"
        raise ImportError(message) from error
    unit = "行" if get_lang() == "zh" else " rows"
    with tqdm(unit=unit, unit_scale=True, delay=DELAY) as bar:

        def tell(done: int, total: int | None) -> None:
            if total is not None:
                bar.total = total
            bar.update(done - bar.n)

        yield tell
