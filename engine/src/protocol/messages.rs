//! The messages between a page and its worker, which carry the upper border: each is one JSON text.
//! One text is copied once from worker to page; an object would be made value by value, by calls.

use super::{Envelope, Order, Unreadable};
use crate::form::{Text, decode};
use crate::id::ClientId;

/// What a page sends to its worker.
#[derive(Clone, PartialEq, Debug)]
pub enum ToWorker {
    /// The first message: where to keep things, and by which clock.
    Start(Start),
    /// A command for the engine, wherever it runs.
    Command(Order),
    /// The token of the proxy on the page's own server, for this worker and those of other tabs; an empty
    /// one is none. It is kept in no record.
    ProxyToken {
        /// The token.
        token: String,
    },
    /// Moves the test clock forward. Answered by [`FromWorker::Advanced`].
    Advance {
        /// How far, in milliseconds.
        ms: u64,
        /// How time passes meanwhile.
        pace: Pace,
    },
}

impl ToWorker {
    /// The message as it is sent.
    pub fn to_json(&self) -> String {
        Text::of(self)
    }

    /// Reads a message as it was sent.
    ///
    /// ```
    /// use baton_engine::protocol::{Pace, ToWorker};
    /// let message = ToWorker::Advance { ms: 5, pace: Pace::Asleep };
    /// assert_eq!(ToWorker::from_json(r#"{"advance":{"ms":5,"pace":"asleep"}}"#), Ok(message));
    /// ```
    ///
    /// # Errors
    ///
    /// Where it is not what it should be.
    pub fn from_json(text: &str) -> Result<Self, Unreadable> {
        decode(text)
    }
}

/// How time passes while a test clock is moved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pace {
    /// From one thing that is due to the next; it stands still while requests are under way.
    Awake,
    /// Even while requests are under way, as it must for those that hang.
    ThroughCalls,
    /// At one stroke, as while a machine sleeps: what was due meanwhile is found at the end.
    Asleep,
}

/// How a worker begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Start {
    /// The namespace: one lock and one database for each (origin, name).
    pub name: String,
    /// Where records are kept.
    pub storage: Storage,
    /// Which clock drives the engine.
    pub clock: Clock,
    /// Chain documents that are saved when a namespace is used for the first time.
    pub samples: Vec<String>,
    /// The page, if it has jobs: its id is made by itself for one load.
    pub client: Option<ClientId>,
}

/// Where records are kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Storage {
    /// In the browser's database: shared by all tabs of the origin, kept over reloads.
    IndexedDb,
    /// In memory: private to its element, gone with it, without a lock.
    Memory,
}

/// Which clock drives the engine.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Clock {
    /// The browser's.
    Real,
    /// One that stands still until [`ToWorker::Advance`] moves it.
    Test {
        /// Where it begins, in milliseconds since the Unix epoch.
        start_ms: i64,
    },
}

/// What a worker sends to its page.
#[derive(Clone, PartialEq, Debug)]
pub enum FromWorker {
    /// An event of the engine, wherever it runs.
    Event(Envelope),
    /// Whether this worker drives the engine or follows another tab's.
    Role(Role),
    /// The test clock stands here now, in milliseconds since the Unix epoch.
    Advanced {
        /// Its reading.
        now_ms: i64,
    },
    /// The worker can't go on.
    Fatal(Fatal),
}

impl FromWorker {
    /// The message as it is sent. Numbers stay within [`super::MAX_NUMBER`].
    pub fn to_json(&self) -> String {
        Text::of(self)
    }

    /// Reads a message as it was sent.
    ///
    /// # Errors
    ///
    /// Where it is not what it should be.
    pub fn from_json(text: &str) -> Result<Self, Unreadable> {
        decode(text)
    }
}

/// A worker's part among the tabs of its origin.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// It holds the lock and owns the engine.
    Leader,
    /// Another tab does; commands and events pass through.
    Follower,
}

/// Why a worker can't go on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fatal {
    /// The database was written by a newer version of the page.
    NewerDatabase,
    /// The database can't be opened or read; the browser's own words.
    Database {
        /// The browser's own words.
        message: String,
    },
    /// Web Locks are missing: the page is not in a secure context. Only memory storage is offered.
    NoLocks,
    /// A message could not be understood.
    BadMessage {
        /// Why not.
        message: String,
    },
    /// The worker panicked; it is gone, and what it had committed is safe.
    Crashed {
        /// The panic's message.
        message: String,
    },
}
