//! The simulated world: what can happen.

mod follow;

use super::alarm::Alarm;
use super::{Checks, Coverage, Outcome};
use crate::route::Random;
use hearken::calendar::{Calendar, Hours, Weekly, Zone};
use hearken::desk::*;
use hearken::facts::Facts;
use hearken::limits::Limits;
use hearken::model::{AgentId, CaseId, ItemKey, Platform, Priority, Timestamp};
use hearken::query::Scratch;
use hearken::route::{Agent, Desk, DeskEvent, DeskState, Fair, Policy, Presence, Rule, Rules, Work};
use hearken::text::Text;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::hash::{DefaultHasher, Hasher};

const MINUTE: i64 = 60_000;
const LANGUAGES: [&str; 2] = ["en", "pt"];
const SKILLS: [&str; 2] = ["billing", "tech"];
const ROUNDS: u32 = 2;
const CASES: CasePolicy = CasePolicy { reopen_window: 24 * 60 * MINUTE, csat_window: None, csat_again: None };

/// What must be the same, and what may differ, between two runs of one seed.
#[derive(Clone, Copy, Default)]
pub(super) struct Variant {
    /// Everything is written to JSON and read again now and then.
    pub(super) crashes: bool,
    /// The agents are configured in another order.
    pub(super) shuffled: bool,
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
    /// A person gave it to whoever has it.
    manual: bool,
    /// A program deals with it: nobody is asked.
    bot: bool,
}

struct World {
    random: Random,
    variant: Variant,
    now: Timestamp,
    agents: Vec<Agent>,
    /// The hours of those who have any.
    shifts: BTreeMap<AgentId, Calendar>,
    policy: Policy,
    desk: Desk,
    rules: Rules,
    zone: Zone,
    calendar: Calendar,
    matters: BTreeMap<CaseId, Matter>,
    received: u64,
    closed: u64,
    /// By the reason.
    suppressed: BTreeMap<String, u64>,
    items: u64,
    alarm: Alarm,
    published: BTreeSet<CaseId>,
    /// What was lately said in cases, to be said again.
    said: VecDeque<(CaseId, CaseEvent)>,
    last: Option<DeskEvent>,
    digest: DefaultHasher,
    coverage: Coverage,
    checks: Checks,
}

/// Which zones the promises are kept in, in turn.
const ZONES: [&str; 3] = ["Europe/London", "America/New_York", "Australia/Lord_Howe"];

fn hours(zone: &str) -> Hours {
    let workdays = Weekly::workdays(&["07:00-12:00", "13:00-22:00"]);
    Hours {
        zone: zone.into(),
        weekly: Weekly { sun: vec!["00:30-04:00".into()], ..workdays },
        holidays: vec![],
    }
}

