//! Findings as text, in the look of rustc: the line, the place, the remedy.

use super::{Diagnostic, Level, Place};
use annotate_snippets::{AnnotationKind, Group, Level as Mark, Origin, Renderer, Snippet};
use std::fmt::Write as _;

/// A longer source is not shown; its place is named by line and column instead.
const LARGEST_SOURCE: usize = 4 * 1024 * 1024;

/// Writes findings for a terminal or a log, the worst last so that they are seen.
///
/// `source` gives the text of a file by its path relative to the root, as it
/// is on disk, or `None` if it cannot be had; `colour` asks for ANSI colours.
pub fn render<'a>(
    findings: impl IntoIterator<Item = &'a Diagnostic>,
    source: &dyn Fn(&str) -> Option<String>,
    colour: bool,
) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut findings: Vec<&Diagnostic> = findings.into_iter().collect();
    findings.sort_by_key(|found| found.level);
    // Findings come sorted by file, so one file is held at a time.
    let mut held: Option<(String, Option<String>)> = None;
    let mut out = String::new();
    for found in findings {
        if let Some(place) = &found.place
            && held.as_ref().is_none_or(|(file, _)| **file != *place.file)
        {
            held = Some((place.file.to_string(), source(&place.file)));
        }
        let text = held.as_ref().and_then(|(_, text)| text.as_deref());
        let other = found.related.as_ref().and_then(|related| source(&related.0.file));
        let _ = writeln!(out, "{}\n", renderer.render(&report(found, text, other.as_deref())));
    }
    out
}

fn report<'a>(
    found: &'a Diagnostic,
    text: Option<&'a str>,
    other: Option<&'a str>,
) -> Vec<Group<'a>> {
    let mark = match found.level {
        Level::Error => Mark::ERROR,
        Level::Warning => Mark::WARNING,
        Level::Info => Mark::INFO,
    };
    let mut group =
        Group::with_title(mark.primary_title(found.message.as_str()).id(found.code.name));
    if let Some(place) = &found.place {
        group = show(group, place, text, AnnotationKind::Primary, None);
    }
    if let Some((place, label)) = found.related.as_deref() {
        group = match place.span {
            Some(_) => show(group, place, other, AnnotationKind::Context, Some(label)),
            None => group.element(Mark::NOTE.message(format!("{label}: {}", place.file))),
        };
    }
    if let Some(help) = &found.help {
        group = group.element(Mark::HELP.message(help.as_str()));
    }
    vec![group]
}

fn show<'a>(
    group: Group<'a>,
    place: &'a Place,
    text: Option<&'a str>,
    kind: AnnotationKind,
    label: Option<&'a str>,
) -> Group<'a> {
    match (text.filter(|text| text.len() <= LARGEST_SOURCE), place.span) {
        (Some(text), Some((start, end))) if end <= text.len() => {
            let start = floor(text, start.min(end));
            let end = floor(text, end).max(start);
            group.element(
                Snippet::source(text)
                    .path(&*place.file)
                    .annotation(kind.span(start..end).label(label)),
            )
        }
        _ => group.element(Origin::path(&*place.file)),
    }
}

/// The start of the character that contains byte `at`.
fn floor(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at)
}

/// Line and column of a byte, both from 1, the column in characters.
pub fn line_column(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..floor(text, at)];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}
