//! Reading a table by its known keys: each value by the type its key needs,
//! and at the end a finding for every key that nobody asked for.
//!
//! Enters: a [`Table`] and the [`Layers`] that know its places. Leaves: typed
//! values, with findings for those that do not fit.

use super::{Node, Span, Table, Value};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, codes, nearest::nearest};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Files that are laid over each other share one space of byte offsets, so
/// that a merged tree still knows where each of its values was written.
#[derive(Debug, Default, Clone)]
pub struct Layers {
    files: Vec<(Arc<str>, usize)>,
    end: usize,
}

impl Layers {
    /// Makes room for a file and returns the base to parse it with.
    pub fn add(&mut self, name: &str, text: &str) -> usize {
        let base = self.end;
        self.files.push((name.into(), base));
        self.end += text.len() + 1;
        base
    }

    /// The file and the range in it that a span of the shared space means.
    pub fn place(&self, span: &Span) -> Place {
        let at = self.files.partition_point(|(_, base)| *base <= span.start).saturating_sub(1);
        match self.files.get(at) {
            Some((file, base)) => Place::span(file.clone(), span.start - base..span.end - base),
            None => Place::file("site.toml"),
        }
    }
}

/// Text in one or several languages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Localised {
    /// Language tag → text. The empty tag holds text given without a language.
    texts: BTreeMap<String, String>,
}

impl Localised {
    /// The same text in every language.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { texts: BTreeMap::from([(String::new(), text.into())]) }
    }

    /// The text in `lang`, else in its base language, else without a language,
    /// else in `fallback`, else in English, else any; empty only when there is none at all.
    pub fn get(&self, lang: &str, fallback: &str) -> &str {
        self.chosen(lang, fallback).map_or("", |(_, text)| text)
    }

    /// The language of the text that [`Localised::get`] gives, where that is another one.
    pub fn foreign(&self, lang: &str, fallback: &str) -> Option<&str> {
        let (tag, _) = self.chosen(lang, fallback)?;
        (!self.is_in(lang)).then_some(tag)
    }

    fn chosen(&self, lang: &str, fallback: &str) -> Option<(&str, &str)> {
        let base = lang.split('-').next().unwrap_or(lang);
        let wanted = [lang, base, "", fallback, "en"];
        let known = wanted.iter().find_map(|tag| self.texts.get_key_value(*tag));
        known.or_else(|| self.texts.iter().next()).map(|(tag, text)| (tag.as_str(), text.as_str()))
    }

    /// Whether it is written in a language, or in its base language.
    pub fn is_in(&self, lang: &str) -> bool {
        let base = lang.split('-').next().unwrap_or(lang);
        [lang, base, ""].iter().any(|tag| self.texts.contains_key(*tag))
    }

    /// Whether there is no text in any language.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Every text with its language tag.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|(tag, text)| (tag.as_str(), text.as_str()))
    }
}

impl FromIterator<(String, String)> for Localised {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(texts: T) -> Self {
        Self { texts: texts.into_iter().collect() }
    }
}

/// Collects findings while tables are read.
pub struct Reader<'a> {
    /// Turns spans into places.
    pub layers: &'a Layers,
    /// What did not fit.
    pub found: Diagnostics,
    /// The texts that are given language by language, with their places.
    pub given: Vec<(Span, Localised)>,
}

impl<'a> Reader<'a> {
    /// A reader without findings.
    pub fn new(layers: &'a Layers) -> Self {
        Self { layers, found: Diagnostics::default(), given: Vec::new() }
    }

    /// Reports something about a range of the text.
    pub fn report(&mut self, code: &'static Code, span: &Span, message: String, help: &str) {
        let found = Diagnostic::new(code, message).at(self.layers.place(span));
        self.found.push(if help.is_empty() { found } else { found.help(help) });
    }

    fn wrong(&mut self, key: &str, node: &Node, wanted: &str) {
        let message = format!("`{key}` needs {wanted}, but this is {}", node.kind());
        self.report(&codes::CONFIG_WRONG_TYPE, &node.span, message, "");
    }

    /// Text of a scalar.
    pub fn text(&mut self, key: &str, node: &Node) -> Option<String> {
        match &node.value {
            Value::Scalar(text) => Some(text.clone()),
            _ => {
                self.wrong(key, node, "text");
                None
            }
        }
    }

