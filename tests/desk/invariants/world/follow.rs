//! What follows from what happens, and what must hold after every step.

use super::*;
use hearken::route::{DeskCommand, Order, Wait, Waiting, Why};
use std::hash::Hash;

impl World {
    /// Time does what it does by itself.
    pub(super) fn pass(&mut self) {
        let now = self.now;
        self.business_time();
        self.alert_event(AlertEvent::Tick);
        if self.random.below(8) == 0 {
            self.ticks();
        }
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
                self.checks.must(7, !quiet || told.is_empty(), || "told after the end".to_owned());
                told
            });
            for command in &told {
                if let EscalationCommand::Tell { level, round, .. } = command {
                    let once = matter.climbed.insert((*round, *level));
                    self.checks.must(7, once, || "told twice".to_owned());
                    let upwards = matter.climbed.last() == Some(&(*round, *level));
                    self.checks.must(7, upwards && *round <= ROUNDS, || "not upwards".to_owned());
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

    /// Minutes by which the wall clock is ahead.
    fn offset(&self, at: Timestamp) -> i64 {
        let local = self.zone.local(at);
        local.day() * 1_440 + i64::from(local.hour()) * 60 + i64::from(local.minute())
            - at.millis().div_euclid(MINUTE)
    }

    /// Invariant 8, at instants of no consequence.
    fn business_time(&mut self) {
        let mut later = |from: Timestamp| from + self.random.below(90 * 60 * MINUTE as u64) as i64;
        let a = self.now;
        let (b, calendar) = (later(a), &self.calendar);
        let c = later(b);
        match self.offset(c) - self.offset(a) {
            ..0 => *self.coverage.entry("DST overlap").or_default() += 1,
            1.. => *self.coverage.entry("DST gap").or_default() += 1,
            0 => {}
        }
        let [ab, bc, ac] = [(a, b), (b, c), (a, c)].map(|(from, to)| calendar.elapsed(from, to));
        let landed = calendar.deadline(a, ab);
        let back = landed <= b && calendar.elapsed(landed, b) == 0;
        self.checks.must(8, ab >= 0 && ab <= ac && ab + bc == ac && back, || format!("{a}, {b}, {c}"));
    }

    /// Invariant 9: looking in between changes neither what is said nor its order.
    fn ticks(&mut self) {
        self.alarm.ticks(&mut self.random, self.now, &mut self.checks);
        // Between two instants that the desk has asked for it has nothing to say.
        let mut looked_at = self.desk.clone();
        looked_at.step(DeskEvent::Tick, self.now);
        let mut left_alone = looked_at.clone();
        let wake = looked_at.snapshot().wake.unwrap_or(self.now + 600 * MINUTE);
        let span = wake.since(self.now).max(1) as u64;
        let between = self.now + self.random.below(span) as i64;
        let early = looked_at.step(DeskEvent::Tick, between);
        self.checks.must(9, early.is_empty(), || format!("said unasked at {between}: {early:?}"));
        let (one, other) = (looked_at.step(DeskEvent::Tick, wake), left_alone.step(DeskEvent::Tick, wake));
        self.checks.must(9, one == other, || format!("{one:?} or {other:?}"));

        let Some(id) = self.some_case() else { return };
        let Some(Matter { sla, ladder, .. }) = self.matters.get(&id) else { return };
        let calendar = &self.calendar;
        let (mut often, mut once, mut said) = (sla.clone(), sla.clone(), Vec::new());
        let mut climb = ladder.clone();
        let (mut told, mut at) = (Vec::new(), self.now);
        for _ in 0..5 {
            at = at + self.random.below(90 * MINUTE as u64) as i64;
            said.extend(often.tick(at, calendar));
            told.extend(climb.as_mut().map(|climb| climb.tick(at)).into_iter().flatten());
        }
        let mut late = once.tick(at, calendar);
        said.retain(|command| !matches!(command, SlaCommand::WakeAt(_)));
        late.retain(|command| !matches!(command, SlaCommand::WakeAt(_)));
        self.checks.must(9, said == late, || format!("often {said:?}, once {late:?}"));
        let mut late: Vec<_> = ladder.clone().iter_mut().flat_map(|climb| climb.tick(at)).collect();
        told.retain(|command| !matches!(command, EscalationCommand::WakeAt(_)));
        late.retain(|command| !matches!(command, EscalationCommand::WakeAt(_)));
        self.checks.must(9, told == late, || format!("often {told:?}, once {late:?}"));
    }

    pub(super) fn note(&mut self, commands: &impl std::fmt::Debug) {
        format!("{commands:?}").hash(&mut self.digest);
    }

    pub(super) fn matter(&mut self, id: &CaseId, edit: impl FnOnce(&mut Matter)) {
        if let Some(matter) = self.matters.get_mut(id) {
            edit(matter);
        }
    }

    pub(super) fn case(&mut self, id: &CaseId, event: CaseEvent) -> Vec<CaseCommand> {
        let now = self.now;
        let Some(matter) = self.matters.get_mut(id) else { return Vec::new() };
        let commands = matter.case.step(event.clone(), now, &CASES);
        if matches!(event, CaseEvent::Inbound(_) | CaseEvent::Reply { .. }) {
            self.said.push_back((id.clone(), event));
            if self.said.len() > 8 {
                self.said.pop_front();
            }
        }
        let mut work = matter.work.clone();
        work.version = matter.case.version;
        let active = !matter.case.status.is_over();
        if commands.contains(&CaseCommand::Queue) && active {
            matter.bot = false;
            self.saw("reopened");
            self.desk(DeskEvent::Offer(Box::new(work)));
        }
        self.note(&commands);
        commands
    }

    pub(super) fn desk(&mut self, event: DeskEvent) {
        self.last = Some(event.clone());
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            let manual = matches!(event, DeskEvent::Take { .. });
            let commands = self.desk.step(event, self.now);
            self.note(&commands);
            self.order(&commands);
            for command in commands {
                match command {
                    DeskCommand::Assign { work, agent, expected_version, why, relaxed, over_capacity } => {
                        assert!(manual || why != Why::Manual);
                        self.assigned(&work, &agent, Given { why, relaxed, over_capacity });
                        if let Some(work) = self.compare_and_set(&work, agent, expected_version) {
                            events.push(DeskEvent::Offer(Box::new(work)));
                            self.saw("conflict");
                        }
                    }
                    DeskCommand::TakeBack { work, .. } => {
                        self.saw("taken back");
                        // The case keeps its version: giving it to somebody else is the next change.
                        self.matter(&work, |matter| matter.manual = false);
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
        self.waits_in_vain();
    }

    /// Invariant 2: an assignment takes hold if the case is as it was, and once. Gives the work to offer again
    /// after a conflict.
    fn compare_and_set(&mut self, work: &CaseId, agent: AgentId, expected_version: u64) -> Option<Work> {
        let Some(matter) = self.matters.get_mut(work) else { panic!("assigned what is gone") };
        if matter.case.assignee.as_ref().is_some_and(|before| *before != agent) {
            *self.coverage.entry("given to somebody else").or_default() += 1;
        }
        let assign = CaseEvent::Assign { agent, expected_version };
        let answer = matter.case.step(assign.clone(), self.now, &CASES);
        let stale = |answer: &[CaseCommand]| matches!(answer, [CaseCommand::Refused(Refusal::Stale { .. })]);
        if stale(&answer) {
            return Some(Work { version: matter.case.version, ..matter.work.clone() });
        }
        let mut twice = matter.case.clone();
        let again = twice.step(assign, self.now, &CASES);
        let mut same = twice == matter.case;
        if matter.case.version != expected_version {
            // Somebody else, decided on what is no longer so.
            twice.step(CaseEvent::Assign { agent: "late".into(), expected_version }, self.now, &CASES);
            same &= twice == matter.case;
        }
        self.checks.must(2, same, || format!("assigned twice: {again:?}"));
        None
    }

    /// Invariants 3 and 4: whom a decision names may have it.
    fn assigned(&mut self, work: &CaseId, agent: &AgentId, given: Given) {
        let Given { why, relaxed, over_capacity } = given;
        let wanted = &self.matters[work].work;
        if why != Why::Manual {
            let member = self.agents.iter().find(|a| a.id == *agent).unwrap();
            let stage = self.stage(wanted);
            let fallback = why == Why::Fallback;
            let skills = skilled(member, wanted) || (relaxed && (stage.relaxed || fallback));
            let team = if fallback { self.policy.fallback.as_ref() } else { wanted.team.as_ref() };
            let place =
                (fallback || speaks(member, wanted)) && team.is_none_or(|team| member.teams.contains(team));
            let there = self.is_there(agent) && !wanted.declined.contains(agent);
            self.checks.must(4, skills && place && there, || format!("{work} to {agent}, {why:?}"));
            self.checks.must(3, !over_capacity, || format!("{agent} has no room for {work}"));
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
        self.matter(work, |matter| matter.manual = why == Why::Manual);
    }

    /// Whether an agent takes work, plainly: present, and at work.
    fn is_there(&self, agent: &AgentId) -> bool {
        let Some((member, state)) = self.desk.roster().agents().find(|(member, _)| member.id == *agent)
        else {
            return false;
        };
        let present = match state.presence {
            Presence::Online => true,
            Presence::Away => member.stay_available,
            Presence::Offline => false,
        };
        let now = self.desk.snapshot().now;
        present && self.shifts.get(agent).is_none_or(|shift| shift.is_open(now))
    }

    /// What time has done to some work, plainly.
    fn stage(&self, work: &Work) -> Stage {
        let now = self.desk.snapshot().now;
        let part = |percent: u32| work.since + work.due.since(work.since) * i64::from(percent) / 100;
        let Order::Promises { patience } = self.policy.order else { panic!("another order") };
        Stage {
            starved: part(patience) <= now,
            late: work.due < now,
            relaxed: self.policy.relax.get(&work.priority).is_some_and(|&percent| part(percent) <= now),
            pressing: self.policy.margin.is_none_or(|margin| part(margin.percent) <= now),
        }
    }

    /// Invariant 6: of two that ask alike and to which time has done the same, the older goes first, and what waits
    /// or is held has the age it came with.
    fn order(&mut self, commands: &[DeskCommand]) {
        for command in commands {
            let DeskCommand::Assign { work, why, .. } = command else { continue };
            if matches!(why, Why::Manual | Why::Fallback) {
                continue;
            }
            let given = self.matters[work].work.clone();
            let stage = self.stage(&given);
            let overtaken = self.desk.waiting().map(|item| &item.work).find(|other| {
                let alike = (other.units, other.priority) == (given.units, given.priority)
                    && (&other.team, &other.language) == (&given.team, &given.language)
                    && (&other.skills, &other.declined) == (&given.skills, &given.declined);
                alike && other.since < given.since && self.stage(other) == stage
            });
            let overtaken = overtaken.map(|other| other.id.clone());
            self.checks.must(6, overtaken.is_none(), || format!("{work} before {overtaken:?}"));
            let gave_way = self.desk.waiting().any(|other| {
                other.work.priority == given.priority && self.stage(&other.work).late && !stage.late
            });
            if gave_way {
                self.saw("late gives way");
            }
        }
        let ages = self.desk.waiting().all(|item| item.work.since == self.matters[&item.work.id].work.since);
        self.checks.must(6, ages, || "what was queued again is younger than it was".to_owned());
    }

    /// Invariant 5: nobody eligible has room for what waits. Where the policy keeps room for what is urgent, that is
    /// said of urgent work alone.
    fn waits_in_vain(&mut self) {
        let waiting: Vec<&Waiting> = self.desk.waiting().collect();
        let overload = waiting.len() > self.policy.tighten;
        let (mut idle, mut tightened, mut counted) = (None, false, 0);
        for Waiting { work, unattended, .. } in &waiting {
            let stage = self.stage(work);
            tightened |= stage.relaxed && stage.late && overload;
            if self.policy.fair.is_some() {
                continue;
            }
            counted += 1;
            let waited_for = self.desk.roster().agents().any(|(agent, _)| {
                let there = self.is_there(&agent.id) && !work.declined.contains(&agent.id);
                let team = work.team.as_ref().is_none_or(|team| agent.teams.contains(team));
                there && team && speaks(agent, work) && skilled(agent, work) && agent.capacity >= work.units
            });
            let relaxed = stage.relaxed && !(stage.late && overload && waited_for);
            for (agent, state) in self.desk.roster().agents() {
                let there = self.is_there(&agent.id) && !work.declined.contains(&agent.id);
                let room = agent.capacity >= state.units() + work.units;
                let team = work.team.as_ref().is_none_or(|team| agent.teams.contains(team));
                let able = team && speaks(agent, work) && (relaxed || skilled(agent, work));
                let steps_in = *unattended
                    && self.policy.fallback.as_ref().is_some_and(|team| agent.teams.contains(team))
                    && self
                        .desk
                        .waiting()
                        .any(|item| item.work.id == work.id && item.reason.is_some_and(Wait::is_unattended));
                if there && room && (able || steps_in) {
                    idle = Some(format!("{} waits although {} has room", work.id, agent.id));
                }
            }
        }
        if counted > 0 {
            self.checks.must(5, idle.is_none(), || idle.unwrap_or_default());
        }
        if overload {
            self.saw("overload");
        }
        if tightened {
            self.saw("tightened");
        }
    }

    pub(super) fn check(&mut self) {
        // 1 and 2: everything received is waiting, in exactly one pair of hands, a program's, or over.
        let mut places: BTreeMap<&CaseId, usize> = BTreeMap::new();
        self.desk.waiting().for_each(|item| *places.entry(&item.work.id).or_default() += 1);
        for (agent, state) in self.desk.roster().agents() {
            state.held.keys().for_each(|work| *places.entry(work).or_default() += 1);
            // 3: capacity, except where a person overruled it.
            let manual = state.held.keys().any(|work| self.matters[work].manual);
            let fits = state.units() <= agent.capacity || manual;
            self.checks.must(3, fits, || format!("{} holds {} units", agent.id, state.units()));
        }
        let once = places.values().all(|count| *count == 1);
        self.checks.must(2, once, || format!("in two places: {places:?}"));
        let of_people = |matter: &&Matter| !matter.bot && !matter.case.status.is_over();
        let open = self.matters.iter().filter(|(_, matter)| of_people(matter)).map(|(id, _)| id);
        self.checks.must(1, open.eq(places.keys().copied()), || "work is lost or left behind".to_owned());
        let bot = self.matters.values().filter(|m| m.bot && !m.case.status.is_over()).count();
        let over = self.matters.values().filter(|m| m.case.status.is_over()).count();
        let suppressed: u64 = self.suppressed.values().sum();
        let sum = (places.len() + bot + over) as u64 + self.closed + suppressed;
        self.checks.must(1, self.received == sum, || format!("{} received, {sum} known", self.received));
    }
}

/// How work was given.
#[derive(Clone, Copy)]
struct Given {
    why: Why,
    relaxed: bool,
    over_capacity: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Stage {
    starved: bool,
    late: bool,
    relaxed: bool,
    pressing: bool,
}

fn skilled(agent: &Agent, work: &Work) -> bool {
    work.skills.iter().all(|(skill, level)| agent.skills.get(skill).is_some_and(|held| held >= level))
}

fn speaks(agent: &Agent, work: &Work) -> bool {
    work.language.as_ref().is_none_or(|language| agent.languages.contains(language))
}
