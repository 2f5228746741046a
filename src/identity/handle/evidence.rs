//! What a profile says beside its handle: display name, links, e-mail, biography, place, portrait.

use super::owner::Owner;
use super::step;
use crate::identity::compare::Comparer;
use crate::identity::kind::{Kind, Level};
use crate::identity::normalise::email::Email;
use crate::identity::normalise::fold::words;
use crate::identity::person::Person;
use crate::identity::weight::{Namesake, Step, standard_field};
use crate::model::{Points, Profile};
use std::collections::BTreeSet;

/// The customer's record names this very account, or an e-mail address of one mailbox stands on both sides.
const NEAR_CERTAIN: f64 = 25.0;
/// Both link to one page: their own, or that of their employer, whom colleagues share.
const SAME_LINK: f64 = 12.0;
/// Both give one shared mailbox such as `info@`.
const SAME_ROLE: f64 = 8.0;
/// The biography names their company; the account their city.
const SAME_COMPANY: f64 = 5.0;
const SAME_CITY: f64 = 3.0;
/// Portraits whose hashes differ in so few of 64 bits are one picture, or nearly. By chance two hashes do so once in
/// 10¹³ and 10⁸ times, but pictures that platforms hand out are not chance: so little.
const SAME_PICTURE: (u32, f64) = (4, 8.0);
const LIKE_PICTURE: (u32, f64) = (10, 4.0);
/// The part of a name's weight that counts when the handle has said as much already.
const TOLD_TWICE: f64 = 0.25;

/// Appends a step for everything that `account` shares with `owner` beside the handle. What either lacks is no
/// evidence.
pub(in crate::identity) fn evidence(owner: &Owner, account: &Profile, steps: &mut Vec<Step>) {
    let handle: Points = steps.iter().map(|step| step.weight).sum();
    let said = Said::of(account);
    let shares = |kind: Kind, theirs: &BTreeSet<String>| {
        owner.person().of(kind).find(|value| theirs.contains(value.normal()))
    };
    let named = account.url.iter().map(|url| Kind::Url.normalise(url.reveal())).collect();
    let mail = shares(Kind::Email, &said.emails).map(|value| {
        let role = Email::parse(value.normal()).is_some_and(|mail| mail.is_role());
        if role { SAME_ROLE } else { NEAR_CERTAIN }
    });
    let mentions = |kind: Kind| {
        owner
            .person()
            .of(kind)
            .any(|value| !value.normal().is_empty() && said.text.contains(&format!(" {} ", value.normal())))
    };
    let facts = [
        display_name(owner, account, handle.as_f64()),
        shares(Kind::Url, &named).and_then(|_| step("link to the account", Level::Exact, NEAR_CERTAIN)),
        shares(Kind::Url, &said.links).and_then(|_| step("link", Level::Exact, SAME_LINK)),
        mail.and_then(|bits| step("email", Level::Exact, bits)),
        mentions(Kind::Company).then(|| step("company", Level::Exact, SAME_COMPANY)).flatten(),
        mentions(Kind::City).then(|| step("city", Level::Exact, SAME_CITY)).flatten(),
        picture(owner, account),
    ];
    steps.extend(facts.into_iter().flatten());
}

/// What an account says, normalised.
struct Said {
    links: BTreeSet<String>,
    emails: BTreeSet<String>,
    /// Biography and place, folded words with a space on either side.
    text: String,
}

impl Said {
    fn of(account: &Profile) -> Self {
        let free = [&account.bio, &account.location].into_iter().flatten().map(|text| text.reveal());
        let text = free.clone().fold(String::from(" "), |all, part| all + &words(part) + " ");
        let in_bio = || account.bio.iter().flat_map(|bio| bio.reveal().split_whitespace());
        let links =
            account.links.iter().map(|link| link.reveal()).chain(in_bio().filter(|w| w.contains('.')));
        let emails =
            account.emails.iter().map(|mail| mail.reveal()).chain(in_bio().filter(|w| w.contains('@')));
        Self {
            links: links.map(|link| Kind::Url.normalise(link)).collect(),
            emails: emails.map(|mail| Kind::Email.normalise(mail)).collect(),
            text,
        }
    }
}

/// The display name against the names of the owner, at the standard weights of names. The handle is mostly made of the
/// same name: of the two the stronger counts in full, the other a little.
fn display_name(owner: &Owner, account: &Profile, handle: f64) -> Option<Step> {
    let shown = Person::new("").name(account.display_name.as_ref()?.reveal());
    let field = standard_field(Kind::Name);
    let mut comparer = Comparer::default();
    let levels = shown.of(Kind::Name).flat_map(|a| owner.person().of(Kind::Name).map(move |b| (a, b)));
    let level = levels
        .map(|(a, b)| comparer.level(Kind::Name, a.view(), b.view()))
        .max_by(|a, b| field.bits(*a, None, Namesake::No).total_cmp(&field.bits(*b, None, Namesake::No)))?;
    let bits = field.bits(level, None, Namesake::No);
    let told = bits > 0.0 && handle > 0.0;
    step("display name", level, if told { (bits - handle).max(bits * TOLD_TWICE) } else { bits })
}

/// The nearest of the owner's portraits. A different one says nothing: people have many.
fn picture(owner: &Owner, account: &Profile) -> Option<Step> {
    let shown = account.avatar_hash?;
    let distance = owner.avatars().iter().map(|hash| (hash ^ shown).count_ones()).min()?;
    match distance {
        d if d <= SAME_PICTURE.0 => step("picture", Level::Exact, SAME_PICTURE.1),
        d if d <= LIKE_PICTURE.0 => step("picture", Level::Near, LIKE_PICTURE.1),
        _ => None,
    }
}

/// Keys under which an account may meet an owner other than by its handle: addresses, links, the words of its name.
pub(in crate::identity) fn account_keys(account: &Profile) -> BTreeSet<String> {
    let said = Said::of(account);
    let shown = account.display_name.as_ref().map(|name| words(name.reveal())).unwrap_or_default();
    let name = shown.split(' ').filter(|word| !word.is_empty()).map(str::to_owned);
    let url = account.url.iter().map(|url| Kind::Url.normalise(url.reveal()));
    said.links.into_iter().chain(said.emails).chain(url).chain(name).collect()
}

/// The same keys of an owner.
pub(in crate::identity) fn owner_keys(owner: &Owner) -> BTreeSet<String> {
    let of = |kind| owner.person().of(kind).map(|value| value.normal().to_owned());
    let names = owner.person().names();
    let words = names.flat_map(|name| name.plain().split(' ').map(str::to_owned).collect::<Vec<_>>());
    of(Kind::Url).chain(of(Kind::Email)).chain(words).collect()
}
