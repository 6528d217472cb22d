//! The frame of every page: the site as one page sees it, and the page itself.

use serde::Serialize;

/// The site, as one page sees it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Site {
    /// Title in the page's language, if it has one in that.
    pub title: String,
    /// The language of the title, if it is another.
    pub title_lang: Option<String>,
    /// Description in the page's language, if it has one in that.
    pub description: Option<String>,
    /// The language of the description, if it is another.
    pub description_lang: Option<String>,
    /// The page's language.
    pub lang: String,
    /// Absolute address of the site, with a slash at its end.
    pub url: String,
    /// `/`, or `/repo/` below a path.
    pub base_path: String,
    /// The front page in the page's language.
    pub home_url: String,
    /// The picture in the head of each page.
    pub logo: Option<String>,
    /// The search page in the page's language, if there is one.
    pub search_url: Option<String>,
    /// The folder of the search pack, if there is search.
    pub search_pack: Option<String>,
    /// The description by which a browser offers the site's search, if there is search.
    pub opensearch_url: Option<String>,
    /// The web manifest.
    pub manifest_url: Option<String>,
    /// The languages of the site, in its order, if there are two or more.
    pub languages: Vec<LanguageLink>,
    /// The main menu.
    pub navigation: Vec<NavItem>,
    /// The foot of every page.
    pub footer: Footer,
    /// Who paid.
    pub funding: Option<Funding>,
    /// Of the content, where an entry says nothing else.
    pub licence: Option<Licence>,
    /// Who publishes.
    pub publisher: Option<Publisher>,
    /// Where to ask about what names no contact of its own.
    pub contact: Option<Link>,
    /// `Exempla 0.1.0`.
    pub generator: String,
}

/// A language, and this page in it (or its nearest page, the language's home).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LanguageLink {
    /// BCP 47 tag.
    pub code: String,
    /// In its own words: `Italiano`.
    pub name: String,
    /// Where to go.
    pub url: String,
    /// If this page is not in that language, what is there instead, in its words.
    pub instead: Option<String>,
    /// Whether it is this page's.
    pub current: bool,
}

/// An item of the main menu. One with children needs no address of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct NavItem {
    /// What it says.
    pub label: String,
    /// The language of that, if it is not the page's.
    pub lang: Option<String>,
    /// Where it leads.
    pub url: Option<String>,
    /// Whether this page is it.
    pub current: bool,
    /// Its sub-menu.
    pub children: Vec<NavItem>,
}

/// A picture by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Picture {
    /// Its absolute address.
    pub url: String,
    /// Pixels.
    pub width: Option<u32>,
    /// Pixels.
    pub height: Option<u32>,
}

/// A link.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Link {
    /// What it says.
    pub label: String,
    /// The language of that, if it is known to be another than the page's.
    pub lang: Option<String>,
    /// Where it leads; the last breadcrumb leads nowhere.
    pub url: Option<String>,
}

impl Link {
    /// A link in the page's language.
    pub fn new(label: impl Into<String>, url: Option<String>) -> Self {
        Self { label: label.into(), lang: None, url }
    }
}

/// The foot of every page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Footer {
    /// A sentence or two on what the site is for.
    pub mission: Option<String>,
    /// The language of that, if it is not the page's.
    pub mission_lang: Option<String>,
    /// Columns of links.
    pub columns: Vec<FooterColumn>,
}

/// A column of links in the foot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FooterColumn {
    /// Its heading.
    pub title: String,
    /// The language of that, if it is not the page's.
    pub lang: Option<String>,
    /// Its links.
    pub links: Vec<Link>,
}

/// The funding block.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Funding {
    /// `Horizon 2020`.
    pub programme: Option<String>,
    /// Number of the grant agreement.
    pub grant: Option<String>,
    /// `eu`: the European flag.
    pub emblem: Option<String>,
    /// The sentence that the grant asks for.
    pub statement: Option<String>,
    /// What the funder is not answerable for.
    pub disclaimer: Option<String>,
}

/// A licence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Licence {
    /// SPDX id.
    pub id: String,
    /// Its name.
    pub label: String,
    /// Its text.
    pub url: Option<String>,
}

/// Who publishes the site.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Publisher {
    /// Name.
    pub name: String,
    /// Home page.
    pub url: Option<String>,
    /// Role mailbox.
    pub email: Option<String>,
}

/// The frame of a page.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Page {
    /// `home`, `list`, `entry`, `term`, `static-page`, `search`, `404` or `redirect`.
    pub kind: String,
    /// The template it is rendered with.
    pub template: String,
    /// Path from the root of the host.
    pub url: String,
    /// Absolute address; a redirect's is its target's.
    pub canonical: String,
    /// For the window and for others that link here, without the site's title.
    pub title: String,
    /// One or two sentences, for the same.
    pub description: Option<String>,
    /// BCP 47.
    pub lang: String,
    /// `ltr` or `rtl`.
    pub dir: String,
    /// From home to here; the last is this page, without address.
    pub breadcrumbs: Vec<Link>,
    /// The same page in other languages, with absolute addresses.
    pub alternates: Vec<Alternate>,
    /// Feeds that a reader may follow from here.
    pub feeds: Vec<Feed>,
    /// A picture that stands for the page where a link to it is shown.
    pub image: Option<Picture>,
    /// JSON-LD, already safe inside a script element.
    pub json_ld: Option<String>,
    /// What else the head says about the page, to reference managers and to
    /// those who show a link to it.
    pub meta: Vec<Meta>,
    /// Whether search engines should leave it out.
    pub noindex: bool,
}

/// A `meta` element.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Meta {
    /// The attribute that holds its name: `name`, or `property` (OpenGraph).
    pub attribute: String,
    /// `citation_title`, `og:locale`, …
    pub name: String,
    /// What it says.
    pub content: String,
}

/// The same page in another language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Alternate {
    /// BCP 47.
    pub lang: String,
    /// In its own words.
    pub name: String,
    /// Absolute address.
    pub url: String,
}

/// A feed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Feed {
    /// What it carries.
    pub title: String,
    /// Where it is.
    pub url: String,
    /// Media type.
    #[serde(rename = "type")]
    pub media_type: String,
}
