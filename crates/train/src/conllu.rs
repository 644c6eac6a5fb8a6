//! Reads CoNLL-U: <https://universaldependencies.org/format.html>.

use std::path::Path;

use anyhow::{Context, anyhow, bail};
use demarche_core::Upos;

/// A syntactic word of a treebank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// FORM.
    pub(crate) form: String,
    /// LEMMA; `_` where there is none.
    pub(crate) lemma: String,
    /// UPOS.
    pub(crate) upos: Upos,
    /// XPOS.
    pub(crate) xpos: String,
    /// Index of the head in the sentence, `None` for the root.
    pub(crate) head: Option<usize>,
    /// DEPREL.
    pub(crate) deprel: String,
    /// Whether white space (or the sentence's end) follows.
    pub(crate) space_after: bool,
}

/// The sentences of a file, in order. Empty nodes are left out; words of a multiword token stand without white
/// space between them, as their letters do in the text.
///
/// # Errors
/// If the file cannot be read or a line is not CoNLL-U; the error names the line.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<Vec<Token>>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let mut sentences = Vec::new();
    for (first_line, lines) in blocks(&text) {
        let sentence = sentence(&lines)
            .map_err(|(line, error)| error.context(format!("{}:{}", path.display(), first_line + line)))?;
        if !sentence.is_empty() {
            sentences.push(sentence);
        }
    }
    Ok(sentences)
}

/// Stretches of lines between empty ones, each with the number of its first line, from 1.
fn blocks(text: &str) -> impl Iterator<Item = (usize, Vec<&str>)> {
    let mut lines = text.lines().enumerate();
    std::iter::from_fn(move || {
        let mut block = Vec::new();
        let mut first = None;
        for (number, line) in lines.by_ref() {
            if line.trim().is_empty() {
                if first.is_some() {
                    break;
                }
            } else {
                first.get_or_insert(number + 1);
                block.push(line);
            }
        }
        first.map(|first| (first, block))
    })
}

fn sentence(lines: &[&str]) -> Result<Vec<Token>, (usize, anyhow::Error)> {
    let mut tokens: Vec<Token> = Vec::new();
    // Number of the last word of the multiword token that is being read, and whether white space follows it.
    let mut multiword = None;
    for (number, line) in lines.iter().enumerate().filter(|(_, line)| !line.starts_with('#')) {
        let at_line = |error| (number, error);
        let columns: Vec<&str> = line.split('\t').collect();
        let &[id, form, lemma, upos, xpos, _, head, deprel, _, misc] = &columns[..] else {
            return Err(at_line(anyhow!("a word has ten columns, this line has {}", columns.len())));
        };
        let space_after = !misc.split('|').any(|item| item == "SpaceAfter=No");
        if let Some((_, last)) = id.split_once('-') {
            let last: usize = last.parse().map_err(|_| at_line(anyhow!("`{id}` is no range of words")))?;
            multiword = Some((last, space_after));
            continue;
        }
        if id.contains('.') {
            continue;
        }
        let number_in_sentence = tokens.len() + 1;
        if id.parse() != Ok(number_in_sentence) {
            return Err(at_line(anyhow!("the word `{id}` stands where {number_in_sentence} is wanted")));
        }
        let space_after = match multiword {
            Some((last, _)) if number_in_sentence < last => false,
            Some((last, space_after)) if number_in_sentence == last => space_after,
            _ => space_after,
        };
        let token = token(form, lemma, upos, xpos, head, deprel, space_after).map_err(at_line)?;
        tokens.push(token);
    }
    let n_words = tokens.len();
    for token in &mut tokens {
        if token.head.is_some_and(|head| head >= n_words) {
            return Err((0, anyhow!("a head of this sentence is none of its {n_words} words")));
        }
    }
    if let Some(last) = tokens.last_mut() {
        last.space_after = true;
    }
    Ok(tokens)
}

fn token(
    form: &str,
    lemma: &str,
    upos: &str,
    xpos: &str,
    head: &str,
    deprel: &str,
    space_after: bool,
) -> anyhow::Result<Token> {
    let Some(upos) = Upos::named(upos) else { bail!("`{upos}` is no UPOS tag") };
    let head: usize = head.parse().with_context(|| format!("`{head}` is no head"))?;
    Ok(Token {
        form: form.to_owned(),
        lemma: lemma.to_owned(),
        upos,
        xpos: xpos.to_owned(),
        head: head.checked_sub(1),
        deprel: deprel.to_owned(),
        space_after,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_and_empty_nodes() {
        let text = "# text = We can't.\n1\tWe\twe\tPRON\tPRP\t_\t2\tnsubj\t_\t_\n\
                    2-3\tcan't\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No\n\
                    2\tca\tcan\tVERB\tMD\t_\t0\troot\t_\t_\n\
                    3\tn't\tnot\tPART\tRB\t_\t2\tadvmod\t_\t_\n\
                    3.1\tgo\tgo\tVERB\tVB\t_\t_\t_\t_\t_\n\
                    4\t.\t.\tPUNCT\t.\t_\t2\tpunct\t_\t_";
        let lines: Vec<_> = text.lines().collect();
        let tokens = sentence(&lines).unwrap();
        let spaces: Vec<_> = tokens.iter().map(|token| token.space_after).collect();
        assert_eq!(spaces, [true, false, false, true]);
        assert_eq!(
            tokens.iter().map(|token| token.head).collect::<Vec<_>>(),
            [Some(1), None, Some(1), Some(1)]
        );
    }

    #[test]
    fn errors_name_the_line() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "# a\n\n# b\n1\tWe\twe\tPRONOUN\tPRP\t_\t0\troot\t_\t_\n").unwrap();
        let error = format!("{:#}", read(file.path()).unwrap_err());
        assert!(error.ends_with(":4: `PRONOUN` is no UPOS tag"), "{error}");
    }
}
