//! Names of persons: how far they reach, and what speaks for them.

use crate::class::Class;
use crate::gazetteer::{Match, Source};
use crate::label::Label;
use crate::mention::Mention;
use crate::scan::Scan;
use crate::word::{Shape, Words};

/// Longest name, in words, hyphens counted.
const MAX_WORDS: usize = 12;

/// How far a title is looked for before a name, in words.
const TITLE_WINDOW: usize = 6;

const ANY_FIRST: Class = Class::FIRST_NAME.or(Class::WEAK_FIRST_NAME);
const ANY_SURNAME: Class = Class::SURNAME.or(Class::WEAK_SURNAME);
const ROLE: Class =
    Class::OFFICE.or(Class::HONORIFIC).or(Class::LEGISLATOR).or(Class::MILITARY).or(Class::PRIVATE_ROLE);

/// The person whose name starts at word `i`, no listed name being there.
pub(crate) fn at<'a>(scan: &Scan<'a>, i: usize, last: Option<&Mention<'a>>) -> Option<Mention<'a>> {
    let words = scan.words;
    let word = &words.list[i];
    let titled = is_titled(words, i);
    if !may_start(words, i, titled) {
        return None;
    }
    let end = name_end(scan, i);
    let n_parts = parts(words, i, end);
    let mention = Mention::new(i, end, Label::PERSON);
    if n_parts == 1 {
        if single(scan, i, end, titled) {
            return Some(if titled { mention } else { mention.weak() });
        }
        return listed_single(scan, i, end, last);
    }
    if titled || looks_like_person(words, i, end) || is_described(words, i, end) || is_byline(words, i, end) {
        return Some(mention);
    }
    if scan.after_place_preposition(i) || before(words, i) == "the" {
        return None;
    }
    let all_unknown =
        (i..end).all(|at| !words.is(at, Class::COMMON) || words.is(at, Class::PARTICLE.or(ANY_SURNAME)));
    let shouted = (i..end).all(|at| !words.has(at, Shape::CAPITAL) || words.has(at, Shape::UPPER));
    (all_unknown && !shouted && !word.has(Shape::UPPER) && word.may_be_name()).then(|| mention.weak())
}

/// A person whose name starts with a listed one: "Jordan Peele", "Chad Smith"; or whose title says so: "Mr. Paris".
pub(crate) fn instead_of_listed<'a>(scan: &Scan<'a>, i: usize, listed: &Match) -> Option<Mention<'a>> {
    let words = scan.words;
    let label = scan.label(listed);
    if listed.end != i + 1 || words.has(i, Shape::UPPER) || scan.source(listed) == Source::User {
        return None;
    }
    let titled =
        is_titled(words, i) && !matches!(label, Label::NORP | Label::ORG) && !words.is_possessive(listed.end);
    let end = name_end(scan, i);
    let longer = parts(words, i, end) > 1;
    let mention = Mention::new(i, end, Label::PERSON);
    if scan.is_state(listed) || scan.source(listed) == Source::Capital {
        // "General Washington", "Mr. London", but "President Moscow" is none.
        let addressed = i > 0
            && words.is(i - 1, Class::HONORIFIC.or(Class::MILITARY).or(Class::RANK))
            && words.has(i - 1, Shape::CAPITAL)
            && scan.source(listed) == Source::Capital
            && !words.is_possessive(listed.end);
        let named = longer
            && words.is(i, ANY_FIRST)
            && !words.is(i + 1, Class::COMMON)
            && !scan.after_place_preposition(i)
            && scan.listed(i + 1).is_none();
        return (named || addressed).then_some(mention);
    }
    let follows = longer && words.is(i, ANY_FIRST.or(ANY_SURNAME)) && !scan.after_place_preposition(i);
    let ends_known = longer && words.is(end - 1, Class::SURNAME) && !words.is(i, Class::COMMON);
    let place_follows = words.text(listed.end) == ","
        && scan.listed(listed.end + 1).is_some_and(|next| scan.label(next) == Label::GPE);
    let alone = listed.weak
        && label == Label::GPE
        && words.is(i, ANY_FIRST.or(ANY_SURNAME))
        && !scan.after_place_preposition(i)
        && !place_follows
        && (words.is(i, Class::FIRST_NAME) || words.is(end, Class::SAY))
        && !matches!(before(words, i), "from" | "to" | "at" | "of" | "the" | ",");
    let hyphenated = words.is_hyphen(i + 1)
        && words.has(i + 2, Shape::CAPITAL)
        && scan.listed(i + 2).is_none_or(|second| second.weak);
    (label != Label::NORP
        && (titled && (longer || listed.weak) || follows || ends_known || alone || hyphenated))
        .then_some(mention)
}

