//! Evaluating: from the shares of items to the shares of groups and the total, for one area.

use super::Exact;
use super::items::Shares;
use super::mean::{Reached, mean_of};
use super::scheme::{Part, Scheme};

/// The nodes of a scheme that are part of each, by position.
pub(super) fn children(scheme: &Scheme) -> Vec<Vec<usize>> {
    let mut children = vec![Vec::new(); scheme.nodes.len()];
    for (at, node) in scheme.nodes.iter().enumerate() {
        if let Some(of) = node.parent.and_then(|parent| children.get_mut(parent)) {
            of.push(at);
        }
    }
    children
}

/// What each node of a scheme reaches in one area; an item that is taken out counts nowhere.
pub(super) fn reached(
    scheme: &Scheme,
    children: &[Vec<usize>],
    shares: &[Option<Shares>],
    group: usize,
    out: Option<usize>,
) -> Vec<Reached<Exact>> {
    let mut reached: Vec<Reached<Exact>> = vec![Reached::Left; scheme.nodes.len()];
    // Parts stand behind their whole.
    for (at, node) in scheme.nodes.iter().enumerate().rev() {
        let own = match &node.part {
            Part::Item(..) if out == Some(at) => Reached::Left,
            Part::Item(..) => {
                let share = shares.get(at).and_then(Option::as_ref).and_then(|all| all.get(group));
                match share {
                    Some(Ok(share)) => Reached::Share(share.clone()),
                    Some(Err(status)) if status.is_not_applicable() => {
                        Reached::without(scheme.not_applicable, Exact::zero())
                    }
                    _ => Reached::without(scheme.missing, Exact::zero()),
                }
            }
            Part::Group(aggregate) => {
                let own = children.get(at).into_iter().flatten();
                let weighed = own.filter_map(|child| {
                    let weight = Exact::from(scheme.nodes.get(*child)?.weight);
                    Some((weight, reached.get(*child)?))
                });
                mean_of(*aggregate, weighed)
            }
        };
        if let Some(place) = reached.get_mut(at) {
            *place = own;
        }
    }
    reached
}

/// The weight that each node carries in the total of an area: its own, and its part of what is
/// left out beside it.
pub(super) fn carried(scheme: &Scheme, reached: &[Reached<Exact>]) -> Vec<Option<Exact>> {
    let nodes = || scheme.nodes.iter().zip(reached);
    // Weights of the parts of each node that are there.
    let mut there = vec![Exact::zero(); scheme.nodes.len()];
    for (node, _) in nodes().filter(|(_, reached)| reached.share().is_some()) {
        if let Some(sum) = node.parent.and_then(|parent| there.get_mut(parent)) {
            *sum = sum.plus(&node.weight.into());
        }
    }
    let mut carried: Vec<Option<Exact>> = Vec::with_capacity(scheme.nodes.len());
    for (node, reached) in nodes() {
        let own = reached.share().map(|_| Exact::from(node.weight));
        let own = own.and_then(|own| {
            let Some(parent) = node.parent else { return Some(own) };
            carried.get(parent)?.as_ref()?.times(&own).over(there.get(parent)?)
        });
        carried.push(own);
    }
    carried
}
