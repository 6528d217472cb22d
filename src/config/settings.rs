//! What `site.toml` settles besides the model.

use super::BaseUrl;
use crate::diagnostic::Level;
use crate::markdown::{self, HtmlPolicy, Shortcodes};
use crate::pictures;
use crate::raw::Span;
use crate::schema::{Localised, Sort};
use indexmap::IndexMap;
use std::collections::BTreeMap;

/// The settings of a site, each with its default where `site.toml` is silent.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The site's name.
    pub title: Localised,
    /// A sentence about it.
    pub description: Localised,
    /// Where it is published.
    pub base_url: BaseUrl,
    /// Its languages; the first is the default and has no prefix in URLs.
    pub languages: Vec<String>,
    /// The theme's name.
    pub theme: String,
    /// The content folder, relative to the site's root or absolute.
    pub content: String,
    /// Globs over content paths that are not read.
    pub ignore: Vec<String>,
    /// What an entry with errors does to a build.
    pub on_bad_entry: OnBadEntry,
    /// What becomes of raw HTML in bodies.
    pub html: HtmlPolicy,
    /// Whether `$…$` in texts is a formula in LaTeX.
    pub math: bool,
    /// Hosts whose images may be embedded.
    pub allow_hosts: Vec<String>,
    /// Which copies of pictures are published.
    pub images: pictures::Settings,
    /// The SPDX id of the content's licence.
    pub licence: Option<String>,
    /// Whether the site has a search page and its pack.
    pub search: bool,
    /// Cards on one page of a list.
    pub per_page: usize,
    /// Whether git is asked when entries were last changed.
    pub git: bool,
    /// Where a visitor can suggest a change; `{path}` is the entry's file below the
    /// site's folder, `{file}` the same below the content folder.
    pub edit_url: Option<String>,
    /// Who publishes the site.
    pub publisher: Option<Publisher>,
    /// Where visitors ask about what names no contact of its own.
    pub contact: Option<Link>,
    /// The menu.
    pub navigation: Vec<Link>,
    /// The footer's words on what the site is for.
    pub mission: Localised,
    /// The footer's columns of links.
    pub footer: Vec<FooterColumn>,
    /// Who paid.
    pub funding: Option<Funding>,
    /// Lists that templates may show, by name.
    pub lists: IndexMap<String, DeclaredList>,
    /// The front page.
    pub home: Home,
    /// Levels of findings; `None` turns one off.
    pub levels: BTreeMap<&'static str, Option<Level>>,
    /// What tags of other generators are mapped to.
    pub shortcodes: Shortcodes,
    /// Where `[shortcodes]` names components, and which.
    pub mapped_components: Vec<(String, Span)>,
}

impl Settings {
    /// How the texts of this site are read.
    pub fn markdown_options(&self) -> markdown::Options {
        markdown::Options {
            html: self.html,
            math: self.math,
            allow_hosts: self.allow_hosts.clone(),
            shortcodes: self.shortcodes.clone(),
            ..markdown::Options::default()
        }
    }

    /// The language of pages without a prefix.
    pub fn default_language(&self) -> &str {
        self.languages.first().map_or("en", String::as_str)
    }

    /// The language of the site that a tag means: the same tag whatever its case
    /// and hyphens, else the only one that is wider or narrower (`en-GB`, where
    /// the site has `en`; `zh`, where it has `zh-hans`).
    pub fn language(&self, tag: &str) -> Option<&str> {
        let tag = tag.replace('_', "-").to_ascii_lowercase();
        let tags = || self.languages.iter().map(|own| (own.to_ascii_lowercase(), own.as_str()));
        if let Some((_, same)) = tags().find(|(own, _)| *own == tag) {
            return Some(same);
        }
        let within = |a: &str, b: &str| a.strip_prefix(b).is_some_and(|rest| rest.starts_with('-'));
        let mut near = tags().filter(|(own, _)| within(own, &tag) || within(&tag, own));
        near.next().filter(|_| near.next().is_none()).map(|(_, own)| own)
    }

    /// What stands before a page's path in a language: nothing, or `it/`.
    pub fn prefix(&self, lang: &str) -> String {
        if lang == self.default_language() { String::new() } else { format!("{lang}/") }
    }
}

/// What an entry with errors does to a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnBadEntry {
    /// Nothing is written.
    Stop,
    /// The entry is left out and named, and the build goes on.
    Skip,
}

/// Who publishes the site.
#[derive(Debug, Clone, Default)]
pub struct Publisher {
    /// The name.
    pub name: Localised,
    /// The web address.
    pub url: Option<String>,
    /// A mail address.
    pub email: Option<String>,
}

/// A link of the menu or the footer.
#[derive(Debug, Clone)]
pub struct Link {
    /// Its words; empty means the title of what it points at.
    pub label: Localised,
    /// Where it leads.
    pub target: LinkTarget,
    /// The sub-menu.
    pub children: Vec<Link>,
    /// Where it is written.
    pub span: Span,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkTarget {
    /// An address: absolute, or a path within the site.
    Url(String),
    /// An entry, by id or path.
    Entry(String),
    /// The list of a type.
    Type(String),
    /// Nowhere: a heading of a sub-menu.
    None,
}

/// A column of the footer.
#[derive(Debug, Clone)]
pub struct FooterColumn {
    /// Its heading.
    pub title: Localised,
    /// Its links.
    pub links: Vec<Link>,
}

/// The programme that paid for the work.
#[derive(Debug, Clone)]
pub struct Funding {
    /// The programme's name.
    pub programme: Localised,
    /// The grant's number.
    pub grant: Option<String>,
    /// `eu` draws the emblem of the European Union.
    pub emblem: Option<String>,
    /// The sentence that the grant requires.
    pub statement: Localised,
    /// Who is not responsible for what.
    pub disclaimer: Localised,
}

/// What the front page shows.
#[derive(Debug, Clone, Default)]
pub struct Home {
    /// The line under the title; the site's description if empty.
    pub intro: Localised,
    /// Its blocks, in order.
    pub blocks: Vec<String>,
    /// Headings of blocks that are not to have their own, by block.
    pub titles: IndexMap<String, Localised>,
}

/// A list of cards declared in configuration and computed once.
#[derive(Debug, Clone)]
pub struct DeclaredList {
    /// Its heading.
    pub title: Localised,
    /// The types it draws from; empty means all.
    pub types: Vec<String>,
    /// Only entries whose field has one of these values.
    pub filter: Vec<(String, Vec<String>)>,
    /// Its order.
    pub sort: Sort,
    /// How many cards at most.
    pub limit: usize,
}
