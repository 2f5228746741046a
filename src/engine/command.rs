//! The turns of commands.

use super::Command;
use super::Disposition;
use super::Finding;
use super::Outcome;
use super::Subject;
use super::outcome::Drop;
use super::people::author::account_subject;
use super::people::contact;
use super::people::customer;
use super::people::kin;
use super::people::person;
use super::people::request;
use super::plan::Plan;
use super::publish::drafts;
use super::publish::posts;
use super::shelf::Stop;
use super::state::{AccountState, ItemState, Keys, Label, Link, account_name};
use super::turn::{Turn, encoded};
use super::work::crisis;
use super::work::matter;
use crate::desk::CaseEvent;
use crate::lead::{Adjustment, History};
use crate::model::{AccountKey, CustomerId, ItemKey, Points};
use crate::store::{Key, Kind};

pub(super) fn carry_out(turn: &Turn<'_>, command: &Command) -> Result<Outcome, Stop> {
    // A command's id tells nothing of its content, and the same command at the same time is the same event.
    let event =
        format!("command {}", turn.engine.token(&format!("{}{}", turn.now.millis(), encoded(command))));
    match command {
        Command::PutCustomer { customer } => customer::put(turn, &event, customer),
        Command::Link { account, customer, .. } => link(turn, &event, account, customer),
        Command::Unlink { account, .. } => unlink(turn, &event, account),
        Command::NotSame { account, customer, .. } => not_same(turn, &event, account, customer),
        Command::Consent { consent } => {
            let subject = Subject::Customer(consent.customer.clone()).name();
            let parts = [
                consent.customer.as_str(),
                &Key::time(consent.at.millis()),
                &turn.engine.token(&encoded(consent)),
            ];
            let key = Key::ordered(&turn.engine.tenant, Kind::Consent, &parts);
            turn.want(&[&key, &contact::standing(turn, &consent.customer, &consent.purpose)], &[])?;
            if turn.has(&key)? {
                return Ok(Outcome::dropped(turn, &event, Drop::Duplicate, "the ledger holds this entry"));
            }
            let mut plan = Plan::new(turn, &event, Some(subject));
            plan.find(Finding::new("consent").result(format!("{} {}", consent.purpose, consent.status)));
            plan.put(key, consent.clone());
            contact::entered(turn, &mut plan, consent)?;
            Ok(plan.done(Disposition::Accepted))
        }
        Command::Presence { agent, presence } => matter::presence(turn, &event, agent, *presence),
        Command::ReplySent { case, item, by, automatic } => {
            matter::replied(turn, &event, case, item, by, *automatic)
        }
        Command::Acknowledge { alert, by } => matter::acknowledge(turn, &event, alert, by),
        Command::Silence { kind, about, until, by } => {
            matter::silence(turn, &event, kind, about.as_deref(), *until, by)
        }
        Command::Case { case, by, act } => matter::act(turn, &event, case, by, act),
        Command::Draft { case, by, act } => drafts::act(turn, &event, case, by, act),
        Command::Post { post, by, act } => posts::act(turn, &event, post, by, act),
        Command::Crisis { playbook, by, act } => crisis::act(turn, &event, playbook, by, act),
        Command::Csat { case, score, scale } => {
            matter::tell(turn, &event, case, None, vec![CaseEvent::Csat { score: *score, scale: *scale }])
        }
        Command::Confirm { case, waiver } => {
            let waive = waiver.as_ref().map(|why| CaseEvent::Waive(why.to_string()));
            let said = waive.into_iter().chain([CaseEvent::Confirm]).collect();
            matter::tell(turn, &event, case, None, said)
        }
        Command::AdjustScore { subject, points, by, reason } => {
            adjust(turn, &event, subject, *points, by.as_str(), reason)
        }
        Command::Feedback { item, label, by } => feedback(turn, &event, item, label, by.as_str()),
        Command::Request { request } => request::put(turn, &event, request),
        Command::Export { subject } => person::export(turn, &event, subject),
        Command::Erase { subject } => person::erase(turn, &event, subject),
    }
}

fn link(turn: &Turn<'_>, event: &str, account: &AccountKey, customer: &CustomerId) -> Result<Outcome, Stop> {
    let keys = Keys(&turn.engine.tenant);
    let (key, row) = (keys.account(account), keys.customer(customer));
    turn.want(&[&key, &row], &[])?;
    let Some(state) = turn.get::<AccountState>(&key)?.filter(|_| turn.row(&row).is_some()) else {
        return Ok(Outcome::dropped(turn, event, Drop::Unknown, "no such account or customer"));
    };
    let link = Link { customer: customer.clone(), probability: 1000, confirmed: true };
    if state.link.as_ref() == Some(&link) {
        return Ok(Outcome::dropped(turn, event, Drop::Duplicate, "they are linked"));
    }
    let mut plan = Plan::new(turn, event, Some(account_subject(account)));
    let person = Subject::Customer(customer.clone());
    let before = state.link.as_ref().map(|link| Subject::Customer(link.customer.clone()));
    let brought = match &before {
        Some(before) if *before == person => kin::Belongings::default(),
        Some(before) => kin::took(turn, &mut plan, account, before)?,
        None => kin::own(turn, &mut plan, account)?,
    };
    kin::give(turn, &mut plan, brought, &person)?;
    if let Some(before) = &before {
        plan.unfile(&before.name(), &key);
    }
    plan.file(&person.name(), &key);
    let barred = unlike(turn, account, customer);
    plan.unfile(&person.name(), &barred);
    plan.delete_of(&account_subject(account), barred);
    plan.find(Finding::new("linked").result("a person decided"));
    plan.put(key, AccountState { link: Some(link), ..(*state).clone() });
    Ok(plan.done(Disposition::Accepted))
}

