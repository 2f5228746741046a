//! Cases, promises and assignment in a turn: the desk's state machines, each fed with what the others said.
//!
//! ```text
//! CaseEvent ─► Case ─┬─ Queue ───────────► Desk ── Assign ─► Case …
//!                    ├─ Open child, TellParent ─► Case …
//!                    └─ moved ─► Sla ── due soon, missed ─► alerts
//! WakeAt of any of them ─► a timer record, and an effect
//! ```

use super::alerts::Raised;
use super::plan::Plan;
use super::shelf::Stop;
use super::state::{CaseRecord, Keys, Target};
use super::turn::Turn;
use super::{Action, Finding};
use crate::desk::{Case, CaseCommand, CaseEvent, Refusal, Sla, SlaCommand, SlaEvent, Targets};
use crate::model::{CaseId, CaseStatus, Priority, Timestamp};
use crate::route::{AgentState, Desk, DeskCommand, DeskEvent, DeskState, Waiting, Work};
use crate::store::{Key, Kind, Scan};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// How long before a miss it is announced, in business milliseconds: ten minutes, less than any sensible target.
const WARN: i64 = 10 * 60_000;

/// Waiting items looked at in one turn.
const QUEUE_PAGE: usize = 256;

/// What the machines still have to hear.
enum Next {
    Case(CaseId, CaseEvent),
    Desk(DeskEvent),
}

/// The cases and the desk of one turn.
pub(super) struct Docket<'t, 'e> {
    turn: &'t Turn<'e>,
    cases: BTreeMap<CaseId, CaseRecord>,
    desk: Option<Desk>,
    queue: VecDeque<Next>,
    refused: Option<Refusal>,
    follow_up: Option<crate::model::ItemKey>,
    findings: Vec<Finding>,
    actions: Vec<Action>,
    timers: BTreeSet<(Timestamp, Target)>,
    signals: Vec<Raised>,
}

impl<'t, 'e> Docket<'t, 'e> {
    pub(super) fn new(turn: &'t Turn<'e>) -> Self {
        Self {
            turn,
            cases: BTreeMap::new(),
            desk: None,
            queue: VecDeque::new(),
            refused: None,
            follow_up: None,
            findings: Vec::new(),
            actions: Vec::new(),
            timers: BTreeSet::new(),
            signals: Vec::new(),
        }
    }

    /// A case as it stands in this turn.
    pub(super) fn case(&mut self, id: &CaseId) -> Result<Option<&mut CaseRecord>, Stop> {
        if !self.cases.contains_key(id) {
            let key = Keys(&self.turn.engine.tenant).case(id);
            let Some(record) = self.turn.get::<CaseRecord>(&key)? else { return Ok(None) };
            self.cases.insert(id.clone(), (*record).clone());
        }
        Ok(self.cases.get_mut(id))
    }

    /// Opens a case and offers it to the desk.
    pub(super) fn open(&mut self, record: CaseRecord) -> Result<(), Stop> {
        let id = record.case.id.clone();
        let work = self.work_of(&record);
        self.cases.insert(id, record);
        self.queue.push_back(Next::Desk(DeskEvent::Offer(Box::new(work))));
        self.run()
    }

    /// Tells a case something, and carries on until nothing more follows.
    pub(super) fn tell(&mut self, case: &CaseId, event: CaseEvent) -> Result<(), Stop> {
        self.queue.push_back(Next::Case(case.clone(), event));
        self.run()
    }

    /// Tells the desk something, and carries on until nothing more follows.
    pub(super) fn desk(&mut self, event: DeskEvent) -> Result<(), Stop> {
        self.queue.push_back(Next::Desk(event));
        self.run()
    }

    /// Why something told was refused.
    pub(super) fn refusal(&self) -> Option<&Refusal> {
        self.refused.as_ref()
    }

    /// The item for which a case that is over asks for a new one.
    pub(super) fn follow_up(&mut self) -> Option<crate::model::ItemKey> {
        self.follow_up.take()
    }

    /// What the promises and the desk have to say.
    pub(super) fn raised(&mut self) -> Vec<Raised> {
        std::mem::take(&mut self.signals)
    }

