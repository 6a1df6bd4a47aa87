"""Charts of indicators and verdicts (图表), made with Altair.

`table.plot` has a method for each kind of chart. What they return are charts of Altair, so that
size, titles and marks can be changed further, and charts can be put together with `|` and `&`.
Everything that a chart shows is inside it: no network is used, and nothing is sent anywhere.

Importing this module tells the renderer of a font with Chinese characters, so that `chart.save`
and `save` write PNG files with real characters. Needs `pip install 'zhibiao[plot]'`.
"""

from __future__ import annotations

try:
    import altair as alt  # noqa: F401
except ImportError as error:
    _MESSAGE = "charts need Altair: pip install 'zhibiao[plot]'"
    raise ImportError(_MESSAGE, name="altair") from error

from zhibiao.plot import fonts
from zhibiao.plot.charts import Plot
from zhibiao.plot.files import save

__all__ = ["Plot", "save"]

fonts.find()
