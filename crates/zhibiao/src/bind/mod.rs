//! Binding (绑定): matching the columns of a table to measures and dimensions.
//!
//! The schema comes from the catalogue, never from inference: keys are text, money is decimal text
//! or scaled integers. After binding there are only integers, so everything after is exact. A flaw
//! in a cell or a key is a finding and makes that cell missing; it never hides other rows.
//!
//! May use `error`, `label`, `watch`, `number`, `unit`, `area`, `period` and `catalog`.

mod batches;
mod blocks;
mod bound;
mod bounded;
mod cells;
mod chunks;
mod compound;
mod contradicted;
mod earlier;
mod encode;
mod findings;
mod grades;
mod header;
mod ids;
mod keys;
mod layout;
mod long;
mod read;
mod stream;
mod values;

use std::collections::BTreeSet;

use hashbrown::HashMap;
use polars::prelude::Column;
use rayon::prelude::*;

use self::contradicted::Contradicted;
use self::earlier::Units;
use self::encode::encode;
use self::header::Header;
use self::keys::{Coded, KeyReader};
use self::long::{Given, LongColumns, Pivot};
use self::values::Wanted;
use crate::area::{AreaCode, Areas};
use crate::catalog::{Catalog, Measure, Role, Target, folded, target};
use crate::error::{Error, Problem, Result};
use crate::label::Lang;
use crate::number::Decimal;
use crate::period::Period;
use crate::symbol::Dialect;
use crate::unit::Unit;
use crate::watch::Watch;

pub use self::batches::Batches;
pub(crate) use self::batches::Pieces;
pub(crate) use self::blocks::{BLOCK, WORD, Words, clear_others, reach, words};
pub(crate) use self::bound::{Bound, Reported};
pub(crate) use self::bounded::{Bounded, Why};
pub(crate) use self::compound::Compound;
pub(crate) use self::earlier::Earlier;
pub(crate) use self::findings::Findings;
pub(crate) use self::ids::Ids;
pub(crate) use self::keys::{Grouping, Keys, NONE, Value};
pub(crate) use self::layout::Layout;
pub(crate) use self::read::{Files, expanded};
pub use self::read::{ReadOptions, Table};
pub(crate) use self::stream::{Cut, Streamed};
pub(crate) use self::values::Figures;

/// A table whose header is matched, before its cells are read.
pub(crate) struct Matched<'a> {
    table: &'a Table,
    catalog: &'a Catalog,
    header: Header,
    /// Measures and indicators that a long table names.
    named: Vec<String>,
    /// Some of the names in a long table that are of neither.
    unnamed: BTreeSet<String>,
}

/// Names that are kept to tell what a long table has in place of what it lacks.
const MOST_UNNAMED: usize = 1_000;

/// How rows are to be read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowRules<'a> {
    pub(crate) areas: &'a Areas,
    /// Whether a key may stand in many rows.
    pub(crate) records: bool,
    pub(crate) which: Which,
    /// Whose symbols may stand in place of figures.
    pub(crate) symbols: Dialect,
    /// Measures that may be checked where they are summed; see [`Matched::check`].
    pub(crate) trusted: &'a [&'a str],
    pub(crate) watch: &'a Watch,
}

/// Which rows are read: those that say 合计 are not added to those that they total.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Which {
    Parts,
    /// Those that say 合计 anywhere.
    Totals,
    /// Those of an area, and of a school where there are schools, that say 合计 of a dimension.
    TotalsOfGroups,
}

/// What is bound beside figures.
struct Read {
    keys: Keys,
    names: HashMap<AreaCode, String>,
    findings: Findings,
    contradicted: Contradicted,
}

impl<'a> Matched<'a> {
    /// Matches the header of a table.
    pub(crate) fn of(table: &'a Table, catalog: &'a Catalog, watch: &Watch) -> Result<Self> {
        if table.rows() == 0 {
            return Err(Error::from(Problem::EmptyTable {}).at(table.place(None, None)));
        }
        let mut units = Units::default();
        let matched = Self::of_piece(table, catalog, &mut units)?;
        units.refuse(table)?;
        let header = matched.header;
        let (mut named, mut unnamed) = (Vec::new(), BTreeSet::new());
        if let Some(index) = header.role(Role::Measure).filter(|_| header.is_long()) {
            let column = read::text_column(column(table, index)?)?;
            let cells = column
                .str()
                .map_err(|error| Problem::UnreadableTable { reason: error.to_string() })?;
            let mut last = None;
            let mut changes =
                cells.iter().flatten().filter(|cell| last.replace(*cell) != Some(*cell));
            while let Some(cell) = changes.next().filter(|_| !watch.is_cancelled()) {
                let named_by = target(catalog, &folded(cell), table.targets);
                let Some(target) = named_by else {
                    if unnamed.len() < MOST_UNNAMED {
                        unnamed.insert(cell.to_owned());
                    }
                    continue;
                };
                if !named.iter().any(|id| id == target.id()) {
                    named.push(target.id().to_owned());
                }
            }
        }
        watch.check()?;
        Ok(Self { table, catalog, header, named, unnamed })
    }

