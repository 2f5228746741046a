//! The turn of an interaction: new, edited or deleted.

use super::Disposition;
use super::Finding;
use super::Outcome;
use super::outcome::Drop;
use super::people::author::{Author, account_subject};
use super::people::holder;
use super::plan::Plan;
use super::shelf::Stop;
use super::state::{AccountState, ErasedState, ItemState, Keys, account_name};
use super::state::{item_name, names_conversation, parent_of, revision};
use super::turn::{Turn, encoded};
use super::work::Docket;
use super::work::alerts;
use crate::model::{AccountKey, Direction, Interaction, InteractionKind, ItemKey, Profile, Turn as Line};
use crate::store::{Key, Kind, Scan};
use std::sync::Arc;

/// Answers that came before what they answer, at most: as many as come while a webhook is delivered again.
const EARLY: usize = 256;

/// What the store says of an item that comes in.
pub(super) struct Known {
    /// The name of whose data it is.
    subject: Option<String>,
    /// What it answers.
    above: Option<Arc<ItemState>>,
    /// What was kept of it before.
    stored: Option<Arc<ItemState>>,
    /// Ids of others whom it names and who were erased since it was published.
    erased: Vec<String>,
}

/// An item on its way in.
enum Gate {
    In(Known),
    /// The answer is there: it stays out.
    Out(Outcome),
}

/// An item that is new, or a revision of one that is known.
pub(super) fn seen(turn: &Turn<'_>, item: &Interaction, edit: bool) -> Result<Outcome, Stop> {
    let known = match turn.known.get() {
        Some(known) => known,
        None => match gate(turn, item, edit)? {
            Gate::In(known) => turn.known.get_or_init(|| known),
            Gate::Out(outcome) => return Ok(outcome),
        },
    };
    // Nothing is planned until it is known who speaks: a round that stops before plans nothing in vain.
    find_author(turn, item)?;
    let engine = turn.engine;
    let stored = known.stored.as_deref().filter(|state| state.item.is_some());
    let subject = known.subject.as_deref();
    let mut plan = Plan::new(turn, &item_name(&item.key), known.subject.clone());
    if stored.is_some() {
        let (edited, _, content) = revision(item, edit);
        plan.revises(&format!("{} {}", edited.millis(), engine.token(&content)));
    }
    let joined = || known.above.as_ref().filter(|_| !names_conversation(item))?.conversation();
    let at = stored.and_then(|state| state.at).or(item.published_at).unwrap_or(turn.now);
    let assessment = Arc::new(super::assess::assess(turn, &mut plan, item, at)?);
    let mut state = ItemState {
        item: Some(with_counts(turn, item, stored.and_then(|state| state.item.as_ref()))),
        assessment: Some(Arc::clone(&assessment)),
        at: Some(at),
        talk: stored.map_or_else(|| joined().map(Into::into), |state| state.talk.clone()),
        labels: stored.map(|state| state.labels.clone()).unwrap_or_default(),
        case: plan.joined.remove(&item.key).or_else(|| known.stored.as_ref()?.case.clone()),
        delivery: known.stored.as_ref().and_then(|state| state.delivery.clone()),
        ..ItemState::default()
    };
    if let Some(kept) = state.item.as_mut().filter(|kept| edit && kept.edited_at.is_none()) {
        kept.edited_at = kept.published_at;
    }
    if !known.erased.is_empty() {
        state = holder::struck(&state, &known.erased).unwrap_or_default();
    }
    match stored {
        Some(stored) => unfile(turn, &mut plan, &item.key, stored),
        None => gather_in(turn, &mut plan, item, &state)?,
    }
    keep(&mut plan, &Keys(&engine.tenant), subject, &item.key, state);
    let disposition = if stored.is_some() { Disposition::Revised } else { Disposition::Accepted };
    let mut outcome = plan.done(disposition);
    outcome.assessment = Some(assessment);
    Ok(outcome)
}

