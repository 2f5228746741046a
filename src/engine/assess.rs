//! What an item means and what follows from it.
//!
//! ```text
//! item ─► author, customer ─► facts ─► sentiment, signals, model ─► monitors ─► lead ─► rules ─► case, alerts, draft
//! ```

use super::alerts::{self, Raised};
use super::author::Author;
use super::language::Language;
use super::plan::Plan;
use super::shelf::Stop;
use super::state::{AccountState, CaseRecord, ItemState, Keys, PersonState};
use super::turn::{Question, Turn};
use super::work::{self, Docket};
use super::{Action, Assessment, Finding, Subject, drafts, gather, kin};
use crate::desk::{Case, CaseEvent};
use crate::facts::{Facts, Field};
use crate::lead::{Activity, History, Source};
use crate::listen::MonitorKind;
use crate::model::{
    CaseId, CaseKind, CaseStatus, Direction, Interaction, ItemKey, Points, Priority, Timestamp,
};
use crate::respond::Values;
use crate::route::{Action as Do, Decision};
use crate::sentiment::Label;
use crate::signal::{Found, Urgency};
use crate::text::Text;

/// Everything found out about one item, and what its author's rows said.
struct Analysis<'t> {
    facts: Facts<'t>,
    found: Found,
    label: Label,
    priority: Priority,
    /// The products it concerns, as their monitors are called.
    products: Vec<String>,
    /// The language that whoever answers should speak, where it is known.
    language: Option<String>,
}

impl Analysis<'_> {
    /// Praise or a good mood, with nothing to do about it.
    fn thanks(&self) -> bool {
        let asks = ["complaint", "question", "bug", "lead"].iter().any(|name| self.found.has_category(name));
        (self.label == Label::Positive || self.found.has_category("praise")) && !asks
    }
}

/// Assesses an item that comes from outside, and decides what follows.
pub(super) fn assess(
    turn: &Turn<'_>,
    plan: &mut Plan<'_, '_>,
    item: &Interaction,
    at: Timestamp,
) -> Result<Assessment, Stop> {
    let engine = turn.engine;
    let author = super::interaction::find_author(turn, item)?;
    let mut assessment = Assessment::new(item);
    let Some(author) = author else {
        plan.find(Finding::new("author").result("the brand itself"));
        assessment.case = answered(turn, plan, item)?;
        return Ok(assessment);
    };
    let person = author.person();
    let keys = Keys(&engine.tenant);
    let person_key = keys.person(&person);
    let (mut state, history, moved) = standing(turn, plan, &author, &person)?;
    author.record(turn, plan);
    assessment.customer.clone_from(&author.matched);
    if super::is_wordless(item) {
        let text = turn.text(item);
        let mut facts = gather::facts(engine, item, &author, text, at);
        plan.find(Finding::new("signal").result(item.kind.as_str()));
        lead(turn, plan, item, &author, &person, history, moved, at, &mut facts, &mut assessment);
        assessment.take(&facts);
        if moved {
            plan.put_of(&person.name(), person_key, state);
        }
        return Ok(assessment);
    }

    let mut analysis = analyse(turn, plan, item, &author, at, &mut assessment)?;
    lead(turn, plan, item, &author, &person, history, moved, at, &mut analysis.facts, &mut assessment);
    assessment.take(&analysis.facts);
    let decision = engine.rules.decide(&analysis.facts, &mut turn.scratch());
    note_facts(plan, &analysis.facts);
    note_rules(plan, &decision, &mut assessment);
    let priority = decision.verdict.priority.unwrap_or(analysis.priority);
    assessment.priority = priority;

    let mut docket = Docket::new(turn);
    let known = state.cases.len();
    let case = follow(turn, &mut docket, &mut state, item, &author, &person, &analysis, &decision, priority)?;
    let mut raised = docket.raised();
    if let Some(id) = &case {
        act_on_case(turn, plan, &mut docket, id, item, &author, &analysis, &decision)?;
        if let Some(record) = docket.case(id)? {
            assessment.case = Some(id.clone());
            assessment.team.clone_from(&record.case.team);
            assessment.agent.clone_from(&record.case.assignee);
            assessment.priority = record.case.priority;
            assessment.due = record.sla.due(&engine.calendar, turn.now);
            let due = assessment.due.map_or_else(|| "no promise".to_owned(), |due| format!("due {due}"));
            plan.find(Finding::new("case").result(format!("{id}, {due}")));
        }
    }
    raised.extend(rule_alerts(&decision, priority, case.as_ref(), &assessment));
    docket.record(plan);
    if moved || state.cases.len() != known {
        plan.put_of(&person.name(), person_key, state);
    }
    alerts::raise(turn, plan, &raised)?;
    for action in &decision.verdict.others {
        if let Do::Custom { name, args } = action {
            plan.effect(Action::Custom { name: (**name).into(), args: args.clone(), item: item.key.clone() });
        }
    }
    if decision.verdict.hide {
        plan.effect(Action::Hide { item: item.key.clone() });
    }
    if let Some(found) = author.matched.as_ref().filter(|found| !found.linked) {
        let (customer, probability) = (found.customer.clone(), found.probability);
        plan.effect(Action::ReviewMatch { item: item.key.clone(), customer, probability });
    }
    Ok(assessment)
}

