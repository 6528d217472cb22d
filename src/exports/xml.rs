//! A small writer of XML 1.0.
//!
//! Enters: names that are constants of this program, and any text. Leaves: a
//! well-formed document in UTF-8. What XML cannot carry (most control
//! characters, and two that are no characters) is left out.

/// A document while it is written: one element a line.
#[derive(Debug)]
pub struct Xml {
    out: String,
    open: Vec<&'static str>,
}

/// The attributes of an element, in order.
pub type Attributes<'a> = &'a [(&'static str, &'a str)];

impl Xml {
    /// Begins a document with its root element.
    pub fn new(root: &'static str, attributes: Attributes<'_>) -> Self {
        let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
        let mut xml = Self { out: declaration, open: Vec::new() };
        xml.open(root, attributes);
        xml
    }

    /// Begins what will stand in a document, with nothing.
    pub fn fragment() -> Self {
        Self { out: String::new(), open: Vec::new() }
    }

    /// Adds a fragment, closed to its end.
    pub fn append(&mut self, fragment: Self) {
        self.out.push_str(&fragment.out);
    }

    /// Its size in bytes so far.
    pub fn len(&self) -> usize {
        self.out.len()
    }

    /// Opens an element that holds others.
    pub fn open(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.start(name, attributes);
        self.out.push_str(">\n");
        self.open.push(name);
    }

    /// Closes the element opened last.
    pub fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.end(name);
        }
    }

    /// An element without content.
    pub fn empty(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.start(name, attributes);
        self.out.push_str("/>\n");
    }

    /// An element that holds text.
    pub fn text(&mut self, name: &'static str, attributes: Attributes<'_>, text: &str) {
        self.start(name, attributes);
        self.out.push('>');
        escape(&mut self.out, text, false);
        self.end(name);
    }

    /// The document, with everything closed that is still open.
    pub fn finish(mut self) -> Vec<u8> {
        while !self.open.is_empty() {
            self.close();
        }
        self.out.into_bytes()
    }

    fn start(&mut self, name: &str, attributes: Attributes<'_>) {
        self.out.push('<');
        self.out.push_str(name);
        for (attribute, value) in attributes {
            self.out.push(' ');
            self.out.push_str(attribute);
            self.out.push_str("=\"");
            escape(&mut self.out, value, true);
            self.out.push('"');
        }
    }

    fn end(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push_str(">\n");
    }
}

/// Text as XML. `>` is escaped for the sake of `]]>`, and blanks where a
/// parser would change them: a carriage return anywhere, others in attributes.
fn escape(out: &mut String, text: &str, in_attribute: bool) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            '"' if in_attribute => out.push_str("&quot;"),
            '\t' if in_attribute => out.push_str("&#9;"),
            '\n' if in_attribute => out.push_str("&#10;"),
            '\t' | '\n' => out.push(c),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_comes_back_from_a_parser() {
        let hostile = "\"' ]]> </script> & % <!-- \u{202e}abc\u{2069} 🦆 \t\n\r \u{85}\u{2028}";
        let control = "a\u{0}b\u{1b}c\u{ffff}d";
        let mut xml = Xml::new("root", &[]);
        xml.text("a", &[("b", hostile)], hostile);
        xml.text("c", &[], control);
        xml.empty("d", &[]);
        xml.open("e", &[]);
        let text = String::from_utf8(xml.finish()).unwrap_or_default();
        let document = roxmltree::Document::parse(&text);
        let document = document.expect("well-formed");
        let nodes: Vec<_> = document.root_element().children().filter(|n| n.is_element()).collect();
        assert_eq!(nodes[0].text(), Some(hostile));
        assert_eq!(nodes[0].attribute("b"), Some(hostile));
        assert_eq!(nodes[1].text(), Some("abcd"));
        assert_eq!(nodes.len(), 4);
    }
}