/// Lets an item in unless it is known, deleted or erased.
fn gate(turn: &Turn<'_>, item: &Interaction, edit: bool) -> Result<Gate, Stop> {
    let engine = turn.engine;
    let keys = Keys(&engine.tenant);
    let out = |why: Drop, words: &str| Gate::Out(Outcome::dropped(turn, &item.key.to_string(), why, words));
    let (own, gone) = (keys.item(&item.key), turn.gone_key(&item.key));
    let author = item.author.as_ref().map(|author| keys.account(&author.key));
    let parent = parent_of(&keys, item);
    let revision_gone = holder::revision_key(item).map(|id| engine.gone_mark(&id));
    // Its holder is mostly the author, and known at once; whom the brand answers, the parent may have to tell.
    let named = holder::holder(item, None);
    let mark = named.as_ref().map(|account| turn.erased_key(account));
    let others: Vec<(&AccountKey, Key)> = holder::others(item)
        .filter(|other| named.as_ref() != Some(other))
        .map(|other| (other, engine.erased_mark(&account_name(other))))
        .collect();
    let first =
        [Some(&own), Some(&gone), author.as_ref(), parent.as_ref(), revision_gone.as_ref(), mark.as_ref()];
    turn.want(
        &first.into_iter().flatten().chain(others.iter().map(|(_, mark)| mark)).collect::<Vec<_>>(),
        &early(turn, item).iter().collect::<Vec<_>>(),
    )?;

    let above = parent.as_ref().map(|key| turn.get::<ItemState>(key)).transpose()?.flatten();
    let holder = named.or_else(|| holder::holder(item, above.as_deref()));
    let is_old = |mark: Arc<ErasedState>| item.published_at.is_none_or(|at| at <= mark.at);
    if let Some(account) = &holder
        && turn.get::<ErasedState>(&turn.erased_key(account))?.is_some_and(is_old)
    {
        return Ok(out(Drop::Erased, "whoever it belongs to was erased"));
    }
    if turn.row(&gone).is_some() {
        return Ok(out(Drop::Deleted, "it was deleted on its platform, or erased"));
    }
    if revision_gone.is_some_and(|key| turn.row(&key).is_some()) {
        return deleted(turn, &item.key).map(Gate::Out);
    }
    let stored = turn.get::<ItemState>(&own)?;
    let struck = stored.as_ref().is_some_and(|state| state.struck);
    let is_known = |held: &Interaction| {
        let (known, new) = (revision(held, false), revision(item, edit));
        if struck { known.0 >= new.0 } else { known >= new }
    };
    if let Some(state) = &stored
        && let Some(held) = state.item.as_ref().filter(|held| is_known(held))
    {
        return Ok(Gate::Out(measured(turn, own, state, (held, item))));
    }
    let mut erased = Vec::new();
    for (other, mark) in others {
        if turn.get::<ErasedState>(&mark)?.is_some_and(is_old) {
            erased.push(other.id.to_string());
        }
    }
    let subject = holder.as_ref().map(account_subject);
    Ok(Gate::In(Known { subject, above, stored, erased }))
}

/// An item that is known, and at most its counts are not.
fn measured(
    turn: &Turn<'_>,
    own: Key,
    state: &ItemState,
    (held, item): (&Interaction, &Interaction),
) -> Outcome {
    let has_counts = item.metrics.is_some() || !item.metrics_history.is_empty();
    let is_news =
        |kept: &Interaction| (&kept.metrics, &kept.metrics_history) != (&held.metrics, &held.metrics_history);
    let Some(kept) = has_counts.then(|| with_counts(turn, item, Some(held))).filter(is_news) else {
        let why = "this revision or a later one is known";
        return Outcome::dropped(turn, &item.key.to_string(), Drop::Duplicate, why);
    };
    let subject = turn.subject(&own);
    let mut plan = Plan::new(turn, &item_name(&item.key), subject.clone());
    plan.revises(&format!("counts {}", turn.engine.token(&encoded(&(&item.metrics, &item.metrics_history)))));
    let grown = kept.growth().into_iter().map(|(name, by)| Finding::new(name).result(format!("{by:+}")));
    plan.find(
        Finding::new("counts").result("since they were first given").children(grown.collect::<Vec<_>>()),
    );
    let (metrics, metrics_history) = (kept.metrics, kept.metrics_history);
    let item = Some(Interaction { metrics, metrics_history, ..held.clone() });
    plan.put_filed(subject.as_deref(), own, ItemState { item, ..state.clone() });
    plan.done(Disposition::Measured)
}

