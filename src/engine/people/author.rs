//! Who spoke: the account's record, and the customer behind it.

use super::holder;
use crate::engine::Finding;
use crate::engine::Matched;
use crate::engine::Subject;
use crate::engine::command;
use crate::engine::plan::Plan;
use crate::engine::shelf::Stop;
use crate::engine::state::{AccountState, CustomerState, Keys, Link, account_name};
use crate::engine::turn::Turn;
use crate::identity::{BlockingKey, Decision, Kind as Field, Match, POSTING, Person};
use crate::model::profile::plain_handle;
use crate::model::{AccountKey, Customer, CustomerId, Interaction, Profile};
use crate::store::{Key, Kind, Scan};
use crate::text::{FacetKind, Text};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Addresses and numbers, at most, of each kind that a profile names and that an item and a bio name: a signature names two
/// or three; a list of them tells of everybody but its author, and each is a lookup.
const CONTACTS: usize = 8;

/// An author, as far as the turn knows them.
pub(in crate::engine) struct Author {
    /// The account as it will be stored.
    pub(in crate::engine) account: Arc<AccountState>,
    customer: Option<Arc<CustomerState>>,
    /// The match, linked or waiting for a person's look.
    pub(in crate::engine) matched: Option<Matched>,
    /// True when the link was made in this turn.
    pub(in crate::engine) new_link: bool,
    /// How the match came about.
    finding: Finding,
    changed: bool,
    candidates: usize,
    cut: usize,
}

impl Author {
    /// Looks the author of an item up, and matches them to a customer when they are not linked yet.
    pub(in crate::engine) fn find(
        turn: &Turn<'_>,
        item: &Interaction,
        profile: &Profile,
        text: &Text,
    ) -> Result<Self, Stop> {
        let keys = Keys(&turn.engine.tenant);
        let stored = turn.get::<AccountState>(&keys.account(&profile.key))?;
        let author = match stored.as_ref().and_then(|state| state.link.clone()) {
            Some(link) => {
                // What is kept of the person will be asked for next.
                let person = Subject::Customer(link.customer.clone());
                let [own, lead] = keys.person_and_lead(&person);
                let customer = keys.customer(&link.customer);
                turn.want(&[&customer, &own, &lead], &[])?;
                let customer = turn.get::<CustomerState>(&customer)?;
                let how = if link.confirmed { "a person linked it" } else { "linked before" };
                let matched =
                    Matched { customer: link.customer, probability: link.probability, linked: true };
                let (account, changed) = merge(stored.as_ref(), profile, item);
                let author =
                    Self::new(account, customer, Some(matched), Finding::new("identity").result(how));
                Self { changed, ..author }
            }
            None => {
                let searched = Search::run(turn, profile, text)?;
                let (mut account, changed) = merge(stored.as_ref(), profile, item);
                let (customer, matched) = (searched.customer, searched.matched);
                if let Some(found) = matched.as_ref().filter(|m| m.linked) {
                    let (customer, probability) = (found.customer.clone(), found.probability);
                    let link = Some(Link { customer, probability, confirmed: false });
                    Arc::make_mut(&mut account).link = link;
                }
                let new_link = account.link.is_some();
                let author = Self::new(account, customer, matched, searched.finding);
                let (candidates, cut) = (searched.candidates, searched.cut);
                Self { changed: changed || new_link, new_link, candidates, cut, ..author }
            }
        };
        Ok(author)
    }

    /// Whoever wrote an item that names nobody: known by the item alone, kept nowhere.
    pub(in crate::engine) fn unnamed(item: &Interaction) -> Self {
        let AccountKey { platform, id } = holder::unnamed(&item.key);
        let account = AccountState { profile: Profile::new(platform, id), link: None };
        Self::new(account.into(), None, None, Finding::new("author").result("nobody is named"))
    }

    fn new(
        account: Arc<AccountState>,
        customer: Option<Arc<CustomerState>>,
        matched: Option<Matched>,
        finding: Finding,
    ) -> Self {
        Self { account, customer, matched, new_link: false, finding, changed: false, candidates: 0, cut: 0 }
    }

    /// The customer it belongs to.
    pub(in crate::engine) fn customer(&self) -> Option<&Customer> {
        self.customer.as_deref().map(|state| &state.record)
    }

    /// Under whom cases and leads are kept: the customer, else the account.
    pub(in crate::engine) fn person(&self) -> Subject {
        match &self.account.link {
            Some(link) => Subject::Customer(link.customer.clone()),
            None => Subject::Account(self.account.profile.key.clone()),
        }
    }

    /// Writes what has changed, and notes how the match came about.
    pub(in crate::engine) fn record(&self, turn: &Turn<'_>, plan: &mut Plan<'_, '_>) {
        plan.stats.candidates = self.candidates;
        plan.stats.candidates_cut = self.cut;
        plan.find(self.finding.clone());
        if !self.changed {
            return;
        }
        let key = Keys(&turn.engine.tenant).account(&self.account.profile.key);
        if let Some(link) = self.account.link.as_ref().filter(|_| self.new_link) {
            plan.file(&Subject::Customer(link.customer.clone()).name(), &key);
        }
        plan.put_held(key, Arc::clone(&self.account));
    }
}

