//! Models of any bytes: each is refused by name, or works.

use demarche::{Document, Stage};
use demarche_entity::recognizer::{self, Recognizer};
use demarche_model::{Kind, OpenError, Weights, checksum};
use serde_json::json;

use super::Folder;

/// A kind of model, and what opens one.
type Opener = (Kind, fn(Vec<u8>) -> Result<(), OpenError>);

const OPENERS: [Opener; 6] = [
    (demarche_tokenize::KIND, |bytes| demarche_tokenize::Model::from_file(bytes).map(drop)),
    (demarche_syntax::network::KIND, |bytes| demarche_syntax::Model::from_file(bytes).map(drop)),
    (recognizer::KIND, |bytes| Recognizer::open(&Weights::from_file(bytes, recognizer::KIND)?).map(drop)),
    (demarche_coreference::rank::KIND, |bytes| {
        let weights = Weights::from_file(bytes, demarche_coreference::rank::KIND)?;
        demarche_coreference::rank::Network::open(&weights).map(drop)
    }),
    (demarche_quote::KIND, |bytes| demarche_quote::Model::from_file(bytes).map(drop)),
    (demarche_sanction::KIND, |bytes| demarche_sanction::Model::from_file(bytes).map(drop)),
];

/// A model, as it is and with a header that fits, for nobody guesses a checksum.
pub fn model_open(bytes: &[u8]) {
    for (_, open) in OPENERS {
        let _ = open(bytes.to_vec());
    }
    let name = bytes.get(16..24).unwrap_or_default();
    let by_name = OPENERS.iter().find(|(kind, _)| name.starts_with(kind.name.as_bytes()));
    let (kind, open) = by_name.unwrap_or(&OPENERS[usize::from(name.first().copied().unwrap_or(0)) % 6]);
    let model = with_header(bytes, *kind);
    if open(model.clone()).is_ok() {
        works(&model, *kind);
    }
}

/// The bytes with the header of a model of this kind; the number of its sections stays.
fn with_header(bytes: &[u8], kind: Kind) -> Vec<u8> {
    const HEADER: usize = 40;
    let mut model = bytes.to_vec();
    model.resize(model.len().max(HEADER), 0);
    model[..8].copy_from_slice(b"demarche");
    model[8..12].copy_from_slice(&demarche_model::FORMAT_VERSION.to_le_bytes());
    model[16..24].fill(0);
    model[16..16 + kind.name.len()].copy_from_slice(kind.name.as_bytes());
    model[24..28].copy_from_slice(&kind.version.to_le_bytes());
    let sum = checksum(&model[HEADER..], checksum(&model[..32], 0));
    model[32..HEADER].copy_from_slice(&sum.to_le_bytes());
    model
}

/// Models that a user can name do something with a text, whatever their numbers are.
fn works(model: &[u8], kind: Kind) {
    thread_local! {
        static FOLDER: Folder = Folder::new();
    }
    let stages = match kind {
        demarche_syntax::network::KIND => ["tokenize", "syntax"].as_slice(),
        recognizer::KIND => &["tokenize", "tags", "entity"],
        _ => return,
    };
    let registry = demarche::registry();
    let mut doc =
        Document::new("", "Ann Lind met the council of Oslo on Friday. “No deal,” she said; 3 left.");
    for (i, stage) in stages.iter().enumerate() {
        let options = if i + 1 == stages.len() {
            json!({"model": FOLDER.with(|folder| folder.put("any.model", model))})
        } else {
            json!({})
        };
        let kind = registry.get(stage).expect("it is a built-in stage");
        let stage: Box<dyn Stage> = kind.build(&options).expect("the model was opened before");
        stage.process(&mut doc).unwrap_or_else(|error| panic!("{error}"));
    }
    doc.validate().unwrap_or_else(|error| panic!("{error}"));
}
