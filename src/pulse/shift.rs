/// Half-life of the usual share, in buckets' worth of days: as slow as the volume's memory.
const MEMORY_DAYS: f64 = 14.0;
/// Drift a bucket that is forgiven, in standard deviations (half of the shift to be found).
const SLACK: f64 = 0.5;
/// Where the sum raises the alarm, and where it clears: the two ends of the hysteresis.
const RAISE: f64 = 10.0;
const CLEAR: f64 = 2.0;
/// The sum stops here, so that a long crisis is over soon after it ends.
const TOP: f64 = 20.0;
/// One bucket counts for at most so many standard deviations: a shift shows in several.
const MOST: f64 = 4.0;
/// Posts that must have been seen before a share means something.
const WARM_UP: u64 = 50;

/// A cumulative-sum detector of a rising share (of negative posts), O(1) in state and time.
///
/// A spike in volume shows at once; a slow turn of mood does not. The deviation of each bucket's negative
/// posts from the usual share, in standard deviations of a binomial, less a slack of ½, is added up and never
/// falls below 0 (Page's CUSUM). The sum raises the alarm at 10 and clears it at 2: with normal deviations
/// a calm series is expected to raise one in about 140,000 buckets (Siegmund's approximation),
/// a lasting shift of two deviations is seen after seven.
///
/// ```
/// use hearken::pulse::Shift;
///
/// let mut shift = Shift::new(24);
/// for _ in 0..100 {
///     assert!(!shift.push(40, 8).raised); // a fifth is usual
/// }
/// let hours = (1..).find(|_| shift.push(40, 16).raised).unwrap(); // two fifths are not
/// assert!(hours <= 6);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Shift {
    rate: f64,
    posts: f64,
    negative: f64,
    seen: u64,
    sum: f64,
    raised: bool,
}

impl Shift {
    /// A detector for series of `per_day` buckets a day; 0 is read as 1.
    pub fn new(per_day: u32) -> Self {
        let keep = core::f64::consts::LN_2 / (MEMORY_DAYS * f64::from(per_day.max(1)));
        Self { rate: keep.min(0.1), posts: 0.0, negative: 0.0, seen: 0, sum: 0.0, raised: false }
    }

    /// Reads the next bucket: `negative` of `posts` (no more than all of them). A bucket without posts says nothing.
    pub fn push(&mut self, posts: u64, negative: u64) -> Share {
        if posts == 0 {
            return Share { usual: self.usual(), share: None, sum: self.sum, raised: self.raised };
        }
        let (total, bad) = (posts as f64, negative.min(posts) as f64);
        let usual = self.usual();
        if let Some(usual) = usual {
            let deviation = (bad - total * usual) / (total * usual * (1.0 - usual)).sqrt();
            self.sum = (self.sum + deviation.clamp(-MOST, MOST) - SLACK).clamp(0.0, TOP);
            self.raised = self.sum >= if self.raised { CLEAR } else { RAISE };
        }
        self.seen = self.seen.saturating_add(posts);
        self.posts += total - self.rate * self.posts;
        self.negative += bad - self.rate * self.negative;
        Share { usual, share: Some(bad / total), sum: self.sum, raised: self.raised }
    }

    /// The usual share, or `None` before 50 posts. Laplace's rule keeps it off 0 and 1.
    fn usual(&self) -> Option<f64> {
        (self.seen >= WARM_UP).then(|| (self.negative + 1.0) / (self.posts + 2.0))
    }
}

/// What the shift detector says about one bucket.
///
/// ```
/// use hearken::pulse::Shift;
///
/// let mut shift = Shift::new(24);
/// assert_eq!(shift.push(10, 2).usual, None, "ten posts say nothing of what is usual");
/// for _ in 0..50 {
///     shift.push(40, 8);
/// }
/// let now = shift.push(40, 30);
/// let usual = now.usual.unwrap();
/// assert!((usual - 0.2).abs() < 0.01 && now.share == Some(0.75), "three quarters, where {usual:.2} is usual");
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// The share that was usual before, in 0..1; `None` before 50 posts.
    pub usual: Option<f64>,
    /// The share of this bucket; `None` when it has no posts.
    pub share: Option<f64>,
    /// The cumulative sum, 0..20.
    pub sum: f64,
    /// The alarm is up: it rose to 10 and has not fallen to 2 since.
    pub raised: bool,
}
