#!/usr/bin/env python3
"""Make the pages of the catalogue (指标目录) from its TOML files.

    python scripts/catalogue_pages.py docs/catalogue

One page a subject, with its dimensions, measures, indicators and standards, and an index. The
pages are made at every build of the documentation and are not committed.
"""

from __future__ import annotations

import pathlib
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = ROOT / "crates/zhibiao/catalogue"
SUBJECTS = {
    "dimensions": ("分组", "Dimensions"),
    "preschool": ("学前教育", "Preschool"),
    "compulsory": ("义务教育与各学段通用", "Compulsory education and all stages"),
    "aid": ("学生资助", "Student aid"),
    "projects": ("项目与设施", "Projects and facilities"),
    "teachers": ("教师队伍", "Teachers"),
    "vocational": ("职业教育", "Vocational education"),
    "finance": ("教育经费", "Finance"),
    "organisation": ("党的建设与清廉学校", "Organisation"),
    "results": ("育人成果", "Results"),
    "sdg": ("可持续发展目标4", "Sustainable Development Goal 4"),
}
KINDS = {
    "share": "占比",
    "rate": "率",
    "ratio": "比",
    "completion": "完成率",
    "total": "总量",
    "change": "变动",
    "derived": "推算",
    "dispersion": "差异系数",
    "composite": "综合",
}
# What a change is told as: its unit, and its formula, where x is what changes.
CHANGES = {
    "points": ("个百分点", "{x} − {base}"),
    "difference": ("", "{x} − {base}"),
    "percent": ("%", "({x} − {base}) ÷ {base}"),
    "places": ("位", "{base} − {x}"),
}
BETTER = {"higher": "越高越好", "lower": "越低越好", "nearer": "越接近 {goal} 越好"}
AMONG = {"school": "校际", "county": "县际", "prefecture": "地市际", "province": "省际"}
OVER_TIME = {"sum": "各月相加", "last": "取最后一月", "none": "不由月份汇总"}
COMPARISONS = {"at_least": "≥", "at_most": "≤", "above": ">", "below": "<"}

Entry = dict
Names = dict[str, Entry]


class Catalogue:
    """The files as they stand, and the names of all that is defined in them."""

    def __init__(self) -> None:
        self.files = {
            subject: tomllib.loads((FOLDER / f"{subject}.toml").read_text(encoding="utf-8"))
            for subject in SUBJECTS
        }
        unlisted = {path.stem for path in FOLDER.glob("*.toml")} - SUBJECTS.keys()
        if unlisted:
            sys.exit(f"no title in SUBJECTS for: {', '.join(sorted(unlisted))}")
        self.measures = self.gathered("measures")
        self.indicators = self.gathered("indicators")
        units = (ROOT / "crates/zhibiao/src/unit/mod.rs").read_text(encoding="utf-8")
        self.units = dict(re.findall(r'entry\("(\w+)", "([^"]+)"', units))

    def gathered(self, what: str) -> Names:
        return {
            id: entry for file in self.files.values() for id, entry in file.get(what, {}).items()
        }

    def name(self, id: str) -> str:
        """A measure or an indicator; where both have an id, the formula means the measure."""
        return (self.measures.get(id) or self.indicators[id])["name"]["zh"]

    def unit(self, entry: Entry) -> str:
        """The sign of the unit; where it is not written, it follows from what is measured."""
        unit = entry.get("unit")
        if unit is None and "measure" in entry:
            return self.unit(self.measures[entry["measure"]])
        if unit is None and "as" in entry:
            unit = CHANGES[entry["as"]][0] or self.unit(
                self.measures.get(entry["of"]) or self.indicators[entry["of"]]
            )
        if unit is None and "define" in entry:
            return self.unit(self.measures[re.findall(r"\w+", entry["define"])[1]])
        return self.units.get(unit, "" if unit in {None, "1"} else unit)

    def formula(self, entry: Entry) -> str:
        """How an indicator is computed, in words."""
        match entry["kind"]:
            case "share" | "rate" | "ratio":
                return f"{self.name(entry['numerator'])} ÷ {self.denominator(entry['denominator'])}"
            case "completion":
                return f"{self.name(entry['done'])} ÷ {self.name(entry['planned'])}"
            case "total":
                return self.name(entry["measure"])
            case "change":
                years = entry.get("years_before")
                base = {None: "上期值", 1: "上年值"}.get(years, f"{years} 年前的值")
                return CHANGES[entry["as"]][1].format(x=self.name(entry["of"]), base=base)
            case "derived":
                named = {name: self.name(id) for name, id in entry["inputs"].items()}
                formula = entry["formula"].replace("*", "×").replace("/", "÷")
                return re.sub(r"[a-z_]\w*", lambda word: named.get(word[0], word[0]), formula)
            case "dispersion":
                among = AMONG[entry.get("among", "school")]
                resource, weight = self.name(entry["resource"]), self.name(entry["weight"])
                where = f"，`{entry['where']}`" if "where" in entry else ""
                return f"{resource}的{among}差异系数，以{weight}为权{where}"
            case "composite":
                names = [self.name(id) for id in entry["mean_of"]]
                return f"({' + '.join(names)}) ÷ {len(names)}"
        sys.exit(f"no formula in words for kind {entry['kind']}")

    def denominator(self, part: str | Entry) -> str:
        if isinstance(part, str):
            return self.name(part)
        told = f"{part['years_before']} 年前的{self.name(part['measure'])}"
        told += "".join(f" + {self.name(id)}" for id in listed(part.get("plus")))
        told += "".join(f" − {self.name(id)}" for id in listed(part.get("minus")))
        return f"({told})" if " " in told[5:] else told


