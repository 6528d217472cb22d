//! One text file that holds a whole site and what is said of it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A fixture, taken apart.
pub struct Fixture {
    /// Where it lies.
    pub path: PathBuf,
    /// All that stands before what is expected, as written.
    head: String,
    /// The files of the site: path, the word in brackets behind it, content.
    pub files: Vec<File>,
    /// What should be printed, and the exit code.
    expected: String,
}

/// A file of a fixture.
pub struct File {
    pub path: String,
    /// How its content is meant: `escaped`, `link`, `times 9000`, … or nothing.
    pub made: String,
    pub content: String,
}

const EXPECTED: &str = "-- expected --\n";

impl Fixture {
    /// Reads a fixture; the README beside this file teaches its form.
    pub fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let (head, expected) = text.split_once(EXPECTED).unwrap_or((&text, ""));
        let mut files: Vec<File> = Vec::new();
        for line in head.split_inclusive('\n') {
            let name = line.trim_end().strip_prefix("-- ").and_then(|l| l.strip_suffix(" --"));
            match (name, files.last_mut()) {
                (Some(name), _) => {
                    let (path, made) = name.split_once(" [").unwrap_or((name, ""));
                    let made = made.trim_end_matches(']').to_owned();
                    files.push(File { path: path.to_owned(), made, content: String::new() });
                }
                (None, Some(file)) => file.content.push_str(line),
                // Before the first file stands a word on what the fixture shows.
                (None, None) => {}
            }
        }
        Self { path: path.to_owned(), head: head.to_owned(), files, expected: expected.to_owned() }
    }

    /// Compares what was printed with what is expected; `Err` shows both. With
    /// `UPDATE_EXPECTED=1` in the environment the fixture is rewritten instead.
    pub fn compare(&self, printed: &str, exit: u8) -> Result<(), String> {
        let is = format!("{}exit: {exit}\n", tidy(printed));
        if is == self.expected {
            return Ok(());
        }
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            std::fs::write(&self.path, format!("{}{EXPECTED}{is}", self.head)).unwrap();
            return Ok(());
        }
        let mut out = format!("{} expects\n{}\nbut this came:\n{is}", self.name(), self.expected);
        let _ = writeln!(out, "(UPDATE_EXPECTED=1 cargo test rewrites what is expected)");
        Err(out)
    }

    /// Its folder and name without the ending: `content/syntax`.
    pub fn name(&self) -> String {
        let path = self.path.with_extension("");
        let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        parts[parts.len() - 2..].join("/")
    }
}

/// Without blanks at the ends of lines, which editors love to remove.
fn tidy(printed: &str) -> String {
    printed.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// All fixtures under a folder, sorted.
pub fn all(folder: &str) -> Vec<Fixture> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics").join(folder);
    walkdir::WalkDir::new(root)
        .sort_by_file_name()
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "txt"))
        .map(|entry| Fixture::read(entry.path()))
        .collect()
}
