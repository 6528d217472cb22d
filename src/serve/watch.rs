//! The thread that follows the files.
//!
//! Enters: what the system says of the content folder, the themes and
//! `site.toml`. Leaves: the paths that something happened to, gathered for a
//! few milliseconds, to the [`Keeper`]. A folder that comes, goes and comes
//! back is watched again.

use super::News;
use super::keeper::Keeper;
use notify_debouncer_full::notify::event::{EventKind, ModifyKind};
use notify_debouncer_full::notify::{self, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};
use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// How long events are gathered before they count.
const DEBOUNCE: Duration = Duration::from_millis(10);
/// How often the debouncer looks at its clock.
const TICK: Duration = Duration::from_millis(2);
/// How long the rest of a half-written file is waited for.
const PATIENCE: Duration = Duration::from_millis(300);
/// How long nothing happens before everything is checked.
const QUIET: Duration = Duration::from_millis(400);

/// What came from the system.
#[derive(Debug, Default)]
struct Heard {
    paths: BTreeSet<PathBuf>,
    /// Events were lost: anything may have happened.
    lost: bool,
}

/// Loads the site and follows its files from then on, in a thread of its own.
/// Returns when the site is loaded.
pub(super) fn follow(mut keeper: Keeper) -> io::Result<()> {
    let (sender, heard) = channel();
    let mut watched = Watched::new(&keeper, sender);
    // What changes while the site is read must be heard.
    keeper.find_files();
    watched.renew(&keeper, &BTreeSet::new());
    keeper.load();
    let run = move || {
        run(&mut keeper, &mut watched, &heard);
    };
    std::thread::Builder::new().name("follow".into()).spawn(run).map(|_| ())
}

fn run(keeper: &mut Keeper, watched: &mut Watched, heard: &Receiver<Heard>) {
    let mut postponed: BTreeSet<PathBuf> = BTreeSet::new();
    loop {
        let wait = match () {
            () if !postponed.is_empty() => PATIENCE,
            () if keeper.is_unchecked() => QUIET,
            () => Duration::MAX,
        };
        let mut next = match heard.recv_timeout(wait) {
            Ok(next) => next,
            Err(RecvTimeoutError::Timeout) => Heard::default(),
            Err(RecvTimeoutError::Disconnected) => return,
        };
        heard.try_iter().for_each(|more| next.add(more));
        let Heard { mut paths, lost } = next;
        if lost {
            keeper.load();
            watched.renew(keeper, &BTreeSet::from([keeper.root().to_path_buf()]));
        } else if !paths.is_empty() {
            paths.append(&mut postponed);
            watched.renew(keeper, &paths);
            postponed = keeper.follow(&paths, true);
            let new = watched.renew(keeper, &BTreeSet::new());
            if !new.is_empty() {
                // Something may have changed before it was watched.
                postponed.append(&mut keeper.follow(&new, true));
            }
        } else if !postponed.is_empty() {
            keeper.follow(&std::mem::take(&mut postponed), false);
        } else {
            keeper.check();
        }
    }
}

impl Heard {
    fn add(&mut self, more: Self) {
        self.paths.extend(more.paths);
        self.lost |= more.lost;
    }
}

/// The folders that are watched.
struct Watched {
    debouncer: Option<Debouncer<RecommendedWatcher, RecommendedCache>>,
    folders: BTreeSet<PathBuf>,
}

impl Watched {
    fn new(keeper: &Keeper, sender: Sender<Heard>) -> Self {
        let hear = move |result: DebounceEventResult| {
            let heard = match result {
                Ok(events) => Heard {
                    lost: events.iter().any(|event| event.need_rescan()),
                    paths: events
                        .iter()
                        .filter(|event| matters(event))
                        .flat_map(|event| event.paths.iter().cloned())
                        .collect(),
                },
                Err(_) => Heard { lost: true, ..Heard::default() },
            };
            if heard.lost || !heard.paths.is_empty() {
                // Nobody listens any more when the program ends.
                let _ = sender.send(heard);
            }
        };
        let debouncer = new_debouncer(DEBOUNCE, Some(TICK), hear)
            .map_err(|error| keeper.tell(News::Blind(error.to_string())))
            .ok();
        Self { debouncer, folders: BTreeSet::new() }
    }

    /// Watches what is there to be watched; folders among the `changed` paths
    /// may be others than before, under the same name.
    /// Returns those that were not watched before.
    fn renew(&mut self, keeper: &Keeper, changed: &BTreeSet<PathBuf>) -> BTreeSet<PathBuf> {
        let mut new = BTreeSet::new();
        let Some(debouncer) = &mut self.debouncer else { return new };
        // What comes back under its name is another folder.
        for gone in self.folders.extract_if(.., |folder| !folder.is_dir()) {
            let _ = debouncer.unwatch(&gone);
        }
        for (folder, below) in keeper.folders() {
            let mode = if below { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
            if changed.contains(&folder) && self.folders.remove(&folder) {
                let _ = debouncer.unwatch(&folder);
            }
            if self.folders.contains(&folder) {
                continue;
            }
            match debouncer.watch(&folder, mode) {
                Ok(()) => {
                    self.folders.insert(folder.clone());
                    new.insert(folder);
                }
                Err(error) if is_absent(&error) => {}
                Err(error) => keeper.tell(News::Blind(error.to_string())),
            }
        }
        new
    }
}

fn is_absent(error: &notify::Error) -> bool {
    match &error.kind {
        notify::ErrorKind::PathNotFound => true,
        notify::ErrorKind::Io(error) => error.kind() == io::ErrorKind::NotFound,
        _ => false,
    }
}

/// Whether something may read otherwise than before. That a folder's own times
/// have changed is said of every file in it anyway.
fn matters(event: &notify::Event) -> bool {
    match event.kind {
        EventKind::Access(_) => false,
        EventKind::Modify(ModifyKind::Metadata(_)) => event.paths.iter().all(|path| !path.is_dir()),
        _ => true,
    }
}
