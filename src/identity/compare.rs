//! Comparing two values of a kind: the level between them.
//!
//! Values come normalised ([`Kind::normalise`]). Thresholds are those of the record linkage literature (Winkler
//! 1990 and the Splink and recordlinkage defaults lie at Jaro–Winkler .92/.88/.8); what a level is worth is not
//! decided here but learnt or stated in a [`Model`](super::Model).

use super::intern::hash_text;
use super::kernel::Pattern;
use super::kind::{Kind, Level};
use super::normalise::nickname;
use super::normalise::phonetic::phonetic;
use super::normalise::script::in_other_letters;
use super::signature::{ruled_out, single_words};

/// Words of a text that are compared: of a longer one the first.
const WORDS: usize = 64;

/// A normalised value as comparison sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) text: &'a str,
    /// [`Kind::tag`] of the text.
    pub(super) tag: u16,
    /// [`signature`](super::signature::signature) of the text.
    pub(super) signature: u64,
    /// [`sound`] of the text.
    pub(super) sound: u32,
}

/// How the last word of a name sounds, as a number; 0 for a name without a sound and for other kinds.
pub(super) fn sound(kind: Kind, text: &str) -> u32 {
    if !matches!(kind, Kind::Given | Kind::Family) {
        return 0;
    }
    let code = phonetic(text.rsplit(' ').next().unwrap_or(text));
    if code.is_empty() { 0 } else { hash_text(&code) as u32 | 1 }
}

/// Compares values of any kind; keeps the buffers of the kernels.
#[derive(Debug, Default)]
pub(super) struct Comparer {
    /// Patterns of left values: the whole text, and the word at hand.
    whole: Pattern,
    word: Pattern,
}

impl Comparer {
    /// The level between two values of `kind`. Symmetric. Linear in the lengths for values of at most 64 bytes.
    pub(super) fn level(&mut self, kind: Kind, a: View<'_>, b: View<'_>) -> Level {
        if a.text.is_empty() || b.text.is_empty() {
            return Level::Missing;
        }
        if a.text == b.text {
            return Level::Exact;
        }
        if let Some(level) = ruled_out(kind, a.signature, b.signature) {
            return level;
        }
        if is_written(kind) && in_other_letters(a.text, b.text) {
            return Level::Missing;
        }
        match kind {
            Kind::Given => self.given(a, b),
            Kind::Family => self.family(a, b),
            Kind::Name => self.name(a.text, b.text),
            Kind::Email => self.email(a.text, b.text),
            Kind::Phone => self.phone(a.text, b.text),
            Kind::Handle => self.spelling(a.text, b.text, 4),
            Kind::Date => self.date(a.text, b.text),
            Kind::Company | Kind::City | Kind::Address | Kind::Text => self.text(a.text, b.text),
            Kind::Postcode | Kind::Code => self.code(a.text, b.text),
            // Accounts on two platforms say nothing of each other.
            Kind::Account if platform(a.text) != platform(b.text) => Level::Missing,
            Kind::Account | Kind::Did | Kind::Url => Level::Distant,
        }
    }

    fn given(&mut self, a: View<'_>, b: View<'_>) -> Level {
        if a.tag != 0 && b.tag != 0 && nickname::related(a.tag, b.tag) {
            return Level::Alias;
        }
        if is_initial(a.text, b.text) || share_a_word(a, b) {
            return Level::Partial;
        }
        self.spelling(a.text, b.text, 3)
    }

    fn family(&mut self, a: View<'_>, b: View<'_>) -> Level {
        if is_initial(a.text, b.text) || share_a_word(a, b) {
            return Level::Partial;
        }
        match self.spelling(a.text, b.text, 3) {
            Level::Faint if a.sound == b.sound && a.sound != 0 => Level::Near,
            level => level,
        }
    }

    /// Close: one edit. Near: two edits in a long word, or Jaro–Winkler .88. Faint: Jaro–Winkler .75.
    fn spelling(&mut self, a: &str, b: &str, shortest: usize) -> Level {
        self.whole.set(a);
        let (short, long) = (a.len().min(b.len()), a.len().max(b.len()));
        let edits = if long - short <= 2 { self.whole.osa(b) } else { usize::MAX };
        if edits <= 1 && short >= shortest {
            return Level::Close;
        }
        let similarity = self.whole.jaro_winkler(b);
        if similarity >= 0.88 || (edits <= 2 && short >= 5) {
            Level::Near
        } else if similarity >= 0.75 {
            Level::Faint
        } else {
            Level::Distant
        }
    }

