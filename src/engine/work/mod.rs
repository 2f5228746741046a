//! Cases, promises and assignment in a turn: the desk's state machines, each fed with what the others said.
//!
//! ```text
//! CaseEvent ─► Case ─┬─ Queue ───────────► Desk ── Assign ─► Case …
//!                    ├─ Open child, TellParent ─► Case …
//!                    └─ moved ─► Sla ── due soon, missed ─► alerts
//! WakeAt of any of them ─► a timer record, and an effect
//! ```

pub(super) mod act;
pub(super) mod alerts;
pub(super) mod crisis;
pub(super) mod floor;
pub(super) mod follow;
pub(super) mod ladder;
pub(super) mod matter;
mod note;
mod promise;
pub(super) mod staff;
mod words;

use self::alerts::Raised;
use self::floor::Floor;
use self::note::note;
use self::promise::hear;
use super::Action;
use super::Finding;
use super::people::kin;
use super::plan::Plan;
use super::shelf::Stop;
use super::state::{CaseRecord, ItemState, Keys, PersonState, Target};
use super::turn::Turn;
use crate::desk::{Case, CaseCommand, CaseEvent, Entry, Refusal, Sla, SlaCommand, SlaEvent, Targets};
use crate::model::{AgentId, CaseId, CaseStatus, ItemKey, Priority, Timestamp};
use crate::route::{DeskCommand, DeskEvent, Work};
use crate::store::{Key, Kind};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// How long before a miss it is announced, in business milliseconds: ten minutes, less than any sensible target.
const WARN: i64 = 10 * 60_000;

/// Steps of the machines that one event may set off: more than a page of timers does where each moves a case, its promises,
/// its parent and the desk.
const STEPS: usize = 4_096;

/// Cases gone through, at most, from one that was folded into another to where that stands now.
const CHAIN: usize = 16;

/// What the machines still have to hear.
enum Next {
    Case(CaseId, CaseEvent),
    Desk(DeskEvent),
}

/// The cases and the desk of one turn.
pub(super) struct Docket<'t, 'e> {
    turn: &'t Turn<'e>,
    cases: BTreeMap<CaseId, CaseRecord>,
    floor: Floor,
    queue: VecDeque<Next>,
    refused: Option<Refusal>,
    follow_up: Option<ItemKey>,
    findings: Vec<Finding>,
    actions: Vec<Action>,
    timers: BTreeSet<(Timestamp, Target)>,
    signals: Vec<Raised>,
    /// Who does what the machines hear.
    by: Option<AgentId>,
    /// What hangs on the people to whom cases were added.
    people: BTreeMap<Key, (String, PersonState)>,
    /// Items of which the case is told, with whose they are: replies that have not been heard of, what was split off.
    told: Vec<(Key, Option<String>, ItemState)>,
}

impl<'t, 'e> Docket<'t, 'e> {
    pub(super) fn new(turn: &'t Turn<'e>) -> Self {
        Self {
            turn,
            cases: BTreeMap::new(),
            floor: Floor::default(),
            queue: VecDeque::new(),
            refused: None,
            follow_up: None,
            findings: Vec::new(),
            actions: Vec::new(),
            timers: BTreeSet::new(),
            signals: Vec::new(),
            by: None,
            people: BTreeMap::new(),
            told: Vec::new(),
        }
    }

