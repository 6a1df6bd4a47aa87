"""Fonts with Chinese characters (中文字体), found by file name, without fontconfig.

A PNG is drawn on this machine, so a font with Chinese characters must be here: without one every
character is an empty box. SVG and HTML name a list of fonts, and the reader's machine has one.
"""

from __future__ import annotations

import os
import re
import struct
import sys
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

__all__ = ["VARIABLE", "Font", "family", "find", "stack", "warn_without"]

VARIABLE = "ZHIBIAO_FONT"
"""Environment variable that names a font file, or a folder of them."""

_STACK = ("Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", "WenQuanYi Micro Hei")

# Beginnings of file names in lower case, the best to read first.
_FILES = (
    "msyh.",
    "pingfang",
    "notosanscjksc-regular",
    "notosanscjk-regular",
    "notosanscjk",
    "notosanssc",
    "sourcehansanssc",
    "sourcehansanscn",
    "sourcehansans",
    "sarasa",
    "harmonyos_sans_sc",
    "wqy-microhei",
    "wqy-zenhei",
    "hiragino sans gb",
    "stheiti",
    "droidsansfallback",
    "simhei",
    "deng.",
    "arial unicode",
    "simsun",
    "songti",
    "uming",
    "ukai",
)
_ENDINGS = {".ttf", ".otf", ".ttc", ".otc"}

_CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


class Font:
    """A font file and the family that it belongs to (字体).

    Attributes:
        path: The file.
        family: Its family, as charts name it.
    """

    def __init__(self, path: Path) -> None:
        """Reads the family from the file.

        Args:
            path: A TrueType or OpenType font, or a collection of them.

        Raises:
            ValueError: The file is not a font.
        """
        self.path = path
        self.family = family(path)


def family(path: Path) -> str:
    """The family that a font file belongs to, by its table `name` (字体族).

    Args:
        path: A TrueType or OpenType font; of a collection its first font counts.

    Returns:
        The family in English if the font has that, else in any language.

    Raises:
        ValueError: The file is not a font, or has no name.
    """
    tables = _tables(path)
    name = tables.get("name", b"")
    try:
        found = dict(_families(name))
    except (struct.error, UnicodeDecodeError) as error:
        message = f"`{path}` is not a font that can be read"
        raise ValueError(message) from error
    if not found:
        message = f"`{path}` is not a font with a name"
        raise ValueError(message)
    return found.get(True) or found[False]


def find() -> Font | None:
    """The font to draw Chinese with: what `ZHIBIAO_FONT` names, else the best that is here.

    Returns:
        None where there is no font with Chinese characters.
    """
    return _find(os.environ.get(VARIABLE, ""))


def stack() -> str:
    """The font of all texts of a chart: what was found, then what most machines have.

    Returns:
        A list of families as CSS has it.
    """
    found = find()
    families = ([found.family] if found else []) + list(_STACK)
    return ", ".join([*dict.fromkeys(families), "sans-serif"])


def warn_without(texts: Callable[[], str]) -> None:
    """Warns, once, if there are Chinese characters to draw and no font for them.

    Args:
        texts: Gives what will be drawn; called only where there is no font.
    """
    if find() is None and _CHINESE.search(texts()):
        _warn(
            "no font with Chinese characters was found: PNG files would show empty boxes; install "
            "one (Debian and Ubuntu: apt-get install fonts-wqy-microhei) or name a font file in "
            f"the environment variable {VARIABLE}"
        )


@cache
def _find(named: str) -> Font | None:
    if named:
        font = _named(Path(named).expanduser())
        if font is None:
            _warn(f"{VARIABLE} names `{named}`, where no font with Chinese characters can be read")
    else:
        font = None
    font = font or _best(_folders())
    if font is not None:
        _register(font.path.parent)
    return font


def _named(path: Path) -> Font | None:
    if path.is_dir():
        return _best([path]) or next((f for f in map(_chinese, _files([path])) if f), None)
    return _chinese(path)


def _best(folders: list[Path]) -> Font | None:
    ranked: list[tuple[int, str, Path]] = []
    for path in _files(folders):
        name = path.name.lower()
        rank = next((i for i, start in enumerate(_FILES) if name.startswith(start)), None)
        if rank is not None:
            ranked.append((rank, name, path))
    fonts = (_chinese(path) for _, _, path in sorted(ranked))
    return next((font for font in fonts if font), None)


def _files(folders: list[Path]) -> Iterator[Path]:
    for folder in folders:
        for root, _, names in os.walk(folder):
            for name in sorted(names):
                if Path(name).suffix.lower() in _ENDINGS:
                    yield Path(root) / name


def _folders() -> list[Path]:
    home = Path.home()
    if sys.platform == "win32":
        windows = Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts"
        local = os.environ.get("LOCALAPPDATA")
        return [windows, *([Path(local) / "Microsoft" / "Windows" / "Fonts"] if local else [])]
    if sys.platform == "darwin":
        system = ["/System/Library/Fonts", "/System/Library/AssetsV2", "/Library/Fonts"]
        return [*map(Path, system), home / "Library" / "Fonts"]
    return [
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        home / ".local" / "share" / "fonts",
        home / ".fonts",
    ]


def _chinese(path: Path) -> Font | None:
    """The font, if it says that it covers simplified Chinese (code page 936)."""
    try:
        os2 = _tables(path).get("OS/2", b"")
        (pages,) = struct.unpack_from(">I", os2, 78)
        return Font(path) if pages >> 18 & 1 else None
    except (OSError, ValueError, struct.error):
        return None


def _tables(path: Path) -> dict[str, bytes]:
    """The tables `name` and `OS/2` of the first font in the file."""
    wanted = {"name", "OS/2"}
    found: dict[str, bytes] = {}
    with path.open("rb") as file:
        start = 0
        head = file.read(16)
        if head[:4] == b"ttcf":
            start = int.from_bytes(head[12:16], "big")
        file.seek(start + 4)
        count = int.from_bytes(file.read(2), "big")
        file.seek(start + 12)
        entries = file.read(16 * count)
        for at in range(0, len(entries) - 15, 16):
            tag = entries[at : at + 4].decode("latin-1")
            if tag in wanted:
                offset, length = struct.unpack_from(">II", entries, at + 8)
                file.seek(offset)
                found[tag] = file.read(length)
    return found


def _families(name: bytes) -> Iterator[tuple[bool, str]]:
    """Whether in English, and the family, of each record of a family (name 1)."""
    if not name:
        return
    _, count, texts = struct.unpack_from(">HHH", name)
    for at in range(6, 6 + 12 * count, 12):
        platform, _, language, what, length, offset = struct.unpack_from(">HHHHHH", name, at)
        if what == 1 and platform in {0, 3}:
            start = texts + offset
            yield language == 0x409, name[start : start + length].decode("utf-16-be")


@cache
def _register(folder: Path) -> None:
    """Tells the renderer of the folder, so that PNG files made by any way have the font."""
    try:
        import vl_convert  # noqa: PLC0415 (drawing in a notebook does without)
    except ImportError:
        return
    vl_convert.register_font_directory(str(folder))


@cache
def _warn(message: str) -> None:
    warnings.warn(message, UserWarning, stacklevel=2)
