//! What an account brings to its customer, and takes away again when the link proves wrong.
//!
//! ```text
//! account, alone ── own ──┐                       ┌──► account, alone   (unlinked)
//!                         ├─► cases, lead history ┤
//! customer ──────── took ─┘                       └──► customer         (linked)
//! ```
//!
//! Cases and events of a lead history remember through which account they came. Points given by hand name no
//! account and stay where they are.

use crate::engine::Subject;
use crate::engine::plan::Plan;
use crate::engine::shelf::Stop;
use crate::engine::state::{AccountState, CaseRecord, Chapter, Keys, PersonState};
use crate::engine::turn::Turn;
use crate::lead::History;
use crate::model::AccountKey;
use crate::store::{Key, Kind, Scan};

/// Turns of a case whose story changes hands that are read first.
const STORY: usize = 1_000;

/// Cases and a lead history that change hands.
#[derive(Debug, Default)]
pub(in crate::engine) struct Belongings {
    pub(in crate::engine) state: PersonState,
    pub(in crate::engine) history: History,
}

impl Belongings {
    pub(in crate::engine) fn is_empty(&self) -> bool {
        self.state == PersonState::default() && self.history == History::default()
    }
}

/// The person behind the name under which a case is filed: for an account, the customer to whom it was linked since.
pub(in crate::engine) fn behind(turn: &Turn<'_>, name: &str) -> Result<String, Stop> {
    let Some(account) = name.strip_prefix("account ") else { return Ok(name.to_owned()) };
    let key = Key::new(&turn.engine.tenant, Kind::Account, account);
    let link = turn.get::<AccountState>(&key)?.and_then(|state| state.link.clone());
    Ok(link.map_or_else(|| name.to_owned(), |link| Subject::Customer(link.customer).name()))
}

/// What an account that was linked to nobody kept for itself; it keeps nothing.
pub(in crate::engine) fn own(
    turn: &Turn<'_>,
    plan: &mut Plan<'_, '_>,
    account: &AccountKey,
) -> Result<Belongings, Stop> {
    let person = Subject::Account(account.clone());
    let keys = Keys(&turn.engine.tenant);
    let (state, lead) = (keys.person(&person), keys.lead(&person));
    let belongings = held(turn, &state, &lead)?;
    for key in [state, lead] {
        if turn.row(&key).is_some() {
            plan.delete_of(&person.name(), key);
        }
    }
    Ok(belongings)
}

/// What came to its customer through an account; the customer keeps the rest.
pub(in crate::engine) fn took(
    turn: &Turn<'_>,
    plan: &mut Plan<'_, '_>,
    account: &AccountKey,
    customer: &Subject,
) -> Result<Belongings, Stop> {
    let keys = Keys(&turn.engine.tenant);
    let (state, lead) = (keys.person(customer), keys.lead(customer));
    let mut rest = held(turn, &state, &lead)?;
    let mut theirs = Belongings::default();
    let alone = Subject::Account(account.clone()).name();
    let mark = turn.engine.account_mark(account);
    theirs.history = rest.history.split(|activity| activity.contact.as_deref() == Some(&*mark));

    let wanted: Vec<Key> = rest.state.cases.iter().map(|id| keys.case(id)).collect();
    turn.want(&wanted.iter().collect::<Vec<_>>(), &[])?;
    let mut families = Vec::new();
    for key in &wanted {
        let record = turn.get::<CaseRecord>(key)?;
        families.extend(
            record
                .iter()
                .filter(|record| came_through(record, &mark))
                .flat_map(|record| family(&keys, record)),
        );
    }
    families.sort_unstable();
    families.dedup();
    turn.want(&families.iter().collect::<Vec<_>>(), &[])?;
    let stories = families
        .iter()
        .map(|case| Scan::new(&turn.engine.tenant, Kind::Story, Key::join(&[case.id(), ""]), STORY));
    let chapters = turn.all(stories.collect())?;
    turn.want(&chapters, &[])?;
    let mut kept = Vec::new();
    for id in std::mem::take(&mut rest.state.cases) {
        let record = turn.get::<CaseRecord>(&keys.case(&id))?;
        // What was folded into a case stays there; who goes with their account must find it.
        if record.as_ref().is_some_and(|record| record.also.contains(&mark)) {
            plan.file(&alone, &keys.case(&id));
        }
        match record.filter(|record| came_through(record, &mark)) {
            Some(record) => {
                refile(turn, plan, &record, &alone)?;
                theirs.state.cases.push(id);
            }
            None => kept.push(id),
        }
    }
    for key in chapters.into_iter().filter(|key| turn.subject(key).as_deref() != Some(&*alone)) {
        if let Some(chapter) = turn.get::<Chapter>(key)? {
            plan.put_of(&alone, key.clone(), (*chapter).clone());
        }
    }
    rest.state.cases = kept;
    if theirs.state != PersonState::default() {
        put_or_delete(plan, customer, state, rest.state);
    }
    if theirs.history.activities().next().is_some() {
        put_or_delete(plan, customer, lead, rest.history);
    } else {
        theirs.history = History::default();
    }
    Ok(theirs)
}

/// Adds belongings to what a person has.
pub(in crate::engine) fn give(
    turn: &Turn<'_>,
    plan: &mut Plan<'_, '_>,
    belongings: Belongings,
    person: &Subject,
) -> Result<(), Stop> {
    if belongings.is_empty() {
        return Ok(());
    }
    let keys = Keys(&turn.engine.tenant);
    let (state, lead) = (keys.person(person), keys.lead(person));
    let mut whole = held(turn, &state, &lead)?;
    whole.state.cases.splice(0..0, belongings.state.cases);
    whole.history.merge(belongings.history);
    put_or_delete(plan, person, state, whole.state);
    put_or_delete(plan, person, lead, whole.history);
    Ok(())
}

fn held(turn: &Turn<'_>, state: &Key, lead: &Key) -> Result<Belongings, Stop> {
    turn.want(&[state, lead], &[])?;
    let state = turn.get::<PersonState>(state)?.map(|state| (*state).clone()).unwrap_or_default();
    let history = turn.get::<History>(lead)?.map(|history| (*history).clone()).unwrap_or_default();
    Ok(Belongings { state, history })
}

fn put_or_delete<T>(plan: &mut Plan<'_, '_>, person: &Subject, key: Key, value: T)
where
    T: serde::Serialize + Default + PartialEq + Send + Sync + 'static,
{
    if value == T::default() {
        plan.delete_of(&person.name(), key);
    } else {
        plan.put_of(&person.name(), key, value);
    }
}

fn came_through(record: &CaseRecord, mark: &str) -> bool {
    record.through.as_deref() == Some(mark)
}

/// A case and those that other teams got for it.
fn family(keys: &Keys<'_>, record: &CaseRecord) -> Vec<Key> {
    record.children.iter().chain([&record.case.id]).map(|id| keys.case(id)).collect()
}

/// Files a case, and those that other teams got for it, under the account through which it came.
fn refile(turn: &Turn<'_>, plan: &mut Plan<'_, '_>, record: &CaseRecord, person: &str) -> Result<(), Stop> {
    for key in family(&Keys(&turn.engine.tenant), record) {
        if let Some(record) = turn.get::<CaseRecord>(&key)?.filter(|record| record.person != person) {
            plan.put_of(person, key, CaseRecord { person: person.to_owned(), ..(*record).clone() });
        }
    }
    Ok(())
}
