//! The people: a team that does its work in time, and whoever carries out the playbook of a crisis.

use crate::script::{Step, Team};
use hearken::desk::{Crisis, CrisisCommand, Playbook};
use hearken::engine::{Action, Command, Outcome};
use hearken::model::{CaseId, ItemKey, Platform, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

const MINUTE: i64 = 60_000;

/// What the team will do, in order of time.
#[derive(Default)]
pub struct Agenda {
    todo: BTreeMap<(Timestamp, String), Command>,
    /// Cases of colleagues: nobody outside waits for an answer.
    children: BTreeSet<CaseId>,
}

impl Agenda {
    /// Whoever is given a case answers and solves it; a case that waits for colleagues is solved after theirs.
    pub fn plan(&mut self, team: Team, at: Timestamp, outcome: &Outcome, scripted: impl Fn(&CaseId) -> bool) {
        let mut asked = BTreeSet::new();
        for effect in &outcome.effects {
            if let Action::Escalate { case, child, .. } = &effect.action {
                asked.insert(case);
                self.children.insert(child.clone());
            }
        }
        for effect in &outcome.effects {
            let Action::Assign { case, agent: Some(by), .. } = &effect.action else { continue };
            if scripted(case) {
                continue;
            }
            if !self.children.contains(case) {
                let item = ItemKey::new(Platform::Email, format!("answer in {case} at {}", at.millis()));
                let reply = Command::ReplySent { case: case.clone(), item, by: by.clone(), automatic: false };
                self.todo.insert((at + team.answers_after_minutes * MINUTE, format!("{case} reply")), reply);
            }
            let wait = if asked.contains(case) { 2 } else { 1 } * team.solves_after_minutes * MINUTE;
            let solve = Command::Resolve { case: case.clone(), by: by.clone(), code: "solved".into() };
            self.todo.insert((at + wait, format!("{case} solve")), solve);
        }
    }

    /// The next thing to do by `now`.
    pub fn next(&mut self, now: Timestamp) -> Option<(Timestamp, Command)> {
        let entry = self.todo.first_entry().filter(|entry| entry.key().0 <= now)?;
        let ((at, _), command) = entry.remove_entry();
        Some((at, command))
    }
}

/// The playbook of the brand, and how far it was carried out: a line for each thing that was done.
#[derive(Default)]
pub struct Response {
    crisis: Option<Crisis>,
    pub log: Vec<(Timestamp, String)>,
}

impl Response {
    /// Begins when an alert of a crisis goes out, unless it is under way.
    pub fn hear(&mut self, playbook: Option<&Playbook>, at: Timestamp, outcome: &Outcome) {
        let crisis = |action: &Action| matches!(action, Action::Alert { kind, .. } if &**kind == "crisis");
        let on = self.crisis.as_ref().is_some_and(|crisis| crisis.ended.is_none());
        let Some(playbook) = playbook.filter(|_| !on) else { return };
        if outcome.effects.iter().any(|effect| crisis(&effect.action)) {
            let (crisis, commands) = Crisis::begin(playbook.clone(), at);
            self.log.push((at, format!("playbook {} begins", playbook.id)));
            self.crisis = Some(crisis);
            self.tell(at, commands);
        }
    }

    /// Takes a step of the script that is about the playbook; false for any other.
    pub fn step(&mut self, step: &Step) -> bool {
        match (step.word("do"), step.word("step"), step.word("by")) {
            (Some("playbook_done"), Some(name), Some(by)) => self.done(step.when, name, by),
            (Some("playbook_end"), ..) => self.end(step.when),
            _ => return false,
        }
        true
    }

    /// A step is done.
    fn done(&mut self, at: Timestamp, step: &str, by: &str) {
        let Some(crisis) = &mut self.crisis else { return };
        let commands = crisis.done(step, by.into(), at);
        let (done, all) = crisis.progress();
        self.log.push((at, format!("{step} done by {by} ({done} of {all})")));
        self.tell(at, commands);
    }

    /// The crisis is over.
    fn end(&mut self, at: Timestamp) {
        let Some(crisis) = &mut self.crisis else { return };
        let commands = crisis.end(at);
        self.log.push((at, "the crisis is over".to_owned()));
        self.tell(at, commands);
    }

    fn tell(&mut self, at: Timestamp, commands: Vec<CrisisCommand>) {
        for command in commands {
            let line = match command {
                CrisisCommand::PausePublishing => "scheduled posts are held back".to_owned(),
                CrisisCommand::ResumePublishing => "scheduled posts go out again".to_owned(),
                CrisisCommand::Begin(step) => match &step.holding_statement {
                    Some(words) => format!("{} → {}: “{words}”", step.id, step.owner),
                    None => format!("{} → {}", step.id, step.owner),
                },
                CrisisCommand::AllDone => "every step is done".to_owned(),
                _ => continue,
            };
            self.log.push((at, line));
        }
    }
}
