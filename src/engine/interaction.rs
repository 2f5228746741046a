//! The turn of an interaction: new, edited or deleted.

use super::author::{Author, account_subject};
use super::outcome::Drop;
use super::plan::Plan;
use super::shelf::Stop;
use super::state::{AccountState, ErasedState, ItemState, Keys, conversation_name, parent_of, revision};
use super::turn::Turn;
use super::{Disposition, Finding, Outcome};
use crate::model::{AccountKey, Direction, Interaction, InteractionKind, ItemKey, Profile, Timestamp};
use std::sync::Arc;

/// An item that is new, or a revision of one that is known.
pub(super) fn seen(turn: &Turn<'_>, item: &Interaction, edit: bool) -> Result<Outcome, Stop> {
    let engine = turn.engine;
    let keys = Keys(&engine.tenant);
    let name = item.key.to_string();
    let own = keys.item(&item.key);
    let account = item.author.as_ref().map(|author| keys.account(&author.key));
    let erased = item.author.as_ref().map(|author| turn.erased_key(&author.key));
    let parent = parent_of(&keys, item);
    let first = [Some(&own), account.as_ref(), erased.as_ref(), parent.as_ref()];
    let first: Vec<_> = first.into_iter().flatten().collect();
    turn.want(&first, &[])?;

    let mark = erased.as_ref().map(|key| turn.get::<ErasedState>(key)).transpose()?.flatten();
    if mark.is_some_and(|mark| item.published_at.is_none_or(|at| at <= mark.at)) {
        return Ok(Outcome::dropped(turn, &name, Drop::Erased, "its author was erased"));
    }
    let stored = turn.get::<ItemState>(&own)?;
    if let Some(state) = &stored {
        if state.deleted {
            return Ok(Outcome::dropped(turn, &name, Drop::Deleted, "it was deleted on its platform"));
        }
        if state.item.as_ref().is_some_and(|held| revision(held, false) >= revision(item, edit)) {
            return Ok(Outcome::dropped(
                turn,
                &name,
                Drop::Duplicate,
                "this revision or a later one is known",
            ));
        }
    }
    let revised = stored.as_ref().is_some_and(|state| state.item.is_some());
    let subject = item.author.as_ref().map(|author| account_subject(&author.key));
    let mut plan = Plan::new(turn, &name, subject);
    if revised {
        let (edited, _, content) = revision(item, edit);
        plan.revises(&format!("{} {}", edited.millis(), engine.token(&content)));
    }
    let talk = match &stored {
        Some(state) if state.item.is_some() => state.talk.clone(),
        _ => {
            let above = parent.map(|key| turn.get::<ItemState>(&key)).transpose()?.flatten();
            above.and_then(|state| state.conversation()).map(Into::into)
        }
    };
    let mut kept = item.clone();
    if edit && kept.edited_at.is_none() {
        kept.edited_at = kept.published_at;
    }
    let at = stored.as_ref().and_then(|state| state.at).or(item.published_at).unwrap_or(turn.now);
    let assessment = Arc::new(super::assess::assess(turn, &mut plan, item, at)?);
    let labels = stored.as_ref().map(|state| state.labels.clone()).unwrap_or_default();
    plan.put(
        own,
        ItemState {
            item: Some(kept),
            assessment: Some(Arc::clone(&assessment)),
            at: Some(at),
            talk: talk.clone(),
            labels,
            deleted: false,
        },
    );
    let talk = talk.map_or_else(|| conversation_name(item), String::from);
    let line = keys.turn_of(&talk, at, &item.key);
    let before = stored.as_ref().and_then(|state| state.item.as_ref()?.author.as_ref());
    if let Some(other) = before.filter(|before| item.author.as_ref().is_none_or(|now| now.key != before.key))
    {
        plan.unfile(&account_subject(&other.key), &line);
    }
    plan.put(line, super::state::turn_of(item, at));
    let disposition = if revised { Disposition::Revised } else { Disposition::Accepted };
    let mut outcome = plan.done(disposition);
    outcome.assessment = Some(assessment);
    Ok(outcome)
}

