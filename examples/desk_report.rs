//! A crisis, replayed and measured: `cargo run --release --example desk_report -- --posts FILE.jsonl --desk FILE.json`.
//!
//! Posts are interactions, one a line; those with a `conversation` are talk with the brand, the others talk about it. The
//! other file says what the desk did and what it holds itself to: see [`Desk`]. Standard output has one section after
//! another, tab-separated: how fast the crisis was met; what the desk did, step by step; statements with their variants,
//! and what people said before and after each; posts that were planned; what was about to be missed; who was ignored and what that may cost; the
//! community by week; how long questions waited; what came of every reply; what the program gave up to people; the risk
//! of what is open.

use clap::Parser;
use hearken::calendar::Calendar;
use hearken::desk::{
    ApprovalPolicy, Author, Case, CaseEvent, CasePolicy, Change, Crisis, CrisisCommand, CrisisRecord, Draft,
    DraftCommand, DraftEvent, HandOverRules, Message, MessageGroup, Milestone, OutcomeTally, Playbook,
    ResponseTimes, Responsiveness, RiskCommand, RiskWatch, RiskWeights, Schedule, ScheduleCommand, Setting,
    Sla, SlaBook, SlaEvent, Stakes, Standing, Transcript, Utterance, Voice, about_to_breach, by_risk,
    expected_loss, hand_over, ignored_negative, reply_outcomes, risk, statement_effects, weekly_ratio,
};
use hearken::facts::{Facts, Field, Scope};
use hearken::model::{
    CaseId, CaseKind, Direction, Interaction, Money, Platform, Points, Priority, Timestamp,
};
use hearken::pulse::{CrisisLevel, Observation, Watch, WatchConfig, Window};
use hearken::query::{Query, Scratch};
use hearken::sentiment::Sentiment;
use hearken::signal::Signals;
use hearken::source::Capabilities;
use hearken::text::Text;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;
use std::{fs, iter};

/// A crisis, replayed and measured.
#[derive(Parser)]
struct Options {
    /// an interaction a line
    #[arg(long)]
    posts: PathBuf,
    /// what the desk did and holds itself to
    #[arg(long)]
    desk: PathBuf,
}

const MINUTE: i64 = 60_000;
/// Beyond this a mood is negative or positive.
const POLAR: Points = Points::thousandths(400);

/// What the desk did, and what it holds itself to. It is open around the clock.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Desk {
    /// When the crisis began, as one knows afterwards.
    began: At,
    /// Posts are counted in buckets of so many minutes.
    bucket_minutes: i64,
    /// An answer is in time within so many minutes.
    answer_within_minutes: i64,
    /// What is promised, and when somebody looked at what was about to be missed.
    promises: SlaBook,
    looked_at: At,
    /// A reply without an answer was met with silence after so many minutes.
    silent_after_minutes: i64,
    /// So much before and after a statement is compared.
    around_statement_minutes: i64,
    /// The score of risk at which somebody senior looks at a conversation, and below which it is calm again.
    escalate_at: i64,
    calm_below: i64,
    /// What is assumed about people who get no answer.
    #[serde(default)]
    stakes: Stakes,
    #[serde(default)]
    weights: RiskWeights,
    #[serde(default)]
    hand_over: HandOverRules,
    /// Agents that are programs.
    bots: BTreeSet<String>,
    /// A query: the customer asks for a person.
    asks_person: String,
    /// When conversations were resolved.
    resolved: BTreeMap<CaseId, Vec<At>>,
    /// What customers are worth, by `platform:account`.
    values: BTreeMap<String, Money>,
    playbook: Playbook,
    acts: Vec<Act>,
    messages: Vec<Planned>,
    /// Posts that were planned, by name.
    planned: BTreeMap<String, At>,
}

/// An instant as people write it.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
struct At(Timestamp);

impl TryFrom<String> for At {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Timestamp::parse(&text).map(Self).ok_or_else(|| format!("{text:?} is no time"))
    }
}

