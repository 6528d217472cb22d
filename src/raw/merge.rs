//! One declaration laid over another: how a site extends a preset.

use super::{Node, Table, Value};

/// Lays `upper` over `lower`.
///
/// Tables merge key by key and keep the lower's order, new keys following;
/// anything else replaces. A table that says `replace = true` forgets what lay
/// below it; `key = false` removes a table that lay below.
pub fn overlay(lower: Table, upper: Table) -> Table {
    if is_true(upper.get("replace")) {
        return without_replace(upper);
    }
    let mut out = lower;
    for (key, node) in upper.entries {
        let found = out.entries.iter().position(|(known, _)| known.text == key.text);
        let Some(at) = found else {
            out.entries.push((key, settle(node)));
            continue;
        };
        let below = &mut out.entries[at];
        match (&below.1.value, node.value) {
            (Value::Table(_), Value::Scalar(word)) if word == "false" => {
                out.entries.remove(at);
            }
            (Value::Table(_), Value::Table(over)) => {
                let Value::Table(under) = std::mem::replace(&mut below.1.value, Value::Null) else {
                    continue;
                };
                below.0 = key;
                below.1 = Node { value: Value::Table(overlay(under, over)), span: node.span };
            }
            (_, value) => *below = (key, settle(Node { value, span: node.span })),
        }
    }
    out
}

/// A table with nothing below it still loses its `replace` marks.
fn settle(node: Node) -> Node {
    match node.value {
        Value::Table(table) => {
            Node { value: Value::Table(overlay(Table::default(), table)), span: node.span }
        }
        _ => node,
    }
}

fn without_replace(mut table: Table) -> Table {
    table.entries.retain(|(key, _)| key.text != "replace");
    table.entries = table.entries.into_iter().map(|(key, node)| (key, settle(node))).collect();
    table
}

fn is_true(node: Option<&Node>) -> bool {
    node.and_then(Node::text) == Some("true")
}

#[cfg(test)]
mod tests {
    use super::super::toml;
    use super::*;

    fn laid(lower: &str, upper: &str) -> Vec<String> {
        fn flat(table: &Table, path: &str, out: &mut Vec<String>) {
            for (key, node) in &table.entries {
                let path = format!("{path}{}", key.text);
                match &node.value {
                    Value::Table(inner) => flat(inner, &format!("{path}."), out),
                    _ => out.push(format!("{path}={}", node.text().unwrap_or("…"))),
                }
            }
        }
        let mut out = Vec::new();
        flat(&overlay(toml::parse(lower, 0).0, toml::parse(upper, 0).0), "", &mut out);
        out
    }

    #[test]
    fn a_site_extends_overrides_removes_and_replaces() {
        assert_eq!(laid("a.x = 1\na.y = 2", "a.y = 3\na.z = 4"), ["a.x=1", "a.y=3", "a.z=4"]);
        assert_eq!(laid("a.x = 1\nb.x = 1", "a = false"), ["b.x=1"]);
        assert_eq!(laid("a.x = 1", "[a]\nreplace = true\ny = 2"), ["a.y=2"]);
        assert_eq!(laid("", "[a]\nreplace = true\ny = 2"), ["a.y=2"]);
    }
}
