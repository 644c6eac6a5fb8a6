//! Who stands where in a clause: subjects, objects, agents, and what is behind prepositions.

use demarche_core::Upos;

use super::View;
use crate::lexicon::{Class, Pos, Things};

/// How a token hangs on the one above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link<'v> {
    /// Object of a verb.
    Object,
    /// Subject of a passive verb.
    PassiveSubject,
    /// Subject of an active verb or of a predicate.
    Subject,
    /// Behind this preposition, empty where there is none.
    Preposition(&'v str),
    /// Noun before noun.
    Compound,
    /// Possessor.
    Possessive,
    /// A clause, with the word that opens it.
    Clause(&'v str),
    /// Coordinated with the first of a series.
    Conjunct,
    /// Anything else.
    Other,
}

impl View<'_> {
    /// The first preposition or subordinator of a phrase or clause, by its lemma.
    pub(crate) fn preposition(&self, token: usize) -> &str {
        self.tree.children_by(token, &["case", "mark"]).next().map_or("", |word| self.tree.lemma(word))
    }

    /// The token above and how this one hangs on it.
    pub(crate) fn above(&self, token: usize) -> Option<(usize, Link<'_>)> {
        let head = self.tree.head(token)?;
        let link = match self.tree.deprel(token) {
            "obj" | "iobj" => Link::Object,
            "nsubj:pass" => Link::PassiveSubject,
            "nmod:poss" => Link::Possessive,
            "acl:relcl" => Link::Other,
            _ => match self.tree.relation(token) {
                "nsubj" => Link::Subject,
                "obl" | "nmod" => Link::Preposition(self.preposition(token)),
                "compound" | "amod" => Link::Compound,
                "xcomp" | "ccomp" | "csubj" | "acl" | "advcl" => Link::Clause(self.preposition(token)),
                "conj" => Link::Conjunct,
                _ => Link::Other,
            },
        };
        Some((head, link))
    }

    /// Whether the verb is passive.
    pub(crate) fn is_passive(&self, verb: usize) -> bool {
        let marked = |child| matches!(self.tree.deprel(child), "aux:pass" | "nsubj:pass" | "csubj:pass");
        self.tree.children(verb).any(marked)
            || self.tree.xpos(verb) == "VBN"
                && matches!(self.tree.relation(verb), "acl" | "amod" | "advcl" | "parataxis" | "root")
                && self.tree.children_by(verb, &["aux", "obj", "nsubj"]).next().is_none()
    }

    /// What the verb's action falls on: its object, or the subject where it is passive.
    pub(crate) fn object(&self, verb: usize) -> Option<usize> {
        let child = |verb: usize, wanted: &[&str]| {
            self.tree.children(verb).find(|&child| wanted.contains(&self.tree.deprel(child)))
        };
        let noun_above =
            || self.tree.head(verb).filter(|_| matches!(self.tree.relation(verb), "acl" | "amod"));
        if self.tree.relation(verb) == "amod" {
            return noun_above();
        }
        // "Is today revoking the visas": a parser may take the auxiliary for a copula.
        let predicate = self.tree.xpos(verb) != "VBG" && child(verb, &["cop"]).is_some();
        let passive = self.is_passive(verb) || predicate;
        let undergoes: &[&str] = if passive { &["nsubj:pass", "nsubj"] } else { &["obj"] };
        match child(verb, undergoes) {
            Some(word) if self.is_relative(word) => noun_above(),
            Some(word) => Some(word),
            None if passive && self.tree.relation(verb) == "conj" => {
                let first = self.tree.head(verb).filter(|&first| self.is_passive(first));
                first.and_then(|first| child(first, undergoes))
            }
            // "wants the minister expelled"
            None if passive && self.tree.relation(verb) == "xcomp" => {
                self.tree.head(verb).and_then(|above| child(above, &["obj"]))
            }
            None if passive || self.tree.deprel(verb) == "acl:relcl" => noun_above(),
            None => None,
        }
    }

    /// The noun that a word of quantity counts: "most of its *aid*", "ninety million euros in *aid*".
    pub(crate) fn counted(&self, token: usize) -> usize {
        let label = self.entity(token).map_or("", |entity| self.doc.entity(entity).label);
        let counts = matches!(label, "CARDINAL" | "MONEY" | "QUANTITY" | "PERCENT")
            || matches!(self.tree.upos(token), Upos::Num | Upos::Det | Upos::Adj)
            || self.is(token, Things::COUNT);
        let of_verb = || {
            let verb = self.tree.head(token).filter(|_| self.tree.deprel(token) == "obj")?;
            self.behind(verb, &["of", "in"]).filter(|&noun| noun > token && noun - token <= MAX_COUNTED)
        };
        let noun = counts.then(|| self.behind(token, &["of", "in"]).or_else(of_verb)).flatten();
        noun.unwrap_or(token)
    }

    /// Who acts in the verb's clause: its own subject, or the one that it shares with a clause around it.
    pub(crate) fn subject(&self, verb: usize) -> Option<usize> {
        let mut verb = verb;
        for _ in 0..MAX_CONTROL {
            if self.is_passive(verb) {
                return self.agent(verb);
            }
            let own = self.tree.children(verb).find(|&child| self.tree.deprel(child) == "nsubj");
            let head = self.tree.head(verb);
            match own {
                Some(word) if self.is_relative(word) => return head,
                Some(word) => return Some(word),
                None => {}
            }
            let head = head?;
            verb = match self.tree.deprel(verb) {
                "xcomp" | "advcl" if self.is_asked(verb, head) => return self.controlled(head),
                "xcomp" | "advcl" | "conj" | "parataxis" => head,
                "acl"
                    if self.tree.xpos(verb) == "VBG"
                        && self.pos(head) == Some(Pos::Noun)
                        && self.preposition(verb).is_empty() =>
                {
                    return Some(head);
                }
                "acl" => return self.possessor(head).or_else(|| self.subject_of_noun(head)),
                _ => return None,
            };
        }
        None
    }

    /// Whether the clause says what somebody is asked or made to do: "called on Paris *to lift*".
    fn is_asked(&self, verb: usize, head: usize) -> bool {
        let asks = || self.entry(head).senses.iter().any(|sense| sense.class == Class::Ask);
        self.controlled(head).is_some()
            && (self.tree.relation(verb) == "xcomp" || self.tree.xpos(verb) == "VB" && asks())
    }

    /// The name or pronoun before a verb that has no subject in the tree.
    pub(crate) fn before(&self, verb: usize) -> Option<usize> {
        for token in (verb.saturating_sub(MAX_LEFT)..verb).rev() {
            match self.tree.upos(token) {
                Upos::Verb | Upos::Sconj | Upos::Adp => return None,
                Upos::Pron if matches!(self.tree.xpos(token), "PRP" | "WP") => return Some(token),
                Upos::Propn | Upos::Noun if self.preposition(token).is_empty() => {
                    let compound = matches!(self.tree.relation(token), "compound" | "amod");
                    return Some(token).filter(|_| !compound || self.entity(token).is_some());
                }
                _ => {}
            }
        }
        None
    }

    /// Who is asked or made to act by a verb that takes a clause: its object or the phrase behind `on`, `to`, `for`;
    /// the subject where it is passive.
    pub(crate) fn controlled(&self, verb: usize) -> Option<usize> {
        if self.is_passive(verb) {
            return self.object(verb);
        }
        let receives = |&child: &usize| matches!(self.tree.deprel(child), "obj" | "iobj");
        self.tree.children(verb).find(receives).or_else(|| {
            let addressed = |&child: &usize| matches!(self.preposition(child), "on" | "upon" | "with");
            self.tree.children_by(verb, &["obl"]).find(addressed)
        })
    }

    /// Who acts behind `by`.
    pub(crate) fn agent(&self, token: usize) -> Option<usize> {
        self.behind(token, &["by"])
    }

    /// The phrase below the token behind one of these prepositions, or right behind the token, wherever a parser has
    /// hung it.
    pub(crate) fn behind(&self, token: usize, prepositions: &[&str]) -> Option<usize> {
        let fits = |&child: &usize| prepositions.contains(&self.preposition(child));
        let below = self.tree.children_by(token, &["obl", "nmod"]).find(fits);
        below.or_else(|| {
            let next =
                Some(token + 1).filter(|&next| next < self.len() && self.tree.relation(next) == "case")?;
            let phrase = self.tree.head(next).filter(|&phrase| phrase > next)?;
            prepositions.contains(&self.tree.lemma(next)).then_some(phrase)
        })
    }

    /// The phrase behind one of these prepositions, below the token or at the end of what it governs: parsers hang
    /// "from the list" on the last noun before it.
    pub(crate) fn behind_object(&self, verb: usize, prepositions: &[&str]) -> Option<usize> {
        let direct = self.behind(verb, prepositions);
        let object = || {
            let mut noun = self.tree.children_by(verb, &["obj", "nsubj"]).next_back()?;
            for _ in 0..MAX_RIGHT {
                if let Some(found) = self.behind(noun, prepositions) {
                    return Some(found);
                }
                noun = self.tree.children_by(noun, &["nmod", "conj", "obj", "acl"]).next_back()?;
            }
            None
        };
        direct.or_else(object)
    }

    /// The possessor of a noun.
    pub(crate) fn possessor(&self, noun: usize) -> Option<usize> {
        self.tree.children(noun).find(|&child| self.tree.deprel(child) == "nmod:poss")
    }

    /// Who acts where a noun is the object of a verb: "made a decision".
    fn subject_of_noun(&self, noun: usize) -> Option<usize> {
        let verb = self.tree.head(noun)?;
        let linked = matches!(self.tree.relation(noun), "obj" | "obl");
        let subject = self.tree.children(verb).find(|&child| self.tree.deprel(child) == "nsubj");
        subject.filter(|_| linked && self.pos(verb) == Some(Pos::Verb))
    }

    /// Whether the word is a relative pronoun.
    pub(crate) fn is_relative(&self, token: usize) -> bool {
        matches!(self.tree.xpos(token), "WDT" | "WP")
    }

    /// The word before a noun phrase that governs it, and how, where the tree has it wrong: "*evading* the new sanctions",
    /// "*objects* to such a ban".
    pub(crate) fn neighbor(&self, noun: usize) -> Option<(usize, Link<'_>)> {
        let mut link = Link::Object;
        for token in (noun.saturating_sub(MAX_LEFT)..noun).rev() {
            match self.tree.upos(token) {
                Upos::Verb => return Some((token, link)),
                Upos::Adp if link == Link::Object => link = Link::Preposition(self.tree.lemma(token)),
                _ if link != Link::Object => return Some((token, link)),
                Upos::Adj | Upos::Det | Upos::Num | Upos::Noun | Upos::Propn | Upos::Adv | Upos::Part => {}
                Upos::Pron if self.tree.xpos(token) == "PRP$" => {}
                _ => return None,
            }
        }
        None
    }

    /// Whether the verb has the particle, or the other word that makes it this verb: `cut off`, `take part`.
    pub(crate) fn has_particle(&self, verb: usize, particle: &str) -> bool {
        let particle_of = |child: usize| {
            matches!(self.tree.relation(child), "compound" | "advmod" | "obj" | "case" | "obl" | "xcomp")
                && self.doc.token(child).eq_ignore_ascii_case(particle)
        };
        self.tree.children(verb).any(particle_of)
            // Parsers also make the particle a preposition of the noun behind it.
            || verb + 1 < self.len() && self.doc.token(verb + 1).eq_ignore_ascii_case(particle)
    }
}

/// So far before a noun the word that governs it is looked for.
const MAX_LEFT: usize = 6;

/// So far behind an amount stands what it is an amount of, in tokens.
const MAX_COUNTED: usize = 5;

/// So many nouns are looked at from an object to the end of its phrase.
const MAX_RIGHT: usize = 4;

/// Longest chain of clauses through which a subject is passed down.
const MAX_CONTROL: usize = 6;