    fn signal(&mut self, kind: &str, priority: Priority, case: &CaseId, reason: &str) {
        let team = self.cases.get(case).and_then(|record| record.case.team.as_ref());
        let to: Box<str> = team.map_or("on-call", |team| team.as_str()).into();
        self.signals.push(Raised {
            kind: kind.into(),
            priority,
            about: to.clone(),
            to,
            case: Some(case.clone()),
            reason: reason.to_owned(),
        });
    }

    fn run(&mut self) -> Result<(), Stop> {
        // Every step moves a case or gives work away; a loop among them would be a fault, and stays bounded.
        let mut left = self.turn.engine.limits.cascade_steps;
        while let Some(next) = self.queue.pop_front().filter(|_| left > 0) {
            left -= 1;
            match next {
                Next::Case(id, event) => self.step_case(&id, event)?,
                Next::Desk(event) => self.step_desk(event)?,
            }
        }
        Ok(())
    }

    fn step_case(&mut self, id: &CaseId, event: CaseEvent) -> Result<(), Stop> {
        let (now, policy) = (self.turn.now, self.turn.engine.case_policy);
        let Some(record) = self.case(id)? else { return Ok(()) };
        let (before, version) = (record.case.status, record.case.version);
        let commands = record.case.step(event.clone(), now, &policy);
        hear(&mut record.sla, &event, before, record.case.status, now);
        let record = record.clone();
        if record.case.version != version {
            self.findings.extend(note(id, &event));
        }
        for command in commands {
            match command {
                CaseCommand::Moved { from, to } => {
                    let moved = format!("{id}, {} to {}", word(from), word(to));
                    self.findings.push(Finding::new("case").result(moved));
                    if to.is_over() {
                        self.queue.push_back(Next::Desk(DeskEvent::Done(id.clone())));
                    }
                }
                CaseCommand::Queue => {
                    let work = self.work_of(&record);
                    self.queue.push_back(Next::Desk(DeskEvent::Offer(Box::new(work))));
                }
                // Work among colleagues has no customer to ask, nor one who waits for a first word.
                CaseCommand::AskCsat if record.case.items.is_empty() => {}
                CaseCommand::AskCsat => self.actions.push(Action::AskCsat { case: id.clone() }),
                CaseCommand::SkipCsat(why) => {
                    let skipped = format!("{id}, no rating asked for: {}", word(why));
                    self.findings.push(Finding::new("case").result(skipped));
                }
                CaseCommand::Open(child) => {
                    let targets = self.turn.engine.targets(&child, record.tier.as_deref());
                    let answers =
                        child.items.is_empty().then_some(Targets { first: None, next: None, ..targets });
                    let sla = Sla::open(now, answers.unwrap_or(targets), WARN);
                    let team = child.team.clone();
                    // The other team asks for its own skills, and speaks to colleagues; the owner of the relation stays
                    // with the parent.
                    let (owner, language, skills, reply) = (None, None, BTreeMap::new(), None);
                    let child =
                        CaseRecord { case: *child, sla, owner, language, skills, reply, ..record.clone() };
                    if let Some(team) = team {
                        self.actions.push(Action::Escalate {
                            case: id.clone(),
                            child: child.case.id.clone(),
                            team,
                        });
                    }
                    let work = self.work_of(&child);
                    self.cases.insert(child.case.id.clone(), child);
                    self.queue.push_back(Next::Desk(DeskEvent::Offer(Box::new(work))));
                }
                CaseCommand::TellParent(parent) => {
                    self.queue.push_back(Next::Case(parent, CaseEvent::ChildOver(id.clone())));
                }
                CaseCommand::FollowUp(item) => self.follow_up = Some(item),
                CaseCommand::WakeAt(at) => {
                    self.timers.insert((at, Target::Case(id.clone())));
                }
                CaseCommand::Refused(refusal) => self.refused = Some(refusal),
            }
        }
        self.tick_sla(id);
        Ok(())
    }

    /// Asks the promises of a case what there is to say.
    fn tick_sla(&mut self, id: &CaseId) {
        let (now, calendar) = (self.turn.now, &self.turn.engine.calendar);
        let Some(record) = self.cases.get_mut(id) else { return };
        let priority = record.case.priority;
        for command in record.sla.tick(now, calendar) {
            match command {
                SlaCommand::WakeAt(at) => {
                    self.timers.insert((at, Target::Case(id.clone())));
                }
                SlaCommand::DueSoon { promise, .. } => {
                    self.signal("sla-due", priority, id, &format!("{} due soon", word(promise)));
                }
                SlaCommand::Missed { promise, .. } => {
                    self.signal("sla-missed", priority.raised(), id, &format!("{} missed", word(promise)));
                }
            }
        }
    }

