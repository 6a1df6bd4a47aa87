//! Comparisons, as cells.

use super::{Cell, Column, Extent, Line, Role, Sheet, Tone};
use crate::compare::{Compared, ComparedRow, Figure, Figures, Of, Reason, Shown, printed};
use crate::label::Lang;
use crate::table::Status;

/// A comparison of any kind.
pub(in crate::report) fn compared<F: Figures>(table: &Compared<F>, most: Option<usize>) -> Sheet {
    let lang = table.lang();
    let has_periods = table.rows().any(|row| row.period().is_some());
    let mut columns = vec![
        Column::new(lang.of("区划", "area"), Role::Key),
        Column::new(lang.of("名称", "name"), Role::Key),
    ];
    let first = table.rows().next().and_then(ComparedRow::tier);
    let has_tiers = table.rows().any(|row| row.tier() != first);
    if has_tiers {
        columns.push(Column::new(lang.of("层级", "tier"), Role::Key));
    }
    if has_periods {
        columns.push(Column::new(lang.of("时期", "period"), Role::Key));
    }
    columns.extend(table.slices.iter().map(|(_, name)| Column::new(name, Role::Key)));
    columns.push(Column::new(lang.of("指标", "indicator"), Role::Words));
    let (leading, following) = (filled(table, true), filled(table, false));
    columns.extend(leading.iter().map(|figure| column(figure, lang)));
    columns.push(Column::new(lang.of("值", "value"), Role::Measured));
    columns.extend(following.iter().map(|figure| column(figure, lang)));
    columns.push(Column::new(lang.of("状态", "status"), Role::Remark));
    let extent = Extent::new(table.len(), most);
    let shown = extent.positions().filter_map(|position| table.row_at(position));
    let keys = (has_tiers, has_periods);
    let rows = shown.map(|row| line(table, row, keys, [&leading, &following])).collect();
    Sheet { title: None, columns, rows, extent, notes: Vec::new() }
}

/// Columns in which something stands.
fn filled<F: Figures>(table: &Compared<F>, leads: bool) -> Vec<&'static Figure<F>> {
    let figures = F::COLUMNS.iter().filter(|figure| figure.leads == leads);
    let something = figures.filter(|figure| {
        table.rows().any(|row| match figure.of {
            Of::Words(of) => of(row.figures()).is_some(),
            Of::Whole(of) => of(row.figures()).is_some(),
            Of::Number(of, _) => of(row.figures()).is_some(),
        })
    });
    something.collect()
}

fn column<F>(figure: &Figure<F>, lang: Lang) -> Column {
    let [zh, en] = figure.name;
    let role = match figure.of {
        Of::Words(_) => Role::Words,
        Of::Whole(_) | Of::Number(_, Shown::Plain(_)) => Role::Number,
        Of::Number(..) => Role::Measured,
    };
    Column::new(lang.of(zh, en), role)
}

fn line<F: Figures>(
    table: &Compared<F>,
    row: ComparedRow<'_, F>,
    (has_tiers, has_periods): (bool, bool),
    [leading, following]: [&[&Figure<F>]; 2],
) -> Line {
    let lang = table.lang();
    let name = row.group().map(|group| group.area_name.to_string());
    let mut cells: Vec<Cell> = vec![row.place().into(), name.into()];
    cells.extend(has_tiers.then(|| row.tier().map(|tier| tier.label(lang)).into()));
    cells.extend(has_periods.then(|| row.period().into()));
    cells.extend((0..table.slices.len()).map(|at| row.slice(at).map(|(_, name)| name).into()));
    cells.push(row.indicator().map(|indicator| indicator.name.text(lang)).into());
    cells.extend(leading.iter().map(|figure| cell(figure, row, lang)));
    cells.push(match (row.display(), row.unit()) {
        (Some(display), Some(unit)) => Cell::measured(display, &unit, lang),
        (Some(display), None) => display.into(),
        (None, _) => "—".into(),
    });
    cells.extend(following.iter().map(|figure| cell(figure, row, lang)));
    let status = match row.reason() {
        Reason::Of(Status::Ok) => "",
        reason => reason.label(lang),
    };
    cells.push(status.into());
    Line { cells, footnote: status.to_owned() }
}

fn cell<F: Figures>(figure: &Figure<F>, row: ComparedRow<'_, F>, lang: Lang) -> Cell {
    match (&figure.of, row.indicator()) {
        (Of::Words(of), _) => of(row.figures()).map_or_else(Cell::default, |word| said(word, lang)),
        (Of::Whole(of), _) => of(row.figures()).into(),
        (Of::Number(of, shown), indicator) => {
            let Some(value) = of(row.figures()) else { return Cell::default() };
            match (*shown, indicator) {
                (Shown::Plain(decimals), _) => printed(value, decimals).into(),
                (Shown::InUnit, Some(indicator)) => {
                    let decimals = indicator.decimals.saturating_add(1);
                    Cell::measured(&printed(value, decimals), &indicator.unit, lang)
                }
                (Shown::Difference, Some(indicator)) => {
                    let decimals = indicator.decimals.saturating_add(1);
                    let unit = indicator.unit.of_difference();
                    Cell::measured(&printed(value, decimals), &unit, lang)
                }
                (Shown::InUnit | Shown::Difference, None) => printed(value, 4).into(),
            }
        }
    }
}

