//! Layer 1 on small cases: words, marks, joints, CJK, emoji, links.

use hearken::limits::Limits;
use hearken::text::{Mark, Text, Token, TokenKind, fold, hash};

fn folded(text: &Text) -> Vec<&str> {
    text.tokens().iter().map(|token| text.folded(token)).collect()
}

fn words(source: &str) -> Vec<String> {
    let text = Text::new(source);
    folded(&text).into_iter().map(str::to_owned).collect()
}

fn only(source: &str) -> Token {
    let text = Text::new(source);
    assert_eq!(text.tokens().len(), 1, "{source}: {:?}", folded(&text));
    text.tokens()[0]
}

#[test]
fn a_token_is_at_most_32_bytes() {
    assert!(size_of::<Token>() <= 32);
}

#[test]
fn a_word_is_letters_digits_underscores() {
    assert_eq!(
        words("Acme's don't snake_case v2.0 e-mail a@b"),
        ["acme", "s", "don", "t", "snake_case", "v2", "0", "e", "mail", "a", "b"]
    );
    assert_eq!(words(""), [""; 0]);
    assert_eq!(words("... !!!"), [""; 0]);
    assert_eq!(words("Łódź ΣΊΣΥΦΟΣ Москва"), ["łódź", "σίσυφοσ", "москва"]);
    assert_eq!(words("สวัสดีครับ ok"), ["สวัสดีครับ", "ok"]);
    assert_eq!(words("می\u{200C}خواهم"), ["میخواهم"]);
}

#[test]
fn marks_stand_directly_before() {
    let text = Text::new("#a @b $c ＃d ＠e # f (#g x#y @@z");
    let marks: Vec<_> = text.tokens().iter().map(Token::mark).collect();
    let (hash, at, cash) = (Some(Mark::Hash), Some(Mark::At), Some(Mark::Cash));
    assert_eq!(marks, [hash, at, cash, hash, at, None, hash, None, hash, at]);
}

#[test]
fn an_apostrophe_or_hyphen_joins() {
    let text = Text::new("don't it’s well-known 'quoted' a - b x--y");
    let joined: Vec<_> =
        text.tokens().iter().filter(|token| token.is_joined()).map(|token| text.raw(token)).collect();
    assert_eq!(joined, ["t", "s", "known"]);
}

#[test]
fn traits_of_letters() {
    let traits = |word| {
        let token = only(word);
        (token.is_upper(), token.is_title(), token.has_digit(), token.is_elongated())
    };
    assert_eq!(traits("LOL"), (true, true, false, false));
    assert_eq!(traits("B2B"), (true, true, true, false));
    assert_eq!(traits("I"), (false, true, false, false));
    assert_eq!(traits("iPhone15"), (false, false, true, false));
    assert_eq!(traits("4K"), (false, true, true, false));
    assert_eq!(traits("SoOoo"), (false, true, false, true));
    assert_eq!(traits("soo1000"), (false, false, true, false));
    assert_eq!(traits("___"), (false, false, false, false));
    assert_eq!(traits("ПРИВЕТ"), (true, true, false, false));
    assert_eq!(traits("Нееееt"), (false, true, false, true));
}

#[test]
fn cjk_is_split_into_characters() {
    let text = Text::new("新しいiPhoneを#트위터");
    assert_eq!(folded(&text), ["新", "し", "い", "iphone", "を", "트", "위", "터"]);
    assert_eq!(text.tokens()[0].kind(), TokenKind::Cjk);
    assert_eq!(text.tokens()[3].kind(), TokenKind::Word);
    assert_eq!(text.tokens()[5].mark(), Some(Mark::Hash));
    assert_eq!(words("ﾊﾞｰ が か\u{3099} 각"), ["バ", "ー", "が", "が", "각"]);
    assert_eq!(words("\u{1100}\u{1161}\u{11A8}"), ["각"]);
}

#[test]
fn an_emoji_sequence_is_one_token() {
    for emoji in [
        "😀",
        "👍🏽",
        "👨\u{200D}👩\u{200D}👧",
        "❤️",
        "❤",
        "🏳️\u{200D}🌈",
        "🇩🇪",
        "1️⃣",
        "#️⃣",
        "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
        "™️",
    ] {
        assert_eq!(only(emoji).kind(), TokenKind::Emoji, "{emoji}");
    }
    assert_eq!(words("Acme™ ©2024"), ["acme", "2024"]);
    assert_eq!(Text::new("😀😀🇩🇪🇫🇷").tokens().len(), 4);
    assert_eq!(Text::new("so21️⃣x").tokens().len(), 3);
    assert_eq!(hash(&fold("❤️")), only("❤").hash());
}

#[test]
fn a_link_takes_no_position() {
    let text = Text::new("see HTTPS://x.y/Z?a=b, or www.acme.com. now");
    assert_eq!(folded(&text), ["see", "HTTPS://x.y/Z?a=b,", "or", "www.acme.com.", "now"]);
    let positions: Vec<_> = text.tokens().iter().map(Token::position).collect();
    assert_eq!(positions, [Some(0), None, Some(1), None, Some(2)]);
    assert_eq!(words("wordhttp://t.co/a b"), ["word", "http://t.co/a", "b"]);
    assert_eq!(words("Awww.so cute www. x http:// y"), ["awww", "so", "cute", "www", "x", "http", "y"]);
}

#[test]
fn width_and_case_are_folded_and_accents_are_not() {
    assert_eq!(words("ＡＣＭＥ１ ﬁne 𝗕𝗼𝗹𝗱 İstanbul"), ["acme1", "fine", "bold", "istanbul"]);
    assert_eq!(only("CAFÉ").hash(), only("cafe\u{301}").hash());
    assert_ne!(only("café").hash(), only("cafe").hash());
}

#[test]
fn zalgo_is_cut() {
    let zalgo = format!("h{}i", "\u{301}\u{316}".repeat(500));
    let text = Text::new(&zalgo);
    assert_eq!(text.tokens().len(), 1);
    assert!(text.folded(&text.tokens()[0]).chars().count() <= 10);
}

#[test]
fn a_long_text_is_cut_at_a_character() {
    let mut text = Text::bounded(&Limits { text_bytes: 6, ..Limits::default() });
    text.read("ab ééé");
    assert_eq!((text.source(), text.truncated()), ("ab é", 4));
    assert_eq!(Text::new(&"é".repeat(40_000)).truncated(), 80_000 - 65_536);
}

#[test]
fn debug_shows_no_word() {
    assert_eq!(format!("{:?}", Text::new("secret words")), "Text(‹12 bytes›, 2 tokens)");
}
