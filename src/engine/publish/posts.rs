//! What the brand says to everybody: written, approved, planned for a time, held back in a crisis.
//!
//! ```text
//! PostAct::Write ────────► Draft ─ submit ─► Action::PostDraft ─ approve ─┬─ publish ─► Action::Post ─► host
//! playbook's statement ──► Draft, submitted ────────┘                     └─ plan ─► Schedule
//!                                              tick ─┬─ due ─────────────────────────► Action::Post
//!                                                    └─ due in a crisis ─► PostHeld ─ over ─► PostReview
//! ```
//!
//! What may go out is the desk's [`Draft`], when it goes is its [`Schedule`]: there is no other way to plan a post, and none
//! to hold one back. The statement of a playbook is nobody's to send alone, whatever the brand asks of other posts.

use crate::desk::{
    ApprovalPolicy, Author, Crisis, Draft, DraftCommand, DraftEvent, DraftRefusal, DraftStatus, PlaybookStep,
    Schedule, ScheduleCommand, Setting, TextHash,
};
use crate::engine::Action;
use crate::engine::Disposition;
use crate::engine::Finding;
use crate::engine::Outcome;
use crate::engine::PostAct;
use crate::engine::outcome::Drop;
use crate::engine::plan::Plan;
use crate::engine::shelf::Stop;
use crate::engine::state::Target;
use crate::engine::turn::Turn;
use crate::model::{AgentId, Tenant, Timestamp};
use crate::store::{Key, Kind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Posts that wait for their time or for the end of a crisis, at most: three a day for a year. They stand in one record.
const PLANNED: usize = 1_000;

/// A post of the brand's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::engine) struct Post {
    /// Where its words stand.
    pub(in crate::engine) draft: Draft,
    /// Where it goes; empty: wherever the host decides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::engine) channels: Vec<Box<str>>,
    /// The text that goes out when its time comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    planned: Option<TextHash>,
    /// The playbook whose statement it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    playbook: Option<Box<str>>,
}

/// The posts and the schedule of one turn.
pub(in crate::engine) struct Posts<'t, 'e> {
    turn: &'t Turn<'e>,
    schedule: Schedule,
    /// What the turn has changed, by name.
    changed: BTreeMap<Box<str>, Post>,
}

impl<'t, 'e> Posts<'t, 'e> {
    pub(in crate::engine) fn load(turn: &'t Turn<'e>) -> Result<Self, Stop> {
        let schedule = turn.get::<Schedule>(&schedule_key(&turn.engine.tenant))?;
        let schedule = schedule.map(|held| (*held).clone()).unwrap_or_default();
        Ok(Self { turn, schedule, changed: BTreeMap::new() })
    }

    fn post(&self, name: &str) -> Result<Option<Post>, Stop> {
        match self.changed.get(name) {
            Some(post) => Ok(Some(post.clone())),
            None => Ok(self
                .turn
                .get::<Post>(&post_key(&self.turn.engine.tenant, name))?
                .map(|held| (*held).clone())),
        }
    }

    /// What a playbook wants said while nothing is known becomes a draft that waits for approval; its name.
    pub(in crate::engine) fn state(
        &mut self,
        plan: &mut Plan<'_, '_>,
        playbook: &str,
        step: &mut PlaybookStep,
    ) -> Option<Box<str>> {
        let words = step.holding_statement.take()?;
        let name: Box<str> = format!("{playbook}/{}", step.id).into();
        let draft = Draft::new(&*name, Author::Bot(playbook.into()), words);
        let channels = step.channels.iter().map(|channel| channel.as_str().into()).collect();
        let mut post = Post { draft, channels, planned: None, playbook: Some(playbook.into()) };
        // A new draft can be submitted.
        let _ = self.step(plan, &mut post, DraftEvent::Submit);
        self.schedule.drop_post(&name);
        self.changed.insert(name.clone(), post);
        Some(name)
    }

    /// A crisis holds planned posts back.
    pub(in crate::engine) fn pause(&mut self, plan: &mut Plan<'_, '_>, playbook: &str) -> Result<(), Stop> {
        let commands = self.schedule.pause(playbook, self.turn.now);
        self.carry_out(plan, commands)
    }

    /// A crisis is over.
    pub(in crate::engine) fn resume(&mut self, plan: &mut Plan<'_, '_>, playbook: &str) -> Result<(), Stop> {
        let commands = self.schedule.resume(playbook, self.turn.now);
        self.carry_out(plan, commands)
    }

    /// What is due goes out, or is held back.
    pub(in crate::engine) fn tick(&mut self, plan: &mut Plan<'_, '_>) -> Result<(), Stop> {
        let commands = self.schedule.tick(self.turn.now);
        self.carry_out(plan, commands)
    }

