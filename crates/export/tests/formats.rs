//! Documents in other formats, and what hostile texts and names become there.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use demarche_core::{Document, Offsets, format};
use demarche_export::{Brat, Page, Stats, conllu, file_name};

const RESULT: &str = r#"{"id": "7", "meta": {"date": "2024-06-21", "title": "Prague & Moscow"}, "text": "“No,” said\nJan Čapek. He froze Rosneft’s assets.",
    "sentences": [[0, 20], [21, 47]],
    "tokens": [{"span": [0, 1], "lemma": "\"", "upos": "PUNCT", "xpos": "``", "head": 1, "deprel": "punct"},
        {"span": [1, 3], "lemma": "no", "upos": "INTJ", "xpos": "UH", "head": 4, "deprel": "ccomp"},
        {"span": [3, 4], "lemma": ",", "upos": "PUNCT", "xpos": ",", "head": 1, "deprel": "punct"},
        {"span": [4, 5], "lemma": "\"", "upos": "PUNCT", "xpos": "''", "head": 1, "deprel": "punct"},
        {"span": [6, 10], "lemma": "say", "upos": "VERB", "xpos": "VBD", "head": null, "deprel": "root"},
        {"span": [11, 14], "lemma": "Jan", "upos": "PROPN", "xpos": "NNP", "head": 4, "deprel": "nsubj"},
        {"span": [15, 20], "lemma": "Čapek", "upos": "PROPN", "xpos": "NNP", "head": 5, "deprel": "flat"},
        {"span": [22, 24], "lemma": "he", "upos": "PRON", "xpos": "PRP", "head": 8, "deprel": "nsubj"},
        {"span": [25, 30], "lemma": "freeze", "upos": "VERB", "xpos": "VBD", "head": null, "deprel": "root"}],
    "entities": [{"span": [11, 20], "label": "PERSON", "name": "Jan Čapek", "norm": "CZE", "chain": 0},
        {"span": [31, 38], "label": "ORG", "name": "Rosneft", "norm": "Rosneft"}],
    "chains": [{"name": "Jan Čapek", "label": "PERSON", "mentions": [[11, 20], [22, 24]]}],
    "quotes": [{"kind": "direct", "type": "statement", "content": [[0, 5]], "cue": [[6, 10]], "source": [[11, 20]],
        "speaker": {"name": "Jan Čapek", "chain": 0, "norm": "CZE"}}],
    "sanctions": [{"trigger": [25, 30], "action": "impose", "measures": ["asset_freeze"], "factuality": "actual",
        "sender": [{"span": [22, 24], "norm": "CZE"}], "target": [{"span": [31, 38], "norm": null}], "actor": [],
        "instrument": null, "reason": null, "date": null, "quote": null}]}"#;

fn doc() -> Document<'static> {
    format::read(RESULT, Offsets::Char).unwrap()
}

#[test]
fn conllu_has_every_word_of_a_sentence() {
    let mut out = String::new();
    conllu(&doc(), &mut out);
    let expected = "\
# newdoc id = 7
# sent_id = 7-1
# text = “No,” said Jan Čapek
1\t“\t\"\tPUNCT\t``\t_\t2\tpunct\t_\tSpaceAfter=No|end_char=1|start_char=0
2\tNo\tno\tINTJ\tUH\t_\t5\tccomp\t_\tSpaceAfter=No|end_char=3|start_char=1
3\t,\t,\tPUNCT\t,\t_\t2\tpunct\t_\tSpaceAfter=No|end_char=4|start_char=3
4\t”\t\"\tPUNCT\t''\t_\t2\tpunct\t_\tend_char=5|start_char=4
5\tsaid\tsay\tVERB\tVBD\t_\t0\troot\t_\tend_char=10|start_char=6
6\tJan\tJan\tPROPN\tNNP\t_\t5\tnsubj\t_\tNER=B-PERSON|end_char=14|start_char=11
7\tČapek\tČapek\tPROPN\tNNP\t_\t6\tflat\t_\tNER=I-PERSON|end_char=20|start_char=15

# sent_id = 7-2
# text = He froze Rosneft’s assets
1\tHe\the\tPRON\tPRP\t_\t2\tnsubj\t_\tend_char=24|start_char=22
2\tfroze\tfreeze\tVERB\tVBD\t_\t0\troot\t_\tend_char=30|start_char=25

";
    assert_eq!(out, expected);
}

#[test]
fn brat_has_names_chains_and_events() {
    let mut brat = Brat::default();
    let expected = "\
T1\tPERSON 11 20\tJan Čapek
#1\tAnnotatorNotes T1\tCZE
T2\tORG 31 38\tRosneft
#2\tAnnotatorNotes T2\tRosneft
T3\tMention 11 20\tJan Čapek
T4\tMention 22 24\tHe
*\tCoreference T3 T4
T5\tQuotation 0 5\t“No,”
T6\tCue 6 10\tsaid
T7\tSource 11 20\tJan Čapek
E1\tQuotation:T5 Cue:T6 Source:T7
A1\tKind E1 direct
#3\tAnnotatorNotes E1\tJan Čapek; CZE
T8\tSanction 25 30\tfroze
T9\tSender 22 24\tHe
#4\tAnnotatorNotes T9\tCZE
T10\tTarget 31 38\tRosneft
E2\tSanction:T8 Sender:T9 Target:T10
A2\tAction E2 impose
A3\tFactuality E2 actual
#5\tAnnotatorNotes E2\tasset_freeze
";
    assert_eq!(brat.annotations(&doc()), expected);
    let configuration = brat.configuration();
    for name in ["PERSON\n", "ORG\n", "Quotation Cue*:Cue", "Value:impose|"] {
        assert!(configuration.contains(name), "{name}: {configuration}");
    }
}