/// An item with its counts and those that were known of it. Counts without a time are of now.
fn with_counts(turn: &Turn<'_>, item: &Interaction, held: Option<&Interaction>) -> Interaction {
    let mut kept = item.clone();
    let Some(held) = held.filter(|held| held.metrics.is_some()) else {
        if let Some(counts) = &mut kept.metrics {
            counts.observed_at.get_or_insert(turn.now);
        }
        return kept;
    };
    let news = std::mem::take(&mut kept.metrics_history).into_iter().chain(kept.metrics.take());
    (kept.metrics, kept.metrics_history) = (held.metrics.clone(), held.metrics_history.clone());
    for seen in news.collect::<Vec<_>>() {
        kept.measure(seen, turn.now, turn.engine.limits.metrics);
    }
    kept
}

/// An item is gone: only a mark that tells nothing stays, and it wins over every revision, also over one that comes
/// later.
pub(super) fn deleted(turn: &Turn<'_>, item: &ItemKey) -> Result<Outcome, Stop> {
    let engine = turn.engine;
    let keys = Keys(&engine.tenant);
    let (named, mark) = (keys.item(item), turn.gone_key(item));
    turn.want(&[&named, &mark], &[])?;
    let known = turn.get::<ItemState>(&named)?;
    if known.is_none() {
        // The id may name an account: neither the mark nor the receipt holds it.
        let event = format!("deletion {}", engine.token(&item.to_string()));
        if turn.row(&mark).is_some() {
            return Ok(Outcome::dropped(turn, &event, Drop::Duplicate, "it was deleted before"));
        }
        let mut plan = Plan::new(turn, &event, None);
        plan.find(Finding::new("deleted").result("deleted on its platform before it was seen here"));
        plan.put_shared(mark, ErasedState { at: turn.now });
        return Ok(plan.done(Disposition::Accepted));
    }
    let item = known.as_ref().and_then(|state| state.same.as_ref()).unwrap_or(item);
    let own = keys.item(item);
    let stored = turn.get::<ItemState>(&own)?;
    let mut plan = Plan::new(turn, &item.to_string(), turn.subject(&named));
    plan.find(Finding::new("deleted").result("deleted on its platform; its words are gone"));
    let mut docket = Docket::new(turn);
    docket.lose(stored.as_deref().map(|state| (item, state)).into_iter(), |_| true)?;
    let raised = docket.record(&mut plan);
    alerts::raise(turn, &mut plan, &raised)?;
    gone(turn, &mut plan, item, stored.as_deref());
    plan.put_shared(mark, ErasedState { at: turn.now });
    plan.delete_filed(turn.subject(&named).as_deref(), named);
    Ok(plan.done(Disposition::Accepted))
}

/// Writes an item with its line and the id of its revision, and files it under all whom it names.
pub(super) fn keep(
    plan: &mut Plan<'_, '_>,
    keys: &Keys<'_>,
    subject: Option<&str>,
    key: &ItemKey,
    state: ItemState,
) {
    let own = keys.item(key);
    if let (Some(item), Some(at), Some(talk)) = (&state.item, state.at, state.conversation()) {
        for other in holder::others(item).map(account_subject).filter(|other| Some(&**other) != subject) {
            plan.file(&other, &own);
        }
        if let Some(id) = holder::revision_key(item) {
            let (same, talk) = (Some(key.clone()), Some(talk.as_str().into()));
            plan.put_filed(subject, keys.item(&id), ItemState { same, talk, ..ItemState::default() });
        }
        plan.put_filed(subject, keys.turn_of(&talk, at, key), super::state::turn_of(item, at));
    }
    plan.put_filed(subject, own, state);
}

