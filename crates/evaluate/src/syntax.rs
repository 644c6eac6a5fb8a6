//! Dependency trees, as in the shared task of 2018 on parsing to Universal Dependencies (Zeman et al. 2018).

use hashbrown::HashMap;

use crate::document::{Document, Pair, Side};
use crate::figures::Tally;
use crate::words::{Token, WordKey, words};
use crate::{Error, Key, Scores};

/// Relations of content words.
const CONTENT: [&str; 29] = [
    "nsubj",
    "obj",
    "iobj",
    "csubj",
    "ccomp",
    "xcomp",
    "obl",
    "vocative",
    "expl",
    "dislocated",
    "advcl",
    "advmod",
    "discourse",
    "nmod",
    "appos",
    "nummod",
    "acl",
    "amod",
    "conj",
    "fixed",
    "flat",
    "compound",
    "list",
    "parataxis",
    "orphan",
    "goeswith",
    "reparandum",
    "root",
    "dep",
];

pub(crate) fn has_relations(document: &Document) -> Result<bool, Error> {
    let tokens: Vec<Token<'_>> = document.items(Key::Tokens)?;
    Ok(tokens.iter().any(|token| token.head.is_some() || token.deprel.is_some()))
}

/// UAS, LAS and CLAS over words at the same places: the head must be the word at the place of gold's, and relations
/// are compared without their subtype (`las_subtype`: with it).
pub(crate) fn score<'d>(pairs: impl Iterator<Item = Pair<'d>>) -> Result<Scores, Error> {
    let [mut all, mut uas, mut las, mut clas, mut las_subtype] = [Tally::default(); 5];
    for pair in pairs {
        let gold = checked_words(&pair.gold)?;
        let predicted = checked_words(&pair.predicted)?;
        let (n_predicted, n_gold) = (predicted.len(), gold.len());
        let gold_at: HashMap<WordKey, usize> =
            gold.iter().enumerate().map(|(i, (key, _))| (*key, i)).collect();
        let to_gold: Vec<_> = predicted.iter().map(|(key, _)| gold_at.get(key).copied()).collect();
        // Words at the same place: gold's, the predicted one, and whether their heads are the same.
        let aligned = || {
            let words = predicted.iter().zip(&to_gold);
            words.filter_map(|((_, token), place)| {
                let gold = &gold[(*place)?].1;
                Some((gold, token, same_head(gold, token, &to_gold)))
            })
        };
        let same =
            |(gold, token, head): &(&Token<'_>, &Token<'_>, bool)| *head && relation(gold) == relation(token);
        all.add(aligned().count(), n_predicted, n_gold);
        uas.add(aligned().filter(|(_, _, head)| *head).count(), n_predicted, n_gold);
        las.add(aligned().filter(same).count(), n_predicted, n_gold);
        let subtype = aligned().filter(|(gold, token, head)| *head && gold.deprel == token.deprel);
        las_subtype.add(subtype.count(), n_predicted, n_gold);
        let content = aligned().filter(same).filter(|(gold, ..)| is_content(gold)).count();
        clas.add(content, n_content(&predicted), n_content(&gold));
    }
    Ok(Scores::default()
        .with("words", all)
        .with("uas", uas)
        .with("las", las)
        .with("clas", clas)
        .with("las_subtype", las_subtype))
}

/// The words, after a look at whether their heads are there.
fn checked_words<'d>(side: &Side<'d>) -> Result<Vec<(WordKey, Token<'d>)>, Error> {
    let words = words(side)?;
    let n_tokens = words.len();
    for (token, (_, word)) in words.iter().enumerate() {
        if let Some(head) = word.head.flatten().filter(|&head| head >= n_tokens as u64) {
            return Err(Error::Head { at: side.at().into(), token, head, n_tokens });
        }
    }
    Ok(words)
}

/// Whether both are roots, or the predicted head is at the place of gold's. A gold head that is not stated is taken for
/// a root; a predicted one is wrong.
fn same_head(gold: &Token<'_>, predicted: &Token<'_>, to_gold: &[Option<usize>]) -> bool {
    match (gold.head.flatten(), predicted.head) {
        (_, None) | (Some(_), Some(None)) | (None, Some(Some(_))) => false,
        (None, Some(None)) => true,
        (Some(gold), Some(Some(head))) => to_gold[head as usize].is_some_and(|place| place as u64 == gold),
    }
}

/// The relation without its subtype.
fn relation<'t>(token: &'t Token<'_>) -> &'t str {
    let relation = token.deprel.as_deref().filter(|relation| !relation.is_empty()).unwrap_or("_");
    relation.split_once(':').map_or(relation, |(plain, _)| plain)
}

fn is_content(token: &Token<'_>) -> bool {
    CONTENT.contains(&relation(token))
}

fn n_content(words: &[(WordKey, Token<'_>)]) -> usize {
    words.iter().filter(|(_, token)| is_content(token)).count()
}
