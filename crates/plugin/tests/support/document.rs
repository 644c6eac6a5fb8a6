//! A document with every layer.

use demarche_plugin::{Document, Offsets, format};

const JSON: &str = r#"{"id": "d-1", "meta": {"date": "2025-03-01", "nested": {"n": [1, 2.5]}},
 "text": "Zoë Aster said “stop”. Genovia froze the assets of Ruritania.",
 "sentences": [[0, 22], [23, 61]],
 "tokens": [
  {"span": [0, 3], "lemma": "Zoë", "upos": "PROPN", "xpos": "NNP", "head": 2, "deprel": "nsubj"},
  {"span": [4, 9], "lemma": "Aster", "upos": "PROPN", "xpos": "NNP", "head": 0, "deprel": "flat"},
  {"span": [10, 14], "lemma": "say", "upos": "VERB", "xpos": "VBD", "head": null, "deprel": "root"},
  {"span": [15, 16], "lemma": null, "upos": "PUNCT", "xpos": null, "head": 4, "deprel": "punct"},
  {"span": [16, 20], "lemma": "stop", "upos": "VERB", "xpos": "VB", "head": 2, "deprel": "ccomp"},
  {"span": [20, 21], "lemma": null, "upos": "X", "xpos": null, "head": 4, "deprel": "punct"},
  {"span": [21, 22], "lemma": ".", "upos": "PUNCT", "xpos": ".", "head": 2, "deprel": "punct"}],
 "entities": [{"span": [0, 9], "label": "PERSON", "name": "Zoë Aster", "chain": 0},
  {"span": [23, 30], "label": "GPE", "name": "Genovia", "norm": "GEN", "chain": 1},
  {"span": [51, 60], "label": "GPE"}],
 "chains": [{"name": "Zoë Aster", "label": "PERSON", "mentions": [[0, 9]]},
  {"name": "Genovia", "norm": "GEN", "mentions": [[23, 30], [37, 47]]}],
 "quotes": [{"kind": "direct", "content": [[16, 20]], "cue": [[10, 14]], "source": [[0, 9]],
   "speaker": {"name": "Zoë Aster", "chain": 0, "norm": "GEN"}},
  {"kind": "mixed", "content": [[16, 20], [21, 22]], "cue": [], "source": [], "speaker": null}],
 "sanctions": [{"trigger": [31, 36], "action": "impose", "measures": ["asset_freeze", "other"], "factuality": "actual",
  "sender": [{"span": [23, 30], "norm": "GEN"}], "target": [{"span": [51, 60], "norm": null}, {"span": [51, 60], "norm": "RUR"}],
  "actor": [], "instrument": null, "reason": [0, 9], "date": null, "quote": 1, "cameo": "163"}],
 "layers": {"headline": [{"span": [0, 3], "value": {"words": 1}}], "é": [{"span": [4, 4], "value": null}, {"span": [0, 61], "value": [1.5, "x"]}]}}"#;

/// The document.
pub(crate) fn full() -> Document<'static> {
    format::read(JSON, Offsets::Char).expect("the document is sound")
}

/// A document without layers.
#[allow(dead_code, reason = "not every test needs it")]
pub(crate) fn bare() -> Document<'static> {
    Document::new("d-2", "Zoë Aster said “stop”.")
}

/// All of a document as JSON text.
#[allow(dead_code, reason = "not every test needs it")]
pub(crate) fn json(doc: &Document<'_>) -> String {
    String::from_utf8(format::to_vec(doc, Offsets::Byte)).expect("JSON is UTF-8")
}
