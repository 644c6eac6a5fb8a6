//! Which tokens stand inside quotation marks.

use demarche_core::Document;

/// Tokens after which a quotation without a closing mark is given up.
const LONGEST: usize = 400;

/// Of each token, the quotation it is in, from 1 in text order; 0 outside. A quotation within a quotation
/// counts as part of it.
pub(crate) fn of_tokens(doc: &Document<'_>) -> Vec<u32> {
    let tokens = doc.tokens();
    let mut quotation = vec![0; tokens.len()];
    let mut n_quotations = 0;
    let mut open: Option<(usize, char)> = None;
    for token in 0..tokens.len() {
        let mark = match doc.token(token) {
            "“" | "„" | "«" | "‘" | "\"" | "”" | "»" | "’" | "``" | "''" => {
                doc.token(token).chars().next()
            }
            _ => None,
        };
        // An open quotation ends with its paragraph; the next paragraph opens it anew.
        let new_paragraph = token > 0 && {
            let gap = &doc.text()[tokens[token - 1].end as usize..tokens[token].start as usize];
            gap.contains('\n')
        };
        if open.is_some_and(|(start, _)| new_paragraph || token - start > LONGEST) {
            open = None;
        }
        match (open, mark) {
            (None, Some('“' | '„' | '«' | '‘' | '"' | '`')) => {
                open = mark.map(|mark| (token, mark));
                n_quotations += 1;
            }
            (Some((_, opened)), Some(mark)) if closes(opened, mark) => open = None,
            (Some(_), _) => quotation[token] = n_quotations,
            (None, _) => {}
        }
    }
    quotation
}

fn closes(opened: char, mark: char) -> bool {
    match opened {
        '“' => mark == '”',
        '„' => matches!(mark, '“' | '”'),
        '«' => mark == '»',
        '‘' => mark == '’',
        '`' => mark == '\'',
        _ => mark == '"',
    }
}
