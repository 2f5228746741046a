//! Text split once: folded tokens with byte spans, and over the same tokens facets, sentences and clauses.
//!
//! ```text
//! source ──► layer 1  tokens   one pass; buffers are reused, nothing is allocated per token
//!                │    Word · Cjk · Emoji · Link, each with span, position, mark, traits, hash of its folded form
//!                ▼
//!            layer 2  facets · sentences · clauses   computed when asked, from the same tokens
//! ```
//!
//! A **word** is a maximal run of letters, digits and `_` (Unicode), with the combining marks and invisible joiners
//! that follow them. Apostrophe, hyphen, dot and `@` end it: "Acme's" holds `acme`, and "don't" is `don` and `t`,
//! [joined](Token::is_joined). A `#`, `@` or `$` directly before a word is a [`Mark`] of it. Of CJK text each
//! character is a token, so that a word in it is a phrase; an emoji sequence is one token; a link is one token
//! without a position. What stands between two tokens is a [gap](Text::gap): gaps and tokens together are the source.
//!
//! ```
//! use hearken::text::Text;
//!
//! let mut text = Text::new("Don't @AcmeHelp me, it's BROKEN 😡 https://acme.example/x");
//! let folded: Vec<&str> = text.tokens().iter().map(|token| text.folded(token)).collect();
//! assert_eq!(folded, ["don", "t", "acmehelp", "me", "it", "s", "broken", "😡", "https://acme.example/x"]);
//! assert_eq!(text.gap(4), ", ");
//!
//! text.read("The next post, in the same buffers.");
//! assert_eq!(text.clauses().count(), 2);
//! ```
//!
//! What it does not do: it does not segment Thai, Lao or Khmer (a run is one word) nor group CJK characters into words,
//! it does not stem, strip accents or correct spelling, and it knows mentions as X writes them: of `@user@server` it
//! makes neither mention nor e-mail address, and a handle with dots ends at the first.
//!
//! # Untrusted input
//! Any bytes of UTF-8 are read in linear time: a text is cut at its limit, of the combining marks on one character
//! eight reach the folded form, and no step looks back further than the link, tag or run it stands in.

mod class;
mod contact;
mod emoji;
mod facet;
mod fold;
mod foreign;
mod hash;
mod lane;
#[cfg(feature = "detect")]
pub mod language;
mod length;
mod phrase;
mod scan;
mod tag;
mod tld;
mod token;
mod url;

pub use facet::{Facet, FacetKind};
pub use fold::fold;
pub(crate) use foreign::Guess;
pub use hash::hash;
pub use length::{graphemes, utf16_units, weighted_length};
pub use token::{Mark, Token, TokenKind};

use crate::limits::Limits;
use crate::model::Span;
use phrase::Stop;
use std::fmt;
use std::ops::Range;

/// The largest bound on one text, so that every offset fits 32 bits: 64 MiB.
const MOST: usize = 64 << 20;

/// Bytes that a token takes in most texts, with the space behind it.
const LETTERS: usize = 5;

/// A text and its tokens; it owns its source and its buffers.
///
/// Linear in the bytes of the source, which is cut at [`Limits::text_bytes`], at a character.
/// `Debug` shows sizes only: the words are personal.
///
/// ```
/// use hearken::text::Text;
///
/// let text = Text::new("Olá, MUNDO!");
/// let words: Vec<_> = text.tokens().iter().map(|token| (text.raw(token), text.folded(token))).collect();
/// assert_eq!(words, [("Olá", "olá"), ("MUNDO", "mundo")]);
/// assert_eq!(text.gap(2), "!");
/// ```
#[derive(Clone)]
pub struct Text {
    /// The source, then the padding that the splitter reads over the end.
    source: String,
    /// Bytes of the source.
    len: usize,
    /// The source with ASCII capitals made small, then the folded forms that differ from that.
    folded: String,
    tokens: Vec<Token>,
    truncated: usize,
    limit: usize,
}

impl Text {
    /// Reads `source` under the default limits.
    pub fn new(source: &str) -> Self {
        let mut text = Self::default();
        text.read(source);
        text
    }

    /// An empty text that will read under `limits`.
    pub fn bounded(limits: &Limits) -> Self {
        Self {
            source: String::new(),
            len: 0,
            folded: String::new(),
            tokens: Vec::new(),
            truncated: 0,
            limit: limits.text_bytes.min(MOST),
        }
    }

    /// Reads another source into the same buffers.
    pub fn read(&mut self, source: &str) {
        let mut end = source.len().min(self.limit);
        while !source.is_char_boundary(end) {
            end -= 1;
        }
        self.truncated = source.len() - end;
        self.len = end;
        self.source.clear();
        self.source.reserve(end + scan::PADDING.len());
        self.source.push_str(source.get(..end).unwrap_or(""));
        self.folded.clear();
        self.folded.push_str(&self.source);
        self.folded.make_ascii_lowercase();
        self.source.push_str(scan::PADDING);
        self.tokens.clear();
        self.tokens.reserve(end / LETTERS);
        scan::scan(&self.source, end, &mut self.folded, &mut self.tokens);
    }

