//! The tokens of a page: tags and text.

use html5gum::emitters::default::DefaultEmitter;
use html5gum::emitters::{Emitter, ForwardingEmitter};
use html5gum::{Error, Token, Tokenizer};

/// The tokens of a page, which may be broken in any way: nothing is said about that.
pub(super) fn tokens(html: &str) -> impl Iterator<Item = Token> {
    let mut emitter = DefaultEmitter::default();
    // Scripts and styles hold no tags.
    emitter.naively_switch_states(true);
    Tokenizer::new_with_emitter(html, Forgiving(emitter)).map(|Ok(token)| token)
}

/// Hands on all but errors. They wait in memory for the next tag or text, and there can be one for each byte.
struct Forgiving(DefaultEmitter);

impl ForwardingEmitter for Forgiving {
    type Token = Token;

    fn inner(&mut self) -> &mut impl Emitter<Token = Token> {
        &mut self.0
    }

    fn emit_error(&mut self, _: Error) {}

    fn should_emit_errors(&mut self) -> bool {
        false
    }
}
