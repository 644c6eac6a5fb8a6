//! The table of places: names and where they lie.

use std::collections::HashMap;

/// Where a place lies.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Place {
    /// The name that the table gives it first.
    pub(crate) name: String,
    /// Degrees north of the equator, -90 to 90.
    pub(crate) latitude: f64,
    /// Degrees east of Greenwich, -180 to 180.
    pub(crate) longitude: f64,
    /// ISO 3166 code of the state that it lies in; may be empty.
    pub(crate) state: String,
}

/// Places by each of their names, in small letters.
#[derive(Debug)]
pub(crate) struct Table {
    places: Vec<Place>,
    by_name: HashMap<String, usize>,
}

/// A line of a table that is not as it should be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct LineError {
    /// Its number, from 1.
    pub(crate) line: usize,
    /// What is wrong and what to write instead.
    pub(crate) message: String,
}

impl Table {
    /// Reads a table: name, latitude, longitude, state and other names, with tabs between them; the last two may be left
    /// out. Empty lines and those that begin with `#` are passed over. Of two places with one name the first counts.
    pub(crate) fn parse(text: &str) -> Result<Self, LineError> {
        let mut table = Self { places: Vec::new(), by_name: HashMap::new() };
        for (i, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let (place, others) = parse_line(line).map_err(|message| LineError { line: i + 1, message })?;
            for name in std::iter::once(place.name.as_str()).chain(others) {
                table.by_name.entry(name.to_lowercase()).or_insert(table.places.len());
            }
            table.places.push(place);
        }
        Ok(table)
    }

    /// The place of a name.
    pub(crate) fn find(&self, name: &str) -> Option<&Place> {
        self.by_name.get(&name.to_lowercase()).map(|&place| &self.places[place])
    }
}

/// A place and its other names.
fn parse_line(line: &str) -> Result<(Place, impl Iterator<Item = &str>), String> {
    let mut columns = line.split('\t').map(str::trim);
    let name = columns.next().filter(|name| !name.is_empty()).ok_or("the name is missing")?;
    let mut degrees = |what: &str, most: f64| {
        let written = columns.next().filter(|column| !column.is_empty());
        let written =
            written.ok_or_else(|| format!("the {what} is missing: put a tab and a number after the name"))?;
        let number = written.parse::<f64>().ok().filter(|number| number.abs() <= most);
        number.ok_or_else(|| format!("`{written}` is no {what}: write degrees from -{most} to {most}"))
    };
    let (latitude, longitude) = (degrees("latitude", 90.0)?, degrees("longitude", 180.0)?);
    let state = columns.next().unwrap_or_default().to_owned();
    let others = columns.next().unwrap_or_default().split('|').map(str::trim).filter(|name| !name.is_empty());
    Ok((Place { name: name.to_owned(), latitude, longitude, state }, others))
}
