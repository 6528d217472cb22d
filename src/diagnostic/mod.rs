//! A finding is data: a code, a level, a place, plain words and a remedy.
//!
//! Every room that can find fault returns its value together with a
//! [`Diagnostics`]; nothing stops at the first. Enters: what a room noticed.
//! Leaves: a sorted list that [`text`] and [`json`] can show. This room never
//! reads a file and never prints.

pub mod codes;
pub mod json;
pub mod nearest;
pub mod text;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

pub use codes::Code;

/// How much a finding matters. An error stops a build before its first write.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Worth knowing; nothing is wrong.
    Info,
    /// Something a visitor or editor would want mended.
    Warning,
    /// The site would be wrong: nothing is written.
    Error,
}

impl Level {
    /// The level as `site.toml` spells it; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "info" => Some(Self::Info),
            "warning" | "warn" => Some(Self::Warning),
            "error" => Some(Self::Error),
            _ => None,
        }
    }
}

/// Where a finding lies: a file, and a range of bytes in it when one is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Place {
    /// Path relative to the site's root, with `/` between folders.
    pub file: Arc<str>,
    /// Byte offsets into the file as it is on disk.
    pub span: Option<(usize, usize)>,
}

impl Place {
    /// A whole file.
    pub fn file(file: impl Into<Arc<str>>) -> Self {
        Self { file: file.into(), span: None }
    }

    /// A range of bytes in a file.
    pub fn span(file: impl Into<Arc<str>>, span: Range<usize>) -> Self {
        Self { file: file.into(), span: Some((span.start, span.end)) }
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Diagnostic {
    /// What kind of finding it is.
    #[serde(serialize_with = "codes::write_name", deserialize_with = "codes::read_name")]
    pub code: &'static Code,
    /// How much it matters: the code's default until [`Diagnostics::relevel`].
    pub level: Level,
    /// Where it lies; `None` for a finding about the site as a whole.
    pub place: Option<Place>,
    /// What was found, in words an editor understands.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// A second place that explains the first (the other of two duplicates).
    pub related: Option<Box<(Place, String)>>,
}

impl Diagnostic {
    /// A finding at its code's default level, as yet without a place.
    pub fn new(code: &'static Code, message: impl Into<String>) -> Self {
        Self {
            code,
            level: code.level,
            place: None,
            message: shown(message.into()),
            help: None,
            related: None,
        }
    }

    /// Says where.
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Says what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(shown(help.into()));
        self
    }

    /// Points at a second place.
    pub fn related(mut self, place: Place, label: impl Into<String>) -> Self {
        self.related = Some(Box::new((place, label.into())));
        self
    }
}

/// What may be printed: a value that an editor wrote may be megabytes long or
/// hold characters that command a terminal.
fn shown(text: String) -> String {
    const LONGEST: usize = 600;
    let text = match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{} …", &text[..at]),
        None => text,
    };
    let strange =
        |c: char| c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    match text.contains(strange) {
        true => {
            let plain = |c: char| match c {
                '\n' | '\t' => ' ',
                c if strange(c) => '\u{FFFD}',
                c => c,
            };
            text.chars().map(plain).collect()
        }
        false => text,
    }
}

/// Why a file could not be had, without the number that systems add.
pub fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error ").next().unwrap_or_default().to_owned()
}

/// Findings of one kind in one file; nobody reads more of them.
const MOST_OF_A_KIND: usize = 50;

/// All findings of a run.
#[derive(Debug, Default, Clone, serde::Serialize, serde::Deserialize)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Adds one finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Says more in the help of the finding that was added last.
    pub fn add_to_help(&mut self, words: &str) {
        if let Some(last) = self.0.last_mut() {
            let help = last.help.take().map_or_else(String::new, |help| help + "; ");
            last.help = Some(shown(help + words));
        }
    }

    /// Adds another room's findings.
    pub fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// Applies the levels that `site.toml` sets; `None` drops a finding.
    pub fn relevel(&mut self, levels: &BTreeMap<&'static str, Option<Level>>) {
        self.0.retain_mut(|found| match levels.get(found.code.name) {
            Some(Some(level)) => {
                found.level = *level;
                true
            }
            Some(None) => false,
            None => true,
        });
    }

    /// Makes warnings of the errors at places that a predicate accepts.
    pub fn soften(&mut self, at: impl Fn(&Place) -> bool) {
        for found in &mut self.0 {
            if found.level == Level::Error && found.place.as_ref().is_some_and(&at) {
                found.level = Level::Warning;
            }
        }
    }

    /// Orders the findings by place, then code, then message, drops repeats
    /// but for the gravest, and of a kind that fills a file with findings keeps the first.
    pub fn sort(&mut self) {
        self.0.sort_by(|a, b| {
            (&a.place, a.code.name, &a.message, b.level).cmp(&(
                &b.place,
                b.code.name,
                &b.message,
                a.level,
            ))
        });
        // What a translation has of its original may be told of each.
        self.0.dedup_by(|b, a| {
            (&a.place, a.code, &a.message, &a.help) == (&b.place, b.code, &b.message, &b.help)
        });
        let mut kinds: BTreeMap<(Option<Arc<str>>, &str, Level), usize> = BTreeMap::new();
        self.0.retain_mut(|found| {
            let file = found.place.as_ref().map(|place| place.file.clone());
            let count = kinds.entry((file, found.code.name, found.level)).or_default();
            *count += 1;
            if *count == MOST_OF_A_KIND {
                found.help = Some("there are more of this kind here; mend these first".into());
            }
            found.place.is_none() || *count <= MOST_OF_A_KIND
        });
    }

    /// Whether any finding is an error.
    pub fn has_errors(&self) -> bool {
        self.count(Level::Error) > 0
    }

    /// How many findings have a level.
    pub fn count(&self, level: Level) -> usize {
        self.0.iter().filter(|found| found.level == level).count()
    }

    /// The findings, in their present order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// Keeps the findings that a predicate accepts.
    pub fn retain(&mut self, keep: impl FnMut(&Diagnostic) -> bool) {
        self.0.retain(keep);
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The number of findings.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<T: IntoIterator<Item = Diagnostic>>(&mut self, iter: T) {
        self.0.extend(iter);
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<T: IntoIterator<Item = Diagnostic>>(iter: T) -> Self {
        Self(iter.into_iter().collect())
    }
}
