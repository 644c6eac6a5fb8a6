//! Named entities.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};

use hashbrown::HashMap;
use serde::Deserialize;

use crate::assignment::{Edge, assign};
use crate::code::Code;
use crate::document::{Pair, Side, WireSpan};
use crate::figures::{Share, Tally, multiset};
use crate::text::{Span, overlapping, same_norm};
use crate::{Error, Key, LabelGroups, Scores};

#[derive(Deserialize)]
struct Wire<'d> {
    span: WireSpan,
    #[serde(borrow)]
    label: Option<Cow<'d, str>>,
    #[serde(borrow)]
    norm: Option<Code<'d>>,
}

struct Entity<'d> {
    span: Span,
    label: Option<Cow<'d, str>>,
    norm: Option<Code<'d>>,
}

impl Entity<'_> {
    fn labeled(&self) -> (Span, Option<&str>) {
        (self.span, self.label.as_deref())
    }
}

/// What overlapping spans count beside their number: the number of pairs decides, then how well they fit.
const FIT: f64 = 1000.0;

/// `exact`: same span and label. `overlap`: same label, a character in common, one to one. `span`: same span. `norm`: of
/// the exact ones whose gold has a norm, those with the same.
pub(crate) fn score<'d>(
    pairs: impl Iterator<Item = Pair<'d>>,
    labels: Option<&LabelGroups>,
) -> Result<Scores, Error> {
    let [mut exact, mut overlap, mut span] = [Tally::default(); 3];
    let mut norm = Share::default();
    let mut by_label: BTreeMap<String, [Tally; 2]> = BTreeMap::new();
    for pair in pairs {
        let gold = entities(&pair.gold, labels)?;
        let predicted = entities(&pair.predicted, labels)?;
        exact += multiset(
            gold.iter().map(Entity::labeled).collect(),
            predicted.iter().map(Entity::labeled).collect(),
        );
        span += multiset(gold.iter().map(|e| e.span).collect(), predicted.iter().map(|e| e.span).collect());
        for (label, [gold, predicted]) in spans_by_label([&gold, &predicted]) {
            let found = overlaps(&gold, &predicted);
            overlap += found;
            let tallies = by_label.entry(label.to_owned()).or_default();
            tallies[0] += multiset(gold, predicted);
            tallies[1] += found;
        }
        add_norms(&mut norm, &gold, &predicted);
    }
    let mut labels = Scores::default();
    for (label, [exact, overlap]) in by_label {
        labels.add(label, Scores::default().with("exact", exact).with("overlap", overlap));
    }
    Ok(Scores::default()
        .with("exact", exact)
        .with("overlap", overlap)
        .with("span", span)
        .with("norm", norm)
        .with("by_label", labels))
}

/// The entities with the labels that they are compared by.
fn entities<'d>(side: &Side<'d>, labels: Option<&LabelGroups>) -> Result<Vec<Entity<'d>>, Error> {
    let mut entities = Vec::new();
    for (i, wire) in side.items::<Wire<'d>>(Key::Entities)?.into_iter().enumerate() {
        let label = match labels {
            None => wire.label,
            Some(labels) => match wire.label.and_then(|label| labels.group(&label).map(str::to_owned)) {
                None => continue,
                Some(group) => Some(Cow::Owned(group)),
            },
        };
        let span = side.span(wire.span, Key::Entities, i, "span")?;
        entities.push(Entity { span, label, norm: wire.norm });
    }
    Ok(entities)
}

/// Spans of gold and predicted entities for each label that either has, in their order.
fn spans_by_label<'e>(sides: [&'e [Entity<'_>]; 2]) -> BTreeMap<&'e str, [Vec<Span>; 2]> {
    let mut by_label: BTreeMap<&str, [Vec<Span>; 2]> = BTreeMap::new();
    for (side, entities) in sides.into_iter().enumerate() {
        for entity in entities {
            let label = entity.label.as_deref().unwrap_or_default();
            by_label.entry(label).or_default()[side].push(entity.span);
        }
    }
    by_label
}

/// One to one: as many pairs as can be, of these the ones that fit best.
fn overlaps(gold: &[Span], predicted: &[Span]) -> Tally {
    let weigh = |(i, j): (usize, usize)| -> Edge { (i, j, 1.0 + gold[i].jaccard(predicted[j]) / FIT) };
    let edges: Vec<_> = overlapping(gold, predicted).into_iter().map(weigh).collect();
    let mut tally = Tally::default();
    tally.add(assign(&edges).len(), predicted.len(), gold.len());
    tally
}

/// Entities of the same span and label are taken in their order.
fn add_norms(norm: &mut Share, gold: &[Entity<'_>], predicted: &[Entity<'_>]) {
    let mut left: HashMap<(Span, Option<&str>), VecDeque<Option<&str>>> = HashMap::new();
    for entity in predicted {
        left.entry(entity.labeled()).or_default().push_back(entity.norm.as_deref());
    }
    for entity in gold {
        let same = left.get_mut(&entity.labeled());
        if let Some(other) = same.and_then(VecDeque::pop_front)
            && entity.norm.is_some()
        {
            norm.add(same_norm(entity.norm.as_deref(), other));
        }
    }
}
