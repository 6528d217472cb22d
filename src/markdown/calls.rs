//! Calls of components: `{% <Callout kind="tip"> %} … {% </Callout> %}` around
//! Markdown, and `{{ <Figure src="a.jpg" alt="A" /> }}` by itself.
//!
//! The syntax is tera's own, with two limits: a name begins with a capital
//! letter, and a value is a literal. Enters: a text and a place in it. Leaves:
//! the tag that begins there. Whether a theme has such a component is not known
//! here; `render` says so.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A value that an attribute can have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Literal {
    /// `"…"`
    Text(String),
    /// `{true}` or `{false}`
    Bool(bool),
    /// `{3}`
    Integer(i64),
    /// `{1.5}`
    Number(f64),
    /// `{[…]}`
    List(Vec<Literal>),
}

/// What an attribute names besides its words, by its own name: `src` and
/// `poster` a picture, `href` a link, `entry` an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// Nothing.
    Plain,
    /// The link of this number among the body's links.
    Link(usize),
    /// The picture of this number among the body's images.
    Picture(usize),
    /// The link of this number, which must lead to an entry.
    Entry(usize),
    /// A target that cannot stand, which was reported.
    Refused,
}

/// An attribute of a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its value as written.
    pub value: Literal,
    /// What it names.
    pub role: Role,
    /// Its bytes in the file.
    pub span: Range<usize>,
}

/// A call of a component in a body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// The component's name.
    pub name: String,
    /// The attributes, in the order in which they were written.
    pub attributes: Vec<Attribute>,
    /// The bytes of its (first) tag in the file.
    pub span: Range<usize>,
    /// The bytes of its name.
    pub name_span: Range<usize>,
    /// Whether it stands within a line of text.
    pub inline: bool,
    /// Whether it encloses a text.
    pub body: bool,
    /// Whether `[shortcodes]` made it from a tag of another generator.
    pub mapped: bool,
}

impl Call {
    /// The words of a call that a reader reads: its texts, without its body.
    /// Which attributes are words their names tell.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let said = self.attributes.iter().filter(|one| WORDS.contains(&one.name.as_str()));
        said.filter_map(|one| match &one.value {
            Literal::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }
}

/// Attributes that hold words for readers rather than a choice or an address.
const WORDS: &[&str] = &["alt", "caption", "cite", "credit", "label", "summary", "title", "value"];

/// What a tag does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `{% <Name> %}`
    Open,
    /// `{{ <Name /> }}`
    Alone,
    /// `{% </Name> %}`
    Close,
}

/// A tag as it stands in the text; its ranges are those of the text.
#[derive(Debug)]
pub(super) struct CallTag {
    pub form: Form,
    pub name: String,
    pub name_at: Range<usize>,
    pub attributes: Vec<(String, Literal, Range<usize>)>,
    pub range: Range<usize>,
    pub mapped: bool,
}

/// A tag that begins like a call and cannot be read as one.
#[derive(Debug)]
pub(super) struct Slip {
    pub range: Range<usize>,
    pub message: String,
    pub help: &'static str,
}

const HOW_TO_CALL: &str =
    "write {{ <Name key=\"value\" /> }}, or {% <Name> %} and {% </Name> %} around a text";

