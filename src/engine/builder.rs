use super::Engine;
use super::LadderLine;
use super::publish::drafts;
use super::work::crisis;
use super::work::ladder;
use crate::calendar::{Calendar, Hours, Zone};
use crate::desk::{AlertPolicy, ApprovalPolicy, CasePolicy, Playbook, SlaBook, Targets};
use crate::error::{BuildError, Fault, FaultKind};
use crate::identity::{Matcher, Thresholds};
use crate::lead::{RuleFile, Rules as Criteria};
use crate::limits::Limits;
use crate::listen::{Listener, Monitor};
use crate::model::{TeamId, Tenant};
use crate::respond::Template;
use crate::route::{Action, Agent, Desk, Policy, RuleBook, Rules};
use crate::sentiment::Sentiment;
use crate::signal::Signals;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// Variables that a reply template may use.
const VARIABLES: [&str; 4] = ["given", "product", "order", "case"];

/// A tenant's configuration as data: one JSON file, or anything else that serde reads. Everything may be left out.
///
/// ```
/// use hearken::engine::{Engine, Settings};
///
/// let settings: Settings = serde_json::from_str(r#"{
///     "monitors": [{"id": "brand", "kind": "brand", "direct": ["@lumora"], "indirect": ["lumora"]}],
///     "rules": {"version": 3, "rules": [
///         {"id": "angry", "when": "monitor:brand sentiment<-0.3", "then": [{"assign": {"team": "service"}}]}]}
/// }"#).unwrap();
/// let engine = Engine::builder("lumora").settings(settings).build().unwrap();
/// assert_eq!(engine.tenant().as_str(), "lumora");
///
/// let faulty: Settings = serde_json::from_str(r#"{
///     "rules": {"rules": [{"id": "r1", "when": "kettle OR", "then": ["hide"]}]},
///     "templates": {"sorry": "Dear {nmae}"}
/// }"#).unwrap();
/// let error = Engine::builder("lumora").settings(faulty).build().unwrap_err();
/// assert_eq!(error.faults().len(), 2);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The brand's time zone: `UTC`, `+01:00`, or an IANA name with the feature `tz`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// When the brand answers; always, where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
    /// What to listen for.
    pub monitors: Vec<Monitor>,
    /// Patterns of signals beside the shipped ones, in the format of [`Signals::parse`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signals: Option<String>,
    /// Words of the trade, in the format of a lexicon overlay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lexicon: Option<String>,
    /// Criteria of lead scores.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leads: Option<RuleFile>,
    /// Routing rules.
    pub rules: RuleBook,
    /// Who answers.
    pub agents: Vec<Agent>,
    /// How work is given out.
    pub assignment: Policy,
    /// What is promised to whom.
    pub sla: SlaBook,
    /// Promises that rules start by name.
    pub promises: BTreeMap<String, Targets>,
    /// When a solved case opens again.
    pub cases: CasePolicy,
    /// How alerts are grouped and repeated.
    pub alerts: AlertPolicy,
    /// Who is told, step by step, when nobody acknowledges an alert: the first line that fits it.
    pub ladders: Vec<LadderLine>,
    /// Who must agree before a reply goes out.
    pub approvals: ApprovalPolicy,
    /// What to do in a crisis of one kind.
    pub playbooks: Vec<Playbook>,
    /// Replies that rules draft by name. Variables: `given`, `product`, `order`, `case`.
    pub templates: BTreeMap<String, String>,
    /// Who gets what asks the brand for something and no rule gives to anybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_team: Option<TeamId>,
    /// Who is told of a crisis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crisis_team: Option<TeamId>,
}

