"""What a definition or a value says of itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zhibiao.language import Lang


class Explanation:
    """Headings and texts that tell what something is (说明).

    Attributes:
        sections: One list of (heading, text) for each thing explained.

    Example:
        >>> import zhibiao as zb
        >>> told = zb.Catalog.builtin().explain("preschool.public_share", lang="en")
        >>> dict(told)["Kind"]
        'share'
    """

    def __init__(self, told: Sequence[tuple[list[tuple[str, str]], str]], lang: Lang) -> None:
        """Keep what is told; users get explanations from catalogues and tables."""
        self.sections = [lines for lines, _ in told]
        self._html = "".join(html for _, html in told)
        self._colon = "：" if lang == "zh" else ": "

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """All headings and texts."""
        return (line for section in self.sections for line in section)

    def __str__(self) -> str:
        """One line each."""
        told = ("\n".join(self._colon.join(line) for line in section) for section in self.sections)
        return "\n\n".join(told)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self._html
