"""The notebooks run from top to bottom, without warnings, and show tables and charts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jupytext
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "python" / "notebooks"

# Charts and HTML tables that each shows at least, and the seconds that it may take.
SHOWN = {"pingyao_2022": (2, 7, 60), "counties": (4, 9, 60)}
PNG = "iVBORw0KGgo"


def test_every_notebook_is_run() -> None:
    """A notebook that is added is also listed here."""
    assert {path.stem for path in NOTEBOOKS.glob("*.py")} == set(SHOWN)


@pytest.mark.filterwarnings("default::Warning:jupyter_client")
@pytest.mark.parametrize("name", SHOWN)
def test_notebook_runs_and_shows(name: str, tmp_path: Path) -> None:
    """In a kernel of its own, in a folder that lies to the examples as that of the project does."""
    folder = tmp_path / "python" / "notebooks"
    folder.mkdir(parents=True)
    (tmp_path / "examples").symlink_to(ROOT / "examples", target_is_directory=True)
    charts, tables, seconds = SHOWN[name]
    notebook = jupytext.read(NOTEBOOKS / f"{name}.py")
    NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=seconds,
        resources={"metadata": {"path": str(folder)}},
    ).execute()

    outputs = list(_outputs(notebook))
    said = [output["text"] for output in outputs if output["output_type"] == "stream"]
    assert said == [], "a notebook neither prints nor warns"
    data = [output["data"] for output in outputs if "data" in output]
    drawn = [one["image/png"] for one in data if "image/png" in one]
    assert len(drawn) >= charts
    assert all(image.startswith(PNG) for image in drawn)
    shown = [one["text/html"] for one in data if "<table" in one.get("text/html", "")]
    assert len(shown) >= tables
    assert any((folder / "results").iterdir())


def _outputs(notebook: Any) -> Iterator[dict[str, Any]]:
    return (output for cell in notebook.cells for output in cell.get("outputs", ()))