impl Settings {
    /// Reads settings from JSON.
    ///
    /// ```
    /// use hearken::engine::Settings;
    ///
    /// let faulty = r#"{"agents": [{"id": "ann", "capacity": "three"}, {"id": "ben", "capacity": 1, "teem": []}], "zone": 1}"#;
    /// let error = Settings::parse(faulty).unwrap_err();
    /// let places: Vec<&str> = error.faults().iter().map(|fault| fault.place()).collect();
    /// assert_eq!(places, ["agents, ann, capacity", "agents, ben", "zone"]);
    /// assert_eq!(error.faults()[0].message(), "invalid type: string \"three\", expected u32");
    /// assert_eq!(error.faults()[1].remedy(), Some("did you mean teams?"));
    /// ```
    ///
    /// # Errors
    /// Everything in the text that has another shape, each fault with its place, up to 64; what is wrong with the
    /// settings as such, [`Builder::build`] says.
    pub fn parse(source: &str) -> Result<Self, BuildError> {
        super::shape::read(source)
    }
}

/// Builds an [`Engine`]; every fault of the configuration is reported at once.
///
/// ```
/// use hearken::engine::{Engine, Settings};
///
/// let settings = |book: &str| serde_json::from_str::<Settings>(book).unwrap();
/// let build = |book: &str| Engine::builder("acme").settings(settings(book)).build();
/// assert!(build(r#"{"rules": {"rules": [{"id": "a", "when": "late", "then": [{"tag": "late"}]}]}}"#).is_ok());
/// // Two rules with a fault each: one error that names both.
/// let error = build(r#"{"rules": {"rules": [{"id": "a", "when": "late (", "then": [{"tag": "late"}]},
///     {"id": "b", "when": "urgency>=7", "then": [{"tag": "now"}]}]}}"#).unwrap_err();
/// assert_eq!(error.faults().len(), 2, "{error}");
/// ```
#[derive(Debug)]
pub struct Builder {
    tenant: Tenant,
    limits: Limits,
    salt: [u8; 16],
    settings: Settings,
    matcher: Option<(Matcher, Thresholds)>,
    sentiment: Option<Sentiment>,
    ask_model: bool,
}

impl Builder {
    pub(super) fn new(tenant: Tenant) -> Self {
        Self {
            tenant,
            limits: Limits::default(),
            salt: [0; 16],
            settings: Settings::default(),
            matcher: None,
            sentiment: None,
            ask_model: false,
        }
    }

    /// Sets the bounds.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the secret under which erased accounts are remembered and ids are made. Without one, whoever can read
    /// the store can test whether a given account was erased. Never change it: ids would change with it.
    #[must_use]
    pub fn salt(mut self, salt: [u8; 16]) -> Self {
        self.salt = salt;
        self
    }

    /// Sets the configuration.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Sets how authors are matched to customers, and how sure a match must be.
    #[must_use]
    pub fn matcher(mut self, matcher: Matcher, thresholds: Thresholds) -> Self {
        self.matcher = Some((matcher, thresholds));
        self
    }

    /// Sets how sentiment is read, in place of every language that is compiled in, with [`Settings::lexicon`].
    #[must_use]
    pub fn sentiment(mut self, sentiment: Sentiment) -> Self {
        self.sentiment = Some(sentiment);
        self
    }

    /// Has each turn ask the host's own model about the text: [`Need::questions`](super::Need::questions).
    #[must_use]
    pub fn ask_model(mut self) -> Self {
        self.ask_model = true;
        self
    }