    fn step_desk(&mut self, event: DeskEvent) -> Result<(), Stop> {
        let now = self.turn.now;
        if self.desk.is_none() {
            self.desk = Some(load_desk(self.turn)?);
        }
        let Some(desk) = &mut self.desk else { return Ok(()) };
        for command in desk.step(event, now) {
            match command {
                DeskCommand::Assign { work, agent, .. } => self.assigned(&work, agent)?,
                DeskCommand::TakeBack { work, .. } => {
                    // The desk has queued it again itself; the case only forgets who had it.
                    if let Some(record) = self.case(&work)? {
                        record.case.assignee = None;
                    }
                }
                DeskCommand::Queue { work, reason } => {
                    self.findings.push(Finding::new("queue").result(word(reason)));
                    if let Some(team) = self.case(&work)?.and_then(|record| record.case.team.clone()) {
                        self.actions.push(Action::Assign { case: work, team, agent: None });
                    }
                }
                DeskCommand::Unattended { work, .. } => {
                    self.signal("unattended", Priority::Urgent, &work, "nobody is there for it");
                }
                DeskCommand::WakeAt(at) => {
                    self.timers.insert((at, Target::Desk));
                }
            }
        }
        Ok(())
    }

    fn assigned(&mut self, work: &CaseId, agent: crate::model::AgentId) -> Result<(), Stop> {
        let Some(record) = self.case(work)? else {
            // The case is gone (its person was erased): the work is over.
            self.queue.push_back(Next::Desk(DeskEvent::Done(work.clone())));
            return Ok(());
        };
        let expected_version = record.case.version;
        let team = record.case.team.clone().unwrap_or_else(|| "everybody".into());
        self.findings.push(Finding::new("assigned").result(format!("{team}: {agent}")));
        self.actions.push(Action::Assign { case: work.clone(), team, agent: Some(agent.clone()) });
        self.queue.push_back(Next::Case(work.clone(), CaseEvent::Assign { agent, expected_version }));
        Ok(())
    }

    fn work_of(&self, record: &CaseRecord) -> Work {
        let case = &record.case;
        let since = case.waiting_since.unwrap_or(case.opened_at);
        let due = record.sla.due(&self.turn.engine.calendar, self.turn.now).unwrap_or(since);
        let mut work = Work::new(case.id.clone(), since, due.since(since).max(0));
        (work.version, work.priority, work.team) = (case.version, case.priority, case.team.clone());
        work.language.clone_from(&record.language);
        work.owner.clone_from(&record.owner);
        work.skills.clone_from(&record.skills);
        work
    }

    /// Writes what has changed, and what follows from it.
    pub(super) fn record(self, plan: &mut Plan<'_, '_>) {
        let tenant = &self.turn.engine.tenant;
        for finding in self.findings {
            plan.find(finding);
        }
        for (id, record) in self.cases {
            let key = Keys(tenant).case(&id);
            if self.turn.row(&key).and_then(|row| row.record.decode().ok()).as_deref() == Some(&record) {
                continue;
            }
            let person = record.person.clone();
            plan.tells(&id, &person);
            plan.put_of(&person, key, record);
        }
        if let Some(desk) = self.desk {
            record_desk(self.turn, plan, &desk);
        }
        for action in self.actions {
            plan.effect(action);
        }
        for (at, target) in self.timers {
            plan.timer(at, target);
        }
    }
}

/// The desk as stored. These reads are hints: only what a turn changes must still be as it was read.
fn load_desk(turn: &Turn<'_>) -> Result<Desk, Stop> {
    let engine = turn.engine;
    let keys: Vec<Key> = engine.agents().map(|agent| Keys(&engine.tenant).agent(&agent.id)).collect();
    let queue = Scan::new(&engine.tenant, Kind::Queue, "", QUEUE_PAGE);
    turn.glance(&keys, &[&queue])?;
    let mut state = DeskState { now: turn.now, ..DeskState::default() };
    for (agent, key) in engine.agents().zip(&keys) {
        if let Some(held) = turn.get::<AgentState>(key)? {
            state.agents.insert(agent.id.clone(), (*held).clone());
        }
    }
    for (_, row) in turn.page(&queue)? {
        let waiting = row.record.decode::<Waiting>()?;
        state.waiting.insert(waiting.work.id.clone(), (*waiting).clone());
    }
    let mut desk = engine.desk.clone();
    desk.restore(state);
    Ok(desk)
}

