"""Pages show what their code gives, and the site needs nothing from elsewhere.

In a page of `docs`, a fence with a title is a file, `python` fences run one after the other, and a
`text` fence or a table right below one is its output: what is printed, then the value of the last
line. A `console` fence holds commands, each with its output.

To write the outputs anew: ``ZHIBIAO_DOCS=update pytest tests/python/test_docs.py``.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import importlib.util
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
import zhibiao

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if path.parent != DOCS / "catalogue")
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"

# A fence, and what stands right below it if that is an output.
FENCE = re.compile(
    r"^```(?P<lang>\w+)(?: title=\"(?P<title>[^\"]+)\")?\n(?P<body>.*?)^```\n"
    r"(?P<output>\n```text\n.*?^```\n|\n(?:\|[^\n]*\n)+)?",
    re.MULTILINE | re.DOTALL,
)


class Page:
    """The code of one page, run in the order in which it stands."""

    def __init__(self) -> None:
        self.names: dict[str, object] = {}

    def rerun(self, text: str) -> str:
        """The page with the outputs that its code gives now."""
        return FENCE.sub(self._fence, text)

    def _fence(self, fence: re.Match[str]) -> str:
        lang, title, body, output = fence.group("lang", "title", "body", "output")
        if title and not Path(title).exists():
            Path(title).parent.mkdir(parents=True, exist_ok=True)
            Path(title).write_text(body, encoding="utf-8")
        if lang == "console":
            commands = "".join(map(_command, _commands(body)))
            return f"```console\n{commands}```\n{output or ''}"
        if lang != "python":
            return fence[0]
        printed, value = self._python(body)
        if output is None:
            return fence[0]
        if output.startswith("\n|"):
            table = re.search(r"(?:^\|.*\n)+", value.to_markdown(), re.MULTILINE)
            assert table, f"no table: {value!r}"
            shown = f"\n{table[0]}"
        else:
            shown = f"\n```text\n{_trimmed(printed + ('' if value is None else repr(value)))}```\n"
        return fence[0].removesuffix(output) + shown

    def _python(self, code: str) -> tuple[str, object]:
        """What is printed, and the value of the last line."""
        tree = ast.parse(code)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        printed, value = io.StringIO(), None
        with contextlib.redirect_stdout(printed):
            exec(compile(tree, "<page>", "exec"), self.names)
            if isinstance(last, ast.Expr):
                value = eval(compile(ast.Expression(last.value), "<page>", "eval"), self.names)
        return printed.getvalue(), value


def _commands(body: str) -> Iterator[str]:
    """The lines of each command, which begins with `$` and goes on after a backslash."""
    for block in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        match = re.match(r"(?:[^\n]*\\\n)*[^\n]*\n", block)
        assert match, block
        yield match[0]


def _command(command: str) -> str:
    path = os.pathsep.join([str(TARGET), os.environ["PATH"]])
    if shutil.which("zhibiao", path=path) is None:
        pytest.skip(f"the command line is not built in {TARGET}")
    ran = subprocess.run(
        ["bash", "-c", command],
        env=os.environ | {"PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return f"$ {command}{_trimmed(ran.stdout)}"


def _trimmed(text: str) -> str:
    """Editors cut spaces at the ends of lines, so pages have none."""
    lines = [line.rstrip() for line in text.rstrip().splitlines()]
    return "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_shows_what_its_code_gives(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    text = page.read_text(encoding="utf-8")
    try:
        shown = Page().rerun(text)
    finally:
        zhibiao.set_lang("zh")
    pictures = [DOCS / "assets" / name for name in re.findall(r"assets/([\w-]+\.svg)", text)]
    for picture in pictures:
        assert (tmp_path / picture.name).exists(), f"no code of the page makes {picture.name}"
    if os.environ.get("ZHIBIAO_DOCS") == "update":
        page.write_text(shown, encoding="utf-8")
        for picture in pictures:
            shutil.copy(tmp_path / picture.name, picture)
    else:
        assert shown == text


def test_the_pages_of_the_catalogue_say_what_the_core_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "scripts")
    pages = importlib.import_module("catalogue_pages").Catalogue()
    builtin = zhibiao.Catalog.builtin()
    assert pages.indicators.keys() == {
        indicator.id for indicator in builtin if not indicator.grades
    }
    assert pages.measures.keys() == {measure.id for measure in builtin.measures}
    for measure in builtin.measures:
        assert pages.unit(pages.measures[measure.id]) == measure.unit
    for indicator in (indicator for indicator in builtin if not indicator.grades):
        entry = pages.indicators[indicator.id]
        assert pages.unit(entry).replace("x", "") == indicator.unit
        formula = dict(builtin.explain(indicator.id))["公式"]
        if (
            indicator.kind in {"share", "rate", "ratio", "completion", "total"}
            and "[" not in formula
        ):
            assert pages.formula(entry) == formula


class Resources(HTMLParser):
    """What a browser would load for a page; links are only followed by readers."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value and (name in {"src", "srcset", "data"} or (tag, name) == ("link", "href")):
                self.found.append(value)
            if value and name == "style":
                self.found += STYLE.findall(value)


STYLE = re.compile(r"(?:url\(|@import\s+)[\"']?([^\"')\s]+)")


@pytest.mark.skipif(importlib.util.find_spec("zensical") is None, reason="needs zhibiao[docs]")
def test_the_site_builds_without_warnings_and_loads_nothing_from_elsewhere() -> None:
    _run("scripts/catalogue_pages.py", "docs/catalogue")
    assert "No issues found" in _run("-m", "zensical", "build", "--clean", "--strict")

    site = ROOT / "target/site"
    loaded = []
    for page in site.rglob("*.html"):
        resources = Resources()
        resources.feed(page.read_text(encoding="utf-8"))
        loaded += resources.found
    for style in site.rglob("*.css"):
        loaded += STYLE.findall(style.read_text(encoding="utf-8"))
    assert len(loaded) > len(PAGES)
    assert [url for url in loaded if re.match(r"(?:https?:)?//", url)] == []


def _run(*arguments: str) -> str:
    """What Python prints, in the folder of the project."""
    ran = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    return ran.stdout
