//! Playbooks under way: begun by somebody, carried out step by step, over when somebody says so.
//!
//! ```text
//! CrisisAct::Begin ─► Crisis ─┬─ Posts pause, and go on at the end ─► Action::Publishing
//! CrisisAct::Done ──►         ├─ Action::PlaybookStep to its owner, once what it waits for is done
//!                             └─ its holding statement: a draft of Posts ─► Action::PostDraft
//! ```

use crate::desk::{Crisis, CrisisCommand, Playbook};
use crate::engine::Action;
use crate::engine::CrisisAct;
use crate::engine::Disposition;
use crate::engine::Finding;
use crate::engine::Outcome;
use crate::engine::outcome::Drop;
use crate::engine::plan::Plan;
use crate::engine::publish::posts::Posts;
use crate::engine::shelf::Stop;
use crate::engine::turn::Turn;
use crate::error::{BuildError, Fault, FaultKind};
use crate::model::AgentId;
use crate::store::{Key, Kind};
use std::collections::BTreeSet;

/// Begins, carries on or ends a playbook.
pub(in crate::engine) fn act(
    turn: &Turn<'_>,
    event: &str,
    playbook: &str,
    by: &AgentId,
    act: &CrisisAct,
) -> Result<Outcome, Stop> {
    let no = |why, words: &str| Ok(Outcome::dropped(turn, event, why, words));
    let key = Key::new(&turn.engine.tenant, Kind::Crisis, playbook);
    let held = turn.get::<Crisis>(&key)?;
    let under_way = held.as_deref().filter(|crisis| crisis.ended.is_none());
    let (crisis, commands, did) = match (act, under_way) {
        (CrisisAct::Begin, Some(_)) => return no(Drop::Duplicate, "it is under way"),
        (CrisisAct::Begin, None) => {
            let Some(book) = turn.engine.playbooks.iter().find(|book| book.id == playbook) else {
                return no(Drop::Unknown, "no such playbook");
            };
            let (crisis, commands) = Crisis::begin(book.clone(), turn.now);
            (crisis, commands, "begun".to_owned())
        }
        (_, None) => return no(Drop::Unknown, "it is not under way"),
        (CrisisAct::Done { step }, Some(held)) => {
            if held.done.contains_key(&**step) {
                return no(Drop::Duplicate, "that step is done");
            }
            let mut crisis = held.clone();
            let commands = crisis.done(step, by.clone(), turn.now);
            if crisis == *held {
                return no(Drop::Unknown, "no such step");
            }
            let (done, all) = crisis.progress();
            (crisis, commands, format!("{step} done, {done} of {all}"))
        }
        (CrisisAct::End, Some(held)) => {
            let mut crisis = held.clone();
            let commands = crisis.end(turn.now);
            (crisis, commands, "over".to_owned())
        }
    };
    let mut plan = Plan::new(turn, event, None);
    plan.find(Finding::new("crisis").result(format!("{playbook}, {did}, by {by}")));
    let mut posts = Posts::load(turn)?;
    for command in commands {
        match command {
            CrisisCommand::PausePublishing => {
                plan.effect(Action::Publishing { paused: true, playbook: playbook.into() });
                posts.pause(&mut plan, playbook)?;
            }
            CrisisCommand::ResumePublishing => {
                plan.effect(Action::Publishing { paused: false, playbook: playbook.into() });
                posts.resume(&mut plan, playbook)?;
            }
            CrisisCommand::Begin(mut step) => {
                let post = posts.state(&mut plan, playbook, &mut step);
                plan.effect(Action::PlaybookStep { playbook: playbook.into(), step, post });
            }
            CrisisCommand::AllDone => plan.find(Finding::new("crisis").result("every step is done")),
        }
    }
    posts.record(&mut plan);
    plan.put_shared(key, crisis);
    Ok(plan.done(Disposition::Accepted))
}

/// What is wrong with playbooks: two of one name, no steps, a step that waits for what never comes.
pub(in crate::engine) fn check(books: &[Playbook], error: &mut BuildError) {
    let mut names = BTreeSet::new();
    for book in books {
        let mut fault = |kind, message: String, mend: &str| {
            error.push(Fault::new(kind, format!("playbooks, {}", book.id), message).mend(mend));
        };
        if !names.insert(&book.id) {
            fault(FaultKind::Duplicate, "the id is given twice".to_owned(), "give each playbook its own");
        }
        if book.steps.is_empty() {
            fault(FaultKind::Missing, "a playbook without steps".to_owned(), "add a step");
        }
        let known: BTreeSet<&str> = book.steps.iter().map(|step| &*step.id).collect();
        if known.len() < book.steps.len() {
            fault(FaultKind::Duplicate, "two steps of one id".to_owned(), "give each step its own");
        }
        let waits = book.steps.iter().flat_map(|step| step.after.iter().map(move |after| (step, after)));
        for (step, after) in waits.filter(|(_, after)| !known.contains(&***after)) {
            let message = format!("step {} waits for {after:?}, which is no step", step.id);
            fault(FaultKind::Unknown, message, "name a step of the playbook");
        }
        let mut done: BTreeSet<&str> =
            book.steps.iter().flat_map(|step| &step.after).map(|id| &**id).collect();
        done.retain(|id| !known.contains(id));
        while let Some(step) = book
            .steps
            .iter()
            .find(|step| !done.contains(&*step.id) && step.after.iter().all(|after| done.contains(&**after)))
        {
            done.insert(&step.id);
        }
        if let Some(step) = book.steps.iter().find(|step| !done.contains(&*step.id)) {
            let message = format!("step {} waits for itself", step.id);
            fault(FaultKind::Value, message, "take the circle out of `after`");
        }
    }
}
