use crate::error::{BuildError, Fault, FaultKind};
use crate::model::{AgentId, Priority, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

const MINUTE: i64 = 60_000;

/// What an alert is about.
///
/// ```
/// use hearken::desk::{AlertKind, AlertPolicy};
///
/// // As a settings file names them; a kind of the host's own goes by its word.
/// let policy: AlertPolicy =
///     serde_json::from_str(r#"{"rules": [["positive_spike", {"threshold": 20}], [{"custom": "recall"}, {}]]}"#).unwrap();
/// let kinds: Vec<_> = policy.rules.iter().map(|(kind, _)| kind.clone()).collect();
/// assert_eq!(kinds, [AlertKind::PositiveSpike, AlertKind::Custom("recall".into())]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AlertKind {
    /// Somebody is angry.
    Negative,
    /// Many are.
    Crisis,
    /// Somebody may buy.
    Opportunity,
    /// Much praise at once.
    PositiveSpike,
    /// A promise is about to be missed, or was.
    Sla,
    /// Work for which nobody is there.
    Unattended,
    /// The host's own.
    Custom(String),
}

impl AlertKind {
    /// Its name, as rules write it.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Negative => "negative",
            Self::Crisis => "crisis",
            Self::Opportunity => "opportunity",
            Self::PositiveSpike => "positive-spike",
            Self::Sla => "sla",
            Self::Unattended => "unattended",
            Self::Custom(name) => name,
        }
    }
}

/// Labels of an alert, by name. A label that is absent is not the same as an empty one.
pub type Labels = BTreeMap<String, String>;

/// One observation that may be worth an alert.
///
/// ```
/// use hearken::desk::{AlertEvent, AlertKind, AlertPolicy, Alerts, Signal};
/// use hearken::model::{Priority, Timestamp};
///
/// let (policy, mut alerts) = (AlertPolicy::default(), Alerts::default());
/// let labels = [("about".to_owned(), "kettle".to_owned())].into();
/// let signal = Signal { id: "x:17".into(), kind: AlertKind::Negative, priority: Priority::High, labels };
/// // Delivered twice, it counts once.
/// [0, 60].map(|s| alerts.step(AlertEvent::Signal(signal.clone()), Timestamp::from_secs(s), &policy));
/// assert_eq!(alerts.active()[0].1.count, 1);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// Its own id: the same again counts once.
    pub id: String,
    /// What about.
    pub kind: AlertKind,
    /// How much it matters.
    pub priority: Priority,
    /// What it can be grouped, silenced and inhibited by.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: Labels,
}

/// When and how alerts of one kind are told.
///
/// ```
/// use hearken::desk::{AlertCommand, AlertEvent, AlertKind, AlertPolicy, AlertRule, Alerts, Signal};
/// use hearken::model::{Priority, Timestamp};
///
/// // Two angry posts within ten minutes are worth a word; one is not.
/// let rule: AlertRule = serde_json::from_str(r#"{"threshold": 2, "window": 600000}"#).unwrap();
/// let policy = AlertPolicy { rules: vec![(AlertKind::Negative, rule)], inhibitions: Vec::new() };
/// let mut alerts = Alerts::default();
/// let mut told = |id: &str, minute: i64| {
///     let (kind, priority) = (AlertKind::Negative, Priority::High);
///     let signal = Signal { id: id.into(), kind, priority, labels: Default::default() };
///     let commands = alerts.step(AlertEvent::Signal(signal), Timestamp::from_secs(minute * 60), &policy);
///     commands.iter().any(|command| matches!(command, AlertCommand::Notify { .. }))
/// };
/// assert_eq!([told("1", 0), told("2", 15), told("3", 20)], [false, false, true]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AlertRule {
    /// Signals with equal values of these labels are one alert.
    pub group_by: BTreeSet<String>,
    /// Signals of less priority are not counted.
    pub at_least: Priority,
    /// So many signals …
    pub threshold: usize,
    /// … in so many milliseconds.
    pub window: i64,
    /// Waits this long after the threshold, to tell more at once.
    pub group_wait: i64,
    /// Tells again while it lasts and nobody has acknowledged it; at least a minute.
    pub repeat_interval: i64,
    /// Over when no signal has come for this long.
    pub quiet: i64,
}

impl AlertRule {
    /// So many signals of an alert are remembered, the latest: a flood costs no more than this. What came before them
    /// and comes again counts again.
    pub const MAX_REMEMBERED: usize = 1_000;
}

