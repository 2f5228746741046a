//! The figures on top of the board.

use crate::config::Config;
use crate::line::{Line, Mood, Reader};
use crate::run::Run;
use hearken::desk::{Case, Rating};
use hearken::engine::{Action, Inbox, look};
use hearken::model::{AccountKey, Platform};
use std::collections::{BTreeMap, BTreeSet};

/// What came of all the days.
pub struct Summary<'r> {
    pub heard: usize,
    pub ours: usize,
    pub people: usize,
    pub customers: usize,
    pub platforms: usize,
    pub moods: BTreeMap<Mood, usize>,
    /// Languages whose mood could not be read, and how many items were in each.
    pub unread: BTreeMap<String, usize>,
    /// Every case, as it stands at the end.
    pub cases: Vec<Case>,
    pub alerts: BTreeMap<&'r str, usize>,
}

impl<'r> Summary<'r> {
    pub fn of(run: &'r Run, config: &Config, reader: &Reader<'_>, lines: &[Line<'_>]) -> Self {
        let ours = run.turns.iter().filter(|turn| turn.is_ours()).count();
        let people: BTreeSet<&AccountKey> =
            lines.iter().filter_map(|line| line.found.author.as_ref()).collect();
        let linked =
            lines.iter().filter_map(|line| line.found.customer.as_ref().filter(|found| found.linked));
        let customers = linked.map(|found| found.customer.as_str()).collect::<BTreeSet<_>>().len();
        let platforms: BTreeSet<&Platform> = lines.iter().map(|line| &line.found.item.platform).collect();
        let mut summary = Self {
            heard: lines.len(),
            ours,
            people: people.len(),
            customers,
            platforms: platforms.len(),
            moods: BTreeMap::new(),
            unread: BTreeMap::new(),
            cases: cases(run, config),
            alerts: BTreeMap::new(),
        };
        for line in lines {
            *summary.moods.entry(line.mood).or_default() += 1;
            if line.mood == Mood::Unread {
                let language = reader.language(line.turn).unwrap_or_default();
                *summary.unread.entry(language).or_default() += 1;
            }
        }
        for effect in run.turns.iter().flat_map(|turn| &turn.outcome.effects) {
            if let Action::Alert { kind, .. } = &effect.action {
                *summary.alerts.entry(kind).or_default() += 1;
            }
        }
        summary
    }

    /// Each line is a fact that a lead asks for first.
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        let mood = |mood| self.moods.get(&mood).copied().unwrap_or(0);
        let list =
            |counts: Vec<String>| if counts.is_empty() { "none".to_owned() } else { counts.join(", ") };
        let mut lines = vec![
            (
                "heard",
                format!(
                    "{} items from {} accounts on {} platforms; {} known customers among them; we wrote {}",
                    self.heard, self.people, self.platforms, self.customers, self.ours
                ),
            ),
            (
                "mood",
                format!(
                    "{} negative, {} neutral, {} positive",
                    mood(Mood::Negative),
                    mood(Mood::Neutral),
                    mood(Mood::Positive)
                ),
            ),
        ];
        if !self.unread.is_empty() {
            let languages = self.unread.iter().map(|(code, count)| match code.as_str() {
                "und" => format!("language not known {count}"),
                code => format!("{code} {count}"),
            });
            let languages = list(languages.collect());
            let all = cfg!(all(feature = "languages", feature = "detect"));
            let mend = if all { "" } else { " (--features languages,detect)" };
            let count = mood(Mood::Unread);
            lines.push((
                "not read",
                format!("{count} in languages without a pack in this build: {languages}{mend}"),
            ));
        }
        let over = self.cases.iter().filter(|case| case.status.is_over()).count();
        let ratings: Vec<String> =
            self.cases.iter().filter_map(|case| case.csat.as_ref()).map(rating).collect();
        lines.push((
            "cases",
            format!(
                "{} opened, {over} solved, {} open now; customers' ratings (CSAT): {}",
                self.cases.len(),
                self.cases.len() - over,
                list(ratings)
            ),
        ));
        lines.push((
            "alerts",
            list(self.alerts.iter().map(|(kind, count)| format!("{kind} {count}")).collect()),
        ));
        lines
    }
}

fn rating(rating: &Rating) -> String {
    format!("{} of {}", rating.score, rating.scale)
}

/// Every case, page after page.
fn cases(run: &Run, config: &Config) -> Vec<Case> {
    let (mut cases, mut after) = (Vec::new(), None);
    loop {
        let view = Inbox { after, limit: 500, ..Inbox::of(config.tenant()) };
        let Ok(page) = look(&view, &run.store) else { return cases };
        cases.extend(page.cases.into_iter().map(|line| line.case));
        match page.next {
            Some(next) => after = Some(next),
            None => return cases,
        }
    }
}

/// What is still open, most urgent first, of equal urgency whoever waits longest; and the last line of each.
pub fn open<'s, 'r>(
    summary: &'s Summary<'_>,
    lines: &'s [Line<'r>],
) -> Vec<(&'s Case, Option<&'s Line<'r>>)> {
    let mut open: Vec<&Case> = summary.cases.iter().filter(|case| !case.status.is_over()).collect();
    open.sort_by_key(|case| (std::cmp::Reverse(case.priority), case.waiting_since.unwrap_or(case.opened_at)));
    let said = |case: &Case| lines.iter().rev().find(|line| line.found.case.as_ref() == Some(&case.id));
    open.into_iter().map(|case| (case, said(case))).collect()
}
