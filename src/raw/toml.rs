//! TOML into the raw tree, with every syntax error of the text at once.

use super::{Key, Node, Span, SyntaxError, Table, Value, words};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Reads a TOML document. `base` is added to every span, for a text that is a
/// part of a larger one. Errors do not stop the reading of what is sound.
pub fn parse(text: &str, base: usize) -> (Table, Vec<SyntaxError>) {
    let (document, errors) = DeTable::parse_recoverable(text);
    let errors = errors
        .into_iter()
        .map(|error| {
            let written = error.span().and_then(|span| text.get(span)).unwrap_or_default();
            let span = error.span().map(|span| shift(span, base));
            let message = error.message().to_owned();
            let mut error = SyntaxError { message, help: String::new(), span };
            words::toml(&mut error, written);
            error
        })
        .collect();
    (table(document.get_ref(), base), errors)
}

fn table(source: &DeTable<'_>, base: usize) -> Table {
    let mut entries: Vec<(Key, Node)> = source
        .iter()
        .map(|(key, value)| {
            let key = Key { text: key.get_ref().to_string(), span: shift(key.span(), base) };
            (key, node(value, base))
        })
        .collect();
    // The parser sorts by name; an editor reads in the order of the file.
    entries.sort_by_key(|(key, _)| key.span.start);
    Table { entries }
}

fn node(source: &Spanned<DeValue<'_>>, base: usize) -> Node {
    let value = match source.get_ref() {
        DeValue::String(text) => Value::Scalar(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => {
            Value::Scalar(number.as_str().to_owned())
        }
        DeValue::Integer(number) => Value::Scalar(
            i128::from_str_radix(number.as_str(), number.radix())
                .map_or_else(|_| number.as_str().to_owned(), |n| n.to_string()),
        ),
        DeValue::Float(number) => Value::Scalar(number.as_str().to_owned()),
        DeValue::Boolean(flag) => Value::Scalar(flag.to_string()),
        DeValue::Datetime(moment) => Value::Scalar(moment.to_string()),
        DeValue::Array(items) => Value::List(items.iter().map(|item| node(item, base)).collect()),
        DeValue::Table(inner) => Value::Table(table(inner, base)),
    };
    Node { value, span: shift(source.span(), base) }
}

fn shift(span: Span, base: usize) -> Span {
    span.start + base..span.end + base
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_keep_their_spelling_and_keys_their_order() {
        let (table, errors) =
            parse("z = 1.10\na = 2021-05-01\nm = { y = true, b = \"NO\" }\n", 100);
        assert_eq!(errors, []);
        assert_eq!(table.keys().collect::<Vec<_>>(), ["z", "a", "m"]);
        assert_eq!(table.get("z").and_then(Node::text), Some("1.10"));
        assert_eq!(table.get("a").and_then(Node::text), Some("2021-05-01"));
        assert_eq!(table.get("z").map(|n| n.span.clone()), Some(104..108));
        let inner = table.get("m").and_then(Node::table).map(|t| t.keys().collect::<Vec<_>>());
        assert_eq!(inner, Some(vec!["y", "b"]));
    }

    #[test]
    fn all_syntax_errors_are_told_at_once() {
        let (table, errors) = parse("a = \nb = 1\nc = [1,\nd == 2\n", 0);
        assert!(errors.len() >= 2, "{errors:?}");
        assert!(errors.iter().all(|error| error.span.is_some()));
        assert_eq!(table.get("b").and_then(Node::text), Some("1"));
    }
}