/// The brand speaks: the case of whom it answers hears of it.
fn answered(turn: &Turn<'_>, plan: &mut Plan<'_, '_>, item: &Interaction) -> Result<Option<CaseId>, Stop> {
    let keys = Keys(&turn.engine.tenant);
    let parent =
        item.in_reply_to.as_ref().map(|id| keys.item(&ItemKey::new(item.key.platform.clone(), id.clone())));
    let account = item.recipients.first().map(|account| (account, keys.account(account)));
    let wanted: Vec<_> = parent.iter().chain(account.iter().map(|(_, key)| key)).collect();
    turn.want(&wanted, &[])?;
    let parent = parent.map(|key| turn.get::<ItemState>(&key)).transpose()?.flatten();
    let mut case = parent.and_then(|state| state.assessment.as_ref().and_then(|found| found.case.clone()));
    if let (None, Some((account, key))) = (&case, account) {
        let link = turn.get::<AccountState>(&key)?.and_then(|state| state.link.clone());
        let person =
            link.map_or_else(|| Subject::Account(account.clone()), |link| Subject::Customer(link.customer));
        case = turn.get::<PersonState>(&keys.person(&person))?.and_then(|state| state.cases.last().cloned());
    }
    let Some(id) = case else { return Ok(None) };
    let mut docket = Docket::new(turn);
    let by = item.agent.clone().unwrap_or_else(|| "brand".into());
    docket.tell(&id, CaseEvent::Reply { item: item.key.clone(), by, bot: false })?;
    docket.record(plan);
    Ok(Some(id))
}

/// Reads the item: sentiment, signals, the host's model; each finding goes into facts, receipt and assessment.
fn analyse<'t>(
    turn: &'t Turn<'_>,
    plan: &mut Plan<'_, '_>,
    item: &Interaction,
    author: &Author,
    at: Timestamp,
    assessment: &mut Assessment,
) -> Result<Analysis<'t>, Stop> {
    let engine = turn.engine;
    let text = turn.text(item);
    plan.stats.bytes_cut = text.truncated();
    let mut facts = gather::facts(engine, item, author, text, at);

    let language = Language::of(item, text);
    if let Some(code) = language.known() {
        facts.set(Field::Lang, code);
    }
    let reading = engine.sentiment.read_in(text, Some(&language.code));
    facts.set(Field::Sentiment, reading.score);
    let emotions: Vec<String> =
        reading.emotions.iter().map(|(emotion, _)| emotion.name().to_owned()).collect();
    facts.set(Field::Emotion, emotions);
    assessment.confidence = reading.confidence;
    assessment.needs_review = reading.needs_review;
    let why = engine.sentiment.explain_in(text, Some(&language.code));
    let parts = why.contributions.iter().filter(|part| part.pull() != Points::ZERO).map(|part| {
        Finding::new(part.reason).points(part.pull()).spans(Some(part.span).filter(|span| !span.is_empty()))
    });
    plan.find(
        Finding::new("sentiment")
            .result(format!(
                "{} {:+.2}, confidence {:.2}, {language}",
                reading.label.name(),
                reading.score,
                reading.confidence,
            ))
            .points(why.raw.positive - why.raw.negative)
            .children(parts.collect::<Vec<_>>()),
    );

    let found = engine.signals.read(&mut facts, &mut turn.scratch());
    if engine.ask_model {
        let question = || Question { item: item.key.clone(), text: item.content.text.clone() };
        if let Some(answer) = turn.ask(question)? {
            let mut topics: Vec<String> = facts.words(&Field::Topic).map(str::to_owned).collect();
            topics.extend(answer.topics.iter().map(|(name, _)| name.to_string()));
            facts.set(Field::Topic, topics);
            let parts = answer
                .topics
                .iter()
                .map(|(name, sure)| Finding::new(name.clone()).result(format!("{sure:.3}")));
            plan.find(Finding::new("model").result(answer.model.clone()).children(parts.collect::<Vec<_>>()));
        }
    }
    note_signals(plan, &found);
    let products = listen(turn, plan, item, text, &language, &mut facts);
    let priority = match found.urgency {
        Urgency::Critical => Priority::Urgent,
        Urgency::High => Priority::High,
        _ => Priority::Medium,
    };
    Ok(Analysis { facts, found, label: reading.label, priority, products, language: language.spoken() })
}