impl Default for AlertRule {
    /// The first signal at once; again after four hours; over after an hour of quiet.
    fn default() -> Self {
        Self {
            group_by: BTreeSet::new(),
            at_least: Priority::Low,
            threshold: 1,
            window: 5 * MINUTE,
            group_wait: 0,
            repeat_interval: 240 * MINUTE,
            quiet: 60 * MINUTE,
        }
    }
}

/// While an alert of the first kind lasts, those of the second kind with equal labels are not told.
///
/// ```
/// use hearken::desk::{AlertCommand, AlertEvent, AlertKind, AlertPolicy, Alerts, Inhibition, Signal};
/// use hearken::model::{Priority, Timestamp};
///
/// // Whoever knows of the crisis need not hear of each angry post about it.
/// let rule: Inhibition = serde_json::from_str(r#"{"source": "crisis", "target": "negative"}"#).unwrap();
/// let policy = AlertPolicy { rules: Vec::new(), inhibitions: vec![rule] };
/// let mut alerts = Alerts::default();
/// let mut told = |id: &str, kind| {
///     let signal = Signal { id: id.into(), kind, priority: Priority::High, labels: Default::default() };
///     let commands = alerts.step(AlertEvent::Signal(signal), Timestamp::from_secs(0), &policy);
///     commands.iter().any(|command| matches!(command, AlertCommand::Notify { .. }))
/// };
/// assert!(told("1", AlertKind::Crisis) && !told("2", AlertKind::Negative) && told("3", AlertKind::Opportunity));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inhibition {
    /// What lasts.
    pub source: AlertKind,
    /// What is then not told. An alert never inhibits itself, nor one of its own kind.
    pub target: AlertKind,
    /// Labels that both must have, with equal values.
    #[serde(default)]
    pub equal: BTreeSet<String>,
}

/// Nothing that matches is told in `from..until`.
///
/// ```
/// use hearken::desk::{AlertCommand, AlertEvent, AlertKind, AlertPolicy, Alerts, Signal, Silence};
/// use hearken::model::{Priority, Timestamp};
///
/// let (at, policy, mut alerts) = (Timestamp::from_secs, AlertPolicy::default(), Alerts::default());
/// let silence = Silence { kind: None, labels: Default::default(), from: at(0), until: at(600) };
/// alerts.step(AlertEvent::Silence(silence), at(0), &policy);
/// let signal = Signal { id: "1".into(), kind: AlertKind::Negative, priority: Priority::High, labels: Default::default() };
/// let told = |commands: Vec<AlertCommand>| commands.iter().any(|c| matches!(c, AlertCommand::Notify { .. }));
/// assert!(!told(alerts.step(AlertEvent::Signal(signal), at(60), &policy)));
/// assert!(told(alerts.step(AlertEvent::Tick, at(600), &policy)), "what is still on is told at the end");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    /// Only this kind; absent: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<AlertKind>,
    /// Only alerts with these labels.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: Labels,
    /// First instant.
    pub from: Timestamp,
    /// One past the last.
    pub until: Timestamp,
}

/// Everything a host decides about alerts. A kind without a rule has the default rule;
/// [`check`](AlertPolicy::check) says what cannot be meant.
///
/// ```
/// use hearken::desk::{AlertKind, AlertPolicy};
///
/// let policy: AlertPolicy = serde_json::from_str(r#"{
///     "rules": [["negative", {"threshold": 3, "window": 600000, "group_by": ["about"]}]],
///     "inhibitions": [{"source": "crisis", "target": "negative", "equal": ["about"]}]}"#).unwrap();
/// assert_eq!((policy.rules[0].1.threshold, &policy.inhibitions[0].source), (3, &AlertKind::Crisis));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AlertPolicy {
    /// Rules, each for a kind.
    pub rules: Vec<(AlertKind, AlertRule)>,
    /// Who keeps whom quiet.
    pub inhibitions: Vec<Inhibition>,
}