    /// Matches the header of a piece of a wide table.
    fn of_piece(table: &'a Table, catalog: &'a Catalog, units: &mut Units) -> Result<Self> {
        let header = Header::of(table, catalog)?;
        header.area(table)?;
        if let Some(index) = header.role(Role::Unit).filter(|_| !header.is_long()) {
            units.note(column(table, index)?)?;
        }
        Ok(Self { table, catalog, header, named: Vec::new(), unnamed: BTreeSet::new() })
    }

    /// Matches the header of a batch of a wide table: whether its units are to be refused can be told
    /// only [at the end](Earlier::refuse_units).
    pub(crate) fn of_batch(
        table: &'a Table,
        catalog: &'a Catalog,
        earlier: &mut Earlier,
    ) -> Result<Self> {
        Self::of_piece(table, catalog, &mut earlier.units)
    }

    /// Positions of the columns that are read for some measures: those of keys, and theirs.
    fn columns(&self, needed: &[impl AsRef<str>]) -> Vec<usize> {
        let roles = [Role::Area, Role::AreaName, Role::Period, Role::School, Role::Unit];
        let long = [Role::Measure, Role::Value, Role::Reading];
        let roles = roles.into_iter().chain(long).filter_map(|role| self.header.role(role));
        let dimensions = self.header.dimensions(self.catalog).into_iter().map(|(_, index)| index);
        let column = |id: &str| self.header.measure(id).or_else(|| self.header.indicator(id));
        let measures = needed.iter().filter_map(|id| column(id.as_ref()));
        roles.chain(dimensions).chain(measures.map(|(index, _)| index)).collect()
    }

    /// Names of the columns that are read for some measures, and which of them hold whole numbers
    /// as they are written.
    fn column_names(&self, needed: &[String]) -> (Vec<String>, Vec<String>) {
        let name = |index: usize| self.header.name(index).to_owned();
        let as_written = |id: &str, unit: Option<&Unit>| {
            self.catalog.measure(id).is_ok_and(|measure| {
                let shift = unit.unwrap_or(&measure.unit).power_to_base(&measure.unit);
                measure.scale == 0
                    && measure.grades.is_empty()
                    && shift.is_ok_and(|shift| shift == 0)
            })
        };
        let given = needed.iter().filter_map(|id| Some((id, self.header.measure(id)?)));
        let whole = given.filter(|(id, (_, unit))| as_written(id, *unit)).map(|(_, given)| given);
        let whole = whole.map(|(index, _)| name(index)).collect();
        (self.columns(needed).into_iter().map(name).collect(), whole)
    }

    /// What was told while the table was read and its header matched.
    pub(crate) fn notes(&self) -> Vec<Error> {
        self.table.notes().iter().chain(&self.header.told).cloned().collect()
    }

    /// The dialect of the table's symbols; that which is asked for, where it has none of its own.
    pub(crate) fn symbols_or(&self, asked: Dialect) -> Dialect {
        self.table.symbols_or(asked)
    }

    /// Whether a table has a row for each figure.
    pub(crate) fn is_long(table: &Table, catalog: &Catalog) -> Result<bool> {
        Ok(Header::of(table, catalog)?.is_long())
    }

    /// The periods that can be read in the table, each once.
    pub(crate) fn periods(&self, watch: &Watch) -> Result<BTreeSet<Period>> {
        let Some(index) = self.header.role(Role::Period) else { return Ok(BTreeSet::new()) };
        let column = column(self.table, index)?;
        let place = || self.table.place(None, Some(column.name()));
        let encoded = encode(column, watch).map_err(|error| error.at(place()))?;
        Ok(encoded.cells.iter().filter_map(|cell| cell.parse().ok()).collect())
    }