/// Something that somebody did about the crisis.
#[derive(Deserialize)]
struct Act {
    at: At,
    #[serde(flatten)]
    what: What,
}

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
enum What {
    Acknowledge { by: String },
    Begin,
    Approve { message: String, by: String },
    Publish { message: String, by: String },
    Done { step: String, by: String },
    End,
}

/// A message, who wrote it, and where it is to stand.
#[derive(Deserialize)]
struct Planned {
    author: String,
    platforms: Vec<Platform>,
    #[serde(flatten)]
    message: Message,
}

/// One conversation with the brand.
#[derive(Default)]
struct Talk {
    transcript: Transcript,
    customer: String,
    standing: Standing,
}

/// Everything that was read.
struct Read {
    talks: BTreeMap<CaseId, Talk>,
    window: Window,
    /// When people wrote, whether the brand answered, and who.
    community: Vec<(Timestamp, bool, String)>,
    last: Timestamp,
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let desk: Desk = serde_json::from_slice(&fs::read(&options.desk)?)?;
    let read = read(&fs::read_to_string(&options.posts)?, &desk)?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    let statements = handle(&desk, &read, &mut out)?;
    effects(&desk, &read, &statements, &mut out)?;
    promised(&desk, &read, &mut out)?;
    ignored(&desk, &read, &mut out)?;
    community(&desk, &read, &mut out)?;
    questions(&desk, &read, &mut out)?;
    replies(&desk, &read, &mut out)?;
    handed_over(&desk, &read, &mut out)?;
    risks(&desk, &read, &mut out)?;
    Ok(out.flush()?)
}

/// Reads the posts: what was said with the brand, and how much and in which mood about it.
fn read(posts: &str, desk: &Desk) -> Result<Read, Box<dyn Error>> {
    let sentiment = Sentiment::builder().build()?;
    let (signals, asks_person) = (Signals::english(), Query::parse(&desk.asks_person, Scope::Monitor)?);
    let (mut scratch, mut text) = (Scratch::default(), Text::default());
    let mut read = Read {
        talks: BTreeMap::new(),
        window: Window::new(desk.bucket_minutes * MINUTE, 10_000),
        community: Vec::new(),
        last: Timestamp::default(),
    };
    for line in posts.lines() {
        let item: Interaction = serde_json::from_str(line)?;
        text.read(item.content.text.reveal());
        let mut facts = Facts::of(&text, &item);
        let mood = sentiment.score(&text).score;
        facts.set(Field::Sentiment, mood);
        signals.read(&mut facts, &mut scratch);
        let is = |field: &Field, name: &str| facts.words(field).any(|word| word == name);
        let at = item.published_at.ok_or("a post without a time")?;
        read.last = read.last.max(at);
        let author = item.author.as_ref().ok_or("a post without an author")?;
        let name = format!("{}:{}", author.key.platform, author.key.id);
        let mut said = Utterance::new(at, item.key.clone(), Voice::Customer);
        match item.direction {
            Direction::Inbound => {
                said.mood = Some(Points::nearest(mood));
                said.question = is(&Field::Topic, "question");
                said.asks_person = asks_person.matches(&facts);
                let polar = |holds: bool| u64::from(holds);
                let seen = Observation { author: Some(&name), ..Observation::at(at) };
                read.window.add(&Observation {
                    negative: polar(Points::nearest(mood) < -POLAR),
                    positive: polar(Points::nearest(mood) > POLAR),
                    reach: author.followers.unwrap_or(0),
                    ..seen
                });
            }
            _ => {
                let agent = item.agent.clone().unwrap_or_else(|| "nobody".into());
                let bot = desk.bots.contains(agent.as_str());
                said.voice = if bot { Voice::Bot(agent) } else { Voice::Agent(agent) };
            }
        }
        let Some(conversation) = item.conversation.as_deref() else {
            read.community.push((at, false, name));
            continue;
        };
        let talk = read.talks.entry(conversation.into()).or_default();
        if said.voice == Voice::Customer {
            talk.standing.reach = talk.standing.reach.max(author.followers);
            talk.standing.leaving |= is(&Field::Intent, "cancel") || is(&Field::Intent, "switch");
            talk.customer = name;
        }
        talk.transcript.add(said);
    }
    for (id, talk) in &mut read.talks {
        desk.resolved.get(id).into_iter().flatten().for_each(|at| talk.transcript.resolve(at.0));
        let said = talk.transcript.said();
        for (place, word) in said.iter().enumerate().filter(|(_, word)| word.voice == Voice::Customer) {
            let answered = said.iter().skip(place).any(|later| later.voice.is_brand());
            read.community.push((word.at, answered, talk.customer.clone()));
        }
    }
    Ok(read)
}