/// The account's new state, and whether it differs from the stored one. An older description changes nothing.
fn merge(
    stored: Option<&Arc<AccountState>>,
    profile: &Profile,
    item: &Interaction,
) -> (Arc<AccountState>, bool) {
    let mut fresh = profile.clone();
    fresh.observed_at = fresh.observed_at.or(item.published_at);
    match stored {
        None => (AccountState { profile: fresh, link: None }.into(), true),
        Some(state) => {
            let mut merged = AccountState::clone(state);
            merged.profile.update(&fresh);
            let changed = merged != **state;
            (if changed { merged.into() } else { Arc::clone(state) }, changed)
        }
    }
}

/// Whom to look for, and where.
pub(in crate::engine) struct Wanted {
    person: Person,
    /// Contacts that are not looked for, being too many.
    left_out: usize,
    postings: Vec<Scan>,
    /// The customers that somebody has said it is not.
    unlike: Scan,
}

impl Wanted {
    fn new(turn: &Turn<'_>, profile: &Profile, text: &Text) -> Self {
        let engine = turn.engine;
        let (person, left_out) = person_of(profile, text);
        let posting = |key: BlockingKey| {
            let prefix = Key::join(&[key.as_str(), ""]);
            Scan::new(&engine.tenant, Kind::Posting, prefix, POSTING + 1)
        };
        let postings = engine.matcher.keys(&person).into_iter().map(posting).collect();
        let unlike = Key::join(&[&account_name(&profile.key), ""]);
        let unlike = Scan::new(&engine.tenant, Kind::Unlike, unlike, engine.limits.candidates);
        Self { person, left_out, postings, unlike }
    }
}

struct Search {
    customer: Option<Arc<CustomerState>>,
    matched: Option<Matched>,
    finding: Finding,
    candidates: usize,
    cut: usize,
}

impl Search {
    /// Blocking keys → postings → candidates → one decision, within [`Limits::candidates`](crate::limits::Limits).
    fn run(turn: &Turn<'_>, profile: &Profile, text: &Text) -> Result<Self, Stop> {
        let engine = turn.engine;
        let keys = Keys(&engine.tenant);
        let Wanted { person, left_out, postings, unlike } =
            turn.wanted.get_or_init(|| Wanted::new(turn, profile, text));
        let wanted: Vec<&Scan> = postings.iter().chain([unlike]).collect();
        // What is kept of the account will be asked for next.
        let alone = Subject::Account(profile.key.clone());
        turn.want(&keys.person_and_lead(&alone).each_ref(), &wanted)?;

        let mut met: BTreeSet<Cow<'_, str>> =
            turn.page(unlike)?.iter().map(|(key, _)| key.last_part()).collect();
        let mut rows: Vec<Key> = Vec::new();
        let mut cut = 0;
        let mut full = 0;
        for scan in postings {
            let page = turn.page(scan)?;
            full += usize::from(page.len() > POSTING);
            for (key, _) in page.iter().take(POSTING) {
                let id = key.last_part();
                if met.contains(&id) {
                    continue;
                }
                if rows.len() < engine.limits.candidates {
                    rows.push(keys.customer(&CustomerId::from(&*id)));
                    met.insert(id);
                } else {
                    cut += 1;
                }
            }
        }
        // Of whom somebody said more often than fits a page that they are not it, each candidate is asked about.
        let is_long = turn.page(unlike)?.len() >= unlike.limit;
        let asked = rows.iter().filter(|_| is_long);
        let mark = |row: &Key| command::unlike(turn, &profile.key, &CustomerId::from(row.id()));
        let marks: Vec<Key> = asked.map(mark).collect();
        turn.want(&rows.iter().chain(&marks).collect::<Vec<_>>(), &[])?;
        let mut customers = Vec::new();
        for (key, mark) in rows.iter().zip(marks.iter().map(Some).chain(std::iter::repeat(None))) {
            if mark.is_none_or(|mark| turn.row(mark).is_none()) {
                customers.extend(turn.get::<CustomerState>(key)?);
            }
        }
        let matches: Vec<Match> =
            customers.iter().map(|customer| engine.matcher.compare(customer.person(), person)).collect();
        // compare() names the second of the two; the customer is the candidate here.
        let matches = matches.into_iter().zip(&customers).map(|(mut found, customer)| {
            found.candidate = customer.record.id.to_string();
            found
        });
        let decision = engine.matcher.decide(matches, engine.thresholds);
        let (best, linked) = match &decision {
            Decision::Match(found) => (Some(found), true),
            Decision::Review(found) => (found.first(), false),
            Decision::CreateNew => (None, false),
        };
        let matched = best.map(|found| Matched {
            customer: CustomerId::from(found.candidate.as_str()),
            probability: (found.probability * 1000.0).round().clamp(0.0, 1000.0) as u16,
            linked,
        });
        let customer = matched.as_ref().filter(|found| found.linked).and_then(|found| {
            customers.iter().find(|customer| customer.record.id == found.customer).cloned()
        });
        let finding = match best {
            Some(found) => waterfall(found).result(if linked { "match" } else { "review" }),
            None => Finding::new("identity").result("nobody we know"),
        };
        let left_out = Some(left_out).filter(|left_out| **left_out > 0);
        let left_out = left_out.map(|many| Finding::new("contacts left out").result(many.to_string()));
        let full = Some(full).filter(|full| *full > 0);
        let full = full
            .map(|many| Finding::new("values that more share than are looked at").result(many.to_string()));
        let finding = finding.children(left_out).children(full);
        Ok(Self { customer, matched, finding, candidates: customers.len(), cut })
    }
}