/// Spam is hidden, what is asked every day is answered by a program, the rest is for people.
fn rules() -> Rules {
    let book = r#"{"rules": [
        {"id": "spam", "when": "topic:spam", "then": ["hide"]},
        {"id": "daily", "when": "topic:hours -topic:complaint", "then": [{"draft": {"template": "hours"}}]}],
        "root": [{"assign": {"team": "day"}}]}"#;
    Rules::build(&serde_json::from_str(book).unwrap(), &Limits::default()).unwrap()
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
        // Every other seed keeps room for what is urgent, and shares fairly.
        let thrifty = seed % 2 == 1;
        let policy = Policy {
            grace: Some(20 * MINUTE),
            fallback: Some("night".into()),
            tighten: 6,
            hold: if thrifty { 2 } else { 0 },
            margin: Policy::promises().margin.filter(|_| thrifty),
            fair: thrifty.then_some(Fair { assignments: 12, window: 60 * MINUTE }),
            ..Policy::promises()
        };
        let mut agents = agents();
        if variant.shuffled {
            agents.reverse();
        }
        let shift = |agent: &Agent| Some((agent.id.clone(), Calendar::build(agent.hours.as_ref()?).unwrap()));
        Self {
            random: Random(seed),
            variant,
            shifts: agents.iter().filter_map(shift).collect(),
            // Before clocks go back, or forward.
            now: Timestamp::parse(if thrifty { "2024-03-08T06:00:00Z" } else { "2024-10-25T06:00:00Z" })
                .unwrap(),
            desk: Desk::build(agents.clone(), policy.clone()).unwrap(),
            rules: rules(),
            agents,
            policy,
            zone: Zone::named(ZONES[0]).unwrap(),
            calendar: Calendar::build(&hours(ZONES[0])).unwrap(),
            matters: BTreeMap::new(),
            received: 0,
            closed: 0,
            suppressed: BTreeMap::new(),
            items: 0,
            alarm: Alarm::new(),
            published: BTreeSet::new(),
            said: VecDeque::new(),
            last: None,
            digest: DefaultHasher::new(),
            coverage: Coverage::new(),
            checks: Checks::default(),
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
        let (branch, happen): (_, fn(&mut Self)) =
            match self.random.below(if self.matters.len() > 24 { 29 } else { 37 }) {
                0..=2 => ("event: presence", Self::presence),
                3 | 4 => ("event: answer", Self::answer),
                5..=8 => ("event: resolve", Self::resolve),
                9 => ("event: wait", Self::wait),
                10 => ("event: decline", Self::decline),
                11 => ("event: take", Self::take),
                12 => ("event: speak again", Self::speak_again),
                13 => ("event: swap SLA", Self::swap_sla),
                14 | 15 => ("event: alert", Self::alert),
                16..=18 => ("event: draft", Self::draft),
                19 => ("event: acknowledge or start a ladder", Self::climb),
                20 => ("event: confirm", Self::confirm),
                21 => ("event: redelivery", Self::again),
                22 => ("event: clock", Self::jump),
                23 => ("event: tick", Self::tick),
                24 => ("event: crash", Self::crash),
                25 => ("event: calendar", Self::edit_calendar),
                26 => ("event: bot", Self::bot),
                27 => ("event: rules", Self::edit_rules),
                _ => ("event: receive", Self::receive),
            };
        self.saw(branch);
        happen(self);
        self.pass();
        self.check();
    }

    // What can happen.

    fn receive(&mut self) {
        self.received += 1;
        let id = CaseId::from(format!("case{:07}", self.received));
        let topics: &[&str] = match self.random.below(12) {
            0 => &["spam"],
            1 => &["hours"],
            _ => &["complaint"],
        };
        let text = Text::new("");
        let facts =
            Facts::new(&text).with("topic", topics.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>());
        let verdict = self.rules.decide(&facts, &mut Scratch::default()).verdict;
        if verdict.hide {
            *self.suppressed.entry("spam".to_owned()).or_default() += 1;
            self.saw("suppressed");
            return;
        }
        let bot = !verdict.others.is_empty();
        let item = self.item();
        let case = Case::open(id.clone(), self.now, item);
        let targets =
            Targets { first: Some(30 * MINUTE), next: Some(45 * MINUTE), resolution: Some(300 * MINUTE) };
        let mut work = Work::new(id.clone(), self.now, 60 * MINUTE);
        work.version = case.version;
        work.priority = Priority::ALL[self.random.below(5) as usize];
        work.units = 1 + self.random.below(2) as u32;
        work.language = Some(LANGUAGES[self.random.below(2) as usize].to_owned());
        work.team = match self.random.below(8) {
            0 => Some("nobody".into()),
            1 => Some("night".into()),
            _ => None,
        };
        work.owner = (self.random.below(6) == 0).then(|| "agent0".into());
        if self.random.below(2) == 0 {
            work.skills
                .insert(SKILLS[self.random.below(2) as usize].to_owned(), 1 + self.random.below(3) as u8);
        }
        if self.random.below(24) == 0 {
            work.skills.insert("law, which nobody knows".to_owned(), 1);
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
            bot,
        };
        self.matters.insert(id, matter);
        if !bot {
            self.desk(DeskEvent::Offer(Box::new(work)));
        }
    }

    /// A program answers, or hands over to people.
    fn bot(&mut self) {
        let Some(id) =
            self.matters.iter().find(|(_, m)| m.bot && !m.case.status.is_over()).map(|(id, _)| id.clone())
        else {
            return;
        };
        if self.random.below(2) == 0 {
            let item = self.item();
            self.case(&id, CaseEvent::Reply { item, by: "bot".into(), bot: true });
            self.case(&id, CaseEvent::Lapse("answered by a program".into()));
            self.over(&id);
            self.saw("bot closed");
            return;
        }
        self.saw("bot handed over");
        self.hand_over(&id);
    }

    fn hand_over(&mut self, id: &CaseId) {
        let Some(matter) = self.matters.get_mut(id) else { return };
        matter.bot = false;
        let work = Work { version: matter.case.version, ..matter.work.clone() };
        self.desk(DeskEvent::Offer(Box::new(work)));
    }

    /// What the program answers goes to people for a while, or to the program again.
    fn edit_rules(&mut self) {
        let daily = self.rules.rule("daily").unwrap().clone();
        let when =
            if daily.when.contains("complaint") { "topic:never" } else { "topic:hours -topic:complaint" };
        self.rules.replace(Rule { when: when.into(), ..daily }, &Limits::default()).unwrap();
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
        self.case(&id, CaseEvent::Inbound(item));
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
            self.checks.must(8, before <= after, || "a pause moved a deadline earlier".to_owned());
        }
    }

    fn resolve(&mut self) {
        let Some(id) = self.some_case() else { return };
        if self.matters[&id].case.status.is_over() {
            // Old matters are forgotten: what is left is the count.
            self.matters.remove(&id);
            self.closed += 1;
            return;
        }
        self.case(&id, CaseEvent::Resolve("answered".into()));
        self.over(&id);
        self.desk(DeskEvent::Done(id));
    }

    fn over(&mut self, id: &CaseId) {
        let now = self.now;
        self.matter(id, |matter| {
            matter.sla.hear(SlaEvent::Resolve, now);
            if let Some(ladder) = &mut matter.ladder {
                ladder.stop();
            }
        });
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

    /// Whoever has it gives it back, sometimes one after the other.
    fn decline(&mut self) {
        let Some(id) = self.some_case() else { return };
        for _ in 0..1 + self.random.below(6) {
            let Some(agent) = self.desk.roster().holder(&id).cloned() else { return };
            self.matter(&id, |matter| {
                matter.work.declined.insert(agent.clone());
            });
            self.saw("declined");
            self.desk(DeskEvent::Decline { work: id.clone(), agent });
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
        self.checks.must(8, after.starts_with(&before), || "a miss was forgotten".to_owned());
        let state = self.matters[&id].sla.state(Promise::Resolution, &self.calendar, now);
        if state.is_active_with_misses() {
            self.saw("active with misses");
        }
    }

    fn alert(&mut self) {
        let event = self.alarm.event(&mut self.random, self.now, &mut self.coverage);
        self.alert_event(event);
    }

    fn alert_event(&mut self, event: AlertEvent) {
        let commands = self.alarm.step(event, self.now, &mut self.checks, &mut self.coverage);
        self.note(&commands);
    }

    fn draft(&mut self) {
        let Some(id) = self.some_case() else { return };
        let (by, now, words) = (self.agent(), self.now, self.random.below(3));
        let setting = Setting {
            case_version: self.matters[&id].case.version,
            human: self.matters[&id].case.human,
            answers_auto_reply: self.random.below(9) == 0,
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
        let checks = &mut self.checks;
        match &event {
            DraftEvent::Approve { by, .. } if !refused => {
                checks.must(16, !writers.contains(by), || format!("{by} approved the own text"));
                matter.agreed.insert((by.clone(), text.clone()));
            }
            // An edit voids every approval.
            DraftEvent::Edit { text: new, .. } if !refused && *new != text => {
                let voided = !matter.agreed.is_empty();
                matter.agreed.clear();
                if voided {
                    *self.coverage.entry("edit voids approval").or_default() += 1;
                }
            }
            _ => {}
        }
        let seen = match &commands[..] {
            [DraftCommand::Publish { text, .. }] => {
                let agreed = matter.agreed.iter().any(|(_, other)| other == text);
                let first = was != DraftStatus::Published && self.published.insert(id.clone());
                checks.must(16, first, || "published twice".to_owned());
                checks.must(16, agreed || bot, || "published without approval of this text".to_owned());
                checks.must(16, !stale, || "a stale publish went out".to_owned());
                checks.must(17, !(bot && setting.human), || "a bot spoke after a person".to_owned());
                checks.must(17, !(bot && setting.answers_auto_reply), || {
                    "a program answered a program".to_owned()
                });
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
                    Ladder { steps: vec![step("social"), step("legal"), step("executives")], rounds: ROUNDS };
                matter.ladder = Some(Escalation::start(ladder, now));
            }
        });
    }

    /// What was lately delivered comes again, from any point on: nothing new, except that time has passed.
    fn again(&mut self) {
        // At the same instant: what time has done since is not the event's. What gave work back is another event when it
        // comes again, and so is a gift that was taken back at once.
        let told = |event: &DeskEvent| match event {
            DeskEvent::Decline { .. } => false,
            DeskEvent::Take { work, agent } => self.desk.roster().holder(work) == Some(agent),
            _ => true,
        };
        let last = self.last.clone().filter(told);
        if let Some(event) = last {
            let (mut twice, before) = (self.desk.clone(), self.desk.snapshot());
            let commands = twice.step(event.clone(), before.now);
            let same = commands.is_empty() && twice.snapshot() == before;
            self.checks.must(11, same, || format!("{event:?} again: {commands:?}"));
        }
        self.tick();
        let from = self.random.below(self.said.len().max(1) as u64) as usize;
        for (id, event) in self.said.iter().skip(from) {
            let Some(matter) = self.matters.get(id) else { continue };
            let mut case = matter.case.clone();
            let commands = case.step(event.clone(), self.now, &CASES);
            let same = commands.is_empty() && case == matter.case;
            let merged = matches!(commands[..], [CaseCommand::Refused(_)]);
            self.checks.must(11, same || merged, || format!("{event:?} again: {commands:?}"));
            *self.coverage.entry("duplicate").or_default() += 1;
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
        let same = serde_json::to_string(&self.desk.snapshot()).unwrap() == written;
        self.checks.must(12, same, || "another desk was read than was written".to_owned());
        fn again<T: serde::Serialize + serde::de::DeserializeOwned>(value: &mut T) {
            *value = serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap();
        }
        again(&mut self.alarm.alerts);
        for matter in self.matters.values_mut() {
            again(&mut matter.case);
            again(&mut matter.sla);
            again(&mut matter.ladder);
            again(&mut matter.draft);
        }
    }

    fn edit_calendar(&mut self) {
        let zone = ZONES[self.random.below(3) as usize];
        self.zone = Zone::named(zone).unwrap();
        self.calendar = Calendar::build(&hours(zone)).unwrap();
        self.saw("calendar edited");
    }
}

pub(super) fn simulate(seed: u64, steps: u64, variant: Variant) -> Outcome {
    let mut world = World::new(seed, variant);
    for step in 0..steps {
        world.checks.place = format!("seed {seed}, step {step}");
        world.step();
    }
    Outcome { digest: world.digest.finish(), coverage: world.coverage, checks: world.checks }
}
