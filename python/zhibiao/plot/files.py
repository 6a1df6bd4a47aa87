"""Charts as files (图表文件)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from zhibiao.plot import fonts
from zhibiao.plot.refusal import refused

__all__ = ["save"]


def save(chart: Any, path: str | os.PathLike[str], *, scale: float = 2.0) -> Path:
    """Saves a chart as SVG, PNG or HTML, without network (保存图表).

    An HTML file holds the chart, its data and all scripts, so that it opens without network and
    sends nothing anywhere. An SVG file names fonts and has none inside: it is drawn with those of
    the reader. A PNG file is drawn here, with a font that was found on this machine.

    Args:
        chart: A chart of `table.plot`, or any chart of Altair.
        path: Ends with `.svg`, `.png` or `.html`.
        scale: Pixels of a PNG file for each unit of the chart, above 0.

    Returns:
        The path.

    Raises:
        RequestError: `bad-option`, for another ending, or a scale that is not above 0.
        ImportError: vl-convert is not installed.
        OSError: The file cannot be written.

    Example:
        >>> import tempfile, pathlib, altair as alt
        >>> import zhibiao.plot
        >>> chart = alt.Chart(alt.Data(values=[{"完成率": 86.7}])).mark_bar().encode(x="完成率:Q")
        >>> folder = pathlib.Path(tempfile.mkdtemp())
        >>> zhibiao.plot.save(chart, folder / "完成率.svg").name
        '完成率.svg'
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in {".svg", ".png", ".html"}:
        why = f"a chart cannot be written as `{ending or target.name}`"
        raise refused("path", target, why, "let it end with .svg, .png or .html")
    if not scale > 0:
        raise refused("scale", scale, f"`{scale}` is not above 0", "pass 1, 2 or 3")
    try:
        import vl_convert  # noqa: F401, PLC0415 (charts in notebooks do without)
    except ImportError as error:
        message = "saving a chart needs vl-convert-python: pip install 'zhibiao[plot]'"
        raise ImportError(message, name="vl_convert") from error
    fonts.find()
    if ending == ".html":
        options = {"actions": {"export": True, "source": True, "compiled": False, "editor": False}}
        chart.save(str(target), inline=True, embed_options=options)
    else:
        chart.save(str(target), scale_factor=scale if ending == ".png" else 1)
    return target
