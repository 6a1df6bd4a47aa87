//! Readers under mutation: whatever the bytes are, they are read or refused in words, soon, and nothing panics.
//!
//! The same targets run under libFuzzer (`make fuzz`); what brought one down is kept and read again here.

#[path = "../fuzz/corpus.rs"]
mod corpus;
#[path = "../fuzz/targets.rs"]
mod targets;
#[path = "../fuzz/workbook.rs"]
mod workbook;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use zhibiao::Problem;
use zhibiao_tests::project;

use corpus::{WORDS, seeds};
use targets::{TARGETS, Target};

/// Mutated inputs of each target.
const INPUTS: usize = 20_000;
/// No input of a few kilobytes may take longer, on a machine that does other things beside.
const LONGEST: Duration = Duration::from_secs(5);

/// Steele, Lea and Flood 2014, Fast splittable pseudorandom number generators.
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below a bound; 0 where there is none.
    fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound.max(1)).unwrap();
        usize::try_from(self.next() % bound).unwrap()
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// Where a piece of some bytes begins and ends.
    fn piece(&mut self, bytes: &[u8]) -> std::ops::Range<usize> {
        let start = self.below(bytes.len() + 1);
        start..start + self.below((bytes.len() - start).min(64) + 1)
    }

    /// A seed, changed in one to four ways.
    fn mutated(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = self.one(seeds).clone();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len() + 1);
            match self.below(7) {
                0 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                1 if at < bytes.len() => bytes[at] = self.next().to_le_bytes()[0],
                2 => bytes.truncate(at),
                3 => drop(bytes.drain(self.piece(&bytes))),
                4 => {
                    let piece = bytes[self.piece(&bytes)].repeat(1 + self.below(16));
                    bytes.splice(at..at, piece);
                }
                5 => {
                    let other = self.one(seeds);
                    bytes.truncate(at);
                    bytes.extend(&other[self.below(other.len() + 1)..]);
                }
                _ => drop(bytes.splice(at..at, self.one(WORDS).bytes())),
            }
        }
        bytes
    }
}

/// Reads an input as a target does.
fn read(target: &Target, bytes: &[u8]) {
    let start = Instant::now();
    let refused = catch_unwind(AssertUnwindSafe(|| (target.read)(bytes)));
    let input = || format!("{}: {:?}", target.name, String::from_utf8_lossy(bytes));
    let refused = refused.unwrap_or_else(|_| panic!("panics on {}", input()));
    for error in refused.iter().flat_map(|error| std::iter::once(error).chain(error.others())) {
        assert!(Problem::CODES.contains(&error.code()), "{}", input());
        assert!(error.to_string().ends_with(&error.problem().remedy()), "{}", input());
    }
    assert!(start.elapsed() < LONGEST, "takes {:?}: {}", start.elapsed(), input());
}

#[test]
fn mutated_inputs_are_read_or_refused() {
    TARGETS.par_iter().for_each(|target| {
        let seeds = seeds(target.name);
        assert!(seeds.len() > 5, "{} starts from {} seeds", target.name, seeds.len());
        seeds.iter().for_each(|seed| read(target, seed));
        let mut random = SplitMix64(2022);
        (0..INPUTS).for_each(|_| read(target, &random.mutated(&seeds)));
    });
}

#[test]
fn what_once_brought_a_target_down_is_read_or_refused() {
    for target in TARGETS {
        let Ok(kept) = std::fs::read_dir(project("fuzz/crashes").join(target.name)) else {
            continue;
        };
        for input in kept {
            read(target, &std::fs::read(input.unwrap().path()).unwrap());
        }
    }
}
