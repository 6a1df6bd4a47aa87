//! Cells (单元格) of an indicator, one a group, kept as columns.

use super::Status;

/// The parts of one value, exact; the value itself is their quotient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Cell {
    pub(super) numerator: Option<i128>,
    pub(super) denominator: Option<i128>,
    pub(super) status: Status,
    /// Whether the quotient is the value.
    pub(super) exists: bool,
    /// Whether it is made of the rows of smaller areas.
    pub(super) summed_areas: bool,
    pub(super) missing: u64,
    pub(super) first_missing: Option<u64>,
}

impl Cell {
    pub(super) const fn without(status: Status) -> Self {
        Self {
            numerator: None,
            denominator: None,
            status,
            exists: false,
            summed_areas: false,
            missing: 0,
            first_missing: None,
        }
    }
}

/// Cells by position of their group.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cells {
    marks: Vec<Mark>,
    numerators: Integers,
    denominators: Integers,
    /// Rows that lack a part, and the first of them; cells beyond the end lack nothing.
    lacks: Vec<(u64, Option<u64>)>,
}

#[derive(Clone, Copy, Debug)]
struct Mark {
    status: Status,
    exists: bool,
    summed_areas: bool,
}

impl Cells {
    pub(super) fn with_capacity(cells: usize) -> Self {
        Self {
            marks: Vec::with_capacity(cells),
            numerators: Integers::with_capacity(cells),
            denominators: Integers::with_capacity(cells),
            lacks: Vec::new(),
        }
    }

    pub(super) fn get(&self, at: usize) -> Option<Cell> {
        let Mark { status, exists, summed_areas } = *self.marks.get(at)?;
        let (missing, first_missing) = self.lacks(at);
        Some(Cell {
            numerator: self.numerator(at),
            denominator: self.denominator(at),
            status,
            exists,
            summed_areas,
            missing,
            first_missing,
        })
    }

    pub(super) fn numerator(&self, at: usize) -> Option<i128> {
        self.numerators.get(at)
    }

    pub(super) fn denominator(&self, at: usize) -> Option<i128> {
        self.denominators.get(at)
    }

    pub(super) fn status(&self, at: usize) -> Status {
        self.marks.get(at).map_or(Status::Missing, |mark| mark.status)
    }

    /// Whether the quotient is the value.
    pub(super) fn exists(&self, at: usize) -> bool {
        self.marks.get(at).is_some_and(|mark| mark.exists)
    }

    /// Whether a cell is made of the rows of smaller areas.
    pub(super) fn sums_areas(&self, at: usize) -> bool {
        self.marks.get(at).is_some_and(|mark| mark.summed_areas)
    }

    /// Rows that lack a part, and the first of them.
    pub(super) fn lacks(&self, at: usize) -> (u64, Option<u64>) {
        self.lacks.get(at).copied().unwrap_or_default()
    }

    pub(super) fn push(&mut self, cell: &Cell) {
        let Cell { status, exists, summed_areas, .. } = *cell;
        if (cell.missing, cell.first_missing) != (0, None) {
            self.lacks.resize(self.marks.len(), (0, None));
            self.lacks.push((cell.missing, cell.first_missing));
        }
        self.marks.push(Mark { status, exists, summed_areas });
        self.numerators.push(cell.numerator);
        self.denominators.push(cell.denominator);
    }

    /// Marks a cell as known only from what is published; tells whether it is there.
    pub(super) fn set_reported(&mut self, at: usize) -> bool {
        let mark = self.marks.get_mut(at);
        mark.map(|mark| *mark = Mark { status: Status::Reported, exists: false, ..*mark }).is_some()
    }

    /// Joins cells of later groups.
    pub(super) fn append(&mut self, mut later: Self) {
        if !later.lacks.is_empty() {
            self.lacks.resize(self.marks.len(), (0, None));
            self.lacks.append(&mut later.lacks);
        }
        self.marks.append(&mut later.marks);
        self.numerators.append(later.numerators);
        self.denominators.append(later.denominators);
    }

    /// The cells of the marked groups.
    pub(super) fn kept(&self, keep: &[bool]) -> Self {
        let kept = keep.iter().enumerate().filter(|(_, keep)| **keep);
        kept.filter_map(|(at, _)| self.get(at)).collect()
    }
}

impl FromIterator<Cell> for Cells {
    fn from_iter<I: IntoIterator<Item = Cell>>(cells: I) -> Self {
        let cells = cells.into_iter();
        let mut all = Self::with_capacity(cells.size_hint().0);
        cells.for_each(|cell| all.push(&cell));
        all
    }
}

/// Whole numbers, or none: narrow where all of them fit 64 bits.
#[derive(Clone, Debug)]
enum Integers {
    /// `NONE` where there is none.
    Narrow(Vec<i64>),
    Wide(Vec<Option<i128>>),
}

/// No narrow number.
const NONE: i64 = i64::MIN;

impl Default for Integers {
    fn default() -> Self {
        Self::Narrow(Vec::new())
    }
}

impl Integers {
    fn with_capacity(numbers: usize) -> Self {
        Self::Narrow(Vec::with_capacity(numbers))
    }

    fn get(&self, at: usize) -> Option<i128> {
        match self {
            Self::Narrow(numbers) => numbers.get(at).copied().and_then(widened),
            Self::Wide(numbers) => numbers.get(at).copied().flatten(),
        }
    }

    fn push(&mut self, number: Option<i128>) {
        match (&mut *self, number.map_or(Some(NONE), narrowed)) {
            (Self::Narrow(numbers), Some(narrow)) => numbers.push(narrow),
            (Self::Wide(numbers), _) => numbers.push(number),
            (Self::Narrow(_), None) => self.append(Self::Wide(vec![number])),
        }
    }

    fn append(&mut self, later: Self) {
        match (std::mem::take(self), later) {
            (Self::Narrow(mut numbers), Self::Narrow(mut later)) => {
                numbers.append(&mut later);
                *self = Self::Narrow(numbers);
            }
            (numbers, later) => {
                let mut numbers = numbers.into_wide();
                numbers.append(&mut later.into_wide());
                *self = Self::Wide(numbers);
            }
        }
    }

    fn into_wide(self) -> Vec<Option<i128>> {
        match self {
            Self::Narrow(numbers) => numbers.into_iter().map(widened).collect(),
            Self::Wide(numbers) => numbers,
        }
    }
}

fn widened(number: i64) -> Option<i128> {
    (number != NONE).then(|| number.into())
}

fn narrowed(number: i128) -> Option<i64> {
    i64::try_from(number).ok().filter(|number| *number != NONE)
}