    fn carry_out(&mut self, plan: &mut Plan<'_, '_>, commands: Vec<ScheduleCommand>) -> Result<(), Stop> {
        let named = commands.iter().filter_map(|command| match command {
            ScheduleCommand::Publish { draft, .. } | ScheduleCommand::Review { draft, .. } => Some(draft),
            ScheduleCommand::Held { .. } | ScheduleCommand::WakeAt(_) => None,
        });
        let keys: Vec<Key> = named.map(|draft| post_key(&self.turn.engine.tenant, draft)).collect();
        self.turn.want(&keys.iter().collect::<Vec<_>>(), &[])?;
        for command in commands {
            match command {
                ScheduleCommand::Publish { draft, due } => {
                    let Some(mut post) = self.post(&draft)? else { continue };
                    let Some(text) = post.planned.take() else { continue };
                    let sent = self.step(plan, &mut post, DraftEvent::Publish { text, case_version: 0 });
                    self.changed.insert(draft.as_str().into(), post);
                    match sent {
                        Ok(()) => plan.find(Finding::new("post").result(format!("{draft} went out"))),
                        Err(refusal) => review(plan, &draft, due, refusal.to_string()),
                    }
                }
                ScheduleCommand::Held { draft, due } => {
                    plan.find(Finding::new("held back").result(&*draft));
                    plan.effect(Action::PostHeld { post: draft.into(), due });
                }
                ScheduleCommand::Review { draft, due } => {
                    let Some(post) = self.post(&draft)? else { continue };
                    self.changed.insert(draft.as_str().into(), Post { planned: None, ..post });
                    review(plan, &draft, due, "the crisis that held it back is over".to_owned());
                }
                ScheduleCommand::WakeAt(at) => plan.timer(at, Target::Posts),
            }
        }
        Ok(())
    }

    /// Tells a draft something; its effects go into the plan.
    fn step(&self, plan: &mut Plan<'_, '_>, post: &mut Post, event: DraftEvent) -> Result<(), DraftRefusal> {
        let policy = policy(&self.turn.engine.approvals, post);
        for command in post.draft.step(event, self.turn.now, &policy, Setting::default()) {
            let (name, channels) = (post.draft.id.as_str().into(), post.channels.clone());
            match command {
                DraftCommand::AskApproval(hash) => {
                    let text = post.draft.text.as_str().into();
                    plan.effect(Action::PostDraft { post: name, channels, text, hash });
                }
                DraftCommand::Publish { text, hash, .. } => {
                    plan.effect(Action::Post { post: name, channels, text: text.into(), hash });
                }
                DraftCommand::Refused(refusal) => return Err(refusal),
                // Nobody opens a post.
                DraftCommand::Warn { .. } => {}
            }
        }
        Ok(())
    }

    /// Writes what has changed.
    pub(in crate::engine) fn record(self, plan: &mut Plan<'_, '_>) {
        for (name, post) in self.changed {
            plan.put_shared(post_key(&self.turn.engine.tenant, &name), post);
        }
        let key = schedule_key(&self.turn.engine.tenant);
        let held = self.turn.row(&key).and_then(|row| row.record.decode::<Schedule>().ok());
        if held.as_deref().map_or_else(|| self.schedule != Schedule::default(), |held| *held != self.schedule)
        {
            plan.put_shared(key, self.schedule);
        }
    }
}