    /// How often each row is passed when the table is bound.
    pub(crate) fn steps(&self, needed: &[impl AsRef<str>]) -> usize {
        let keys = [Role::Area, Role::AreaName, Role::Period, Role::School];
        let keys = keys.into_iter().filter(|role| self.header.role(*role).is_some()).count();
        let dimensions = self.header.dimensions(self.catalog).len();
        let columns = needed.iter().filter(|id| self.header.measure(id.as_ref()).is_some()).count();
        let figures = if self.header.is_long() { 1 } else { columns };
        // Once more for what contradicts other rows.
        keys.saturating_add(dimensions).saturating_add(figures).saturating_add(1)
    }

    /// Whether the table has a measure, or reports an indicator.
    pub(crate) fn has(&self, id: &str) -> bool {
        if self.header.is_long() {
            return self.named.iter().any(|named| named == id);
        }
        self.header.measure(id).is_some() || self.header.indicator(id).is_some()
    }

    /// Ids of the measures and indicators that the table gives, in its order.
    pub(crate) fn given(&self) -> Vec<&str> {
        if self.header.is_long() {
            return self.named.iter().map(String::as_str).collect();
        }
        self.header.figures()
    }

    /// Whether the table is split by a dimension.
    pub(crate) fn has_dimension(&self, id: &str) -> bool {
        self.header.dimensions(self.catalog).iter().any(|(dimension, _)| dimension.id == id)
    }

    /// Whether the table tells schools apart.
    pub(crate) fn has_schools(&self) -> bool {
        self.header.role(Role::School).is_some()
    }

    /// The error of a measure or dimension that the table lacks.
    pub(crate) fn missing(&self, id: &str, aliases: &[String]) -> Error {
        let near = if self.header.is_long() {
            let names = self.unnamed.iter().chain(&self.named).map(String::as_str);
            crate::error::near(aliases.first().map_or(id, String::as_str), names)
        } else {
            let near = self.header.near(aliases.first().map_or(id, String::as_str));
            match self.header.rate(self.catalog) {
                Some(rate) => {
                    format!("{near}; `{rate}` is a rate, which needs a mapping or a row of its own")
                }
                None => near,
            }
        };
        let problem =
            Problem::MissingColumn { column: id.to_owned(), aliases: aliases.join(", "), near };
        Error::from(problem).at(self.table.place(None, None))
    }

    /// Reads keys, and the figures of the measures and reported indicators `needed`; dimensions in
    /// `used` must be filled.
    ///
    /// Rows of a long table that give something else are passed over. The rows of a batch are held
    /// against what was met `earlier`.
    pub(crate) fn bind(
        &self,
        needed: &[&str],
        used: &[&str],
        rules: RowRules<'_>,
        mut earlier: Option<&mut Earlier>,
    ) -> Result<Bound> {
        let (table, watch) = (self.table, rules.watch);
        let mut findings = Findings::default();
        let mut alone = earlier::Told::default();
        let columns = self.columns(needed);
        let mut reader = KeyReader {
            table,
            columns: &columns,
            area_table: rules.areas,
            findings: &mut findings,
            told: earlier.as_mut().map_or(&mut alone, |earlier| &mut earlier.told),
            watch,
            which: rules.which,
            totals: if rules.which == Which::Parts {
                Vec::new()
            } else {
                vec![false; table.rows()]
            },
        };
        let mut areas = reader.areas(column(table, self.header.area(table)?)?)?;
        let names = match self.header.role(Role::AreaName) {
            Some(index) => reader.names(column(table, index)?, &areas)?,
            None => HashMap::new(),
        };
        let periods = match self.header.role(Role::Period) {
            Some(index) => Some(reader.periods(column(table, index)?, &mut areas)?),
            None => None,
        };
        let schools = match self.header.role(Role::School) {
            Some(index) => Some(reader.schools(column(table, index)?, &mut areas)?),
            None => None,
        };
        let mut dimensions = Vec::new();
        for (dimension, index) in self.header.dimensions(self.catalog) {
            let must_be_filled = used.contains(&dimension.id.as_str()) && !self.header.is_long();
            dimensions.push(reader.grouping(
                column(table, index)?,
                dimension,
                &mut areas,
                must_be_filled,
            )?);
        }
        reader.only_totals(&mut areas);
        let mut keys = Keys { areas, schools, periods, dimensions };
        let mut contradicted = match &mut earlier {
            // What a record leaves open is not known of it; it is no total of others.
            _ if rules.records => {
                watch.pass(table.rows());
                Contradicted::default()
            }
            None => keys.contradicted(self.header.is_long(), watch),
            Some(earlier) => earlier.contradicted(&mut keys, table.first_row, watch),
        };
        watch.check()?;
        self.tell_ambiguous(&mut contradicted, used, &mut findings);
        let read = Read { keys, names, findings, contradicted };
        let bound = if self.header.is_long() {
            self.bind_long(read, needed, rules)
        } else {
            self.bind_wide(read, needed, rules, earlier.as_deref_mut())
        }?;
        if let Some(earlier) = earlier {
            earlier.rows = earlier.rows.saturating_add(table.rows());
        }
        Ok(bound)
    }