#[test]
fn brat_parts_what_a_line_break_parts() {
    let mut doc = Document::new("1", "New \n York\nX");
    let entity = demarche_core::Entity {
        span: demarche_core::Span::new(0, 10),
        label: "G P",
        name: None,
        norm: None,
        chain: None,
    };
    doc.add_entity(&entity);
    assert_eq!(Brat::default().annotations(&doc), "T1\tG_P 0 3;6 10\tNew York\n");
}

#[test]
fn r_ids_are_never_paths() {
    for (id, name) in [
        ("a/b.txt", "000001-a_b_txt"),
        ("../../etc/passwd", "000001-______etc_passwd"),
        ("C:\\x\0", "000001-C__x_"),
        ("", "000001-"),
        ("\u{1b}[31mé", "000001-__31m_"),
    ] {
        assert_eq!(file_name(1, id), name);
    }
    assert!(file_name(u64::MAX, &"x".repeat(10_000)).len() < 128);
}

fn page(doc: &Document<'_>) -> String {
    let mut page = Page::default();
    let start = Page::start("results");
    let document = page.document(doc);
    start + &document + &page.end()
}

#[test]
fn a_page_marks_names_quotations_and_events() {
    let page = page(&doc());
    let text = "<sup id=\"d1q1\">1</sup><span class=\"q\" title=\"said by Jan Čapek\">“No,”</span> \
        <span class=\"a\" title=\"cue of 1\">said</span>\n\
        <span class=\"a n person\" title=\"source of 1 · PERSON Jan Čapek CZE\">Jan Čapek</span>. \
        <span class=\"r\" title=\"sender\">He</span> <span class=\"t\" title=\"impose (actual)\">froze</span> \
        <span class=\"n org r\" title=\"ORG Rosneft Rosneft · target\">Rosneft</span>’s assets.";
    assert!(page.contains(text), "{page}");
    assert!(page.contains("<h2>Prague &amp; Moscow</h2>"));
    assert!(page.contains("<li>Jan Čapek <small>CZE</small> <a href=\"#d1q1\">1.1</a></li>"));
    assert!(page.contains("<b>He (CZE)</b> → <b>Rosneft</b>: impose (asset freeze)"));
    assert!(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"));
}

/// A document of which everything wants to be markup or a terminal code: only what this program wrote is a tag.
#[test]
fn r_nothing_of_a_document_is_taken_for_markup() {
    let evil = "<script>alert(1)</script>\\u0022 onload='x' & \\u001b[31m\\u202e";
    let json = format!(
        r#"{{"id": "{evil}", "meta": {{"title": "{evil}", "date": "{evil}"}}, "text": "{evil}", "tokens": [{{"span": [0, 8], "lemma": "{evil}|\t", "upos": "X", "xpos": "{evil}", "head": null, "deprel": "{evil}"}}],
        "entities": [{{"span": [0, 8], "label": "{evil}", "name": "{evil}", "norm": "{evil}"}}],
        "quotes": [{{"kind": "direct", "content": [[0, 20]], "cue": [[2, 5]], "source": [[1, 4]], "speaker": {{"name": "{evil}", "norm": "{evil}"}}}}],
        "sanctions": [{{"trigger": [3, 9], "action": "impose", "measures": [], "factuality": "actual", "sender": [{{"span": [0, 9], "norm": "{evil}"}}], "target": [], "actor": [], "instrument": null, "reason": [0, 9], "date": null, "quote": 0}}]}}"#
    );
    let doc = format::read(&json.replace('\t', "\\t"), Offsets::Char).unwrap();
    let page = page(&doc);
    assert!(!page.contains("<script") && !page.contains("onload='") && !page.contains("\" onload"), "{page}");
    let hidden = |c: char| (c.is_control() && c != '\n' && c != '\t') || c == '\u{202e}';
    assert!(!page.contains(hidden));
    let tags = ["article", "span", "sup", "b", "small", "a", "li", "ol", "ul", "p", "div", "h2", "h3"];
    for tag in page[page.find("<main>").unwrap()..].split('<').skip(1) {
        let name = tag.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap();
        assert!(tags.contains(&name) || ["main", "aside", "body", "html"].contains(&name), "{tag}");
    }
    let mut words = String::new();
    conllu(&doc, &mut words);
    assert!(!words.contains(hidden));
    assert!(words.lines().filter(|line| line.starts_with('1')).all(|line| line.split('\t').count() == 10));
    let brat = Brat::default().annotations(&doc);
    assert!(brat.lines().all(|line| line.starts_with(['T', 'E', 'A', '#'])));
    let mut stats = Stats::default();
    stats.add(&doc);
    assert!(!stats.table(10).contains(hidden));
}

#[test]
fn marks_that_overlap_are_in_linear_time() {
    let mut doc = Document::new("1", "a".repeat(50_000));
    for start in 0..25_000 {
        let span = demarche_core::Span::new(start, 50_000 - start);
        doc.add_entity(&demarche_core::Entity { span, label: "ORG", name: None, norm: None, chain: None });
    }
    assert!(page(&doc).len() < 100_000);
}

#[test]
fn figures() {
    let mut stats = Stats::default();
    stats.add(&doc());
    stats.add(&doc());
    let expected = "\
2 documents, 18 words, 4 names, 2 quotations, 2 sanction events

Names by label
  ORG     2  ██████████████████████████████
  PERSON  2  ██████████████████████████████

Who is quoted most
  Jan Čapek (CZE)  2  ██████████████████████████████

Who sanctions whom
  CZE → Rosneft  2  ██████████████████████████████

What is done
  impose  2  ██████████████████████████████

Events by month
  2024-06  2  ██████████████████████████████

Actions by month
           impose
  2024-06       2
";
    assert_eq!(stats.table(15), expected);
}