    /// Pairs the words of the two names, then judges by the worst pair that the shorter name needs.
    fn name(&mut self, a: &str, b: &str) -> Level {
        let (short, long) = if words_in(a) <= words_in(b) { (a, b) } else { (b, a) };
        let mut free: Vec<&str> = long.split(' ').collect();
        let (mut aliases, mut initials, mut typos, mut exact, mut lost) = (0, 0, 0, 0, 0);
        let mut open: Vec<&str> = Vec::new();
        for word in short.split(' ') {
            match free.iter().position(|other| *other == word) {
                Some(at) => {
                    free.swap_remove(at);
                    exact += 1;
                }
                None => open.push(word),
            }
        }
        for word in open {
            let best = free.iter().enumerate().map(|(at, other)| (self.words(word, other), at)).min();
            match best {
                Some((level, at)) if level < Level::Faint => {
                    free.swap_remove(at);
                    match level {
                        Level::Alias => aliases += 1,
                        Level::Partial => initials += 1,
                        _ => typos += 1,
                    }
                }
                _ => lost += 1,
            }
        }
        let count = words_in(short);
        match (lost, free.len()) {
            (0, 0) if exact == count => Level::Swapped,
            (0, 0) if typos == 0 && initials == 0 => Level::Alias,
            (0, 0) if typos == 1 && aliases + initials == 0 && exact > 0 => Level::Close,
            (0, 0) if typos == 0 => Level::Partial,
            (0, 0) => Level::Near,
            (0, _) if count > 1 && typos == 0 => Level::Partial,
            (0, _) if count > 1 => Level::Near,
            (1, _) if exact > 0 => Level::Faint,
            (0, _) if exact > 0 => Level::Faint,
            _ if compact_eq(a, b) => Level::Close,
            _ => Level::Distant,
        }
    }

    fn words(&mut self, a: &str, b: &str) -> Level {
        if nickname::related(nickname::number(a), nickname::number(b)) {
            return Level::Alias;
        }
        if is_initial(a, b) {
            return Level::Partial;
        }
        self.word.set(a);
        if self.word.osa(b) <= 1 && a.len().min(b.len()) >= 3 {
            Level::Close
        } else if self.word.jaro_winkler(b) >= 0.88 {
            Level::Near
        } else {
            Level::Distant
        }
    }

    /// The two parts of an address are judged apart: people keep a local part when they change provider.
    fn email(&mut self, a: &str, b: &str) -> Level {
        let (Some((local_a, domain_a)), Some((local_b, domain_b))) = (a.split_once('@'), b.split_once('@'))
        else {
            return self.spelling(a, b, 6);
        };
        self.whole.set(local_a);
        let local = self.whole.osa(local_b);
        self.word.set(domain_a);
        let domain = self.word.osa(domain_b);
        match local + domain {
            0 | 1 => Level::Close,
            2 => Level::Near,
            _ if local == 0 && local_a.len() >= 4 => Level::Alias,
            _ if self.whole.jaro_winkler(local_b) < 0.9 => Level::Distant,
            _ if domain == 0 => Level::Near,
            _ => Level::Faint,
        }
    }

    fn phone(&mut self, a: &str, b: &str) -> Level {
        let (tail_a, tail_b) = (tail(a, 8), tail(b, 8));
        if tail_a == tail_b && tail_a.len() == 8 && (a.starts_with('+') != b.starts_with('+')) {
            return Level::Partial;
        }
        self.whole.set(a);
        if a.len().abs_diff(b.len()) <= 1 && self.whole.osa(b) <= 1 { Level::Close } else { Level::Distant }
    }

    /// Dates are eight digits; whatever else is there is compared as a code.
    fn date(&mut self, a: &str, b: &str) -> Level {
        let (Some((year_a, rest_a)), Some((year_b, rest_b))) = (a.split_at_checked(4), b.split_at_checked(4))
        else {
            return self.code(a, b);
        };
        let (Some((month_a, day_a)), Some((month_b, day_b))) =
            (rest_a.split_at_checked(2), rest_b.split_at_checked(2))
        else {
            return self.code(a, b);
        };
        let unknown = |part: &str| part == "00";
        if year_a == year_b
            && (unknown(month_a)
                || unknown(month_b)
                || (month_a == month_b && (unknown(day_a) || unknown(day_b))))
        {
            return Level::Partial;
        }
        if year_a == year_b && month_a == day_b && day_a == month_b {
            return Level::Swapped;
        }
        self.whole.set(a);
        let equal =
            usize::from(year_a == year_b) + usize::from(month_a == month_b) + usize::from(day_a == day_b);
        match (self.whole.osa(b), equal) {
            (1, _) => Level::Close,
            (2, _) | (_, 2) => Level::Near,
            (3, _) => Level::Faint,
            _ if year_a == year_b => Level::Faint,
            _ => Level::Distant,
        }
    }

