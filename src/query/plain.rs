//! The plain evaluator: slow, and the definition of the language.
//!
//! Every leaf is looked up by walking the text; nothing is prepared and nothing remembered. The index must
//! give the same answers.

use super::Query;
use super::ast::{Comparison, Form, Leaf, Near, Node, Phrase, Question, Sign, Step, Test, Word};
use super::sieve::Sieve;
use crate::facts::{Facts, Field, FieldType};
use crate::model::Span;
use crate::text::{Text, Token, TokenKind, fold};
use std::slice::from_ref;

/// The values of every node of a query, in order.
pub(super) fn values(query: &Query, facts: &Facts<'_>) -> Vec<bool> {
    let view = View::new(facts.text());
    let leaf = |node: &Node| matches!(node, Node::Leaf(leaf) if holds(leaf, facts, &view));
    let mut values: Vec<bool> = query.nodes.iter().map(leaf).collect();
    join(&query.nodes, &mut values);
    values
}

/// Fills in the values of the nodes that join others, where those of the leaves stand already.
pub(super) fn join(nodes: &[Node], values: &mut [bool]) {
    let mut open: Vec<bool> = Vec::new();
    for (node, value) in nodes.iter().zip(values) {
        let operands = open.len().saturating_sub(node.arity());
        if !matches!(node, Node::Leaf(_)) {
            let held = open.iter().skip(operands).filter(|value| **value).count();
            *value = node.holds(held as u32);
        }
        open.truncate(operands);
        open.push(*value);
    }
}

/// Whether a leaf holds.
pub(super) fn holds(leaf: &Leaf, facts: &Facts<'_>, view: &View<'_>) -> bool {
    match leaf {
        Leaf::Phrase(phrase) => {
            let mut holds = false;
            view.each(from_ref(phrase), |_| holds = true);
            holds
        }
        Leaf::Near(near) => !view.near(near).is_empty(),
        Leaf::Raw(literal) => view.text.source().contains(&**literal),
        Leaf::Regex(pattern) => pattern.regex.is_match(view.text.source()),
        Leaf::Field(question) => answer(question, facts),
    }
}

/// Where a leaf holds, in bytes of the source, in order.
pub(super) fn spans(leaf: &Leaf, view: &View<'_>) -> Vec<Span> {
    let mut spans = Vec::new();
    find(leaf, view, &mut spans);
    spans.sort_unstable();
    spans.dedup();
    spans
}

/// Adds where a leaf holds; a place may come more than once.
pub(super) fn find(leaf: &Leaf, view: &View<'_>, spans: &mut Vec<Span>) {
    let source = view.text.source();
    let span = |from: usize, to: usize| Span::new(from as u32, to as u32);
    match leaf {
        Leaf::Phrase(phrase) => view.each(from_ref(phrase), |place| spans.extend(view.span(place))),
        Leaf::Near(near) => spans.extend(view.near(near).into_iter().filter_map(|place| view.span(place))),
        Leaf::Raw(literal) => {
            spans.extend(source.match_indices(&**literal).map(|(at, m)| span(at, at + m.len())));
        }
        Leaf::Regex(pattern) => {
            spans.extend(pattern.regex.find_iter(source).map(|m| span(m.start(), m.end())));
        }
        Leaf::Field(_) => {}
    }
}

/// The words and emoji of a text in order, without its links.
///
/// Words are numbered. An emoji has no number of its own: it stands between two words, at distance one from
/// each, so that it neither parts a phrase of words nor widens a distance.
pub(crate) struct View<'t> {
    text: &'t Text,
    items: Vec<Item<'t>>,
    /// The places of the words among the items.
    words: Vec<usize>,
    /// The hashes of the items.
    there: Sieve,
}

struct Item<'t> {
    token: &'t Token,
    /// The number of the word; for an emoji that of the word behind it.
    first: u32,
    /// The number of the word; for an emoji that of the word before it.
    last: u32,
}

/// Where a phrase or a chain of NEAR stands, as items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    /// The phrase itself, or the last of a chain.
    first: usize,
    last: usize,
    /// All that took part.
    from: usize,
    to: usize,
}

impl<'t> View<'t> {
    pub(crate) fn new(text: &'t Text) -> Self {
        let standing = text.tokens().iter().filter(|token| token.kind() != TokenKind::Link);
        let mut items: Vec<Item<'_>> = Vec::with_capacity(text.tokens().len());
        let mut words = Vec::with_capacity(text.tokens().len());
        let mut there = Sieve::default();
        for token in standing {
            let first = words.len() as u32 + 1;
            if token.kind() != TokenKind::Emoji {
                words.push(items.len());
            }
            items.push(Item { token, first, last: words.len() as u32 });
            there.note(token.hash());
        }
        Self { text, items, words, there }
    }

    /// The places of some phrases, one phrase after the other.
    fn any_of(&self, phrases: &[Phrase]) -> Vec<Place> {
        let mut places = Vec::new();
        self.each(phrases, |place| places.push(place));
        places
    }

