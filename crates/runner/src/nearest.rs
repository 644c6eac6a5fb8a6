//! What somebody may have meant.

/// Names at least this alike count as near: Jaro–Winkler similarity, from 0 to 1.
const NEAR: f64 = 0.8;

/// The name that is most like `word`, if one is near enough.
pub(crate) fn nearest<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let word = word.to_lowercase();
    let likeness = |name: &str| strsim::jaro_winkler(&word, &name.to_lowercase());
    let scored = names.into_iter().map(|name| (likeness(name), name));
    scored.filter(|(score, _)| *score >= NEAR).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}
