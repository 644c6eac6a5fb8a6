//! A code or value that may stand as a number: `"norm": 2024`.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// A string, or a number as it is written.
#[derive(Clone, Debug)]
pub(crate) struct Code<'d>(Cow<'d, str>);

impl Deref for Code<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de: 'd, 'd> Deserialize<'de> for Code<'d> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Written;
        impl<'de> Visitor<'de> for Written {
            type Value = Code<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or a number")
            }

            fn visit_borrowed_str<E: Error>(self, string: &'de str) -> Result<Code<'de>, E> {
                Ok(Code(Cow::Borrowed(string)))
            }

            fn visit_str<E: Error>(self, string: &str) -> Result<Code<'de>, E> {
                Ok(Code(Cow::Owned(string.to_owned())))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Code<'de>, E> {
                Ok(Code(Cow::Owned(number.to_string())))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Code<'de>, E> {
                Ok(Code(Cow::Owned(number.to_string())))
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Code<'de>, E> {
                Ok(Code(Cow::Owned(format!("{number:?}"))))
            }
        }
        deserializer.deserialize_any(Written)
    }
}