    /// Builds the engine.
    ///
    /// # Errors
    /// Everything that is wrong with the configuration, each fault with its place.
    pub fn build(self) -> Result<Engine, BuildError> {
        let Settings { rules: book, templates, .. } = &self.settings;
        let mut error = BuildError::default();
        let zone = self.settings.zone.as_deref().map_or_else(|| Ok(Zone::utc()), Zone::named);
        let zone = zone.map_err(|fault| error.push(fault)).unwrap_or_else(|()| Zone::utc());
        let calendar = self.settings.hours.as_ref().map_or_else(|| Ok(Calendar::always()), Calendar::build);
        let calendar = take("hours", calendar, &mut error);
        let listener = take("monitors", Listener::build(self.settings.monitors.clone()), &mut error);
        let signals = match &self.settings.signals {
            Some(source) => Signals::english().with(source),
            None => Ok(Signals::english()),
        };
        let signals = take("signals", signals, &mut error);
        let sentiment = match (self.sentiment, &self.settings.lexicon) {
            (Some(sentiment), _) => Ok(sentiment),
            (None, Some(source)) => Sentiment::builder().overlay("lexicon", source).build(),
            (None, None) => Ok(Sentiment::builtin()),
        };
        let sentiment = take("", sentiment, &mut error);
        let leads = self.settings.leads.as_ref().map(|file| Criteria::build(file, &self.limits)).transpose();
        let leads = take("leads", leads, &mut error).flatten();
        let rules = take("rules", Rules::build(book, &self.limits), &mut error);
        let desk = Desk::build(self.settings.agents.clone(), self.settings.assignment.clone());
        let desk = take("agents", desk, &mut error);
        let mut replies = BTreeMap::new();
        for (id, source) in templates {
            match Template::parse(id, source, &VARIABLES) {
                Ok(template) => {
                    replies.insert(id.clone(), template);
                }
                Err(faults) => error.absorb("templates", faults),
            }
        }
        names(book, &replies, &self.settings.promises, &mut error);
        ladder::check(&self.settings.ladders, book, &mut error);
        drafts::check(&self.settings.approvals, &self.settings.playbooks, &mut error);
        crisis::check(&self.settings.playbooks, &mut error);
        self.settings.alerts.check().unwrap_or_else(|faults| error.absorb("alerts", faults));
        let (matcher, thresholds) =
            self.matcher.unwrap_or_else(|| (Matcher::standard(100_000), Thresholds::tolerating(0.01)));
        let (Some(calendar), Some(listener), Some(signals), Some(sentiment), Some(rules), Some(desk)) =
            (calendar, listener, signals, sentiment, rules, desk)
        else {
            return Err(error);
        };
        let version = format!(
            "hearken {}, settings {:08x}",
            env!("CARGO_PKG_VERSION"),
            crate::text::hash(&super::turn::encoded(&self.settings)) >> 32,
        );
        let crisis_team = self.settings.crisis_team.as_ref().map_or("on-call", |team| team.as_str()).into();
        error.or(Engine {
            tenant: self.tenant,
            limits: self.limits,
            salt: self.salt,
            matcher,
            thresholds,
            calendar,
            zone,
            case_policy: self.settings.cases,
            sla: self.settings.sla,
            alert_policy: self.settings.alerts,
            ladders: self.settings.ladders,
            approvals: self.settings.approvals,
            playbooks: self.settings.playbooks,
            desk,
            sentiment,
            signals,
            listener,
            leads,
            templates: replies,
            rules,
            promises: self.settings.promises,
            default_team: self.settings.default_team,
            ask_model: self.ask_model,
            crisis_team,
            version: version.into(),
            scratches: Mutex::default(),
        })
    }
}

/// The part that was built, its faults seen from `place`.
fn take<T>(place: &str, built: Result<T, BuildError>, error: &mut BuildError) -> Option<T> {
    built.map_err(|faults| error.absorb(place, faults)).ok()
}

/// Templates and promises that rules name must be there.
fn names(
    book: &RuleBook,
    templates: &BTreeMap<String, Template>,
    promises: &BTreeMap<String, Targets>,
    error: &mut BuildError,
) {
    let rules = book.groups.iter().flat_map(|group| &group.rules).chain(&book.rules);
    for rule in rules {
        for action in &rule.then {
            let (what, name, known) = match action {
                Action::Draft { template } => ("template", template, templates.contains_key(template)),
                Action::StartSla { policy } => ("promise", policy, promises.contains_key(policy)),
                _ => continue,
            };
            if !known {
                let fault = Fault::new(
                    FaultKind::Unknown,
                    format!("rules, rule {}", rule.id),
                    format!("no {what} {name:?}"),
                );
                error.push(fault.mend(format!("add it to the {what}s, or name another")));
            }
        }
    }
}
