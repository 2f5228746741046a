//! Handles, web addresses and decentralised identifiers.

use super::fold::{compact, fold};

/// Words people hang on a handle that say nothing of their name.
const AFFIXES: &[&str] = &[
    "actual",
    "dear",
    "hey",
    "hq",
    "iam",
    "im",
    "its",
    "itsme",
    "mr",
    "mrs",
    "ms",
    "not",
    "official",
    "officially",
    "real",
    "the",
    "thereal",
    "tv",
    "user",
    "xo",
    "xx",
    "yo",
];

/// A handle, read as people build them.
///
/// ```
/// use hearken::identity::Handle;
///
/// let handle = Handle::parse("@TheRealAnn_Lee83");
/// assert_eq!(handle.plain(), "therealann_lee83");
/// assert_eq!(handle.parts(), ["the", "real", "ann", "lee", "83"]);
/// assert_eq!(handle.core(), "annlee");
/// assert_eq!(handle.digits(), "83");
/// assert_eq!(Handle::parse("j0hn_sm1th").core(), "johnsmith");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle {
    plain: String,
    parts: Vec<String>,
    core: String,
    digits: String,
}

impl Handle {
    /// Reads a handle as written, with or without `@`, `u/` or the host name of a federated account.
    pub fn parse(text: &str) -> Self {
        let text = text.trim().trim_start_matches(['@', '＠']);
        let text = text.strip_prefix("u/").or_else(|| text.strip_prefix("/u/")).unwrap_or(text);
        let local = text.split_once('@').map_or(text, |(local, _)| local);
        let parts = split(local);
        let digits: String = parts.iter().filter(|part| is_number(part)).map(String::as_str).collect();
        let names: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !is_number(part)).collect();
        let kept: String = names.iter().copied().filter(|part| !AFFIXES.contains(part)).collect();
        let core = if kept.is_empty() { names.concat() } else { kept };
        Self { plain: fold(text).split_whitespace().collect(), parts, core, digits }
    }

    /// The handle folded, separators kept: what two spellings of one account have in common.
    pub fn plain(&self) -> &str {
        &self.plain
    }

    /// Its words and numbers, split at separators, CamelCase and digits, leetspeak read.
    pub fn parts(&self) -> &[String] {
        &self.parts
    }

    /// The letters that may be a name: parts without affixes and numbers, joined. The folded handle itself, when
    /// nothing else is left.
    pub fn core(&self) -> &str {
        if self.core.is_empty() { &self.plain } else { &self.core }
    }

    /// Its digits, joined: a year, a number, or nothing.
    pub fn digits(&self) -> &str {
        &self.digits
    }
}

fn is_number(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_digit())
}

/// Splits at separators, before a capital that follows a small letter, before the last capital of a run that a
/// small letter follows, and between letters and digits that are not leetspeak.
fn split(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let letters: Vec<char> = word.chars().collect();
        let mut part = String::new();
        for (i, &c) in letters.iter().enumerate() {
            let before = i.checked_sub(1).and_then(|i| letters.get(i)).copied();
            let after = letters.get(i + 1).copied();
            let plain = leet(before, c, after);
            let cut = before.is_some_and(|b| {
                let camel = c.is_uppercase() && (b.is_lowercase() || after.is_some_and(char::is_lowercase));
                camel || part.ends_with(|p: char| p.is_ascii_digit()) != plain.is_ascii_digit()
            });
            if cut && !part.is_empty() {
                parts.push(fold(&std::mem::take(&mut part)));
            }
            part.push(plain);
        }
        parts.push(fold(&part));
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// A digit between two letters stands for the letter it looks like.
fn leet(before: Option<char>, c: char, after: Option<char>) -> char {
    let between = before.is_some_and(char::is_alphabetic) && after.is_some_and(char::is_alphabetic);
    match c {
        '0' if between => 'o',
        '1' if between => 'i',
        '3' if between => 'e',
        '4' if between => 'a',
        '5' if between => 's',
        '7' if between => 't',
        _ => c,
    }
}

/// A web address without what does not tell two pages apart: scheme, `www.`, default port, fragment, campaign
/// parameters, a slash at the end. `None` when it has no dotted host.
///
/// ```
/// use hearken::identity::url;
///
/// assert_eq!(url("HTTPS://www.Example.com:443/About/?utm_source=x#top").as_deref(), Some("example.com/About"));
/// assert_eq!(url("not a link"), None);
/// ```
pub fn url(text: &str) -> Option<String> {
    let text = text.trim();
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let rest = rest.split('#').next().unwrap_or(rest);
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, path) = place.split_once('/').unwrap_or((place, ""));
    let host = fold(host.rsplit('@').next().unwrap_or(host));
    let host = host.trim_end_matches(":443").trim_end_matches(":80").trim_end_matches('.');
    let host = host.trim_start_matches("www.");
    let strange = |c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.' | ':');
    if host.split('.').count() < 2
        || host.contains(strange)
        || host.split('.').any(str::is_empty)
        || text.contains(char::is_whitespace)
    {
        return None;
    }
    let path = path.trim_matches('/');
    let mut kept: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("utm_") && !is_click_id(pair))
        .collect();
    kept.sort_unstable();
    let mut out = host.to_owned();
    for (sign, part) in [('/', path), ('?', &kept.join("&"))] {
        if !part.is_empty() {
            out.push(sign);
            out.push_str(part);
        }
    }
    Some(out)
}

