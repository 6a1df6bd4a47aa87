//! Draws that are the same on every machine and in every version.

/// `SplitMix64`: a counter and a mixing function.
///
/// # References
/// Steele, Lea & Flood (2014), Fast splittable pseudorandom number generators, OOPSLA, figure 17.
#[derive(Clone, Debug)]
pub(super) struct SplitMix64(u64);

/// The odd integer nearest to 2⁶⁴ over the golden ratio.
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

impl SplitMix64 {
    /// One of many streams of a seed: the generator whose state is the output of that place in the
    /// generator of the seed.
    pub(super) const fn stream(seed: u64, place: u64) -> Self {
        let mut start = Self(seed.wrapping_add(place.wrapping_mul(GAMMA)));
        Self(start.next())
    }

    pub(super) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GAMMA);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// The upper half of the next output.
    fn upper(&mut self) -> u32 {
        u32::try_from(self.next() >> 32).unwrap_or(u32::MAX)
    }

    /// A float from -1 up to, not including, 1: one of 2³².
    pub(super) fn either_way(&mut self) -> f64 {
        f64::from(self.upper()) / 2_147_483_648.0 - 1.0
    }

    /// One of some things; none of none. Always one draw.
    pub(super) fn one_of<'t, T>(&mut self, things: &'t [T]) -> Option<&'t T> {
        let count = u64::try_from(things.len()).ok()?;
        let at = u64::from(self.upper()).wrapping_mul(count) >> 32;
        things.get(usize::try_from(at).ok()?)
    }
}
