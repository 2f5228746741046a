//! What an item means and what follows from it.
//!
//! ```text
//! item ─► author, customer ─► facts ─► sentiment, signals, model ─► monitors ─► lead ─► rules ─► case, alerts, draft
//! ```

use super::Action;
use super::Assessment;
use super::Finding;
use super::Subject;
use super::gather;
use super::language::Language;
use super::people::author::Author;
use super::people::kin;
use super::plan::Plan;
use super::shelf::Stop;
use super::state::{AccountState, ItemState, Keys, PersonState};
use super::turn::{Question, Turn};
use super::work::Docket;
use super::work::alerts;
use super::work::follow;
use crate::desk::CaseEvent;
use crate::facts::{Facts, Field, decimal};
use crate::lead::{Activity, History, Source};
use crate::listen::MonitorKind;
use crate::model::{CaseId, Direction, Interaction, ItemKey, Points, Priority, Timestamp};
use crate::route::{Action as Do, Decision};
use crate::sentiment::{Label, Reading};
use crate::signal::{Found, Urgency};
use crate::store::Key;
use crate::text::Text;

/// Bytes that the mood of an item takes in words, as a rule.
const MOOD: usize = 64;

/// An item that is heard: from whom, and when.
pub(super) struct Hearing<'h, 'e> {
    pub(super) turn: &'h Turn<'e>,
    pub(super) item: &'h Interaction,
    pub(super) author: &'h Author,
    /// Under whom cases and leads are kept.
    pub(super) person: Subject,
    /// Where those cases stand.
    own: Key,
    /// Where the lead history stands.
    lead: Key,
    /// When it was published, else when it came.
    pub(super) at: Timestamp,
}

/// What was found out about it.
pub(super) struct Analysis<'t> {
    pub(super) facts: Facts<'t>,
    pub(super) found: Found,
    pub(super) label: Label,
    priority: Priority,
    /// The products it concerns, as their monitors are called.
    pub(super) products: Vec<String>,
    /// The language that whoever answers should speak, where it is known.
    pub(super) language: Option<String>,
}

/// What is kept of a person.
struct Standing {
    state: PersonState,
    history: History,
    /// True when a new link brought something along.
    moved: bool,
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
    let Some(author) = author else {
        let mut assessment = Assessment::new(item);
        plan.find(Finding::new("author").result("the brand itself"));
        assessment.case = answered(turn, plan, item)?;
        return Ok(assessment);
    };
    let person = author.person();
    let [own, lead] = Keys(&engine.tenant).person_and_lead(&person);
    let hearing = Hearing { turn, item, author, person, own, lead, at };
    let Standing { mut state, history, moved } = hearing.standing(plan)?;
    hearing.author.record(turn, plan);
    let mut assessment = Assessment::new(item);
    assessment.customer.clone_from(&hearing.author.matched);
    if super::is_wordless(item) {
        let mut facts = gather::facts(engine, item, hearing.author, turn.text(item), at);
        plan.find(Finding::new("signal").result(item.kind.as_str()));
        hearing.lead(plan, history, moved, &mut facts, &mut assessment);
        assessment.take(&facts);
        if moved {
            plan.put_of(&hearing.person.name(), hearing.own.clone(), state);
        }
        return Ok(assessment);
    }

    let mut analysis = hearing.analyse(plan, &mut assessment)?;
    hearing.lead(plan, history, moved, &mut analysis.facts, &mut assessment);
    assessment.take(&analysis.facts);
    let decision = engine.rules.decide(&analysis.facts, &mut turn.scratch());
    note_facts(plan, &analysis.facts);
    note_rules(plan, &decision, &mut assessment);
    let priority = decision.verdict.priority.unwrap_or(analysis.priority);
    assessment.priority = priority;