    /// Text, or a table of language = text.
    pub fn localised(&mut self, key: &str, node: &Node) -> Localised {
        match &node.value {
            Value::Scalar(text) => Localised::plain(text.clone()),
            Value::Table(table) => {
                let mut texts = BTreeMap::new();
                for (lang, text) in &table.entries {
                    if !is_language_tag(&lang.text) {
                        let message = format!("`{}` is not a language tag", lang.text);
                        let help = "write the text, or a table such as { en = \"…\", it = \"…\" }";
                        self.report(&codes::CONFIG_UNKNOWN_KEY, &lang.span, message, help);
                    } else if let Some(text) = self.text(key, text) {
                        texts.insert(lang.text.clone(), text);
                    }
                }
                let text = Localised { texts };
                // What helps editors, visitors never see.
                if key != "help" {
                    self.given.push((node.span.clone(), text.clone()));
                }
                text
            }
            _ => {
                self.wrong(key, node, "text, or a table of language = text");
                Localised::default()
            }
        }
    }

    /// A list of texts; a single text counts as a list of one.
    pub fn texts(&mut self, key: &str, node: &Node) -> Vec<String> {
        match &node.value {
            Value::Scalar(text) => vec![text.clone()],
            Value::List(items) => items.iter().filter_map(|item| self.text(key, item)).collect(),
            _ => {
                self.wrong(key, node, "a text or a list of texts");
                Vec::new()
            }
        }
    }

    /// A table.
    pub fn table<'n>(&mut self, key: &str, node: &'n Node) -> Option<&'n Table> {
        if node.table().is_none() {
            self.wrong(key, node, "a table");
        }
        node.table()
    }

    /// The tables of a list.
    pub fn tables<'n>(&mut self, key: &str, node: &'n Node) -> Vec<&'n Table> {
        match &node.value {
            Value::List(items) => items.iter().filter_map(|item| self.table(key, item)).collect(),
            _ => {
                let message =
                    format!("`{key}` needs a list of tables, but this is {}", node.kind());
                let help = format!("write each of them under a line of its own: [[{key}]]");
                self.report(&codes::CONFIG_WRONG_TYPE, &node.span, message, &help);
                Vec::new()
            }
        }
    }

    /// A value that `parse` understands; `wanted` says what that is.
    pub fn parsed<T>(
        &mut self,
        key: &str,
        node: &Node,
        wanted: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(key, node)?;
        let value = parse(&text);
        if value.is_none() {
            let message = format!("`{key}` needs {wanted}, but this is `{text}`");
            self.report(&codes::CONFIG_WRONG_TYPE, &node.span, message, "");
        }
        value
    }

    /// One of a few words, with the nearest named when it is none of them.
    pub fn one_of<T: Copy>(&mut self, key: &str, node: &Node, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(key, node)?;
        let hit = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if hit.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let help = suggest(&text, &known);
            let message = format!("`{text}` is not a value of `{key}`");
            self.report(&codes::CONFIG_INVALID, &node.span, message, &help);
        }
        hit
    }

    /// Reports every key of a table that is not among the known ones.
    pub fn only(&mut self, what: &str, table: &Table, known: &[&str]) {
        for (key, _) in &table.entries {
            if !known.contains(&key.text.as_str()) {
                let message = format!("{what} has no key `{}`", key.text);
                let help = suggest(&key.text, known);
                self.report(&codes::CONFIG_UNKNOWN_KEY, &key.span, message, &help);
            }
        }
    }
}

/// "did you mean", or the list of what is allowed when nothing is near.
pub fn suggest(word: &str, known: &[&str]) -> String {
    match nearest(word, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => String::new(),
        None if known.len() <= 32 => format!("allowed are: {}", known.join(", ")),
        None => String::new(),
    }
}

/// `true` and `false`.
pub fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// Whether a word has the form of a BCP 47 language tag with a short primary
/// subtag: two or three letters, then subtags of up to eight letters or digits.
pub fn is_language_tag(word: &str) -> bool {
    let mut parts = word.split('-');
    parts
        .next()
        .is_some_and(|p| (2..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_lowercase()))
        && parts.all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()))
}
