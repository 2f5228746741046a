//! Agents whom the configuration no longer names: what they hold goes back to the line of its team.
//!
//! A mark in the store says which agents a tick has last seen. A tick of an engine that knows others looks for those who are
//! gone; every other tick reads the mark, and that is all.

use super::super::Finding;
use super::super::plan::Plan;
use super::super::shelf::Stop;
use super::super::state::Keys;
use super::super::turn::Turn;
use super::Docket;
use crate::model::AgentId;
use crate::route::AgentState;
use crate::store::{Key, Kind, Scan};
use serde::{Deserialize, Serialize};

/// Agents read at once.
const PAGE: usize = 1_000;

/// Which agents there were.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Staff {
    /// A hash of their ids.
    known: String,
}

impl Staff {
    fn of(turn: &Turn<'_>) -> Self {
        let ids: Vec<&str> = turn.engine.agents().map(|agent| agent.id.as_str()).collect();
        Self { known: turn.engine.token(&Key::join(&ids)) }
    }
}

/// Where the mark stands: no agent is called that.
pub(in crate::engine) fn mark(turn: &Turn<'_>) -> Key {
    Keys(&turn.engine.tenant).agent(&AgentId::from(""))
}

/// True when a tick has seen other agents than there are now.
pub(in crate::engine) fn has_changed(turn: &Turn<'_>) -> Result<bool, Stop> {
    Ok(turn.get::<Staff>(&mark(turn))?.is_some_and(|seen| *seen != Staff::of(turn)))
}

/// Gives back what is held by agents who are no longer there, and notes who is.
pub(in crate::engine) fn give_back(
    turn: &Turn<'_>,
    plan: &mut Plan<'_, '_>,
    docket: &mut Docket<'_, '_>,
) -> Result<(), Stop> {
    let (mark, staff) = (mark(turn), Staff::of(turn));
    if turn.get::<Staff>(&mark)?.is_some_and(|seen| *seen == staff) {
        return Ok(());
    }
    let everybody = turn.all(vec![Scan::new(&turn.engine.tenant, Kind::Agent, "", PAGE)])?;
    let is_gone = |key: &&Key| **key != mark && turn.engine.desk.roster().agent(&key.id().into()).is_none();
    let gone: Vec<&Key> = everybody.into_iter().filter(is_gone).collect();
    turn.want(&gone, &[])?;
    for key in gone {
        if let Some(state) = turn.get::<AgentState>(key)? {
            let agent = AgentId::from(key.id());
            plan.find(Finding::new("no longer here").result(key.id()));
            docket.release(&agent, state.held.keys())?;
        }
        plan.delete(key.clone());
    }
    plan.put_shared(mark, staff);
    Ok(())
}