/// The evidence of a match: prior and fields, which add up to the total weight in bits.
fn waterfall(found: &Match) -> Finding {
    let steps = found
        .waterfall
        .steps
        .iter()
        .map(|step| Finding::new(step.field.to_string()).result(step.level.name()).points(step.weight));
    Finding::new("identity")
        .points(found.waterfall.total())
        .child(Finding::new("prior").points(found.waterfall.prior))
        .children(steps)
}

/// A customer as the matcher sees one. What the host's records say is taken as checked.
pub(in crate::engine) fn customer_as_person(customer: &Customer) -> Person {
    let mut person = Person::new(customer.id.as_str());
    match (&customer.given, &customer.family, &customer.name) {
        (Some(given), Some(family), _) => person = person.given_family(given.reveal(), family.reveal()),
        (Some(name), None, None) | (None, Some(name), None) | (_, _, Some(name)) => {
            person = person.name(name.reveal());
        }
        (None, None, None) => {}
    }
    for mail in &customer.emails {
        person = person.email(mail.reveal());
    }
    for phone in &customer.phones {
        person = person.phone(phone.reveal());
    }
    for handle in &customer.handles {
        let handle = handle.reveal();
        person = match handle.split_once(':') {
            Some((platform, name)) => person.handle(name).account(platform, &named(name)),
            None => person.handle(handle),
        };
    }
    for account in &customer.accounts {
        person = person.account(account.platform.as_str(), &account.id);
    }
    for address in &customer.addresses {
        let parts = [
            (Field::Address, &address.street),
            (Field::City, &address.locality),
            (Field::Postcode, &address.postcode),
        ];
        for (kind, value) in parts.into_iter().filter_map(|(kind, value)| Some((kind, value.as_ref()?))) {
            person = person.with(kind, value.reveal());
        }
    }
    let texts = [
        (Field::City, &customer.city),
        (Field::Company, &customer.company),
        (Field::Date, &customer.birth_date),
    ];
    for (kind, value) in texts {
        if let Some(value) = value {
            person = person.with(kind, value.reveal());
        }
    }
    person
}

/// An account known by its handle: the host's records name the platform and the handle, seldom the id.
fn named(handle: &str) -> String {
    format!("@{}", plain_handle(handle))
}

/// An author as the matcher sees one: what the account says of itself, and what they wrote in this item; and how many
/// contacts were too many to be looked for.
fn person_of(profile: &Profile, text: &Text) -> (Person, usize) {
    let mut left_out = 0;
    let mut person =
        Person::new(account_name(&profile.key)).account(profile.key.platform.as_str(), &profile.key.id);
    if let Some(name) = &profile.display_name {
        person = person.claimed(Field::Name, name.reveal());
    }
    if let Some(handle) = &profile.handle {
        let platform = profile.key.platform.as_str();
        person = person.handle(handle.reveal()).account(platform, &named(handle.reveal()));
    }
    for (kind, values) in
        [(Field::Email, &profile.emails), (Field::Phone, &profile.phones), (Field::Did, &profile.dids)]
    {
        left_out += values.len().saturating_sub(CONTACTS);
        for value in values.iter().take(CONTACTS) {
            person = person.with(kind, value.reveal());
        }
    }
    if let Some(place) = &profile.location {
        person = person.claimed(Field::City, place.reveal().split(',').next().unwrap_or_default());
    }
    let bio = profile.bio.as_ref().map(|bio| Text::new(bio.reveal()));
    let (mut mails, mut phones) = (CONTACTS, CONTACTS);
    for said in bio.iter().chain([text]) {
        for facet in said.facets() {
            let (kind, room) = match facet.kind() {
                FacetKind::Email => (Field::Email, &mut mails),
                FacetKind::Phone => (Field::Phone, &mut phones),
                _ => continue,
            };
            if *room == 0 {
                left_out += 1;
                continue;
            }
            *room -= 1;
            person = person.claimed(kind, said.name(&facet));
        }
    }
    (person, left_out)
}

/// The subject under whose name an account's records are filed.
pub(in crate::engine) fn account_subject(account: &AccountKey) -> String {
    Subject::Account(account.clone()).name()
}
