//! Who is connected: a bounded number, so that many silent connections never
//! keep a new one out.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

/// Connections at once. A process may often open no more than 1,024 files, on
/// some systems 256.
const MOST: usize = 200;

/// One connection.
#[derive(Debug, Default)]
pub(super) struct Guest {
    /// Whether an answer to it is being made.
    pub busy: AtomicBool,
    gone: AtomicBool,
    leave: Notify,
}

impl Guest {
    /// Ends when the guest has to leave.
    pub async fn asked_to_leave(&self) {
        self.leave.notified().await;
    }
}

/// All connections, the one who has been silent longest first.
#[derive(Debug, Default)]
pub(super) struct Guests(Mutex<VecDeque<Arc<Guest>>>);

impl Guests {
    /// Lets a new guest in; the one who has been silent longest may have to leave.
    pub fn admit(&self) -> Arc<Guest> {
        let guest = Arc::new(Guest::default());
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.retain(|guest| !guest.gone.load(Ordering::Relaxed));
        }
        if all.len() >= MOST {
            send_away(&mut all);
        }
        all.push_back(Arc::clone(&guest));
        guest
    }

    /// Notes that a guest asks for something.
    pub fn hear(&self, guest: &Arc<Guest>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = all.iter().position(|one| Arc::ptr_eq(one, guest));
        if let Some(guest) = at.and_then(|at| all.remove(at)) {
            all.push_back(guest);
        }
    }

    /// Sends the guest away who has been silent longest.
    pub fn make_room(&self) {
        send_away(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Notes that a guest has left.
    pub fn left(guest: &Guest) {
        guest.gone.store(true, Ordering::Relaxed);
    }
}

fn send_away(all: &mut VecDeque<Arc<Guest>>) {
    let silent = all.iter().position(|guest| !guest.busy.load(Ordering::Relaxed));
    if let Some(guest) = silent.and_then(|at| all.remove(at)) {
        guest.leave.notify_one();
    }
}