/// What somebody does to a post.
pub(in crate::engine) fn act(
    turn: &Turn<'_>,
    event: &str,
    name: &str,
    by: &AgentId,
    act: &PostAct,
) -> Result<Outcome, Stop> {
    turn.want(&[&post_key(&turn.engine.tenant, name), &schedule_key(&turn.engine.tenant)], &[])?;
    let refused = |why: &str| Ok(Outcome::dropped(turn, event, Drop::Refused, why));
    let mut posts = Posts::load(turn)?;
    let held = posts.post(name)?;
    let before = posts.schedule.clone();
    let mut plan = Plan::new(turn, event, None);
    let mut post = match (held.clone(), act) {
        (Some(post), _) => post,
        (None, PostAct::Write { text, channels }) => {
            let draft = Draft::new(name, Author::Person(by.clone()), text.reveal());
            Post { draft, channels: channels.clone(), planned: None, playbook: None }
        }
        (None, _) => return Ok(Outcome::dropped(turn, event, Drop::Unknown, "no such post")),
    };
    let does = match act {
        PostAct::Write { text, channels } => {
            // An approval is of these words in these places.
            if post.channels != *channels && post.draft.status != DraftStatus::Published {
                let fresh = Draft::new(name, post.draft.author.clone(), &*post.draft.text);
                post.draft = Draft { writers: post.draft.writers, ..fresh };
                post.channels.clone_from(channels);
            }
            Some(DraftEvent::Edit { by: by.clone(), text: text.reveal().to_owned() })
        }
        PostAct::Submit if post.draft.text.trim().is_empty() => return refused("nothing is written yet"),
        PostAct::Submit => Some(DraftEvent::Submit),
        PostAct::Approve { text } => Some(DraftEvent::Approve { by: by.clone(), text: text.clone() }),
        PostAct::Reject { reason } => {
            Some(DraftEvent::Reject { by: by.clone(), why: reason.reveal().to_owned() })
        }
        PostAct::Publish { text } => {
            if !is_under_way(turn, &post)? {
                return refused("its crisis is over");
            }
            Some(DraftEvent::Publish { text: text.clone(), case_version: 0 })
        }
        PostAct::Plan { text, due } => {
            if let Some(why) = unplannable(&post, &posts.schedule, text, *due, turn.now) {
                return refused(&why);
            }
            posts.schedule.plan(name, *due);
            post.planned = Some(text.clone());
            None
        }
        PostAct::Unplan => {
            posts.schedule.drop_post(name);
            post.planned = None;
            None
        }
    };
    if let Some(does) = does
        && let Err(refusal) = posts.step(&mut plan, &mut post, does)
    {
        return refused(&refusal.to_string());
    }
    if matches!(post.draft.status, DraftStatus::Published | DraftStatus::Rejected) {
        posts.schedule.drop_post(name);
        post.planned = None;
    }
    if held.as_ref() == Some(&post) && posts.schedule == before {
        return Ok(Outcome::dropped(turn, event, Drop::Duplicate, "the post is as it was"));
    }
    let did = match act {
        PostAct::Write { .. } => "written".to_owned(),
        PostAct::Submit => "submitted".to_owned(),
        PostAct::Approve { .. } if post.draft.status == DraftStatus::Submitted => {
            "one approval more".to_owned()
        }
        PostAct::Approve { .. } => "approved".to_owned(),
        PostAct::Reject { .. } => "rejected".to_owned(),
        PostAct::Plan { due, .. } => format!("planned for {due}"),
        PostAct::Unplan => "no longer planned".to_owned(),
        PostAct::Publish { .. } => "published".to_owned(),
    };
    plan.find(Finding::new("post").result(format!("{name} {did}, by {by}")));
    posts.changed.insert(name.into(), post);
    posts.tick(&mut plan)?;
    posts.record(&mut plan);
    Ok(plan.done(Disposition::Accepted))
}

/// Why a post cannot be planned for a time.
fn unplannable(
    post: &Post,
    schedule: &Schedule,
    text: &TextHash,
    due: Timestamp,
    now: Timestamp,
) -> Option<String> {
    let waiting = schedule.planned().count() + schedule.held().count();
    if post.playbook.is_some() {
        Some("a playbook's statement goes out when somebody sends it".to_owned())
    } else if matches!(post.draft.status, DraftStatus::Published | DraftStatus::Rejected) {
        Some(DraftRefusal::Status.to_string())
    } else if *text != post.draft.hash() {
        Some(DraftRefusal::OtherText.to_string())
    } else if due <= now {
        Some("that time has passed".to_owned())
    } else if waiting >= PLANNED && post.planned.is_none() {
        Some(format!("{PLANNED} posts are planned already"))
    } else {
        None
    }
}

/// False for the statement of a crisis that is over.
fn is_under_way(turn: &Turn<'_>, post: &Post) -> Result<bool, Stop> {
    let Some(playbook) = &post.playbook else { return Ok(true) };
    let crisis = turn.get::<Crisis>(&Key::new(&turn.engine.tenant, Kind::Crisis, &**playbook))?;
    Ok(crisis.is_some_and(|crisis| crisis.ended.is_none()))
}

/// Who must agree to a post: what a playbook wants said, somebody has read before anybody sends it.
fn policy(policy: &ApprovalPolicy, post: &Post) -> ApprovalPolicy {
    if post.playbook.is_none() {
        return policy.clone();
    }
    ApprovalPolicy { approvals: policy.approvals.max(1), bots_need_approval: true, ..policy.clone() }
}

/// Somebody must look at a post whose time came in vain.
fn review(plan: &mut Plan<'_, '_>, post: &str, due: Timestamp, why: String) {
    plan.find(Finding::new("to be looked at").result(format!("{post}: {why}")));
    plan.effect(Action::PostReview { post: post.into(), due, why: why.into() });
}

pub(in crate::engine) fn post_key(tenant: &Tenant, name: &str) -> Key {
    Key::new(tenant, Kind::Post, name)
}

pub(in crate::engine) fn schedule_key(tenant: &Tenant) -> Key {
    Key::new(tenant, Kind::Schedule, "posts")
}
