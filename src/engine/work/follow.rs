//! What follows for the person's case: the open one hears the item, a new one is opened, rules act on it.

use super::alerts::Raised;
use super::{Docket, opened};
use crate::desk::{Case, CaseEvent};
use crate::engine::Assessment;
use crate::engine::Finding;
use crate::engine::assess::{Analysis, Hearing};
use crate::engine::people::contact;
use crate::engine::plan::Plan;
use crate::engine::publish::drafts;
use crate::engine::shelf::Stop;
use crate::engine::state::{CaseRecord, ItemState, Keys, PersonState};
use crate::engine::turn::Turn;
use crate::model::{CaseId, CaseKind, CaseStatus, Customer, Direction, Priority, Transaction};
use crate::respond::Values;
use crate::route::{Action as Do, Decision};
use crate::sentiment::Label;
use crate::signal::Found;
use crate::text::Text;

impl Analysis<'_> {
    /// Praise or a good mood, with nothing to do about it.
    fn thanks(&self) -> bool {
        let asks = ["complaint", "question", "bug", "lead"].iter().any(|name| self.found.has_category(name));
        (self.label == Label::Positive || self.found.has_category("praise")) && !asks
    }
}

/// The case the item belongs to: the person's open one, or a new one when the rules give it to a team.
pub(in crate::engine) fn follow(
    hearing: &Hearing<'_, '_>,
    docket: &mut Docket<'_, '_>,
    state: &mut PersonState,
    analysis: &Analysis<'_>,
    decision: &Decision,
    priority: Priority,
) -> Result<Option<CaseId>, Stop> {
    let Hearing { turn, item, author, ref person, .. } = *hearing;
    let engine = turn.engine;
    let inbound = item.direction == Direction::Inbound;
    if let Some(id) = heard_in(hearing, docket, state)?.filter(|_| inbound) {
        let theirs = state.cases.contains(&id);
        let status = docket.case(&id)?.filter(|_| theirs).map(|record| record.case.status);
        let thanks = analysis.thanks();
        // Nor do they ask for an answer, whoever is waited for.
        if thanks && status.is_some_and(CaseStatus::is_waiting) {
            docket.tell(&id, CaseEvent::Note(format!("thanks in {}", item.key)))?;
            return Ok(Some(id));
        }
        // Thanks for a solved problem does not open it again.
        let thanks = thanks && status.is_some_and(CaseStatus::is_over);
        if status.is_some() && !thanks {
            docket.tell(&id, CaseEvent::Inbound(item.key.clone()))?;
            if docket.follow_up().is_none() {
                let raise = docket.case(&id)?.is_some_and(|record| record.case.priority < priority);
                if raise {
                    docket.tell(&id, CaseEvent::Prioritise(priority))?;
                }
                return Ok(Some(id));
            }
        } else if thanks {
            return Ok(None);
        }
    }
    let assign = &decision.verdict.assign;
    let asks = analysis.found.has_category("complaint") || analysis.found.has_category("question");
    let unattended = inbound && (item.is_private() || (asks && item.brand_account.is_some()));
    let team = assign.team.clone().or_else(|| engine.default_team.clone().filter(|_| unattended));
    if team.is_none() && assign.agent.is_none() {
        return Ok(None);
    }
    let id = engine.case_id(&item.key.to_string());
    let mut case = Case::open(id.clone(), turn.now, item.key.clone());
    (case.team, case.priority, case.kind) = (team, priority, kind_of(&analysis.found));
    let customer = author.customer();
    let tier = customer.and_then(|customer| customer.tier.as_deref());
    let mut record = opened(turn, case, person.name(), tier);
    if let Some(targets) = sla_of(turn, decision) {
        record.sla.hear(crate::desk::SlaEvent::Swap(targets), turn.now);
    }
    record.owner = assign.agent.clone().or_else(|| customer.and_then(|customer| customer.owner.clone()));
    record.skills.clone_from(&assign.skills);
    // A language that nobody in the team speaks would leave the case waiting for ever.
    record.language = analysis.language.clone().filter(|code| engine.speaks(record.case.team.as_ref(), code));
    record.through = Some(engine.account_mark(&author.account.profile.key));
    docket.open(record)?;
    state.cases.push(id.clone());
    Ok(Some(id))
}

/// The person's case that an item may belong to: the one in which it stands, else their last; either may have been folded
/// into another of theirs.
fn heard_in(
    hearing: &Hearing<'_, '_>,
    docket: &mut Docket<'_, '_>,
    state: &PersonState,
) -> Result<Option<CaseId>, Stop> {
    let key = Keys(&hearing.turn.engine.tenant).item(&hearing.item.key);
    let held = hearing.turn.get::<ItemState>(&key)?.and_then(|held| held.case.clone());
    let held = held.map(|case| docket.stands(&case)).transpose()?;
    match held.filter(|case| state.cases.contains(case)) {
        None => state.cases.last().map(|case| docket.stands(case)).transpose(),
        held => Ok(held),
    }
}

fn sla_of(turn: &Turn<'_>, decision: &Decision) -> Option<crate::desk::Targets> {
    decision.verdict.others.iter().find_map(|action| match action {
        Do::StartSla { policy } => turn.engine.promises.get(policy.as_str()).copied(),
        _ => None,
    })
}