/// Answers that may have come before what they answer: they stand in a conversation of that item's name, unless its platform
/// names conversations.
fn early(turn: &Turn<'_>, item: &Interaction) -> Option<Scan> {
    let is_answer = item.in_reply_to.is_some() || item.share_of.is_some();
    let own = || Key::join(&[&item_name(&item.key), ""]);
    let scan = || Scan::new(&turn.engine.tenant, Kind::Conversation, own(), EARLY);
    (is_answer && !names_conversation(item) && !is_wordless(item)).then(scan)
}

/// What came before the item that it answers joins the conversation in which that stands.
fn gather_in(
    turn: &Turn<'_>,
    plan: &mut Plan<'_, '_>,
    item: &Interaction,
    state: &ItemState,
) -> Result<(), Stop> {
    let (Some(scan), Some(talk)) = (early(turn, item), state.conversation()) else { return Ok(()) };
    if talk == item_name(&item.key) {
        return Ok(());
    }
    let keys = Keys(&turn.engine.tenant);
    let mut answers = Vec::new();
    for (_, row) in turn.page(&scan)? {
        let line = row.record.decode::<Line>()?;
        answers.push((keys.item(&line.item), line));
    }
    turn.want(&answers.iter().map(|(key, _)| key).collect::<Vec<_>>(), &[])?;
    for (key, line) in &answers {
        let Some(answer) = turn.get::<ItemState>(key)? else { continue };
        unfile(turn, plan, &line.item, &answer);
        let joined = ItemState { talk: Some(talk.as_str().into()), ..(*answer).clone() };
        keep(plan, &keys, turn.subject(key).as_deref(), &line.item, joined);
    }
    if !answers.is_empty() {
        let more = (answers.len() >= EARLY).then(|| Finding::new("more stay apart"));
        plan.find(
            Finding::new("answers that came before it").result(answers.len().to_string()).children(more),
        );
    }
    Ok(())
}

/// Takes back what [`keep`] wrote beside an item.
pub(super) fn unfile(turn: &Turn<'_>, plan: &mut Plan<'_, '_>, key: &ItemKey, state: &ItemState) {
    let keys = Keys(&turn.engine.tenant);
    let own = keys.item(key);
    let subject = turn.subject(&own);
    let subject = subject.as_deref();
    let (Some(item), Some(at), Some(talk)) = (&state.item, state.at, state.conversation()) else { return };
    plan.delete_filed(subject, keys.turn_of(&talk, at, key));
    for other in holder::others(item).map(account_subject).filter(|other| Some(&**other) != subject) {
        plan.unfile(&other, &own);
    }
    if let Some(id) = holder::revision_key(item) {
        plan.delete_filed(subject, keys.item(&id));
    }
}

/// Takes an item away with all that [`keep`] wrote; a mark for each of its ids stays.
pub(super) fn gone(turn: &Turn<'_>, plan: &mut Plan<'_, '_>, key: &ItemKey, state: Option<&ItemState>) {
    let engine = turn.engine;
    let own = Keys(&engine.tenant).item(key);
    if let Some(state) = state {
        unfile(turn, plan, key, state);
        if let Some(id) = state.item.as_ref().and_then(holder::revision_key) {
            plan.put_shared(engine.gone_mark(&id), ErasedState { at: turn.now });
        }
    }
    plan.put_shared(engine.gone_mark(key), ErasedState { at: turn.now });
    plan.delete_filed(turn.subject(&own).as_deref(), own);
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

/// The author of an item that comes from outside; looked for once.
pub(super) fn find_author<'t>(turn: &'t Turn<'_>, item: &Interaction) -> Result<Option<&'t Author>, Stop> {
    if is_outbound(item) {
        return Ok(None);
    }
    if turn.author.get().is_none() {
        let author = match &item.author {
            Some(profile) => Author::find(turn, item, profile, turn.text(item))?,
            None => Author::unnamed(item),
        };
        turn.author.get_or_init(|| author);
    }
    Ok(turn.author.get())
}
