//! From monitors to a listener, and from a post to what it concerns.

use super::{Audience, Monitor, MonitorKind};
use crate::error::{BuildError, Fault, FaultKind};
use crate::facts::{Facts, Scope};
use crate::limits::Limits;
use crate::model::{Span, Timestamp};
use crate::query::{Grounds, Index, Parser, Query, Scratch, Search};
use std::collections::BTreeMap;

/// Compiled monitors.
///
/// ```
/// use hearken::listen::{Listener, Monitor, MonitorKind};
///
/// let monitors = [Monitor::new("a", MonitorKind::Brand), Monitor::new("b", MonitorKind::Brand).direct("@b OR")];
/// let error = Listener::build(monitors).unwrap_err();
/// assert_eq!(error.faults().len(), 2); // the one has nothing to listen for, the other a fault in an alias
/// ```
///
/// One monitor can be set or removed at its own cost; see [`Index`] for what a post costs.
#[derive(Debug, Clone, Default)]
pub struct Listener {
    /// By place; a removed monitor leaves its place empty.
    monitors: Vec<Option<Compiled>>,
    places: BTreeMap<Box<str>, u32>,
    /// What each monitor wants: any alias, and the query.
    index: Index,
}

#[derive(Debug, Clone)]
struct Compiled {
    id: Box<str>,
    kind: MonitorKind,
    /// What a hit without an alias rests on.
    query: Option<Sought>,
    aliases: Vec<Alias>,
    exclude: Vec<(Box<str>, Query)>,
    audience: Option<Audience>,
    window: Option<(Timestamp, Timestamp)>,
}

#[derive(Debug, Clone)]
struct Alias {
    kind: MentionKind,
    written: Box<str>,
    sought: Sought,
}

/// A query whose places are shown.
#[derive(Debug, Clone)]
struct Sought {
    query: Query,
    grounds: Grounds,
}

impl Sought {
    fn new(query: Query) -> Self {
        Self { grounds: Grounds::of(&query), query }
    }

    /// Where it holds, if it does.
    fn find<'t>(&self, facts: &Facts<'t>, search: &mut Search<'t>) -> Option<Vec<Span>> {
        let (holds, spans) = self.grounds.evidence(&self.query, facts, search);
        holds.then_some(spans)
    }
}

impl Listener {
    /// Compiles monitors; their order is the order of hits.
    ///
    /// # Errors
    /// Every fault of every monitor: an id twice, nothing to listen for, a fault in a query, a window that ends
    /// before it begins, an event without a window.
    pub fn build(given: impl IntoIterator<Item = Monitor>) -> Result<Self, BuildError> {
        let limits = Limits::default();
        let mut parser = Parser::new(Scope::Monitor, &limits);
        let mut error = BuildError::default();
        let mut places = BTreeMap::new();
        let (mut monitors, mut wanted) = (Vec::new(), Vec::new());
        for (place, monitor) in (0..).zip(given) {
            let name = format!("monitor {}", monitor.id);
            if places.insert(monitor.id.clone(), place).is_some() {
                error.push(
                    Fault::new(FaultKind::Duplicate, name.as_str(), "another monitor has this id")
                        .mend("give every monitor an id of its own"),
                );
            }
            match Compiled::new(&mut parser, monitor) {
                Ok((one, query)) => {
                    monitors.push(Some(one));
                    wanted.push(query);
                }
                Err(faults) => error.absorb(&name, faults),
            }
        }
        error.or(())?;
        Ok(Self { monitors, places, index: Index::build(&wanted) })
    }

    /// Puts a monitor in the place of the one with its id, or behind the last. Answers the place.
    ///
    /// # Errors
    /// The faults of the monitor; nothing changes then.
    pub fn set(&mut self, monitor: Monitor) -> Result<usize, BuildError> {
        let limits = Limits::default();
        let name = format!("monitor {}", monitor.id);
        let (one, wanted) =
            Compiled::new(&mut Parser::new(Scope::Monitor, &limits), monitor).map_err(|faults| {
                let mut error = BuildError::default();
                error.absorb(&name, faults);
                error
            })?;
        let next = u32::try_from(self.monitors.len()).unwrap_or(u32::MAX);
        let place = *self.places.entry(one.id.clone()).or_insert(next);
        self.index.insert(place, &wanted);
        match self.monitors.get_mut(place as usize) {
            Some(old) => *old = Some(one),
            None => self.monitors.push(Some(one)),
        }
        Ok(place as usize)
    }

    /// Takes a monitor out; its place stays empty. False when none has the id.
    pub fn remove(&mut self, id: &str) -> bool {
        let Some(place) = self.places.remove(id) else { return false };
        self.index.remove(place);
        if let Some(monitor) = self.monitors.get_mut(place as usize) {
            *monitor = None;
        }
        true
    }

    /// How many monitors there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The id and kind of the monitor in a place.
    pub fn monitor(&self, place: usize) -> Option<(&str, &MonitorKind)> {
        self.monitors.get(place)?.as_ref().map(|monitor| (&*monitor.id, &monitor.kind))
    }

