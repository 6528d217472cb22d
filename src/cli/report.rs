//! Findings and summaries, printed.

use crate::config;
use crate::diagnostic::{Diagnostics, json, reason, text};
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::OnceLock;

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// For people, on standard error.
    Text,
    /// For programs, on standard output.
    Json,
}

/// Prints findings.
pub(super) fn findings(root: &Path, found: &Diagnostics, format: Format) {
    let source = |file: &str| config::source_text(root, file);
    match format {
        Format::Json => print(&json::render(found.iter(), &source)),
        Format::Text => {
            let colour = may_colour(std::io::stderr().is_terminal());
            eprint(&text::render(found.iter(), &source, colour));
        }
    }
}

/// Whether what goes to a terminal, or not, may be in colour (<https://no-color.org/>).
pub(super) fn may_colour(terminal: bool) -> bool {
    terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Why something could not be printed, the first time.
static FAILED: OnceLock<std::io::Error> = OnceLock::new();

/// Prints to standard output; a reader that went away is no fault of ours.
pub(super) fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let printed = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    if let Err(error) = printed
        && error.kind() != std::io::ErrorKind::BrokenPipe
    {
        let _ = FAILED.set(error);
    }
}

/// The exit code, if all that was to be printed could be.
pub(super) fn unless_unprinted(code: u8) -> u8 {
    match FAILED.get() {
        Some(error) => super::fail(&format!("the output cannot be written: {}", reason(error))),
        None => code,
    }
}

/// Prints to standard error.
pub(super) fn eprint(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// `1 page`, `2 pages`, `12,400 pages`.
pub(super) fn count(n: usize, one: &str, many: &str) -> String {
    let digits = n.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped} {}", if n == 1 { one } else { many })
}
