//! Puts the held parts back into sanitised HTML.
//!
//! Enters: HTML as a serialiser wrote it (well-formed, attributes in double
//! quotes) with marks in it. Leaves: a chunk whose links and images, those of
//! the editors' HTML too, are holes. A mark inside a tag is dropped: there it
//! could break out of an attribute.

use super::body::Cut;
use super::chunk::{Chunk, Hold, Hole, Slot};
use super::escape;
use super::findings::Findings;
use super::inspect::RawHtml;
use super::outline::Ids;
use super::raw::{self, Tag};
use super::resolve::Label;
use super::sanitise::{MARK, MARK_END};
use super::targets::{Targets, Written};

/// What restoring needs to know, and may add to.
pub(super) struct Restore<'a, 'f, 'r> {
    /// What the writer wrote: the held parts.
    pub written: &'r Chunk,
    pub targets: &'r mut Targets<'a>,
    pub ids: &'r mut Ids,
    pub raw: &'r RawHtml,
    pub findings: &'r mut Findings<'f>,
}

/// The body with everything in its place.
pub(super) struct Restored {
    pub chunk: Chunk,
    /// Where the footnotes begin.
    pub notes: Cut,
    /// Whether each heading is inside another element; `None` for one that was lost.
    pub nested: Vec<Option<bool>>,
}

/// An element that is open in the output.
struct Open<'h> {
    name: &'h str,
    /// Where its start tag begins, and how many slots stand before it.
    at: Cut,
    /// Whether its attributes are ours.
    ours: bool,
    /// What stands for its end tag, if not the tag.
    end: Option<Hole>,
    /// Whether we put a scrolling box around it.
    boxed: bool,
}

struct Run<'h, 'c, 'a, 'f, 'r> {
    html: &'h str,
    context: &'c mut Restore<'a, 'f, 'r>,
    used: Vec<bool>,
    next_target: usize,
    open: Vec<Open<'h>>,
    /// Open links, tables, and code, which change what stands in them.
    links: usize,
    tables: usize,
    code: usize,
    out: Restored,
}

impl Restore<'_, '_, '_> {
    /// Restores `headings` headings and all else in sanitised HTML.
    pub fn run(&mut self, html: &str, headings: usize) -> Restored {
        let out = Restored {
            chunk: Chunk { html: String::with_capacity(html.len()), ..Chunk::default() },
            notes: Cut::default(),
            nested: vec![None; headings],
        };
        let used = vec![false; self.written.held.len()];
        let (open, next_target) = (Vec::new(), 0);
        let (links, tables, code) = (0, 0, 0);
        let mut run =
            Run { html, context: self, used, next_target, open, links, tables, code, out };
        run.all();
        run.out
    }
}

impl<'h> Run<'h, '_, '_, '_, '_> {
    fn all(&mut self) {
        let html = self.html;
        let mut at = 0;
        while let Some(len) = html[at..].find(['<', MARK, MARK_END]) {
            self.text(&html[at..at + len]);
            at += len;
            at += match html[at..].chars().next() {
                Some('<') => self.tag(at),
                Some(MARK) => self.mark(&html[at..]),
                other => other.map_or(1, char::len_utf8),
            };
        }
        self.text(&html[at..]);
        let notes = &mut self.out.notes;
        if *notes == Cut::default() {
            *notes = Cut { html: self.out.chunk.html.len(), slot: self.out.chunk.slots.len() };
        }
    }

    fn text(&mut self, text: &str) {
        if self.code > 0 {
            self.out.chunk.raw(text);
        } else {
            braces(&mut self.out.chunk.html, text);
        }
    }

    /// Writes the tag at a place; returns its length.
    fn tag(&mut self, at: usize) -> usize {
        let Some(tag) = raw::tag_at(self.html, at) else {
            self.out.chunk.raw("&lt;");
            return 1;
        };
        let len = tag.range.len();
        match (tag.closing, tag.name) {
            (true, _) => self.close(tag.name),
            (false, "img") => self.image(&tag),
            (false, _) => self.open(&tag),
        }
        len
    }

