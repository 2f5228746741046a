//! The eighteen invariants in one deterministic simulation: a desk with its cases, promises, alerts, ladders and
//! drafts, under a seeded stream of everything that can happen, in virtual time.
//!
//! 20,000 steps here; `HEARKEN_STEPS=1000000 cargo test --release --test main desk::invariants -- --nocapture`
//! for more, with the coverage of the branches printed. A failure names the seed and the step.

use crate::route::Random;
use hearken::calendar::{Calendar, Hours, Weekly};
use hearken::desk::*;
use hearken::model::{AgentId, CaseId, ItemKey, Platform, Priority, Timestamp};
use hearken::route::{Agent, Desk, DeskCommand, DeskEvent, DeskState, Policy, Presence, Wait, Why, Work};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

const MINUTE: i64 = 60_000;
const LANGUAGES: [&str; 2] = ["en", "pt"];
const SKILLS: [&str; 2] = ["billing", "tech"];

/// What must be the same, and what may differ, between two runs of one seed.
#[derive(Clone, Copy, Default)]
struct Variant {
    /// Everything is written to JSON and read again now and then.
    crashes: bool,
    /// The agents are configured in another order.
    shuffled: bool,
}

#[derive(Default)]
struct Outcome {
    digest: u64,
    coverage: BTreeMap<&'static str, u64>,
}

struct Matter {
    case: Case,
    sla: Sla,
    work: Work,
    draft: Option<Draft>,
    /// Who has agreed to which text: a plain record beside the draft's own.
    agreed: BTreeSet<(AgentId, String)>,
    ladder: Option<Escalation>,
    climbed: BTreeSet<(u32, u32)>,
    manual: bool,
}

struct World {
    random: Random,
    variant: Variant,
    now: Timestamp,
    agents: Vec<Agent>,
    policy: Policy,
    desk: Desk,
    calendar: Calendar,
    matters: BTreeMap<CaseId, Matter>,
    received: u64,
    closed: u64,
    items: u64,
    alerts: Alerts,
    alert_policy: AlertPolicy,
    told: BTreeMap<AlertKey, Timestamp>,
    last: Option<DeskEvent>,
    digest: DefaultHasher,
    coverage: BTreeMap<&'static str, u64>,
}

fn agents() -> Vec<Agent> {
    (0..6u32)
        .map(|index| {
            let mut agent = Agent::new(format!("agent{index}"), 2 + index % 3);
            agent.languages = LANGUAGES[..1 + index as usize % 2].iter().map(|l| (*l).to_owned()).collect();
            agent.skills =
                SKILLS[index as usize % 2..].iter().map(|s| ((*s).to_owned(), 1 + index as u8 % 3)).collect();
            agent.stay_available = index == 4;
            agent.backup = (index == 0).then(|| "agent1".into());
            agent.teams = BTreeSet::from([if index == 5 { "night" } else { "day" }.into()]);
            agent.hours = (index == 3).then(|| Hours {
                zone: "Europe/London".into(),
                weekly: Weekly {
                    sun: vec!["00:00-24:00".into()],
                    ..Weekly::workdays(&["00:30-12:00", "13:00-02:00"][..1])
                },
                holidays: vec![],
            });
            agent
        })
        .collect()
}

impl World {
    fn new(seed: u64, variant: Variant) -> Self {
        let policy = Policy {
            grace: Some(20 * MINUTE),
            fallback: Some("night".into()),
            tighten: 6,
            hold: 0,
            ..Policy::promises()
        };
        let mut agents = agents();
        if variant.shuffled {
            agents.reverse();
        }
        let zone = |hours: &Hours| Calendar::build(hours).unwrap();
        let hours = Hours {
            zone: "Europe/London".into(),
            weekly: Weekly {
                sun: vec!["00:30-04:00".into()],
                ..Weekly::workdays(&["07:00-12:00", "13:00-22:00"])
            },
            holidays: vec![],
        };
        let crisis =
            Inhibition { source: AlertKind::Crisis, target: AlertKind::Negative, equal: BTreeSet::new() };
        let rule = AlertRule { repeat_interval: 30 * MINUTE, quiet: 120 * MINUTE, ..AlertRule::default() };
        Self {
            random: Random(seed),
            variant,
            now: Timestamp::parse("2024-10-25T06:00:00Z").unwrap(),
            desk: Desk::build(agents.clone(), policy.clone()).unwrap(),
            agents,
            policy,
            calendar: zone(&hours),
            matters: BTreeMap::new(),
            received: 0,
            closed: 0,
            items: 0,
            alerts: Alerts::default(),
            alert_policy: AlertPolicy {
                rules: vec![(AlertKind::Negative, rule.clone()), (AlertKind::Crisis, rule)],
                inhibitions: vec![crisis],
            },
            told: BTreeMap::new(),
            last: None,
            digest: DefaultHasher::new(),
            coverage: BTreeMap::new(),
        }
    }

