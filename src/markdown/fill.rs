//! Fills the holes of a body: the last step, done for each page anew.

use super::body::{Body, Cut, Html, Shown};
use super::calls::{Literal, Role};
use super::chunk::Hole;
use super::escape;
use super::resolve::{Filled, ImageView, Label, Resolve};
use super::url::{self, Kind};

impl Body {
    /// Appends a stretch of the body with its holes filled.
    pub(super) fn fill(&self, out: &mut String, from: Cut, to: Cut, resolve: &dyn Resolve) {
        let Html { html, slots, .. } = self.html();
        let mut done = from.html;
        // Where the bodies of components begin that are not yet written.
        let mut open = Vec::new();
        for slot in &slots[from.slot..to.slot] {
            out.push_str(&html[done..slot.at]);
            done = slot.at;
            match slot.hole {
                Hole::CallOpen(index) => open.push((index, out.len())),
                Hole::CallClose(index) => {
                    if let Some((_, start)) = open.pop_if(|(opened, _)| *opened == index) {
                        let inner = out.split_off(start);
                        out.push_str(&self.component(index, &inner, resolve));
                    }
                }
                hole => self.fill_slot(out, hole, resolve),
            }
        }
        out.push_str(&html[done..to.html]);
    }

    fn fill_slot(&self, out: &mut String, hole: Hole, resolve: &dyn Resolve) {
        let label = |out: &mut String, label| escape::html(out, &resolve.label(label));
        match hole {
            Hole::Link(index) => self.fill_link(out, index, resolve),
            Hole::Image(index) => self.fill_image(out, index, resolve),
            Hole::HeadingOpen(index) => {
                let heading = &self.outline.headings[index];
                let level = (b'0' + heading.level) as char;
                out.extend(["<h", level.encode_utf8(&mut [0; 4]), " id=\""]);
                escape::html(out, &heading.id);
                if !heading.class.is_empty() {
                    out.push_str("\" class=\"");
                    escape::html(out, &heading.class);
                }
                out.push_str("\">");
            }
            Hole::HeadingClose(index) => {
                let heading = &self.outline.headings[index];
                out.push_str("<a class=\"anchor\" href=\"#");
                escape::url(out, &heading.id);
                out.push_str("\" aria-label=\"");
                label(out, Label::Anchor);
                out.push_str(": ");
                escape::html(out, &heading.text);
                let level = (b'0' + heading.level) as char;
                out.extend(["\"></a></h", level.encode_utf8(&mut [0; 4]), ">"]);
            }
            Hole::Note { note, nth } => {
                let suffix = nth_suffix(nth);
                out.push_str(&format!(
                    "<sup class=\"footnote-ref\"><a href=\"#fn:{note}\" id=\"fnref:{note}{suffix}\" role=\"doc-noteref\">{note}</a></sup>"
                ));
            }
            Hole::Back { note, nth } => {
                let suffix = nth_suffix(nth);
                out.push_str(&format!(
                    " <a class=\"footnote-back\" href=\"#fnref:{note}{suffix}\" role=\"doc-backlink\" aria-label=\""
                ));
                label(out, Label::Back);
                out.push_str(&format!(" {note}{suffix}\">\u{21A9}\u{FE0E}</a>"));
            }
            Hole::Task(done) => {
                out.push_str("<input class=\"task\" type=\"checkbox\" disabled");
                out.push_str(if done { " checked aria-label=\"" } else { " aria-label=\"" });
                label(out, if done { Label::Done } else { Label::ToDo });
                out.push_str("\">");
            }
            Hole::Formula(index) => out.push_str(&self.html().formulas[index].mathml),
            Hole::Label(wanted) => label(out, wanted),
            // Written around what stands between them.
            Hole::CallOpen(_) | Hole::CallClose(_) => {}
        }
    }

