//! Learned weights: how they are stored, checked, opened and looked up, and the maths that makes them.
