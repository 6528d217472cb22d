//! Text into HTML, and HTML back into text.
//!
//! Outside code no two braces in a row leave this module as themselves: a page
//! with `{{` in it looks like a template that failed, to people and to tools.

/// Appends text as it stands between tags or in a double-quoted attribute.
pub(super) fn html(out: &mut String, text: &str) {
    escape(out, text, true);
}

/// Appends the text of a code span or block: braces stay braces.
pub(super) fn code(out: &mut String, text: &str) {
    escape(out, text, false);
}

fn escape(out: &mut String, text: &str, guard_braces: bool) {
    let bytes = text.as_bytes();
    let opens = |byte: Option<&u8>| matches!(byte, Some(b'{' | b'%'));
    if guard_braces && opens(bytes.first()) && out.ends_with('{') {
        out.pop();
        out.push_str("&#123;");
    }
    let mut done = 0;
    // Most bytes mean themselves, and are passed over in one quick look each; whoever adds an
    // arm here names its byte there.
    let suspects = bytes.iter().enumerate().filter(|(_, byte)| SUSPECT[usize::from(**byte)]);
    for (at, &byte) in suspects {
        let with = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            0 => "\u{FFFD}",
            b'{' if guard_braces && opens(bytes.get(at + 1)) => "&#123;",
            0xEF if is_noncharacter(&bytes[at..]) => {
                out.push_str(&text[done..at]);
                out.push('\u{FFFD}');
                done = at + 3;
                continue;
            }
            _ => continue,
        };
        out.push_str(&text[done..at]);
        out.push_str(with);
        done = at + 1;
    }
    out.push_str(&text[done..]);
}

/// The bytes that [`escape`] may write otherwise: those that it has an arm for.
static SUSPECT: [bool; 256] = {
    let (mut suspect, mut at) = ([false; 256], 0);
    let all = b"&<>\"\0{\xEF";
    while at < all.len() {
        suspect[all[at] as usize] = true;
        at += 1;
    }
    suspect
};

/// U+FDD0 to U+FDEF mean nothing in a text, but something in `sanitise`.
fn is_noncharacter(bytes: &[u8]) -> bool {
    matches!(bytes, [0xEF, 0xB7, 0x90..=0xAF, ..])
}

/// Appends a URL for a double-quoted attribute; what no URL may contain is percent-encoded.
pub(super) fn url(out: &mut String, url: &str) {
    let mut done = 0;
    for (at, &byte) in url.as_bytes().iter().enumerate() {
        let with = match byte {
            b'&' => "&amp;",
            b'\'' => "&#39;",
            b'"' => "%22",
            b'<' => "%3C",
            b'>' => "%3E",
            b' ' => "%20",
            b'`' => "%60",
            b'{' => "%7B",
            b'}' => "%7D",
            0..=31 | 127 => "",
            0xEF if is_noncharacter(&url.as_bytes()[at..]) => {
                out.push_str(&url[done..at]);
                done = at + 3;
                continue;
            }
            _ => continue,
        };
        out.push_str(&url[done..at]);
        out.push_str(with);
        done = at + 1;
    }
    out.push_str(&url[done..]);
}

/// Reads text with the entities that we and HTML serialisers write, numeric
/// ones, and the named ones that are used to hide a scheme.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (skip, with) = entity(rest).unwrap_or((1, '&'));
        out.push(with);
        rest = &rest[skip..];
    }
    out.push_str(rest);
    out
}

/// The length and meaning of the entity at the start of a text.
fn entity(text: &str) -> Option<(usize, char)> {
    let named = ENTITIES.iter().find(|(entity, _)| text.starts_with(entity));
    if let Some((entity, with)) = named {
        return Some((entity.len(), *with));
    }
    let digits = text.strip_prefix("&#")?;
    let (radix, digits) = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => (16, digits),
        None => (10, digits),
    };
    let len = digits.bytes().take_while(|b| (*b as char).is_digit(radix)).count();
    let with = u32::from_str_radix(&digits[..len], radix).ok().and_then(char::from_u32)?;
    let end = text.len() - digits.len() + len;
    Some((end + usize::from(text[end..].starts_with(';')), with))
}

const ENTITIES: &[(&str, char)] = &[
    ("&amp;", '&'),
    ("&lt;", '<'),
    ("&gt;", '>'),
    ("&quot;", '"'),
    ("&apos;", '\''),
    ("&nbsp;", '\u{A0}'),
    ("&colon;", ':'),
    ("&Tab;", '\t'),
    ("&NewLine;", '\n'),
];

/// Collects the words of HTML that arrives in pieces; a tag may span pieces.
#[derive(Default)]
pub(super) struct Plain {
    out: String,
    tag: Option<String>,
    quoted: bool,
}

impl Plain {
    /// For HTML of about so many bytes.
    pub fn of(bytes: usize) -> Self {
        Self { out: String::with_capacity(bytes), ..Self::default() }
    }

    /// Takes the next piece of HTML.
    pub fn feed(&mut self, html: &str) {
        let mut rest = html;
        while !rest.is_empty() {
            rest = if self.tag.is_some() { self.in_tag(rest) } else { self.in_text(rest) };
        }
    }

    /// Takes words that are no HTML, such as the alternative text of an image.
    pub fn words(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Ends a block: only where one ends does a line end in the words.
    pub fn gap(&mut self) {
        self.out.truncate(self.out.trim_end().len());
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    /// All words, without outer blanks.
    pub fn finish(mut self) -> String {
        self.out.truncate(self.out.trim_end().len());
        self.out.shrink_to_fit();
        self.out
    }

    fn in_text<'h>(&mut self, html: &'h str) -> &'h str {
        let end = html.find('<').unwrap_or(html.len());
        let mut text = &html[..end];
        if self.out.is_empty() || self.out.ends_with(char::is_whitespace) {
            text = text.trim_start();
        }
        let from = self.out.len();
        if text.contains('&') {
            self.out.push_str(&unescape(text));
        } else {
            self.out.push_str(text);
        }
        if self.out[from..].contains('\n') {
            let line = self.out.split_off(from).replace('\n', " ");
            self.out.push_str(&line);
        }
        if end == html.len() {
            return "";
        }
        if let Some(rest) = html[end..].strip_prefix("<!--") {
            return rest.find("-->").map_or("", |close| &rest[close + 3..]);
        }
        self.tag = Some(String::new());
        &html[end + 1..]
    }

    fn in_tag<'h>(&mut self, html: &'h str) -> &'h str {
        for (at, byte) in html.bytes().enumerate() {
            match byte {
                b'"' => self.quoted = !self.quoted,
                b'>' if !self.quoted => {
                    let name = self.tag.get_or_insert_default();
                    name.push_str(&html[..at]);
                    let name = name.trim_start_matches('/');
                    let end = name.find(|c: char| !c.is_ascii_alphanumeric());
                    let inline = INLINE.contains(&&name[..end.unwrap_or(name.len())]);
                    self.tag = None;
                    if !inline {
                        self.gap();
                    }
                    return &html[at + 1..];
                }
                _ => {}
            }
        }
        if let Some(name) = &mut self.tag
            && name.len() < 16
        {
            name.push_str(html);
        }
        ""
    }
}

/// Elements that stand within a word or a line without ending it.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "i", "ins", "kbd",
    "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var",
    "wbr",
];
