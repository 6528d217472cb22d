//! `exempla schema`: what entries may hold, for people and for programs.

use super::report::print;
use super::{FINE, entry_type, fail, language, load_site, site_root};
use crate::schema::export;
use std::path::Path;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only this type
    #[arg(value_name = "TYPE")]
    kind: Option<String>,
    /// As JSON Schema (draft 2020-12), one definition a type
    #[arg(long)]
    json: bool,
    /// The language of labels and help, if not the site's first
    #[arg(long)]
    lang: Option<String>,
}

pub(super) fn run(root: Option<&Path>, args: &Args) -> u8 {
    let site = match load_site(&site_root(root)) {
        Ok(site) => site,
        Err(code) => return code,
    };
    let default = site.settings.default_language();
    let kind = args.kind.as_deref().map(|kind| entry_type(&site, kind)).transpose();
    let lang = args.lang.as_deref().unwrap_or(default);
    // Labels are there in more languages than the site has.
    let is_labelled =
        site.schema.types.values().any(|of| of.label.iter().any(|(known, _)| known == lang));
    let known = kind.and_then(|_| if is_labelled { Ok(lang) } else { language(&site, Some(lang)) });
    if let Err(message) = known {
        return fail(&message);
    }
    if args.json {
        let only = args.kind.as_deref();
        let schema = export::json_schema(&site.schema, only, lang, default);
        print(&format!("{schema:#}\n"));
    } else {
        print(&export::text(&site.schema, args.kind.as_deref(), lang, default));
    }
    FINE
}