    fn saw(&mut self, branch: &'static str) {
        *self.coverage.entry(branch).or_default() += 1;
    }

    fn item(&mut self) -> ItemKey {
        self.items += 1;
        ItemKey::new(Platform::X, self.items.to_string())
    }

    fn agent(&mut self) -> AgentId {
        format!("agent{}", self.random.below(6)).into()
    }

    fn some_case(&mut self) -> Option<CaseId> {
        let place = self.random.below(self.matters.len().max(1) as u64) as usize;
        self.matters.keys().nth(place).cloned()
    }

    fn step(&mut self) {
        self.now = self.now + self.random.below(3 * MINUTE as u64) as i64;
        match self.random.below(if self.matters.len() > 24 { 26 } else { 34 }) {
            0..=2 => self.presence(),
            3 | 4 => self.answer(),
            5..=8 => self.resolve(),
            9 => self.wait(),
            10 => self.decline(),
            11 => self.take(),
            12 => self.speak_again(),
            13 => self.swap_sla(),
            14 | 15 => self.alert(),
            16..=18 => self.draft(),
            19 => self.climb(),
            20 => self.confirm(),
            21 => self.again(),
            22 => self.jump(),
            23 => self.tick(),
            24 => self.crash(),
            25 => self.edit_calendar(),
            _ => self.receive(),
        }
        self.pass();
        self.check();
    }

    // What can happen.

    fn receive(&mut self) {
        self.received += 1;
        let id = CaseId::from(format!("case{:07}", self.received));
        let item = self.item();
        let case = Case::open(id.clone(), self.now, item);
        let targets =
            Targets { first: Some(30 * MINUTE), next: Some(45 * MINUTE), resolution: Some(300 * MINUTE) };
        let mut work = Work::new(id.clone(), self.now, 60 * MINUTE);
        work.version = case.version;
        work.priority = Priority::ALL[self.random.below(5) as usize];
        work.units = 1 + self.random.below(2) as u32;
        work.language = Some(LANGUAGES[self.random.below(2) as usize].to_owned());
        work.team = (self.random.below(8) == 0).then(|| "nobody".into());
        work.owner = (self.random.below(6) == 0).then(|| "agent0".into());
        if self.random.below(2) == 0 {
            work.skills
                .insert(SKILLS[self.random.below(2) as usize].to_owned(), 1 + self.random.below(3) as u8);
        }
        let sla = Sla::open(self.now, targets, 10 * MINUTE);
        let matter = Matter {
            case,
            sla,
            work: work.clone(),
            draft: None,
            agreed: BTreeSet::new(),
            ladder: None,
            climbed: BTreeSet::new(),
            manual: false,
        };
        self.matters.insert(id, matter);
        self.desk(DeskEvent::Offer(Box::new(work)));
    }

    fn presence(&mut self) {
        let states = [Presence::Online, Presence::Online, Presence::Away, Presence::Offline];
        let (agent, presence) = (self.agent(), states[self.random.below(4) as usize]);
        self.desk(DeskEvent::Presence { agent, presence });
    }

    fn answer(&mut self) {
        let Some(id) = self.some_case() else { return };
        let (item, by, now) = (self.item(), self.agent(), self.now);
        let bot = self.random.below(3) == 0 && !self.matters[&id].case.human;
        self.case(&id, CaseEvent::Reply { item, by, bot });
        self.matter(&id, |matter| matter.sla.hear(SlaEvent::Reply, now));
    }

    fn speak_again(&mut self) {
        let Some(id) = self.some_case() else { return };
        let (item, now) = (self.item(), self.now);
        self.case(&id, CaseEvent::Inbound(item.clone()));
        assert!(self.case(&id, CaseEvent::Inbound(item)).is_empty(), "invariant 11: the same item again");
        self.matter(&id, |matter| matter.sla.hear(SlaEvent::Inbound, now));
    }

