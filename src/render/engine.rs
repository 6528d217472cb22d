//! The one place that knows tera.
//!
//! Enters: a chain of themes (nearest first), the addresses of their assets and
//! the site's languages. Leaves: pages from views, and [`Piece`]s from values.
//! There is one tera instance a language, so that functions know their language
//! without being told; `t`, `assets` and `foreign` are global to each.

use super::frame::direction;
use super::functions;
use super::locale::Locale;
use super::shown::{Labelled, Piece, Shown, Structure};
use super::texts;
use super::theme::Theme;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, codes};
use indexmap::IndexMap;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use tera::{ComponentInfo, Context, ErrorKind, Tera, Value};

/// Bytes, more than most pages and views take: what grows is copied from place to place.
pub(super) const ROOM: usize = 32 << 10;

/// Templates, UI texts and functions, ready to render.
pub struct Engine {
    speakers: BTreeMap<String, Speaker>,
    /// The site's default language: it speaks for languages it does not know.
    default: Speaker,
    /// The theme whose templates go by their bare names.
    nearest: String,
    fingerprint: [u8; 32],
}

struct Speaker {
    tera: Tera,
    locale: Arc<Locale>,
}

impl Engine {
    /// Compiles a chain of themes, nearest first, for the site's languages, the
    /// default one first. `assets` maps an asset's name in the theme
    /// (`css/base.css`) to its address. A template of a parent stays within reach
    /// as `parent:name.html`, so that a theme may extend what it overrides.
    ///
    /// Findings: a template that does not compile, UI texts that are no use.
    pub fn new(
        themes: &[Theme],
        assets: &BTreeMap<String, String>,
        languages: &[&str],
    ) -> Result<Self, Diagnostics> {
        let first = languages.first().copied().unwrap_or("en");
        let mut findings = Diagnostics::default();
        let mut locales = BTreeMap::new();
        for &lang in languages.iter().chain([&first]) {
            match locale(themes, lang, first) {
                Ok(locale) => {
                    locales.insert(lang, Arc::new(locale));
                }
                Err(message) => findings.push(
                    Diagnostic::new(&codes::THEME_TEXTS, message)
                        .help("i18n/en.toml of the default theme shows what every language needs"),
                ),
            }
        }
        let Some(default) = locales.get(first).filter(|_| findings.is_empty()) else {
            return Err(findings);
        };
        let nearest = themes.first().map(|theme| theme.name.clone()).unwrap_or_default();
        let tera = compile(themes, assets, default).map_err(|error| {
            let found = explain(&error, &codes::THEME_TEMPLATE, &nearest, "");
            Diagnostics::from_iter([found])
        })?;
        let speaker = |locale: &Arc<Locale>| {
            speaker(&tera, locale, texts::foreign(themes, locale.lang(), first))
        };
        let default = speaker(default);
        let speakers = locales.iter().map(|(lang, l)| ((*lang).to_owned(), speaker(l)));
        let speakers = speakers.collect();
        Ok(Self { speakers, default, nearest, fingerprint: fingerprint(themes, assets) })
    }

    /// What all pages depend on besides their views: templates, UI texts and the
    /// addresses of assets.
    pub fn fingerprint(&self) -> [u8; 32] {
        self.fingerprint
    }

    /// How a language says things; the default language for one unknown.
    pub fn locale(&self, lang: &str) -> &Locale {
        &self.speaker(lang).locale
    }

    /// Whether a theme of the chain has a template, without `.html`.
    pub fn has_template(&self, name: &str) -> bool {
        self.default.tera.contains_template(&format!("{name}.html"))
    }

    /// Whether a theme of the chain has a component.
    pub fn has_component(&self, name: &str) -> bool {
        self.default.tera.contains_component(name)
    }

    /// What every component of the themes declares, in no order.
    pub fn components(&self) -> impl Iterator<Item = ComponentInfo> {
        let tera = &self.default.tera;
        tera.get_component_names().filter_map(|name| tera.get_component_definition(name))
    }