fn is_click_id(pair: &str) -> bool {
    ["fbclid=", "gclid=", "igshid=", "igsh=", "mc_cid=", "ref=", "ref_src="]
        .iter()
        .any(|key| pair.starts_with(key))
}

/// The platform and folded handle that a profile address names.
///
/// ```
/// use hearken::identity::profile_url;
///
/// assert_eq!(profile_url("https://x.com/AnnLee?s=20"), Some(("x", "annlee".to_owned())));
/// assert_eq!(profile_url("https://example.com/AnnLee"), None);
/// ```
pub fn profile_url(text: &str) -> Option<(&'static str, String)> {
    let plain = url(text)?;
    let plain = plain.split('?').next().unwrap_or(&plain);
    let (host, path) = plain.split_once('/')?;
    let host = host.trim_start_matches("m.").trim_start_matches("mobile.");
    let (platform, under) = match host {
        "twitter.com" | "x.com" => ("x", ""),
        "facebook.com" | "fb.com" => ("facebook", ""),
        "instagram.com" => ("instagram", ""),
        "threads.net" | "threads.com" => ("threads", "@"),
        "tiktok.com" => ("tiktok", "@"),
        "youtube.com" => ("youtube", "@"),
        "github.com" => ("github", ""),
        "linkedin.com" => ("linkedin", "in/"),
        "reddit.com" => ("reddit", "user/"),
        "t.me" => ("telegram", ""),
        "bsky.app" => ("bluesky", "profile/"),
        _ => return None,
    };
    let handle = path.strip_prefix(under)?;
    (!handle.is_empty() && !handle.contains('/')).then(|| (platform, fold(handle)))
}

/// A decentralised identifier in W3C DID Core syntax (`did:method:id`), as written; `None` when it is not one.
///
/// ```
/// use hearken::identity::did;
///
/// assert_eq!(did("did:plc:z72i7hdynmk6r22z27h6tvur"), Some("did:plc:z72i7hdynmk6r22z27h6tvur"));
/// assert_eq!(did("did:plc:"), None);
/// ```
pub fn did(text: &str) -> Option<&str> {
    let text = text.trim();
    let (method, id) = text.strip_prefix("did:")?.split_once(':')?;
    let method_ok =
        !method.is_empty() && method.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let mut rest = id.bytes();
    while let Some(byte) = rest.next() {
        let ok = match byte {
            b'%' => {
                rest.next().is_some_and(|b| b.is_ascii_hexdigit())
                    && rest.next().is_some_and(|b| b.is_ascii_hexdigit())
            }
            _ => byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':'),
        };
        if !ok {
            return None;
        }
    }
    (method_ok && !id.is_empty() && !id.ends_with(':') && text.len() <= 2_048).then_some(text)
}

/// A postcode without spaces or signs.
///
/// ```
/// use hearken::identity::postcode;
///
/// assert_eq!(postcode("sw1a 2aa"), "SW1A2AA");
/// ```
pub fn postcode(text: &str) -> String {
    compact(text).to_ascii_uppercase()
}
