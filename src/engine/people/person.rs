//! A person's data: all of it as one document, or gone.

use super::customer;
use super::holder;
use crate::engine::Action;
use crate::engine::Disposition;
use crate::engine::Finding;
use crate::engine::Outcome;
use crate::engine::Subject;
use crate::engine::interaction;
use crate::engine::plan::Plan;
use crate::engine::shelf::Stop;
use crate::engine::state::{AccountState, ErasedState, ItemState, Keys};
use crate::engine::turn::Turn;
use crate::engine::work::Docket;
use crate::engine::work::alerts;
use crate::lead::History;
use crate::model::{AccountKey, ItemKey, Platform};
use crate::route::DeskEvent;
use crate::store::{Key, Kind, Scan};
use std::collections::BTreeMap;

/// Filings looked through in one turn of an erasure; a person with more takes several turns.
const PAGE: usize = 2_000;

/// Accounts of one customer looked at in one turn.
const ACCOUNTS: usize = 64;

/// Filings read first for an export.
const EXPORT_PAGE: usize = 10_000;

/// The record that a filing stands for.
fn target(turn: &Turn<'_>, pointer: &Key) -> Option<Key> {
    let mut parts = pointer.parts().into_iter().skip(1);
    let kind = Kind::from(parts.next()?.as_str());
    Some(Key::new(&turn.engine.tenant, kind, parts.next()?))
}

/// What is filed under one name: kind and id of each record.
fn filed(turn: &Turn<'_>, scan: &Scan) -> Result<Vec<Key>, Stop> {
    Ok(turn.page(scan)?.iter().filter_map(|(pointer, _)| target(turn, pointer)).collect())
}

fn filing(turn: &Turn<'_>, name: &str, limit: usize) -> Scan {
    Scan::new(&turn.engine.tenant, Kind::Subject, Key::join(&[name, ""]), limit)
}

/// The accounts that are filed under a customer's name.
fn accounts_of(turn: &Turn<'_>, name: &str, limit: usize) -> Scan {
    Scan::new(&turn.engine.tenant, Kind::Subject, Key::join(&[name, Kind::Account.as_str(), ""]), limit)
}

/// The names under which a subject's records are filed: its own, and those of the accounts linked to a customer, at most
/// so many.
fn names(turn: &Turn<'_>, subject: &Subject, limit: usize) -> Result<Vec<(String, Option<Key>)>, Stop> {
    let own = subject.name();
    let mut names = Vec::new();
    match subject {
        Subject::Account(account) => names.push((own, Some(Keys(&turn.engine.tenant).account(account)))),
        Subject::Customer(_) => {
            for key in filed(turn, &accounts_of(turn, &own, limit))? {
                names.push((format!("account {}", key.id()), Some(key)));
            }
            names.push((own, None));
        }
    }
    Ok(names)
}