/// "van der Leyen", "al-Sadr" where no first name stands before.
pub(crate) fn with_particle_first<'a>(scan: &Scan<'a>, i: usize) -> Option<Mention<'a>> {
    let words = scan.words;
    if !words.is(i, Class::PARTICLE)
        || words.text(i).len() < 2
        || matches!(words.text(i), "as" | "do" | "e" | "y" | "la" | "af" | "oy")
    {
        return None;
    }
    let next = i + 1 + usize::from(words.is_hyphen(i + 1));
    let arabic = matches!(words.text(i), "al" | "el" | "bin" | "bint") && next == i + 2;
    let surname = matches!(words.text(i), "van" | "von" | "de" | "bin");
    let named = words.has(next, Shape::CAPITAL) && scan.listed(next).is_none_or(|listed| listed.weak);
    let end = if named { name_end(scan, next) } else { return None };
    (arabic || surname && (is_titled(words, i) || words.is(end, Class::SAY)))
        .then(|| Mention::new(i, end, Label::PERSON))
}

/// One past the name that starts at word `i`.
pub(crate) fn name_end(scan: &Scan<'_>, i: usize) -> usize {
    let words = scan.words;
    let sentence = words.list[i].sentence;
    let is_part = |at: usize| {
        words.within(at, sentence).is_some_and(|word| {
            let opens_list = scan.listed(at).is_some_and(|listed| {
                !listed.weak
                    && (listed.end > at + 1 && scan.label(listed) != Label::PERSON
                        || !matches!(scan.label(listed), Label::GPE | Label::PERSON)
                        || !word.is(ANY_SURNAME.or(ANY_FIRST)))
            });
            let is_word = word.is(Class::COMMON.or(Class::FUNCTION))
                && !word.is(ANY_SURNAME.or(Class::PARTICLE).or(ANY_FIRST).or(Class::SUFFIX))
                || word.is(ROLE.or(Class::MONTH).or(Class::WEEKDAY))
                    && !word.is(ANY_SURNAME.or(Class::FIRST_NAME));
            word.is_capital()
                && word.has(Shape::WORD)
                && !word.has(Shape::LINE_START)
                && !is_word
                && (!opens_list || word.is(Class::SURNAME))
        })
    };
    let is_initial = |at: usize| words.has(at, Shape::INITIAL) && words.within(at, sentence).is_some();
    let mut at = i + 1;
    if words.has(i, Shape::INITIAL) && words.text(at) == "." && words.has(at, Shape::GLUED) {
        at += 1;
    }
    while at < i + MAX_WORDS {
        if words.is_hyphen(at)
            && (words.has(at + 1, Shape::CAPITAL) && words.has(at + 1, Shape::GLUED)
                || is_small_syllable(words, at + 1))
        {
            at += 2;
        } else if is_initial(at) {
            at += 1 + usize::from(
                words.text(at + 1) == "." && words.has(at + 1, Shape::GLUED) && words.text(at).len() == 1,
            );
        } else if let Some(part) = after_particles(words, at).filter(|&part| is_part(part)) {
            at = part + 1;
        } else if words.text(at) == ","
            && words.is(at + 1, Class::SUFFIX)
            && words.has(at + 1, Shape::CAPITAL)
            && words.text(at + 1).len() < 4
            && matches!(words.text(at + 1), "Jr." | "Sr." | "Jr" | "Sr" | "III" | "II")
        {
            at += 2;
        } else {
            break;
        }
    }
    // "Harcourt KC": letters after a name are no part of it, "Jr." and "III" are.
    while at > i + 1 && matches!(words.text(at - 1), "KC" | "QC" | "MP" | "PhD" | "Esq" | "Esq.") {
        at -= 1;
    }
    at
}