/// Takes a link back. The account is as it was before it, its cases and lead history are its own again, and the pair
/// is barred from linking itself again.
fn unlink(turn: &Turn<'_>, event: &str, account: &AccountKey) -> Result<Outcome, Stop> {
    let key = Keys(&turn.engine.tenant).account(account);
    let state = turn.get::<AccountState>(&key)?;
    let Some((state, link)) = state.and_then(|state| state.link.clone().map(|link| (state, link))) else {
        return Ok(Outcome::dropped(turn, event, Drop::Unknown, "no such account, or it is not linked"));
    };
    let mut plan = Plan::new(turn, event, Some(account_subject(account)));
    let customer = Subject::Customer(link.customer.clone());
    person::part(turn, &mut plan, account, &customer)?;
    let theirs = kin::took(turn, &mut plan, account, &customer)?;
    kin::give(turn, &mut plan, theirs, &Subject::Account(account.clone()))?;
    plan.unfile(&customer.name(), &key);
    bar(turn, &mut plan, account, &link.customer);
    plan.find(Finding::new("unlinked").result("a person decided"));
    plan.put(key, AccountState { link: None, ..(*state).clone() });
    Ok(plan.done(Disposition::Accepted))
}

fn not_same(
    turn: &Turn<'_>,
    event: &str,
    account: &AccountKey,
    customer: &CustomerId,
) -> Result<Outcome, Stop> {
    let key = Keys(&turn.engine.tenant).account(account);
    let barred = unlike(turn, account, customer);
    turn.want(&[&key, &barred], &[])?;
    let state = turn.get::<AccountState>(&key)?;
    if state.as_ref().and_then(|s| s.link.as_ref()).is_some_and(|link| link.customer == *customer) {
        return unlink(turn, event, account);
    }
    if turn.has(&barred)? {
        return Ok(Outcome::dropped(turn, event, Drop::Duplicate, "that is known"));
    }
    let mut plan = Plan::new(turn, event, Some(account_subject(account)));
    bar(turn, &mut plan, account, customer);
    plan.find(Finding::new("not the same").result("a person decided"));
    Ok(plan.done(Disposition::Accepted))
}

pub(super) fn unlike(turn: &Turn<'_>, account: &AccountKey, customer: &CustomerId) -> Key {
    Key::ordered(&turn.engine.tenant, Kind::Unlike, &[&account_name(account), customer.as_str()])
}

/// Keeps "not the same person", filed under both.
fn bar(turn: &Turn<'_>, plan: &mut Plan<'_, '_>, account: &AccountKey, customer: &CustomerId) {
    let key = unlike(turn, account, customer);
    plan.file(&Subject::Customer(customer.clone()).name(), &key);
    plan.put(key, ());
}

/// An entry of the lead ledger by hand.
fn adjust(
    turn: &Turn<'_>,
    event: &str,
    subject: &Subject,
    points: Points,
    by: &str,
    reason: &str,
) -> Result<Outcome, Stop> {
    let Some(score) = turn.engine.leads.as_ref().and_then(|rules| rules.scores().next()) else {
        return Ok(Outcome::dropped(turn, event, Drop::Unknown, "no lead score is configured"));
    };
    let key = Keys(&turn.engine.tenant).lead(subject);
    let mut history = turn.get::<History>(&key)?.map(|history| (*history).clone()).unwrap_or_default();
    let adjustment = Adjustment {
        id: event.to_owned(),
        at: turn.now,
        score: score.to_owned(),
        points,
        by: by.to_owned(),
        reason: reason.to_owned(),
    };
    if !history.adjust(adjustment) {
        return Ok(Outcome::dropped(turn, event, Drop::Duplicate, "the ledger holds this entry"));
    }
    let mut plan = Plan::new(turn, event, Some(subject.name()));
    plan.find(Finding::new("lead adjusted by hand").result(by).points(points));
    plan.put(key, history);
    Ok(plan.done(Disposition::Accepted))
}

/// A reviewer's label, kept beside the item for learning.
fn feedback(turn: &Turn<'_>, event: &str, item: &ItemKey, label: &str, by: &str) -> Result<Outcome, Stop> {
    let key = Keys(&turn.engine.tenant).item(item);
    let Some(state) = turn.get::<ItemState>(&key)?.filter(|state| state.item.is_some()) else {
        return Ok(Outcome::dropped(turn, event, Drop::Unknown, "no such item"));
    };
    let label = Label { by: by.into(), at: turn.now, label: label.into() };
    if state.labels.contains(&label) {
        return Ok(Outcome::dropped(turn, event, Drop::Duplicate, "that is known"));
    }
    let mut plan = Plan::new(turn, event, turn.subject(&key));
    plan.find(Finding::new("feedback").result(format!("{}, by {by}", label.label)));
    let mut next = (*state).clone();
    next.labels.push(label);
    plan.put(key, next);
    Ok(plan.done(Disposition::Accepted))
}
