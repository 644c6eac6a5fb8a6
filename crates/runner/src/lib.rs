//! From a TOML file to a pipeline, and the parallel run over a corpus.
