//! When each entry was last changed, by git.
//!
//! Enters: the content folder and the paths of its entries. Leaves: the moment
//! of the last commit that changed each, and a finding on those for which it
//! cannot be known. One pass over the history tells of all of them, newest first,
//! and is stopped when the last is found. Git is asked by its plumbing, in which
//! no one's settings and no program besides git have a say. A commit that only
//! moves a file does not change it. Where there is no git, or the clone is shallow, the moments that
//! are not known stay unknown: nothing is guessed.

use crate::diagnostic::{Diagnostic, Diagnostics, Level, codes};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, ErrorKind};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Content path → seconds since 1970 in UTC, of the commit.
pub(super) type History = BTreeMap<String, i64>;

/// Asks git about the entries of a folder, given by content path.
pub(super) fn read(folder: &Path, paths: Vec<String>) -> (History, Diagnostics) {
    let mut found = Diagnostics::default();
    let wanted = paths.len();
    let result = shallow_ends(folder)
        .and_then(|ends| Ok((ends.is_some(), changes(folder, paths, &ends.unwrap_or_default())?)));
    match result {
        Ok((_, history)) if history.len() == wanted => (history, found),
        Ok((is_shallow, history)) => {
            let n = wanted - history.len();
            let entries = if n == 1 { "1 entry".to_owned() } else { format!("{n} entries") };
            found.push(match is_shallow {
                true => unknown(
                    format!("this clone has only a part of git's history, so it is unknown when {entries} last changed"),
                    "fetch the whole: `git fetch --unshallow`, or `fetch-depth: 0` where a pipeline checks out",
                ),
                // Work in progress: nothing is wrong.
                false => Diagnostic {
                    level: Level::Info,
                    ..unknown(
                        format!("git has no history of {entries} yet, so it is unknown when they last changed"),
                        "commit them, or write `updated` in their front matter",
                    )
                },
            });
            (history, found)
        }
        Err(why) => {
            let help = "build in a clone with git installed, or write `git = false` in site.toml";
            found
                .push(unknown(format!("git does not tell when entries last changed: {why}"), help));
            (History::new(), found)
        }
    }
}

/// What [`read`] depends on besides the files: the commit that is checked out and
/// how far its history reaches back. `None` where git does not tell.
pub(super) fn state(folder: &Path) -> Option<String> {
    let output = git(folder).args(["rev-parse", "--show-prefix", "HEAD"]).output().ok()?;
    let head = String::from_utf8(output.stdout).ok().filter(|_| output.status.success())?;
    let ends = shallow_ends(folder).ok()?;
    Some(format!("{head} {ends:?}"))
}

fn unknown(message: String, help: &str) -> Diagnostic {
    Diagnostic::new(&codes::CONTENT_HISTORY, message).help(help)
}

/// What makes git look at another repository, or at another history, than the
/// folder's own: a hook of git's that builds the site sets some of it.
const ELSEWHERE: &[&str] = &[
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CEILING_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_GLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_LITERAL_PATHSPECS",
    "GIT_NAMESPACE",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// A git that looks at the folder's own repository, as it is, and never at the
/// network.
fn git(folder: &Path) -> Command {
    let mut git = Command::new("git");
    ELSEWHERE.iter().for_each(|inherited| {
        git.env_remove(inherited);
    });
    git.env("GIT_NO_LAZY_FETCH", "1").env("GIT_NO_REPLACE_OBJECTS", "1");
    git.env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
    // It would ask that program, even here, what has changed on disk.
    git.args(["--no-pager", "-c", "core.fsmonitor=false", "-C"]).arg(folder);
    git.stdin(Stdio::null()).stderr(Stdio::null());
    git
}

/// The commits at which a shallow clone ends; `None` if the clone is whole.
fn shallow_ends(folder: &Path) -> Result<Option<BTreeSet<String>>, String> {
    // Asked of git, this would be told in git's words, or not at all without it.
    let whole = folder.canonicalize().map_err(why_not)?;
    if !whole.ancestors().any(|folder| folder.join(".git").exists()) {
        return Err("the content folder lies in no git repository".to_owned());
    }
    let output = git(folder)
        .args(["rev-parse", "--is-shallow-repository", "--git-path", "shallow"])
        .stderr(Stdio::piped())
        .output()
        .map_err(why_not)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let line = said.lines().next().unwrap_or("it fails");
        return Err(line.trim_start_matches("fatal: ").to_owned());
    }
    let said = String::from_utf8_lossy(&output.stdout);
    let mut lines = said.lines();
    if lines.next() != Some("true") {
        return Ok(None);
    }
    let file = folder.join(lines.next().unwrap_or_default());
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    Ok(Some(text.lines().map(str::to_owned).collect()))
}

