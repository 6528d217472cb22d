//! A theme: templates, UI texts and static files, and the embedded default one.
//!
//! Enters: the files of a theme's folder as a map from path to bytes (the
//! `config` room reads them). Leaves: a [`Theme`] with findings, and its static
//! files under names that carry their content's hash. It reads no disk itself.

use crate::diagnostic::{Diagnostic, Diagnostics, Place, codes};
use semver::{Version, VersionReq};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A theme in memory.
#[derive(Debug, Clone, Default)]
pub struct Theme {
    /// Its name: that of its folder, whatever `theme.toml` calls it.
    pub name: String,
    /// The theme it builds on; `default` builds on none.
    pub extends: Option<String>,
    /// By path under `templates/`: `entry.html`, `components/fields.html`.
    pub templates: BTreeMap<String, String>,
    /// By language tag.
    pub texts: BTreeMap<String, toml::Table>,
    /// By path under `static/`.
    pub assets: BTreeMap<String, Vec<u8>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    #[allow(dead_code, reason = "for people and for a gallery of themes")]
    name: String,
    #[allow(dead_code, reason = "for people and for a gallery of themes")]
    version: String,
    exempla: String,
    extends: Option<String>,
}

/// The files of `themes/default`, embedded; a test holds the list to the folder.
macro_rules! default_files {
    ($($path:literal)*) => {
        &[$(($path, include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/themes/default/", $path)))),*]
    };
}

/// Path in the theme's folder and content.
pub static DEFAULT_FILES: &[(&str, &[u8])] = default_files! {
    "theme.toml"
    "i18n/en.toml"
    "i18n/it.toml"
    "static/css/base.css"
    "static/css/entry.css"
    "static/css/layout.css"
    "static/css/print.css"
    "static/img/eu.svg"
    "static/img/favicon.svg"
    "static/js/site.js"
    "templates/404.html"
    "templates/base.html"
    "templates/case-study.html"
    "templates/components/entry.html"
    "templates/components/fields.html"
    "templates/components/list.html"
    "templates/components/marks.html"
    "templates/components/site.html"
    "templates/entry.html"
    "templates/home.html"
    "templates/list.html"
    "templates/partials/footer.html"
    "templates/partials/head.html"
    "templates/partials/header.html"
    "templates/pilot.html"
    "templates/practice.html"
    "templates/redirect.html"
    "templates/static-page.html"
    "templates/term.html"
};

impl Theme {
    /// Reads a theme from its files; `files` has paths relative to its folder.
    /// Files outside `templates/`, `i18n/` and `static/` are passed over.
    pub fn from_files(name: &str, files: BTreeMap<String, Vec<u8>>) -> (Self, Diagnostics) {
        let mut theme = Self { name: name.to_owned(), ..Self::default() };
        let mut findings = Diagnostics::default();
        if !files.contains_key("theme.toml") {
            let message = format!("the theme `{name}` has no theme.toml");
            findings.push(Diagnostic::new(&codes::THEME_INVALID, message));
        }
        for (path, bytes) in files {
            if let Some(asset) = path.strip_prefix("static/") {
                theme.assets.insert(asset.to_owned(), bytes);
                continue;
            }
            let place = Place::file(format!("themes/{name}/{path}"));
            if let Err(found) = theme.take(&path, bytes) {
                findings.push(found.at(place));
            }
        }
        (theme, findings)
    }

    /// The theme that is embedded in the program.
    pub fn default_theme() -> Self {
        let files = DEFAULT_FILES.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec()));
        // Its files are constants: a test proves that they give no finding.
        Self::from_files("default", files.collect()).0
    }

    fn take(&mut self, path: &str, bytes: Vec<u8>) -> Result<(), Diagnostic> {
        let template = path.strip_prefix("templates/");
        let language = path.strip_prefix("i18n/").and_then(|file| file.strip_suffix(".toml"));
        if template.is_none() && language.is_none() && path != "theme.toml" {
            return Ok(());
        }
        let invalid = |message: String| Diagnostic::new(&codes::THEME_INVALID, message);
        let text = String::from_utf8(bytes)
            .map_err(|_| invalid(format!("`{path}` of the theme is not valid UTF-8")))?;
        let toml = |e: toml::de::Error| invalid(format!("`{path}` of the theme: {}", e.message()));
        if let Some(template) = template {
            self.templates.insert(template.to_owned(), text);
        } else if let Some(language) = language {
            self.texts.insert(language.to_owned(), toml::from_str(&text).map_err(toml)?);
        } else {
            let manifest: Manifest = toml::from_str(&text).map_err(toml)?;
            fits(&manifest.exempla, env!("CARGO_PKG_VERSION"))?;
            self.extends = manifest.extends;
        }
        Ok(())
    }
}

/// Whether a program of `version` is within a theme's range.
fn fits(range: &str, version: &str) -> Result<(), Diagnostic> {
    let Ok(wanted) = VersionReq::parse(range) else {
        let message = format!("`exempla = \"{range}\"` is not a range of versions");
        return Err(Diagnostic::new(&codes::THEME_INVALID, message)
            .help("write it as `\">=0.1, <0.2\"`"));
    };
    match Version::parse(version) {
        Ok(version) if !wanted.matches(&version) => {
            let message = format!("the theme is made for Exempla {range}, but this is {version}");
            Err(Diagnostic::new(&codes::THEME_VERSION, message)
                .help("use a version of the theme that is made for this program, or widen `exempla` in its theme.toml after trying it"))
        }
        _ => Ok(()),
    }
}
