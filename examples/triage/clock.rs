//! Times as the brand's wall clock shows them.

use chrono::NaiveDate;
use hearken::calendar::Zone;
use hearken::model::Timestamp;

/// Days from the first of January of the year 1, where chrono counts from, to 1970.
const EPOCH: i64 = 719_163;

pub struct Clock<'c> {
    pub zone: Zone,
    /// Its name, as the configuration has it.
    pub name: &'c str,
}

impl Clock<'_> {
    /// Days since 1970 on the local calendar.
    pub fn day(&self, at: Timestamp) -> i64 {
        self.zone.local(at).day()
    }

    /// `Wed 18 March`, of a day.
    pub fn date(day: i64) -> String {
        let date = i32::try_from(day + EPOCH).ok().and_then(NaiveDate::from_num_days_from_ce_opt);
        date.map_or_else(String::new, |date| date.format("%a %-d %B %Y").to_string())
    }

    /// `14:02`.
    pub fn time(&self, at: Timestamp) -> String {
        let local = self.zone.local(at);
        format!("{:02}:{:02}", local.hour(), local.minute())
    }

    /// `18 Mar 14:02`.
    pub fn stamp(&self, at: Timestamp) -> String {
        let date = Self::date(self.day(at));
        let short: Vec<&str> = date.split(' ').skip(1).take(2).collect();
        let [day, month] = short[..] else { return self.time(at) };
        format!("{day:>2} {} {}", month.get(..3).unwrap_or(month), self.time(at))
    }

    /// The time alone, when it is on that day; else with the day.
    pub fn seen_from(&self, day: i64, at: Timestamp) -> String {
        if self.day(at) == day { self.time(at) } else { self.stamp(at).trim().to_owned() }
    }
}
