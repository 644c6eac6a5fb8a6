//! Who said what: direct, indirect and mixed quotations with cue, source and speaker.
