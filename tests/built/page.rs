//! A page as a browser would find it: its words, its links, its anchors, and
//! what is not well formed about it.

/// Elements that have no end tag.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];

/// Elements within a line: words beside them may belong together.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "cite", "code", "data", "del", "dfn", "em", "i", "ins", "kbd", "mark",
    "q", "s", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
];

/// What a page says.
#[derive(Debug, Default)]
pub struct Page {
    /// The words of `main`, tags taken out, with those that stand in for pictures.
    pub main: String,
    /// The words outside code, of the whole page.
    pub outside_code: String,
    pub title: String,
    pub lang: Option<String>,
    pub ids: Vec<String>,
    pub links: Vec<Link>,
    pub headings_one: usize,
    pub is_redirect: bool,
    /// What is wrong with its tags.
    pub faults: Vec<String>,
}

/// An address on a page.
#[derive(Debug, PartialEq, Eq)]
pub struct Link {
    /// The element, such as `a` or `img`.
    pub tag: String,
    pub url: String,
    /// The language that it says is there.
    pub hreflang: Option<String>,
    /// The language that it says its words are in.
    pub lang: Option<String>,
}

type Attributes = Vec<(String, String)>;

impl Page {
    pub fn read(html: &str) -> Self {
        let mut page = Self::default();
        if !html.starts_with("<!doctype html>") {
            page.faults.push("it has no doctype".into());
        }
        let mut open: Vec<String> = Vec::new();
        let mut rest = html;
        while let Some(at) = rest.find('<') {
            page.words(&open, &decode(&rest[..at]));
            rest = &rest[at..];
            if let Some(comment) = rest.strip_prefix("<!--") {
                rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
                continue;
            }
            let (tag, after) = split_tag(rest);
            rest = after;
            if tag.starts_with("<!") {
                continue;
            }
            if let Some(name) = tag.strip_prefix("</") {
                let name = name.trim_end_matches('>').trim();
                match open.pop() {
                    Some(top) if top == name => {}
                    top => page.faults.push(format!("</{name}> closes {top:?}")),
                }
                page.space(name);
                continue;
            }
            let (name, attributes) = read_tag(tag);
            page.space(&name);
            page.element(&name, &attributes);
            page.words(&open, &replacement(&attributes));
            let closed = VOID.contains(&name.as_str()) || tag.ends_with("/>");
            if matches!(name.as_str(), "script" | "style") {
                let end = format!("</{name}>");
                rest = rest.find(&end).map_or("", |at| &rest[at + end.len()..]);
            } else if !closed {
                open.push(name);
            }
        }
        if !open.is_empty() {
            page.faults.push(format!("{open:?} stay open"));
        }
        page
    }

    fn words(&mut self, open: &[String], text: &str) {
        let within = |name: &str| open.iter().any(|tag| tag == name);
        if within("title") && within("head") {
            self.title.push_str(text);
            return;
        }
        if within("main") {
            self.main.push_str(text);
        }
        if !within("code") && !within("pre") {
            self.outside_code.push_str(text);
        }
    }

    fn space(&mut self, name: &str) {
        if !INLINE.contains(&name) {
            self.main.push(' ');
            self.outside_code.push(' ');
        }
    }

    fn element(&mut self, name: &str, attributes: &Attributes) {
        let of = |wanted: &str| {
            attributes.iter().find(|(key, _)| key == wanted).map(|(_, value)| value.clone())
        };
        for (at, (key, _)) in attributes.iter().enumerate() {
            if attributes[..at].iter().any(|(other, _)| other == key) {
                self.faults.push(format!("<{name}> has {key} twice"));
            }
        }
        if name == "html" {
            self.lang = of("lang");
        }
        self.headings_one += usize::from(name == "h1");
        if let Some(id) = of("id") {
            if self.ids.contains(&id) {
                self.faults.push(format!("the id {id:?} occurs twice"));
            }
            self.ids.push(id);
        }
        let mut urls: Vec<String> =
            ["href", "src", "action", "poster", "data-src"].into_iter().filter_map(of).collect();
        for part in of("srcset").iter().flat_map(|set| set.split(',')) {
            urls.push(part.split_whitespace().next().unwrap_or_default().to_owned());
        }
        if of("http-equiv").is_some_and(|kind| kind == "refresh") {
            self.is_redirect = true;
            urls.extend(
                of("content").and_then(|c| c.split_once("url=").map(|(_, u)| u.to_owned())),
            );
        }
        self.links.extend(urls.into_iter().map(|url| Link {
            tag: name.to_owned(),
            url,
            hreflang: of("hreflang"),
            lang: of("lang"),
        }));
    }
}

/// The words that stand in an element's attributes for those who do not see it.
fn replacement(attributes: &Attributes) -> String {
    let mut out = String::new();
    for (key, value) in attributes {
        if matches!(key.as_str(), "alt" | "title" | "aria-label") && !value.is_empty() {
            out.push_str(&format!(" {value} "));
        }
    }
    out
}

/// The tag at the start of a text, and what follows. A `>` in quotes ends nothing.
fn split_tag(text: &str) -> (&str, &str) {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return text.split_at(at + 1),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
    }
    (text, "")
}

/// The name and attributes of a start tag.
fn read_tag(tag: &str) -> (String, Attributes) {
    let inner = tag.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/');
    let end = inner.find(char::is_whitespace).unwrap_or(inner.len());
    let (name, mut rest) = inner.split_at(end);
    let mut attributes = Attributes::new();
    loop {
        rest = rest.trim_start();
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        if end == 0 {
            break;
        }
        let key = rest[..end].to_ascii_lowercase();
        rest = &rest[end..];
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let quoted = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            (value, rest) = match quoted {
                Some(quote) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
                None => after.split_at(after.find(char::is_whitespace).unwrap_or(after.len())),
            };
        }
        attributes.push((key, decode(value)));
    }
    (name.to_ascii_lowercase(), attributes)
}

/// Text with its entities as letters.
fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let letter = rest.find(';').and_then(|end| Some((entity(&rest[1..end])?, end)));
        match letter {
            Some((letter, end)) => {
                out.push(letter);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    let code = |digits: &str, radix| u32::from_str_radix(digits, radix).ok();
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => code(hex, 16),
                None => code(number, 10),
            };
            char::from_u32(code?)
        }
    }
}