    fn wait(&mut self) {
        let Some(id) = self.some_case() else { return };
        let (now, until) = (self.now, self.now + self.random.below(90 * MINUTE as u64) as i64 + 1);
        let (event, heard) = match self.random.below(5) {
            0 => (CaseEvent::Snooze(until), SlaEvent::Pause),
            1 => (CaseEvent::Hold("a reason".into()), SlaEvent::Pause),
            2 => (CaseEvent::AwaitInternal, SlaEvent::Pause),
            3 => (CaseEvent::AwaitCustomer, SlaEvent::Pause),
            _ => (CaseEvent::Resume, SlaEvent::Resume),
        };
        let before = self.matters[&id].sla.state(Promise::Resolution, &self.calendar, now).due;
        self.case(&id, event);
        self.matter(&id, |matter| matter.sla.hear(heard, now));
        let after = self.matters[&id].sla.state(Promise::Resolution, &self.calendar, now).due;
        if let (Some(before), Some(after)) = (before, after) {
            assert!(before <= after, "invariant 8: a pause moves no deadline earlier");
        }
    }

    fn resolve(&mut self) {
        let Some(id) = self.some_case() else { return };
        let (now, over) = (self.now, self.matters[&id].case.status.is_over());
        if over {
            // Old matters are forgotten: what is left is the count.
            self.matters.remove(&id);
            self.closed += 1;
            return;
        }
        self.case(&id, CaseEvent::Resolve("answered".into()));
        self.matter(&id, |matter| {
            matter.sla.hear(SlaEvent::Resolve, now);
            if let Some(ladder) = &mut matter.ladder {
                ladder.stop();
            }
        });
        self.desk(DeskEvent::Done(id.clone()));
        let again = self.desk.clone().step(DeskEvent::Done(id), self.now);
        assert!(again.is_empty(), "invariant 11: done twice: {again:?}");
    }

    fn confirm(&mut self) {
        let Some(id) = self.some_case() else { return };
        if self.random.below(2) == 0 {
            self.case(&id, CaseEvent::Csat { score: 4, scale: 5 });
        }
        let commands = self.case(&id, CaseEvent::Confirm);
        if matches!(commands[..], [CaseCommand::Refused(Refusal::NoCsat)]) {
            self.saw("no confirmation without a rating");
        }
    }

    fn decline(&mut self) {
        let Some(id) = self.some_case() else { return };
        if let Some(agent) = self.desk.roster().holder(&id).cloned() {
            self.matter(&id, |matter| {
                matter.work.declined.insert(agent.clone());
            });
            self.saw("declined");
            self.desk(DeskEvent::Decline { work: id, agent });
        }
    }

    fn take(&mut self) {
        let Some(id) = self.some_case() else { return };
        let agent = self.agent();
        self.desk(DeskEvent::Take { work: id, agent });
    }

    fn swap_sla(&mut self) {
        let Some(id) = self.some_case() else { return };
        let (now, minutes) = (self.now, 1 + self.random.below(400) as i64);
        let missed = |matter: &Matter, calendar: &Calendar| {
            matter.sla.state(Promise::Resolution, calendar, now).missed
        };
        let before = missed(&self.matters[&id], &self.calendar);
        let targets = Targets { first: Some(30 * MINUTE), next: None, resolution: Some(minutes * MINUTE) };
        self.matter(&id, |matter| matter.sla.hear(SlaEvent::Swap(targets), now));
        let after = missed(&self.matters[&id], &self.calendar);
        assert!(after.starts_with(&before), "invariant 8: a miss is never forgotten");
        let state = self.matters[&id].sla.state(Promise::Resolution, &self.calendar, now);
        if state.is_active_with_misses() {
            self.saw("active with misses");
        }
    }

    fn alert(&mut self) {
        let id = self.random.below(60).to_string();
        let kind = if self.random.below(9) == 0 { AlertKind::Crisis } else { AlertKind::Negative };
        let key = AlertKey { kind: kind.clone(), labels: Labels::new() };
        let event = match self.random.below(6) {
            0 => AlertEvent::Resolve(key),
            1 => AlertEvent::Acknowledge { key, by: "agent1".into() },
            2 if self.random.below(4) == 0 => {
                self.saw("silenced");
                let until = self.now + self.random.below(40 * MINUTE as u64) as i64;
                AlertEvent::Silence(Silence {
                    kind: Some(kind),
                    labels: Labels::new(),
                    from: self.now,
                    until,
                })
            }
            _ => AlertEvent::Signal(Signal { id, kind, priority: Priority::High, labels: Labels::new() }),
        };
        self.alert_event(event);
    }

