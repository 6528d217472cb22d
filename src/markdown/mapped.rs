//! What `[shortcodes]` makes of a tag.
//!
//! Enters: a tag and what the site maps it to. Leaves: the edits that put a link,
//! a picture's mark or a component's in its place. Nothing is decided here that
//! a site could want otherwise.

use std::collections::HashMap;
use std::ops::Range;

use super::calls::{self, CallTag, Literal};
use super::foreign::Searcher;
use super::marks::{self, Marked};
use super::shortcodes::{self, Arguments, Shortcode};
use super::tags::{Read, Tag, ends_with_target, in_html_tag, tag_at};

impl CallTag {
    /// The call of a component for a tag at a place; its attributes are templates
    /// that the arguments fill, and one none of whose arguments is given is left out.
    pub(super) fn mapped(
        name: &str,
        form: calls::Form,
        attributes: &[(String, String)],
        arguments: &Arguments,
        range: &Range<usize>,
    ) -> Self {
        let filled = attributes.iter().filter_map(|(name, template)| {
            Some((name.clone(), Literal::Text(arguments.fill(template)?), range.clone()))
        });
        Self {
            form,
            name: name.to_owned(),
            name_at: range.clone(),
            attributes: filled.collect(),
            range: range.clone(),
            mapped: true,
        }
    }
}

impl<'a> Searcher<'a> {
    /// Puts a call around a text of its own in the place of a tag.
    fn enclose(&mut self, opening: CallTag, body: &str, closing: CallTag) {
        let range = opening.range.clone();
        let number = self.out.marked.len();
        self.out.marked.extend([Marked::Call(opening), Marked::Call(closing)]);
        self.out.edits.push(marks::around(number, body, self.text, self.line, &range));
    }

    /// Puts what a tag is mapped to in its place; returns where to go on.
    pub(super) fn mapped(&mut self, tag: Tag<'a>, shortcode: &'a Shortcode, closes: bool) -> usize {
        let end = tag.range.end;
        let arguments = Arguments::of(tag.rest);
        let before = &self.text[..tag.range.start];
        // Within a link's target or an attribute only an address can stand.
        let bare = ends_with_target(before) || in_html_tag(before);
        match shortcode {
            Shortcode::Component { name, attributes, body } if !bare => {
                let body = body.as_ref().filter(|_| !closes).and_then(|body| arguments.fill(body));
                let form = match closes {
                    true => calls::Form::Close,
                    false if tag.rest.ends_with('/') => calls::Form::Alone,
                    false if body.is_some() || self.is_ended(&tag) => calls::Form::Open,
                    false => calls::Form::Alone,
                };
                let call = |form, attributes| {
                    CallTag::mapped(name, form, attributes, &arguments, &tag.range)
                };
                let opening = call(form, attributes);
                match body {
                    Some(body) => self.enclose(opening, &body, call(calls::Form::Close, &[])),
                    None => return self.call(opening),
                }
            }
            Shortcode::Link { href: address, .. } | Shortcode::Image { src: address, .. }
                if bare && !closes =>
            {
                let address = shortcodes::address(&arguments.fill(address).unwrap_or_default());
                let empty = address.is_empty() && ends_with_target(before);
                self.replace(tag.range, if empty { "<>".into() } else { address });
            }
            Shortcode::Image { src, alt } if !closes => {
                let src = arguments.fill(src).unwrap_or_default();
                let alt = arguments.fill(alt).unwrap_or_default();
                let range = tag.range.clone();
                self.mark(Marked::Image { src, alt, range: tag.range }, &range, false);
            }
            Shortcode::Link { href, text } if !closes => {
                let href = shortcodes::address(&arguments.fill(href).unwrap_or_default());
                let text = text.as_ref().and_then(|text| arguments.fill(text));
                let text = shortcodes::literal(text.as_deref().unwrap_or(&href));
                self.replace(tag.range, format!("[{text}](<{href}>)"));
            }
            _ => self.remove(tag.range),
        }
        end
    }

    /// Whether some later tag ends what a tag may begin.
    fn is_ended(&mut self, tag: &Tag<'a>) -> bool {
        let (text, layout) = (self.text, self.layout);
        let ends = self.last_ends.get_or_insert_with(|| {
            let mut ends = HashMap::new();
            for (at, _) in text.match_indices('{') {
                if layout.hidden_end(at).is_none()
                    && let Read::Tag(tag) = tag_at(text, at)
                    && let (name, true) = tag.ends()
                {
                    ends.insert(name, at);
                }
            }
            ends
        });
        ends.get(tag.name).is_some_and(|end| *end > tag.range.start)
    }
}
