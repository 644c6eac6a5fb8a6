//! What was written reads back as the same document: any Unicode, any layers, each unit of offsets.

#![allow(clippy::unwrap_used, reason = "a failed draw fails the test")]

#[path = "common/draw.rs"]
mod draw;

use demarche_core::{Document, Layer, OffsetMap, Offsets, format};
use draw::{draws, texts};
use proptest::prelude::*;

const UNITS: [Offsets; 3] = [Offsets::Char, Offsets::Byte, Offsets::Utf16];

/// A document as its whole content, apart from the order of its string table.
fn content(doc: &Document<'_>) -> String {
    let entities: Vec<_> = doc.entities().collect();
    let chains: Vec<_> = doc.chains().collect();
    let quotes: Vec<_> = doc.quotes().collect();
    let sanctions: Vec<_> = doc.sanctions().collect();
    let open: Vec<_> =
        doc.open_layers().map(|name| (name, doc.open_layer(name).collect::<Vec<_>>())).collect();
    let tags: Vec<_> = doc
        .morphology()
        .into_iter()
        .flat_map(|layer| {
            (0..layer.upos.len())
                .map(|i| (layer.upos[i], doc.string(layer.xpos[i]), doc.string(layer.lemma[i])))
        })
        .collect();
    let arcs: Vec<_> = doc
        .dependencies()
        .into_iter()
        .flat_map(|layer| (0..layer.head.len()).map(|i| (layer.head[i], doc.string(layer.deprel[i]))))
        .collect();
    let present: Vec<_> = Layer::BUILT_IN.iter().filter(|layer| doc.has(layer)).collect();
    format!(
        "{:?} {:?} {:?} {present:?} {:?} {:?} {tags:?} {arcs:?} {entities:?} {chains:?} {quotes:?} {sanctions:?} {open:?}",
        doc.id(),
        doc.text(),
        doc.meta(),
        doc.sentences(),
        doc.tokens(),
    )
}

fn written(doc: &Document<'_>, unit: Offsets) -> String {
    String::from_utf8(format::to_vec(doc, unit)).unwrap()
}

proptest! {
    #[test]
    fn what_was_written_reads_back_as_the_same(draw in draws()) {
        let doc = draw.document();
        prop_assert_eq!(doc.validate(), Ok(()));
        for unit in UNITS {
            let json = written(&doc, unit);
            prop_assert!(!json.contains('\n'), "one document is one line");
            let back = format::read(&json, unit).unwrap();
            prop_assert_eq!(content(&back), content(&doc));
            prop_assert_eq!(written(&back, unit), json);
        }
    }

    #[test]
    fn items_read_back_one_by_one(draw in draws()) {
        let doc = draw.document();
        let map = OffsetMap::new(doc.text(), Offsets::Char);
        let layers = [
            (Layer::Entities, doc.entities().len()),
            (Layer::Chains, doc.chains().len()),
            (Layer::Quotes, doc.quotes().len()),
            (Layer::Sanctions, doc.sanctions().len()),
        ];
        let mut back = Document::default();
        for (layer, len) in &layers {
            for item in 0..*len {
                let mut json = Vec::new();
                format::write_item(&doc, layer, item, &map, &mut json).unwrap();
                format::read_item(&mut back, layer, std::str::from_utf8(&json).unwrap(), &map).unwrap();
            }
        }
        prop_assert!(back.entities().eq(doc.entities()));
        prop_assert!(back.chains().eq(doc.chains()));
        prop_assert!(back.quotes().eq(doc.quotes()));
        prop_assert!(back.sanctions().eq(doc.sanctions()));
        prop_assert!(format::read_item(&mut back, &Layer::Tokens, "[0, 1]", &map).is_err());
    }

    #[test]
    fn any_bytes_are_read_or_refused(json in "\\PC{0,200}") {
        let _ = format::read(&json, Offsets::Char);
    }

    #[test]
    fn offsets_count_as_the_standard_library_does(text in texts()) {
        for unit in UNITS {
            let map = OffsetMap::new(&text, unit);
            for byte in (0..=text.len()).filter(|&byte| text.is_char_boundary(byte)) {
                let expected = match unit {
                    Offsets::Byte => byte,
                    Offsets::Char => text[..byte].chars().count(),
                    Offsets::Utf16 => text[..byte].encode_utf16().count(),
                };
                prop_assert_eq!(map.from_byte(byte as u32) as usize, expected);
                prop_assert_eq!(map.to_byte(expected as u32), Some(byte as u32));
            }
            prop_assert_eq!(map.to_byte(text.len() as u32 + 1), None);
        }
    }
}

#[test]
fn an_offset_within_a_character_is_refused() {
    assert_eq!(OffsetMap::new("a😀b", Offsets::Utf16).to_byte(2), None);
    assert_eq!(OffsetMap::new("a😀b", Offsets::Byte).to_byte(2), None);
}