    /// The HTML of a call, around what it encloses.
    fn component(&self, index: usize, inner: &str, resolve: &dyn Resolve) -> String {
        let call = &self.html().calls[index];
        let mut picture = String::new();
        let mut attributes = Vec::with_capacity(call.attributes.len());
        for attribute in &call.attributes {
            let value = match attribute.role {
                Role::Plain | Role::Entry(_) => attribute.value.clone(),
                Role::Refused => Literal::Text(String::new()),
                Role::Link(index) => Literal::Text(self.link_url(index, resolve)),
                Role::Picture(index) => {
                    if picture.is_empty() {
                        self.fill_image(&mut picture, index, resolve);
                    }
                    Literal::Text(self.image_url(index, resolve))
                }
            };
            attributes.push((attribute.name.as_str(), value));
        }
        let body = call.body.then(|| inner.trim().to_owned());
        resolve.component(call, Filled { attributes, picture, body })
    }

    /// The address of a link; empty when it leads nowhere on purpose.
    fn link_url(&self, index: usize, resolve: &dyn Resolve) -> String {
        let link = &self.outline.links[index];
        let found = match link.kind {
            Kind::Local | Kind::Part => resolve.link(index, &link.target),
            Kind::Remote | Kind::Contact => None,
        };
        match found.as_deref() {
            Some("") => String::new(),
            // A resolver answers from data that editors wrote, too.
            Some(found) => {
                url::classify(found).map_or(link.target.clone(), |(url, _)| url.into_owned())
            }
            None => link.target.clone(),
        }
    }

    /// The address of a picture; empty when it may not be shown.
    fn image_url(&self, index: usize, resolve: &dyn Resolve) -> String {
        let image = &self.outline.images[index];
        let view = match (image.shown, image.kind) {
            (Shown::Link | Shown::Words, _) => return String::new(),
            (Shown::Picture, Kind::Local) => resolve.image(index, &image.src),
            (Shown::Picture, _) => None,
        };
        view.map_or(image.src.clone(), |view| view.url)
    }

    fn fill_link(&self, out: &mut String, index: usize, resolve: &dyn Resolve) {
        let found = self.link_url(index, resolve);
        if found.is_empty()
            && let Some(before) = out.strip_suffix(" href=\"")
        {
            // A link that leads nowhere on purpose, as HTML has it: without an address.
            out.truncate(before.len());
            return out.push_str(" role=\"link\" aria-disabled=\"true");
        }
        escape::url(out, &found);
    }

    fn fill_image(&self, out: &mut String, index: usize, resolve: &dyn Resolve) {
        let image = &self.outline.images[index];
        match image.shown {
            Shown::Words => return escape::html(out, &image.alt),
            Shown::Link => {
                out.push_str("<a href=\"");
                escape::url(out, &image.src);
                out.push_str("\">");
                let bare = image.alt.trim().is_empty();
                escape::html(out, if bare { &image.src } else { &image.alt });
                return out.push_str("</a>");
            }
            Shown::Picture => {}
        }
        let view = match image.kind {
            Kind::Local => resolve.image(index, &image.src),
            _ => None,
        };
        out.push_str("<img src=\"");
        match view.as_ref().map(|view| url::classify(&view.url)) {
            Some(Ok((url, _))) => escape::url(out, &url),
            _ => escape::url(out, &image.src),
        }
        out.push_str("\" alt=\"");
        escape::html(out, &image.alt);
        if !image.title.is_empty() {
            out.push_str("\" title=\"");
            escape::html(out, &image.title);
        }
        if let Some(ImageView { srcset: Some(srcset), sizes, .. }) = &view {
            out.push_str("\" srcset=\"");
            escape::html(out, srcset);
            out.extend(["\" sizes=\"", sizes]);
        }
        out.push('"');
        if let Some(ImageView { width: Some(width), height: Some(height), .. }) = view {
            out.push_str(&format!(" width=\"{width}\" height=\"{height}\""));
        }
        out.push_str(" loading=\"lazy\" decoding=\"async\">");
    }
}

fn nth_suffix(nth: usize) -> String {
    if nth == 0 { String::new() } else { format!(":{}", nth + 1) }
}