/// The call that begins at a brace, if one does.
pub(super) fn read_at(text: &str, at: usize) -> Option<Result<CallTag, Slip>> {
    let rest = &text[at..];
    let (open, close) = match rest.get(..2)? {
        "{{" => ("{{", "}}"),
        "{%" => ("{%", "%}"),
        _ => return None,
    };
    let mut reader = Reader { text, at: at + open.len() };
    reader.eat("-");
    let gap = reader.blanks();
    if !reader.eat("<") {
        return None;
    }
    let closing = reader.eat("/");
    if !reader.rest().starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let read = reader.tag(at, closing, close);
    // `{{<Name …>}}` without blanks and slash is Hugo's.
    if open == "{{" && !gap && !matches!(&read, Ok(tag) if tag.form == Form::Alone) {
        return None;
    }
    Some(read.map_err(|message| {
        let line = rest.find('\n').unwrap_or(rest.len());
        let end = rest[..line].find(close).map_or(line, |end| end + close.len());
        Slip { range: at..at + rest[..end].trim_end().len(), message, help: HOW_TO_CALL }
    }))
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        self.at += if found { token.len() } else { 0 };
        found
    }

    /// Passes blanks and line ends; whether there were any.
    fn blanks(&mut self) -> bool {
        let rest = self.rest();
        let len = rest.len() - rest.trim_start().len();
        self.at += len;
        len > 0
    }

    /// A run of letters, digits and `_` (and `.` in a component's name).
    fn word(&mut self, dotted: bool) -> &'a str {
        let is_in = |c: char| c.is_ascii_alphanumeric() || c == '_' || (dotted && c == '.');
        let rest = self.rest();
        let len = rest.find(|c| !is_in(c)).unwrap_or(rest.len());
        self.at += len;
        &rest[..len]
    }

    fn tag(&mut self, start: usize, closing: bool, close: &str) -> Result<CallTag, String> {
        let name_at = self.at;
        let name = self.word(true).to_owned();
        let name_at = name_at..self.at;
        let mut attributes = Vec::new();
        let form = loop {
            let gap = self.blanks();
            if self.eat("/>") {
                break Form::Alone;
            }
            if self.eat(">") {
                break if closing { Form::Close } else { Form::Open };
            }
            let from = self.at;
            let attribute = self.word(false).to_owned();
            if attribute.is_empty() || !gap {
                return Err(format!("the call of `{name}` cannot be read"));
            }
            self.blanks();
            if !self.eat("=") {
                return Err(format!("`{attribute}` has no value"));
            }
            self.blanks();
            let value = self.value(&attribute)?;
            attributes.push((attribute, value, from..self.at));
        };
        self.blanks();
        self.eat("-");
        if !self.eat(close) {
            return Err(format!("the call of `{name}` does not end with {close}"));
        }
        if form == Form::Open && close == "}}" {
            return Err(format!("`{name}` is neither closed here nor opened for a text"));
        }
        let range = start..self.at;
        Ok(CallTag { form, name, name_at, attributes, range, mapped: false })
    }

    /// What follows `name=`: a text in quotes, or a literal in braces.
    fn value(&mut self, name: &str) -> Result<Literal, String> {
        if let Some(text) = self.quoted() {
            return text.map(Literal::Text);
        }
        let literal = if self.eat("{") { self.literal(0) } else { None };
        self.blanks();
        match literal {
            Some(literal) if self.eat("}") => Ok(literal),
            _ => Err(format!("the value of `{name}` is not a plain value")),
        }
    }

    fn quoted(&mut self) -> Option<Result<String, String>> {
        let rest = self.rest();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
        let mut out = String::new();
        let mut chars = rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => match chars.next() {
                    Some((_, 'n')) => out.push('\n'),
                    Some((_, 't')) => out.push('\t'),
                    Some((_, other)) => out.push(other),
                    None => break,
                },
                c if c == quote => {
                    self.at += at + 1;
                    return Some(Ok(out));
                }
                c => out.push(c),
            }
        }
        Some(Err("a text in quotes has no end".into()))
    }

    fn literal(&mut self, depth: usize) -> Option<Literal> {
        const DEEPEST: usize = 8;
        self.blanks();
        if let Some(text) = self.quoted() {
            return text.ok().map(Literal::Text);
        }
        if self.eat("[") {
            let mut items = Vec::new();
            loop {
                self.blanks();
                if self.eat("]") {
                    return Some(Literal::List(items));
                }
                if depth == DEEPEST || !(items.is_empty() || self.eat(",")) {
                    return None;
                }
                self.blanks();
                if self.eat("]") {
                    return Some(Literal::List(items));
                }
                items.push(self.literal(depth + 1)?);
            }
        }
        let rest = self.rest();
        let len = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.')));
        let word = &rest[..len.unwrap_or(rest.len())];
        self.at += word.len();
        match word {
            "true" => return Some(Literal::Bool(true)),
            "false" => return Some(Literal::Bool(false)),
            _ if !word.starts_with(|c: char| c.is_ascii_digit() || c == '-') => return None,
            _ => {}
        }
        let number = || word.parse().ok().filter(|n: &f64| n.is_finite()).map(Literal::Number);
        word.parse().ok().map(Literal::Integer).or_else(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Result<CallTag, Slip>> {
        read_at(text, text.find('{').expect("there is a brace"))
    }

    #[test]
    fn a_call_is_read_with_all_its_values() {
        let text = "x {{ <Key.Figure a=\"1 \\\"x\\\" }}\" b={true} c={ -3 } d={1.5} e={['x', [2],]}\n f='' /> }} y";
        let tag = read(text).expect("a call").expect("a sound one");
        assert_eq!((tag.form, tag.name.as_str()), (Form::Alone, "Key.Figure"));
        let text_of = |text: &str| Literal::Text(text.into());
        let values: Vec<_> = tag.attributes.iter().map(|(name, v, _)| (name.as_str(), v)).collect();
        let list = Literal::List(vec![text_of("x"), Literal::List(vec![Literal::Integer(2)])]);
        assert_eq!(
            values,
            [
                ("a", &text_of("1 \"x\" }}")),
                ("b", &Literal::Bool(true)),
                ("c", &Literal::Integer(-3)),
                ("d", &Literal::Number(1.5)),
                ("e", &list),
                ("f", &text_of("")),
            ]
        );
        assert_eq!(&text[tag.attributes[1].2.clone()], "b={true}");
        assert_eq!(&text[tag.range.end..], " y");
    }

    #[test]
    fn what_is_no_call_is_left_to_others() {
        for text in ["{{< Figure >}}", "{{<Figure>}}", "{% if x %}", "{{ x }}", "{% <b> %}", "{:a}"]
        {
            assert!(read(text).is_none(), "{text}");
        }
        let form = |text| read(text).map(|tag| tag.map(|tag| tag.form).ok());
        assert_eq!(form("{{<Figure/>}}"), Some(Some(Form::Alone)));
        assert_eq!(form("{%- <A> -%}"), Some(Some(Form::Open)));
        assert_eq!(form("{% </A> %}"), Some(Some(Form::Close)));
        for slip in [
            "{% <A b> %}",
            "{% <A b=c> %}",
            "{% <A b={c}> %}",
            "{% <A b=\"c> %}",
            "{{ <A> }}",
            "{% <A",
            "{% <A b=\"c\"d=\"e\"> %}",
            "{% <A b={[1 2]}> %}",
        ] {
            assert_eq!(form(slip), Some(None), "{slip}");
        }
    }
}
