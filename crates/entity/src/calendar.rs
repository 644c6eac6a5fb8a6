//! Days, weeks and months of the Gregorian calendar, and their ISO 8601 values.

use std::fmt;

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Date {
    pub(crate) year: i32,
    /// From 1.
    pub(crate) month: i32,
    /// From 1.
    pub(crate) day: i32,
}

impl Date {
    /// The day, if the calendar has it.
    pub(crate) fn new(year: i32, month: i32, day: i32) -> Option<Self> {
        let fits = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && day >= 1
            && day <= days_in(year, month);
        fits.then_some(Self { year, month, day })
    }

    /// Reads the day at the start of an ISO 8601 date or time.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut parts = text.get(..10)?.split('-');
        let mut number = || parts.next()?.parse::<i32>().ok();
        Self::new(number()?, number()?, number()?)
    }

    /// Days since 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    fn number(self) -> i32 {
        let year = if self.month <= 2 { self.year - 1 } else { self.year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((self.month + 9) % 12) + 2) / 5 + self.day - 1;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
    }

    fn from_number(number: i32) -> Self {
        let number = number + 719_468;
        let era = number.div_euclid(146_097);
        let day_of_era = number.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = (month_from_march + 2) % 12 + 1;
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        Self { year, month, day }
    }

    /// So many days later, or earlier.
    pub(crate) fn plus(self, days: i32) -> Self {
        Self::from_number(self.number() + days)
    }

    /// 0 for Monday to 6 for Sunday.
    pub(crate) fn weekday(self) -> i32 {
        (self.number() + 3).rem_euclid(7)
    }

    /// ISO week: its year and number.
    pub(crate) fn week(self) -> (i32, i32) {
        let thursday = self.plus(3 - self.weekday());
        let january_first = Self { year: thursday.year, month: 1, day: 1 };
        (thursday.year, (thursday.number() - january_first.number()) / 7 + 1)
    }

    /// Year and month so many months later, or earlier.
    pub(crate) fn month_plus(self, months: i32) -> (i32, i32) {
        let count = self.year * 12 + self.month - 1 + months;
        (count.div_euclid(12), count.rem_euclid(12) + 1)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

fn days_in(year: i32, month: i32) -> i32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The last day of a month.
pub(crate) fn month_end(year: i32, month: i32) -> Date {
    Date { year, month, day: days_in(year, month) }
}

/// The month that starts with these letters, from 1.
pub(crate) fn month(word: &str) -> Option<i32> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    starting_with(&MONTHS, word).map(|at| at + 1)
}

/// The weekday that starts with these letters: 0 for Monday.
pub(crate) fn weekday(word: &str) -> Option<i32> {
    const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    starting_with(&WEEKDAYS, word)
}

fn starting_with(starts: &[&str], word: &str) -> Option<i32> {
    let start = word.get(..3)?;
    (0..).zip(starts).find(|(_, known)| known.eq_ignore_ascii_case(start)).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_go_forth_and_back_through_leap_years() {
        let leap = Date::new(2024, 2, 29).unwrap();
        assert_eq!(leap.plus(1).to_string(), "2024-03-01");
        assert_eq!(leap.plus(366).plus(-366), leap);
        assert_eq!(Date::new(2025, 2, 29), None);
        assert_eq!(Date::new(2024, 6, 21).unwrap().weekday(), 4);
    }

    #[test]
    fn weeks_are_those_of_iso_8601() {
        assert_eq!(Date::new(2025, 3, 19).unwrap().week(), (2025, 12));
        assert_eq!(Date::new(2024, 12, 30).unwrap().week(), (2025, 1));
        assert_eq!(Date::new(2021, 1, 3).unwrap().week(), (2020, 53));
    }
}