    /// Tells the rows whose empty group stands beside filled ones, unless their dimension is in use:
    /// those were told before.
    fn tell_ambiguous(
        &self,
        contradicted: &mut Contradicted,
        used: &[&str],
        findings: &mut Findings,
    ) {
        let columns = self.header.dimensions(self.catalog);
        for (rows, (dimension, index)) in contradicted.ambiguous.iter().zip(columns) {
            findings.begin();
            if self.header.is_long() || !used.contains(&dimension.id.as_str()) {
                let column = self.header.name(index);
                let told = |row: &usize| {
                    Error::new(Problem::MissingKey {}, self.table.place(Some(*row), Some(column)))
                };
                findings.extend(rows.iter().map(told));
            }
            contradicted.void.extend(rows);
        }
    }

    fn bind_wide(
        &self,
        read: Read,
        needed: &[&str],
        rules: RowRules<'_>,
        mut earlier: Option<&mut Earlier>,
    ) -> Result<Bound> {
        let Read { keys, names, mut findings, contradicted } = read;
        let area_column = self.header.name(self.header.area(self.table)?);
        findings.begin();
        for (row, first) in contradicted.repeated {
            let place = self.table.place(Some(row), Some(area_column));
            let first = self.table.files().place(Some(first), None).to_string();
            let problem = Problem::DuplicateKey { key: describe(&keys, row), first };
            findings.push(Error::new(problem, place));
        }
        let has = |id: &&&str| self.header.measure(id).is_some();
        let columns: Vec<&str> = needed.iter().filter(has).copied().collect();
        let how = (rules.symbols, rules.watch);
        let read = columns.par_iter().map(|id| self.figures(id, rules.trusted.contains(id), how));
        let (mut figures, mut sections) = (HashMap::new(), Vec::new());
        for (id, read) in columns.iter().zip(read.collect::<Vec<_>>()) {
            let (mut column, mut flaws) = read?;
            // A row that is not used tells its flaws, too.
            if contradicted.void.iter().any(|row| column.is_flawed(*row)) {
                (column, flaws) = self.figures(id, false, how)?;
            }
            sections.push(((*id).to_owned(), findings.sections()));
            findings.begin();
            findings.extend(flaws);
            column.forget(&contradicted.void, keys.rows());
            if let Some(earlier) = earlier.as_mut().filter(|_| !column.is_raw()) {
                // What is refused for its size is refused in whatever batch it stands.
                column.magnitude = earlier.largest(id, column.magnitude);
            }
            figures.insert((*id).to_owned(), column);
        }
        self.cap_parts(&mut figures)?;
        let rows = (&keys, contradicted.void.as_slice());
        let reported = self.reported_wide(needed, rows, rules.symbols, &mut findings)?;
        Ok(Bound {
            keys,
            figures,
            reported,
            names,
            findings,
            sections,
            first_row: self.table.first_row,
            origins: None,
            cell_rows: HashMap::new(),
        })
    }

    /// What is known of parts is no more than their whole in the same row.
    fn cap_parts(&self, figures: &mut HashMap<String, Figures>) -> Result<()> {
        let bounded = figures.iter().filter(|(_, figures)| !figures.bounded.is_empty());
        let parts: Vec<String> = bounded.map(|(id, _)| id.clone()).collect();
        for part in parts {
            let Some(whole) = self.catalog.measure(&part)?.part_of.as_deref() else { continue };
            let Some(whole) = figures.get(whole) else { continue };
            let rows = figures.get(&part).map_or(&[][..], |figures| &figures.bounded);
            let capped: Result<Vec<(usize, Bounded)>> = rows
                .iter()
                .map(|(row, bounded)| {
                    let Some(figure) = whole.get(*row) else { return Ok((*row, *bounded)) };
                    let figure = Decimal::new(figure, whole.scale)?.ratio();
                    Ok((*row, bounded.at_most(figure)))
                })
                .collect();
            let capped = capped?;
            if let Some(figures) = figures.get_mut(&part) {
                figures.bounded = capped;
            }
        }
        Ok(())
    }