/// Which monitors the item concerns, where, and what it says of each; the products among them.
fn listen(
    turn: &Turn<'_>,
    plan: &mut Plan<'_, '_>,
    item: &Interaction,
    text: &Text,
    language: &Language<'_>,
    facts: &mut Facts<'_>,
) -> Vec<String> {
    let engine = turn.engine;
    let heard = engine.listener.hear(facts, item.published_at, &mut turn.scratch());
    plan.stats.monitors = heard.hits.len();
    let mut monitors = Vec::new();
    let mut products = Vec::new();
    for hit in &heard.hits {
        let aspects = |span| engine.sentiment.aspects_in(text, Some(&language.code), &[span]);
        let aspect = hit.spans.first().and_then(|span| aspects(*span).into_iter().next());
        let says = aspect.map_or("named", |aspect| aspect.polarity.label.name());
        plan.find(
            Finding::new("monitor")
                .result(format!("{}: {says}", hit.monitor))
                .spans(hit.spans.iter().copied()),
        );
        monitors.push(hit.monitor.to_owned());
        if engine.listener.monitor(hit.place).is_some_and(|(_, kind)| *kind == MonitorKind::Product) {
            products.push(hit.monitor.to_owned());
        }
    }
    facts.set(Field::Monitor, monitors);
    if !products.is_empty() {
        facts.set(Field::Attr("product".into()), products.clone());
    }
    products
}

/// What is kept of the person: cases and lead history. A new link brings those of the account along.
fn standing(
    turn: &Turn<'_>,
    plan: &mut Plan<'_, '_>,
    author: &Author,
    person: &Subject,
) -> Result<(PersonState, History, bool), Stop> {
    let keys = Keys(&turn.engine.tenant);
    let alone = Subject::Account(author.account.profile.key.clone());
    let (own, lead) = (keys.person(person), keys.lead(person));
    let brought = author.new_link.then(|| [keys.person(&alone), keys.lead(&alone)]);
    let wanted: Vec<_> = [&own, &lead].into_iter().chain(brought.iter().flatten()).collect();
    turn.want(&wanted, &[])?;
    let mut state = turn.get::<PersonState>(&own)?.map(|state| (*state).clone()).unwrap_or_default();
    let mut history = turn.get::<History>(&lead)?.map(|history| (*history).clone()).unwrap_or_default();
    let mut moved = false;
    if author.new_link {
        let brought = kin::own(turn, plan, &author.account.profile.key)?;
        moved = !brought.is_empty();
        state.cases.splice(0..0, brought.state.cases);
        history.merge(brought.history);
    }
    Ok((state, history, moved))
}

/// What the item adds to the person's lead score; the ledger stands in the receipt and adds up to the score.
#[expect(clippy::too_many_arguments, reason = "one decision over everything the turn knows")]
fn lead(
    turn: &Turn<'_>,
    plan: &mut Plan<'_, '_>,
    item: &Interaction,
    author: &Author,
    person: &Subject,
    mut history: History,
    moved: bool,
    at: Timestamp,
    facts: &mut Facts<'_>,
    assessment: &mut Assessment,
) {
    let Some(rules) = &turn.engine.leads else { return };
    let met = rules.matches(facts);
    let activity = || {
        let about =
            Activity::new(item.key.to_string(), at, met.iter().copied()).about(item.key.id.to_string());
        about.by(turn.engine.account_mark(&author.account.profile.key))
    };
    let added = !met.is_empty() && history.record(activity());
    let Some(ledger) = rules.scores().next().and_then(|score| rules.ledger(score, &history, &met, turn.now))
    else {
        return;
    };
    facts.set(Field::LeadScore, ledger.total.as_f64());
    assessment.lead = Some(ledger.total);
    if let Some(grade) = ledger.grade {
        facts.set(Field::LeadGrade, grade.to_string());
        assessment.grade = Some(grade.to_string().into());
    }
    let entries = ledger.entries.iter().map(|entry| Finding::new(source(&entry.source)).points(entry.points));
    plan.find(
        Finding::new("lead")
            .result(assessment.grade.as_deref().unwrap_or_default())
            .points(ledger.total)
            .children(entries.collect::<Vec<_>>()),
    );
    if added || moved {
        plan.put_of(&person.name(), Keys(&turn.engine.tenant).lead(person), history);
    }
}

