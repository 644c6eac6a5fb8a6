//! The running text of a treebank, with the places where its sentences end.

use std::path::Path;

use anyhow::{Context, bail};
use demarche_core::Span;

/// A document's text and its sentences.
#[derive(Debug, Default)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) sentences: Vec<Span>,
}

/// The documents of a CoNLL-U file, put together from their `# text` lines: a blank line where `# newpar` or
/// `# newdoc` stands, a space between other sentences.
///
/// # Errors
/// If the file cannot be read or a sentence has no text; the error names the line.
pub(super) fn read(path: &Path) -> anyhow::Result<Vec<Text>> {
    let file = std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let mut texts: Vec<Text> = Vec::new();
    let mut opens_paragraph = false;
    let mut has_text = false;
    for (number, line) in file.lines().enumerate() {
        if is_comment(line, "newdoc") || texts.is_empty() {
            texts.push(Text::default());
        }
        if is_comment(line, "newdoc") || is_comment(line, "newpar") {
            opens_paragraph = true;
        } else if let Some(sentence) = line.strip_prefix("# text = ") {
            let text = texts.last_mut().expect("one was opened at the first line");
            text.add(sentence.trim(), opens_paragraph);
            (opens_paragraph, has_text) = (false, true);
        } else if line.is_empty() {
            has_text = false;
        } else if !line.starts_with('#') && !has_text {
            bail!("{}:{}: this sentence has no line `# text = …` before it", path.display(), number + 1);
        }
    }
    texts.retain(|text| !text.sentences.is_empty());
    Ok(texts)
}

impl Text {
    fn add(&mut self, sentence: &str, opens_paragraph: bool) {
        if !self.text.is_empty() {
            self.text.push_str(if opens_paragraph { "\n\n" } else { " " });
        }
        let start = self.text.len() as u32;
        self.text.push_str(sentence);
        self.sentences.push(Span::new(start, self.text.len() as u32));
    }
}

/// `# newpar`, also with an id.
fn is_comment(line: &str, name: &str) -> bool {
    let rest = line.strip_prefix('#').and_then(|rest| rest.trim_start().strip_prefix(name));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '=']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_and_documents() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.conllu");
        let word = "1\tRain\train\tNOUN\tNN\t_\t0\troot\t_\t_\n\n";
        let file = format!(
            "# newdoc id = a\n# newpar\n# text = Rain.\n{word}# text = Rain\n{word}# newpar id = b\n# text = Rain!\n{word}\
             # newdoc\n# text = Rain\n{word}"
        );
        std::fs::write(&path, file).unwrap();
        let texts: Vec<_> = read(&path).unwrap().into_iter().map(|text| text.text).collect();
        assert_eq!(texts, ["Rain. Rain\n\nRain!", "Rain"]);
        std::fs::write(&path, word).unwrap();
        let error = read(&path).unwrap_err().to_string();
        assert!(error.ends_with("a.conllu:1: this sentence has no line `# text = …` before it"), "{error}");
    }
}