    /// The source, as far as it was read.
    pub fn source(&self) -> &str {
        self.source.get(..self.len).unwrap_or("")
    }

    /// The bytes that were cut off; 0 when all was read.
    pub fn truncated(&self) -> usize {
        self.truncated
    }

    /// The tokens, in the order of the source.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The folded form of a token of this text: see [`fold`]. A link is as written.
    pub fn folded(&self, token: &Token) -> &str {
        token.folded.of(&self.folded).unwrap_or("")
    }

    /// A token of this text as written.
    pub fn raw(&self, token: &Token) -> &str {
        token.span.of(&self.source).unwrap_or("")
    }

    /// The source between token `i - 1` and token `i`; before the first token for 0, behind the last for `len`.
    /// Empty beyond that.
    pub fn gap(&self, i: usize) -> &str {
        let before = i
            .checked_sub(1)
            .map_or(Some(0), |before| self.tokens.get(before).map(|token| token.span.end as usize));
        let after = self.tokens.get(i).map_or(self.len, |token| token.span.start as usize);
        before.and_then(|before| self.source.get(before..after)).unwrap_or("")
    }

    /// The bytes of the gap between token `i - 1` and token `i`, for `i` of at least 1.
    fn gap_bytes(&self, i: usize) -> &[u8] {
        let [before, after] = [i.wrapping_sub(1), i].map(|at| self.tokens.get(at).map(|token| token.span));
        let gap = before.zip(after).map(|(before, after)| before.end as usize..after.start as usize);
        gap.and_then(|gap| self.source.as_bytes().get(gap)).unwrap_or_default()
    }

    /// The facets, in the order of the source; no two overlap.
    ///
    /// Computed at each call, linear in the source. Hashtags, mentions, lists, cashtags and links follow
    /// [twitter-text](https://github.com/twitter/twitter-text) 3, whose cases are in the tests, with what differs.
    ///
    /// ```
    /// use hearken::text::Text;
    ///
    /// let text = Text::new("#NoDeal at acme.com, see #1 @ann");
    /// let facets: Vec<_> = text.facets().iter().filter_map(|facet| facet.span().of(text.source())).collect();
    /// assert_eq!(facets, ["#NoDeal", "acme.com", "@ann"]);
    /// ```
    pub fn facets(&self) -> Vec<Facet> {
        facet::facets(self)
    }

    /// A facet of this text without its sign: `acme` of `#acme`, `ann` of `@ann`.
    pub fn name(&self, facet: &Facet) -> &str {
        let whole = facet.span().of(&self.source).unwrap_or("");
        match facet.kind() {
            FacetKind::Hashtag | FacetKind::Mention | FacetKind::List | FacetKind::Cashtag => {
                whole.strip_prefix(|c| Mark::of(c).is_some()).unwrap_or(whole)
            }
            _ => whole,
        }
    }

    /// The words of a CamelCase hashtag of this text, as spans of the source; of another facet, nothing.
    ///
    /// ```
    /// use hearken::text::Text;
    ///
    /// let text = Text::new("#NASALaunch2024_live");
    /// let parts = text.parts(&text.facets()[0]);
    /// let words: Vec<_> = parts.into_iter().filter_map(|part| part.of(text.source())).collect();
    /// assert_eq!(words, ["NASA", "Launch", "2024", "live"]);
    /// ```
    pub fn parts(&self, facet: &Facet) -> Vec<Span> {
        if facet.kind() != FacetKind::Hashtag {
            return Vec::new();
        }
        let name = self.name(facet);
        facet::parts(name, facet.span().end.saturating_sub(name.len() as u32))
    }

    /// The sentences, as ranges of tokens: every token is in exactly one.
    ///
    /// A sentence ends at `.` `!` `?` `…` or a new line; not at the dot of an initial, a shortening or a number.
    ///
    /// ```
    /// use hearken::text::Text;
    ///
    /// let text = Text::new("Dr. Lee paid 3.50! Never again");
    /// assert_eq!(text.sentences().collect::<Vec<_>>(), [0..5, 5..7]);
    /// ```
    pub fn sentences(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        phrase::ranges(self, Stop::Sentence)
    }

    /// The clauses, as ranges of tokens: sentences, cut further at commas, colons, brackets and dashes.
    ///
    /// ```
    /// use hearken::text::Text;
    ///
    /// let text = Text::new("Great phone, but the battery (again) died");
    /// assert_eq!(text.clauses().collect::<Vec<_>>(), [0..2, 2..5, 5..6, 6..7]);
    /// ```
    pub fn clauses(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        phrase::ranges(self, Stop::Clause)
    }
}

impl Default for Text {
    fn default() -> Self {
        Self::bounded(&Limits::default())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text(‹{} bytes›, {} tokens)", self.len, self.tokens.len())
    }
}
