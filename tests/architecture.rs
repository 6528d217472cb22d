//! The order of the rooms: what may import what, and who may touch the world.
//!
//! Reads the source as text. Test modules are excepted, since a test may look
//! at anything.

use std::collections::BTreeMap;
use std::path::Path;

/// What reaches out of the program, and the rooms that may. `output` reads
/// only its own folder, to compare it with what is to be there.
const WORLD: &[(&str, &[&str])] = &[
    ("fs::read", &["trace", "config", "content", "output"]),
    ("fs::metadata", &["output"]),
    ("fs::symlink_metadata", &["trace", "output"]),
    ("fs::write", &["output"]),
    ("fs::create", &["output"]),
    ("fs::remove", &["output"]),
    ("fs::rename", &["output"]),
    ("fs::copy", &["output"]),
    ("use std::fs;", &["output"]),
    ("use std::fs::{", &["output"]),
    ("File::open", &["content"]),
    ("File::create", &["output"]),
    ("File::options", &["output"]),
    ("OpenOptions", &["output"]),
    ("WalkDir::new", &["trace", "config", "content"]),
    ("std::env::", &["cli"]),
    ("SystemTime", &["cli"]),
    ("Instant", &["cli"]),
    ("Timestamp::now", &["cli"]),
    ("Zoned::now", &["cli"]),
    ("println!", &["cli"]),
    ("print!(", &["cli"]),
    ("dbg!", &[]),
    ("stdout()", &["cli"]),
    ("stderr()", &["cli"]),
];

/// The rooms in the order in which `src/lib.rs` lists them.
fn rooms() -> Vec<String> {
    let lib = std::fs::read_to_string(source().join("lib.rs")).expect("src/lib.rs");
    let room = |line: &str| Some(line.strip_prefix("pub mod ")?.strip_suffix(';')?.to_owned());
    lib.lines().filter_map(room).collect()
}

fn source() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))
}

/// Every source file: its path under `src/`, its room, and its text without
/// comments and tests.
fn files() -> Vec<(String, String, String)> {
    let mut out = Vec::new();
    for entry in walkdir::WalkDir::new(source()).sort_by_file_name() {
        let entry = entry.expect("a readable folder");
        let path = entry.path().strip_prefix(source()).expect("it lies in src");
        let name = path.to_string_lossy().replace('\\', "/");
        if !name.ends_with(".rs") {
            continue;
        }
        let text = std::fs::read_to_string(entry.path()).expect("a readable file");
        let room = name.split(['/', '.']).next().unwrap_or_default().to_owned();
        out.push((name, room, text));
    }
    let tests: Vec<String> =
        out.iter().flat_map(|(name, _, text)| test_modules(name, text)).collect();
    out.retain(|(name, ..)| !tests.iter().any(|test| name.starts_with(test.as_str())));
    for (_, _, text) in &mut out {
        *text = production(text);
    }
    out
}

/// The files of the modules that are compiled for tests only.
fn test_modules(file: &str, text: &str) -> Vec<String> {
    let folder = match file.strip_suffix("mod.rs") {
        Some(folder) => folder.to_owned(),
        None => format!("{}/", file.trim_end_matches(".rs")),
    };
    let mut lines = text.lines().map(str::trim);
    let mut out = Vec::new();
    while let Some(line) = lines.next() {
        if line == "#[cfg(test)]"
            && let Some(name) = lines.next().and_then(|next| next.strip_prefix("mod "))
            && let Some(name) = name.strip_suffix(';')
        {
            out.extend([format!("{folder}{name}.rs"), format!("{folder}{name}/")]);
        }
    }
    out
}

/// A file's text up to its test module, without comments.
fn production(text: &str) -> String {
    let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    let code = |line: &&str| !line.trim_start().starts_with("//");
    text[..end].lines().filter(code).map(|line| format!("{line}\n")).collect()
}

#[test]
fn no_arrow_runs_back() {
    let rooms = rooms();
    let place: BTreeMap<&str, usize> =
        rooms.iter().enumerate().map(|(at, room)| (room.as_str(), at)).collect();
    assert!(rooms.len() >= 11 && rooms.last().is_some_and(|last| last == "cli"), "{rooms:?}");
    let mut arrows = 0;
    let mut wrong = Vec::new();
    for (file, room, text) in files() {
        let Some(own) = place.get(room.as_str()) else { continue };
        // `use crate::{a, b}` names several at once; written out, each is seen.
        assert!(!text.contains("crate::*"), "{file} imports the whole house");
        for target in targets(&text) {
            let at = place.get(target.as_str());
            arrows += 1;
            if at.is_none_or(|at| at > own) {
                wrong.push(format!("{file} reaches for {target}"));
            }
        }
    }
    assert!(arrows > 50, "only {arrows} imports were found: is this still how they look?");
    assert!(wrong.is_empty(), "against the order {rooms:?}:\n{}", wrong.join("\n"));
}

/// The rooms that a text names after `crate::`.
fn targets(text: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let mut out = Vec::new();
    for (at, found) in text.match_indices("crate::") {
        let after = &text[at + found.len()..];
        match after.strip_prefix('{') {
            None => out.push(word(after)),
            Some(group) => {
                let mut depth = 0;
                let mut start = true;
                for (at, c) in group.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if start && !c.is_whitespace() => {
                            out.push(word(&group[at..]));
                            start = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    out
}

#[test]
fn only_the_rooms_that_may_touch_the_world() {
    let files = files();
    let mut wrong = Vec::new();
    for (file, room, text) in &files {
        for (what, may) in WORLD {
            if text.contains(what) && !may.contains(&room.as_str()) {
                wrong.push(format!("{file} has `{what}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // The words above still mean something: somebody uses each of the main ones.
    for what in ["fs::read", "fs::write", "fs::rename", "std::env::", "Timestamp::now", "stderr()"]
    {
        assert!(files.iter().any(|(.., text)| text.contains(what)), "nobody uses {what}");
    }
}

#[test]
fn the_reader_of_imports_sees_groups() {
    let text = "use crate::{check, content::{self, Site}};\nfn f(x: crate::model::Model) {}";
    assert_eq!(targets(text), ["check", "content", "model"]);
    assert_eq!(test_modules("render/mod.rs", "#[cfg(test)]\nmod tests;")[0], "render/tests.rs");
    assert_eq!(production("a\n// crate::cli\n#[cfg(test)]\nmod tests {\nb"), "a\n");
}