/// Writes the agents and waiting items that have changed, each a record of its own.
fn record_desk(turn: &Turn<'_>, plan: &mut Plan<'_, '_>, desk: &Desk) {
    let tenant = &turn.engine.tenant;
    let state = desk.snapshot();
    for (agent, held) in state.agents {
        let key = Keys(tenant).agent(&agent);
        let before = turn.row(&key).and_then(|row| row.record.decode::<AgentState>().ok());
        if before.as_deref().map_or_else(|| held != AgentState::default(), |before| *before != held) {
            plan.put_shared(key, held);
        }
    }
    let scan = Scan::new(tenant, Kind::Queue, "", QUEUE_PAGE);
    let stored: BTreeMap<Key, Option<Waiting>> = match turn.page(&scan) {
        Ok(rows) => rows
            .iter()
            .map(|(key, row)| (key.clone(), row.record.decode::<Waiting>().ok().map(|w| (*w).clone())))
            .collect(),
        Err(_) => BTreeMap::new(),
    };
    let now: BTreeMap<Key, Waiting> =
        state.waiting.into_values().map(|waiting| (Keys(tenant).queue(&waiting.work.id), waiting)).collect();
    for key in stored.keys().filter(|key| !now.contains_key(*key)) {
        plan.delete(key.clone());
    }
    for (key, waiting) in now {
        if stored.get(&key).and_then(Option::as_ref) != Some(&waiting) {
            plan.put_shared(key, waiting);
        }
    }
}

/// Opens the record of a case.
pub(super) fn opened(turn: &Turn<'_>, case: Case, person: String, tier: Option<&str>) -> CaseRecord {
    let sla = Sla::open(case.opened_at, turn.engine.targets(&case, tier), WARN);
    CaseRecord {
        case,
        sla,
        person,
        through: None,
        tier: tier.map(str::to_owned),
        language: None,
        owner: None,
        skills: BTreeMap::new(),
        reply: None,
    }
}

/// What somebody did to a case, as its receipt tells it.
fn note(case: &CaseId, event: &CaseEvent) -> Option<Finding> {
    let (what, result) = match event {
        CaseEvent::Reply { by, .. } => ("reply", format!("{case}, by {by}")),
        CaseEvent::Escalate { child, team, why } => {
            ("escalated", format!("{case} to {team}, as {child}: {why}"))
        }
        CaseEvent::ChildOver(child) => ("helped", format!("{case}, by {child}")),
        CaseEvent::Resolve(code) => ("resolved", format!("{case}, {code}")),
        CaseEvent::Csat { score, scale } => ("csat", format!("{case}, {score} of {scale}")),
        CaseEvent::Confirm => ("confirmed", case.to_string()),
        _ => return None,
    };
    Some(Finding::new(what).result(result))
}

/// What the promises hear of a case's event.
fn hear(sla: &mut Sla, event: &CaseEvent, before: CaseStatus, after: CaseStatus, now: Timestamp) {
    match event {
        // What comes too late to open the case again is for another case to promise.
        CaseEvent::Inbound(_) if after.is_over() => {}
        CaseEvent::Inbound(_) => {
            sla.hear(if before.is_over() { SlaEvent::Reopen } else { SlaEvent::Inbound }, now)
        }
        CaseEvent::Reply { .. } => sla.hear(SlaEvent::Reply, now),
        _ => {}
    }
    match (before, after) {
        (before, after) if before == after => {}
        (_, CaseStatus::Resolved) => sla.hear(SlaEvent::Resolve, now),
        (_, after) if after.is_waiting() => sla.hear(SlaEvent::Pause, now),
        (before, _) if before.is_waiting() => sla.hear(SlaEvent::Resume, now),
        _ => {}
    }
}

/// The serde name of a plain enum.
fn word<T: serde::Serialize>(value: T) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}