    fn code(&mut self, a: &str, b: &str) -> Level {
        self.whole.set(a);
        let short = a.len().min(b.len());
        match self.whole.osa(b) {
            1 if short >= 3 => Level::Close,
            2 if short >= 5 => Level::Near,
            _ if common_prefix(a, b) >= 3.max(short / 2) => Level::Partial,
            _ => Level::Distant,
        }
    }

    /// Words in common for texts of several words, spelling for the rest.
    ///
    /// Words are paired off: the same, then one that stands for the other. Nothing over on either side: swapped when
    /// all are the same, alias otherwise. Something over on one side: partial. Else by the share of words paired.
    fn text(&mut self, a: &str, b: &str) -> Level {
        if !(a.contains(' ') && b.contains(' ')) {
            return self.spelling(a, b, 4);
        }
        if a.len().abs_diff(b.len()) <= 2 {
            self.whole.set(a);
            match self.whole.osa(b) {
                0 | 1 => return Level::Close,
                2 => return Level::Near,
                _ => {}
            }
        }
        let mut free: Vec<&str> = b.split(' ').take(WORDS).collect();
        let mut open: Vec<&str> = a.split(' ').take(WORDS).collect();
        let long = free.len().max(open.len());
        open.retain(|word| take(&mut free, |other| other == *word).is_none());
        let same = long - open.len().max(free.len());
        open.retain(|word| take(&mut free, |other| self.stands_for(word, other)).is_none());
        let over = open.len().max(free.len());
        let paired = long - over;
        match (open.len().min(free.len()), over) {
            (0, 0) if same == long => Level::Swapped,
            (0, 0) if same > 0 => Level::Alias,
            (0, _) if same > 0 => Level::Partial,
            _ if paired * 3 >= long * 2 => Level::Near,
            _ if paired * 3 >= long => Level::Faint,
            _ => Level::Distant,
        }
    }

    /// True for an initial, the beginning of a word, or a word with one typing error.
    fn stands_for(&mut self, a: &str, b: &str) -> bool {
        let short = a.len().min(b.len());
        if a.as_bytes().first() == b.as_bytes().first()
            && (short == 1 || short >= 3 && common_prefix(a, b) == short)
        {
            return true;
        }
        self.word.set(a);
        short >= 4 && a.len().abs_diff(b.len()) <= 1 && self.word.osa(b) <= 1
    }
}

/// True for what people write in the letters of their language: one name may stand in two scripts.
fn is_written(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Given
            | Kind::Family
            | Kind::Name
            | Kind::Handle
            | Kind::Company
            | Kind::Address
            | Kind::City
            | Kind::Text
    )
}

/// Takes the first that fits out of the list.
fn take<'a>(list: &mut Vec<&'a str>, mut fits: impl FnMut(&str) -> bool) -> Option<&'a str> {
    let at = list.iter().position(|item| fits(item))?;
    Some(list.swap_remove(at))
}

/// The platform of an account.
pub(super) fn platform(account: &str) -> &str {
    account.split(':').next().unwrap_or(account)
}

fn words_in(text: &str) -> usize {
    text.split(' ').count()
}

/// One is the initial of the other.
fn is_initial(a: &str, b: &str) -> bool {
    (a.len() == 1 || b.len() == 1) && a.as_bytes().first() == b.as_bytes().first()
}

/// The two have a word in common, and one of them has more words than that.
fn share_a_word(a: View<'_>, b: View<'_>) -> bool {
    let several = |text: &str| text.bytes().any(|byte| byte == b' ');
    !single_words(a.signature, b.signature)
        && (several(a.text) || several(b.text))
        && a.text.split(' ').any(|word| word.len() > 2 && b.text.split(' ').any(|other| other == word))
}

fn compact_eq(a: &str, b: &str) -> bool {
    a.chars().filter(|c| *c != ' ').eq(b.chars().filter(|c| *c != ' '))
}

fn common_prefix(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count()
}

/// The last `n` bytes of an ASCII text.
fn tail(text: &str, n: usize) -> &str {
    text.get(text.len().saturating_sub(n)..).unwrap_or(text)
}
