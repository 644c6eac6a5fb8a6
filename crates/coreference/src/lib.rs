//! Chains over named, nominal and pronoun mentions.
