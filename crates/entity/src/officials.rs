//! Members of governments with their years in office: whom a full name stands for, where the document's date is known.
//!
//! The list is wide, and its names have other bearers too. It is therefore never evidence that something is a name, only for whom
//! a recognized person speaks, and only in the years that it states.

use std::sync::LazyLock;

use hashbrown::HashMap;

use crate::calendar::Date;
use crate::lists::{lines, read_years, variants};
use crate::vocabulary::fold;

const OFFICIALS: &str = include_str!("../data/officials.tsv");

/// The built-in list, read when the first dated document asks.
static KNOWN: LazyLock<Officials> = LazyLock::new(Officials::built_in);

/// The state for which the bearer of this name held office on that day. None if namesakes of two states did.
pub(crate) fn state_of(name: &str, day: Date) -> Option<&'static str> {
    KNOWN.state(name, day)
}

/// Terms in office by name.
#[derive(Debug, Default)]
pub(crate) struct Officials {
    /// Folded full name: its stretch of `terms`.
    names: HashMap<Box<str>, (u32, u32)>,
    /// Code, first and last year.
    terms: Vec<(&'static str, u16, u16)>,
}

impl Officials {
    fn built_in() -> Self {
        let mut rows: Vec<(Box<str>, &'static str, u16, u16)> = Vec::new();
        let mut key = String::new();
        for line in lines(OFFICIALS) {
            let mut columns = line.split('\t');
            let mut next = || columns.next().unwrap_or_default();
            let (names, norm, years) = (next(), next(), next());
            let years = read_years(years).expect("the years in data/officials.tsv are well-formed");
            for name in variants(names) {
                fold(name, &mut key);
                rows.extend(years.iter().map(|&(from, to)| (Box::from(key.as_str()), norm, from, to)));
            }
        }
        rows.sort_unstable();
        let mut officials = Self::default();
        for (name, norm, from, to) in rows {
            officials.terms.push((norm, from, to));
            let end = officials.terms.len() as u32;
            officials.names.entry(name).or_insert((end - 1, end)).1 = end;
        }
        officials
    }

    fn state(&self, name: &str, day: Date) -> Option<&'static str> {
        let mut key = String::new();
        fold(name, &mut key);
        let &(start, end) = self.names.get(key.as_str())?;
        let terms = &self.terms[start as usize..end as usize];
        let held =
            |&&(_, from, to): &&(&str, u16, u16)| (i32::from(from)..=i32::from(to)).contains(&day.year);
        let mut states = terms.iter().filter(held).map(|&(norm, ..)| norm);
        let state = states.next()?;
        states.all(|other| other == state).then_some(state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_a_state_in_the_years_of_office_alone() {
        let day = |year| Date::new(year, 3, 1).unwrap();
        assert_eq!(state_of("Igor Ivanov", day(2003)), Some("RUS"));
        assert_eq!(state_of("Igor Ivanov", day(2019)), None);
        assert_eq!(state_of("Nobody At All", day(2003)), None);
    }

    #[test]
    fn every_code_is_one_of_three_letters_and_every_term_goes_forward() {
        for &(norm, from, to) in &KNOWN.terms {
            assert!(norm.len() == 3 && norm.bytes().all(|b| b.is_ascii_uppercase()), "{norm}");
            assert!(from <= to, "{norm} {from}-{to}");
        }
    }
}