    /// Renders a page. `template` has no suffix (`entry`); `view` becomes the
    /// template's variables; `subject` is what the page is made from, for the
    /// message if it fails (`content/practices/lab.md`).
    pub fn render_page<V: Serialize + ?Sized>(
        &self,
        lang: &str,
        template: &str,
        view: &V,
        subject: &str,
    ) -> Result<String, Box<Diagnostic>> {
        let context = Context::from_serialize(view).map_err(|e| self.explain(e, subject))?;
        let name = format!("{template}.html");
        let mut html = Vec::with_capacity(ROOM);
        let rendered = self.speaker(lang).tera.render_to(&name, &context, &mut html);
        let html = rendered.and_then(|()| Ok(String::from_utf8(html)?));
        html.map_err(|e| self.explain(e, subject))
    }

    /// Renders a component by name; `body` is safe HTML.
    pub fn render_component<A: Serialize + ?Sized>(
        &self,
        lang: &str,
        name: &str,
        arguments: &A,
        body: Option<&str>,
        subject: &str,
    ) -> Result<String, Box<Diagnostic>> {
        let context = Context::from_serialize(arguments).map_err(|e| self.explain(e, subject))?;
        self.speaker(lang)
            .tera
            .render_component(name, &context, body, true)
            .map_err(|e| self.explain(e, subject))
    }

    /// Renders a component that a text calls. `given` is what its parameters with
    /// `@` may ask for, besides `t` and `assets`; `body` is safe HTML.
    pub fn render_call(
        &self,
        lang: &str,
        name: &str,
        arguments: &Context,
        given: &Context,
        body: Option<&str>,
        subject: &str,
    ) -> Result<String, Box<Diagnostic>> {
        self.speaker(lang)
            .tera
            .render_component_with_implicits(name, arguments, given, body, true)
            .map_err(|e| self.explain(e, subject))
    }

    /// Shows a value: each part by the component `field.<kind>`, from the inside out.
    pub fn show(&self, lang: &str, shown: &Shown, subject: &str) -> Result<Piece, Box<Diagnostic>> {
        let show = |part: &Shown| self.show(lang, part, subject);
        let (argument, value) = match shown {
            Shown::List(items) => {
                let pieces = items.iter().map(show).collect::<Result<Vec<_>, _>>()?;
                (Value::from_serializable(&pieces), Structure::List(pieces))
            }
            Shown::Table(cells) => {
                let mut named = IndexMap::new();
                for cell in cells {
                    let piece = show(&cell.value)?;
                    named.insert(cell.name.clone(), Labelled { label: cell.label.clone(), piece });
                }
                (Value::from_serializable(&named), Structure::Table(named))
            }
            Shown::Records { columns, rows } => {
                let mut named = Vec::new();
                for row in rows {
                    let mut pieces = IndexMap::new();
                    for (column, part) in columns.iter().zip(row) {
                        if let Some(part) = part {
                            pieces.insert(column.name.clone(), show(part)?);
                        }
                    }
                    named.push(pieces);
                }
                let records = Structure::Records { columns: columns.clone(), rows: named };
                (Value::from_serializable(&records), records)
            }
            plain => (Value::from_serializable(plain), Structure::Plain(plain.clone())),
        };
        let kind = shown.kind();
        let arguments = BTreeMap::from([("value", argument)]);
        let html =
            self.render_component(lang, &format!("field.{kind}"), &arguments, None, subject)?;
        let html = html.trim().to_owned();
        Ok(Piece { kind, html, text: self.locale(lang).plain(shown), value })
    }

    fn speaker(&self, lang: &str) -> &Speaker {
        self.speakers.get(lang).unwrap_or(&self.default)
    }

    fn explain(&self, error: tera::Error, subject: &str) -> Box<Diagnostic> {
        Box::new(explain(&error, &codes::RENDER_FAILED, &self.nearest, subject))
    }
}

fn locale(themes: &[Theme], lang: &str, first: &str) -> Result<Locale, String> {
    let tables: Vec<&toml::Table> = texts::chain(lang, first)
        .iter()
        .flat_map(|lang| themes.iter().filter_map(|theme| theme.texts.get(*lang)))
        .collect();
    Locale::new(lang, &tables)
}

