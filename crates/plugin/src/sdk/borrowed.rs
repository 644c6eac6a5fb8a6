//! The host's columns as a [`Document`]: nothing is copied but `meta`.

use std::borrow::Cow;

use demarche_core::{
    Action, Chains, Column, Dependencies, Document, Entities, Factuality, Lists, Morphology, OpenLayer,
    QuoteKind, QuoteType, Quotes, Sanctions, Span, StageError, StringId, Strings, Upos,
};

use super::remote::{Remote, failed};
use crate::abi::{Item, column};

/// The document of a call, with all the layers that the host lends. It must not outlive the call.
pub(super) fn document<'a>(remote: &Remote) -> Result<Document<'a>, StageError> {
    let strings = Strings::borrowed(
        remote.view(column::STRING_OFFSETS)?.unwrap_or(&[0]),
        remote.text(column::STRING_BYTES)?,
    );
    let mut doc = Document::new(remote.text(column::ID)?, remote.text(column::TEXT)?)
        .with_strings(strings.ok_or_else(|| failed("the host lends a string table that is not sound"))?);
    doc.set_cancel(remote.cancel());
    match remote.text(column::META)? {
        "" | "{}" => {}
        meta => {
            let meta = serde_json::from_str(meta);
            doc = doc.with_meta(meta.map_err(|error| failed(format!("the host lends bad `meta`: {error}")))?);
        }
    }
    if let Some(span) = remote.view::<Span>(column::SENTENCE_SPAN)? {
        doc.set_sentences(span);
    }
    if let Some(span) = remote.view::<Span>(column::TOKEN_SPAN)? {
        doc.set_tokens(span);
    }
    if let Some(upos) = remote.view(column::TOKEN_UPOS)? {
        doc.set_morphology(Morphology {
            upos: values::<Upos>(upos, column::TOKEN_UPOS)?,
            xpos: items(remote, column::TOKEN_XPOS)?,
            lemma: items(remote, column::TOKEN_LEMMA)?,
        });
    }
    if let Some(head) = remote.view::<u32>(column::TOKEN_HEAD)? {
        doc.set_dependencies(Dependencies {
            head: head.into(),
            deprel: items(remote, column::TOKEN_DEPREL)?,
        });
    }
    doc.set_columns(entities(remote)?, chains(remote)?, quotes(remote)?, sanctions(remote)?);
    for (index, name) in remote.open_layers() {
        doc.set_open_columns(
            name,
            OpenLayer {
                span: items(remote, column::layer_span(index))?,
                value: items(remote, column::layer_value(index))?,
            },
        );
    }
    Ok(doc)
}

fn entities<'a>(remote: &Remote) -> Result<Option<Entities<'a>>, StageError> {
    let Some(span) = remote.view::<Span>(column::ENTITY_SPAN)? else { return Ok(None) };
    Ok(Some(Entities {
        span: span.into(),
        label: items(remote, column::ENTITY_LABEL)?,
        name: items(remote, column::ENTITY_NAME)?,
        norm: items(remote, column::ENTITY_NORM)?,
        chain: items(remote, column::ENTITY_CHAIN)?,
    }))
}

fn chains<'a>(remote: &Remote) -> Result<Option<Chains<'a>>, StageError> {
    let Some(name) = remote.view::<StringId>(column::CHAIN_NAME)? else { return Ok(None) };
    Ok(Some(Chains {
        name: name.into(),
        label: items(remote, column::CHAIN_LABEL)?,
        norm: items(remote, column::CHAIN_NORM)?,
        mentions: lists(remote, column::CHAIN_MENTION_OFFSETS)?,
    }))
}

fn quotes<'a>(remote: &Remote) -> Result<Option<Quotes<'a>>, StageError> {
    let Some(kind) = remote.view(column::QUOTE_KIND)? else { return Ok(None) };
    Ok(Some(Quotes {
        kind: values::<QuoteKind>(kind, column::QUOTE_KIND)?,
        quote_type: values::<QuoteType>(
            remote.view(column::QUOTE_TYPE)?.unwrap_or_default(),
            column::QUOTE_TYPE,
        )?,
        content: lists(remote, column::QUOTE_CONTENT_OFFSETS)?,
        cue: lists(remote, column::QUOTE_CUE_OFFSETS)?,
        source: lists(remote, column::QUOTE_SOURCE_OFFSETS)?,
        speaker_name: items(remote, column::QUOTE_SPEAKER_NAME)?,
        speaker_norm: items(remote, column::QUOTE_SPEAKER_NORM)?,
        speaker_chain: items(remote, column::QUOTE_SPEAKER_CHAIN)?,
    }))
}