impl AlertPolicy {
    /// Says what cannot be meant.
    ///
    /// ```
    /// use hearken::desk::AlertPolicy;
    ///
    /// let policy: AlertPolicy = serde_json::from_str(r#"{
    ///     "rules": [["negative", {"window": 0}]],
    ///     "inhibitions": [{"source": "crisis", "target": "negative"}, {"source": "negative", "target": "crisis"}]}"#).unwrap();
    /// let error = policy.check().unwrap_err();
    /// assert_eq!(error.faults().len(), 2);
    /// ```
    ///
    /// # Errors
    /// Every fault: a kind with two rules, a threshold that is never reached, a window or a quiet time of nothing, kinds
    /// that keep each other quiet, so that none of them would ever be told.
    pub fn check(&self) -> Result<(), BuildError> {
        let mut error = BuildError::default();
        for (place, (kind, rule)) in self.rules.iter().enumerate() {
            let mut fault = |kind_of_fault, message: String, mend: &str| {
                error.push(Fault::new(kind_of_fault, format!("rule of {}", kind.name()), message).mend(mend));
            };
            if self.rules.iter().take(place).any(|(other, _)| other == kind) {
                fault(FaultKind::Duplicate, "the kind has a rule already".to_owned(), "keep one of them");
            }
            for (name, time) in [("window", rule.window), ("quiet", rule.quiet)] {
                if time < 1 {
                    let message = format!("{name} of {time} ms");
                    fault(FaultKind::Value, message, "give it some minutes");
                }
            }
            if !(1..=AlertRule::MAX_REMEMBERED).contains(&rule.threshold) {
                let mend = format!("1 to {}", AlertRule::MAX_REMEMBERED);
                fault(FaultKind::Value, format!("a threshold of {}", rule.threshold), &mend);
            }
        }
        for rule in &self.inhibitions {
            if self.quiets(&rule.target, &rule.source) {
                let place = format!("inhibition of {} by {}", rule.target.name(), rule.source.name());
                let message = "the one also keeps the other quiet: neither would be told";
                error.push(Fault::new(FaultKind::Value, place, message).mend("leave one direction out"));
                break;
            }
        }
        error.or(())
    }

    /// True when `source` keeps `target` quiet, itself or through others. No kind inhibits its own.
    fn quiets(&self, source: &AlertKind, target: &AlertKind) -> bool {
        let mut reached: BTreeSet<&AlertKind> = BTreeSet::new();
        let mut next = vec![source];
        while let Some(from) = next.pop() {
            for rule in self.inhibitions.iter().filter(|rule| rule.source == *from && rule.target != *from) {
                if reached.insert(&rule.target) {
                    next.push(&rule.target);
                }
            }
        }
        source != target && reached.contains(target)
    }

    /// The kinds that share inhibitions with `kind`, directly or through others, itself among them: they must be kept in
    /// one [`Alerts`], for one of them says whether another is told.
    pub(crate) fn kin<'a>(&'a self, kind: &'a AlertKind) -> BTreeSet<&'a AlertKind> {
        let mut kin = BTreeSet::from([kind]);
        loop {
            let before = kin.len();
            for rule in &self.inhibitions {
                if kin.contains(&rule.source) || kin.contains(&rule.target) {
                    kin.extend([&rule.source, &rule.target]);
                }
            }
            if kin.len() == before {
                return kin;
            }
        }
    }

    fn rule(&self, kind: &AlertKind) -> AlertRule {
        self.rules
            .iter()
            .find(|(other, _)| other == kind)
            .map_or_else(AlertRule::default, |(_, rule)| rule.clone())
    }

    /// The alert that a signal joins.
    pub fn key(&self, signal: &Signal) -> AlertKey {
        let rule = self.rule(&signal.kind);
        let mut labels = signal.labels.clone();
        labels.retain(|name, _| rule.group_by.contains(name));
        AlertKey { kind: signal.kind.clone(), labels }
    }
}

/// What an alert is known by: its kind and the labels it is grouped by.
///
/// ```
/// use hearken::desk::{AlertKind, AlertPolicy, Signal};
/// use hearken::model::Priority;
///
/// let policy: AlertPolicy =
///     serde_json::from_str(r#"{"rules": [["negative", {"group_by": ["product"]}]]}"#).unwrap();
/// let key = |id: &str, product: &str, city: &str| {
///     let labels = [("product", product), ("city", city)].map(|(name, value)| (name.into(), value.into()));
///     let (kind, priority) = (AlertKind::Negative, Priority::High);
///     policy.key(&Signal { id: id.into(), kind, priority, labels: labels.into() })
/// };
/// assert_eq!(key("1", "kettle", "Rome"), key("2", "kettle", "Oslo"), "one alert, wherever they are");
/// assert_ne!(key("1", "kettle", "Rome"), key("3", "toaster", "Rome"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AlertKey {
    /// What about.
    pub kind: AlertKind,
    /// The labels of the rule's `group_by` that the signals had.
    pub labels: Labels,
}

