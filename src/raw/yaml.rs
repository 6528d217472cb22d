//! YAML into the raw tree: one document, aliases expanded within a bound.

use super::{Key, Node, Span, SyntaxError, Table, Value, words};
use granit_parser::{Event, Parser, ScalarStyle};
use std::collections::HashMap;

/// Lists and tables within each other; a deeper tree is a slip or an attack.
const DEEPEST: usize = 64;

/// Front matter that expands to more nodes than this is an attack, not an article.
const LARGEST_TREE: usize = 20_000;

/// Reads a YAML document whose root is a mapping. `base` is added to every
/// span. The parser stops at the first error; what was read before it is kept.
/// A key that occurs twice keeps its first value and is an error.
pub fn parse(text: &str, base: usize) -> (Table, Vec<SyntaxError>) {
    let mut builder = Builder {
        base,
        errors: Vec::new(),
        anchors: HashMap::new(),
        nodes: 0,
        stack: Vec::new(),
        root: None,
    };
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, span)) => {
                let span = span.byte_range().unwrap_or(0..0);
                if !builder.take(event, span.start + base..span.end + base) {
                    break;
                }
            }
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(text.len()).min(text.len());
                builder.error(error.kind().to_string(), at + base..(at + 1).min(text.len()) + base);
                break;
            }
        }
    }
    let root = builder.finish();
    let mut errors = builder.errors;
    let table = match root.map(|node| (node.value, node.span)) {
        Some((Value::Table(table), _)) => table,
        None | Some((Value::Null, _)) => Table::default(),
        Some((_, span)) => {
            errors.push(SyntaxError {
                message: "expected lines of the form `key: value`".into(),
                help: "write a key before each value, such as title: \"…\"".into(),
                span: Some(span),
            });
            Table::default()
        }
    };
    (table, errors)
}

/// A collection whose end has not come yet.
enum Open {
    List { items: Vec<Node>, start: usize, anchor: usize },
    Table { table: Table, key: Option<Key>, start: usize, anchor: usize },
}

struct Builder {
    base: usize,
    errors: Vec<SyntaxError>,
    anchors: HashMap<usize, (Node, usize)>,
    nodes: usize,
    stack: Vec<Open>,
    root: Option<Node>,
}

impl Builder {
    /// Takes one event; `false` ends the reading.
    fn take(&mut self, event: Event<'_>, span: Span) -> bool {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let plain = style == ScalarStyle::Plain;
                let value = match text.as_ref() {
                    "" | "~" | "null" if plain => Value::Null,
                    text => Value::Scalar(text.to_owned()),
                };
                self.put(Node { value, span }, anchor, 1)
            }
            Event::Alias(id) => match self.anchors.get(&id) {
                // Asked before copying: ten aliases of ten of ten … never get built.
                Some((_, size)) if self.nodes + size > LARGEST_TREE => self.too_large(span),
                Some((node, size)) => {
                    let (node, size) = (Node { span, ..node.clone() }, *size);
                    self.put(node, 0, size)
                }
                None => true,
            },
            Event::SequenceStart(..) | Event::MappingStart(..) if self.stack.len() >= DEEPEST => {
                self.error(words::TOO_DEEP.to_owned(), span);
                false
            }
            Event::SequenceStart(_, anchor, ..) => {
                self.stack.push(Open::List { items: Vec::new(), start: span.start, anchor });
                true
            }
            Event::MappingStart(_, anchor, ..) => {
                let open =
                    Open::Table { table: Table::default(), key: None, start: span.start, anchor };
                self.stack.push(open);
                true
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span.end),
            // Front matter is one document; what follows it is not ours to read.
            Event::DocumentEnd => false,
            _ => true,
        }
    }

    fn close(&mut self, end: usize) -> bool {
        let (value, start, anchor) = match self.stack.pop() {
            Some(Open::List { items, start, anchor }) => (Value::List(items), start, anchor),
            Some(Open::Table { table, start, anchor, .. }) => (Value::Table(table), start, anchor),
            None => return true,
        };
        let node = Node { value, span: start..end.max(start) };
        let size = if anchor > 0 { size(&node) } else { 1 };
        self.put_sized(node, anchor, 1, size)
    }

    fn put(&mut self, node: Node, anchor: usize, size: usize) -> bool {
        self.put_sized(node, anchor, size, size)
    }

    fn put_sized(&mut self, node: Node, anchor: usize, cost: usize, size: usize) -> bool {
        self.nodes += cost;
        if self.nodes > LARGEST_TREE {
            return self.too_large(node.span);
        }
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), size));
        }
        match self.stack.last_mut() {
            None => self.root = Some(node),
            Some(Open::List { items, .. }) => items.push(node),
            Some(Open::Table { table, key, .. }) => match key.take() {
                None => {
                    let text = match node.value {
                        Value::Scalar(text) => text,
                        _ => {
                            self.error("a key must be plain text".into(), node.span.clone());
                            String::new()
                        }
                    };
                    if let Some(Open::Table { key, .. }) = self.stack.last_mut() {
                        *key = Some(Key { text, span: node.span });
                    }
                }
                Some(key) if key.text.is_empty() => {}
                Some(key) if table.get(&key.text).is_some() => {
                    self.error(format!("the key `{}` occurs twice", key.text), key.span);
                }
                Some(key) => table.entries.push((key, node)),
            },
        }
        true
    }

    fn too_large(&mut self, span: Span) -> bool {
        self.error(format!("there are more than {LARGEST_TREE} values"), span);
        false
    }

    fn error(&mut self, message: String, span: Span) {
        let mut error = SyntaxError { message, help: String::new(), span: Some(span) };
        words::yaml(&mut error);
        self.errors.push(error);
    }

    /// Closes whatever an error left open, so that sound keys are not lost.
    fn finish(&mut self) -> Option<Node> {
        self.nodes = 0;
        while !self.stack.is_empty() {
            self.close(self.base);
        }
        self.root.take()
    }
}

