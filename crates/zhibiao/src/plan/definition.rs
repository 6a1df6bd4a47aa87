//! What a plan was made from (计划的来历), in a form that is kept beside its sums.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Asked, Offer, Plan, PlanRules, Policy};
use crate::catalog::{Catalog, hexadecimal};
use crate::error::{Problem, Result};

/// All that a plan hangs on: the same catalogue makes the same plan of it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Definition {
    indicators: Vec<String>,
    policy: Policy,
    pub(crate) slices: Vec<String>,
    over_months: bool,
    offered: Offered,
    /// The crosswalk of its sums, and the decimals that they got.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    units: Option<(String, u8)>,
    /// Of the definitions of the indicators, and of all that they stand on.
    hash: String,
}

/// What a table had of all that was looked for.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Offered {
    measures: BTreeSet<String>,
    dimensions: BTreeSet<String>,
    schools: bool,
}

/// Notes what is found of all that is looked for.
pub(super) struct Noting<'a> {
    offer: &'a dyn Offer,
    noted: RefCell<Offered>,
}

impl Plan {
    /// What the plan was made from.
    ///
    /// # Errors
    /// `bad-option` where only some rows count: what tells them is no part of a catalogue.
    pub(crate) fn definition(&self, catalog: &Catalog) -> Result<Definition> {
        if self.counted.is_some() {
            let (option, value) = ("plan to keep".to_owned(), "a plan of some rows".to_owned());
            return Err(Problem::BadOption { option, value, wanted: "all rows".to_owned() }.into());
        }
        let shown = self.indicators.iter().take(self.shown);
        let indicators: Vec<String> = shown.map(|planned| planned.indicator.id.clone()).collect();
        Ok(Definition {
            hash: hash(catalog, &indicators)?,
            indicators,
            policy: self.policy,
            slices: self.slices.clone(),
            over_months: self.over_months,
            offered: self.offered.clone(),
            units: self.units.clone(),
        })
    }
}

impl Definition {
    /// The plan that was made from this.
    ///
    /// # Errors
    /// `states-differ` where the catalogue has other definitions; `unknown-id`.
    pub(crate) fn plan(&self, catalog: &Catalog) -> Result<Plan> {
        let here = hash(catalog, &self.indicators)?;
        if here != self.hash {
            let (what, there) =
                ("the definition of their indicators".to_owned(), self.hash.clone());
            return Err(Problem::StatesDiffer { what, here, there }.into());
        }
        let rules = PlanRules {
            policy: self.policy,
            slices: &self.slices,
            filter: None,
            over_months: self.over_months,
        };
        let asked = Asked::of(catalog, &self.indicators)?;
        let plan = Plan::new(catalog, &asked, rules, &self.offered, &mut |_, _| Ok(()))?;
        Ok(match &self.units {
            Some((units, decimals)) => plan.of_units(units, *decimals),
            None => plan,
        })
    }
}

fn hash(catalog: &Catalog, indicators: &[String]) -> Result<String> {
    let mut hash = Sha256::new();
    for id in indicators {
        hash.update(format!("{id} {}\n", catalog.definition_hash(id)?));
    }
    Ok(hexadecimal(&hash.finalize()))
}

impl Offer for Offered {
    fn measure(&self, id: &str) -> bool {
        self.measures.contains(id)
    }

    fn dimension(&self, id: &str) -> bool {
        self.dimensions.contains(id)
    }

    fn schools(&self) -> bool {
        self.schools
    }
}

impl<'a> Noting<'a> {
    pub(super) fn new(offer: &'a dyn Offer) -> Self {
        Self { offer, noted: RefCell::default() }
    }

    pub(super) fn noted(self) -> Offered {
        self.noted.into_inner()
    }
}

impl Offer for Noting<'_> {
    fn measure(&self, id: &str) -> bool {
        let has = self.offer.measure(id);
        if has {
            self.noted.borrow_mut().measures.insert(id.to_owned());
        }
        has
    }

    fn dimension(&self, id: &str) -> bool {
        let has = self.offer.dimension(id);
        if has {
            self.noted.borrow_mut().dimensions.insert(id.to_owned());
        }
        has
    }

    fn schools(&self) -> bool {
        let has = self.offer.schools();
        self.noted.borrow_mut().schools |= has;
        has
    }
}