/// What happens to alerts.
///
/// ```
/// use hearken::desk::{AlertCommand, AlertEvent, AlertKind, AlertPolicy, Alerts, Signal};
/// use hearken::model::{Priority, Timestamp};
///
/// let (at, policy, mut alerts) = (Timestamp::from_secs, AlertPolicy::default(), Alerts::default());
/// let signal = |id: &str| AlertEvent::Signal(Signal {
///     id: id.into(), kind: AlertKind::Negative, priority: Priority::High, labels: Default::default() });
/// alerts.step(signal("1"), at(0), &policy);
/// // Ann takes care: no more is told before it is over.
/// let key = alerts.active()[0].0.clone();
/// alerts.step(AlertEvent::Acknowledge { key: key.clone(), by: "ann".into() }, at(60), &policy);
/// let more = alerts.step(signal("2"), at(300), &policy);
/// assert!(!more.iter().any(|command| matches!(command, AlertCommand::Notify { .. })));
/// assert!(alerts.step(AlertEvent::Resolve(key.clone()), at(900), &policy).contains(&AlertCommand::Resolved(key)));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AlertEvent {
    /// Something was seen.
    Signal(Signal),
    /// Somebody takes care of it: told no more until it is over.
    Acknowledge {
        /// Which.
        key: AlertKey,
        /// Who.
        by: AgentId,
    },
    /// It is over.
    Resolve(AlertKey),
    /// Keeps quiet.
    Silence(Silence),
    /// Time has passed.
    Tick,
}

/// What the host should do.
///
/// ```
/// use hearken::desk::{AlertCommand, AlertEvent, AlertKind, AlertPolicy, Alerts, Signal};
/// use hearken::model::{Priority, Timestamp};
///
/// let (kind, priority) = (AlertKind::Crisis, Priority::Critical);
/// let signal = AlertEvent::Signal(Signal { id: "1".into(), kind, priority, labels: Default::default() });
/// let commands = Alerts::default().step(signal, Timestamp::from_secs(0), &AlertPolicy::default());
/// let [AlertCommand::Notify { round: 1, .. }, AlertCommand::WakeAt(at)] = commands[..] else { panic!() };
/// assert_eq!(at, Timestamp::from_secs(3_600), "an hour of quiet would end it");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AlertCommand {
    /// Tell: whom, the routing rules say.
    Notify {
        /// Which alert.
        key: AlertKey,
        /// How much it matters: the highest of its signals.
        priority: Priority,
        /// Signals so far.
        count: usize,
        /// 1 the first time.
        round: u32,
    },
    /// Tell that it is over; only what was told, and once.
    Resolved(AlertKey),
    /// Send [`AlertEvent::Tick`] then.
    WakeAt(Timestamp),
}

/// One alert that lasts.
///
/// ```
/// use hearken::desk::{AlertEvent, AlertKind, AlertPolicy, Alerts, Signal};
/// use hearken::model::{Priority, Timestamp};
///
/// let (policy, mut alerts) = (AlertPolicy::default(), Alerts::default());
/// for (id, priority, second) in [("1", Priority::Medium, 0), ("2", Priority::Urgent, 60)] {
///     let signal = Signal { id: id.into(), kind: AlertKind::Negative, priority, labels: Default::default() };
///     alerts.step(AlertEvent::Signal(signal), Timestamp::from_secs(second), &policy);
/// }
/// // A line of the board: how much it matters, how often it was seen and told, and that nobody has it yet.
/// let alert = &alerts.active()[0].1;
/// assert_eq!((alert.priority, alert.count, alert.rounds), (Priority::Urgent, 2, 1));
/// assert!(alert.acknowledged.is_none());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Labels that all its signals share.
    pub labels: Labels,
    /// How much it matters.
    pub priority: Priority,
    /// Signals of the last window or quiet time, whichever is longer, the latest [`AlertRule::MAX_REMEMBERED`] at most:
    /// what the threshold counts, and what a repeated signal is known by.
    seen: BTreeMap<String, Timestamp>,
    /// Signals so far.
    pub count: usize,
    /// The last signal.
    pub last: Timestamp,
    /// When it reached the threshold.
    pub since: Option<Timestamp>,
    /// When it was told, and how often.
    pub told: Option<Timestamp>,
    /// How often it was told.
    pub rounds: u32,
    /// Who takes care of it.
    pub acknowledged: Option<AgentId>,
}