fn why_not(error: std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "the program `git` is not installed".to_owned(),
        _ => crate::diagnostic::reason(&error),
    }
}

/// Reads the log until every path has its moment. What the ends of a shallow
/// clone say is passed over: there, every file looks new.
fn changes(folder: &Path, paths: Vec<String>, ends: &BTreeSet<String>) -> Result<History, String> {
    // The name that each entry had at the commit being read → its name now.
    let mut sought: BTreeMap<Vec<u8>, String> =
        paths.into_iter().map(|path| (path.clone().into_bytes(), path)).collect();
    let mut history = History::new();
    if sought.is_empty() {
        return Ok(history);
    }
    let mut log = Log::open(folder).map_err(why_not)?;
    let mut commit: Option<(bool, i64)> = None;
    while let Some(word) = log.next() {
        if let Some(of) = header(&word) {
            commit = Some((ends.contains(&of.0), of.1));
            continue;
        }
        // The first status behind a commit stands on a line of its own.
        let (Some(status), Some((is_end, moment))) = (word.trim_ascii_start().first(), commit)
        else {
            continue;
        };
        let Some(path) = log.next() else { break };
        let changed = match status {
            b'D' => None,
            b'R' => {
                let Some(new) = log.next() else { break };
                let moved = sought.remove(&new);
                // Another entry may have the old name by now: then that is as far as we see.
                if moved.is_some() && !is_end && !sought.contains_key(&path) {
                    sought.extend(moved.map(|now| (path, now)));
                    continue;
                }
                moved
            }
            _ => sought.remove(&path),
        };
        history.extend(changed.filter(|_| !is_end).map(|now| (now, moment)));
        if sought.is_empty() {
            return Ok(history);
        }
    }
    log.end().map(|()| history)
}

/// All commits, newest first, with the files below the folder that each changed:
/// words which end with NUL. No pathspec is given: git would look twice at what
/// it covers, and what lies elsewhere costs nothing where it has not changed.
struct Log {
    commits: Child,
    changes: Child,
    out: BufReader<std::process::ChildStdout>,
}

impl Log {
    fn open(folder: &Path) -> std::io::Result<Self> {
        let mut commits = git(folder)
            // Where nothing is committed there is no HEAD, and no commit to name.
            .args(["rev-list", "--ignore-missing", "HEAD"])
            .stdout(Stdio::piped())
            .spawn()?;
        let names = commits.stdout.take().ok_or(ErrorKind::BrokenPipe)?;
        let mut changes = git(folder)
            // A line that no status looks like, then every changed file with its
            // status; renames count only where not a byte changed, which costs nothing.
            .args(["diff-tree", "--stdin", "--format=commit %H %ct", "--name-status", "-z"])
            .args(["-r", "--root", "-M100%", "--relative"])
            .stdin(names)
            .stdout(Stdio::piped())
            .spawn()?;
        let out = changes.stdout.take().ok_or(ErrorKind::BrokenPipe)?;
        Ok(Self { commits, changes, out: BufReader::new(out) })
    }

    /// Says, when all is read, whether that was all there is.
    fn end(mut self) -> Result<(), String> {
        let whole = [&mut self.changes, &mut self.commits]
            .map(Child::wait)
            .into_iter()
            .all(|status| status.is_ok_and(|status| status.success()));
        let why = "its history cannot be read to the end, and `git fsck` says why";
        whole.then_some(()).ok_or_else(|| why.to_owned())
    }

    fn next(&mut self) -> Option<Vec<u8>> {
        let mut word = Vec::new();
        self.out.read_until(0, &mut word).ok().filter(|read| *read > 0)?;
        word.pop_if(|byte| *byte == 0);
        Some(word)
    }
}

impl Drop for Log {
    /// What is not read any more need not be written.
    fn drop(&mut self) {
        for child in [&mut self.changes, &mut self.commits] {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The commit and the moment of a line `commit HASH SECONDS`.
fn header(word: &[u8]) -> Option<(String, i64)> {
    let text = std::str::from_utf8(word).ok()?.trim_start_matches('\n');
    let (hash, seconds) = text.strip_prefix("commit ")?.split_once(' ')?;
    Some((hash.to_owned(), seconds.parse().ok()?))
}
