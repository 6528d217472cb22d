//! Template tags of other generators: Hugo's `{{< x >}}`, Liquid's `{% x %}`,
//! `{{ x }}` and kramdown's `{: .x}`.
//!
//! They are found before Markdown is read and outside code, and so are calls of
//! components, which look alike. Enters: a body, its layout and what
//! `[shortcodes]` maps. Leaves: edits that take the tags out or put marks in
//! their places, and a count of each unmapped name with its first place. What a
//! tag becomes is decided by [`treatment`]; `mapped` carries out what the site
//! maps, `attributes` what kramdown's lists say.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::calls::{self, CallTag, Slip};
use super::layout::Layout;
use super::marks::{self, Marked};
use super::shortcodes::{self, Shortcode, Shortcodes};
use super::source::Edit;
use super::tags::{Form, Read, Tag, ends_with_target, in_html_tag, tag_at};

/// What becomes of a tag.
enum Treatment<'s> {
    /// What the site maps it to; whether it is the end of another.
    Mapped(&'s Shortcode, bool),
    /// It goes; what stands around it stays.
    Remove,
    /// It goes with everything up to the tag that ends it.
    RemoveTo(&'static str),
    /// It goes, and what follows is no template, up to the tag that ends it.
    VerbatimTo(&'static str),
    /// It and its end become the fences of a code block.
    CodeTo(&'static str),
}

fn treatment<'s>(tag: &Tag, shortcodes: &'s Shortcodes) -> Treatment<'s> {
    let (name, closes) = tag.ends();
    if let Some(shortcode) = shortcodes.get(tag.name) {
        return Treatment::Mapped(shortcode, tag.closing);
    }
    if let Some(shortcode) = shortcodes.get(name).filter(|_| closes) {
        return Treatment::Mapped(shortcode, true);
    }
    match (tag.form, tag.name) {
        _ if tag.closing => Treatment::Remove,
        (Form::Liquid, "comment") => Treatment::RemoveTo("endcomment"),
        (Form::Liquid, "raw") => Treatment::VerbatimTo("endraw"),
        (Form::Liquid, "highlight") => Treatment::CodeTo("endhighlight"),
        (Form::Angle | Form::Percent, "highlight") => Treatment::CodeTo("highlight"),
        _ => Treatment::Remove,
    }
}

/// A kind of tag that was found: how it looks, where first, how often.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub name: String,
    pub shown: String,
    pub first: Range<usize>,
    pub count: usize,
}

/// What a search found.
#[derive(Debug, Default)]
pub(super) struct Search {
    pub edits: Vec<Edit>,
    pub found: Vec<Found>,
    /// Openings without an end, which stay as text.
    pub unclosed: Vec<Range<usize>>,
    /// What the marks in the edits stand for, by number.
    pub marked: Vec<Marked>,
    /// Calls that cannot be read, which stay as text.
    pub slips: Vec<Slip>,
    /// Tags of calls that had to be set on lines of their own.
    pub crowded: Vec<Range<usize>>,
}

/// Whether a text may have tags at all; most have none.
pub(super) fn suspected(text: &str) -> bool {
    let bytes = text.as_bytes();
    text.match_indices('{').any(|(at, _)| matches!(bytes.get(at + 1), Some(b'{' | b'%' | b':')))
}

/// Finds all tags outside code and comments.
pub(super) fn search(text: &str, layout: &Layout, shortcodes: &Shortcodes) -> Search {
    let mut searcher = Searcher {
        text,
        layout,
        shortcodes,
        last_ends: None,
        out: Search::default(),
        known: HashMap::new(),
        endless: Vec::new(),
        line: 0,
        lines_read: 0,
        bare: 0,
        opens: Vec::new(),
        called: HashMap::new(),
    };
    let mut at = 0;
    while let Some(next) = text[at..].find('{') {
        at += next;
        at = match layout.hidden_end(at) {
            Some(end) => end,
            None => searcher.step(at),
        };
    }
    searcher.out.edits.extend(searcher.opens.into_iter().rev());
    searcher.out
}

