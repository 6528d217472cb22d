//! The inline half of the writer: links, images and raw HTML.

use std::ops::Range;

use pulldown_cmark::LinkType;

use super::HtmlPolicy;
use super::chunk::{Hold, Hole};
use super::math;
use super::targets;
use super::writer::{OpenLink, Writer};
use crate::diagnostic::codes;

impl Writer<'_, '_> {
    /// A paragraph of one image with a title is a figure.
    pub(super) fn end_paragraph(&mut self) {
        let alone = self.paragraph == self.chunk.html.len();
        self.paragraph = usize::MAX;
        if let Some(slot) = self.chunk.slots.last()
            && let Hole::Image(index) = slot.hole
            && alone
            && slot.at == self.chunk.html.len()
            && self.chunk.slots.iter().rev().nth(1).is_none_or(|before| before.at < slot.at)
            && !self.targets.images[index].title.is_empty()
        {
            let title = std::mem::take(&mut self.targets.images[index].title);
            self.chunk.take_element();
            self.chunk.html.truncate(self.chunk.html.len() - "<p>".len());
            self.chunk.raw("<figure>");
            self.chunk.element(Hold::Element, Hole::Image(index));
            self.chunk.raw("<figcaption>");
            self.chunk.text(&title);
            self.chunk.raw("</figcaption></figure>\n");
            return;
        }
        self.chunk.raw("</p>\n");
    }

    pub(super) fn open_link(
        &mut self,
        kind: LinkType,
        target: &str,
        title: &str,
        range: Range<usize>,
    ) {
        let span = self.findings.source.original(range.clone());
        let found = match kind {
            LinkType::Email => self.targets.link(&format!("mailto:{target}"), span),
            _ => self.targets.link(target, span),
        };
        let title = self.unmarked(title).into_owned();
        let written = match found {
            Ok(index) => {
                let targets = &self.targets;
                self.chunk.open("a", |chunk| {
                    targets.href(chunk, index);
                    if !title.is_empty() {
                        chunk.raw(" title=\"");
                        chunk.text(&title);
                        chunk.raw("\"");
                    }
                });
                true
            }
            Err(refused) => {
                let span = self.findings.source.original(range);
                targets::report(self.findings, &refused, "link", "plain text", span);
                false
            }
        };
        let (html, slots) = (self.chunk.html.len(), self.chunk.slots.len());
        self.link = Some(OpenLink { written, html, slots });
    }

    pub(super) fn close_link(&mut self, range: Range<usize>) {
        let Some(link) = self.link.take() else { return };
        let silent =
            self.chunk.slots.len() == link.slots && self.chunk.html[link.html..].trim().is_empty();
        if silent {
            self.findings.push(
                &codes::MARKDOWN_EMPTY_LINK,
                range,
                "this link has no text".into(),
                "say where it leads: `[text](target)`",
            );
        }
        if link.written {
            self.chunk.raw("</a>");
        }
    }

    pub(super) fn end_image(&mut self, range: Range<usize>) {
        match &mut self.image {
            Some((_, inside)) if *inside > 0 => *inside -= 1,
            _ => {
                let Some((image, _)) = self.image.take() else { return };
                self.heading_text(&image.alt);
                if image.alt.trim().is_empty() {
                    let span = self.findings.source.original(range.clone());
                    targets::report_no_alt(self.findings, span);
                }
                let alt = image.alt.clone();
                let span = self.findings.source.original(range.clone());
                match self.targets.image(image, span, self.findings) {
                    Ok(index) => self.chunk.element(Hold::Element, Hole::Image(index)),
                    Err(refused) => {
                        let span = self.findings.source.original(range);
                        targets::report(self.findings, &refused, "image", "its text", span);
                        self.chunk.text(&alt);
                    }
                }
            }
        }
    }

    /// Tells of a `$$` that opens no formula.
    pub(super) fn unclosed_formula(&mut self, text: &str, range: Range<usize>) {
        // The parser hands what opens nothing over sign by sign.
        let next = &self.findings.source.text[range.end..];
        if self.formulas_are_read && !self.in_code && text.ends_with('$') && next.starts_with('$') {
            self.findings.push(
                &codes::MARKDOWN_FORMULA,
                range.end - 1..range.end + 1,
                "`$$` opens no formula here; it stays as text".into(),
                "close it with `$$` in the same paragraph, and each `{` in it with a `}`; where no formula is meant, write `\\$\\$`",
            );
        }
    }

    /// Reports a link or image that the parser left as text because a space ends a target.
    pub(super) fn space_in_target(&mut self, range: Range<usize>) {
        let (before, rest) = self.findings.source.text.split_at(range.start);
        let is_escaped = before.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
        let Some(target) = rest.strip_prefix("](").and_then(|rest| rest.lines().next()) else {
            return;
        };
        let Some((target, _)) = target.split_once(')').filter(|_| !self.in_code && !is_escaped)
        else {
            return;
        };
        let suffix = target.rsplit_once('.').map_or("", |(_, suffix)| suffix);
        let is_file = (2..=5).contains(&suffix.len())
            && suffix.starts_with(char::is_alphabetic)
            && suffix.chars().all(char::is_alphanumeric);
        if !is_file || !target.contains(' ') || target.contains(['<', '"', '\'', '(']) {
            return;
        }
        self.findings.push(
            &codes::MARKDOWN_SPACE_IN_TARGET,
            range.start + 2..range.start + 2 + target.len(),
            format!("a space ends a target, so `{target}` is shown as text"),
            &format!("write `<{target}>`, or rename the file"),
        );
    }

    /// A formula; what cannot be read as one is shown as it was written.
    pub(super) fn math(&mut self, latex: &str, block: bool, range: Range<usize>) {
        let dollars = if block { "$$" } else { "$" };
        let written = format!("{dollars}{latex}{dollars}");
        // `$5-$10` are two prices.
        let price =
            self.findings.source.text[range.end..].starts_with(|c: char| c.is_ascii_digit());
        if self.image.is_some() || price {
            return self.text(&written);
        }
        match math::formula(latex, block) {
            Ok(formula) => {
                self.heading_text(&formula.text);
                self.chunk.element(Hold::Element, Hole::Formula(self.formulas.len()));
                self.formulas.push(formula);
            }
            Err(reason) => {
                self.findings.push(
                    &codes::MARKDOWN_FORMULA,
                    range,
                    format!("this formula cannot be drawn: {reason}"),
                    "mend the LaTeX; where no formula is meant, write `\\$` for the sign",
                );
                self.code(&written);
            }
        }
    }

    pub(super) fn raw_html(&mut self, html: &str, range: Range<usize>) {
        self.html_with_marks(html, range.start, false);
    }

    pub(super) fn inline_html(&mut self, html: &str, range: Range<usize>) {
        if self.image.is_some() {
            return;
        }
        if is_break(html) {
            self.heading_text(" ");
            return self.chunk.raw("<br>");
        }
        match self.html {
            _ if self.is_marks(&range) => self.html_with_marks(html, range.start, true),
            HtmlPolicy::Escape => self.text(html),
            policy => {
                self.raw.begin(&self.chunk);
                self.raw.push(html, range.start, &mut self.chunk);
                self.raw.end(policy, &mut self.chunk, self.findings);
            }
        }
    }
}

/// Whether raw HTML is a mere `<br>`, which needs no sanitiser.
fn is_break(html: &str) -> bool {
    let name = html.trim_start_matches('<').trim_end_matches(['>', '/', ' ']);
    name.eq_ignore_ascii_case("br")
}
