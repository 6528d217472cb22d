//! Controlled lists of terms, perhaps in a hierarchy.

use super::Localised;
use crate::diagnostic::codes;
use crate::raw::reader::{Reader, is_language_tag};
use crate::raw::{Node, Span, Table};
use indexmap::IndexMap;

/// A controlled list.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    /// Its terms by id, in order of declaration.
    pub terms: IndexMap<String, Term>,
}

/// One term.
#[derive(Debug, Clone)]
pub struct Term {
    /// What visitors see.
    pub label: Localised,
    /// A sentence about it.
    pub description: Localised,
    /// The id of the term above it.
    pub broader: Option<String>,
    /// Other spellings that editors use.
    pub aliases: Vec<String>,
    /// Its address in a public vocabulary.
    pub iri: Option<String>,
    /// Where it is declared.
    pub span: Span,
}

impl Vocabulary {
    /// The id that a word means: an id, an alias, or a label in any language,
    /// compared without case and with blanks, `-` and `_` alike.
    pub fn resolve(&self, word: &str) -> Option<&str> {
        if let Some((id, _)) = self.terms.get_key_value(word) {
            return Some(id);
        }
        let word = fold(word);
        self.terms
            .iter()
            .find(|(id, term)| {
                fold(id) == word
                    || term.aliases.iter().any(|alias| fold(alias) == word)
                    || term.label.iter().any(|(_, label)| fold(label) == word)
            })
            .map(|(id, _)| id.as_str())
    }

    /// A term and the terms above it, nearest first; a cycle ends where it closes.
    pub fn ancestors<'a>(&'a self, id: &'a str) -> Vec<&'a str> {
        let mut chain = vec![];
        let mut at = Some(id);
        while let Some(id) = at.filter(|id| !chain.contains(id)) {
            chain.push(id);
            at = self.terms.get(id).and_then(|term| term.broader.as_deref());
        }
        chain
    }
}

fn fold(word: &str) -> String {
    word.trim().to_lowercase().replace([' ', '_'], "-")
}

/// Reads one `[vocabulary.x]` table.
pub(super) fn read(reader: &mut Reader<'_>, table: &Table) -> Vocabulary {
    let mut terms = IndexMap::new();
    for (key, node) in &table.entries {
        // `term = false` removes what a preset declared; here nothing is left to remove.
        if node.text() == Some("false") {
            continue;
        }
        if let Some(term) = term(reader, &key.text, node, &key.span) {
            terms.insert(key.text.clone(), term);
        }
    }
    for (id, term) in &terms {
        let Term { broader: Some(above), span, .. } = term else { continue };
        if !terms.contains_key(above) || above == id {
            let known: Vec<&str> = terms.keys().map(String::as_str).collect();
            let help = crate::raw::reader::suggest(above, &known);
            let message =
                format!("`{id}` has the broader term `{above}`, which is not in this vocabulary");
            reader.report(&codes::CONFIG_INVALID, span, message, &help);
        }
    }
    Vocabulary { terms }
}

fn term(reader: &mut Reader<'_>, id: &str, node: &Node, span: &Span) -> Option<Term> {
    let mut term = Term {
        label: Localised::default(),
        description: Localised::default(),
        broader: None,
        aliases: Vec::new(),
        iri: None,
        span: span.clone(),
    };
    let Some(table) = node.table() else {
        term.label = Localised::plain(reader.text(id, node)?);
        return Some(term);
    };
    let mut label = Table::default();
    for (key, value) in &table.entries {
        match key.text.as_str() {
            "broader" => term.broader = reader.text("broader", value),
            "aliases" => term.aliases = reader.texts("aliases", value),
            "iri" => term.iri = reader.text("iri", value),
            "description" => term.description = reader.localised("description", value),
            word if is_language_tag(word) => label.entries.push((key.clone(), value.clone())),
            word => {
                let known = ["broader", "aliases", "iri", "description"];
                let help = crate::raw::reader::suggest(word, &known);
                let message = format!("a term has no key `{word}`");
                reader.report(&codes::CONFIG_UNKNOWN_KEY, &key.span, message, &help);
            }
        }
    }
    let node = Node { value: crate::raw::Value::Table(label), span: node.span.clone() };
    term.label = reader.localised(id, &node);
    if term.label.is_empty() {
        term.label = Localised::plain(id);
    }
    Some(term)
}
