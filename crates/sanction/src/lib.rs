//! Who sanctions whom, how and why: sanction events with their arguments and codes.