pub(super) struct Searcher<'a> {
    pub(super) text: &'a str,
    pub(super) layout: &'a Layout,
    pub(super) shortcodes: &'a Shortcodes,
    /// Where the last tag that ends each name stands; looked for when it is asked.
    pub(super) last_ends: Option<HashMap<&'a str, usize>>,
    pub(super) out: Search,
    known: HashMap<(Form, &'a str), usize>,
    /// Ends that were looked for in vain: they are not looked for again.
    endless: Vec<(Form, &'static str)>,
    /// Where the present line begins, and how far the text was searched for its beginning.
    pub(super) line: usize,
    lines_read: usize,
    /// The end of what was taken out with nothing but blanks before it on its line.
    bare: usize,
    /// Marks before blocks; of those at one place a later one stands outside.
    pub(super) opens: Vec<Edit>,
    /// By column: the end of the last tag that opens or closes a call there.
    pub(super) called: HashMap<usize, usize>,
}

impl<'a> Searcher<'a> {
    /// Deals with the brace at a place; returns where to go on.
    fn step(&mut self, at: usize) -> usize {
        if let Some(end) = self.text[self.lines_read..at].rfind('\n') {
            self.line = self.lines_read + end + 1;
        }
        self.lines_read = at;
        match calls::read_at(self.text, at) {
            Some(Ok(tag)) if in_html_tag(&self.text[..at]) => {
                let range = tag.range;
                let end = range.end;
                let message = format!("the call of `{}` stands inside an HTML tag", tag.name);
                let help = "give the call a place outside the tag, or write `&lt;` for a `<` that opens none";
                self.out.slips.push(Slip { range, message, help });
                return end;
            }
            Some(Ok(tag)) => return self.call(tag),
            Some(Err(slip)) => {
                let end = slip.range.end;
                self.out.slips.push(slip);
                return end;
            }
            None => {}
        }
        let tag = match tag_at(self.text, at) {
            Read::Tag(tag) => tag,
            Read::Shown(range, shown) => {
                let end = range.end;
                self.replace(range, shortcodes::literal(&shown));
                return end;
            }
            Read::Comment(range) => {
                let end = range.end;
                self.remove(range);
                return end;
            }
            Read::Unclosed(len) => {
                self.out.unclosed.push(at..at + len);
                return at + len;
            }
            Read::Nothing => return at + 1,
        };
        if tag.form == Form::Kramdown && self.attributes(&tag) {
            return tag.range.end;
        }
        let treatment = treatment(&tag, self.shortcodes);
        if let Treatment::Mapped(shortcode, closes) = treatment {
            return self.mapped(tag, shortcode, closes);
        }
        // What is understood is no loss; what falls through is told.
        match treatment {
            Treatment::RemoveTo(name) => {
                if let Some(end) = self.end_of(&tag, name) {
                    self.remove(tag.range.start..end.range.end);
                    return end.range.end;
                }
            }
            Treatment::VerbatimTo(name) => {
                if let Some(end) = self.end_of(&tag, name) {
                    self.remove(tag.range);
                    self.remove(end.range.clone());
                    return end.range.end;
                }
            }
            Treatment::CodeTo(name) => {
                if self.line_is_bare(tag.range.start)
                    && let Some(end) = self.end_of(&tag, name)
                {
                    let language = tag.rest.split_ascii_whitespace().next().unwrap_or("");
                    let language = language.trim_matches(|c: char| !c.is_ascii_alphanumeric());
                    self.replace(tag.range, format!("\n{FENCE}{language}\n"));
                    self.replace(end.range.clone(), format!("\n{FENCE}\n"));
                    return end.range.end;
                }
            }
            Treatment::Remove | Treatment::Mapped(..) => {}
        }
        // Its end is no tag of its own, unless nothing began it.
        if !tag.closing || !self.known.contains_key(&(tag.form, tag.name)) {
            self.count(tag.form, tag.name, &tag.range);
        }
        let end = tag.range.end;
        if tag.form == Form::Kramdown && tag.name == "toc" {
            self.remove_list_above(tag.range.start);
        }
        self.remove(tag.range);
        end
    }

    /// Puts a mark in the place of a call; returns where to go on.
    pub(super) fn call(&mut self, tag: CallTag) -> usize {
        let range = tag.range.clone();
        // In a block of HTML a line means nothing.
        let inside = self.layout.in_html(range.start);
        let alone = !inside && marks::stands_alone(self.text, self.line, &range);
        let block = tag.mapped || tag.form != calls::Form::Alone;
        if tag.form != calls::Form::Alone {
            self.called.insert(range.start - self.line, range.end);
        }
        if block && !inside && !alone && !tag.mapped {
            self.out.crowded.push(range.clone());
        }
        self.mark(Marked::Call(tag), &range, alone || (block && !inside));
        range.end
    }

    pub(super) fn mark(&mut self, marked: Marked, range: &Range<usize>, block: bool) {
        let number = self.out.marked.len();
        self.out.marked.push(marked);
        if block {
            self.out.edits.push(marks::on_its_own_line(number, self.text, self.line, range));
        } else {
            self.replace(range.clone(), marks::inline(number));
        }
    }

    /// Counts what became of nothing.
    pub(super) fn count(&mut self, form: Form, name: &'a str, range: &Range<usize>) {
        let index = *self.known.entry((form, name)).or_insert(self.out.found.len());
        if index == self.out.found.len() {
            let (_, open, close) = Form::ALL[form as usize];
            let shown = format!("{open} {name} {close}");
            let name = name.to_owned();
            self.out.found.push(Found { name, shown, first: range.clone(), count: 0 });
        }
        self.out.found[index].count += 1;
    }

    /// The first tag of a name and form after a tag.
    fn end_of(&mut self, tag: &Tag, name: &'static str) -> Option<Tag<'a>> {
        if self.endless.contains(&(tag.form, name)) {
            return None;
        }
        let mut at = tag.range.end;
        while let Some(next) = self.text[at..].find('{') {
            at += next;
            match tag_at(self.text, at) {
                Read::Tag(end)
                    if end.form == tag.form
                        && end.name == name
                        && (end.closing || end.form == Form::Liquid) =>
                {
                    return Some(end);
                }
                _ => at += 1,
            }
        }
        self.endless.push((tag.form, name));
        None
    }

    pub(super) fn replace(&mut self, range: Range<usize>, with: String) {
        self.out.edits.push(Edit { range, with: Cow::Owned(with) });
    }

    /// Takes a tag out so that its line means what it meant.
    pub(super) fn remove(&mut self, mut range: Range<usize>) {
        let bytes = self.text.as_bytes();
        let blank = |b: &u8| matches!(b, b' ' | b'\t');
        let after = bytes[range.end..].iter().take_while(|b| blank(b)).count() + range.end;
        if self.line_is_bare(range.start) {
            // Blanks left at the start of a line would turn it into code.
            range.end = after;
            if self.layout.in_html(range.start)
                && let Some(end) = line_end(bytes, after)
            {
                // A blank line would end the block of HTML.
                range = self.line.max(self.bare)..end;
            }
            self.bare = range.end;
        }
        let target = ends_with_target(&self.text[..range.start]);
        let alone =
            matches!(bytes.get(range.end), None | Some(b' ' | b'\t' | b'\n' | b'\r' | b')'));
        let with = if target && alone { Cow::Borrowed("<>") } else { Cow::Borrowed("") };
        self.out.edits.push(Edit { range, with });
    }

    /// Whether nothing stands before a place on its line, or all of it was taken out.
    fn line_is_bare(&self, at: usize) -> bool {
        self.text[self.line.max(self.bare)..at].trim().is_empty()
    }

    /// kramdown puts its table of contents in the place of the list before `{:toc}`.
    fn remove_list_above(&mut self, at: usize) {
        if self.line == 0 || !self.line_is_bare(at) {
            return;
        }
        let line = self.line - 1;
        let above = self.text[..line].rfind('\n').map_or(0, |at| at + 1);
        let item = self.text[above..line].trim_start();
        let marker = item.trim_start_matches(|c: char| c.is_ascii_digit());
        let done = self.out.edits.last().map_or(0, |edit| edit.range.end);
        if above >= done && marker.starts_with(['*', '-', '+', '.']) {
            self.replace(above..line, String::new());
        }
    }
}

const FENCE: &str = "``````````";

/// The end of a line, its break included, if nothing more stands on it.
fn line_end(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes[at..] {
        [] => Some(at),
        [b'\n', ..] => Some(at + 1),
        [b'\r', b'\n', ..] => Some(at + 2),
        _ => None,
    }
}