/// The capital that follows the particles at word `at`: "bin", "van der", "al-"; `at` itself without any.
fn after_particles(words: &Words<'_>, at: usize) -> Option<usize> {
    let mut next = at;
    while next < at + 4 && words.is(next, Class::PARTICLE) && !words.has(next, Shape::CAPITAL) {
        next += 1 + usize::from(words.is_hyphen(next + 1));
    }
    let plain_word = next > at
        && matches!(words.text(at), "as" | "do" | "e" | "y" | "ter" | "av")
        && next == at + 1
        && !matches!(words.text(at), "e" | "y" | "do");
    (!plain_word).then_some(next)
}

/// "un" of "Jong-un": a syllable in small letters after a hyphen.
fn is_small_syllable(words: &Words<'_>, at: usize) -> bool {
    const LONGEST: usize = 6;
    let text = words.text(at);
    let small = text.len() <= LONGEST && text.chars().all(char::is_lowercase);
    let known = at >= 3 && words.has(at - 3, Shape::CAPITAL) && words.is(at - 3, ANY_SURNAME)
        || at >= 4 && words.is(at - 2, Class::SURNAME) && words.has(at - 3, Shape::GLUED);
    small && known && words.has(at - 2, Shape::CAPITAL) && words.text(at - 2).len() <= LONGEST
}

/// How many names stand in the words: a hyphen joins two to one.
pub(crate) fn parts(words: &Words<'_>, first: usize, end: usize) -> usize {
    let n_hyphens = (first..end).filter(|&at| words.is_hyphen(at)).count();
    let n_stops = (first..end).filter(|&at| words.text(at) == ".").count();
    end - first - 2 * n_hyphens - n_stops
}

fn before<'t>(words: &Words<'t>, i: usize) -> &'t str {
    i.checked_sub(1).map_or("", |at| words.text(at))
}

/// Whether a name may start here at all.
fn may_start(words: &Words<'_>, i: usize, titled: bool) -> bool {
    let word = &words.list[i];
    if word.is(Class::FUNCTION.or(Class::MONTH).or(Class::WEEKDAY)) && !word.is(ANY_FIRST)
        || word.is(ROLE) && !word.is(Class::FIRST_NAME)
    {
        return false;
    }
    let known = word.is(Class::FIRST_NAME.or(Class::SURNAME)) || word.has(Shape::INITIAL);
    if words.has(i + 1, Shape::DIGIT) && !words.has(i + 1, Shape::LINE_START)
        || word.is(Class::MORE_THAN_A_NAME) && !word.is(ANY_FIRST.or(ANY_SURNAME))
    {
        return false;
    }
    if word.is(Class::COMMON) && word.has(Shape::START) && word.is_tagged_as_word() {
        return false;
    }
    if !word.is(Class::COMMON) && !word.is(Class::MORE_THAN_A_NAME) || known {
        return true;
    }
    let next_is_name = words.has(i + 1, Shape::CAPITAL)
        && !words.has(i + 1, Shape::LINE_START)
        && !words.is(i + 1, Class::COMMON.or(Class::MORE_THAN_A_NAME))
        || words.has(i + 1, Shape::INITIAL);
    titled && !word.has(Shape::START) || word.is(Class::WEAK_FIRST_NAME) && next_is_name
}

/// Whether a title or role stands right before word `i`: "Mr.", "spokesman", "Interior Minister".
pub(crate) fn is_titled(words: &Words<'_>, i: usize) -> bool {
    let sentence = words.list[i].sentence;
    let mut at = i;
    while at > 0 && i - at < TITLE_WINDOW {
        at -= 1;
        let Some(word) = words.within(at, sentence) else {
            // "Mr." may have been taken for the end of a sentence.
            return words.is(at, Class::HONORIFIC.or(Class::MILITARY)) && words.text(at).ends_with('.');
        };
        if word.is(ROLE) && !word.is(Class::PARTICLE) {
            return true;
        }
        // "Secretary of State Rice": the parts between title and name.
        if !(word.is(Class::TITLE_PART) && word.is_capital()
            || words.text(at) == "." && word.has(Shape::GLUED))
        {
            return false;
        }
    }
    false
}

