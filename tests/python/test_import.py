"""What an import brings in."""

from __future__ import annotations

import pytest
from conftest import python, said

HEAVY = ["pandas", "pyarrow", "altair", "tqdm", "IPython", "narwhals", "numpy", "jupyter_client"]


@pytest.mark.parametrize(
    "then",
    [
        "",
        "zb.compute({'area': ['140728'], 'projects': [60], 'projects_done': [52]}, DONE)",
        "zb.list()._repr_html_()",
        "zb.check({'area': ['140728'], 'projects': [60]}).to_html()",
    ],
    ids=["import", "compute", "list", "check"],
)
def test_nothing_heavy_is_imported(then: str) -> None:
    script = f"""
import sys
import zhibiao as zb
DONE = "projects.completion"
{then}
print([name for name in {HEAVY} if name in sys.modules])
"""
    assert said(python(script)) == "[]"


def test_an_import_says_nothing() -> None:
    done = python("import zhibiao", "-W", "error")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
