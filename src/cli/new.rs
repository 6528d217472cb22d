//! `exempla new`: a skeleton of an entry, with the fields' help as comments.

use super::report::eprint;
use super::{FINE, broken, entry_type, fail, language, load_site, site_root};
use crate::config::Site;
use crate::diagnostic::Diagnostics;
use crate::model::slug;
use crate::output::new_file;
use crate::schema::{EntryType, Field, FieldKind};
use std::fmt::Write as _;
use std::path::Path;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The type of the entry, such as practice
    #[arg(value_name = "TYPE")]
    kind: String,
    /// Its title
    title: String,
    /// The language of the entry and of the help, if not the site's first
    #[arg(long)]
    lang: Option<String>,
}

pub(super) fn run(root: Option<&Path>, args: &Args) -> u8 {
    let root = site_root(root);
    let site = match load_site(&root) {
        Ok(site) => site,
        Err(code) => return code,
    };
    let (entry_type, lang) = match entry_type(&site, &args.kind)
        .and_then(|of| Ok((of, language(&site, args.lang.as_deref())?)))
    {
        Ok(known) => known,
        Err(message) => return fail(&message),
    };
    let mut name = slug(&args.title);
    if name.is_empty() {
        return fail("the title needs a letter or digit to make a file's name of");
    }
    // A file of that name would introduce its folder.
    if name == INDEX {
        name = format!("{name}-{}", args.kind);
    }
    let folder = entry_type.folders.first().map_or("", String::as_str);
    let suffix =
        if lang == site.settings.default_language() { String::new() } else { format!(".{lang}") };
    let path = site.content_dir().join(folder).join(format!("{name}{suffix}.md"));
    let text = skeleton(&site, entry_type, &args.title, lang);
    match new_file::create(&path, text.as_bytes()) {
        Ok(()) => {
            eprint(&format!(
                "Wrote {}. Fill in what you know, and remove the # of the lines you use.\n",
                path.display()
            ));
            FINE
        }
        Err(found) => broken(&root, Diagnostics::from_iter([found])),
    }
}

/// The name of the file that introduces a folder.
const INDEX: &str = "index";

/// Fields that a skeleton does not mention: the file's place says them.
const SILENT: &[&str] = &[
    "id",
    "type",
    "lang",
    "translation_key",
    "slug",
    "draft",
    "private",
    "redirects",
    "updated",
    "status",
];

/// The text of a new entry: a draft, with required fields open and optional
/// ones as comments, each under its help.
fn skeleton(site: &Site, entry_type: &EntryType, title: &str, lang: &str) -> String {
    let default = site.settings.default_language();
    let mut out = format!("---\ntitle: {}\nstatus: draft\n", quoted(title));
    let by_folder = !entry_type.folders.is_empty();
    if !by_folder {
        let _ = writeln!(out, "type: {}", entry_type.id);
    }
    let asked = |field: &&Field| {
        !field.is_section() && field.name != "title" && !SILENT.contains(&field.name.as_str())
    };
    for field in entry_type.fields.values().filter(asked) {
        out.push('\n');
        let help = field.help.get(lang, default);
        let label = field.label.get(lang, default);
        let words = if help.is_empty() { label.to_owned() } else { format!("{label}: {help}") };
        words.lines().for_each(|line| {
            let _ = writeln!(out, "# {line}");
        });
        if let Some(choices) = allowed(site, field) {
            let _ = writeln!(out, "# ({choices})");
        }
        let hash = if field.required { "" } else { "# " };
        let _ = writeln!(out, "{hash}{}:{}", field.name, form(field));
    }
    out.push_str("---\n");
    for field in entry_type.fields.values() {
        if let FieldKind::Section(headings) = &field.kind {
            let own = headings
                .get(lang)
                .or_else(|| headings.get(default))
                .or_else(|| headings.values().next());
            if let Some(heading) = own.and_then(|headings| headings.first()) {
                let _ = write!(out, "\n## {heading}\n");
            }
        }
    }
    out
}

/// The words that a field allows, if they are few.
fn allowed(site: &Site, field: &Field) -> Option<String> {
    let ids: Vec<&str> = match &field.item().kind {
        FieldKind::Choice(choices) => choices.keys().map(String::as_str).collect(),
        FieldKind::Term(name) => {
            site.schema.vocabularies.get(name)?.terms.keys().map(String::as_str).collect()
        }
        _ => return None,
    };
    let shown = ids.iter().take(24).copied().collect::<Vec<_>>().join(", ");
    Some(if ids.len() > 24 { format!("{shown}, … see exempla schema") } else { shown })
}

/// The form of a value in YAML, for an editor to fill in.
fn form(field: &Field) -> String {
    let table = |fields: &indexmap::IndexMap<String, Field>| {
        let keys: Vec<String> = fields.keys().map(|key| format!("{key}: ")).collect();
        format!("{{ {} }}", keys.join(", "))
    };
    match &field.kind {
        FieldKind::List(item) => match &item.kind {
            FieldKind::Table(fields) => format!(" [{}]", table(fields)),
            _ => " []".to_owned(),
        },
        FieldKind::Table(fields) => format!(" {}", table(fields)),
        FieldKind::Image => " { src: , alt:  }".to_owned(),
        FieldKind::Bool => " false".to_owned(),
        _ => String::new(),
    }
}

/// A title as a YAML string, quoted only when it must be.
fn quoted(title: &str) -> String {
    let plain = title.chars().all(|c| c.is_alphanumeric() || " ,.()’–-".contains(c))
        && title.starts_with(|c: char| c.is_alphabetic())
        && !matches!(title.to_ascii_lowercase().as_str(), "null" | "true" | "false" | "yes" | "no");
    if plain {
        return title.trim().to_owned();
    }
    let escaped: String = title.chars().filter(|c| !c.is_control()).collect();
    format!("\"{}\"", escaped.replace('\\', "\\\\").replace('"', "\\\""))
}
