//! The learned resolver after the sieves: what the sieves say is known to it, it adds what they leave open.

use demarche_core::Span;
use hashbrown::HashMap;

use crate::chain::Chains;
use crate::mention::Kind;
use crate::rank::{Candidate, Link, Network, Resolution, Scene};
use crate::stage::{Found, Reason};

/// The chains of sieves and ranker together, of at least two mentions, in the order of their first ones.
pub(crate) fn found(
    scene: &Scene<'_>,
    sieves: &Chains<'_, '_>,
    network: &Network,
    confidence: f32,
    things: bool,
) -> Vec<Found> {
    let known = known(scene, sieves);
    let Resolution { state, links } = scene.resolve(network, &known, confidence);
    // Of each chain of the sieves what the ranker adds to it.
    let mut added: Vec<Vec<usize>> = vec![Vec::new(); sieves.known.len()];
    let mut rows = Vec::new();
    for group in state.groups() {
        match group.iter().find_map(|&candidate| known[candidate]) {
            Some(chain) => {
                added[chain as usize].extend(group.iter().filter(|&&candidate| known[candidate].is_none()));
            }
            None if group.len() > 1 && (things || is_named(scene, &group)) => {
                rows.push(row(scene, &links, &group));
            }
            None => {}
        }
    }
    rows.extend(
        sieves
            .found(|chain| added[chain].iter().map(|&candidate| member(scene, &links, candidate)).collect()),
    );
    rows.sort_by_key(|row: &Found| row.mentions[0].0);
    rows
}

/// Of each candidate the chain of the sieves that it is in: by its span, else by its head, or because it is in
/// apposition to a name.
fn known(scene: &Scene<'_>, sieves: &Chains<'_, '_>) -> Vec<Option<u32>> {
    let mut by_span = HashMap::new();
    let mut by_head = HashMap::new();
    let mut by_name = HashMap::new();
    for (i, mention) in sieves.mentions.iter().enumerate() {
        let Some(chain) = sieves.of(i).map(|chain| chain as u32) else { continue };
        by_span.insert((mention.first, mention.end), chain);
        by_head.insert(mention.head, chain);
        if matches!(mention.kind, Kind::Name(_)) {
            by_name.insert(mention.head, chain);
        }
    }
    let chain = |candidate: &Candidate| {
        let span = (candidate.first, candidate.end);
        let apposed =
            || candidate.governor.filter(|_| candidate.is_apposition).and_then(|name| by_name.get(&name));
        let head = || by_head.get(&candidate.head).filter(|_| !candidate.is_coordination);
        by_span.get(&span).or_else(head).or_else(apposed).copied()
    };
    scene.candidates().iter().map(chain).collect()
}

fn is_named(scene: &Scene<'_>, group: &[usize]) -> bool {
    group.iter().any(|&candidate| scene.candidates()[candidate].named_by().is_some())
}

fn member(scene: &Scene<'_>, links: &[Option<Link>], candidate: usize) -> (Span, Reason) {
    let confidence = links[candidate].and_then(|link| link.confidence);
    (scene.span(candidate), Reason::Ranker(confidence))
}

/// A chain that the sieves do not have.
fn row(scene: &Scene<'_>, links: &[Option<Link>], group: &[usize]) -> Found {
    let reading = &scene.reading;
    let named = group.iter().filter_map(|&candidate| scene.candidates()[candidate].named_by());
    let entities: Vec<usize> = named.collect();
    let fullest = entities
        .iter()
        .map(|&entity| &reading.entities[entity])
        .max_by_key(|row| row.name.map_or(0, str::len));
    let plain = || {
        let first = group.iter().find(|&&candidate| !scene.candidates()[candidate].kind.is_pronoun());
        first.map(|&candidate| reading.doc.slice(scene.span(candidate)))
    };
    let mut mentions: Vec<_> = group.iter().map(|&candidate| member(scene, links, candidate)).collect();
    mentions.sort_unstable_by_key(|&(span, _)| span);
    let name = fullest.and_then(|row| row.name).or_else(plain);
    Found {
        name: name.map(|name| name.split_whitespace().collect::<Vec<_>>().join(" ")),
        label: fullest.map(|row| row.label.to_owned()),
        norm: fullest.and_then(|row| row.norm).map(str::to_owned),
        mentions,
        entities,
    }
}
