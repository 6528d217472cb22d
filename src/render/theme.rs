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
    /// By path under `templates/`: `entry.html`, `components/fields.html`.
    pub templates: BTreeMap<String, String>,
    /// By language tag.
    pub texts: BTreeMap<String, toml::Table>,
    /// By path under `static/`.
    pub assets: BTreeMap<String, Vec<u8>>,
}

/// What this room reads of `theme.toml`; `name` and `version` are for people, and
/// `extends` has led the `config` room to the theme's parents.
#[derive(Deserialize)]
struct Manifest {
    /// A range of versions of this program.
    exempla: String,
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
    "i18n/ar.toml"
    "i18n/de.toml"
    "i18n/en.toml"
    "i18n/es.toml"
    "i18n/fr.toml"
    "i18n/it.toml"
    "i18n/lv.toml"
    "static/css/base.css"
    "static/css/entry.css"
    "static/css/layout.css"
    "static/css/print.css"
    "static/css/search.css"
    "static/img/apple-touch-icon.png"
    "static/img/eu.svg"
    "static/img/favicon.svg"
    "static/img/icon-192.png"
    "static/img/icon-512.png"
    "static/js/list.js"
    "static/js/site.js"
    "static/search/ask.js"
    "static/search/facets.js"
    "static/search/page.js"
    "static/search/reader.js"
    "static/search/suggest.js"
    "templates/404.html"
    "templates/base.html"
    "templates/browse.html"
    "templates/case-study.html"
    "templates/components/entry.html"
    "templates/components/fields.html"
    "templates/components/list.html"
    "templates/components/marks.html"
    "templates/components/site.html"
    "templates/components/text.html"
    "templates/entry.html"
    "templates/event.html"
    "templates/home.html"
    "templates/list.html"
    "templates/news.html"
    "templates/organisation.html"
    "templates/partials/footer.html"
    "templates/partials/head.html"
    "templates/partials/header.html"
    "templates/person.html"
    "templates/pilot.html"
    "templates/practice.html"
    "templates/publication.html"
    "templates/redirect.html"
    "templates/resource.html"
    "templates/search.html"
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
            let help = "write one with name, version and exempla = \">=0.1\"";
            let place = Place::file(format!("themes/{name}/theme.toml"));
            findings.push(Diagnostic::new(&codes::THEME_INVALID, message).at(place).help(help));
        }
        for (path, bytes) in files {
            if let Some(asset) = path.strip_prefix("static/") {
                theme.assets.insert(asset.to_owned(), bytes);
                continue;
            }
            let place = Place::file(format!("themes/{name}/{path}"));
            if let Err(mut found) = theme.take(&path, bytes) {
                let span = found.place.take().and_then(|place| place.span);
                findings.push((*found).at(Place { span, ..place }));
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

    fn take(&mut self, path: &str, bytes: Vec<u8>) -> Result<(), Box<Diagnostic>> {
        let template = path.strip_prefix("templates/");
        let language = path.strip_prefix("i18n/").and_then(|file| file.strip_suffix(".toml"));
        if template.is_none() && language.is_none() && path != "theme.toml" {
            return Ok(());
        }
        let invalid = |message: String| Box::new(Diagnostic::new(&codes::THEME_INVALID, message));
        let text = String::from_utf8(bytes)
            .map_err(|_| invalid(format!("`{path}` of the theme is not valid UTF-8")))?;
        let toml = |e: toml::de::Error| {
            let mut found = invalid(format!("`{path}` of the theme: {}", e.message()));
            // The caller knows the file.
            found.place = e.span().map(|span| Place::span("", span));
            found
        };
        if let Some(template) = template {
            self.templates.insert(template.to_owned(), text);
        } else if let Some(language) = language {
            self.texts.insert(language.to_owned(), toml::from_str(&text).map_err(toml)?);
        } else {
            let manifest: Manifest = toml::from_str(&text).map_err(toml)?;
            fits(&manifest.exempla, env!("CARGO_PKG_VERSION"))?;
        }
        Ok(())
    }
}

/// Whether a program of `version` is within a theme's range.
fn fits(range: &str, version: &str) -> Result<(), Box<Diagnostic>> {
    let Ok(wanted) = VersionReq::parse(range) else {
        let message = format!("`exempla = \"{range}\"` is not a range of versions");
        let help = "write it as `\">=0.1, <0.2\"`";
        return Err(Box::new(Diagnostic::new(&codes::THEME_INVALID, message).help(help)));
    };
    match Version::parse(version) {
        Ok(version) if !wanted.matches(&version) => {
            let message = format!("the theme is made for Exempla {range}, but this is {version}");
            let help = "use a release of the theme that is made for this program, or try the \
                        theme and then widen `exempla` in its theme.toml";
            Err(Box::new(Diagnostic::new(&codes::THEME_VERSION, message).help(help)))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::plural;
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_file_of_the_default_theme_is_embedded_and_fine() {
        let root = format!("{}/themes/default", env!("CARGO_MANIFEST_DIR"));
        let on_disk: Vec<String> = walkdir::WalkDir::new(&root)
            .sort_by_file_name()
            .into_iter()
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_file())
            .filter_map(|entry| {
                let path = entry.path().strip_prefix(&root).ok()?.to_str()?;
                Some(path.replace('\\', "/"))
            })
            .collect();
        let mut embedded: Vec<&str> = DEFAULT_FILES.iter().map(|(path, _)| *path).collect();
        embedded.sort_unstable();
        let mut on_disk: Vec<&str> = on_disk.iter().map(String::as_str).collect();
        on_disk.sort_unstable();
        assert_eq!(embedded, on_disk);
        let files = DEFAULT_FILES.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec()));
        let (_, findings) = Theme::from_files("default", files.collect());
        assert_eq!(findings.iter().map(|f| &f.message).collect::<Vec<_>>(), [""; 0]);
    }

    /// Every text of a table by its dotted path. Plural forms are one text, made
    /// of all of them, because their number differs from language to language;
    /// the forms for none, one and two may say so in words, without the number.
    fn texts(table: &toml::Table, at: &str, out: &mut BTreeMap<String, Vec<String>>) {
        for (key, value) in table {
            let path = format!("{at}{key}");
            match value {
                toml::Value::Table(forms) if !forms.contains_key("other") => {
                    texts(forms, &format!("{path}."), out);
                }
                toml::Value::Table(forms) => {
                    let forms = forms.iter().map(|(name, form)| (name, form.as_str().unwrap()));
                    let in_words = |name: &str| ["zero", "one", "two"].contains(&name);
                    let numbered =
                        forms.filter(|(name, form)| !in_words(name) || form.contains("{n}"));
                    out.insert(path, numbered.map(|(_, form)| form.to_owned()).collect());
                }
                toml::Value::Array(items) => {
                    let items = items.iter().map(|item| item.as_str().unwrap().to_owned());
                    out.insert(path, items.collect());
                }
                value => {
                    out.insert(path, vec![value.as_str().unwrap().to_owned()]);
                }
            }
        }
    }

    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
    }

    #[test]
    fn every_language_has_every_text_and_placeholder_of_english() {
        let theme = Theme::default_theme();
        let of = |lang: &str| {
            let mut out = BTreeMap::new();
            texts(&theme.texts[lang], "", &mut out);
            out
        };
        let english = of("en");
        assert_eq!(theme.texts.len(), 7);
        for lang in theme.texts.keys() {
            let own = of(lang);
            assert!(own.keys().eq(english.keys()), "the keys of {lang} are not those of English");
            for (path, forms) in &own {
                let expected = placeholders(&english[path][0]);
                for form in forms {
                    assert!(!form.is_empty(), "{lang}: {path} is empty");
                    assert_eq!(placeholders(form), expected, "{lang}: {path}: {form}");
                }
            }
        }
    }

    #[test]
    fn every_language_has_exactly_the_plural_forms_that_it_needs() {
        for (lang, table) in &Theme::default_theme().texts {
            let counts = (0..1000).chain([1_000_000]);
            let needed: BTreeSet<&str> = counts.map(|n| plural::category(lang, n)).collect();
            let forms = table["count"]["results"].as_table().unwrap();
            assert_eq!(forms.keys().map(String::as_str).collect::<BTreeSet<_>>(), needed, "{lang}");
        }
    }

    #[test]
    fn a_theme_without_manifest_or_for_another_version_is_found() {
        let codes = |toml: &str| -> Vec<&str> {
            let files = BTreeMap::from([("theme.toml".to_owned(), toml.as_bytes().to_vec())]);
            let (_, findings) = Theme::from_files("mine", files);
            findings.iter().map(|found| found.code.name).collect()
        };
        let manifest = |range: &str| format!("name='n'\nversion='1'\nexempla='{range}'");
        assert_eq!(codes(&manifest(">=0.1, <0.2")), [""; 0]);
        assert_eq!(codes(&manifest(">=9")), ["theme/version"]);
        assert_eq!(codes(&manifest("soon")), ["theme/invalid"]);
        assert_eq!(codes("name = "), ["theme/invalid"]);
        let (_, findings) = Theme::from_files("mine", BTreeMap::new());
        assert_eq!(findings.len(), 1);
    }

    #[test]
    fn the_emblem_has_the_official_geometry() {
        let (_, svg) = DEFAULT_FILES.iter().find(|(path, _)| *path == "static/img/eu.svg").unwrap();
        let svg = std::str::from_utf8(svg).unwrap();
        let numbers = |text: &str, key: &str| -> Vec<f64> {
            let key = format!(" {key}=\"");
            text.split(&key).skip(1).filter_map(|t| t.split('"').next()?.parse().ok()).collect()
        };
        let (width, height) = (numbers(svg, "width")[0], numbers(svg, "height")[0]);
        assert!((width / height - 1.5).abs() < 1e-9);
        let stars = svg.split("<g").nth(1).unwrap();
        let (xs, ys) = (numbers(stars, "x"), numbers(stars, "y"));
        assert_eq!((xs.len(), ys.len()), (12, 12));
        for (hour, (x, y)) in xs.iter().zip(&ys).enumerate() {
            let angle = (hour as f64) * std::f64::consts::TAU / 12.0;
            assert!((x - (width / 2.0 + height / 3.0 * angle.sin())).abs() < 0.01);
            assert!((y - (height / 2.0 - height / 3.0 * angle.cos())).abs() < 0.01);
        }
        assert!(svg.contains("#039") && svg.contains("#fc0"), "reflex blue and yellow");
    }
}
