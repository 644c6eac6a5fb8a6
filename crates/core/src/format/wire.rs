//! The JSON as it stands in a file, both ways. Spans are in the file's own unit until [`super::read`] converts them.
#![allow(clippy::option_option)] // Three states are what the format has here: absent, null, a value.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

/// Start and end, end exclusive.
pub(super) type WireSpan = [u32; 2];

pub(super) type Text<'a> = Cow<'a, str>;

/// A value that may be `null` but must be told from an absent key: `Some(None)` is `null`.
pub(super) fn nullable<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

#[derive(Serialize, Deserialize)]
pub(super) struct WireToken<'a> {
    pub(super) span: WireSpan,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none", deserialize_with = "nullable")]
    pub(super) lemma: Option<Option<Text<'a>>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none", deserialize_with = "nullable")]
    pub(super) upos: Option<Option<Text<'a>>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none", deserialize_with = "nullable")]
    pub(super) xpos: Option<Option<Text<'a>>>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "nullable")]
    pub(super) head: Option<Option<u32>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none", deserialize_with = "nullable")]
    pub(super) deprel: Option<Option<Text<'a>>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct WireEntity<'a> {
    pub(super) span: WireSpan,
    #[serde(borrow)]
    pub(super) label: Text<'a>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) norm: Option<Text<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) chain: Option<u32>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct WireChain<'a> {
    #[serde(borrow, default)]
    pub(super) name: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) label: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) norm: Option<Text<'a>>,
    pub(super) mentions: Vec<WireSpan>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct WireSpeaker<'a> {
    #[serde(borrow)]
    pub(super) name: Text<'a>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) chain: Option<u32>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) norm: Option<Text<'a>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct WireQuote<'a> {
    #[serde(borrow)]
    pub(super) kind: Text<'a>,
    #[serde(borrow, rename = "type", default)]
    pub(super) quote_type: Option<Text<'a>>,
    pub(super) content: Vec<WireSpan>,
    #[serde(default)]
    pub(super) cue: Vec<WireSpan>,
    #[serde(default)]
    pub(super) source: Vec<WireSpan>,
    #[serde(borrow, default)]
    pub(super) speaker: Option<WireSpeaker<'a>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct WireArgument<'a> {
    pub(super) span: WireSpan,
    #[serde(borrow, default)]
    pub(super) norm: Option<Text<'a>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct WireSanction<'a> {
    pub(super) trigger: WireSpan,
    #[serde(borrow)]
    pub(super) action: Text<'a>,
    #[serde(borrow, default)]
    pub(super) measures: Vec<Text<'a>>,
    #[serde(borrow)]
    pub(super) factuality: Text<'a>,
    #[serde(borrow, default)]
    pub(super) sender: Vec<WireArgument<'a>>,
    #[serde(borrow, default)]
    pub(super) target: Vec<WireArgument<'a>>,
    #[serde(borrow, default)]
    pub(super) actor: Vec<WireArgument<'a>>,
    #[serde(default)]
    pub(super) instrument: Option<WireSpan>,
    #[serde(default)]
    pub(super) reason: Option<WireSpan>,
    #[serde(default)]
    pub(super) date: Option<WireSpan>,
    #[serde(default)]
    pub(super) quote: Option<u32>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) cameo: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) plover: Option<Text<'a>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct WireItem<'a> {
    pub(super) span: WireSpan,
    #[serde(borrow)]
    pub(super) value: &'a RawValue,
}
