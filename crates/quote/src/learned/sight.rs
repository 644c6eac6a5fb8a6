//! A document as numbers: what the features of all words are made of, each computed once.

use demarche_core::{Document, NONE, StringId, Upos};
use demarche_model::feature_hash;

use crate::draft::Draft;
use crate::lexicon::{Class, Lexicon};
use crate::reading::Reading;

/// What the features look at.
pub(crate) struct Sight<'r, 'd> {
    pub(crate) reading: &'r Reading<'d>,
    /// Drafts of the rules.
    pub(crate) drafts: &'r [Draft],
    words: Vec<u64>,
    lemmas: Vec<u64>,
    xpos: Vec<u64>,
    relations: Vec<u64>,
    kinds: Vec<u64>,
    /// What the list of cues says of each word: 0 where it is not in it.
    classes: Vec<u8>,
    /// The draft whose cue or anchor each word is.
    draft_of: Vec<u32>,
    /// Whether a draft's content covers the word.
    is_said: Vec<bool>,
}

impl<'r, 'd> Sight<'r, 'd> {
    pub(crate) fn of(reading: &'r Reading<'d>, lexicon: &Lexicon, drafts: &'r [Draft]) -> Self {
        let doc = reading.doc;
        let mut memo = Memo::new(doc);
        let n_tokens = reading.len();
        let tree = &reading.tree;
        let morphology = doc.morphology();
        let dependencies = doc.dependencies();
        let column = |memo: &mut Memo<'_>, ids: Option<&[StringId]>| -> Vec<u64> {
            ids.map_or_else(|| vec![0; n_tokens], |ids| ids.iter().map(|&id| memo.hash(id)).collect())
        };
        let words: Vec<u64> = (0..n_tokens).map(|token| small_hash(reading.word(token))).collect();
        let mut draft_of = vec![NONE; n_tokens];
        let mut is_said = vec![false; n_tokens];
        for (at, draft) in drafts.iter().enumerate() {
            for &piece in &draft.content {
                is_said[doc.tokens_in(piece)].fill(true);
            }
            for &cue in &draft.cue {
                draft_of[doc.tokens_in(cue)].fill(at as u32);
            }
        }
        for (at, draft) in drafts.iter().enumerate() {
            if !draft.cue.is_empty() {
                draft_of[draft.anchor] = at as u32;
            }
        }
        let class = |token: usize| match tree.upos(token) {
            Upos::Punct | Upos::Det | Upos::Pron | Upos::Aux | Upos::Num => 0,
            _ => lexicon
                .entries_of(reading.word(token), tree.lemma(token))
                .first()
                .map_or(0, |entry| 1 + class_number(entry.class)),
        };
        Self {
            reading,
            drafts,
            lemmas: column(&mut memo, morphology.map(|layer| &*layer.lemma)),
            xpos: column(&mut memo, morphology.map(|layer| &*layer.xpos)),
            relations: column(&mut memo, dependencies.map(|layer| &*layer.deprel)),
            kinds: (0..n_tokens).map(|token| kind(reading, lexicon, token)).collect(),
            classes: (0..n_tokens).map(class).collect(),
            words,
            draft_of,
            is_said,
        }
    }

    pub(crate) fn word(&self, token: usize) -> u64 {
        self.words[token]
    }

    pub(crate) fn lemma(&self, token: usize) -> u64 {
        self.lemmas[token]
    }

    pub(crate) fn xpos(&self, token: usize) -> u64 {
        self.xpos[token]
    }

    pub(crate) fn relation(&self, token: usize) -> u64 {
        self.relations[token]
    }

    /// Entity label or kind of pronoun or noun.
    pub(crate) fn kind(&self, token: usize) -> u64 {
        self.kinds[token]
    }

    pub(crate) fn class(&self, token: usize) -> u64 {
        u64::from(self.classes[token])
    }

    /// The rules' draft that the word is the cue of.
    pub(crate) fn draft(&self, token: usize) -> Option<&'r Draft> {
        let draft = self.draft_of[token];
        (draft != NONE).then(|| &self.drafts[draft as usize])
    }

    /// Whether the rules take the word for something that is said.
    pub(crate) fn is_said(&self, token: usize) -> bool {
        self.is_said[token]
    }
}

const fn class_number(class: Class) -> u8 {
    match class {
        Class::Statement => 0,
        Class::Demand => 1,
        Class::Judgment => 2,
        Class::Accusation => 3,
        Class::Finding => 4,
        Class::Belief => 5,
    }
}

/// Hashes of a document's strings, each computed once.
struct Memo<'d> {
    doc: &'d Document<'d>,
    hashes: Vec<u64>,
}

impl<'d> Memo<'d> {
    fn new(doc: &'d Document<'d>) -> Self {
        Self { doc, hashes: Vec::new() }
    }

    fn hash(&mut self, id: StringId) -> u64 {
        let Some(string) = self.doc.string(id) else { return 0 };
        let at = id.0 as usize;
        if at >= self.hashes.len() {
            self.hashes.resize(at + 1, 0);
        }
        if self.hashes[at] == 0 {
            self.hashes[at] = small_hash(string);
        }
        self.hashes[at]
    }
}

/// Longest word that is hashed in small letters, in bytes; longer ones are hashed as they are.
const LONGEST: usize = 32;

/// The hash of a word in small letters. Marks of one meaning have one hash.
pub(crate) fn small_hash(word: &str) -> u64 {
    let word = match word {
        "“" | "”" | "''" | "``" | "„" | "«" | "»" => "\"",
        "’" | "‘" => "'",
        "’s" => "'s",
        "n’t" => "n't",
        "–" | "--" => "—",
        _ => word,
    };
    let mut small = [0; LONGEST];
    match small.get_mut(..word.len()) {
        Some(small) => {
            small.copy_from_slice(word.as_bytes());
            small.make_ascii_lowercase();
            feature_hash(0, small)
        }
        None => feature_hash(0, word.as_bytes()),
    }
}

/// Whether a word names somebody, and how.
fn kind(reading: &Reading<'_>, lexicon: &Lexicon, token: usize) -> u64 {
    if let Some(entity) = reading.entity_of(token) {
        return match reading.doc.entity(entity).label {
            "PERSON" => 1,
            "ORG" => 2,
            "GPE" => 3,
            "NORP" => 4,
            "DATE" | "TIME" => 5,
            "MONEY" | "PERCENT" | "QUANTITY" | "CARDINAL" | "ORDINAL" => 6,
            _ => 7,
        };
    }
    match reading.tree.upos(token) {
        Upos::Pron => {
            let of = |words: &[&str]| words.iter().any(|word| reading.is_word(token, word));
            if of(&["he", "she", "him", "her"]) {
                8
            } else if of(&["they", "them"]) {
                9
            } else if of(&["i", "we", "me", "us", "you"]) {
                10
            } else if of(&["who", "which", "that"]) {
                11
            } else {
                12
            }
        }
        Upos::Noun if lexicon.is_person(reading.tree.lemma(token)) => 13,
        Upos::Noun => 14,
        Upos::Propn => 15,
        Upos::Verb => 16,
        Upos::Punct => 17,
        _ => 0,
    }
}