    /// Figures of indicators that have columns of their own, without those of void rows.
    fn reported_wide(
        &self,
        needed: &[&str],
        (keys, void): (&Keys, &[usize]),
        symbols: Dialect,
        findings: &mut Findings,
    ) -> Result<Vec<Reported>> {
        let mut reported = Vec::new();
        for (id, (index, unit)) in
            needed.iter().filter_map(|id| Some((id, self.header.indicator(id)?)))
        {
            let indicator = self.catalog.indicator(id)?;
            let cells = long::text(column(self.table, index)?)?;
            let unit = unit.map_or("", |unit| unit.label(Lang::Zh));
            for row in (0..keys.rows()).filter(|row| !void.contains(row)) {
                let written = long::cell(&cells, row).trim();
                if keys.areas.ids.get(row).is_none_or(|id| *id == NONE) {
                    continue;
                }
                match long::figure(Target::Indicator(indicator), written, unit, symbols) {
                    Ok(Given::Known { bounds, number, told, unit }) => reported.push(Reported {
                        row: u32::try_from(row).unwrap_or(NONE),
                        source_row: row,
                        of: indicator.id.clone(),
                        number,
                        told,
                        bounds,
                        unit,
                        reading: String::new(),
                    }),
                    Ok(_) => {}
                    Err(error) => {
                        let place = self.table.place(Some(row), Some(self.header.name(index)));
                        findings.push(error.at(place));
                    }
                }
            }
        }
        Ok(reported)
    }

    /// Figures of a measure, with the flaws of its cells; those of a trusted one may be
    /// [raw](Figures::is_raw).
    fn figures(
        &self,
        id: &str,
        trusted: bool,
        (symbols, watch): (Dialect, &Watch),
    ) -> Result<(Figures, Vec<Error>)> {
        let measure = self.catalog.measure(id)?;
        let (index, unit) = self.header.measure(id).ok_or_else(|| self.missing(id, &[]))?;
        let header = self.header.name(index);
        let mut flaws = Vec::new();
        let mut flaw = |row: usize, problem: Problem| {
            flaws.push(Error::new(problem, self.table.place(Some(row), Some(header))));
        };
        let read = || {
            let shift = unit.unwrap_or(&measure.unit).power_to_base(&measure.unit)?;
            let wanted = Wanted::of(measure, shift, symbols);
            let column = column(self.table, index)?;
            if !measure.grades.is_empty() {
                let positions = grades::positions(measure, column, &mut flaw)?;
                return wanted.figures(&positions, watch, &mut |_, _| {});
            }
            if let Some(raw) = wanted.raw(column).filter(|_| trusted) {
                watch.pass(column.len());
                return Ok(raw);
            }
            wanted.figures(column, watch, &mut flaw)
        };
        watch.check()?;
        let figures = { read }();
        watch.check()?;
        let figures = figures.map_err(|error| error.at(self.table.place(None, Some(header))))?;
        Ok((figures, flaws))
    }

    /// Checks the figures that were trusted: what is to be done where one of them proves wrong.
    pub(crate) fn check(&self, bound: &mut Bound, watch: &Watch) -> Result<()> {
        let raw = bound
            .sections
            .iter()
            .filter(|(id, _)| bound.figures.get(id).is_some_and(Figures::is_raw));
        let raw: Vec<(String, usize)> = raw.cloned().collect();
        // What is raw is no text, so there are no symbols in it.
        let how = (Dialect::Plain, watch);
        let read = raw.par_iter().map(|(id, _)| self.figures(id, false, how));
        for ((id, section), read) in raw.iter().zip(read.collect::<Vec<_>>()) {
            let (mut checked, flaws) = read?;
            bound.findings.put(*section, flaws);
            let given = bound.figures.get(id).and_then(|raw| raw.present.clone());
            checked.present = match (checked.present, given) {
                (Some(checked), Some(given)) => Some(&checked & &given),
                (checked, given) => checked.or(given),
            };
            bound.figures.insert(id.clone(), checked);
        }
        Ok(())
    }

