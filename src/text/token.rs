//! The token: where a word stands, what it is, its hash and its traits, in 32 bytes.

use crate::model::Span;

/// What a token is.
///
/// ```
/// use hearken::text::{Text, TokenKind};
///
/// let text = Text::new("好 phone 👩‍👩‍👧 https://acme.example/x");
/// let kinds: Vec<_> = text.tokens().iter().map(|token| token.kind()).collect();
/// assert_eq!(kinds, [TokenKind::Cjk, TokenKind::Word, TokenKind::Emoji, TokenKind::Link]);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenKind {
    /// A maximal run of letters, digits and `_`, with the combining marks that follow them.
    Word,
    /// One character of a script written without spaces or with endings glued on: Han, kana, bopomofo, hangul.
    Cjk,
    /// One emoji sequence: with joiners, skin tones, flags and keycaps.
    Emoji,
    /// `http://…`, `https://…` or `www.…` up to the next white space. It takes no position.
    Link,
}

/// The sign directly before a token.
///
/// ```
/// use hearken::text::{Mark, Text};
///
/// let text = Text::new("sale #sale @sale $sale");
/// let marks: Vec<_> = text.tokens().iter().map(|token| token.mark()).collect();
/// assert_eq!(marks, [None, Some(Mark::Hash), Some(Mark::At), Some(Mark::Cash)]);
/// // The word is the same behind every one of them.
/// assert!(text.tokens().iter().all(|token| text.folded(token) == "sale"));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// `#` or `＃`.
    Hash,
    /// `@` or `＠`.
    At,
    /// `$`.
    Cash,
}

impl Mark {
    pub(super) fn of(c: char) -> Option<Self> {
        match c {
            '#' | '＃' => Some(Self::Hash),
            '@' | '＠' => Some(Self::At),
            '$' => Some(Self::Cash),
            _ => None,
        }
    }
}

/// One token of a [`Text`](super::Text): 32 bytes, no text of its own.
///
/// ```
/// use hearken::text::{Mark, Text, TokenKind};
///
/// let text = Text::new("#NoFilter 😀 sooo good");
/// let [tag, emoji, so, good] = text.tokens() else { panic!() };
/// assert_eq!((tag.mark(), tag.span().start, tag.position()), (Some(Mark::Hash), 1, Some(0)));
/// assert_eq!(emoji.kind(), TokenKind::Emoji);
/// assert!(so.is_elongated() && !good.is_elongated());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    pub(super) hash: u64,
    pub(super) span: Span,
    /// Where the folded form stands in the buffer of its text.
    pub(super) folded: Span,
    /// The word position; of a link, that of the next word.
    pub(super) position: u32,
    pub(super) traits: Traits,
}

impl Token {
    /// Where it stands in the source, in UTF-8 bytes; the mark before it is not part of it.
    pub fn span(&self) -> Span {
        self.span
    }

    /// What it is.
    pub fn kind(&self) -> TokenKind {
        match self.traits.0 & Traits::KIND {
            Traits::CJK => TokenKind::Cjk,
            Traits::EMOJI => TokenKind::Emoji,
            Traits::LINK => TokenKind::Link,
            _ => TokenKind::Word,
        }
    }

    /// Its place among words, CJK characters and emoji, from 0; `None` for a link.
    pub fn position(&self) -> Option<u32> {
        (self.kind() != TokenKind::Link).then_some(self.position)
    }

    /// The [`hash`](super::hash()) of its folded form.
    pub fn hash(&self) -> u64 {
        self.hash
    }

    /// The sign directly before it; never on a link.
    pub fn mark(&self) -> Option<Mark> {
        match self.traits.0 & Traits::MARK {
            Traits::MARK_HASH => Some(Mark::Hash),
            Traits::MARK_AT => Some(Mark::At),
            Traits::MARK_CASH => Some(Mark::Cash),
            _ => None,
        }
    }

    /// At least two letters, and none of them small: `LOL`, `B2B`.
    pub fn is_upper(&self) -> bool {
        self.traits.has(Traits::UPPER)
    }

    /// The first letter is a capital.
    pub fn is_title(&self) -> bool {
        self.traits.has(Traits::TITLE)
    }

    /// A digit is in it.
    pub fn has_digit(&self) -> bool {
        self.traits.has(Traits::DIGIT)
    }

    /// A word or CJK character without a mark before it and without a digit: no facet begins here.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self.traits.0 & (Traits::KIND | Traits::MARK | Traits::DIGIT), Traits::WORD | Traits::CJK)
    }

    /// Only one apostrophe or hyphen stands between the word before and this word: the `t` of "don't".
    pub fn is_joined(&self) -> bool {
        self.traits.has(Traits::JOINED)
    }

    /// A letter stands three or more times in a row, in any case: "soooo".
    pub fn is_elongated(&self) -> bool {
        self.traits.has(Traits::ELONGATED)
    }
}

/// Kind, mark and flags of a token.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Traits(pub(super) u32);

impl Traits {
    const KIND: u32 = 0b11;
    pub(super) const WORD: u32 = 0;
    pub(super) const CJK: u32 = 1;
    pub(super) const EMOJI: u32 = 2;
    pub(super) const LINK: u32 = 3;
    const MARK: u32 = 0b11 << 2;
    pub(super) const MARK_HASH: u32 = 1 << 2;
    pub(super) const MARK_AT: u32 = 2 << 2;
    pub(super) const MARK_CASH: u32 = 3 << 2;
    pub(super) const UPPER: u32 = 1 << 4;
    pub(super) const TITLE: u32 = 1 << 5;
    pub(super) const DIGIT: u32 = 1 << 6;
    pub(super) const JOINED: u32 = 1 << 7;
    pub(super) const ELONGATED: u32 = 1 << 8;

    fn has(self, flag: u32) -> bool {
        self.0 & flag != 0
    }
}