    /// The places, ids and kinds, in order.
    pub fn monitors(&self) -> impl Iterator<Item = (usize, &str, &MonitorKind)> {
        (0..self.monitors.len()).filter_map(|place| {
            let (id, kind) = self.monitor(place)?;
            Some((place, id, kind))
        })
    }

    /// What a post concerns: its facts, and when it was published.
    ///
    /// Hits and refusals are in the order of the monitors. A monitor that the words do not concern is in neither.
    pub fn hear(&self, facts: &Facts<'_>, at: Option<Timestamp>, scratch: &mut Scratch) -> Heard<'_> {
        let mut heard = Heard::default();
        let mut search = Search::default();
        for place in self.index.matches_in(facts, scratch, &mut search.view) {
            let place = *place as usize;
            let Some(Some(monitor)) = self.monitors.get(place) else { continue };
            match monitor.refuses(facts, at) {
                Some(why) => heard.refused.push(Refusal { place, monitor: &monitor.id, why }),
                None => heard.hits.push(monitor.hit(place, facts, &mut search)),
            }
        }
        heard
    }
}

impl Compiled {
    /// The monitor, and what brings it up: any alias, and the query.
    fn new(parser: &mut Parser<'_>, monitor: Monitor) -> Result<(Self, Query), BuildError> {
        let mut error = BuildError::default();
        let mut read = |place: &str, source: &str| match parser.parse(source) {
            Ok(query) => Some(query),
            Err(faults) => {
                error.absorb(place, faults);
                None
            }
        };
        let direct = monitor.direct.iter().map(|alias| (MentionKind::Direct, alias));
        let indirect = monitor.indirect.iter().map(|alias| (MentionKind::Indirect, alias));
        let aliases: Vec<Alias> = direct
            .chain(indirect)
            .filter_map(|(kind, written)| {
                Some(Alias { kind, written: written.clone(), sought: Sought::new(read("alias", written)?) })
            })
            .collect();
        let query = monitor.query.as_deref().and_then(|query| read("query", query));
        let exclude: Vec<(Box<str>, Query)> = monitor
            .exclude
            .iter()
            .filter_map(|written| Some((written.clone(), read("exclusion", written)?)))
            .collect();
        let any = aliases.iter().map(|alias| alias.sought.query.clone()).reduce(Query::or);
        let wanted = match (any, query.clone()) {
            (Some(any), Some(query)) => Some(any.and(query)),
            (one, other) => one.or(other),
        };
        if monitor.direct.is_empty() && monitor.indirect.is_empty() && monitor.query.is_none() {
            error.push(
                Fault::new(FaultKind::Missing, "", "it has nothing to listen for")
                    .mend("add an alias or a query"),
            );
        }
        match monitor.window {
            Some((from, to)) if from >= to => error.push(
                Fault::new(FaultKind::Value, "window", "it ends before it begins").mend("swap the two times"),
            ),
            None if monitor.kind == MonitorKind::Event => error.push(
                Fault::new(FaultKind::Missing, "window", "an event has a beginning and an end")
                    .mend("set its window"),
            ),
            _ => {}
        }
        match (error.is_empty(), wanted) {
            (true, Some(wanted)) => Ok((
                Self {
                    id: monitor.id,
                    kind: monitor.kind,
                    query: query.map(Sought::new),
                    aliases,
                    exclude,
                    audience: (!monitor.audience.is_everybody()).then_some(monitor.audience),
                    window: monitor.window,
                },
                wanted,
            )),
            _ => Err(error),
        }
    }

    fn refuses(&self, facts: &Facts<'_>, at: Option<Timestamp>) -> Option<Refused> {
        if let Some((written, _)) = self.exclude.iter().find(|(_, query)| query.matches(facts)) {
            return Some(Refused::Excluded(written.clone()));
        }
        if self.audience.as_ref().is_some_and(|audience| !audience.fits(facts)) {
            return Some(Refused::Audience);
        }
        let inside = self.window.is_none_or(|(from, to)| at.is_some_and(|at| from <= at && at < to));
        (!inside).then_some(Refused::Window)
    }

