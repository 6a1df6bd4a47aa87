# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 平遥县2022年：从报告的数字到指标和结论
#
# *In short: the figures that one county printed in its yearly report on education become indicators,
# are held against two national standards, and are drawn and saved. Half of the notebook is about what
# the figures cannot tell, and which figures would.*
#
# 县级年报写的是项目数、人数、金额，偶尔直接写一个比率。本文用平遥县2022年教育工作报告中的一组数字，做四件事：
#
# 1. 算出指标，并查到每个指标的公式和依据；
# 2. 对照学前教育普及普惠的国家标准和助学贷款的额度上限；
# 3. 说清哪些结论下不了，缺的是什么数；
# 4. 存下一张图、一张表，可以放进汇报材料。
#
# 结论中的数字都由单元格算出，不是抄写的。

# %%
from decimal import Decimal
from pathlib import Path

import altair as alt
import polars as pl
import zhibiao as zb
import zhibiao.plot
from IPython.display import Markdown

alt.renderers.enable("png", scale_factor=2)  # 图直接画成图片，不连外网
FIGURES = Path("../../examples/pingyao-2022/figures.csv")


def plain(frame: pl.DataFrame) -> object:
    """A frame as readers like it: without quotes and row numbers, texts on the left."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    left = {"text-align": "left"}
    return frame.to_pandas().style.hide().format(precision=2).set_properties(subset=texts, **left)


# %% [markdown]
# ## 一、报告里有什么
#
# `figures.csv` 一行一个数：`measure` 是统计上的名称，`value` 照原文抄录，`sentence` 是原文的那一句。
# 下面挑出本文要用的各行，并注明它在报告的哪一部分。

# %%
PLACES = {
    "二、抓项目 · 项目建设": ["projects", "projects_done"],
    "二、抓项目 · 设施保障": ["facility_investment"],
    "二、抓项目 · 政策落实": ["aid_recipients", "aid_amount", "loan_borrowers", "loan_amount"],
    "四、抓规范 · 普惠园认定": [
        "inclusive_recognised",
        "inclusive_recognition_task",
        "preschool.inclusive_coverage",
        "preschool.public_share",
        "preschool.ger3",
    ],
}
place_of = {measure: place for place, measures in PLACES.items() for measure in measures}
figures = pl.read_csv(FIGURES, infer_schema=False)
used = figures.filter(pl.col("measure").is_in(place_of))
plain(
    used.select(
        pl.col("measure").replace_strict(place_of).alias("报告中的位置"),
        pl.format("{} {}", "value", "unit").alias("数"),
        pl.col("sentence").alias("原文"),
    )
)

# %% [markdown]
# 留意最后三行：报告只给了比率，没有给幼儿数。它们后面能下的结论，与前面由人数、金额算出的不同。
# 还有一个数写作“740余”，也照抄，不当作740。
#
# ## 二、算出指标
#
# 把整张表交给 `zb.compute`，写明要哪几个指标。其余各行不会碍事。

# %%
INDICATORS = [
    "projects.completion",
    "projects.facility_investment",
    "aid.per_recipient",
    "aid.loan_per_borrower",
    "preschool.recognition_attainment",
    "preschool.inclusive_coverage",
    "preschool.public_share",
    "preschool.ger3",
]
table = zb.compute(figures, INDICATORS)
table

# %% [markdown]
# 有分子、分母的，是算出来的；标明“上报”的，是报告直接写的，原样保留，不冒充计算值。
# 金额一律以元计，所以965万元在分子里是9650000。

# %%
shown = {row["indicator"]: row for row in table.to_polars().iter_rows(named=True)}
projects, task = shown["projects.completion"], shown["preschool.recognition_attainment"]
Markdown(
    f"完工率 **{projects['display']}%** 是 {projects['numerator']:.0f} ÷ {projects['denominator']:.0f} 只修约一次的结果。"
    f"认定任务完成率 **{task['display']}%** 也没有算错，但任务只有 {task['denominator']:.0f} 所，"
    f"多认定一所就多一个 100%：汇报时不如直接写“任务 {task['denominator']:.0f} 所，认定 {task['numerator']:.0f} 所”。"
)

# %% [markdown]
# ### 一个数从哪里来
#
# 对一个指标追问到底，用 `explain`：公式、单位、依据、依据的可靠程度，以及这一个值用了什么数、怎样修约。

# %%
table.filter(indicator="aid.per_recipient").explain()

# %% [markdown]
# 计算是精确的，**数据未必**。报告写“965万元”，真实金额可能在964.5万元到965.5万元之间。人均金额因此是一个范围：

# %%
aid = shown["aid.per_recipient"]
low, high = (
    (aid["numerator"] + half) / aid["denominator"] for half in (Decimal(-5000), Decimal(5000))
)
assert low < Decimal(aid["display"]) < high
Markdown(
    f"表中印作 {aid['display']} 元；按“965万元”的写法，只能确定在 **{low:.1f} 元到 {high:.1f} 元**之间。"
    f"对外写“人均约{Decimal(aid['display']):.0f}元”是稳妥的，写到分则超出了数据本身。要写到分，请用以元计的台账数。"
)

# %% [markdown]
# ## 三、对照标准
#
# 《县域学前教育普及普惠督导评估办法》（教督〔2020〕1号）中可以量化的县级条件，目录里都有，下图一条一行。

# %%
verdicts = zb.judge(figures, "preschool-2020")
verdicts.plot.standard()

# %% [markdown]
# 条的长度是数值，竖线是要求。有条的可以判定；没有条的，报告没有提到，是“无法判定”，不是“未达标”。
# 下表还有差距、施行时间和依据的可靠程度：

# %%
verdicts

# %%
count = verdicts.summary
rows = {row["indicator"]: row for row in verdicts.to_polars().iter_rows(named=True)}
coverage, public = rows["preschool.inclusive_coverage"], rows["preschool.public_share"]
assert (coverage["verdict"], public["verdict"]) == ("fails", "meets")
Markdown(
    f"{count['meets']} 项达标，{count['fails']} 项未达标，{count['unknown']} 项无法判定。"
    f"公办园占比高出要求 {public['gap']:.1f} 个百分点；普惠覆盖率差 {-coverage['gap']:.1f} 个百分点，"
    "督导评估前要先补上这一项。"
)

# %% [markdown]
# ### 上报的比率能判到什么程度
#
# 印成76.6的数，真实值在76.55到76.65之间，怎么取都不到80，所以判得了。
# 如果报告印的恰好是80.0，真实值可能是79.96，也可能是80.04，就判不了：

# %%
borderline = {
    "area": ["140728"],
    "period": ["2022"],
    "measure": ["preschool.inclusive_coverage"],
    "value": ["80.0"],
    "unit": ["%"],
}
verdict = (
    zb.judge(borderline, "preschool-2020")
    .to_polars()
    .filter(indicator="preschool.inclusive_coverage")
)
assert verdict["verdict"].item() == "unknown"
plain(verdict.select(数值="display", 要求="threshold", 结论="verdict"))

# %% [markdown]
# ### 一句话两种读法
#
# 报告写“公办园和普惠性民办园占比达76.6%”，没有说按幼儿数还是按园数。上面按幼儿数理解，也就是标准所用的口径。
# 如果县里统计的其实是园数，那就是另一个指标，标准没有对它提要求：

# %%
by_kindergartens = figures.with_columns(
    pl.col("measure").replace(
        "preschool.inclusive_coverage", "preschool.inclusive_kindergarten_share"
    )
)
other = zb.judge(by_kindergartens, "preschool-2020")
other_verdict = other.to_polars().filter(indicator="preschool.inclusive_coverage")["verdict"].item()
assert other_verdict == "unknown"
Markdown(
    f"按园数理解，普惠性幼儿园覆盖率从“未达标”变成“无法判定”，"
    f"无法判定的共 {other.summary['unknown']} 项。先问清口径，再谈达标。"
)

# %% [markdown]
# ### 助学贷款：标准有时效
#
# 国家助学贷款每人每年的额度上限调整过几次。人均金额不应高于当年上限；高了，多半是年份、单位或人数有误。

# %%
loans = zb.judge(figures, "loan-cap")
loans.plot.standard()

# %%
earlier = (
    zb.judge(figures.with_columns(period=pl.lit("2020")), "loan-cap").to_polars().row(0, named=True)
)
now = loans.to_polars().row(0, named=True)
assert (now["verdict"], earlier["verdict"]) == ("meets", "fails")
Markdown(
    f"人均 {now['display']} 元，2022年的上限是 {now['threshold'].lstrip('≤ ')} 元，合理。"
    f"同样的数若写成2020年，上限是 {earlier['threshold'].lstrip('≤ ')} 元，就超出 {earlier['gap']:.2f} 元："
    "标准按数据的时期取用，不必自己记哪年是多少。"
)

# %% [markdown]
# ## 四、哪些话说不了，缺什么数
#
# **不能拿一个县说一个市。** 汇总到晋中市，只到了一个县，没有数值，状态写明原因：

# %%
city = zb.compute(figures, ["projects.completion", "preschool.public_share"], tiers="prefecture")
assert set(city.to_polars()["value"]) == {None}
city

# %% [markdown]
# **不能由占比推人数。** 报告没有在园幼儿数，所以55.5%是多少名幼儿、普惠覆盖率还差多少名，都说不出；
# 结论表中因此没有“还需”一列。
#
# **不能比上年。** 只有一年的数，“比上年提高”无从算起：

# %%
zb.compute(figures, "preschool.inclusive_coverage_change")

# %% [markdown]
# **不能判定的条件，补上数就能判定。** 目录知道每个指标由什么算出，下表可以直接发给有关股室
# （另有材料清单，写“是”或“否”即可）：

# %%
catalog = zb.Catalog.builtin()
judged = verdicts.to_polars()
lacking = judged.filter(
    (pl.col("verdict") == "unknown") | pl.col("needed").is_null() & (pl.col("verdict") == "fails")
)
required = [(catalog.indicator(row["indicator"]), row) for row in lacking.iter_rows(named=True)]
required = [(indicator, row) for indicator, row in required if indicator.denominator]
plain(
    pl.DataFrame(
        {
            "要判定的条件": [indicator.name for indicator, _ in required],
            "要求": [row["threshold"] for _, row in required],
            "分子": [catalog.measure(indicator.numerator).name for indicator, _ in required],
            "分母": [catalog.measure(indicator.denominator).name for indicator, _ in required],
        }
    )
)

# %% [markdown]
# 表中也列入了未达标的一项：有了人数，才知道还需多少名幼儿进入普惠性幼儿园。例如（人数是**假设**的）：

# %%
assumed = {
    "区划代码": ["140728"],
    "时期": ["2022"],
    "在园幼儿数": [10000],
    "普惠性幼儿园在园幼儿数": [7660],
}
needed = (
    zb.judge(assumed, "preschool-2020", skip_unavailable=True)
    .to_polars()
    .filter(indicator="preschool.inclusive_coverage")
)
Markdown(
    f"在园 10000 名、其中普惠 7660 名时，覆盖率 {needed['display'].item()}%，"
    f"还需 **{needed['needed'].item()} 名**幼儿转入普惠性幼儿园，才到 80%。"
)

# %% [markdown]
# ## 五、存下来
#
# 图存成 PNG 或 SVG，表存成网页，都不依赖网络，可以直接插入汇报材料。

# %%
results = Path("results")
results.mkdir(exist_ok=True)
zhibiao.plot.save(verdicts.plot.standard(), results / "平遥县学前教育.png")
page = f"<!doctype html><meta charset='utf-8'><title>平遥县2022年</title>{verdicts.to_html()}"
(results / "平遥县学前教育.html").write_text(page, encoding="utf-8")
files = sorted(results.iterdir())
plain(
    pl.DataFrame(
        {"文件": [file.name for file in files], "字节": [file.stat().st_size for file in files]}
    )
)

# %% [markdown]
# 换成本县的表，改 `FIGURES` 和第一节的位置；各处 `assert` 核对的是平遥的结论，要一并改。
# 全国各县怎样一次算出，见 `counties.py`。