    /// Calls `found` for the places of some phrases, one phrase after the other.
    fn each(&self, phrases: &[Phrase], mut found: impl FnMut(Place)) {
        for phrase in phrases.iter().filter(|phrase| phrase.words.iter().all(|word| self.may_have(word))) {
            match phrase.within {
                None => self.in_sequence(&phrase.words, &mut found),
                Some(within) => self.in_window(&phrase.words, within, &mut found),
            }
        }
    }

    /// False when the word is nowhere, as its hash tells at once.
    fn may_have(&self, word: &Word) -> bool {
        !matches!(word.form, Form::Whole | Form::Emoji) || self.there.may_have(word.hash)
    }

    /// Words directly behind one another. Emoji between them are passed over, unless the phrase has some.
    fn in_sequence(&self, words: &[Word], found: &mut impl FnMut(Place)) {
        let Some((first, rest)) = words.split_first() else { return };
        let all: Vec<usize>;
        let emoji = words.iter().any(|word| word.form == Form::Emoji);
        let counted = if emoji {
            all = (0..self.items.len()).collect();
            &all
        } else {
            &self.words
        };
        for (start, from) in counted.iter().enumerate() {
            if !self.items.get(*from).is_some_and(|item| self.is(item, first)) {
                continue;
            }
            let behind = counted.get(start + 1..start + words.len()).unwrap_or_default();
            let holds =
                |(at, word): (&usize, &Word)| self.items.get(*at).is_some_and(|item| self.is(item, word));
            if behind.len() == rest.len() && behind.iter().zip(rest).all(holds) {
                let last = *behind.last().unwrap_or(from);
                found(Place { first: *from, last, from: *from, to: last });
            }
        }
    }

