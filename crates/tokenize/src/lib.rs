//! Tokens and sentences of English news.
