//! `exempla schema`: what entries may hold, for people and for programs.

use super::report::{eprint, print};
use super::{BROKEN, FINE, load_site, site_root};
use crate::raw::reader::suggest;
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
    let lang = args.lang.as_deref().unwrap_or(default);
    if let Some(kind) = args.kind.as_deref().filter(|kind| !site.schema.types.contains_key(*kind)) {
        let known: Vec<&str> = site.schema.types.keys().map(String::as_str).collect();
        eprint(&format!("error: there is no type `{kind}`; {}\n", suggest(kind, &known)));
        return BROKEN;
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
