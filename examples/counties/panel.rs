//! A made-up national panel on the real county codes: the same seed gives the same table.
//!
//! Counts are plausible and mean nothing. Rows are sorted by area, then year, then school; public,
//! inclusive private and other private kindergartens alternate.

use polars::prelude::{Column, DataFrame, PolarsResult};
use zhibiao::area::{AreaCode, Areas, Tier};

/// Size and seed of a panel.
#[derive(Clone, Copy, Debug)]
pub struct Panel {
    /// Years, ending with 2023.
    pub years: u16,
    /// Rows of each county and year.
    pub schools: u32,
    /// Seed.
    pub seed: u64,
}

/// The indicators that [`Panel::frame`] has columns for.
pub const INDICATORS: [&str; 11] = [
    "preschool.ger3",
    "preschool.inclusive_coverage",
    "preschool.public_share",
    "preschool.pupil_teacher_ratio",
    "preschool.class_size",
    "preschool.recognition_attainment",
    "projects.completion",
    "aid.coverage",
    "aid.per_recipient",
    "aid.loan_per_borrower",
    "aid.travel_recipients",
];

/// The most that a row has in a column.
enum Most {
    /// A number.
    Of(u64),
    /// As many as a column before it has, by position.
    AsIn(usize),
}

/// Columns of whole numbers.
const COUNTS: [(&str, Most); 13] = [
    ("population_3_5", Most::Of(240)),
    ("children", Most::AsIn(0)),
    ("kindergarten_teachers", Most::Of(16)),
    ("kindergarten_classes", Most::Of(9)),
    ("kindergarten_classes_in_norm", Most::AsIn(3)),
    ("inclusive_recognised", Most::Of(2)),
    ("inclusive_recognition_task", Most::Of(1)),
    ("projects", Most::Of(3)),
    ("projects_done", Most::AsIn(7)),
    ("enrolled_students", Most::Of(900)),
    ("aid_recipients", Most::AsIn(9)),
    ("loan_borrowers", Most::Of(30)),
    ("travel_recipients", Most::Of(4)),
];

const OWNERSHIP: [&str; 3] = ["public", "inclusive_private", "private"];

impl Panel {
    /// The counties of the built-in table of areas that count towards the nation.
    #[must_use]
    pub fn counties() -> Vec<AreaCode> {
        let outside = |code: &AreaCode| code.number() >= Some(710_000);
        let areas = Areas::builtin();
        let leaves = |code: &AreaCode| {
            let childless = areas.children(*code).is_empty();
            childless && matches!(areas.tier(*code), Some(Tier::County | Tier::Prefecture))
        };
        areas.codes().filter(leaves).filter(|code| !outside(code)).collect()
    }

    /// The panel as a frame: `area`, `period`, `school`, `ownership`, 13 counts and two amounts.
    ///
    /// # Errors
    /// None that a size can cause; polars' own otherwise.
    pub fn frame(self) -> PolarsResult<DataFrame> {
        let counties = Self::counties();
        let per_county =
            usize::from(self.years).saturating_mul(usize::try_from(self.schools).unwrap_or(0));
        let rows = counties.len().saturating_mul(per_county);
        let mut area = Vec::with_capacity(rows);
        let mut period = Vec::with_capacity(rows);
        let mut school = Vec::with_capacity(rows);
        let mut ownership = Vec::with_capacity(rows);
        for code in counties {
            for back in (0..self.years).rev() {
                for number in 0..self.schools {
                    area.push(code.number());
                    period.push(2023_i32.saturating_sub(i32::from(back)));
                    school.push(number);
                    let kind = usize::try_from(number.checked_rem(3).unwrap_or(0)).unwrap_or(0);
                    ownership.push(OWNERSHIP.get(kind).copied().unwrap_or("private"));
                }
            }
        }
        let mut columns = vec![
            Column::new("area".into(), area),
            Column::new("period".into(), period),
            Column::new("school".into(), school),
            Column::new("ownership".into(), ownership),
        ];
        let mut random = Random(self.seed);
        let mut counts: Vec<Vec<i64>> = Vec::with_capacity(COUNTS.len());
        for (_, most) in COUNTS {
            let up_to = |row: usize| match most {
                Most::Of(most) => most,
                Most::AsIn(column) => {
                    let whole = counts.get(column).and_then(|whole| whole.get(row));
                    whole.and_then(|whole| u64::try_from(*whole).ok()).unwrap_or(0)
                }
            };
            let values = (0..rows).map(|row| random.below(up_to(row).saturating_add(1))).collect();
            counts.push(values);
        }
        let names = COUNTS.iter().map(|(name, _)| *name);
        columns.extend(names.zip(counts).map(|(name, values)| Column::new(name.into(), values)));
        for (name, most) in [("aid_amount", 120_000), ("loan_amount", 300_000)] {
            let values: Vec<f64> = (0..rows).map(|_| cents(random.below(most))).collect();
            columns.push(Column::new(name.into(), values));
        }
        DataFrame::new(rows, columns)
    }
}

/// Yuan with two decimals.
#[expect(clippy::cast_precision_loss, reason = "fewer than 53 bits")]
fn cents(value: i64) -> f64 {
    value as f64 / 100.0
}

/// `SplitMix64` (Steele, Lea and Flood 2014): enough for made-up counts.
struct Random(u64);

impl Random {
    /// A number from 0 up to, not including, `end`.
    fn below(&mut self, end: u64) -> i64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30_u32)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27_u32)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31_u32;
        i64::try_from(mixed.checked_rem(end).unwrap_or(0)).unwrap_or(0)
    }
}
