//! Parts of speech, lemmas and dependency trees in Universal Dependencies.