/// All alerts that last, and who keeps them quiet.
///
/// A signal joins the alert of its group. At the threshold the alert begins; it is told after the group wait,
/// again each repeat interval until acknowledged, and once when it is over (resolved, or quiet for long
/// enough). Inhibited or silenced it is not told but goes on: what is still on at the exact end of a silence
/// is told then. The same signal again changes nothing.
///
/// ```
/// use hearken::desk::{AlertCommand, AlertEvent, AlertKind, AlertPolicy, Alerts, Signal};
/// use hearken::model::{Priority, Timestamp};
///
/// let policy = AlertPolicy::default();
/// let mut alerts = Alerts::default();
/// let signal = |id: &str| AlertEvent::Signal(Signal {
///     id: id.into(), kind: AlertKind::Negative, priority: Priority::High, labels: Default::default() });
/// let commands = alerts.step(signal("1"), Timestamp::from_secs(0), &policy);
/// assert!(matches!(commands[0], AlertCommand::Notify { round: 1, count: 1, .. }));
/// let commands = alerts.step(signal("2"), Timestamp::from_secs(9), &policy);
/// assert!(!commands.iter().any(|c| matches!(c, AlertCommand::Notify { .. })), "counted, not told again");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alerts {
    /// What lasts.
    active: Vec<(AlertKey, Alert)>,
    silences: Vec<Silence>,
    now: Timestamp,
    wake: Option<Timestamp>,
}

impl Alerts {
    /// The alerts that last, in order of key.
    pub fn active(&self) -> &[(AlertKey, Alert)] {
        &self.active
    }

    /// When [`AlertEvent::Tick`] is wanted next: what [`AlertCommand::WakeAt`] asked for last.
    pub fn wake(&self) -> Option<Timestamp> {
        self.wake
    }

    /// Takes one event in. Time never runs backwards: an earlier `now` counts as the last one.
    pub fn step(&mut self, event: AlertEvent, now: Timestamp, policy: &AlertPolicy) -> Vec<AlertCommand> {
        let now = now.max(self.now);
        let mut commands = Vec::new();
        self.pass(now, policy, &mut commands);
        match event {
            AlertEvent::Signal(signal) => self.signal(signal, policy),
            AlertEvent::Acknowledge { key, by } => {
                if let Some(alert) = self.find(&key) {
                    alert.acknowledged.get_or_insert(by);
                }
            }
            AlertEvent::Resolve(key) => self.resolve(&key, &mut commands),
            AlertEvent::Silence(silence) => self.silences.push(silence),
            AlertEvent::Tick => {}
        }
        self.tell(policy, &mut commands);
        let wake = self.next(policy);
        if wake != self.wake {
            self.wake = wake;
            commands.extend(wake.map(AlertCommand::WakeAt));
        }
        commands
    }

    /// Lets time pass, instant by instant at which something happens, so that one late tick says what many
    /// would have said.
    fn pass(&mut self, now: Timestamp, policy: &AlertPolicy, commands: &mut Vec<AlertCommand>) {
        while let Some(at) = self.next(policy).filter(|&at| at <= now) {
            self.now = at;
            let over: Vec<AlertKey> = (self.active.iter())
                .filter(|(key, alert)| alert.last + policy.rule(&key.kind).quiet <= at)
                .map(|(key, _)| key.clone())
                .collect();
            for key in over {
                self.resolve(&key, commands);
            }
            self.silences.retain(|silence| silence.until > at);
            self.tell(policy, commands);
        }
        self.now = now;
    }

