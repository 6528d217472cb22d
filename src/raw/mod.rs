//! A tree of raw scalars with byte spans, the one form in which TOML and YAML
//! enter the house.
//!
//! Enters: text. Leaves: a [`Table`] of [`Node`]s whose scalars keep the words
//! as written, so that the declared type of a field decides what `NO`, `1.10`
//! or `00123` means. This room never interprets a value and never reads a file.

pub mod merge;
pub mod reader;
pub mod toml;
pub mod yaml;
mod words;

use serde::{Deserialize, Serialize};

/// A range of bytes in the text that was read.
pub type Span = std::ops::Range<usize>;

/// A value with its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// What stands there.
    pub value: Value,
    /// Where it stands.
    pub span: Span,
}

/// What a node can be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// Nothing was written (`key:` in YAML).
    Null,
    /// Words, numbers, dates, booleans: text until a type reads it.
    Scalar(String),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping.
    Table(Table),
}

/// A key with its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Key {
    /// The key's text.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// A mapping, in the order in which it was written.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Keys and values; no key occurs twice.
    pub entries: Vec<(Key, Node)>,
}

/// A text that could not be read as what it claims to be.
#[derive(Debug, Clone, PartialEq)]
pub struct SyntaxError {
    /// What is wrong.
    pub message: String,
    /// What to write instead; empty when the message says enough.
    pub help: String,
    /// Where, if the parser knows.
    pub span: Option<Span>,
}

impl Table {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|(k, _)| k.text == key).map(|(_, node)| node)
    }

    /// The key as written, with its place, and its value.
    pub fn entry(&self, key: &str) -> Option<&(Key, Node)> {
        self.entries.iter().find(|(k, _)| k.text == key)
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|(key, _)| key.text.as_str())
    }
}

impl Node {
    /// The text, if this is a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// The mapping, if this is one.
    pub fn table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The items, if this is a list.
    pub fn list(&self) -> Option<&[Node]> {
        match &self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// Whether nothing was written here: null, text of blanks only, or a form
    /// that nobody filled in.
    pub fn is_blank(&self) -> bool {
        match &self.value {
            Value::Null => true,
            Value::Scalar(text) => text.trim().is_empty(),
            Value::List(items) => items.iter().all(Self::is_blank),
            Value::Table(table) => table.entries.iter().all(|(_, node)| node.is_blank()),
        }
    }

    /// What an editor would call this kind of value.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Scalar(_) => "a single value",
            Value::List(_) => "a list",
            Value::Table(_) => "a table of keys and values",
        }
    }
}
