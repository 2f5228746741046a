use super::{Missing, View};
use crate::desk::{DraftStatus, Schedule};
use crate::engine::publish::posts::{Post, post_key, schedule_key};
use crate::engine::shelf::Shelf;
use crate::model::{Tenant, Timestamp};
use crate::store::Key;

/// The posts of the brand's own that wait for their time, or for the end of a crisis: those that
/// [`PostAct::Plan`](crate::engine::PostAct::Plan) planned, the next one first. No more than 1,000 wait at a time.
///
/// ```
/// use hearken::desk::TextHash;
/// use hearken::engine::{Command, Engine, Planned, PostAct, drive, look};
/// use hearken::model::Timestamp;
/// use hearken::store::MemoryStore;
///
/// let (engine, mut store) = (Engine::builder("acme").build().unwrap(), MemoryStore::default());
/// let (at, words) = (Timestamp::from_secs, "Kettles are half price today.");
/// let mut say = |act| {
///     let post = Command::Post { post: "sale".into(), by: "ann".into(), act };
///     drive(&engine, &mut store, &post.into(), at(60)).unwrap();
/// };
/// say(PostAct::Write { text: words.into(), channels: vec!["x".into()] });
/// say(PostAct::Plan { text: TextHash::of(words), due: at(3_600) });
///
/// let planned = look(&Planned::of("acme"), &store).unwrap();
/// assert_eq!((&*planned[0].post, planned[0].due, planned[0].held), ("sale", Some(at(3_600)), false));
/// ```
#[derive(Debug, Clone)]
pub struct Planned {
    tenant: Tenant,
}

/// A post that waits.
///
/// The page of [`Planned`] shows one.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedPost {
    /// Its name.
    pub post: Box<str>,
    /// When it goes out; `None` when a crisis holds it back beyond its time.
    pub due: Option<Timestamp>,
    /// A crisis holds it back: it never goes out by itself.
    pub held: bool,
    /// What it says.
    pub text: Box<str>,
    /// Where it goes; empty: wherever the host decides.
    pub channels: Vec<Box<str>>,
    /// How far its draft is.
    pub status: DraftStatus,
}

impl Planned {
    /// Those of a tenant.
    pub fn of(tenant: impl Into<Tenant>) -> Self {
        Self { tenant: tenant.into() }
    }
}

impl View for Planned {
    type Page = Vec<PlannedPost>;

    fn read(&self, shelf: &Shelf) -> Result<Vec<PlannedPost>, Missing> {
        let Some(schedule) = shelf.get::<Schedule>(&schedule_key(&self.tenant))? else {
            return Ok(Vec::new());
        };
        let mut waiting: Vec<(Option<Timestamp>, &str)> =
            schedule.planned().map(|(post, due)| (Some(due), post)).collect();
        waiting.sort_unstable();
        waiting.extend(schedule.held().map(|post| (None, post)));
        let keys: Vec<Key> = waiting.iter().map(|(_, post)| post_key(&self.tenant, post)).collect();
        shelf.want(&keys, [])?;
        let mut posts = Vec::with_capacity(waiting.len());
        for ((due, name), key) in waiting.into_iter().zip(&keys) {
            let Some(post) = shelf.get::<Post>(key)? else { continue };
            posts.push(PlannedPost {
                post: name.into(),
                due,
                held: due.is_none(),
                text: post.draft.text.as_str().into(),
                channels: post.channels.clone(),
                status: post.draft.status,
            });
        }
        Ok(posts)
    }
}