def listed(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else value or []


def cell(*lines: str) -> str:
    """Lines of one cell of a table; those that are empty are left out."""
    return "<br>".join(line for line in lines if line).replace("|", "\\|")


def small(text: str) -> str:
    return f"<small>{text}</small>" if text else ""


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    heads = list(heads)
    yield "| " + " | ".join(heads) + " |"
    yield "|-" * len(heads) + "|"
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""


def named(id: str, entry: Entry) -> str:
    """Name in both languages and the id, to which pages can link."""
    name = entry["name"]
    return cell(f'<a id="{id}"></a>{name["zh"]}', small(name.get("en", "")), f"`{id}`")


def note(entry: Entry) -> str:
    return small(entry.get("note", {}).get("zh", ""))


def source(entry: Entry) -> str:
    """What it stands on and how sure that is; a criterion without a source has its standard's."""
    return cell(entry.get("source", ""), f"**{entry.get('confidence', '')}**")


def dimensions(entries: Names) -> Iterator[str]:
    for id, entry in entries.items():
        yield f"## {entry['name']['zh']} {entry['name']['en']} {{ #{id} }}\n"
        yield f"编号 `{id}`，列名也可以是：{'、'.join(entry.get('aliases', []))}\n"
        rows = (
            (f"`{value}`", told["zh"], told.get("en", ""), "、".join(told.get("aliases", [])))
            for value, told in entry["values"].items()
        )
        yield from table(("编号", "值", "English", "也认作"), rows)


def measures(catalogue: Catalogue, entries: Names) -> Iterator[str]:
    yield "## 基础指标 Measures\n"
    yield "表里的列。列名写中文名、编号或别名都行。\n"
    rows = (
        (
            named(id, entry),
            "、".join(entry.get("aliases", [])),
            catalogue.unit(entry),
            cell(
                f"`{entry['define']}`" if "define" in entry else "",
                f"包含于{catalogue.name(entry['part_of'])}" if "part_of" in entry else "",
                OVER_TIME[entry.get("over_time", "sum")],
                "不能逐级汇总" if entry.get("over_areas") == "none" else "",
                note(entry),
            ),
            source(entry),
        )
        for id, entry in entries.items()
    )
    yield from table(("基础指标", "也认作", "单位", "说明", "依据"), rows)


def indicators(catalogue: Catalogue, entries: Names) -> Iterator[str]:
    yield "## 派生指标 Indicators\n"
    rows = (
        (
            cell(named(id, entry), small("、".join(entry.get("aliases", [])))),
            cell(
                catalogue.formula(entry),
                *(f"{old['until']} 及以前口径不同" for old in entry.get("earlier", [])),
                note(entry),
            ),
            KINDS[entry["kind"]],
            catalogue.unit(entry),
            BETTER.get(entry.get("better"), "").format(goal=entry.get("goal")),
            source(entry),
        )
        for id, entry in entries.items()
    )
    yield from table(("指标", "公式", "类型", "单位", "方向", "依据"), rows)


def standards(catalogue: Catalogue, entries: Names) -> Iterator[str]:
    yield "## 标准 Standards\n"
    for id, entry in entries.items():
        yield f"### {entry['name']['zh']} {{ #{id} }}\n"
        yield f"{entry['name'].get('en', '')} · `{id}` · {entry['source']}\n"
        if "note" in entry:
            yield f"{entry['note']['zh']}\n"
        rows = (
            (
                cell(catalogue.name(criterion["indicator"]), f"`{criterion['indicator']}`"),
                threshold(catalogue, criterion),
                cell(criterion.get("scope", ""), criterion.get("stage", "")),
                in_force(criterion),
                source({"source": entry["source"]} | criterion),
            )
            for criterion in entry["criteria"]
        )
        yield from table(("指标", "要求", "范围", "施行", "依据"), rows)


def in_force(criterion: Entry) -> str:
    """The months in which it holds."""
    begin, end = criterion.get("valid_from"), criterion.get("valid_to")
    return cell(f"{begin} 起" if begin else "", f"至 {end}" if end else "")


def threshold(catalogue: Catalogue, criterion: Entry) -> str:
    unit = catalogue.unit(catalogue.indicators[criterion["indicator"]])
    told = (
        f"{sign} {written(criterion[key], unit)}"
        for key, sign in COMPARISONS.items()
        if key in criterion
    )
    if "between" in criterion:
        told = (written(value, unit) for value in criterion["between"])
    return "–".join(told)


def written(value: str, unit: str) -> str:
    """A value with its unit, of which `1:x` and `x:1` have the value inside."""
    return unit.replace("x", value) if "x" in unit else f"{value} {unit}".rstrip()


def page(catalogue: Catalogue, subject: str) -> str:
    file = catalogue.files[subject]
    lines = ["---", "hide: [toc]", "---", f"# {' '.join(SUBJECTS[subject])}\n"]
    lines += dimensions(file.get("dimensions", {}))
    if "indicators" in file:
        lines += indicators(catalogue, file["indicators"])
    if "standards" in file:
        lines += standards(catalogue, file["standards"])
    if "measures" in file:
        lines += measures(catalogue, file["measures"])
    return "\n".join(lines)


def index(catalogue: Catalogue) -> str:
    counts = (
        (
            f"[{zh}]({subject}.md)",
            en,
            *(
                str(len(file.get(what, ())) or "")
                for what in ("indicators", "measures", "standards")
            ),
        )
        for (subject, (zh, en)), file in zip(
            SUBJECTS.items(), catalogue.files.values(), strict=True
        )
    )
    return "\n".join(
        [
            "# 指标目录 Catalogue\n",
            "内置的定义，一个主题一页。要添自己的，见[自己的指标](../howto/catalog.md)。\n",
            "可靠程度：**A** 见到官方原文，**B** 见于二手或地方资料，**M** 凭记忆，先核对再用。\n",
            "差异系数：`CV² = Σp·Σ(s²/p)/(Σs)² − 1`，s 是资源，p 是权，不作贝塞尔修正。\n",
            "`adjusted(x)`：x 不大于 1 时是 x，大于 1 时是 2 − 1/x。\n",
            *table(("主题", "Subject", "派生指标", "基础指标", "标准"), counts),
        ]
    )


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    catalogue = Catalogue()
    (folder / "index.md").write_text(index(catalogue), encoding="utf-8")
    for subject in SUBJECTS:
        (folder / f"{subject}.md").write_text(page(catalogue, subject), encoding="utf-8")


if __name__ == "__main__":
    main()