fn sanctions<'a>(remote: &Remote) -> Result<Option<Sanctions<'a>>, StageError> {
    let Some(trigger) = remote.view::<Span>(column::SANCTION_TRIGGER)? else { return Ok(None) };
    let numbers = |id| Ok::<_, StageError>(remote.view::<u8>(id)?.unwrap_or_default());
    Ok(Some(Sanctions {
        trigger: trigger.into(),
        action: values::<Action>(numbers(column::SANCTION_ACTION)?, column::SANCTION_ACTION)?,
        measures: items(remote, column::SANCTION_MEASURES)?,
        factuality: values::<Factuality>(numbers(column::SANCTION_FACTUALITY)?, column::SANCTION_FACTUALITY)?,
        sender: lists(remote, column::SANCTION_SENDER_OFFSETS)?,
        sender_norm: items(remote, column::SANCTION_SENDER_NORM)?,
        target: lists(remote, column::SANCTION_TARGET_OFFSETS)?,
        target_norm: items(remote, column::SANCTION_TARGET_NORM)?,
        actor: lists(remote, column::SANCTION_ACTOR_OFFSETS)?,
        actor_norm: items(remote, column::SANCTION_ACTOR_NORM)?,
        instrument: items(remote, column::SANCTION_INSTRUMENT)?,
        reason: items(remote, column::SANCTION_REASON)?,
        date: items(remote, column::SANCTION_DATE)?,
        quote: items(remote, column::SANCTION_QUOTE)?,
        cameo: items(remote, column::SANCTION_CAMEO)?,
        plover: items(remote, column::SANCTION_PLOVER)?,
    }))
}

/// A column of a layer that is there.
fn items<'a, T: Item>(remote: &Remote, id: u32) -> Result<Column<'a, T>, StageError> {
    let items =
        remote.view(id)?.ok_or_else(|| failed(format!("the host lends a layer without its column {id}")));
    items.map(Cow::Borrowed)
}

/// Lists of spans: their offsets, and the items in the column after.
fn lists<'a>(remote: &Remote, offsets: u32) -> Result<Lists<'a, Span>, StageError> {
    let lists = Lists { offsets: items(remote, offsets)?, items: items(remote, offsets + 1)? };
    let sound = lists.offsets.first() == Some(&0)
        && lists.offsets.is_sorted()
        && lists.offsets.last().is_some_and(|&end| end as usize == lists.items.len());
    if sound {
        Ok(lists)
    } else {
        Err(failed(format!("the host lends offsets in column {offsets} that are not sound")))
    }
}

/// A vocabulary whose values are the numbers from 0, one byte each.
///
/// # Safety
/// It is `repr(u8)`, and its values are exactly the numbers below `COUNT`.
unsafe trait Vocabulary: Clone + 'static {
    const COUNT: usize;
}

// SAFETY: the values stand in the order of their numbers, from 0; a test of this file says so.
unsafe impl Vocabulary for Upos {
    const COUNT: usize = Self::ALL.len();
}
// SAFETY: as above.
unsafe impl Vocabulary for QuoteKind {
    const COUNT: usize = Self::ALL.len();
}
// SAFETY: as above.
unsafe impl Vocabulary for QuoteType {
    const COUNT: usize = Self::ALL.len();
}
// SAFETY: as above.
unsafe impl Vocabulary for Action {
    const COUNT: usize = Self::ALL.len();
}
// SAFETY: as above.
unsafe impl Vocabulary for Factuality {
    const COUNT: usize = Self::ALL.len();
}

/// Numbers as values of a vocabulary, if all are.
fn values<T: Vocabulary>(numbers: &[u8], id: u32) -> Result<Column<'_, T>, StageError> {
    if let Some(number) = numbers.iter().find(|&&number| usize::from(number) >= T::COUNT) {
        return Err(failed(format!(
            "the host has the value {number} in column {id}: build the plugin anew to know it"
        )));
    }
    // SAFETY: one byte each, and each is the number of a value.
    Ok(Cow::Borrowed(unsafe { std::slice::from_raw_parts(numbers.as_ptr().cast(), numbers.len()) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vocabularies_are_the_numbers_from_0() {
        assert!(Upos::ALL.iter().enumerate().all(|(i, &value)| value as usize == i));
        assert!(QuoteKind::ALL.iter().enumerate().all(|(i, &value)| value as usize == i));
        assert!(QuoteType::ALL.iter().enumerate().all(|(i, &value)| value as usize == i));
        assert!(Action::ALL.iter().enumerate().all(|(i, &value)| value as usize == i));
        assert!(Factuality::ALL.iter().enumerate().all(|(i, &value)| value as usize == i));
    }

    #[test]
    fn an_unknown_number_is_an_error() {
        assert_eq!(*values::<QuoteKind>(&[2, 0], 64).unwrap(), [QuoteKind::Mixed, QuoteKind::Direct]);
        assert!(values::<QuoteKind>(&[0, 3], 64).is_err());
    }
}
