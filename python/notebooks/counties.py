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
# # 全国各县：由园所到县、市、省、全国
#
# *In short: a made-up table of kindergartens on the real county codes of the whole country is rolled up
# to four tiers in one call. The notebook shows why rates are never averaged, ranks one county, follows
# it over years, finds a planted error, and reads a file in batches.*
#
# **数字全是编的**，只有区划代码和名称是真的。随机种子固定，每次运行的结果相同；任何一个县的“占比”“名次”都没有实际含义。
# 编的数能说明方法：表有多大、怎样一次算到四级、怎样排名、怎样查错。换成真实的台账，各单元格照用。

# %%
import threading
import time
from pathlib import Path

import altair as alt
import numpy as np
import polars as pl
import psutil
import zhibiao as zb
import zhibiao.plot
from IPython.display import Markdown

alt.renderers.enable("png", scale_factor=2)  # 图直接画成图片，不连外网
PINGYAO, JINZHONG, SHANXI, NATION = "140728", "140700", "140000", "CN"


def plain(frame: pl.DataFrame) -> object:
    """A frame as readers like it: without quotes and row numbers, texts on the left."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    left = {"text-align": "left"}
    return frame.to_pandas().style.hide().format(precision=2).set_properties(subset=texts, **left)


# %% [markdown]
# ## 一、编一份全国园所表
#
# 先取全部县级区划，再加上不设区县的四个地级市（如东莞），它们下面没有县，自己当一个县用。

# %%
areas = zb.Areas.builtin()
counties = [
    code
    for code in areas.codes()
    if areas.is_within(code, NATION)
    and areas.tier(code) in ("county", "prefecture")
    and not areas.children(code)
]
assert len(set(counties)) == len(counties) > 2800
Markdown(f"共 **{len(counties):,}** 个县级单位，代码截至 {areas.in_force}。")

# %% [markdown]
# 每县几所到几百所园，办学性质三种。编数时有意让**园多的县公办园少些**，后面会看到这一点怎样骗过平均数。

# %%
random = np.random.default_rng(2024)
kindergartens = (
    pl.DataFrame(
        {"区划代码": counties, "园数": 4 + random.gamma(1.2, 75, len(counties)).astype(int)}
    )
    .with_columns(公办=pl.Series(random.beta(8, 6.5, len(counties))))
    .with_columns(公办=pl.col("公办") * (60 / (60 + pl.col("园数"))) ** 0.2)
    .with_columns(学校=pl.int_ranges(1, pl.col("园数") + 1))
    .explode("学校")
)
kindergartens = kindergartens.with_columns(
    抽签=random.random(kindergartens.height),
    规模=random.gamma(4, 40, kindergartens.height),
    每师幼儿=random.normal(13.5, 1.5, kindergartens.height).clip(8, 20),
).with_columns(
    办学性质=pl.when(pl.col("抽签") < pl.col("公办"))
    .then(pl.lit("公办"))
    .when(pl.col("抽签") < 0.25 * pl.col("公办") + 0.75)
    .then(pl.lit("普惠性民办"))
    .otherwise(pl.lit("其他民办"))
)

# %% [markdown]
# 再展开成五年：幼儿逐年减少，民办园减得快些。一行是一所园的一年。

# %%
years = pl.DataFrame({"时期": [2019, 2020, 2021, 2022, 2023]})
yearly = pl.when(pl.col("办学性质") == "公办").then(0.985).otherwise(0.935)
panel = (
    kindergartens.join(years, how="cross")
    .with_columns(在园幼儿数=pl.col("规模") * yearly ** (pl.col("时期") - 2019))
    .with_columns(pl.col("在园幼儿数").round().cast(pl.Int64).clip(6))
    .with_columns(
        幼儿园专任教师数=(pl.col("在园幼儿数") / pl.col("每师幼儿")).ceil().cast(pl.Int64)
    )
    .select("区划代码", "时期", "学校", "办学性质", "在园幼儿数", "幼儿园专任教师数")
)
plain(panel.head(3))

# %% [markdown]
# 列名就用统计报表的叫法，不用改成英文；`zb.list` 和目录知道这些名称。
#
# ## 二、四级一次算出
#
# `tiers` 写明要汇总到哪几级，顺序就是结果的顺序。

# %%
INDICATORS = [
    "preschool.public_share",
    "preschool.inclusive_coverage",
    "preschool.pupil_teacher_ratio",
]
TIERS = ["nation", "province", "prefecture", "county"]

start = time.perf_counter()
table = zb.compute(panel, INDICATORS, tiers=TIERS)
seconds = time.perf_counter() - start
Markdown(
    f"{panel.height:,} 行园所数据（内存中 {panel.estimated_size('mb'):.0f} MB），"
    f"四级 {len(table):,} 行结果，用时 **{seconds:.2f} 秒**，数据问题 {len(table.findings)} 个。"
)

# %% [markdown]
# 平遥县和它所在的市、省、全国，2023年。分子、分母是人数，上一级的数一定等于下一级之和：

# %%
LINE = [NATION, SHANXI, JINZHONG, PINGYAO]
of_line = table.filter(area=LINE, period=2023)
of_line

# %%
parts = table.filter(
    within=JINZHONG, tier="county", period=2023, indicator=INDICATORS[0]
).to_polars()
whole = table.filter(area=JINZHONG, period=2023, indicator=INDICATORS[0]).to_polars()
for column in ("numerator", "denominator"):
    assert parts[column].sum() == whole[column].item()
Markdown(
    f"晋中市的 {parts.height} 个县相加：{parts['numerator'].sum():,} ÷ {parts['denominator'].sum():,}，"
    f"与市一级的分子、分母一个不差。"
)

# %% [markdown]
# ## 三、为什么不能平均比率
#
# 常见的做法是把各县的占比加起来除以县数。一万名幼儿的县和三百名幼儿的县各算一票，全国的占比就偏了。

# %%
shares = table.filter(tier="county", indicator=INDICATORS[0]).to_polars()
means = shares.group_by("period").agg(各县占比的平均=pl.col("value").mean()).sort("period")
ratios = table.filter(area=NATION, indicator=INDICATORS[0]).to_polars()
compared = ratios.select("period", 分子之和除以分母之和="value").join(means, on="period")
compared = compared.with_columns(
    相差百分点=pl.col("各县占比的平均") - pl.col("分子之和除以分母之和")
)
plain(compared.rename({"period": "时期"}))

# %%
last = compared.row(-1, named=True)
assert last["分子之和除以分母之和"] < 50 < last["各县占比的平均"]
Markdown(
    f"这份数据里，园多的县公办园少。{last['period']}年平均各县占比得 {last['各县占比的平均']:.1f}%，看起来过了 50%；"
    f"实际在公办园的幼儿只有 **{last['分子之和除以分母之和']:.1f}%**。"
    "差的方向和大小取决于数据，事先不知道，所以只能用和之比。`zhibiao` 不提供平均比率的选项。"
)

# %% [markdown]
# 按办学性质分组时，合计也由各组的数相加而来。三类园差不多，因为编数时没有区分：

# %%
by_ownership = zb.compute(
    panel, "preschool.pupil_teacher_ratio", tiers="nation", slices="ownership", totals=True
)
by_ownership.filter(period=2023).plot.bars()

# %% [markdown]
# ## 四、平遥县排第几
#
# `ranks` 在同一层级、时期之内排名。相同的值并列，名次取靠前的；没有值的县不排。
# 排的是精确的比，不是印出来的一位小数：印得相同的两个县，名次仍分得出先后。


# %%
def ranked(within: str) -> pl.DataFrame:
    """Counties of an area by their share, the largest first."""
    rows = table.filter(within=within, tier="county", period=2023, indicator=INDICATORS[0])
    return (
        rows.ranks()
        .to_polars()
        .select(名次=pl.col("rank").cast(pl.Int64), 名称="area_name", 代码="area", 占比="display")
        .sort("名次", maintain_order=True)
    )


plain(ranked(JINZHONG))

# %%
in_city, in_province = (
    ranked(area).filter(代码=PINGYAO)["名次"].item() for area in (JINZHONG, SHANXI)
)
Markdown(
    f"平遥县公办园在园幼儿占比，在晋中市 {ranked(JINZHONG).height} 个县中排第 **{in_city}**，"
    f"在山西省 {ranked(SHANXI).height} 个县中排第 **{in_province}**。"
)

# %% [markdown]
# 画出来能看到名次背后的差距，以及哪些县在 50% 的要求以下：

# %%
jinzhong = table.filter(within=JINZHONG, tier="county", period=2023)
jinzhong.plot.rank("preschool.public_share", highlight=PINGYAO, threshold=50)

# %% [markdown]
# 名次只说先后。放到全国的分布里，才知道多数县在什么位置：

# %%
table.plot.distribution("preschool.public_share", period="2023", tier="county", highlight=PINGYAO)

# %% [markdown]
# 差多少才算有差别？县越小，占比越容易凭偶然偏离。漏斗之内的县，和全国没有显著的差别：

# %%
table.plot.funnel("preschool.public_share", period="2023", tier="county", highlight=PINGYAO)

# %% [markdown]
# 差别主要在省与省之间，还是省内、市内？泰尔指数可以分解，各部分相加等于总数：

# %%
counties = table.filter(tier="county", period=2023, indicator="preschool.public_share")
theil = counties.disparity().to_polars().filter(measure="theil_t")
assert abs(theil["value"][1:].sum() - theil["value"][0]) < 1e-12
plain(
    theil.select(
        部分="part", 泰尔指数=pl.col("value").round(5), 贡献百分比=pl.col("share").round(1)
    )
)

# %% [markdown]
# 分布图的中位数是县的中位数，一县一票，和全国占比是两回事，原因见第三节。
#
# 多少个县达到标准，用 `judge`。没有的数（如学前三年毛入园率）不在本表，所以只看算出的三条：

# %%
judged = table.filter(tier="county", period=2023).judge("preschool-2020").to_polars()
names = {indicator.id: indicator.name for indicator in table.indicators}
plain(
    judged.filter(pl.col("indicator").is_in(INDICATORS))
    .group_by(条件=pl.col("indicator").replace(names), maintain_order=True)
    .agg(
        要求=pl.col("threshold").first(),
        达标县数=(pl.col("verdict") == "meets").sum(),
        未达标县数=(pl.col("verdict") == "fails").sum(),
    )
)

# %% [markdown]
# 未达标的县，结论里还有“还需”：至少再有多少名幼儿进入公办园。晋中市各县：

# %%
failing = judged.filter(
    pl.col("area").is_in(parts["area"].implode()),
    verdict="fails",
    indicator="preschool.public_share",
)
plain(
    failing.select(
        名称="area_name",
        占比="display",
        要求="threshold",
        还需公办园幼儿=pl.col("needed").cast(pl.Int64),
    )
)

# %% [markdown]
# ## 五、五年的变化
#
# 同一指标的四条线：县、市、省、全国。都在升，是编数时让民办园的幼儿减得快些；真实数据不会这样整齐，
# 人少的县尤其会上下波动，一年的升降不宜当作工作的变化。

# %%
table.filter(area=LINE).plot.trend("preschool.public_share")

# %% [markdown]
# 要在地图上看，用 `table.plot.map(边界文件)`。软件不带边界；公开使用的地图须有审图号，请用本单位合规的边界文件。
#
# ## 六、查错
#
# 埋两个错，看能不能找到。第一个：园所表里，平遥县一所园2023年的一行粘贴了两次。

# %%
of_pingyao = (pl.col("区划代码") == PINGYAO) & (pl.col("时期") == 2023)
pasted = pl.concat([panel, panel.filter(of_pingyao & (pl.col("学校") == 3))])
findings = zb.check(pasted)
assert findings.to_polars()["code"].to_list() == ["duplicate-key"]
findings

# %% [markdown]
# 不理会它，硬要计算，会怎样？重复的两行不知道哪一行对，都不采用；少了一所园，县、市、省、全国都没有数值，状态写明原因。
# 一处错不会悄悄混进全国的数里：

# %%
spoiled = zb.compute(pasted, INDICATORS[0], tiers=TIERS).filter(area=LINE, period=2023)
assert spoiled.to_polars()["value"].null_count() == len(LINE)
spoiled

# %% [markdown]
# 第二个：县级表里，平遥县2023年的教师数多录了一个零。这个数本身合法，只有同其他县比才显得不可能：

# %%
by_county = panel.group_by("区划代码", "时期", maintain_order=True).agg(
    pl.col("在园幼儿数", "幼儿园专任教师数").sum()
)
slipped = by_county.with_columns(
    pl.col("幼儿园专任教师数") * pl.when(of_pingyao).then(10).otherwise(1)
)
findings = zb.check(slipped)
assert findings.to_polars()["area"].unique().to_list() == [PINGYAO]
findings

# %% [markdown]
# 这一条是“警告”，不是“错误”：也许真有这样的县。要人来看，软件不改数。没有埋错的表，一条也不报：

# %%
assert len(zb.check(by_county)) == len(zb.check(panel)) == 0

# %% [markdown]
# ## 七、文件很大怎么办
#
# 表存成 Parquet，用 `pl.scan_parquet` 打开，得到的 LazyFrame 按批读取：读一批、加进各区划的和、丢掉，再读下一批。
# 先写一个小工具，记下用时和内存最多涨了多少：


# %%
def measured(frame: pl.DataFrame | pl.LazyFrame) -> tuple[zb.IndicatorTable, float, float]:
    """The table, seconds, and the most MB that the process grew by meanwhile."""
    process, done = psutil.Process(), threading.Event()
    before = most = process.memory_info().rss

    def watch() -> None:
        nonlocal most
        while not done.wait(0.002):
            most = max(most, process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    start = time.perf_counter()
    result = zb.compute(frame, INDICATORS, tiers=TIERS)
    seconds = time.perf_counter() - start
    done.set()
    watcher.join()
    return result, seconds, (most - before) / 2**20


# %%
results = Path("results")
results.mkdir(exist_ok=True)
file = results / "kindergartens.parquet"
panel.write_parquet(file)

read = pl.scan_parquet(file)
in_memory, in_batches = measured(panel), measured(read)
assert in_memory[0].to_polars().equals(in_batches[0].to_polars())

# %% [markdown]
# 两种读法的结果一位不差。再把这五年当作八个五年连起来，看行数到八倍时内存怎样：

# %%
TIMES = 8
longer = pl.concat([read.with_columns(pl.col("时期") - 5 * back) for back in range(TIMES)])
in_long = measured(longer)
plain(
    pl.DataFrame(
        {
            "读法": ["已在内存的表", "LazyFrame，按批", f"LazyFrame，按批，{TIMES} 倍"],
            "行数": [panel.height, panel.height, TIMES * panel.height],
            "秒": [run[1] for run in (in_memory, in_batches, in_long)],
            "内存最多增加 MB": [round(run[2]) for run in (in_memory, in_batches, in_long)],
        }
    )
)

# %%
Markdown(
    f"表在内存中占 {panel.estimated_size('mb'):.0f} MB，{TIMES} 倍就是 {TIMES * panel.estimated_size('mb'):.0f} MB；"
    f"按批读 {TIMES} 倍的行，内存最多增加 {in_long[2]:.0f} MB，其中还有 {len(in_long[0]):,} 行结果。"
    "表小，直接读最省事；装不进内存的表，换一个 `scan_parquet` 就行，别处不用改。"
)

# %% [markdown]
# 最后把晋中市的排名图和四级结果存下来，供汇报和存档：

# %%
zhibiao.plot.save(
    jinzhong.plot.rank("preschool.public_share", highlight=PINGYAO, threshold=50),
    results / "晋中市公办园占比.svg",
)
of_line.to_polars().write_csv(results / "平遥县和上级2023.csv")
file.unlink()
sorted(path.name for path in results.iterdir())