    /// The first direct alias that holds, else the first indirect one, else the query.
    fn hit<'t>(&self, place: usize, facts: &Facts<'t>, search: &mut Search<'t>) -> Hit<'_> {
        let found = self.aliases.iter().find_map(|alias| Some((alias, alias.sought.find(facts, search)?)));
        let kind = found.as_ref().map_or(MentionKind::Topic, |(alias, _)| alias.kind);
        let alias = found.as_ref().map(|(alias, _)| &*alias.written);
        let spans = found.map(|(_, spans)| spans);
        let spans = spans.or_else(|| self.query.as_ref()?.find(facts, search)).unwrap_or_default();
        Hit { place, monitor: &self.id, kind, alias, spans }
    }
}

/// What a post concerns.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{Listener, Monitor, MonitorKind, Scratch};
/// use hearken::text::Text;
///
/// let monitors = [
///     Monitor::new("acme", MonitorKind::Brand).indirect("acme"),
///     Monitor::new("acme-toys", MonitorKind::Brand).indirect("acme").exclude("cartoon"),
/// ];
/// let (listener, text) = (Listener::build(monitors).unwrap(), Text::new("That Acme cartoon again"));
/// let heard = listener.hear(&Facts::new(&text), None, &mut Scratch::default());
/// let names = |hits: &mut dyn Iterator<Item = &str>| hits.map(str::to_owned).collect::<Vec<_>>();
/// assert_eq!(names(&mut heard.hits.iter().map(|hit| hit.monitor)), ["acme"]);
/// assert_eq!(names(&mut heard.refused.iter().map(|refusal| refusal.monitor)), ["acme-toys"]);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heard<'l> {
    /// The monitors that it concerns.
    pub hits: Vec<Hit<'l>>,
    /// The monitors that it would concern but for an exclusion, the audience or the window.
    pub refused: Vec<Refusal<'l>>,
}

/// How a post speaks of what a monitor watches.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{Listener, MentionKind, Monitor, MonitorKind, Scratch};
/// use hearken::text::Text;
///
/// let acme = Monitor::new("acme", MonitorKind::Brand).direct("@acme").indirect("acme");
/// let listener = Listener::build([acme]).unwrap();
/// let mut kind = |source| {
///     let text = Text::new(source);
///     let heard = listener.hear(&Facts::new(&text), None, &mut Scratch::default());
///     heard.hits[0].kind
/// };
/// assert_eq!(kind("@acme my phone broke"), MentionKind::Direct, "she waits for an answer");
/// assert_eq!(kind("my acme phone broke"), MentionKind::Indirect, "she does not know that anybody listens");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MentionKind {
    /// It addresses it: `@acme broke`.
    Direct,
    /// It names it: `my Acme phone broke`.
    Indirect,
    /// It concerns it without a name: the monitor has a query and no alias.
    Topic,
}

/// A monitor that a post concerns.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{Listener, Monitor, MonitorKind, Scratch};
/// use hearken::text::Text;
///
/// let boil = Monitor::new("boil", MonitorKind::Product).indirect("\"boil 2\"").indirect("boil2");
/// let (listener, text) = (Listener::build([boil]).unwrap(), Text::new("my Boil 2 leaks"));
/// let heard = listener.hear(&Facts::new(&text), None, &mut Scratch::default());
/// let hit = &heard.hits[0];
/// // Which name brought it up, and the words to mark, here as one span each.
/// assert_eq!((hit.monitor, hit.alias), ("boil", Some("\"boil 2\"")));
/// let last = hit.spans.last().unwrap().end as usize;
/// assert_eq!(&text.source()[hit.spans[0].start as usize..last], "Boil 2");
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit<'l> {
    /// The monitor's place among all, from 0.
    pub place: usize,
    /// The monitor's id.
    pub monitor: &'l str,
    /// How it is spoken of.
    pub kind: MentionKind,
    /// The alias that held, as it was written.
    pub alias: Option<&'l str>,
    /// Where, in bytes of the source, in order.
    pub spans: Vec<Span>,
}

/// A monitor that a post would concern, but for something.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{Listener, Monitor, MonitorKind, Refused, Scratch};
/// use hearken::text::Text;
///
/// let acme = Monitor::new("acme", MonitorKind::Brand).indirect("acme").exclude("cartoon").exclude("\"acme street\"");
/// let (listener, text) = (Listener::build([acme]).unwrap(), Text::new("the shop in Acme Street"));
/// let heard = listener.hear(&Facts::new(&text), None, &mut Scratch::default());
/// // "Why did we not see this post?" names the exclusion that kept it out.
/// assert_eq!(heard.refused[0].monitor, "acme");
/// assert_eq!(heard.refused[0].why, Refused::Excluded("\"acme street\"".into()));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal<'l> {
    /// The monitor's place among all, from 0.
    pub place: usize,
    /// The monitor's id.
    pub monitor: &'l str,
    /// What stood in the way.
    pub why: Refused,
}

/// What stood between a post and a monitor.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{Audience, Listener, Monitor, MonitorKind, Refused, Scratch};
/// use hearken::text::Text;
///
/// let mut acme = Monitor::new("acme", MonitorKind::Brand).indirect("acme");
/// acme.audience = Audience { languages: vec!["de".into()], ..Audience::default() };
/// let (listener, text) = (Listener::build([acme]).unwrap(), Text::new("Acme again"));
/// let heard = listener.hear(&Facts::new(&text).with("lang", "en"), None, &mut Scratch::default());
/// assert!(heard.hits.is_empty());
/// assert_eq!(heard.refused[0].why, Refused::Audience);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refused {
    /// This exclusion held.
    Excluded(Box<str>),
    /// The author or the place is not of the audience.
    Audience,
    /// It was not published in the window.
    Window,
}