fn size(node: &Node) -> usize {
    1 + match &node.value {
        Value::List(items) => items.iter().map(size).sum(),
        Value::Table(table) => table.entries.iter().map(|(_, node)| size(node)).sum(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_keep_their_spelling() {
        let text = "country: NO\nversion: 1.10\nid: 00123\nempty:\nlist: [a, 'b']\n";
        let (table, errors) = parse(text, 4);
        assert_eq!(errors, []);
        assert_eq!(table.get("country").and_then(Node::text), Some("NO"));
        assert_eq!(table.get("version").and_then(Node::text), Some("1.10"));
        assert_eq!(table.get("id").and_then(Node::text), Some("00123"));
        assert!(table.get("empty").is_some_and(Node::is_blank));
        assert_eq!(table.get("country").map(|n| n.span.clone()), Some(13..15));
        assert_eq!(table.get("list").and_then(Node::list).map(<[Node]>::len), Some(2));
    }

    #[test]
    fn an_error_keeps_what_came_before_and_says_where() {
        let (table, errors) = parse("title: Good\nbad: [1, 2\nmore: x\n", 0);
        assert_eq!(table.get("title").and_then(Node::text), Some("Good"));
        assert_eq!(errors.len(), 1);
        assert!(errors[0].span.as_ref().is_some_and(|span| span.start >= 12), "{errors:?}");
    }

    #[test]
    fn a_repeated_key_is_told() {
        let (table, errors) = parse("a: 1\nb: 2\na: 3\n", 0);
        assert_eq!(table.get("a").and_then(Node::text), Some("1"));
        assert_eq!(errors.len(), 1);
        assert_eq!(errors[0].span, Some(10..11));
    }

    #[test]
    fn aliases_cannot_explode() {
        let mut text = String::from("a: &a [x,x,x,x,x,x,x,x,x,x]\n");
        for (from, to) in "abcdefgh".chars().zip("bcdefghi".chars()) {
            let refs = vec![format!("*{from}"); 10].join(",");
            text.push_str(&format!("{to}: &{to} [{refs}]\n"));
        }
        let (_, errors) = parse(&text, 0);
        assert_eq!(errors.len(), 1);
    }

    #[test]
    fn a_root_that_is_no_mapping_is_told() {
        assert_eq!(parse("- a\n- b\n", 0).1.len(), 1);
        assert_eq!(parse("", 0), (Table::default(), vec![]));
    }
}