/// An item is gone: only the mark stays, and it wins over every revision, also over one that comes later.
pub(super) fn deleted(turn: &Turn<'_>, item: &ItemKey, _at: Option<Timestamp>) -> Result<Outcome, Stop> {
    let keys = Keys(&turn.engine.tenant);
    let own = keys.item(item);
    let stored = turn.get::<ItemState>(&own)?;
    if stored.as_ref().is_some_and(|state| state.deleted) {
        return Ok(Outcome::dropped(turn, &item.to_string(), Drop::Duplicate, "it was deleted before"));
    }
    let held = stored.as_ref().and_then(|state| state.item.as_ref());
    let subject = held.and_then(|item| item.author.as_ref()).map(|author| account_subject(&author.key));
    let mut plan = Plan::new(turn, &item.to_string(), subject.clone());
    plan.find(Finding::new("deleted").result("deleted on its platform; its words are gone"));
    let talk = stored.as_ref().and_then(|state| Some((state.conversation()?, state.at?)));
    if let Some((talk, at)) = talk {
        let turn_key = keys.turn_of(&talk, at, item);
        match &subject {
            Some(subject) => plan.delete_of(subject, turn_key),
            None => plan.delete(turn_key),
        }
    }
    plan.put(own, ItemState { deleted: true, ..ItemState::default() });
    Ok(plan.done(Disposition::Accepted))
}

/// A description of an account.
pub(super) fn profile(turn: &Turn<'_>, profile: &Profile) -> Result<Outcome, Stop> {
    let keys = Keys(&turn.engine.tenant);
    let key = keys.account(&profile.key);
    let name = format!("profile {}", turn.engine.token(&account_subject(&profile.key)));
    let erased = turn.erased_key(&profile.key);
    turn.want(&[&key, &erased], &[])?;
    if turn
        .get::<ErasedState>(&erased)?
        .is_some_and(|mark| profile.observed_at.is_none_or(|at| at <= mark.at))
    {
        return Ok(Outcome::dropped(turn, &name, Drop::Erased, "its holder was erased"));
    }
    let mut state = match turn.get::<AccountState>(&key)? {
        Some(state) => (*state).clone(),
        None => AccountState {
            profile: Profile::new(profile.key.platform.clone(), profile.key.id.clone()),
            link: None,
        },
    };
    let before = turn.has(&key)?.then(|| state.clone());
    let changes = state.profile.update(profile);
    if before.as_ref() == Some(&state) {
        return Ok(Outcome::dropped(turn, &name, Drop::Duplicate, "it tells nothing new"));
    }
    let mut plan = Plan::new(turn, &name, Some(account_subject(&profile.key)));
    plan.find(Finding::new("profile").children(changes.iter().map(|change| Finding::new(change.field))));
    plan.put(key, state);
    Ok(plan.done(Disposition::Accepted))
}

/// True for an act that says nothing of its own: a like, a follow, a share without a word. It is kept as a line of
/// its conversation and counts for the lead score of whoever did it; it has no mood, opens no case and is not routed.
pub(super) fn is_wordless(item: &Interaction) -> bool {
    use InteractionKind::{Follow, Reaction, Share, Unfollow};
    let act = matches!(item.kind, Reaction | Follow | Unfollow | Share);
    act && item.content.text.reveal().trim().is_empty() && item.attachments.is_empty()
}

/// True when the brand itself speaks.
pub(super) fn is_outbound(item: &Interaction) -> bool {
    let own = |account: &AccountKey| item.author.as_ref().is_some_and(|author| author.key == *account);
    item.direction == Direction::Outbound || item.brand_account.as_ref().is_some_and(own)
}

/// The author of an item that comes from outside.
pub(super) fn find_author(turn: &Turn<'_>, item: &Interaction) -> Result<Option<Author>, Stop> {
    match item.author.as_ref().filter(|_| !is_outbound(item)) {
        Some(profile) => Author::find(turn, item, profile, turn.text(item)).map(Some),
        None => Ok(None),
    }
}