    /// Says who does it.
    pub(super) fn by(mut self, by: Option<&AgentId>) -> Self {
        self.by = by.cloned();
        self
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

    /// What a case stands in by now: it may have been folded into another.
    pub(super) fn stands(&mut self, case: &CaseId) -> Result<CaseId, Stop> {
        let mut id = case.clone();
        for _ in 0..CHAIN {
            match self.case(&id)?.and_then(|record| record.case.merged_into.clone()) {
                Some(next) => id = next,
                None => break,
            }
        }
        Ok(id)
    }

    /// True when these are all the items of a case.
    pub(super) fn holds(&mut self, case: &CaseId, items: &BTreeSet<ItemKey>) -> Result<bool, Stop> {
        self.recall(case, items)?;
        let all = |record: &CaseRecord| record.items() as usize == record.case.items.len();
        Ok(self.case(case)?.is_some_and(|record| all(record) && record.case.items.is_subset(items)))
    }

    /// Puts those of some items that stand in a case into it, so that it knows them.
    fn recall(&mut self, case: &CaseId, items: &BTreeSet<ItemKey>) -> Result<(), Stop> {
        let keys = Keys(&self.turn.engine.tenant);
        let rows: Vec<Key> = items.iter().map(|item| keys.item(item)).collect();
        self.turn.want(&rows.iter().collect::<Vec<_>>(), &[])?;
        let mut held = Vec::with_capacity(rows.len());
        for (item, key) in items.iter().zip(&rows) {
            held.extend(self.turn.get::<ItemState>(key)?.map(|state| (item.clone(), state)));
        }
        let Some(record) = self.case(case)? else { return Ok(()) };
        held.retain(|(_, state)| record.holds(state));
        record.case.items.extend(held.into_iter().map(|(item, _)| item));
        Ok(())
    }

    /// Keeps which case a reply was sent in, so that what becomes of it finds the case.
    pub(super) fn sent(&mut self, case: &CaseId, item: &ItemKey) -> Result<(), Stop> {
        let key = Keys(&self.turn.engine.tenant).item(item);
        let held = self.turn.get::<ItemState>(&key)?;
        if held.as_ref().is_none_or(|held| held.case.is_none())
            && let Some(person) = self.case(case)?.map(|record| record.person.clone())
        {
            let person = if held.is_some() { self.turn.subject(&key) } else { Some(person) };
            let held = held.map(|held| (*held).clone()).unwrap_or_default();
            self.told.push((key, person, ItemState { case: Some(case.clone()), ..held }));
        }
        Ok(())
    }

    /// Keeps which case items stand in from now on, so that an answer to one finds it however often they move.
    pub(super) fn moved(&mut self, items: &BTreeSet<ItemKey>, into: &CaseId) -> Result<(), Stop> {
        let keys: Vec<Key> = items.iter().map(|item| Keys(&self.turn.engine.tenant).item(item)).collect();
        self.turn.want(&keys.iter().collect::<Vec<_>>(), &[])?;
        for key in keys {
            if let Some(state) = self.turn.get::<ItemState>(&key)? {
                let state = ItemState { case: Some(into.clone()), ..(*state).clone() };
                self.told.push((key.clone(), self.turn.subject(&key), state));
            }
        }
        Ok(())
    }

    /// What was folded into a case that is folded itself goes where it goes.
    pub(super) fn follow(&mut self, folded: &BTreeSet<CaseId>, into: &CaseId) -> Result<(), Stop> {
        self.look_up(folded)?;
        for id in folded {
            if let Some(record) = self.case(id)? {
                record.case.merged_into = Some(into.clone());
            }
        }
        Ok(())
    }

    /// An agent gives a case back. The desk queues it again itself, and remembers who declined it.
    pub(super) fn decline(&mut self, id: &CaseId, agent: &AgentId) -> Result<(), Stop> {
        let (now, policy) = (self.turn.now, self.turn.engine.case_policy);
        let Some(record) = self.case(id)? else { return Ok(()) };
        record.case.step(CaseEvent::Unassign, now, &policy);
        self.findings.push(Finding::new("declined").result(format!("{id}, by {agent}")));
        self.desk([DeskEvent::Decline { work: id.clone(), agent: agent.clone() }])?;
        let waits = |record: &&mut CaseRecord| record.case.assignee.is_none();
        let team = self.case(id)?.filter(waits).and_then(|record| record.case.team.clone());
        let queued = team.map(|team| Action::Assign { case: id.clone(), team, agent: None });
        if let Some(queued) = queued.filter(|queued| !self.actions.contains(queued)) {
            self.actions.push(queued);
        }
        Ok(())
    }

    /// An agent is no longer there: what they held waits for another.
    pub(super) fn release<'c>(
        &mut self,
        agent: &AgentId,
        held: impl Iterator<Item = &'c CaseId> + Clone,
    ) -> Result<(), Stop> {
        self.look_up(held.clone())?;
        for id in held {
            if self.case(id)?.is_some_and(|record| record.case.assignee.as_ref() == Some(agent)) {
                self.findings
                    .push(Finding::new("given back").result(format!("{id}, {agent} is no longer here")));
                self.queue.push_back(Next::Case(id.clone(), CaseEvent::Unassign));
            }
        }
        self.run()
    }