    fn draft(&mut self) {
        let Some(id) = self.some_case() else { return };
        let (by, now, words) = (self.agent(), self.now, self.random.below(3));
        let setting = Setting {
            case_version: self.matters[&id].case.version,
            human: self.matters[&id].case.human,
            answers_auto_reply: self.random.below(9) == 0,
            paused: false,
        };
        let choice = self.random.below(6);
        let stale = self.random.below(9) == 0;
        let Some(matter) = self.matters.get_mut(&id) else { return };
        let policy = ApprovalPolicy { bots_need_approval: false, ..ApprovalPolicy::default() };
        let Some(draft) = &mut matter.draft else {
            let author = if words == 0 { Author::Bot("bot".into()) } else { Author::Person(by) };
            matter.draft = Some(Draft::new(id.as_str(), author, "Hello."));
            return;
        };
        let text = draft.text.clone();
        let event = match choice {
            0 => DraftEvent::Edit { by, text: format!("Hello {words}.") },
            1 | 2 => DraftEvent::Submit,
            3 => DraftEvent::Approve { by, text: draft.hash() },
            _ => {
                let case_version = setting.case_version + u64::from(stale);
                DraftEvent::Publish { text: draft.hash(), case_version }
            }
        };
        let (was, bot) = (draft.status, matches!(draft.author, Author::Bot(_)));
        let writers = draft.writers.clone();
        let commands = draft.step(event.clone(), now, &policy, setting);
        let refused = matches!(commands[..], [DraftCommand::Refused(_)]);
        if let DraftEvent::Approve { by, .. } = &event
            && !refused
        {
            assert!(!writers.contains(by), "invariant 16: nobody approves their own");
            matter.agreed.insert((by.clone(), text.clone()));
        }
        let seen = match &commands[..] {
            [DraftCommand::Publish { text, .. }] => {
                let agreed = matter.agreed.iter().any(|(_, other)| other == text);
                assert!(was != DraftStatus::Published, "invariant 16: published twice");
                assert!(agreed || bot, "invariant 16: published without approval of this text");
                assert!(!(bot && setting.human), "invariant 17: a bot spoke after a person");
                assert!(!(bot && setting.answers_auto_reply), "a program answered a program");
                assert!(!stale, "a stale publish went out");
                Some("published")
            }
            [DraftCommand::Refused(DraftRefusal::HumanTookOver)] => Some("bot silenced"),
            [DraftCommand::Refused(DraftRefusal::StaleCase)] => Some("stale publish refused"),
            [DraftCommand::Refused(DraftRefusal::OwnWork)] => Some("own work refused"),
            _ => None,
        };
        self.note(&commands);
        if let Some(branch) = seen {
            self.saw(branch);
        }
    }

    fn climb(&mut self) {
        let Some(id) = self.some_case() else { return };
        let (now, by) = (self.now, self.agent());
        let step = |to: &str| LadderStep { to: to.into(), wait: 15 * MINUTE };
        self.matter(&id, |matter| match &mut matter.ladder {
            Some(ladder) => ladder.acknowledge(by),
            None if matter.case.status.is_over() => {}
            None => {
                let ladder =
                    Ladder { steps: vec![step("social"), step("legal"), step("executives")], rounds: 2 };
                matter.ladder = Some(Escalation::start(ladder, now));
            }
        });
    }

    /// The same desk event again: nothing new, except that time has passed.
    fn again(&mut self) {
        self.tick();
        if let Some(event @ (DeskEvent::Presence { .. } | DeskEvent::Done(_) | DeskEvent::Tick)) =
            self.last.clone()
        {
            let commands = self.desk.clone().step(event, self.now);
            assert!(commands.is_empty(), "invariant 11: {commands:?}");
            self.saw("duplicate");
        }
    }