/// Words of frames, for readers.
fn said(word: &str, lang: Lang) -> Cell {
    let (text, tone) = match word {
        "better" => (lang.of("▲ 较好", "▲ better"), Tone::Good),
        "worse" => (lang.of("▼ 较差", "▼ worse"), Tone::Bad),
        "similar" => (lang.of("≈ 无显著差异", "≈ similar"), Tone::Quiet),
        "higher" => (lang.of("↑ 较高", "↑ higher"), Tone::Plain),
        "lower" => (lang.of("↓ 较低", "↓ lower"), Tone::Plain),
        "improving" => (lang.of("▲ 改善", "▲ improving"), Tone::Good),
        "worsening" => (lang.of("▼ 变差", "▼ worsening"), Tone::Bad),
        "rising" => (lang.of("↑ 上升", "↑ rising"), Tone::Plain),
        "falling" => (lang.of("↓ 下降", "↓ falling"), Tone::Plain),
        "none" => (lang.of("≈ 无显著趋势", "≈ no trend"), Tone::Quiet),
        "ratio_of_sums" => (lang.of("和之比", "ratio of sums"), Tone::Plain),
        "mean_of_rates" => (lang.of("比率的均值", "mean of rates"), Tone::Open),
        "superpopulation" => (lang.of("超总体", "superpopulation"), Tone::Plain),
        "denominator" => (lang.of("按分母", "denominator"), Tone::Plain),
        "equal" => (lang.of("等权", "equal"), Tone::Plain),
        "total" => (lang.of("合计", "total"), Tone::Plain),
        "within" => (lang.of("区内", "within"), Tone::Plain),
        "between_province" => (lang.of("省际", "between provinces"), Tone::Plain),
        "between_prefecture" => (lang.of("地市间", "between prefectures"), Tone::Plain),
        "between_county" => (lang.of("县际", "between counties"), Tone::Plain),
        "school" => (lang.of("校", "school"), Tone::Plain),
        "county" => (lang.of("县级", "county"), Tone::Plain),
        "prefecture" => (lang.of("地级", "prefecture"), Tone::Plain),
        "province" => (lang.of("省级", "province"), Tone::Plain),
        "mean" => (lang.of("均值", "mean"), Tone::Plain),
        "deviation" => (lang.of("标准差", "standard deviation"), Tone::Plain),
        "cv" => (lang.of("变异系数", "coefficient of variation"), Tone::Plain),
        "gini" => (lang.of("基尼系数", "Gini"), Tone::Plain),
        "theil_t" => (lang.of("泰尔指数T", "Theil T"), Tone::Plain),
        "theil_l" => (lang.of("泰尔指数L", "Theil L"), Tone::Plain),
        "top_to_bottom" => (lang.of("高低组比", "top to bottom"), Tone::Plain),
        "range" => (lang.of("极差", "range"), Tone::Plain),
        "extremes" => (lang.of("极值比", "highest to lowest"), Tone::Plain),
        "mean_gap" => (lang.of("平均差", "mean absolute gap"), Tone::Plain),
        "relative_gap" => (lang.of("相对平均差", "relative gap"), Tone::Plain),
        "sii" => (lang.of("不平等斜率指数", "slope index"), Tone::Plain),
        "rii" => (lang.of("不平等相对指数", "relative index"), Tone::Plain),
        "chi_square" => (lang.of("卡方检验", "chi-square"), Tone::Plain),
        "regression" => (lang.of("加权回归", "regression"), Tone::Plain),
        "exact" => (lang.of("精确法", "exact"), Tone::Plain),
        "byar" => (lang.of("Byar法", "Byar"), Tone::Plain),
        "wilson" => (lang.of("Wilson法", "Wilson"), Tone::Plain),
        "clopper-pearson" => (lang.of("Clopper–Pearson法", "Clopper–Pearson"), Tone::Plain),
        "jeffreys" => (lang.of("Jeffreys法", "Jeffreys"), Tone::Plain),
        "agresti-coull" => (lang.of("Agresti–Coull法", "Agresti–Coull"), Tone::Plain),
        "ok" => (lang.of("正常", "ok"), Tone::Plain),
        "partial" => (lang.of("不完整", "partial"), Tone::Open),
        "reported" => (lang.of("上报", "reported"), Tone::Plain),
        "direct" => (lang.of("直接法", "direct"), Tone::Plain),
        "indirect" => (lang.of("间接法", "indirect"), Tone::Plain),
        other => (other, Tone::Plain),
    };
    Cell::toned(text, tone)
}