    /// Tells the desk something, and carries on until nothing more follows.
    pub(super) fn desk(&mut self, events: impl IntoIterator<Item = DeskEvent>) -> Result<(), Stop> {
        self.queue.extend(events.into_iter().map(Next::Desk));
        self.run()
    }

    /// Lets time do what it does to cases, and to what waits in lines.
    pub(super) fn wake(&mut self, cases: Vec<CaseId>, lines: BTreeSet<Box<str>>) -> Result<(), Stop> {
        self.look_up(&cases)?;
        self.queue.extend(cases.into_iter().map(|case| Next::Case(case, CaseEvent::Tick)));
        if !lines.is_empty() {
            self.floor.wake(lines);
            self.queue.push_back(Next::Desk(DeskEvent::Tick));
        }
        self.run()
    }

    /// Looks many cases up in one round.
    fn look_up<'c>(&self, cases: impl IntoIterator<Item = &'c CaseId>) -> Result<(), Stop> {
        let missing = cases.into_iter().filter(|case| !self.cases.contains_key(*case));
        let keys: Vec<Key> = missing.map(|case| Keys(&self.turn.engine.tenant).case(case)).collect();
        self.turn.want(&keys.iter().collect::<Vec<_>>(), &[])
    }

    /// Why something told was refused.
    pub(super) fn refusal(&self) -> Option<&Refusal> {
        self.refused.as_ref()
    }

    /// The item for which a case that is over asks for a new one.
    pub(super) fn follow_up(&mut self) -> Option<ItemKey> {
        self.follow_up.take()
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
        for _ in 0..STEPS {
            match self.queue.pop_front() {
                None => return Ok(()),
                Some(Next::Case(id, event)) => self.step_case(&id, event)?,
                Some(Next::Desk(event)) => {
                    let mut events = vec![event];
                    while let Some(next) = self.queue.pop_front() {
                        match next {
                            Next::Desk(event) => events.push(event),
                            case => {
                                self.queue.push_front(case);
                                break;
                            }
                        }
                    }
                    self.step_desk(events)?;
                }
            }
        }
        // A loop among the machines would be a fault of ours; it ends, and is told.
        let left = std::mem::take(&mut self.queue).len();
        self.findings.push(Finding::new("stopped").result(format!("{left} steps after {STEPS} others")));
        Ok(())
    }

    fn step_case(&mut self, id: &CaseId, event: CaseEvent) -> Result<(), Stop> {
        let (now, policy) = (self.turn.now, self.turn.engine.case_policy);
        match &event {
            CaseEvent::Inbound(item) | CaseEvent::Reply { item, .. } | CaseEvent::Undelivered(item) => {
                self.recall(id, &BTreeSet::from([item.clone()]))?;
            }
            CaseEvent::Split { items, .. } => self.recall(id, items)?,
            _ => {}
        }
        let Some(record) = self.case(id)? else { return Ok(()) };
        let items = record.case.items.clone();
        let (before, version) = (record.case.status, record.case.version);
        let (priority, waited) = (record.case.priority, record.case.waiting_since);
        let commands = record.case.step(event.clone(), now, &policy);
        record.count(&items);
        if let CaseEvent::Inbound(item) = &event
            && !items.contains(item)
            && record.case.items.contains(item)
        {
            record.heard([item.clone()]);
        }
        hear(&mut record.sla, &event, before, record.case.status, now);
        if waited.is_none() && matches!(event, CaseEvent::Absorb(_)) && record.case.waiting_since.is_some() {
            record.sla.hear(SlaEvent::Inbound, now);
        }
        let record = record.clone();
        if record.case.version != version {
            self.findings.extend(note(id, &event, self.by.as_ref()));
        }
        for command in commands {
            match command {
                CaseCommand::Moved { from, to } => {
                    let moved = format!("{id}, {} to {}", word(from), word(to));
                    self.findings.push(Finding::new("case").result(moved));
                    // What is put away is nobody's to be given until it comes back.
                    let away = (is_put_away(from), is_put_away(to), record.case.assignee.is_none());
                    if to.is_over() || matches!(away, (false, true, true)) {
                        self.queue.push_back(Next::Desk(DeskEvent::Done(id.clone())));
                    } else if matches!(away, (true, false, true)) {
                        self.offer(&record);
                    }
                }
                CaseCommand::Queue => self.offer(&record),
                // Work among colleagues has no customer to ask, nor one who waits for a first word.
                CaseCommand::AskCsat if record.case.parent.is_some() && record.items() == 0 => {}
                CaseCommand::AskCsat => self.actions.push(Action::AskCsat { case: id.clone() }),
                CaseCommand::SkipCsat(why) => {
                    let skipped = format!("{id}, no rating asked for: {}", word(why));
                    self.findings.push(Finding::new("case").result(skipped));
                }
                CaseCommand::Open(part) if !part.items.is_empty() => {
                    // The customer was promised an answer to all of it: the clock goes on.
                    let (reply, place, folded) = (None, None, BTreeSet::new());
                    let mut part = CaseRecord {
                        case: *part,
                        said: BTreeMap::new(),
                        recent: Vec::new(),
                        children: BTreeSet::new(),
                        reply,
                        place,
                        folded,
                        ..record.clone()
                    };
                    part.count(&BTreeSet::new());
                    part.heard(words::of_customer(self.turn, &part.case.items, |_| true)?);
                    self.remember(id, &part.case.items)?;
                    part.case.timeline.push(Entry { at: now, event: event.clone(), from: None });
                    self.list(&part)?;
                    self.offer(&part);
                    self.cases.insert(part.case.id.clone(), part);
                }
                CaseCommand::Open(child) => {
                    let targets = self.turn.engine.targets(&child, record.tier.as_deref());
                    let sla = Sla::open(now, Targets { first: None, next: None, ..targets }, WARN);
                    let team = child.team.clone();
                    // The other team asks for its own skills, and speaks to colleagues; the owner of the relation stays
                    // with the parent.
                    let (owner, language, skills) = (None, None, BTreeMap::new());
                    let child = CaseRecord {
                        case: *child,
                        said: BTreeMap::new(),
                        recent: Vec::new(),
                        children: BTreeSet::new(),
                        sla,
                        owner,
                        language,
                        skills,
                        folded: BTreeSet::new(),
                        reply: None,
                        place: None,
                        ..record.clone()
                    };
                    if let Some(team) = team {
                        self.actions.push(Action::Escalate {
                            case: id.clone(),
                            child: child.case.id.clone(),
                            team,
                        });
                    }
                    self.offer(&child);
                    if let Some(record) = self.cases.get_mut(id) {
                        record.children.insert(child.case.id.clone());
                    }
                    self.cases.insert(child.case.id.clone(), child);
                }
                CaseCommand::TellParent(parent) => {
                    let parent = self.stands(&parent)?;
                    self.queue.push_back(Next::Case(parent, CaseEvent::ChildOver(id.clone())));
                }
                CaseCommand::FollowUp(item) => self.follow_up = Some(item),
                CaseCommand::WakeAt(at) => {
                    self.timers.insert((at, Target::Case(id.clone())));
                }
                CaseCommand::Refused(refusal) => self.refused = Some(refusal),
            }
        }
        if record.case.priority != priority {
            self.reprioritise(record, priority);
        }
        self.tick_sla(id);
        Ok(())
    }

    /// What the old priority promised, the new one promises anew; what waits, waits in its new place.
    fn reprioritise(&mut self, record: CaseRecord, before: Priority) {
        let engine = self.turn.engine;
        let tier = record.tier.as_deref();
        let old = engine.sla.targets(&record.case.kind, before, tier);
        let new = engine.targets(&record.case, tier);
        if old != new
            && record.sla.targets() == old
            && let Some(record) = self.cases.get_mut(&record.case.id)
        {
            record.sla.hear(SlaEvent::Swap(new), self.turn.now);
        }
        let status = record.case.status;
        if record.case.assignee.is_none() && !status.is_over() && !is_put_away(status) {
            self.offer(&record);
        }
    }

    fn offer(&mut self, record: &CaseRecord) {
        let work = self.work_of(record);
        self.queue.push_back(Next::Desk(DeskEvent::Offer(Box::new(work))));
    }

    /// Lists a new case among those of its person, where the next word of theirs finds it.
    fn list(&mut self, record: &CaseRecord) -> Result<(), Stop> {
        let person = kin::behind(self.turn, &record.person)?;
        let key = Key::new(&self.turn.engine.tenant, Kind::Person, person.as_str());
        if !self.people.contains_key(&key) {
            let state = self.turn.get::<PersonState>(&key)?.map(|state| (*state).clone()).unwrap_or_default();
            self.people.insert(key.clone(), (person, state));
        }
        if let Some((_, state)) = self.people.get_mut(&key) {
            state.cases.push(record.case.id.clone());
        }
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

    fn step_desk(&mut self, events: Vec<DeskEvent>) -> Result<(), Stop> {
        self.look_up(events.iter().filter_map(DeskEvent::work))?;
        let commands = self.floor.hear(self.turn, &self.cases, events)?;
        self.look_up(commands.iter().filter_map(DeskCommand::work))?;
        for command in commands {
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
                    // Its team is told, also of a case that has only waited until now.
                    self.case(&work)?;
                    self.signal("unattended", Priority::Urgent, &work, "nobody is there for it");
                }
                // Whoever waits and whoever works asks to be woken; see `Floor::record`.
                DeskCommand::WakeAt(_) => {}
            }
        }
        Ok(())
    }

    fn assigned(&mut self, work: &CaseId, agent: AgentId) -> Result<(), Stop> {
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

    /// Writes what has changed, and what follows from it; the alerts that are to be raised.
    #[must_use = "alerts that nobody raises are lost"]
    pub(super) fn record(mut self, plan: &mut Plan<'_, '_>) -> Vec<Raised> {
        let tenant = &self.turn.engine.tenant;
        for (key, (person, state)) in self.people {
            plan.put_of(&person, key, state);
        }
        for (key, person, state) in self.told {
            plan.put_filed(person.as_deref(), key, state);
        }
        for finding in self.findings {
            plan.find(finding);
        }
        self.timers.extend(self.floor.record(self.turn, plan, &mut self.cases));
        for (id, mut record) in self.cases {
            plan.joined.extend(record.case.items.iter().map(|item| (item.clone(), id.clone())));
            let chapter = record.take_chapter();
            let key = Keys(tenant).case(&id);
            if self.turn.row(&key).and_then(|row| row.record.decode().ok()).as_deref() == Some(&record) {
                continue;
            }
            plan.tells(&record, chapter);
            let person = record.person.clone();
            plan.put_of(&person, key, record);
        }
        for action in self.actions {
            plan.effect(action);
        }
        for (at, target) in self.timers {
            plan.timer(at, target);
        }
        self.signals
    }
}

/// Opens the record of a case.
pub(super) fn opened(turn: &Turn<'_>, case: Case, person: String, tier: Option<&str>) -> CaseRecord {
    let sla = Sla::open(case.opened_at, turn.engine.targets(&case, tier), WARN);
    let mut record = CaseRecord {
        case,
        said: BTreeMap::new(),
        recent: Vec::new(),
        children: BTreeSet::new(),
        sla,
        person,
        through: None,
        also: BTreeSet::new(),
        folded: BTreeSet::new(),
        tier: tier.map(str::to_owned),
        language: None,
        owner: None,
        skills: BTreeMap::new(),
        reply: None,
        place: None,
    };
    record.count(&BTreeSet::new());
    record.heard(record.case.items.clone());
    record
}

/// True while a case waits because somebody put it away.
fn is_put_away(status: CaseStatus) -> bool {
    matches!(status, CaseStatus::OnHold | CaseStatus::Snoozed)
}

/// The serde name of a plain enum.
fn word<T: serde::Serialize>(value: T) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}