fn kind_of(found: &Found) -> CaseKind {
    let kinds = [
        ("complaint", CaseKind::Complaint),
        ("bug", CaseKind::Issue),
        ("lead", CaseKind::Lead),
        ("feature-request", CaseKind::Feedback),
        ("question", CaseKind::Question),
        ("praise", CaseKind::Praise),
    ];
    let kind = kinds.into_iter().find(|(name, _)| found.has_category(name)).map(|(_, kind)| kind);
    kind.unwrap_or(CaseKind::Question)
}

/// Rule actions about the case: another team is asked, a reply is drafted.
pub(in crate::engine) fn act(
    hearing: &Hearing<'_, '_>,
    plan: &mut Plan<'_, '_>,
    docket: &mut Docket<'_, '_>,
    id: &CaseId,
    analysis: &Analysis<'_>,
    decision: &Decision,
) -> Result<(), Stop> {
    for action in &decision.verdict.others {
        match action {
            Do::Escalate { team, why } => {
                let child = hearing.turn.engine.case_id(&format!("{id} for {team}"));
                docket.tell(id, CaseEvent::Escalate { child, team: team.clone(), why: why.clone() })?;
            }
            Do::Draft { template } => {
                // One draft a case, and none once a person has answered.
                let Some(record) =
                    docket.case(id)?.filter(|record| record.reply.is_none() && !record.case.human)
                else {
                    continue;
                };
                match contact::barred(hearing.turn, &hearing.person.name(), &hearing.item.key)? {
                    Some(why) => plan.find(Finding::new("draft").result(why)),
                    None => draft(hearing, plan, record, template, analysis),
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Fills a template from facts. A draft that shows a private value goes by private message.
fn draft(
    hearing: &Hearing<'_, '_>,
    plan: &mut Plan<'_, '_>,
    record: &mut CaseRecord,
    template: &str,
    analysis: &Analysis<'_>,
) {
    let Hearing { turn, item, author, .. } = *hearing;
    let Some(template) = turn.engine.templates.get(template) else { return };
    let mut values = Values::default();
    values.set("case", record.case.id.as_str());
    let bought = author.customer().and_then(|customer| bought(customer, analysis, turn.text(item)));
    if let Some(customer) = author.customer() {
        if let Some(given) = &customer.given {
            values.set("given", given.reveal());
        }
        if let Some(order) = bought.map(|(order, _)| order).or(customer.transactions.last()) {
            values.set_private("order", &order.id);
        }
    }
    if let Some(product) = bought.map(|(_, name)| name).or(analysis.products.first().map(String::as_str)) {
        values.set("product", product);
    }
    match template.fill(&values) {
        Ok(filled) => {
            let private = filled.private || item.is_private();
            let cites = filled.cites.iter().map(|name| Finding::new("cites").result(name.clone()));
            plan.find(Finding::new("draft").result(template.id()).children(cites.collect::<Vec<_>>()));
            let answers = (&item.key, private);
            drafts::by_rule(turn, plan, record, template.id(), &filled.text, answers, author);
        }
        Err(why) => plan.find(Finding::new("draft").result(why.to_string())),
    }
}

/// The newest order of a customer's that holds what an item is about, by the name that stands there: a product that the
/// item names in full, else one whose monitor it set off.
fn bought<'c>(
    customer: &'c Customer,
    analysis: &Analysis<'_>,
    text: &Text,
) -> Option<(&'c Transaction, &'c str)> {
    let said = words(text);
    let heard: Vec<Vec<String>> =
        analysis.products.iter().map(|product| words(&Text::new(product))).collect();
    let orders = customer.transactions.iter().rev();
    let mut held = Vec::new();
    for (order, name) in orders.flat_map(|order| order.product_names().map(move |name| (order, name))) {
        held.push((order, name, words(&Text::new(name))));
    }
    let named = held.iter().find(|(.., name)| holds(&said, name));
    let named =
        named.or_else(|| held.iter().find(|(.., name)| heard.iter().any(|product| holds(name, product))));
    named.map(|(order, name, _)| (*order, *name))
}

fn words(text: &Text) -> Vec<String> {
    text.tokens().iter().map(|token| text.folded(token).to_owned()).collect()
}

/// True when words stand among others, one after the other.
fn holds(among: &[String], words: &[String]) -> bool {
    !words.is_empty() && among.windows(words.len()).any(|some| some == words)
}

pub(in crate::engine) fn alerts(
    decision: &Decision,
    priority: Priority,
    case: Option<&CaseId>,
    assessment: &Assessment,
) -> Vec<Raised> {
    let mut raised = Vec::new();
    for action in &decision.verdict.others {
        let Do::Alert { kind, labels } = action else { continue };
        let team = assessment.team.as_ref().map_or("on-call", |team| team.as_str());
        let label =
            |name: &str, other: &str| -> Box<str> { labels.get(name).map_or(other, String::as_str).into() };
        let rule = assessment.rule.as_deref().unwrap_or("root");
        raised.push(Raised {
            kind: kind.as_str().into(),
            priority,
            to: label("to", team),
            about: label("about", rule),
            case: case.cloned(),
            reason: format!("rule {rule}"),
        });
    }
    raised
}