/// Compiles the templates once. tera checks them against the functions that are
/// registered, so those of one language stand in for all.
fn compile(
    themes: &[Theme],
    assets: &BTreeMap<String, String>,
    locale: &Arc<Locale>,
) -> tera::TeraResult<Tera> {
    let mut tera = Tera::default();
    tera.set_fallback_prefixes(themes.iter().skip(1).map(|theme| format!("{}:", theme.name)))?;
    functions::register(&mut tera, locale);
    tera.global_context().insert("assets", assets);
    let templates = themes.iter().enumerate().flat_map(|(depth, theme)| {
        theme.templates.iter().map(move |(name, text)| match depth {
            0 => (name.clone(), text),
            _ => (format!("{}:{name}", theme.name), text),
        })
    });
    tera.add_raw_templates(templates)?;
    Ok(tera)
}

/// `foreign` is the language of the UI texts, if it is not that of the pages.
fn speaker(tera: &Tera, locale: &Arc<Locale>, foreign: Option<&str>) -> Speaker {
    let mut tera = tera.clone();
    functions::register(&mut tera, locale);
    let mark = foreign.map(|lang| BTreeMap::from([("lang", lang), ("dir", direction(lang))]));
    tera.global_context().insert("foreign", &mark);
    tera.global_context().insert("t", locale.texts());
    Speaker { tera, locale: Arc::clone(locale) }
}

/// A tera error as a finding: the template's place, its message, and what was
/// being rendered.
fn explain(error: &tera::Error, code: &'static Code, nearest: &str, subject: &str) -> Diagnostic {
    let rendering = match subject {
        "" => String::new(),
        subject => format!(", rendering {subject}"),
    };
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let (theme, file) = match report.filename().split_once(':') {
                Some(parts) => parts,
                None => (nearest, report.filename()),
            };
            let (line, message) = (report.span().start_line, report.message());
            let lacking = unknown_arguments(message);
            let message = lacking.as_deref().unwrap_or(message);
            let message = format!("template `{file}`, line {line}{rendering}: {message}");
            let place = format!("themes/{theme}/templates/{file}");
            let found =
                Diagnostic::new(code, message).at(Place::span(place, report.span().range.clone()));
            match lacking {
                Some(_) => found.help(
                    "a component that takes the place of another is called as that is: declare \
                     what the other takes, in its first line",
                ),
                None => found,
            }
        }
        // What is found after parsing comes as text: the message, then ` --> file:line:column`.
        other => {
            let text = other.to_string();
            let message = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
            let place = text.lines().find_map(|line| line.trim_start().strip_prefix("--> "));
            let mut parts = place.unwrap_or_default().rsplitn(3, ':').skip(1);
            match (parts.next(), parts.next()) {
                (Some(line), Some(file)) => {
                    let (theme, file) = file.split_once(':').unwrap_or((nearest, file));
                    let message = format!("template `{file}`, line {line}{rendering}: {message}");
                    Diagnostic::new(code, message)
                        .at(Place::file(format!("themes/{theme}/templates/{file}")))
                }
                _ => Diagnostic::new(code, format!("the theme `{nearest}`{rendering}: {message}")),
            }
        }
    }
}

/// tera's words on arguments that a component does not take, in one order.
fn unknown_arguments(message: &str) -> Option<String> {
    const BEGIN: &str = "Unknown argument(s) ";
    let (names, rest) = message.strip_prefix(BEGIN)?.split_once(" in component call")?;
    let mut names: Vec<&str> = names.split(", ").collect();
    names.sort_unstable();
    Some(format!("{BEGIN}{} in component call{rest}", names.join(", ")))
}

fn fingerprint(themes: &[Theme], assets: &BTreeMap<String, String>) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    // Lengths go in with the texts, so that no two sets of files look alike.
    let mut add = |text: &str| {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    };
    for theme in themes {
        add(&theme.name);
        theme.templates.iter().for_each(|(name, text)| {
            add(name);
            add(text);
        });
        theme.texts.iter().for_each(|(lang, table)| {
            add(lang);
            add(&table.to_string());
        });
    }
    assets.iter().for_each(|(name, url)| {
        add(name);
        add(url);
    });
    *hasher.finalize().as_bytes()
}
