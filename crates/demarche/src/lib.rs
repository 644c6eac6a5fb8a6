//! Who said what, and who sanctions whom: the library with every built-in stage.
