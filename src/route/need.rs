//! Who can do what: sets of agents, and those that meet what a piece of work asks for.

use super::agent::{Agent, MAX_LEVEL};
use super::assign::Work;
use super::bits::{self, Bits};
use crate::model::TeamId;
use std::collections::BTreeMap;

/// Who has what: one set of agents for every team, language, territory, and level of a skill.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) teams: BTreeMap<TeamId, Bits>,
    languages: BTreeMap<String, Bits>,
    territories: BTreeMap<String, Bits>,
    /// At index `level - 1`: who has at least that level.
    skills: BTreeMap<String, [Bits; MAX_LEVEL as usize]>,
    /// Who has a skill that nobody has: skills are dropped in time, so that asking for one is not the end.
    nobody: Bits,
}

impl Rows {
    pub(super) fn of(agents: &[Agent]) -> Self {
        let empty = || Bits::new(agents.len());
        let mut rows = Self { nobody: empty(), ..Self::default() };
        for (index, agent) in agents.iter().enumerate() {
            for team in &agent.teams {
                rows.teams.entry(team.clone()).or_insert_with(empty).set(index, true);
            }
            for language in &agent.languages {
                rows.languages.entry(language.clone()).or_insert_with(empty).set(index, true);
            }
            for territory in &agent.territories {
                rows.territories.entry(territory.clone()).or_insert_with(empty).set(index, true);
            }
            for (skill, &level) in &agent.skills {
                let levels =
                    rows.skills.entry(skill.clone()).or_insert_with(|| std::array::from_fn(|_| empty()));
                levels.iter_mut().take(usize::from(level)).for_each(|bits| bits.set(index, true));
            }
        }
        rows
    }
}

/// The sets whose members meet what a piece of work asks for.
#[derive(Debug)]
pub(super) struct Need<'r> {
    team: Option<&'r Bits>,
    language: Option<&'r Bits>,
    territory: Option<&'r Bits>,
    /// The first skills asked for, in place: a choice then allocates nothing.
    skills: [Option<&'r Bits>; 6],
    /// The rest of them.
    more: Vec<&'r Bits>,
}

/// Who has `name`: everybody when it is not asked for, `None` when nobody.
fn row<'r, K: Ord>(sets: &'r BTreeMap<K, Bits>, name: &Option<K>) -> Option<Option<&'r Bits>> {
    match name {
        Some(name) => sets.get(name).map(Some),
        None => Some(None),
    }
}

impl<'r> Need<'r> {
    /// `None` when a team, language or territory is asked for that nobody has.
    pub(super) fn of(rows: &'r Rows, work: &Work) -> Option<Self> {
        let mut need = Self {
            team: row(&rows.teams, &work.team)?,
            language: row(&rows.languages, &work.language)?,
            territory: row(&rows.territories, &work.territory)?,
            skills: [None; 6],
            more: Vec::new(),
        };
        let mut slots = need.skills.iter_mut();
        for (skill, &level) in &work.skills {
            let levels = rows.skills.get(skill);
            let set =
                levels.and_then(|levels| levels.get(usize::from(level.max(1)) - 1)).unwrap_or(&rows.nobody);
            match slots.next() {
                Some(slot) => *slot = Some(set),
                None => need.more.push(set),
            }
        }
        Some(need)
    }

    /// The same without the skills.
    pub(super) fn relaxed(&self) -> Self {
        Self { skills: [None; 6], more: Vec::new(), ..*self }
    }

    fn sets(&self) -> impl Iterator<Item = &'r Bits> + '_ {
        let fixed = [self.team, self.language, self.territory];
        fixed.into_iter().chain(self.skills).flatten().chain(self.more.iter().copied())
    }

    pub(super) fn meets(&self, index: usize) -> bool {
        self.sets().all(|set| set.has(index))
    }

    /// The members of every set and of `among`, in order.
    pub(super) fn candidates<'a>(&'a self, among: &'a Bits) -> impl Iterator<Item = usize> + 'a {
        among.words().enumerate().flat_map(move |(place, word)| {
            let word = self.sets().fold(word, |word, set| word & set.word(place));
            bits::ones(place, word)
        })
    }
}
