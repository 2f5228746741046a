//! The people: a team that does its work in time, and takes the playbook out in a crisis.

use crate::script::Team;
use hearken::engine::{Action, CaseAct, Command, CrisisAct, Outcome};
use hearken::model::{AgentId, CaseId, ItemKey, Platform, Timestamp};
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
            let act = CaseAct::Resolve { code: "solved".into() };
            let solve = Command::Case { case: case.clone(), by: by.clone(), act };
            self.todo.insert((at + wait, format!("{case} solve")), solve);
        }
    }

    /// Whoever is told of a crisis begins the brand's playbook; one that is under way goes on.
    pub fn hear(&mut self, playbook: &str, at: Timestamp, outcome: &Outcome) {
        for effect in &outcome.effects {
            if let Action::Alert { kind, to, .. } = &effect.action
                && &**kind == "crisis"
            {
                let (playbook, by) = (playbook.into(), AgentId::from(&**to));
                let begin = Command::Crisis { playbook, by, act: CrisisAct::Begin };
                self.todo.insert((at, "crisis".to_owned()), begin);
            }
        }
    }

    /// The next thing to do by `now`.
    pub fn next(&mut self, now: Timestamp) -> Option<(Timestamp, Command)> {
        let entry = self.todo.first_entry().filter(|entry| entry.key().0 <= now)?;
        let ((at, _), command) = entry.remove_entry();
        Some((at, command))
    }
}
