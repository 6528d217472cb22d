//! A site's themes, ready for use: compiled templates and named static files.
//!
//! Enters: the files of the chain of themes. Leaves: a [`ThemeSet`], which any
//! number of renderers may share, or findings that say why the theme is of no use.

use super::site::ASSETS;
use super::{Assets, Engine, Theme, appearance, texts};
use crate::config::{Site, ThemeFiles};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::raw::reader::suggest;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The templates and static files of a chain of themes.
#[derive(Clone)]
pub struct ThemeSet {
    pub(super) engine: Arc<Engine>,
    pub(super) assets: Arc<Assets>,
}

impl ThemeSet {
    /// Compiles the themes of a site; there is no set when they are of no use.
    pub fn new(site: &Site) -> (Option<Self>, Diagnostics) {
        let (mut themes, mut found) = themes(&site.themes);
        if found.has_errors() {
            return (None, found);
        }
        let (own, changed) = appearance::files(&site.appearance, &site.layers);
        found.append(changed);
        let mut look = Theme { assets: own, ..Theme::default() };
        take_logo_for_icon(&mut look, &mut themes);
        let assets = Assets::new(std::iter::once(&look).chain(&themes));
        let urls = assets.urls(&site.settings.base_url.link(ASSETS));
        let languages: Vec<&str> = site.settings.languages.iter().map(String::as_str).collect();
        match Engine::new(&themes, &urls, &languages) {
            Ok(engine) => {
                found.extend(unknown_templates(site, &themes));
                found.extend(texts::unknown(&site.themes, &themes));
                found.extend(texts::missing(&themes, &languages));
                (Some(Self { engine: Arc::new(engine), assets: Arc::new(assets) }), found)
            }
            Err(findings) => {
                found.append(findings);
                (None, found)
            }
        }
    }
}

/// The icons of a theme, for tabs and home screens.
const ICONS: [&str; 4] =
    ["img/favicon.svg", "img/apple-touch-icon.png", "img/icon-192.png", "img/icon-512.png"];

/// A site's own logo is its icon as well, instead of the default theme's, if it is
/// drawn in SVG, which fits any size. A theme that brings an icon knows better.
fn take_logo_for_icon(look: &mut Theme, themes: &mut [Theme]) {
    let Some((default, own)) = themes.split_last_mut() else { return };
    let Some(logo) = look.assets.get("img/logo.svg").cloned() else { return };
    if own.iter().all(|theme| ICONS.iter().all(|icon| !theme.assets.contains_key(*icon))) {
        default.assets.retain(|name, _| !ICONS.contains(&name.as_str()));
        look.assets.insert(ICONS[0].to_owned(), logo);
    }
}

/// Types whose template no theme has; their pages get the one for any entry.
fn unknown_templates(site: &Site, themes: &[Theme]) -> Vec<Diagnostic> {
    let names = themes.iter().flat_map(|theme| theme.templates.keys());
    let known: BTreeSet<&str> = names
        .filter_map(|name| name.strip_suffix(".html").filter(|name| !name.contains('/')))
        .collect();
    let known: Vec<&str> = known.into_iter().collect();
    let types = site.schema.types.values();
    let lost = types.filter(|of| !known.contains(&of.template.as_str()));
    lost.map(|of| {
        let message = format!(
            "the type `{}` asks for the template `{}`, which no theme has",
            of.id, of.template
        );
        Diagnostic::new(&codes::THEME_UNKNOWN_TEMPLATE, message)
            .at(site.layers.place(&of.span))
            .help(suggest(&of.template, &known))
    })
    .collect()
}

/// The chain of themes with the one in the binary at its end.
fn themes(of_site: &[ThemeFiles]) -> (Vec<Theme>, Diagnostics) {
    let mut found = Diagnostics::default();
    let mut chain: Vec<Theme> = Vec::new();
    for files in of_site {
        let (theme, findings) = Theme::from_files(&files.name, files.files.clone());
        found.append(findings);
        chain.push(theme);
    }
    if chain.last().is_none_or(|theme| theme.name != crate::config::theme::DEFAULT) {
        chain.push(Theme::default_theme());
    }
    (chain, found)
}
