//! What the six digits of GB/T 2260 tell: two each for province, prefecture and county.

use super::Tier;

/// The digits as a number below a million; 0 is the nation.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(super) struct Digits(u32);

#[expect(
    clippy::arithmetic_side_effects,
    clippy::integer_division,
    reason = "digits of a number below a million are taken apart by constants"
)]
impl Digits {
    pub(super) const NATION: Self = Self(0);

    /// None for numbers of other lengths, and for a county without a prefecture part. From 1988
    /// to 2002 the counties of Hainan had none, and lay in the province.
    pub(super) const fn new(number: u32) -> Option<Self> {
        let in_range = 100_000 <= number && number <= 999_999;
        let orphan = (number / 100).is_multiple_of(100) && !number.is_multiple_of(100);
        let hainan = number / 100 == 4_600;
        if in_range && (!orphan || hainan) { Some(Self(number)) } else { None }
    }

    pub(super) const fn number(self) -> u32 {
        self.0
    }

    pub(super) const fn tier(self) -> Tier {
        if self.0 == 0 {
            Tier::Nation
        } else if self.0.is_multiple_of(10_000) {
            Tier::Province
        } else if self.0.is_multiple_of(100) {
            Tier::Prefecture
        } else {
            Tier::County
        }
    }

    /// One tier up; none for the nation.
    pub(super) const fn parent(self) -> Option<Self> {
        match self.tier() {
            Tier::School | Tier::County => Some(Self(self.0 / 100 * 100)),
            Tier::Prefecture => Some(self.province()),
            Tier::Province => Some(Self::NATION),
            Tier::Nation => None,
        }
    }

    pub(super) const fn province(self) -> Self {
        Self(self.0 / 10_000 * 10_000)
    }

    /// A development or functional zone: a statistical code with a county part in the seventies,
    /// which the standard itself does not list.
    pub(super) const fn is_zone(self) -> bool {
        self.0 / 10 % 10 == 7
    }

    /// What counties without a prefecture are called together, by the part that groups them.
    pub(super) const fn kind_of_group(self) -> &'static str {
        match self.0 / 100 % 100 {
            90 => "直辖县级",
            2 => "县",
            _ => "市辖区",
        }
    }
}