/// Whether the parts are those of a person's name: a first name, an initial, a Korean or Chinese surname first.
fn looks_like_person(words: &Words<'_>, i: usize, end: usize) -> bool {
    let first = &words.list[i];
    let last = &words.list[end - 1];
    let strong_first = first.is(Class::FIRST_NAME)
        || first.is(Class::WEAK_FIRST_NAME) && (last.is(Class::SURNAME) || !last.is(Class::COMMON));
    let initial = first.has(Shape::INITIAL) || words.has(i + 1, Shape::INITIAL);
    let suffix = last.is(Class::SUFFIX) && end - i > 2;
    let particle = (i + 1..end).any(|at| {
        words.is(at, Class::PARTICLE) && !words.has(at, Shape::CAPITAL) && words.text(at).len() > 1
    });
    let surname_last = last.is(Class::SURNAME) && !first.is(Class::COMMON) && !first.has(Shape::UPPER);
    let surname_first =
        first.is(Class::SURNAME) && (i + 1..end).all(|at| words.text(at).len() <= 7) && end - i <= 4;
    strong_first || initial || suffix || particle || surname_last || surname_first
}

/// Whether the words around describe a person: ", 67,", ", a nurse", ", who", "said", "By".
fn is_described(words: &Words<'_>, i: usize, end: usize) -> bool {
    if words.text(end) == "," {
        let next = end + 1;
        let age = words.has(next, Shape::DIGIT)
            && matches!(words.text(next + 1), "," | ".")
            && words.text(next).len() <= 3;
        let who = words.eq(next, "who") || words.eq(next, "whose");
        let role = (next..next + 5)
            .take_while(|&at| !matches!(words.text(at), "," | "."))
            .any(|at| words.is(at, ROLE) && !words.has(at, Shape::CAPITAL));
        return age || who || role && words.is(next, Class::ARTICLE.or(ROLE).or(Class::PRONOUN));
    }
    let says = words.is(end, Class::SAY) && !words.has(end, Shape::CAPITAL);
    let said =
        i > 0 && words.is(i - 1, Class::SAY) && !matches!(words.text(i - 1), "called" | "asked" | "told");
    says || said || before(words, i) == "By" || words.text(end) == "(" && words.has(end + 1, Shape::DIGIT)
}

/// A line of its own with a name of two to four parts, below which the text starts.
fn is_byline(words: &Words<'_>, i: usize, end: usize) -> bool {
    let alone = words.has(i, Shape::LINE_START)
        && (end == words.len()
            || words.has(end, Shape::LINE_START)
            || matches!(words.text(end), "in" | "and"));
    alone
        && (2..=4).contains(&parts(words, i, end))
        && (i..end).all(|at| !words.is(at, Class::COMMON) || words.is(at, ANY_SURNAME.or(ANY_FIRST)))
}

/// Whether one name alone is a person's: after a title, or a first name inside a sentence.
fn single(scan: &Scan<'_>, i: usize, end: usize, titled: bool) -> bool {
    let words = scan.words;
    let word = &words.list[i];
    if word.has(Shape::UPPER) && !titled || words.text(i).len() < 2 || word.has(Shape::INITIAL) {
        return false;
    }
    if titled {
        return !word.is(Class::COMMON) || words.is(i - 1, Class::HONORIFIC);
    }
    let says = words.is(end, Class::SAY) && !words.has(end, Shape::CAPITAL);
    if scan.after_place_preposition(i) {
        return false;
    }
    let hyphenated = end > i + 2;
    let is_name = word.is(Class::FIRST_NAME) || says && (word.is(Class::SURNAME) || hyphenated);
    is_name && !word.is(Class::COMMON) && word.may_be_name()
}

/// "Jim, Segundo and Anna": a surname or unknown name in a row of persons.
fn listed_single<'a>(
    scan: &Scan<'a>,
    i: usize,
    end: usize,
    last: Option<&Mention<'a>>,
) -> Option<Mention<'a>> {
    let words = scan.words;
    let row = last.is_some_and(|last| {
        last.label == Label::PERSON && last.end + 1 == i && matches!(before(words, i), "," | "and" | "&")
    });
    let unknown = !words.is(i, Class::COMMON) && !words.has(i, Shape::UPPER) && words.text(i).len() > 2;
    (row && unknown).then(|| Mention::new(i, end, Label::PERSON).weak())
}