/// What an entry of a ledger comes from, without naming anybody.
fn source(source: &Source) -> &str {
    match source {
        Source::Fit { criterion } | Source::Event { criterion, .. } => criterion,
        Source::Floor => "floor",
        Source::Ceiling => "ceiling",
        _ => "bound or adjustment",
    }
}

fn note_signals(plan: &mut Plan<'_, '_>, found: &Found) {
    let kinds = [("category", &found.categories), ("intent", &found.intents)];
    for (kind, signals) in kinds {
        for signal in signals {
            plan.find(Finding::new(kind).result(signal.name.clone()).spans(signal.evidence.iter().copied()));
        }
    }
    let reasons = found.reasons.iter().map(|reason| {
        Finding::new(reason.why.clone()).result(reason.level.name()).spans(reason.evidence.iter().copied())
    });
    plan.find(Finding::new("urgency").result(found.urgency.name()).children(reasons.collect::<Vec<_>>()));
}

/// What the rules were asked about, as a query would say it; what names the author or a recipient stays out.
fn note_facts(plan: &mut Plan<'_, '_>, facts: &Facts<'_>) {
    let personal = |field: &Field| {
        matches!(field, Field::From | Field::To | Field::Url | Field::Geo | Field::City | Field::Attr(_))
    };
    plan.find(Finding::new("facts").result(facts.told(|field| !personal(field))));
}

fn note_rules(plan: &mut Plan<'_, '_>, decision: &Decision, assessment: &mut Assessment) {
    plan.stats.rules = decision.fired.len();
    assessment.rule = decision.fired.first().map(|fired| fired.rule.as_str().into());
    let fired =
        decision.fired.iter().map(|fired| Finding::new(fired.rule.as_str()).result(fired.group.as_str()));
    let result = if decision.by_root { "the implicit root" } else { "rules" };
    let mut finding = Finding::new("route")
        .result(format!("{result}, version {}", decision.version))
        .children(fired.collect::<Vec<_>>());
    if !decision.looping.is_empty() {
        finding = finding.child(Finding::new("stopped a loop of").result(decision.looping.join(", ")));
    }
    plan.find(finding);
}

/// The case the item belongs to: the person's open one, or a new one when the rules give it to a team.
#[expect(clippy::too_many_arguments, reason = "one decision over everything the turn knows")]
fn follow(
    turn: &Turn<'_>,
    docket: &mut Docket<'_, '_>,
    state: &mut PersonState,
    item: &Interaction,
    author: &Author,
    person: &Subject,
    analysis: &Analysis<'_>,
    decision: &Decision,
    priority: Priority,
) -> Result<Option<CaseId>, Stop> {
    let engine = turn.engine;
    let inbound = item.direction == Direction::Inbound;
    if let Some(id) = state.cases.last().cloned().filter(|_| inbound) {
        let status = docket.case(&id)?.map(|record| record.case.status);
        let thanks = analysis.thanks();
        if thanks && status == Some(CaseStatus::PendingCustomer) {
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
    let mut record = work::opened(turn, case, person.name(), tier);
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
#[expect(clippy::too_many_arguments, reason = "one decision over everything the turn knows")]
fn act_on_case(
    turn: &Turn<'_>,
    plan: &mut Plan<'_, '_>,
    docket: &mut Docket<'_, '_>,
    id: &CaseId,
    item: &Interaction,
    author: &Author,
    analysis: &Analysis<'_>,
    decision: &Decision,
) -> Result<(), Stop> {
    for action in &decision.verdict.others {
        match action {
            Do::Escalate { team, why } => {
                let child = turn.engine.case_id(&format!("{id} for {team}"));
                docket.tell(id, CaseEvent::Escalate { child, team: team.clone(), why: why.clone() })?;
            }
            Do::Draft { template } => {
                // One draft a case, and none once a person has answered.
                if let Some(record) =
                    docket.case(id)?.filter(|record| record.reply.is_none() && !record.case.human)
                {
                    draft(turn, plan, record, template, item, author, analysis);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Fills a template from facts. A draft that shows a private value goes by private message.
fn draft(
    turn: &Turn<'_>,
    plan: &mut Plan<'_, '_>,
    record: &mut CaseRecord,
    template: &str,
    item: &Interaction,
    author: &Author,
    analysis: &Analysis<'_>,
) {
    let Some(template) = turn.engine.templates.get(template) else { return };
    let mut values = Values::default();
    values.set("case", record.case.id.as_str());
    if let Some(customer) = author.customer() {
        if let Some(given) = &customer.given {
            values.set("given", given.reveal());
        }
        if let Some(order) = customer.transactions.last() {
            values.set_private("order", &order.id);
        }
    }
    if let Some(product) = analysis.products.first() {
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

fn rule_alerts(
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