    fn jump(&mut self) {
        let back = self.random.below(3) == 0;
        let far = self.random.below(36 * 60) as i64 * MINUTE;
        self.saw(if back { "clock back" } else { "clock forward" });
        if back {
            // The machines are told an earlier time once; the world goes on from the later one.
            let now = self.now;
            self.now = self.now - far;
            self.desk(DeskEvent::Tick);
            self.alert_event(AlertEvent::Tick);
            self.now = now;
        } else {
            self.now = self.now + far;
        }
    }

    fn tick(&mut self) {
        self.desk(DeskEvent::Tick);
    }

    /// Everything is lost but what was written down.
    fn crash(&mut self) {
        if !self.variant.crashes {
            return;
        }
        self.saw("crash");
        let written = serde_json::to_string(&self.desk.snapshot()).unwrap();
        let read: DeskState = serde_json::from_str(&written).unwrap();
        self.desk = Desk::build(self.agents.clone(), self.policy.clone()).unwrap();
        assert!(self.desk.restore(read).is_empty());
        assert_eq!(serde_json::to_string(&self.desk.snapshot()).unwrap(), written, "invariant 12");
        fn again<T: serde::Serialize + serde::de::DeserializeOwned>(value: &mut T) {
            *value = serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap();
        }
        again(&mut self.alerts);
        for matter in self.matters.values_mut() {
            again(&mut matter.case);
            again(&mut matter.sla);
            again(&mut matter.ladder);
            again(&mut matter.draft);
        }
    }

    fn edit_calendar(&mut self) {
        let zone =
            ["Europe/London", "America/New_York", "Australia/Lord_Howe"][self.random.below(3) as usize];
        let hours = Hours {
            zone: zone.into(),
            weekly: Weekly {
                sun: vec!["00:30-04:00".into()],
                ..Weekly::workdays(&["07:00-12:00", "13:00-22:00"])
            },
            holidays: vec![],
        };
        self.calendar = Calendar::build(&hours).unwrap();
        self.saw("calendar edited");
    }

    // What follows from it.

    /// Time does what it does by itself.
    fn pass(&mut self) {
        let now = self.now;
        self.alert_event(AlertEvent::Tick);
        // However often one looks: the machines say the same.
        let looked_at =
            if self.random.below(4) == 0 { self.matters.keys().cloned().collect() } else { Vec::new() };
        for id in looked_at {
            self.case(&id, CaseEvent::Tick);
            let Some(matter) = self.matters.get_mut(&id) else { continue };
            let news = matter.sla.tick(now, &self.calendar);
            let told = matter.ladder.as_mut().map_or(Vec::new(), |ladder| {
                let quiet = ladder.acknowledged.is_some() || matter.case.status.is_over();
                let told = ladder.tick(now);
                assert!(!quiet || told.is_empty(), "invariant 7: told after the end");
                told
            });
            for command in &told {
                if let EscalationCommand::Tell { level, round, .. } = command {
                    assert!(matter.climbed.insert((*round, *level)), "invariant 7: told twice");
                    assert_eq!(matter.climbed.last(), Some(&(*round, *level)), "invariant 7: monotone");
                }
            }
            self.note(&(&news, &told));
            for command in news {
                match command {
                    SlaCommand::Missed { .. } => self.saw("missed"),
                    SlaCommand::DueSoon { .. } => self.saw("due soon"),
                    SlaCommand::WakeAt(_) => {}
                }
            }
            if !told.is_empty() {
                self.saw("escalated");
            }
        }
    }

    fn note(&mut self, commands: &impl std::fmt::Debug) {
        format!("{commands:?}").hash(&mut self.digest);
    }

    fn matter(&mut self, id: &CaseId, edit: impl FnOnce(&mut Matter)) {
        if let Some(matter) = self.matters.get_mut(id) {
            edit(matter);
        }
    }

    fn case(&mut self, id: &CaseId, event: CaseEvent) -> Vec<CaseCommand> {
        let now = self.now;
        let policy = CasePolicy { reopen_window: 24 * 60 * MINUTE, ..CasePolicy::default() };
        let Some(matter) = self.matters.get_mut(id) else { return Vec::new() };
        let commands = matter.case.step(event, now, &policy);
        let mut work = matter.work.clone();
        work.version = matter.case.version;
        let active = !matter.case.status.is_over();
        if commands.contains(&CaseCommand::Queue) && active {
            self.saw("reopened");
            self.desk(DeskEvent::Offer(Box::new(work)));
        }
        self.note(&commands);
        commands
    }

