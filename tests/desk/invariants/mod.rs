//! The eighteen invariants, each a test of its own: a desk with its rules, cases, promises, alerts, ladders and
//! drafts, under a seeded stream of everything that can happen, in virtual time.
//!
//! One simulation is run for all of them: 20,000 steps here;
//! `HEARKEN_STEPS=1000000 cargo test --release --test main desk::invariants -- --nocapture` for more, with what was
//! checked and which branches were taken. A violation names the seed and the step.

mod alarm;
mod laws;
mod world;

use std::collections::BTreeMap;
use std::sync::OnceLock;
use world::{Variant, simulate};

/// How often each invariant was checked, and where it was first broken.
#[derive(Default)]
pub struct Checks {
    /// Where we are.
    place: String,
    counts: BTreeMap<usize, u64>,
    broken: BTreeMap<usize, String>,
}

impl Checks {
    fn must(&mut self, invariant: usize, holds: bool, what: impl FnOnce() -> String) {
        *self.counts.entry(invariant).or_default() += 1;
        if !holds {
            let place = &self.place;
            self.broken.entry(invariant).or_insert_with(|| format!("{place}: {}", what()));
        }
    }

    fn absorb(&mut self, other: Self) {
        for (invariant, count) in other.counts {
            *self.counts.entry(invariant).or_default() += count;
        }
        for (invariant, what) in other.broken {
            self.broken.entry(invariant).or_insert(what);
        }
    }
}

/// How often each branch was taken.
type Coverage = BTreeMap<&'static str, u64>;

/// What one run came to.
pub struct Outcome {
    digest: u64,
    coverage: Coverage,
    checks: Checks,
}

/// Every branch that a run must take.
const BRANCHES: [&str; 66] = [
    "active with misses",
    "alert over",
    "alert told",
    "all away",
    "all declined",
    "all full",
    "assigned",
    "backup",
    "bot closed",
    "bot handed over",
    "bot silenced",
    "calendar edited",
    "clock back",
    "clock forward",
    "conflict",
    "crash",
    "declined",
    "DST gap",
    "DST overlap",
    "due soon",
    "duplicate",
    "edit voids approval",
    "escalated",
    "event: acknowledge or start a ladder",
    "event: alert",
    "event: answer",
    "event: bot",
    "event: calendar",
    "event: clock",
    "event: confirm",
    "event: crash",
    "event: decline",
    "event: draft",
    "event: presence",
    "event: receive",
    "event: redelivery",
    "event: resolve",
    "event: rules",
    "event: speak again",
    "event: swap SLA",
    "event: take",
    "event: tick",
    "event: wait",
    "fallback",
    "given to somebody else",
    "inhibited",
    "late gives way",
    "manual",
    "missed",
    "no confirmation without a rating",
    "nobody qualified",
    "over capacity",
    "overload",
    "own work refused",
    "owner",
    "published",
    "relaxed",
    "reopened",
    "rules loop",
    "rules stop by themselves",
    "silenced",
    "stale publish refused",
    "suppressed",
    "taken back",
    "tightened",
    "until relaxed",
];

/// The runs of all seeds, once for all tests.
fn outcome() -> &'static Outcome {
    static OUTCOME: OnceLock<Outcome> = OnceLock::new();
    OUTCOME.get_or_init(|| {
        let steps = std::env::var("HEARKEN_STEPS").ok().and_then(|steps| steps.parse().ok());
        let (steps, seeds): (u64, u64) = (steps.unwrap_or(20_000), 5);
        let (mut checks, mut coverage) = (Checks::default(), Coverage::new());
        for seed in 0..seeds {
            let part = steps / seeds;
            let plain = simulate(seed, part, Variant::default());
            let few = part.min(600);
            let short =
                if few == part { plain.digest } else { simulate(seed, few, Variant::default()).digest };
            let run = |variant| std::thread::spawn(move || simulate(seed, few, variant));
            let same = run(Variant::default()).join().expect("a run");
            let crashed = run(Variant { crashes: true, ..Variant::default() }).join().expect("a run");
            let shuffled = run(Variant { shuffled: true, ..Variant::default() }).join().expect("a run");
            checks.place = format!("seed {seed}");
            checks.must(10, same.digest == short, || "the same log in another thread".to_owned());
            checks.must(12, crashed.digest == short, || "written down and read again".to_owned());
            checks.must(13, shuffled.digest == short, || "agents configured in another order".to_owned());
            for run in [plain, crashed] {
                checks.absorb(run.checks);
                for (branch, count) in run.coverage {
                    *coverage.entry(branch).or_default() += count;
                }
            }
            laws::rules(seed, &mut checks, &mut coverage);
        }
        for branch in BRANCHES {
            checks.must(18, coverage.contains_key(branch), || format!("never {branch}"));
        }
        println!("{steps} steps, {} violations", checks.broken.len());
        checks
            .counts
            .iter()
            .for_each(|(invariant, count)| println!("{count:>9} checks of invariant {invariant}"));
        coverage.iter().for_each(|(branch, count)| println!("{count:>9} {branch}"));
        Outcome { digest: 0, coverage, checks }
    })
}

/// One test an invariant: that it was checked, and held.
macro_rules! invariants {
    ($($number:literal $name:ident)*) => {$(
        #[test]
        fn $name() {
            let checks = &outcome().checks;
            if let Some(what) = checks.broken.get(&$number) {
                panic!("{what}");
            }
            assert!(checks.counts.contains_key(&$number), "never checked");
        }
    )*};
}

invariants! {
    1 invariant_01_nothing_is_lost
    2 invariant_02_one_owner_and_assignments_are_compare_and_set
    3 invariant_03_capacity_holds_but_for_manual_overrides
    4 invariant_04_whoever_is_assigned_was_eligible
    5 invariant_05_nothing_waits_that_somebody_could_take
    6 invariant_06_the_older_of_a_class_goes_first
    7 invariant_07_ladders_climb_once_and_stop
    8 invariant_08_business_time_adds_up
    9 invariant_09_ticks_do_not_matter
    10 invariant_10_the_same_log_gives_the_same_bytes
    11 invariant_11_what_comes_again_changes_nothing
    12 invariant_12_what_is_written_down_goes_on
    13 invariant_13_names_order_and_idle_rules_change_nothing
    14 invariant_14_alerts_are_told_once_an_interval_and_are_over_once
    15 invariant_15_cascades_end_and_name_their_rules
    16 invariant_16_nothing_goes_out_unapproved_or_twice
    17 invariant_17_no_bot_speaks_after_a_person
    18 invariant_18_every_branch_is_taken
}

#[test]
fn every_branch_that_is_counted_is_asked_for() {
    let missing: Vec<_> = outcome().coverage.keys().filter(|branch| !BRANCHES.contains(branch)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
