//! Open time on the local clock: a weekly pattern, corrected at each exceptional date.

pub(super) const DAY: i64 = 86_400_000;
pub(super) const WEEK: i64 = 7 * DAY;

/// Local time 0 is Thursday, 1970-01-01; weeks begin on the Monday before it.
const MONDAY: i64 = -3 * DAY;

/// A span of open time, counted from the beginning of its week or day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) start: i64,
    pub(super) end: i64,
    /// Open time of the pieces before.
    before: i64,
}

impl Piece {
    pub(super) fn new(start: i64, end: i64) -> Self {
        Self { start, end, before: 0 }
    }
}

/// Pieces in order, apart from each other, with running totals.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern {
    pieces: Vec<Piece>,
    total: i64,
}

impl Pattern {
    fn new(mut pieces: Vec<Piece>) -> Self {
        let mut total = 0;
        for piece in &mut pieces {
            piece.before = total;
            total += piece.end - piece.start;
        }
        Self { pieces, total }
    }

    /// Open time before `at`.
    fn open(&self, at: i64) -> i64 {
        let index = self.pieces.partition_point(|piece| piece.start < at);
        match self.pieces.get(index.wrapping_sub(1)) {
            Some(piece) => piece.before + (at.min(piece.end) - piece.start),
            None => 0,
        }
    }

    /// The earliest place before which `open` (1..=total) has passed.
    fn reach(&self, open: i64) -> i64 {
        let index = self.pieces.partition_point(|piece| piece.before < open);
        match self.pieces.get(index.wrapping_sub(1)) {
            Some(piece) => piece.start + (open - piece.before),
            None => 0,
        }
    }

    /// The end of the piece that holds `at`.
    fn end(&self, at: i64) -> Option<i64> {
        let index = self.pieces.partition_point(|piece| piece.start <= at);
        self.pieces.get(index.wrapping_sub(1)).map(|piece| piece.end).filter(|&end| at < end)
    }
}

/// A date with hours of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Exception {
    day: i64,
    pattern: Pattern,
    /// Open time at its midnight, since the origin.
    open: i64,
    /// What this date and those before it add to the weekly pattern's open time.
    added: i64,
}

impl Exception {
    pub(super) fn new(day: i64, pieces: Vec<Piece>) -> Self {
        Self { day, pattern: Pattern::new(pieces), open: 0, added: 0 }
    }

    pub(super) fn day(&self) -> i64 {
        self.day
    }
}

/// The open time of the local clock since the origin, and its inverse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Clock {
    week: Pattern,
    exceptions: Vec<Exception>,
}

impl Clock {
    /// `exceptions` in order of day.
    pub(super) fn new(week: Vec<Piece>, exceptions: Vec<Exception>) -> Self {
        let mut clock = Self { week: Pattern::new(week), exceptions: Vec::new() };
        let mut added = 0;
        for mut exception in exceptions {
            let (from, to) = (clock.regular(exception.day * DAY), clock.regular((exception.day + 1) * DAY));
            exception.open = from + added;
            added += exception.pattern.total - (to - from);
            exception.added = added;
            clock.exceptions.push(exception);
        }
        clock
    }

    pub(super) fn always() -> Self {
        Self::new(vec![Piece::new(0, WEEK)], Vec::new())
    }

    /// Open time before the local time `at`.
    pub(super) fn open(&self, at: i64) -> i64 {
        let index = self.exceptions.partition_point(|exception| exception.day * DAY <= at);
        match self.exceptions.get(index.wrapping_sub(1)) {
            Some(exception) if at < (exception.day + 1) * DAY => {
                exception.open + exception.pattern.open(at - exception.day * DAY)
            }
            Some(exception) => self.regular(at) + exception.added,
            None => self.regular(at),
        }
    }

    /// The earliest local time before which `open` has passed; the end of time when there is none.
    pub(super) fn reach(&self, open: i64) -> i64 {
        let index = self.exceptions.partition_point(|exception| exception.open < open);
        match self.exceptions.get(index.wrapping_sub(1)) {
            Some(exception) if open <= exception.open + exception.pattern.total => {
                exception.day * DAY + exception.pattern.reach(open - exception.open)
            }
            Some(exception) => self.regular_reach(open - exception.added),
            None => self.regular_reach(open),
        }
    }

    /// `at` itself when closed, else an end of open time after it, which may be the start of more; `None` when
    /// there is no end.
    pub(super) fn end(&self, at: i64) -> Option<i64> {
        let index = self.exceptions.partition_point(|exception| exception.day * DAY <= at);
        let next = self.exceptions.get(index).map(|exception| exception.day * DAY);
        if let Some(exception) =
            self.exceptions.get(index.wrapping_sub(1)).filter(|exception| at < (exception.day + 1) * DAY)
        {
            let midnight = exception.day * DAY;
            return Some(midnight + exception.pattern.end(at - midnight).unwrap_or(at - midnight));
        }
        if self.week.total == WEEK {
            return next;
        }
        let monday = at - (at - MONDAY).rem_euclid(WEEK);
        let end = monday + self.week.end(at - monday).unwrap_or(at - monday);
        Some(next.map_or(end, |next| end.min(next)))
    }

    /// Open time before `at` by the weekly pattern alone.
    fn regular(&self, at: i64) -> i64 {
        let since = at - MONDAY;
        since.div_euclid(WEEK) * self.week.total + self.week.open(since.rem_euclid(WEEK))
    }

    fn regular_reach(&self, open: i64) -> i64 {
        let total = self.week.total.max(1);
        let weeks = (open - 1).div_euclid(total);
        MONDAY + weeks.saturating_mul(WEEK).saturating_add(self.week.reach(open - weeks * total))
    }
}