    /// All the words in any order, each as often as the phrase has it, first and last at most `within` apart:
    /// for every last word the narrowest such window.
    fn in_window(&self, words: &[Word], within: u32, found: &mut impl FnMut(Place)) {
        let mut wanted: Vec<(&Word, isize)> = Vec::new(); // how many of each are still missing
        for word in words {
            match wanted.iter_mut().find(|(known, _)| *known == word) {
                Some((_, missing)) => *missing += 1,
                None => wanted.push((word, 1)),
            }
        }
        let hits: Vec<(usize, &Item<'_>, usize)> = self
            .items
            .iter()
            .enumerate()
            .filter_map(|(at, item)| {
                Some((at, item, wanted.iter().position(|(word, _)| self.is(item, word))?))
            })
            .collect();
        let mut start = hits.iter().peekable();
        for (last, end, word) in &hits {
            if let Some((_, missing)) = wanted.get_mut(*word) {
                *missing -= 1;
            }
            while let Some((first, begin, dropped)) = start.peek()
                && wanted.iter().all(|(_, missing)| *missing <= 0)
            {
                let spare = wanted.get(*dropped).is_some_and(|(_, missing)| *missing < 0);
                if !spare {
                    if end.last.saturating_sub(begin.first) <= within {
                        found(Place { first: *first, last: *last, from: *first, to: *last });
                    }
                    break;
                }
                if let Some((_, missing)) = wanted.get_mut(*dropped) {
                    *missing += 1;
                }
                start.next();
            }
        }
    }

    /// The places of the last group of a chain that have the groups before them near enough.
    fn near(&self, near: &Near) -> Vec<Place> {
        let mut left = self.any_of(&near.first);
        for step in &near.then {
            if left.is_empty() {
                return left;
            }
            let mut by_start = left.clone();
            by_start.sort_by_key(|place| place.first);
            left.sort_by_key(|place| place.last);
            let right = self.any_of(&step.of).into_iter();
            left = right.filter_map(|place| self.beside(&left, &by_start, place, step)).collect();
        }
        left
    }

    /// `place`, with the nearest of the others that is near enough and shares no item with it. The others are
    /// given in the order of their ends and of their starts.
    fn beside(&self, by_end: &[Place], by_start: &[Place], place: Place, step: &Step) -> Option<Place> {
        let before = by_end.partition_point(|other| other.last < place.first);
        let before = by_end.get(..before)?.last().filter(|other| self.distance(other, &place) <= step.within);
        let after = by_start.partition_point(|other| other.first <= place.last);
        let after =
            by_start.get(after..)?.first().filter(|other| self.distance(&place, other) <= step.within);
        let other = before.or(if step.ordered { None } else { after })?;
        Some(Place { from: place.from.min(other.from), to: place.to.max(other.to), ..place })
    }

    /// How many words on `right` starts from where `left` ends.
    fn distance(&self, left: &Place, right: &Place) -> u32 {
        match (self.items.get(left.last), self.items.get(right.first)) {
            (Some(left), Some(right)) => right.first.saturating_sub(left.last),
            _ => u32::MAX,
        }
    }

    /// Most items are turned away by their hash, before anything else is looked at.
    #[inline]
    fn is(&self, item: &Item<'_>, word: &Word) -> bool {
        let hashed = matches!(word.form, Form::Whole | Form::Emoji);
        (!hashed || item.token.hash() == word.hash) && self.is_indeed(item, word)
    }

    fn is_indeed(&self, item: &Item<'_>, word: &Word) -> bool {
        let emoji = item.token.kind() == TokenKind::Emoji;
        if emoji != (word.form == Form::Emoji)
            || word.mark.is_some_and(|mark| item.token.mark().map(Sign::of) != Some(mark))
        {
            return false;
        }
        let folded = self.text.folded(item.token);
        match word.form {
            Form::Whole => folded == &*word.text,
            Form::Exact => self.text.raw(item.token) == &*word.text,
            Form::Emoji => folded == fold(&word.text),
            Form::Prefix => folded.starts_with(&*word.text),
            Form::Wildcard => wildcard(&word.text, folded),
            Form::Fuzzy(distance) => fuzzy(&word.text, folded, distance),
        }
    }

    fn span(&self, place: Place) -> Option<Span> {
        let (from, to) = (self.items.get(place.from)?, self.items.get(place.to)?);
        Some(Span::new(from.token.span().start, to.token.span().end))
    }
}

/// `?` is one character, `*` any number of them. Quadratic at worst.
pub(super) fn wildcard(pattern: &str, word: &str) -> bool {
    let (mut pattern, mut word) = (pattern.chars(), word.chars());
    let mut retry = None; // behind the last `*`, and the first character it has not taken
    loop {
        match (pattern.next(), word.clone().next()) {
            (Some('*'), _) => retry = Some((pattern.clone(), word.clone())),
            (None, None) => return true,
            (Some(p), Some(c)) if p == '?' || p == c => {
                word.next();
            }
            _ => {
                let Some((behind, mut taken)) = retry else { return false };
                if taken.next().is_none() {
                    return false;
                }
                (pattern, word) = (behind.clone(), taken.clone());
                retry = Some((behind, taken));
            }
        }
    }
}

/// At most `distance` insertions, deletions, substitutions or swaps of neighbours apart.
pub(super) fn fuzzy(wanted: &str, word: &str, distance: u8) -> bool {
    let longest = wanted.len() + 4 * usize::from(distance); // a character has at most four bytes
    word.len() <= longest && strsim::osa_distance(wanted, word) <= usize::from(distance)
}

/// The answer to a question about a fact.
pub(super) fn answer(question: &Question, facts: &Facts<'_>) -> bool {
    let field = &question.field;
    let number = || facts.number(field);
    match &question.test {
        Test::OneOf(values) if *field == Field::Url => {
            facts.addresses().any(|address| values.iter().any(|value| in_address(&address, value)))
        }
        Test::OneOf(values) if *field == Field::Has => values.iter().any(|value| facts.has(value)),
        Test::OneOf(values) => {
            facts.words(field).any(|word| values.iter().any(|value| **value == *word))
                || (field.field_type() == FieldType::Any
                    && number().is_some_and(|n| values.iter().any(|value| value.parse() == Ok(n))))
        }
        Test::Equals(_) | Test::Compare(..) | Test::Between(..) => {
            number().is_some_and(|n| fits(field, &question.test, n))
        }
        Test::Box([south, west, north, east]) => facts.point().is_some_and(|(latitude, longitude)| {
            let across = if west <= east {
                *west <= longitude && longitude <= *east
            } else {
                *west <= longitude || longitude <= *east
            };
            across && *south <= latitude && latitude <= *north
        }),
    }
}

/// Whether a number is what a test of that field asks for.
pub(super) fn fits(field: &Field, test: &Test, n: f64) -> bool {
    match test {
        Test::Equals(numbers) => numbers.contains(&n),
        Test::Compare(Comparison::Less, bound) => n < *bound,
        Test::Compare(Comparison::AtMost, bound) => n <= *bound,
        Test::Compare(Comparison::More, bound) => n > *bound,
        Test::Compare(Comparison::AtLeast, bound) => n >= *bound,
        Test::Between(low, high) => match (field, low <= high) {
            (Field::Time, true) => *low <= n && n < *high,
            (Field::Time, false) => *low <= n || n < *high,
            (_, true) => *low <= n && n <= *high,
            (_, false) => *low <= n || n <= *high,
        },
        Test::OneOf(_) | Test::Box(_) => false,
    }
}

/// True when `wanted` stands in the address and is not part of a longer word there.
pub(super) fn in_address(address: &str, wanted: &str) -> bool {
    let glued = |a: Option<char>, b: Option<char>| {
        a.is_some_and(char::is_alphanumeric) && b.is_some_and(char::is_alphanumeric)
    };
    address.char_indices().any(|(at, _)| {
        let (before, rest) = address.split_at_checked(at).unwrap_or_default();
        rest.strip_prefix(wanted).is_some_and(|after| {
            !glued(before.chars().next_back(), wanted.chars().next())
                && !glued(wanted.chars().next_back(), after.chars().next())
        })
    })
}