    let mut docket = Docket::new(turn);
    let known = state.cases.len();
    let case = follow::follow(&hearing, &mut docket, &mut state, &analysis, &decision, priority)?;
    if let Some(id) = &case {
        follow::act(&hearing, plan, &mut docket, id, &analysis, &decision)?;
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
    let asked = follow::alerts(&decision, priority, case.as_ref(), &assessment);
    let mut raised = docket.record(plan);
    raised.extend(asked);
    if moved || state.cases.len() != known {
        plan.put_of(&hearing.person.name(), hearing.own.clone(), state);
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
    if let Some(found) = hearing.author.matched.as_ref().filter(|found| !found.linked) {
        let (customer, probability) = (found.customer.clone(), found.probability);
        plan.effect(Action::ReviewMatch { item: item.key.clone(), customer, probability });
    }
    Ok(assessment)
}

/// The brand speaks: the case of whom it answers hears of it.
fn answered(turn: &Turn<'_>, plan: &mut Plan<'_, '_>, item: &Interaction) -> Result<Option<CaseId>, Stop> {
    let keys = Keys(&turn.engine.tenant);
    let said = turn.get::<ItemState>(&keys.item(&item.key))?.and_then(|state| state.case.clone());
    let parent = item.in_reply_to.as_ref().map(|id| ItemKey::new(item.key.platform.clone(), id.clone()));
    let above = parent.as_ref().map(|id| keys.item(id));
    let account = item.recipients.first().map(|account| (account, keys.account(account)));
    let wanted: Vec<_> = above.iter().chain(account.iter().map(|(_, key)| key)).collect();
    turn.want(&wanted, &[])?;
    let above = above.map(|key| turn.get::<ItemState>(&key)).transpose()?.flatten();
    let mut case = said.or_else(|| above.and_then(|state| state.stands_in()));
    if let (None, Some((account, key))) = (&case, account) {
        let link = turn.get::<AccountState>(&key)?.and_then(|state| state.link.clone());
        let person =
            link.map_or_else(|| Subject::Account(account.clone()), |link| Subject::Customer(link.customer));
        case = turn.get::<PersonState>(&keys.person(&person))?.and_then(|state| state.cases.last().cloned());
    }
    let Some(id) = case else { return Ok(None) };
    let mut docket = Docket::new(turn);
    let id = docket.stands(&id)?;
    let by = item.agent.clone().unwrap_or_else(|| "brand".into());
    docket.tell(&id, CaseEvent::Reply { item: item.key.clone(), by, bot: false })?;
    let raised = docket.record(plan);
    alerts::raise(turn, plan, &raised)?;
    Ok(Some(id))
}

impl<'h> Hearing<'h, '_> {
    /// What is kept of the person: cases and lead history. A new link brings those of the account along.
    fn standing(&self, plan: &mut Plan<'_, '_>) -> Result<Standing, Stop> {
        let Self { turn, item, author, ref own, ref lead, .. } = *self;
        let keys = Keys(&turn.engine.tenant);
        let alone = || Subject::Account(author.account.profile.key.clone());
        let brought = author.new_link.then(|| keys.person_and_lead(&alone()));
        let wanted: Vec<_> = [own, lead].into_iter().chain(brought.iter().flatten()).collect();
        turn.want(&wanted, &[])?;
        let mut state = turn.get::<PersonState>(own)?.map(|state| (*state).clone()).unwrap_or_default();
        if let Some(case) =
            state.cases.last().filter(|_| item.direction == Direction::Inbound && !super::is_wordless(item))
        {
            // It may belong there; asked for before the text is read, so that it is read once.
            turn.want(&[&keys.case(case)], &[])?;
        }
        let mut history = turn.get::<History>(lead)?.map(|history| (*history).clone()).unwrap_or_default();
        let mut moved = false;
        if author.new_link {
            let brought = kin::own(turn, plan, &author.account.profile.key)?;
            moved = !brought.is_empty();
            state.cases.splice(0..0, brought.state.cases);
            history.merge(brought.history);
        }
        Ok(Standing { state, history, moved })
    }

    /// Reads the item: sentiment, signals, the host's model; each finding goes into facts, receipt and assessment.
    fn analyse(&self, plan: &mut Plan<'_, '_>, assessment: &mut Assessment) -> Result<Analysis<'h>, Stop> {
        let Self { turn, item, author, at, .. } = *self;
        let engine = turn.engine;
        let text = turn.text(item);
        plan.stats.bytes_cut = text.truncated();
        let mut facts = gather::facts(engine, item, author, text, at);

        let language = Language::of(item, text);
        if let Some(code) = language.known() {
            facts.set(Field::Lang, code);
        }
        let (reading, why) = engine.sentiment.read_explained(text, Some(&language.code));
        facts.set(Field::Sentiment, reading.score);
        reading.emotions.iter().for_each(|(emotion, _)| facts.add(&Field::Emotion, emotion.name()));
        assessment.confidence = reading.confidence;
        assessment.needs_review = reading.needs_review;
        let parts = why.contributions.iter().filter(|part| part.pull() != Points::ZERO).map(|part| {
            Finding::new(part.reason)
                .points(part.pull())
                .spans(Some(part.span).filter(|span| !span.is_empty()))
        });
        plan.find(
            Finding::new("sentiment")
                .result(mood(&reading, &language))
                .points(why.raw.positive - why.raw.negative)
                .children(parts.collect::<Vec<_>>()),
        );

        let found = engine.signals.read(&mut facts, &mut turn.scratch());
        if engine.ask_model {
            let question = || Question { item: item.key.clone(), text: item.content.text.clone() };
            if let Some(answer) = turn.ask(question)? {
                answer.topics.iter().for_each(|(name, _)| facts.add(&Field::Topic, name));
                let parts = answer
                    .topics
                    .iter()
                    .map(|(name, sure)| Finding::new(name.to_string()).result(format!("{sure:.3}")));
                plan.find(
                    Finding::new("model").result(answer.model.clone()).children(parts.collect::<Vec<_>>()),
                );
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

    /// What the item adds to the person's lead score; the ledger stands in the receipt and adds up to the score.
    fn lead(
        &self,
        plan: &mut Plan<'_, '_>,
        mut history: History,
        moved: bool,
        facts: &mut Facts<'_>,
        assessment: &mut Assessment,
    ) {
        let Self { turn, item, author, ref person, at, .. } = *self;
        let Some(rules) = &turn.engine.leads else { return };
        let met = rules.matches(facts);
        let activity = || {
            let about =
                Activity::new(item.key.to_string(), at, met.iter().copied()).about(item.key.id.to_string());
            about.by(turn.engine.account_mark(&author.account.profile.key))
        };
        let added = !met.is_empty() && history.record(activity());
        let Some(ledger) =
            rules.scores().next().and_then(|score| rules.ledger(score, &history, &met, turn.now))
        else {
            return;
        };
        facts.set(Field::LeadScore, ledger.total.as_f64());
        assessment.lead = Some(ledger.total);
        if let Some(grade) = ledger.grade {
            facts.set(Field::LeadGrade, grade.to_string());
            assessment.grade = Some(grade.to_string().into());
        }
        let entries = ledger
            .entries
            .iter()
            .map(|entry| Finding::new(source(&entry.source).to_owned()).points(entry.points));
        plan.find(
            Finding::new("lead")
                .result(assessment.grade.as_deref().unwrap_or_default())
                .points(ledger.total)
                .children(entries.collect::<Vec<_>>()),
        );
        if added || moved {
            plan.put_of(&person.name(), self.lead.clone(), history);
        }
    }
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
    let mut products = Vec::new();
    for hit in &heard.hits {
        let aspects = |span| engine.sentiment.aspects_in(text, Some(&language.code), &[span]);
        let aspect = hit.spans.first().and_then(|span| aspects(*span).into_iter().next());
        let says = aspect.map_or("named", |aspect| aspect.polarity.label.name());
        plan.find(
            Finding::new("monitor")
                .result([hit.monitor, ": ", says].concat())
                .spans(hit.spans.iter().copied()),
        );
        facts.add(&Field::Monitor, hit.monitor);
        if engine.listener.monitor(hit.place).is_some_and(|(_, kind)| *kind == MonitorKind::Product) {
            products.push(hit.monitor.to_owned());
        }
    }
    if !products.is_empty() {
        facts.set(Field::Attr("product".into()), products.clone());
    }
    products
}

/// What was read of the mood, in words.
fn mood(reading: &Reading, language: &Language<'_>) -> String {
    let mut words = String::with_capacity(MOOD);
    words.extend([reading.label.name(), " "]);
    decimal::write_hundredths(&mut words, reading.score, "+");
    words.push_str(", confidence ");
    decimal::write_hundredths(&mut words, reading.confidence, "");
    words.push_str(", ");
    words.extend(language.words());
    words
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
        Finding::new(reason.why.to_string())
            .result(reason.level.name())
            .spans(reason.evidence.iter().copied())
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
        decision.fired.iter().map(|fired| Finding::new(fired.rule.to_string()).result(fired.group.as_str()));
    let result = if decision.by_root { "the implicit root" } else { "rules" };
    let mut finding = Finding::new("route")
        .result(format!("{result}, version {}", decision.version))
        .children(fired.collect::<Vec<_>>());
    if !decision.looping.is_empty() {
        finding = finding.child(Finding::new("stopped a loop of").result(decision.looping.join(", ")));
    }
    plan.find(finding);
}