    fn alert_event(&mut self, event: AlertEvent) {
        let interval = 30 * MINUTE;
        for command in self.alerts.step(event, self.now, &self.alert_policy) {
            match &command {
                AlertCommand::Notify { key, .. } => {
                    // The notice may be late; its interval is counted between logical times, which only grow.
                    let told =
                        self.alerts.active().iter().find(|(other, _)| other == key).and_then(|(_, a)| a.told);
                    if let (Some(before), Some(told)) = (self.told.get(key), told) {
                        assert!(
                            told.since(*before) >= interval || told == *before,
                            "invariant 14: told too soon"
                        );
                    }
                    self.told.extend(told.map(|told| (key.clone(), told)));
                    self.saw("alert told");
                }
                AlertCommand::Resolved(key) => {
                    self.told.remove(key);
                    self.saw("alert over");
                }
                _ => {}
            }
            self.note(&command);
        }
    }

    fn desk(&mut self, event: DeskEvent) {
        self.last = Some(event.clone());
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            let manual = matches!(event, DeskEvent::Take { .. });
            let commands = self.desk.step(event, self.now);
            self.note(&commands);
            for command in commands {
                match command {
                    DeskCommand::Assign { work, agent, expected_version, why, relaxed, over_capacity } => {
                        self.assigned(&work, &agent, why, relaxed, over_capacity);
                        assert!(manual || why != Why::Manual);
                        let now = self.now;
                        let Some(matter) = self.matters.get_mut(&work) else {
                            panic!("assigned what is gone")
                        };
                        let assign = CaseEvent::Assign { agent, expected_version };
                        let answer = matter.case.step(assign, now, &CasePolicy::default());
                        if matches!(answer[..], [CaseCommand::Refused(Refusal::Stale { .. })]) {
                            // Conflict: the host offers the work as it now is.
                            let mut work = matter.work.clone();
                            work.version = matter.case.version;
                            events.push(DeskEvent::Offer(Box::new(work)));
                            self.saw("conflict");
                        }
                    }
                    DeskCommand::TakeBack { work, .. } => {
                        self.saw("taken back");
                        let now = self.now;
                        // The case keeps its version: giving it to somebody else is the next change.
                        self.matter(&work, |matter| {
                            matter.manual = false;
                            assert!(matter.case.opened_at <= now);
                        });
                    }
                    DeskCommand::Unattended { reason, .. } => {
                        self.saw(match reason {
                            Wait::AllAway => "all away",
                            Wait::AllDeclined => "all declined",
                            _ => "nobody qualified",
                        });
                    }
                    DeskCommand::Queue { reason: Wait::AllAtCapacity, .. } => self.saw("all full"),
                    DeskCommand::Queue { reason: Wait::UntilRelaxed, .. } => self.saw("until relaxed"),
                    _ => {}
                }
            }
        }
    }

    /// Invariant 4: whom a decision names may have it.
    fn assigned(&mut self, work: &CaseId, agent: &AgentId, why: Why, relaxed: bool, over_capacity: bool) {
        let matter = &self.matters[work];
        let (wanted, config) = (&matter.work, self.agents.iter().find(|a| a.id == *agent).unwrap());
        if why != Why::Manual {
            let skilled = wanted
                .skills
                .iter()
                .all(|(skill, level)| config.skills.get(skill).is_some_and(|l| l >= level));
            assert!(skilled || relaxed, "invariant 4: skills");
            let language =
                wanted.language.as_ref().is_none_or(|language| config.languages.contains(language));
            assert!(language || why == Why::Fallback, "invariant 4: language");
            assert!(!wanted.declined.contains(agent), "invariant 4: declined");
            assert!(self.desk.roster().is_available(agent), "invariant 4: present");
            assert!(!over_capacity, "invariant 3");
        }
        let branch = match (why, relaxed) {
            (Why::Fallback, _) => "fallback",
            (Why::Manual, _) => "manual",
            (Why::Owner, _) => "owner",
            (Why::Backup, _) => "backup",
            (_, true) => "relaxed",
            _ => "assigned",
        };
        self.saw(branch);
        if over_capacity {
            self.saw("over capacity");
        }
        self.matter(work, |matter| matter.manual |= why == Why::Manual);
    }

    fn check(&mut self) {
        // 1 and 2: everything received is waiting, in exactly one pair of hands, or over.
        let mut places: BTreeMap<&CaseId, usize> = BTreeMap::new();
        self.desk.waiting().for_each(|item| *places.entry(&item.work.id).or_default() += 1);
        for (agent, state) in self.desk.roster().agents() {
            state.held.keys().for_each(|work| *places.entry(work).or_default() += 1);
            // 3: capacity, except where a person overruled it.
            let manual = state.held.keys().any(|work| self.matters[work].manual);
            assert!(state.units() <= agent.capacity || manual, "invariant 3");
        }
        assert!(places.values().all(|count| *count == 1), "invariant 2");
        let open = self.matters.iter().filter(|(_, matter)| !matter.case.status.is_over()).map(|(id, _)| id);
        assert!(open.eq(places.keys().copied()), "invariant 1");
        assert_eq!(self.received, self.closed + self.matters.len() as u64, "invariant 1");

        // 5: nobody eligible has room for what waits; skills are asked for until they relax.
        let waiting: Vec<&Work> = self.desk.waiting().map(|item| &item.work).collect();
        for work in &waiting {
            for (agent, state) in self.desk.roster().agents() {
                let able = work.team.as_ref().is_none_or(|team| agent.teams.contains(team))
                    && work.language.as_ref().is_none_or(|language| agent.languages.contains(language))
                    && work
                        .skills
                        .iter()
                        .all(|(skill, level)| agent.skills.get(skill).is_some_and(|l| l >= level))
                    && !work.declined.contains(&agent.id);
                let room = agent.capacity >= state.units() + work.units;
                let free = able && room && self.desk.roster().is_available(&agent.id);
                assert!(!free || self.last_is_stale(), "invariant 5: {} waits for nothing", work.id);
            }
        }
        if waiting.len() > self.policy.tighten {
            self.saw("overload");
        }
    }

    /// The desk learns of working hours when it is next told the time.
    fn last_is_stale(&self) -> bool {
        self.desk.snapshot().now < self.now
    }
}