/// Replays what the desk did; returns when statements went out.
fn handle(desk: &Desk, read: &Read, out: &mut impl Write) -> Result<Vec<Timestamp>, Box<dyn Error>> {
    let width = desk.bucket_minutes * MINUTE;
    let mut record = CrisisRecord::default();
    let per_day = u32::try_from(24 * 60 / desk.bucket_minutes.max(1))?;
    let watch = WatchConfig { per_day, ..WatchConfig::five_minutes() };
    for reading in Watch::replay(&watch, &read.window) {
        record.read(&reading, width, CrisisLevel::Concern);
    }
    record.note(Milestone::Began, desk.began.0);

    let (policy, setting) = (ApprovalPolicy::default(), Setting::default());
    let mut drafts: BTreeMap<&str, (MessageGroup, Draft)> = BTreeMap::new();
    for planned in &desk.messages {
        let capabilities: Vec<Capabilities> = planned.platforms.iter().map(Capabilities::of).collect();
        let group = planned
            .message
            .render(&capabilities)
            .map_err(|unfit| unfit.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
        let mut draft = group.draft(Author::Person(planned.author.as_str().into()));
        draft.step(DraftEvent::Submit, desk.began.0, &policy, setting);
        drafts.insert(&planned.message.id, (group, draft));
    }
    let (mut schedule, mut crisis, mut statements) = (Schedule::default(), None, Vec::new());
    for (name, at) in &desk.planned {
        schedule.plan(name, at.0);
    }
    writeln!(out, "# what the desk did")?;
    for act in &desk.acts {
        let now = act.at.0;
        for command in schedule.tick(now) {
            planned(now, &command, out)?;
        }
        match &act.what {
            What::Acknowledge { by } => {
                record.note(Milestone::Acknowledged, now);
                writeln!(out, "{now}\tacknowledged\tby {by}")?;
            }
            What::Begin => {
                let (begun, commands) = Crisis::begin(desk.playbook.clone(), now);
                for command in commands {
                    match command {
                        CrisisCommand::PausePublishing => {
                            for command in schedule.pause(&begun.playbook.id, now) {
                                planned(now, &command, out)?;
                            }
                            writeln!(out, "{now}\tplanned posts wait\t{}", begun.playbook.id)?;
                        }
                        other => step(now, &other, out)?,
                    }
                }
                crisis = Some(begun);
            }
            What::Approve { message, by } => {
                let (group, draft) = drafts.get_mut(message.as_str()).ok_or("no message of that name")?;
                let event = DraftEvent::Approve { by: by.as_str().into(), text: group.approval() };
                let answer = draft.step(event, now, &policy, setting);
                let refused = answer.iter().find_map(refusal);
                writeln!(out, "{now}\tapproval of {message}\t{}", refused.unwrap_or(format!("by {by}")))?;
            }
            What::Publish { message, by } => {
                let (group, draft) = drafts.get_mut(message.as_str()).ok_or("no message of that name")?;
                let event = DraftEvent::Publish { text: group.approval(), case_version: 0 };
                for command in draft.step(event, now, &policy, setting) {
                    let DraftCommand::Publish { hash, .. } = &command else {
                        let why = refusal(&command).unwrap_or_default();
                        writeln!(out, "{now}\tpublishing {message}\t{why}")?;
                        continue;
                    };
                    for post in group.release(hash) {
                        let (length, approval) =
                            (post.text.chars().count(), serde_json::to_value(&post.approval)?);
                        let approval = approval.as_str().and_then(|id| id.get(..8)).unwrap_or("").to_owned();
                        writeln!(
                            out,
                            "{now}\t{message} on {}\t{length} characters by {by}, approval {approval}",
                            post.platform
                        )?;
                    }
                    record.note(Milestone::Statement, now);
                    statements.push(now);
                }
            }
            What::Done { step: name, by } => {
                let Some(crisis) = &mut crisis else { continue };
                let commands = crisis.done(name, by.as_str().into(), now);
                let (done, of) = crisis.progress();
                writeln!(out, "{now}\tdone: {name}\tby {by}, {done} of {of}")?;
                for command in commands {
                    step(now, &command, out)?;
                }
            }
            What::End => {
                record.note(Milestone::Over, now);
                let Some(crisis) = &mut crisis else { continue };
                for _ in crisis.end(now) {
                    for command in schedule.resume(&crisis.playbook.id, now) {
                        planned(now, &command, out)?;
                    }
                }
            }
        }
    }
    for command in schedule.tick(read.last) {
        planned(read.last, &command, out)?;
    }
    writeln!(out, "\n# how fast\nmilestone\tat\tminutes since it began")?;
    for (name, milestone) in [
        ("began", Milestone::Began),
        ("detected", Milestone::Detected),
        ("acknowledged", Milestone::Acknowledged),
        ("first statement", Milestone::Statement),
        ("over", Milestone::Over),
    ] {
        let at = record.first(milestone).map_or_else(|| "never".to_owned(), |at| at.to_string());
        let minutes = record.time_to(milestone).map_or_else(|| "-".to_owned(), |t| (t / MINUTE).to_string());
        writeln!(out, "{name}\t{at}\t{minutes}")?;
    }
    writeln!(out, "false alarms before\t{}", record.before(Milestone::Detected))?;
    Ok(statements)
}

fn refusal(command: &DraftCommand) -> Option<String> {
    match command {
        DraftCommand::Refused(why) => Some(format!("refused: {why}")),
        _ => None,
    }
}

fn planned(now: Timestamp, command: &ScheduleCommand, out: &mut impl Write) -> io::Result<()> {
    match command {
        ScheduleCommand::Publish { draft, due } => writeln!(out, "{due}	planned post	{draft} goes out"),
        ScheduleCommand::Held { draft, due } => writeln!(out, "{due}	planned post	{draft} is held back"),
        ScheduleCommand::Review { draft, .. } => {
            writeln!(out, "{now}	planned post	{draft} is to be looked at again")
        }
        _ => Ok(()),
    }
}

fn step(now: Timestamp, command: &CrisisCommand, out: &mut impl Write) -> io::Result<()> {
    match command {
        CrisisCommand::Begin(step) => writeln!(out, "{now}\tto do: {}\t{}", step.id, step.owner),
        CrisisCommand::AllDone => writeln!(out, "{now}\tplaybook\tall done"),
        _ => Ok(()),
    }
}

fn effects(desk: &Desk, read: &Read, statements: &[Timestamp], out: &mut impl Write) -> io::Result<()> {
    let span = desk.around_statement_minutes * MINUTE;
    let told = |change: Option<Change>, scale: f64| match change {
        Some(Change { value, interval: (low, high), .. }) => {
            format!("{:+.2} ({:+.2} to {:+.2})", value * scale, low * scale, high * scale)
        }
        None => "-".to_owned(),
    };
    writeln!(
        out,
        "\n# around each statement\nat\tposts before\tafter\tnegative share\tpositive share\tvolume, times"
    )?;
    for effect in statement_effects(&read.window, statements.iter().copied(), span, read.last) {
        writeln!(
            out,
            "{}\t{}\t{}\t{}\t{}\t{}",
            effect.at,
            effect.before.posts,
            effect.after.posts,
            told(effect.negative, 1.0),
            told(effect.positive, 1.0),
            told(effect.volume, 1.0).replace('+', "")
        )?;
    }
    Ok(())
}

/// The conversation as a case, replayed.
fn case(id: &CaseId, talk: &Talk, desk: &Desk) -> Option<Case> {
    let (first, rest) = talk.transcript.said().split_first()?;
    let heard = rest.iter().map(|said| {
        let item = said.item.clone();
        let event = match &said.voice {
            Voice::Agent(by) => CaseEvent::Reply { item, by: by.clone(), bot: false },
            Voice::Bot(by) => CaseEvent::Reply { item, by: by.clone(), bot: true },
            _ => CaseEvent::Inbound(item),
        };
        (said.at, event)
    });
    let resolved = desk.resolved.get(id).into_iter().flatten();
    let resolved = resolved.map(|at| (at.0, CaseEvent::Resolve("answered".to_owned())));
    let mut events: Vec<(Timestamp, CaseEvent)> = heard.chain(resolved).collect();
    events.sort_by_key(|(at, _)| *at);
    let mut case = Case::open(id.clone(), first.at, first.item.clone());
    for (at, event) in events {
        case.step(event, at, &CasePolicy::default());
    }
    Some(case)
}

/// What is about to be missed, as it stood when somebody looked.
fn promised(desk: &Desk, read: &Read, out: &mut impl Write) -> io::Result<()> {
    let now = desk.looked_at.0;
    let mut open: Vec<(Case, Sla)> = Vec::new();
    for (id, talk) in &read.talks {
        let Some((first, rest)) = talk.transcript.until(now).split_first() else { continue };
        let targets = desk.promises.targets(&CaseKind::Question, Priority::default(), None);
        let mut sla = Sla::open(first.at, targets, 0);
        for said in rest {
            sla.hear(if said.voice.is_brand() { SlaEvent::Reply } else { SlaEvent::Inbound }, said.at);
        }
        for done in desk.resolved.get(id).into_iter().flatten().filter(|done| done.0 <= now) {
            sla.hear(SlaEvent::Resolve, done.0);
        }
        open.push((Case::open(id.clone(), first.at, first.item.clone()), sla));
    }
    writeln!(out, "\n# about to be missed, as of {now}\nconversation\tpromise\tdue")?;
    let cases = open.iter().map(|(case, sla)| (case, sla));
    for due in about_to_breach(cases, &Calendar::always(), now, desk.answer_within_minutes * MINUTE) {
        writeln!(out, "{}\t{:?} response\t{}", due.case, due.promise, due.due)?;
    }
    Ok(())
}

fn ignored(desk: &Desk, read: &Read, out: &mut impl Write) -> io::Result<()> {
    let cases: Vec<Case> = read.talks.iter().filter_map(|(id, talk)| case(id, talk, desk)).collect();
    let negative = |case: &Case| {
        let open = read.talks.get(&case.id).map_or(&[][..], |talk| talk.transcript.unanswered(read.last));
        open.iter().any(|said| said.mood.is_some_and(|mood| mood < -POLAR))
    };
    let patience = desk.answer_within_minutes * MINUTE;
    let list = ignored_negative(&cases, negative, &Calendar::always(), read.last, patience);
    writeln!(out, "\n# negative and ignored\nconversation\tcustomer\tsince\tworth")?;
    let mut people = Vec::new();
    for item in list {
        let customer = read.talks.get(&item.case).map_or("", |talk| &talk.customer);
        let value = desk.values.get(customer).cloned();
        let worth = value.as_ref().map_or_else(|| "unknown".to_owned(), money);
        writeln!(out, "{}\t{customer}\t{}\t{worth}", item.case, item.since)?;
        people.push((customer.into(), value));
    }
    let loss = expected_loss(people, desk.stakes.ignored);
    write!(out, "if {} % leave\t{} of {} people", percent(desk.stakes.ignored), loss.leavers, loss.people)?;
    for (currency, minor) in loss.value {
        write!(out, "\t{} of the {} of known value", money(&Money { minor, currency }), loss.valued)?;
    }
    writeln!(out)
}

/// A share as a percentage.
fn percent(share: Points) -> Points {
    Points::thousandths(share.as_thousandths() * 100)
}

fn money(money: &Money) -> String {
    format!("{}.{:02} {}", money.minor / 100, money.minor % 100, money.currency)
}

fn community(desk: &Desk, read: &Read, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\n# community\nweek\tposts\tanswered\tshare")?;
    let weeks = weekly_ratio(read.community.iter().map(|(at, answered, _)| (*at, *answered)));
    for week in &weeks {
        let share = f64::from(week.answered) / f64::from(week.inbound.max(1));
        writeln!(out, "{}\t{}\t{}\t{share:.3}", week.week, week.inbound, week.answered)?;
        if week.answered == 0 {
            let end = week.week + 7 * 24 * 60 * MINUTE;
            let authors = read.community.iter().filter(|(at, ..)| (week.week..end).contains(at));
            let authors = authors.map(|(.., name)| (name.as_str().into(), None));
            let loss = expected_loss(authors, desk.stakes.silent);
            let share = desk.stakes.silent.as_f64() * 100.0;
            writeln!(
                out,
                "nobody was answered\tif {share} % leave\t{} of {} people",
                loss.leavers, loss.people
            )?;
        }
    }
    Ok(())
}

fn questions(desk: &Desk, read: &Read, out: &mut impl Write) -> io::Result<()> {
    let mut report = Responsiveness::default();
    for talk in read.talks.values() {
        report.add(&talk.transcript, &Calendar::always(), read.last);
    }
    let target = desk.answer_within_minutes * MINUTE;
    writeln!(
        out,
        "\n# how long they waited\nkind\tasked\tanswered\tmedian, min\tp90, min\twithin {} min\twithin 24 h\toverdue",
        desk.answer_within_minutes
    )?;
    for (name, times) in [("questions", &report.questions), ("all else", &report.others)] {
        let minutes =
            |percent| times.percentile(percent).map_or("-".to_owned(), |t| (t / MINUTE).to_string());
        let share =
            |within| ResponseTimes::share_within(times, within).map_or("-".to_owned(), |s| s.to_string());
        writeln!(
            out,
            "{name}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
            times.asked(),
            times.answered(),
            minutes(50),
            minutes(90),
            share(target),
            share(24 * 60 * MINUTE),
            times.overdue(target)
        )?;
    }
    let index = report.index(target, desk.stakes.timely).map_or("-".to_owned(), |index| index.to_string());
    writeln!(out, "index, questions at {} %\t{index}", percent(desk.stakes.timely))
}

fn replies(desk: &Desk, read: &Read, out: &mut impl Write) -> io::Result<()> {
    let mut by: BTreeMap<String, OutcomeTally> = BTreeMap::new();
    writeln!(out, "\n# what came of each reply\nreply\tby\toutcome\tafter, min\tmood\tresolved")?;
    for talk in read.talks.values() {
        let window = desk.silent_after_minutes * MINUTE;
        for outcome in reply_outcomes(&talk.transcript, window, read.last) {
            let who = match &outcome.by {
                Voice::Agent(id) | Voice::Bot(id) => id.to_string(),
                _ => continue,
            };
            let after = outcome.after.map_or("-".to_owned(), |t| (t / MINUTE).to_string());
            let mood = outcome.mood_change.map_or("-".to_owned(), |mood| format!("{mood:+}"));
            let solved = if outcome.resolved { "yes" } else { "no" };
            writeln!(out, "{}\t{who}\t{:?}\t{after}\t{mood}\t{solved}", outcome.item, outcome.response)?;
            by.entry(who).or_default().add(&outcome);
        }
    }
    writeln!(
        out,
        "\n# replies by who sent them\nwho\tsent\treplied\tresolved\tfollowed up\tsilent\tpending\tmood, mean"
    )?;
    let mut all = OutcomeTally::default();
    by.values().for_each(|tally| all.merge(tally));
    for (who, tally) in by.iter().map(|(who, tally)| (who.as_str(), tally)).chain(iter::once(("all", &all))) {
        let mood = tally.mean_mood_change().map_or("-".to_owned(), |mood| format!("{mood:+}"));
        writeln!(
            out,
            "{who}\t{}\t{}\t{}\t{}\t{}\t{}\t{mood}",
            tally.sent,
            tally.customer_replied,
            tally.resolved,
            tally.brand_followed_up,
            tally.silent,
            tally.pending
        )?;
    }
    Ok(())
}

fn handed_over(desk: &Desk, read: &Read, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\n# given to a person\nconversation\tat\twhy\twords so far\tthe program since")?;
    for (id, talk) in &read.talks {
        let bots = |said: &&Utterance| matches!(said.voice, Voice::Bot(_));
        let said = talk.transcript.said();
        let Some(given) =
            hand_over(&talk.transcript, &desk.hand_over).filter(|_| said.iter().any(|s| bots(&s)))
        else {
            continue;
        };
        let why: Vec<String> = given.reasons.iter().map(|why| format!("{why:?}")).collect();
        let since = said.iter().filter(bots).filter(|said| said.at > given.at).count();
        let so_far = given.transcript.until(given.at).len();
        let since = if since == 0 { "silent".to_owned() } else { format!("spoke {since} times") };
        writeln!(out, "{id}\t{}\t{}\t{so_far}\t{since}", given.at, why.join(", "))?;
    }
    Ok(())
}

fn risks(desk: &Desk, read: &Read, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\n# risk as it rose and fell\nat\tconversation\twhat\tscore")?;
    let hour = 60 * MINUTE;
    let mut told: Vec<(Timestamp, &CaseId, &str, Points)> = Vec::new();
    for (id, talk) in &read.talks {
        let mut watch = RiskWatch::new(Points::whole(desk.escalate_at), Points::whole(desk.calm_below));
        // At every word, and every hour in between.
        let said = talk.transcript.said();
        let start = said.first().map_or(read.last, |said| said.at);
        let hours = (1..).map(|n| start + n * hour).take_while(|&at| at <= read.last);
        let times: BTreeSet<Timestamp> = said.iter().map(|said| said.at).chain(hours).collect();
        for now in times {
            let score = risk(&talk.transcript, &talk.standing, &desk.weights, now).score;
            match watch.see(score) {
                Some(RiskCommand::PreEscalate(score)) => told.push((now, id, "look at it", score)),
                Some(RiskCommand::Calm(score)) => told.push((now, id, "calm again", score)),
                _ => {}
            }
        }
    }
    told.sort();
    for (now, id, what, score) in told {
        writeln!(out, "{now}\t{id}\t{what}\t{score}")?;
    }
    writeln!(out, "\n# risk of what is open\nconversation\tscore\tparts")?;
    let open = read.talks.iter().filter(|(id, _)| !desk.resolved.contains_key(*id));
    let open = open.map(|(id, talk)| (id.clone(), &talk.transcript, talk.standing));
    for (id, risk) in by_risk(open, &desk.weights, read.last) {
        let parts: Vec<String> = risk.parts.iter().map(|(name, points)| format!("{name} {points}")).collect();
        writeln!(out, "{id}\t{}\t{}", risk.score, parts.join(", "))?;
    }
    Ok(())
}
