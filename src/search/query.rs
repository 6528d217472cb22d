//! What a visitor typed, taken apart: never an error, at worst some help.
//!
//! Enters: a line of text and the names of the facets. Leaves: words, phrases,
//! exclusions and filters, with [`Help`] where the line is odd. It knows no
//! index; `words` says what the words stand for. The language is small:
//!
//! - `open data`: any word may match, more words rank higher;
//! - `"open data"`: these words in this order must occur (any of `" “ ” „ « »`
//!   opens and closes; a quote left open closes at the end);
//! - `-draft`, `-"open data"`: must not occur;
//! - `type:practice`, `theme:"open data"`, `-type:news`: filters, where the name
//!   before the colon is a facet.

use super::pieces::{Kind, words};

/// Words after so many are ignored.
pub const MOST_WORDS: usize = 64;

/// A folded word of a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    /// Folded spelling.
    pub text: String,
    /// What it is.
    pub kind: Kind,
    /// First byte in the query.
    pub start: usize,
    /// Byte after the last in the query.
    pub end: usize,
}

/// A facet's value that a query asks for, or refuses.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// The facet's name.
    pub facet: String,
    /// The value as typed.
    pub value: String,
    /// Whether entries with this value are left out.
    pub refused: bool,
}

/// What is odd about a query. The names are part of the JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Help {
    /// A quote was opened and not closed.
    UnclosedQuote,
    /// There is text, and no letter or number in it.
    NothingToSearch,
    /// There are more than [`MOST_WORDS`] words.
    TooLong,
    /// A filter names a value that no entry has.
    UnknownValue,
    /// A word in quotes occurs nowhere.
    UnknownInPhrase,
}

impl Help {
    /// A sentence for the command line.
    pub fn text(self) -> &'static str {
        match self {
            Self::UnclosedQuote => "a quote was not closed; it was closed at the end",
            Self::NothingToSearch => "there is no letter or number to search for",
            Self::TooLong => "the query is very long; its first 64 words were searched",
            Self::UnknownValue => "no entry has the value that the filter names",
            Self::UnknownInPhrase => "a word in quotes occurs nowhere",
        }
    }
}

/// A query, taken apart.
#[derive(Debug, Default, PartialEq)]
pub struct Query {
    /// Words of which any may match.
    pub words: Vec<Token>,
    /// Words that must follow each other; a compound stands for the two beside it.
    pub phrases: Vec<Vec<Token>>,
    /// Words or phrases that must not occur.
    pub excluded: Vec<Vec<Token>>,
    /// Filters, in the order typed.
    pub filters: Vec<Filter>,
    /// Whether the last of `words` ends the line, so that it may go on.
    pub open: bool,
    /// What is odd, in order and once each.
    pub help: Vec<Help>,
}

fn quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»')
}

/// What JavaScript's `\s` and Unicode's White_Space both or either hold.
fn space(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}'
}

/// Takes a line apart; `facets` are the names that may stand before a colon.
pub fn parse(text: &str, facets: &[&str]) -> Query {
    let mut query = Query::default();
    let mut at = 0;
    let upto = |from: usize, stop: &dyn Fn(char) -> bool| {
        text[from..].find(stop).map_or(text.len(), |offset| from + offset)
    };
    let mut left = MOST_WORDS;
    loop {
        at = upto(at, &|c| !space(c));
        if at == text.len() {
            break;
        }
        let refused =
            text[at..].strip_prefix('-').is_some_and(|rest| rest.starts_with(|c| !space(c)));
        at += usize::from(refused);
        let colon = upto(at, &|c| space(c) || quote(c) || c == ':');
        let facet = facets.iter().find(|facet| {
            **facet == &text[at..colon]
                && text[colon..]
                    .strip_prefix(':')
                    .is_some_and(|rest| rest.starts_with(|c| !space(c)))
        });
        if facet.is_some() {
            at = colon + 1;
        }
        let first = text[at..].chars().next().filter(|&c| quote(c));
        let quoted = first.is_some();
        let start = at + first.map_or(0, char::len_utf8);
        let end = if quoted { upto(start, &quote) } else { upto(start, &|c| space(c) || quote(c)) };
        let inside = &text[start..end];
        at = end;
        if quoted {
            match text[end..].chars().next() {
                Some(closing) => at += closing.len_utf8(),
                None => query.help.push(Help::UnclosedQuote),
            }
        }
        if let Some(facet) = facet {
            let (facet, value) = (facet.to_string(), inside.to_string());
            query.filters.push(Filter { facet, value, refused });
            continue;
        }
        let mut tokens: Vec<Token> = words(inside)
            .map(|(piece, text)| {
                let (start, end) = (start + piece.start, start + piece.end);
                Token { text, kind: piece.kind, start, end }
            })
            .collect();
        if tokens.len() > left {
            query.help.push(Help::TooLong);
            tokens.truncate(left);
        }
        left -= tokens.len();
        if tokens.is_empty() {
            continue;
        }
        query.open = false;
        if refused {
            query.excluded.push(tokens);
        } else if quoted {
            query.phrases.push(tokens);
        } else {
            query.open = tokens.last().is_some_and(|token| token.end == text.len());
            query.words.append(&mut tokens);
        }
    }
    let found =
        query.words.len() + query.phrases.len() + query.excluded.len() + query.filters.len();
    if found == 0 && text.contains(|c| !space(c)) {
        query.help.push(Help::NothingToSearch);
    }
    query.help.sort();
    query.help.dedup();
    query
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(tokens: &[Token]) -> Vec<&str> {
        tokens.iter().map(|token| &*token.text).collect()
    }

    #[test]
    fn takes_the_whole_language_apart() {
        let query = parse(
            "Café \"open-data\" -draft -e-mail type:pilot -theme:«a b» x:y",
            &["type", "theme"],
        );
        assert_eq!(texts(&query.words), ["cafe", "x", "y"]);
        assert_eq!(texts(&query.phrases[0]), ["open", "opendata", "data"]);
        assert_eq!(texts(&query.excluded[0]), ["draft"]);
        assert_eq!(texts(&query.excluded[1]), ["e", "email", "mail"]);
        let filter = |facet: &str, value: &str, refused| Filter {
            facet: facet.into(),
            value: value.into(),
            refused,
        };
        assert_eq!(query.filters, [filter("type", "pilot", false), filter("theme", "a b", true)]);
        assert!(query.open && query.help.is_empty());
        assert!(!parse("water ", &[]).open && !parse("\"water", &[]).open);
        assert_eq!(parse("a b", &[]).words[1].start, 2);
        let typed = parse("co-prod", &[]);
        assert_eq!(texts(&typed.words), ["co", "coprod", "prod"]);
        assert!(typed.open);
    }

    #[test]
    fn odd_lines_get_help_and_never_panic() {
        assert_eq!(parse("a \"b", &[]).help, [Help::UnclosedQuote]);
        assert_eq!(parse("?! -", &[]).help, [Help::NothingToSearch]);
        assert_eq!(parse(&"a ".repeat(100), &[]).help, [Help::TooLong]);
        assert_eq!(parse("", &[]), Query::default());
        for odd in
            ["-", "--", "\"", "type:", "type:\"", "-type:", ":", "“”„", "-\u{feff}", "é\u{301}\""]
        {
            parse(odd, &["type"]);
        }
        assert_eq!(texts(&parse("std::unique_ptr", &["std"]).words), [""; 0]);
    }
}
