//! Links and images: whether a target may stand, and how it is written.

use std::ops::Range;

use super::Options;
use super::body::{Image, Link, Shown};
use super::chunk::{Chunk, Hole};
use super::escape;
use super::findings::Findings;
use super::url::{self, Kind, Refused};
use crate::diagnostic::codes;

/// The links and images of a body, as they are found.
pub(super) struct Targets<'a> {
    pub links: Vec<Link>,
    pub images: Vec<Image>,
    options: &'a Options,
}

/// What is known of an image where it stands.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub src: String,
    pub alt: String,
    pub title: String,
    pub in_link: bool,
}

impl<'a> Targets<'a> {
    /// None as yet.
    pub fn new(options: &'a Options) -> Self {
        Self { links: Vec::new(), images: Vec::new(), options }
    }

    /// Notes a link and returns its number; `None` when its target cannot stand.
    pub fn link(&mut self, target: &str, span: Range<usize>) -> Result<usize, Refused> {
        let (target, kind) = url::classify(target)?;
        self.links.push(Link { target: target.into_owned(), kind, span });
        Ok(self.links.len() - 1)
    }

    /// Notes an image and returns its number; `span` is a range of the file.
    pub fn image(
        &mut self,
        image: Written,
        span: Range<usize>,
        findings: &mut Findings,
    ) -> Result<usize, Refused> {
        let (src, kind) = url::classify(&image.src)?;
        let shown = match kind {
            Kind::Local => Shown::Picture,
            Kind::Remote if self.allowed(&src) => Shown::Picture,
            Kind::Remote => {
                findings.push_original(
                    &codes::MARKDOWN_REMOTE_IMAGE,
                    span.clone(),
                    format!("this image lies on another site ({}) and became a link", url::host(&src)),
                    "put the picture beside the text, or name its host in `allow_hosts` in site.toml",
                );
                if image.in_link { Shown::Words } else { Shown::Link }
            }
            Kind::Part => return Err(Refused::Empty),
            Kind::Contact => {
                let scheme = src.split(':').next().unwrap_or("").to_ascii_lowercase();
                return Err(Refused::Scheme(scheme));
            }
        };
        let (src, alt, title) = (src.into_owned(), image.alt, image.title);
        self.images.push(Image { src, kind, alt, title, shown, span });
        Ok(self.images.len() - 1)
    }

    fn allowed(&self, src: &str) -> bool {
        let host = url::host(src);
        self.options.allow_hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(host))
    }

    /// Appends ` href="…"`.
    pub fn href(&self, chunk: &mut Chunk, index: usize) {
        chunk.raw(" href=\"");
        let link = &self.links[index];
        match link.kind {
            Kind::Local | Kind::Part => chunk.hole(Hole::Link(index)),
            Kind::Remote | Kind::Contact => escape::url(&mut chunk.html, &link.target),
        }
        chunk.raw("\"");
    }
}

/// Says why a target cannot stand; `span` is a range of the file.
pub(super) fn report(
    findings: &mut Findings,
    refused: &Refused,
    what: &str,
    became: &str,
    span: Range<usize>,
) {
    match refused {
        Refused::Empty => findings.push_original(
            &codes::MARKDOWN_EMPTY_TARGET,
            span,
            format!("this {what} has no target and became {became}"),
            "write where it leads, or take it out",
        ),
        Refused::Scheme(scheme) => findings.push_original(
            &codes::MARKDOWN_UNSAFE_URL,
            span,
            format!("`{scheme}:` is not allowed here: this {what} became {became}"),
            "use https:, http:, mailto:, tel: or a path within the site",
        ),
    }
}

/// Says that an image has no alternative text; `span` is a range of the file.
pub(super) fn report_no_alt(findings: &mut Findings, span: Range<usize>) {
    findings.push_original(
        &codes::MARKDOWN_IMAGE_WITHOUT_ALT,
        span,
        "this image has no alternative text".into(),
        "describe the picture for those who cannot see it: `![what it shows](picture.jpg)`",
    );
}