/// Takes away all that is stored of a person. What their accounts published until now never comes back, and what others
/// said stays without their names.
pub(in crate::engine) fn erase(turn: &Turn<'_>, event: &str, subject: &Subject) -> Result<Outcome, Stop> {
    let tenant = &turn.engine.tenant;
    let names = names(turn, subject, ACCOUNTS)?;
    let scans: Vec<Scan> = names.iter().map(|(name, _)| filing(turn, name, PAGE)).collect();
    let accounts: Vec<&Key> = names.iter().filter_map(|(_, account)| account.as_ref()).collect();
    turn.want(&accounts, &scans.iter().collect::<Vec<_>>())?;
    let (mut items, mut told) = (Vec::new(), Vec::new());
    for scan in &scans {
        for key in filed(turn, scan)? {
            match key.kind() {
                Kind::Interaction => items.push(key),
                Kind::Case | Kind::Story | Kind::Receipt | Kind::Outbox => told.push(key),
                _ => {}
            }
        }
    }
    // The customer of an account that goes alone.
    let stays = match (subject, accounts.first()) {
        (Subject::Account(_), Some(key)) => {
            turn.get::<AccountState>(key)?.and_then(|state| state.link.clone())
        }
        _ => None,
    };
    let stays = stays.map(|link| Subject::Customer(link.customer));
    let linked = stays.as_ref().map(|customer| accounts_of(turn, &customer.name(), EXPORT_PAGE));
    turn.want(&items.iter().chain(&told).collect::<Vec<_>>(), &linked.iter().collect::<Vec<_>>())?;
    // Of somebody else, who stays.
    let stays_on = |owner: &str| !names.iter().any(|(name, _)| name == owner);
    let is_others = |key: &Key| turn.subject(key).is_some_and(|owner| stays_on(&owner));

    let mut plan = Plan::new(turn, event, None);
    let mut over: Vec<Key> = Vec::new();
    let (others, own): (Vec<Key>, Vec<Key>) =
        told.into_iter().filter(|key| *key.kind() == Kind::Case).partition(is_others);
    over.extend(own);
    let known = known_as(turn, &accounts)?;
    let mut lost = Vec::with_capacity(items.len());
    for key in items.iter().filter(|key| !is_others(key)) {
        let state = turn.get::<ItemState>(key)?.filter(|state| state.item.is_some());
        lost.extend(item_of(key).zip(state));
    }
    let mut naming =
        stays.as_ref().map(|customer| naming(turn, customer, &known)).transpose()?.unwrap_or_default();
    naming.retain(is_others);
    let mut docket = Docket::new(turn);
    docket.lose(lost.iter().map(|(item, state)| (item, &**state)), stays_on)?;
    // A case of somebody who stays goes only where it cannot but name who goes.
    let mut naming_on = Vec::new();
    for key in naming.iter().filter(|key| *key.kind() == Kind::Case).chain(&others) {
        if !docket.forget(&key.id().into(), &known)? {
            naming_on.push(key.clone());
        }
    }
    naming.retain(|key| *key.kind() != Kind::Case);
    over.extend(naming_on.iter().cloned());
    naming.extend(naming_on);
    docket.desk(over.iter().map(|case| DeskEvent::Done(case.id().into())))?;
    // What the desk gives out meanwhile is written first, so that a case that goes stays gone.
    let raised = docket.record(&mut plan);
    for key in naming {
        plan.delete_filed(turn.subject(&key).as_deref(), key);
    }
    let mut counts: BTreeMap<Box<str>, u32> = BTreeMap::new();
    let mut more = names.len() > ACCOUNTS;
    for ((name, account), scan) in names.iter().zip(&scans) {
        let state = account.as_ref().map(|key| turn.get::<AccountState>(key)).transpose()?.flatten();
        let filed = filed(turn, scan)?;
        let full = filed.len() >= PAGE;
        more |= full;
        for key in filed {
            // An account stays filed under its customer until its own filings are through.
            let unfinished = more && *key.kind() == Kind::Account;
            if !unfinished {
                *counts.entry(key.kind().as_str().into()).or_default() += 1;
                match key.kind() {
                    Kind::Interaction => strike(turn, &mut plan, &key, name, &known)?,
                    Kind::Unlike => {
                        if let [account, customer] = key.parts().as_slice() {
                            plan.unfile(&format!("account {account}"), &key);
                            plan.unfile(&format!("customer {customer}"), &key);
                        }
                        plan.delete_of(name, key);
                    }
                    Kind::Case if is_others(&key) => plan.unfile(name, &key),
                    _ => {
                        turn.subject(&key).into_iter().for_each(|owner| plan.unfile(&owner, &key));
                        plan.delete_of(name, key);
                    }
                }
            }
        }
        if let Some(key) = account {
            if let Some((state, link)) = state.as_ref().and_then(|s| Some((s, s.link.as_ref()?))) {
                plan.unfile(&Subject::Customer(link.customer.clone()).name(), key);
                if let (Subject::Account(gone), Some(customer)) = (subject, &stays) {
                    customer::forget(turn, &mut plan, state, link)?;
                    unlead(turn, &mut plan, gone, customer)?;
                }
            }
            let mark = turn.engine.erased_mark(key.id());
            plan.put_shared(mark, ErasedState { at: turn.now });
            if !full {
                plan.delete(key.clone());
            }
        }
    }
    if let (Subject::Customer(id), false) = (subject, more) {
        plan.delete(Keys(tenant).customer(id));
    }
    let parts = counts.iter().map(|(kind, n)| Finding::new(kind.to_string()).result(n.to_string()));
    plan.find(Finding::new("erased").children(parts.collect::<Vec<_>>()));
    plan.effect(Action::Erased { counts });
    alerts::raise(turn, &mut plan, &raised)?;
    let mut outcome = plan.done(Disposition::Accepted);
    outcome.again = more;
    Ok(outcome)
}

/// The item under a key.
fn item_of(key: &Key) -> Option<ItemKey> {
    let (platform, id) = key.id().split_once(':')?;
    Some(ItemKey::new(Platform::from(platform), id))
}

/// Records of a customer, and of the customer's accounts, that name an account: cases, what is told of them, receipts and
/// effects.
fn naming(turn: &Turn<'_>, customer: &Subject, known: &[String]) -> Result<Vec<Key>, Stop> {
    let names = names(turn, customer, EXPORT_PAGE)?;
    let mut told = every(turn, names.iter().map(|(name, _)| name.as_str()))?;
    told.retain(|key| matches!(key.kind(), Kind::Case | Kind::Story | Kind::Receipt | Kind::Outbox));
    turn.want(&told.iter().collect::<Vec<_>>(), &[])?;
    told.retain(|key| {
        let body = turn.row(key).map(|row| row.record.body()).unwrap_or_default();
        holder::mentions(&body, known) || holder::mentions(key.id(), known)
    });
    Ok(told)
}