    fn open(&mut self, tag: &Tag<'h>) {
        let name = tag.name;
        let boxed = name == "table"
            && self.tables == 0
            && !self.open.last().is_some_and(|parent| parent.ours && parent.name == "div");
        let out = &mut self.out.chunk;
        if boxed {
            out.raw("<div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
            out.hole(Hole::Label(Label::Table));
            out.raw("\">");
        }
        let at = Cut { html: out.html.len(), slot: out.slots.len() };
        out.raw("<");
        out.raw(name);
        for attribute in tag.attributes() {
            self.attribute(name, attribute.name, attribute.value);
        }
        self.out.chunk.raw(">");
        if !matches!(name, "br" | "hr" | "wbr" | "col") {
            self.count(name, 1);
            self.open.push(Open { name, at, ours: false, end: None, boxed });
        }
    }

    fn close(&mut self, name: &str) {
        let Some(open) = self.open.pop() else { return };
        debug_assert_eq!(open.name, name, "a serialiser closes what it opened last");
        self.count(open.name, -1);
        let out = &mut self.out.chunk;
        match open.end {
            Some(hole) => out.hole(hole),
            None => out.html.extend(["</", open.name, ">"]),
        }
        if open.boxed {
            out.raw("</div>");
        }
    }

    fn count(&mut self, name: &str, by: isize) {
        let count = match name {
            "a" => &mut self.links,
            "table" => &mut self.tables,
            "code" | "pre" => &mut self.code,
            _ => return,
        };
        *count = count.saturating_add_signed(by);
    }

    fn attribute(&mut self, element: &str, name: &str, value: &str) {
        let value = escape::unescape(value).replace([MARK, MARK_END], "");
        let out = &mut self.out.chunk;
        match (element, name) {
            (_, "id") if !self.context.ids.claim(&value) => return,
            ("a", "href") => {
                let span = self.span(&value);
                if let Ok(index) = self.context.targets.link(&value, span) {
                    self.context.targets.href(&mut self.out.chunk, index);
                }
                return;
            }
            _ => {}
        }
        out.html.extend([" ", name, "=\""]);
        escape::html(&mut out.html, &value);
        out.raw("\"");
    }

    fn image(&mut self, tag: &Tag) {
        let mut image = Written { in_link: self.links > 0, ..Written::default() };
        for attribute in tag.attributes() {
            let value = escape::unescape(attribute.value).replace([MARK, MARK_END], "");
            match attribute.name {
                "src" => image.src = value,
                "alt" => image.alt = value,
                "title" => image.title = value,
                _ => {}
            }
        }
        let (alt, span) = (image.alt.clone(), self.span(&image.src));
        match self.context.targets.image(image, span, self.context.findings) {
            Ok(index) => self.out.chunk.hole(Hole::Image(index)),
            Err(_) => self.out.chunk.text(&alt),
        }
    }

    /// Where a target stands in the file. Targets come in order, but some were
    /// dropped, and a parser writes a link anew in each block that it spans.
    fn span(&mut self, target: &str) -> std::ops::Range<usize> {
        const WINDOW: usize = 1000;
        let targets = &self.context.raw.targets;
        let next = self.next_target;
        let window = next.saturating_sub(WINDOW)..targets.len().min(next + WINDOW);
        let is_it = |index: &usize| targets[*index].0 == target;
        let ahead = (next..window.end).find(is_it);
        match ahead.or_else(|| (window.start..next).rev().find(is_it)) {
            Some(index) => {
                self.next_target = next.max(index + 1);
                targets[index].1.clone()
            }
            None => self.context.findings.source.original(0..0),
        }
    }

    /// Puts back the held part of a mark; returns the length of the mark.
    fn mark(&mut self, html: &str) -> usize {
        let start = MARK.len_utf8();
        let digits = html[start..].bytes().take_while(u8::is_ascii_digit).count();
        let end = start + digits;
        if !html[end..].starts_with(MARK_END) {
            return start;
        }
        let number = html[start..end].parse::<usize>().ok();
        if let Some(number) = number.filter(|number| self.used.get(*number) == Some(&false)) {
            self.used[number] = true;
            self.restore(number);
        }
        end + MARK_END.len_utf8()
    }

    fn restore(&mut self, number: usize) {
        let written = self.context.written;
        let held = &written.held[number];
        let slots = &written.slots[held.slots.clone()];
        match held.hold {
            Hold::Element => {
                let at = self.out.chunk.html.len();
                self.out.chunk.slots.extend(slots.iter().map(|slot| Slot { at, hole: slot.hole }));
            }
            Hold::Attributes => {
                let before = &written.html[..held.html.start];
                let name = &before[before.rfind('<').map_or(0, |at| at + 1)..];
                let Some(index) = self.nearest(name) else { return };
                let at = self.open[index].at;
                let from = at.html + 1 + name.len();
                let new = slots
                    .iter()
                    .map(|slot| Slot { at: slot.at - held.html.start + from, hole: slot.hole });
                self.splice(index, from..from, &written.html[held.html.clone()], new.collect());
                self.open[index].ours = true;
                if name == "section" && index == 0 {
                    self.out.notes = at;
                }
            }
            Hold::HeadingOpen(level) => {
                if let Some(&Slot { hole: hole @ Hole::HeadingOpen(heading), .. }) = slots.first()
                    && let Some(index) =
                        self.replace(&format!("h{level}"), hole, Hole::HeadingClose(heading))
                {
                    self.out.nested[heading] = Some(index > 0);
                }
            }
            Hold::CallOpen => {
                if let Some(&Slot { hole: hole @ Hole::CallOpen(call), .. }) = slots.first() {
                    self.replace("div", hole, Hole::CallClose(call));
                }
            }
            Hold::HeadingClose(_) | Hold::CallClose => {}
        }
    }

    /// Puts holes in the place of an open element's tags; returns which it was.
    fn replace(&mut self, name: &str, start: Hole, end: Hole) -> Option<usize> {
        let index = self.nearest(name)?;
        let at = self.open[index].at.html;
        self.splice(index, at..at + name.len() + 2, "", vec![Slot { at, hole: start }]);
        self.open[index].end = Some(end);
        Some(index)
    }

    /// The innermost open element of a name that has nothing of ours yet.
    fn nearest(&self, name: &str) -> Option<usize> {
        self.open.iter().rposition(|open| open.name == name && !open.ours && open.end.is_none())
    }

    /// Replaces a part of an open element's start tag, and moves what comes after it.
    fn splice(&mut self, index: usize, range: std::ops::Range<usize>, with: &str, new: Vec<Slot>) {
        let out = &mut self.out.chunk;
        let slot = self.open[index].at.slot;
        let moved = |at: usize| at + with.len() - range.len();
        for later in &mut out.slots[slot..] {
            later.at = moved(later.at);
        }
        for inner in &mut self.open[index + 1..] {
            inner.at = Cut { html: moved(inner.at.html), slot: inner.at.slot + new.len() };
        }
        out.html.replace_range(range, with);
        out.slots.splice(slot..slot, new);
    }
}

/// Appends sanitised text, in which `{{` and `{%` are not left to look like tags.
fn braces(out: &mut String, text: &str) {
    let bytes = text.as_bytes();
    let mut done = 0;
    for (at, _) in text.match_indices('{') {
        if matches!(bytes.get(at + 1), Some(b'{' | b'%')) {
            out.push_str(&text[done..at]);
            out.push_str("&#123;");
            done = at + 1;
        }
    }
    out.push_str(&text[done..]);
}
