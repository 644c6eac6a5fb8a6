//! CoNLL-U, the format of Universal Dependencies treebanks.

use demarche_core::{Document, NONE, OffsetMap, Offsets, Span};

use crate::text::{flat, line, visible};

/// Adds a document: its sentences, one word a line, with the columns that there are layers for.
///
/// The last column has the place of each word in code points (`start_char`, `end_char`), the entity that it is in (`NER`, as
/// `B-GPE`, `I-GPE`), and `SpaceAfter=No`.
pub fn conllu(doc: &Document<'_>, out: &mut String) {
    let offsets = OffsetMap::new(doc.text(), Offsets::Char);
    let tags = tags(doc);
    line(out, format_args!("# newdoc id = {}", flat(doc.id())));
    let whole = [Span::new(0, doc.text().len() as u32)];
    let sentences = if doc.sentences().is_empty() { &whole } else { doc.sentences() };
    for (number, &sentence) in sentences.iter().enumerate() {
        let tokens = doc.tokens_in(sentence);
        if tokens.is_empty() {
            continue;
        }
        line(out, format_args!("# sent_id = {}-{}", flat(doc.id()), number + 1));
        line(out, format_args!("# text = {}", flat(doc.slice(sentence))));
        for token in tokens.clone() {
            word(doc, token, &tokens, &offsets, tags[token].as_deref(), out);
        }
        out.push('\n');
    }
}

fn word(
    doc: &Document<'_>,
    token: usize,
    sentence: &std::ops::Range<usize>,
    offsets: &OffsetMap<'_>,
    tag: Option<&str>,
    out: &mut String,
) {
    let span = doc.tokens()[token];
    let morphology = doc.morphology();
    let string = |id: Option<demarche_core::StringId>| id.and_then(|id| doc.string(id)).map(flat);
    let lemma = string(morphology.map(|layer| layer.lemma[token]));
    let xpos = string(morphology.map(|layer| layer.xpos[token]));
    let upos = morphology.map_or("_", |layer| layer.upos[token].name());
    let head = doc.dependencies().map(|layer| layer.head[token]);
    let head = head.map(|head| match head as usize {
        // A head in another sentence has no number here.
        at if head != NONE && sentence.contains(&at) => at - sentence.start + 1,
        _ => 0,
    });
    let head = head.map_or_else(|| "_".to_owned(), |head| head.to_string());
    let deprel = string(doc.dependencies().map(|layer| layer.deprel[token]));
    let or_none = |value: Option<String>| value.filter(|value| !value.is_empty()).unwrap_or("_".to_owned());
    let next = doc.tokens().get(token + 1);
    let joined = sentence.contains(&(token + 1)) && next.is_some_and(|next| next.start == span.end);
    let tag = tag.map(|tag| format!("NER={tag}|")).unwrap_or_default();
    let space = if joined { "SpaceAfter=No|" } else { "" };
    line(
        out,
        format_args!(
            "{}\t{}\t{}\t{upos}\t{}\t_\t{head}\t{}\t_\t{tag}{space}end_char={}|start_char={}",
            token - sentence.start + 1,
            flat(doc.slice(span)),
            or_none(lemma),
            or_none(xpos),
            or_none(deprel),
            offsets.from_byte(span.end),
            offsets.from_byte(span.start),
        ),
    );
}

/// The tag of each token: of two entities the one that was added first.
fn tags(doc: &Document<'_>) -> Vec<Option<String>> {
    let mut tags = vec![None; doc.tokens().len()];
    for entity in doc.entities() {
        let label: String = entity.label.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
        for (at, token) in doc.tokens_in(entity.span).enumerate() {
            let tag = &mut tags[token];
            if tag.is_none() {
                *tag = Some(format!("{}-{label}", if at == 0 { 'B' } else { 'I' }));
            }
        }
    }
    tags
}

/// Whether a character can stand in a value of the last column.
fn is_plain(c: char) -> bool {
    !c.is_whitespace() && c != '|' && c == visible(c)
}