fn simulate(seed: u64, steps: u64, variant: Variant) -> Outcome {
    let mut world = World::new(seed, variant);
    for step in 0..steps {
        let run = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| world.step()));
        if let Err(panic) = run {
            println!("seed {seed}, step {step}");
            std::panic::resume_unwind(panic);
        }
    }
    Outcome { digest: world.digest.finish(), coverage: world.coverage }
}

#[test]
fn the_invariants_hold_whatever_happens() {
    let steps: u64 =
        std::env::var("HEARKEN_STEPS").ok().and_then(|steps| steps.parse().ok()).unwrap_or(20_000);
    let seeds = 5;
    let mut coverage: BTreeMap<&str, u64> = BTreeMap::new();
    for seed in 0..seeds {
        let part = steps / seeds;
        let plain = simulate(seed, part, Variant::default());
        let few = part.min(1_000);
        let short = if few == part { plain.digest } else { simulate(seed, few, Variant::default()).digest };
        // 10, 12, 13: crashes and the order of the configuration change nothing.
        let shaken = simulate(seed, few, Variant { crashes: true, shuffled: true });
        assert_eq!(short, shaken.digest, "invariants 10, 12, 13: seed {seed}");
        for (branch, count) in plain.coverage.into_iter().chain(shaken.coverage) {
            *coverage.entry(branch).or_default() += count;
        }
    }
    println!("{steps} steps, 0 violations");
    for (branch, count) in &coverage {
        println!("{count:>9} {branch}");
    }
    // 18: every branch was taken.
    let branches = [
        "active with misses",
        "alert over",
        "alert told",
        "all away",
        "all declined",
        "all full",
        "assigned",
        "backup",
        "bot silenced",
        "calendar edited",
        "clock back",
        "clock forward",
        "conflict",
        "crash",
        "declined",
        "due soon",
        "duplicate",
        "escalated",
        "fallback",
        "manual",
        "missed",
        "no confirmation without a rating",
        "nobody qualified",
        "over capacity",
        "overload",
        "own work refused",
        "owner",
        "published",
        "relaxed",
        "reopened",
        "silenced",
        "stale publish refused",
        "taken back",
    ];
    for branch in branches {
        assert!(coverage.contains_key(branch), "invariant 18: never {branch}");
    }
}
