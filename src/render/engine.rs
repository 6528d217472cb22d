//! The one place that knows tera.
//!
//! Enters: a chain of themes (nearest first), the addresses of their assets and
//! the site's languages. Leaves: pages from views, and [`Piece`]s from values.
//! There is one tera instance a language, so that functions know their language
//! without being told; `t` and `assets` are global to each.

use super::functions;
use super::locale::Locale;
use super::shown::{Piece, Shown, Structure};
use super::theme::Theme;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, codes};
use indexmap::IndexMap;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use tera::{Context, ErrorKind, Tera, Value};

/// Templates, UI texts and functions, ready to render.
pub struct Engine {
    speakers: BTreeMap<String, Speaker>,
    /// The site's default language: it speaks for languages it does not know.
    default: Speaker,
    fingerprint: [u8; 32],
}

#[derive(Clone)]
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
        let tera = compile(themes, assets).map_err(|error| {
            Diagnostics::from_iter([explain(error, &codes::THEME_TEMPLATE, themes, "")])
        })?;
        let mut findings = Diagnostics::default();
        let mut speakers = BTreeMap::new();
        let first = languages.first().copied().unwrap_or("en");
        for &lang in languages.iter().chain([&first]) {
            match speaker(&tera, themes, lang, first) {
                Ok(speaker) => {
                    speakers.insert(lang.to_owned(), speaker);
                }
                Err(message) => findings.push(Diagnostic::new(&codes::THEME_TEXTS, message)),
            }
        }
        match speakers.get(first).cloned() {
            Some(default) if findings.is_empty() => {
                let fingerprint = fingerprint(themes, assets);
                Ok(Self { speakers, default, fingerprint })
            }
            _ => Err(findings),
        }
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

    /// Renders a page. `template` has no suffix (`entry`); `view` becomes the
    /// template's variables; `subject` is what the page is made from, for the
    /// message if it fails (`content/practices/lab.md`).
    pub fn render_page<V: Serialize + ?Sized>(
        &self,
        lang: &str,
        template: &str,
        view: &V,
        subject: &str,
    ) -> Result<String, Diagnostic> {
        let context = Context::from_serialize(view).map_err(|e| self.explain(e, subject))?;
        let name = format!("{template}.html");
        self.speaker(lang).tera.render(&name, &context).map_err(|e| self.explain(e, subject))
    }

    /// Renders a component by name; `body` is safe HTML.
    pub fn render_component<A: Serialize + ?Sized>(
        &self,
        lang: &str,
        name: &str,
        arguments: &A,
        body: Option<&str>,
        subject: &str,
    ) -> Result<String, Diagnostic> {
        let context = Context::from_serialize(arguments).map_err(|e| self.explain(e, subject))?;
        self.speaker(lang)
            .tera
            .render_component(name, &context, body, true)
            .map_err(|e| self.explain(e, subject))
    }

    /// Shows a value: each part by the component `field.<kind>`, from the inside out.
    pub fn show(&self, lang: &str, shown: &Shown, subject: &str) -> Result<Piece, Diagnostic> {
        let show = |part: &Shown| self.show(lang, part, subject);
        let (argument, value) = match shown {
            Shown::List(items) => {
                let pieces = items.iter().map(show).collect::<Result<Vec<_>, _>>()?;
                (Value::from_serializable(&pieces), Structure::List(pieces))
            }
            Shown::Table(cells) => {
                let mut named = IndexMap::new();
                let mut argument = Vec::new();
                for cell in cells {
                    let piece = show(&cell.value)?;
                    argument.push(labelled(&cell.name, &cell.label, &piece));
                    named.insert(cell.name.clone(), piece);
                }
                (Value::from(argument), Structure::Table(named))
            }
            Shown::Records { columns, rows } => {
                let mut named = Vec::new();
                let mut lines = Vec::new();
                for row in rows {
                    let mut pieces = IndexMap::new();
                    let mut line = Vec::new();
                    for (column, part) in columns.iter().zip(row) {
                        let piece = part.as_ref().map(show).transpose()?;
                        line.push(Value::from_serializable(&piece));
                        pieces.extend(piece.map(|piece| (column.name.clone(), piece)));
                    }
                    named.push(pieces);
                    lines.push(Value::from(line));
                }
                let argument = BTreeMap::from([
                    ("columns".to_owned(), Value::from_serializable(columns)),
                    ("rows".to_owned(), Value::from(lines)),
                ]);
                (Value::from(argument), Structure::Records(named))
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

    fn explain(&self, error: tera::Error, subject: &str) -> Diagnostic {
        explain(error, &codes::RENDER_FAILED, &[], subject)
    }
}

fn labelled(name: &str, label: &str, piece: &Piece) -> Value {
    Value::from(BTreeMap::from([
        ("name".to_owned(), Value::from(name)),
        ("label".to_owned(), Value::from(label)),
        ("type".to_owned(), Value::from(piece.kind)),
        ("html".to_owned(), Value::from(piece.html.as_str())),
        ("text".to_owned(), Value::from(piece.text.as_str())),
    ]))
}

fn compile(themes: &[Theme], assets: &BTreeMap<String, String>) -> tera::TeraResult<Tera> {
    let mut tera = Tera::default();
    tera.set_fallback_prefixes(themes.iter().skip(1).map(|theme| format!("{}:", theme.name)))?;
    // The functions are registered first: tera checks templates against them. The
    // ones of a language replace these.
    if let Some(locale) = themes.iter().rev().find_map(|theme| {
        let table = theme.texts.get("en")?;
        Locale::new("en", &[table]).ok()
    }) {
        functions::register(&mut tera, &Arc::new(locale));
    }
    let templates = themes.iter().enumerate().flat_map(|(depth, theme)| {
        theme.templates.iter().map(move |(name, text)| match depth {
            0 => (name.clone(), text),
            _ => (format!("{}:{name}", theme.name), text),
        })
    });
    tera.add_raw_templates(templates)?;
    tera.global_context().insert("assets", assets);
    Ok(tera)
}

fn speaker(tera: &Tera, themes: &[Theme], lang: &str, first: &str) -> Result<Speaker, String> {
    let tables: Vec<&toml::Table> = [lang, first, "en"]
        .iter()
        .flat_map(|lang| themes.iter().filter_map(|theme| theme.texts.get(*lang)))
        .collect();
    let locale = Arc::new(Locale::new(lang, &tables)?);
    let mut tera = tera.clone();
    functions::register(&mut tera, &locale);
    tera.global_context().insert("t", locale.texts());
    Ok(Speaker { tera, locale })
}

/// A tera error as a finding: the template's place, its message, and what was
/// being rendered.
fn explain(error: tera::Error, code: &'static Code, themes: &[Theme], subject: &str) -> Diagnostic {
    let rendering = match subject {
        "" => String::new(),
        subject => format!(", while rendering {subject}"),
    };
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let nearest = themes.first().map_or("", |theme| theme.name.as_str());
            let (theme, file) = report.filename().split_once(':').unwrap_or((nearest, report.filename()));
            let message = format!(
                "template `{file}`, line {}: {}{rendering}",
                report.span().start_line,
                report.message()
            );
            let place = format!("themes/{theme}/templates/{file}").replace("//", "/");
            Diagnostic::new(code, message).at(Place::span(place, report.span().range.clone()))
        }
        other => Diagnostic::new(code, format!("{other}{rendering}")),
    }
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