    fn bind_long(&self, read: Read, needed: &[&str], rules: RowRules<'_>) -> Result<Bound> {
        let Read { keys, names, mut findings, contradicted } = read;
        let of = |role: Role| -> Result<Option<Column>> {
            self.header.role(role).map(|index| column(self.table, index).cloned()).transpose()
        };
        let missing = || self.missing("value", &[]);
        let columns = LongColumns {
            measure: of(Role::Measure)?.ok_or_else(missing)?,
            value: of(Role::Value)?.ok_or_else(missing)?,
            unit: of(Role::Unit)?,
            reading: of(Role::Reading)?,
        };
        let how = Pivot {
            table: self.table,
            catalog: self.catalog,
            columns: &columns,
            needed,
            records: rules.records,
            symbols: rules.symbols,
            void: contradicted.void.into_iter().collect(),
            watch: rules.watch,
        };
        findings.begin();
        let mut pivoted = how.pivot(&keys, &mut findings)?;
        self.cap_parts(&mut pivoted.figures)?;
        Ok(Bound {
            keys: pivoted.keys,
            figures: pivoted.figures,
            reported: pivoted.reported,
            names,
            findings,
            sections: Vec::new(),
            first_row: 0,
            origins: Some(pivoted.origins),
            cell_rows: pivoted.cell_rows,
        })
    }
}

/// A column as integers of a scale, null where it is.
///
/// # Errors
/// `bad-answer` for floats and for what is no such integer.
pub(crate) fn whole(column: &Column, scale: u8) -> Result<Vec<Option<i128>>> {
    let name = column.name();
    let bad = |reason: String| Error::from(Problem::BadAnswer { reason });
    if column.dtype().is_float() {
        return Err(bad(format!("`{name}` came as floats")));
    }
    let mut flaw = None;
    let wanted = Wanted { shift: 0, scale, count: false, measured: None, symbols: Dialect::Plain };
    let figures = wanted.figures(column, &Watch::default(), &mut |_, problem| {
        flaw.get_or_insert(problem);
    });
    let figures = figures.map_err(|error| bad(format!("`{name}`: {error}")))?;
    match flaw {
        Some(problem) => Err(bad(format!("`{name}`: {problem}"))),
        None => Ok((0..column.len()).map(|row| figures.get(row)).collect()),
    }
}

/// What is wrong with each cell of a measure; none where nothing is.
pub(crate) fn problems_of(
    measure: &Measure,
    shift: i8,
    column: &Column,
) -> Result<Vec<Option<Problem>>> {
    let mut problems = vec![None; column.len()];
    let mut flaw = |row: usize, problem: Problem| {
        if let Some(own) = problems.get_mut(row) {
            *own = Some(problem);
        }
    };
    if measure.grades.is_empty() {
        let wanted = Wanted::of(measure, shift, Dialect::Plain);
        wanted.figures(column, &Watch::default(), &mut flaw)?;
    } else {
        grades::positions(measure, column, &mut flaw)?;
    }
    Ok(problems)
}

impl Figures {
    /// Makes the figures of some rows missing.
    fn forget(&mut self, void: &[usize], rows: usize) {
        if void.is_empty() {
            return;
        }
        let mut present = match self.present.take() {
            Some(present) => present.make_mut(),
            None => polars_arrow::bitmap::MutableBitmap::from_len_set(rows),
        };
        for row in void {
            present.set(*row, false);
        }
        self.bounded.retain(|(row, _)| !void.contains(row));
        self.present = Some(present.freeze());
    }
}

fn column(table: &Table, index: usize) -> Result<&Column> {
    table.frame.select_at_idx(index).ok_or_else(|| Problem::EmptyTable {}.into())
}

/// A key in words, for messages.
fn describe(keys: &Keys, row: usize) -> String {
    fn value<T: ToString>(coded: &Coded<T>, row: usize) -> Option<String> {
        let id = usize::try_from(*coded.ids.get(row)?).ok()?;
        coded.values.get(id).map(ToString::to_string)
    }
    let mut parts = vec![value(&keys.areas, row)];
    parts.push(keys.schools.as_ref().and_then(|schools| value(schools, row)));
    parts.push(keys.periods.as_ref().and_then(|periods| value(periods, row)));
    for grouping in &keys.dimensions {
        let id = grouping.ids.get(row).and_then(|id| usize::try_from(*id).ok());
        let value = id.and_then(|id| grouping.dimension.values.get(id));
        parts.push(value.map(|value| value.name.zh.clone()));
    }
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(" ")
}