/// Files records of a customer that name an account under the account, too, before the two part.
pub(in crate::engine) fn part(
    turn: &Turn<'_>,
    plan: &mut Plan<'_, '_>,
    account: &AccountKey,
    customer: &Subject,
) -> Result<(), Stop> {
    let key = Keys(&turn.engine.tenant).account(account);
    let alone = Subject::Account(account.clone()).name();
    for key in naming(turn, customer, &known_as(turn, &[&key])?)? {
        plan.file(&alone, &key);
    }
    Ok(())
}

/// Takes out of a customer's lead history what came into it through an account.
fn unlead(
    turn: &Turn<'_>,
    plan: &mut Plan<'_, '_>,
    account: &AccountKey,
    customer: &Subject,
) -> Result<(), Stop> {
    let lead = Keys(&turn.engine.tenant).lead(customer);
    let mark = turn.engine.account_mark(account);
    let Some(history) = turn.get::<History>(&lead)? else { return Ok(()) };
    let mut rest = (*history).clone();
    let theirs = rest.split(|activity| activity.contact.as_deref() == Some(&*mark));
    if theirs.activities().next().is_some() {
        plan.put_of(&customer.name(), lead, rest);
    }
    Ok(())
}

/// Everything filed under some names.
fn every<'n>(turn: &Turn<'_>, names: impl IntoIterator<Item = &'n str>) -> Result<Vec<Key>, Stop> {
    let filings = names.into_iter().map(|name| filing(turn, name, EXPORT_PAGE)).collect();
    Ok(turn.all(filings)?.into_iter().filter_map(|pointer| target(turn, pointer)).collect())
}

/// The ids and handles by which others may speak of accounts.
fn known_as(turn: &Turn<'_>, accounts: &[&Key]) -> Result<Vec<String>, Stop> {
    let mut known = Vec::new();
    for key in accounts {
        known.extend(key.id().split_once(':').map(|(_, id)| id.to_owned()));
        let state = turn.get::<AccountState>(key)?;
        let handle = state.as_ref().and_then(|state| state.profile.handle.as_ref());
        known.extend(handle.map(|handle| handle.reveal().trim_start_matches('@').to_owned()));
    }
    Ok(known)
}

/// An item that is filed under a name: their own goes for good, that of somebody else stays without their names.
fn strike(
    turn: &Turn<'_>,
    plan: &mut Plan<'_, '_>,
    key: &Key,
    name: &str,
    known: &[String],
) -> Result<(), Stop> {
    let Some(state) = turn.get::<ItemState>(key)? else {
        plan.unfile(name, key);
        return Ok(());
    };
    let Some(item) = item_of(key) else { return Ok(()) };
    let owner = turn.subject(key).filter(|owner| owner != name);
    let kept = owner.and_then(|owner| Some((owner, holder::struck(&state, known)?)));
    let Some((owner, left)) = kept else {
        interaction::gone(turn, plan, &item, Some(&state));
        plan.unfile(name, key);
        return Ok(());
    };
    let keys = Keys(&turn.engine.tenant);
    interaction::unfile(turn, plan, &item, &state);
    interaction::keep(plan, &keys, Some(&owner), &item, left);
    plan.unfile(name, key);
    Ok(())
}

/// All that is stored of a person, as one document in an effect.
pub(in crate::engine) fn export(turn: &Turn<'_>, event: &str, subject: &Subject) -> Result<Outcome, Stop> {
    let document = document(turn, subject)?;
    let mut plan = Plan::new(turn, event, Some(subject.name()));
    let parts =
        document.iter().map(|(kind, rows)| Finding::new(kind.to_string()).result(rows.len().to_string()));
    plan.find(Finding::new("exported").children(parts.collect::<Vec<_>>()));
    plan.effect(Action::Exported { document });
    Ok(plan.done(Disposition::Accepted))
}

/// Records by kind, each as its owner encodes it.
type Document = BTreeMap<Box<str>, Vec<serde_json::Value>>;

/// All that is stored of a person.
pub(in crate::engine) fn document(turn: &Turn<'_>, subject: &Subject) -> Result<Document, Stop> {
    let names = names(turn, subject, EXPORT_PAGE)?;
    let mut keys = every(turn, names.iter().map(|(name, _)| name.as_str()))?;
    keys.extend(names.into_iter().filter_map(|(_, account)| account));
    if let Subject::Customer(id) = subject {
        keys.push(Keys(&turn.engine.tenant).customer(id));
    }
    keys.sort();
    keys.dedup();
    keys.retain(|key| !matches!(key.kind(), Kind::Outbox | Kind::Posting));
    turn.want(&keys.iter().collect::<Vec<_>>(), &[])?;
    let mut document = Document::new();
    for key in &keys {
        if let Some(row) = turn.row(key) {
            let body = serde_json::from_str(&row.record.body()).unwrap_or_default();
            document.entry(key.kind().as_str().into()).or_default().push(body);
        }
    }
    Ok(document)
}