    fn signal(&mut self, signal: Signal, policy: &AlertPolicy) {
        let rule = policy.rule(&signal.kind);
        if signal.priority < rule.at_least {
            return;
        }
        let key = policy.key(&signal);
        let now = self.now;
        let place = self.active.partition_point(|(other, _)| *other < key);
        if self.find(&key).is_none() {
            let alert = Alert {
                labels: signal.labels.clone(),
                priority: signal.priority,
                seen: BTreeMap::new(),
                count: 0,
                last: now,
                since: None,
                told: None,
                rounds: 0,
                acknowledged: None,
            };
            self.active.insert(place, (key.clone(), alert));
        }
        let Some(alert) = self.find(&key) else { return };
        if alert.seen.contains_key(&signal.id) {
            return;
        }
        let remembered = now - rule.window.max(rule.quiet);
        alert.seen.retain(|_, at| *at > remembered);
        if alert.seen.len() >= AlertRule::MAX_REMEMBERED {
            let first = alert.seen.iter().min_by_key(|&(id, at)| (at, id)).map(|(id, _)| id.clone());
            first.and_then(|id| alert.seen.remove(&id));
        }
        alert.seen.insert(signal.id, now);
        alert.count += 1;
        alert.last = now;
        alert.priority = alert.priority.max(signal.priority);
        alert.labels.retain(|name, value| signal.labels.get(name) == Some(value));
        let recent = alert.seen.values().filter(|&&at| at > now - rule.window.max(1)).count();
        if alert.since.is_none() && recent >= rule.threshold.clamp(1, AlertRule::MAX_REMEMBERED) {
            alert.since = Some(now);
        }
    }

    fn resolve(&mut self, key: &AlertKey, commands: &mut Vec<AlertCommand>) {
        if let Some(place) = self.active.iter().position(|(other, _)| other == key) {
            let (key, alert) = self.active.remove(place);
            if alert.told.is_some() {
                commands.push(AlertCommand::Resolved(key));
            }
        }
    }

    /// Tells what is due at `self.now`.
    fn tell(&mut self, policy: &AlertPolicy, commands: &mut Vec<AlertCommand>) {
        let now = self.now;
        let quiet: Vec<bool> =
            self.active.iter().map(|(key, alert)| self.is_quiet(key, alert, policy)).collect();
        for ((key, alert), quiet) in self.active.iter_mut().zip(quiet) {
            if quiet || alert.due(&policy.rule(&key.kind)).is_none_or(|at| at > now) {
                continue;
            }
            alert.told = Some(now);
            alert.rounds += 1;
            let (priority, count, round) = (alert.priority, alert.count, alert.rounds);
            commands.push(AlertCommand::Notify { key: key.clone(), priority, count, round });
        }
    }

    /// Silenced or inhibited at `self.now`.
    fn is_quiet(&self, key: &AlertKey, alert: &Alert, policy: &AlertPolicy) -> bool {
        let inhibited = policy.inhibitions.iter().any(|rule| {
            rule.target == key.kind
                && rule.source != key.kind
                && self.active.iter().any(|(other, source)| {
                    let alike = |name: &String| {
                        alert.labels.get(name).is_some_and(|value| source.labels.get(name) == Some(value))
                    };
                    other.kind == rule.source && source.since.is_some() && rule.equal.iter().all(alike)
                })
        });
        inhibited || self.is_silenced(key, alert)
    }

    /// True while a silence holds for one of the alerts that last.
    pub fn is_silenced(&self, key: &AlertKey, alert: &Alert) -> bool {
        self.silences.iter().any(|silence| {
            (silence.from..silence.until).contains(&self.now)
                && silence.kind.as_ref().is_none_or(|kind| *kind == key.kind)
                && silence.labels.iter().all(|(name, value)| alert.labels.get(name) == Some(value))
        })
    }

    /// The next instant at which something happens by itself.
    fn next(&self, policy: &AlertPolicy) -> Option<Timestamp> {
        let silences = self.silences.iter().flat_map(|silence| [silence.from, silence.until]);
        let alerts = self.active.iter().flat_map(|(key, alert)| {
            let rule = policy.rule(&key.kind);
            [alert.due(&rule), Some(alert.last + rule.quiet)]
        });
        silences.chain(alerts.flatten()).filter(|&at| at > self.now).min()
    }

    fn find(&mut self, key: &AlertKey) -> Option<&mut Alert> {
        self.active.iter_mut().find(|(other, _)| other == key).map(|(_, alert)| alert)
    }
}

impl Alert {
    /// When it is to be told next.
    fn due(&self, rule: &AlertRule) -> Option<Timestamp> {
        let since = self.since?;
        match self.told {
            None => Some(since + rule.group_wait),
            Some(_) if self.acknowledged.is_some() => None,
            Some(told) => Some(told + rule.repeat_interval.max(MINUTE)),
        }
    }
}
