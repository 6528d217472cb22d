//! What was typed into what is meant, and findings into what is printed.
//!
//! A file a verb. This room alone prints, reads the clock and the environment.

mod build;
mod init;
mod new;
mod report;
mod schema;
mod search;
mod serve;

use crate::config;
use crate::diagnostic::Diagnostics;
use crate::raw::reader::suggest;
use crate::schema::EntryType;
use clap::{CommandFactory, Parser, Subcommand};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// All went well.
const FINE: u8 = 0;
/// Wrong usage, a broken set-up, or a failed write.
const BROKEN: u8 = 2;

/// Turns a folder of Markdown about good practices into a searchable website.
#[derive(Debug, Parser)]
#[command(name = "exempla", version, max_term_width = 100)]
struct Cli {
    /// The site's folder [default: the nearest one here or above with a site.toml]
    #[arg(long, global = true, value_name = "DIR")]
    root: Option<PathBuf>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Make a new site in a folder
    Init(init::Args),
    /// Make a new entry, with a line of help for each field
    New(new::Args),
    /// Build the site
    Build(build::Args),
    /// Serve the site to a browser that shows each change at once
    Serve(serve::Args),
    /// Search the site
    Search(search::Args),
    /// Show the types, fields and vocabularies that entries may use
    Schema(schema::Args),
    /// Print a script that completes commands in a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
}

/// Runs the program on its own arguments.
pub fn main() -> ExitCode {
    let mut command = Cli::command();
    // So that it knows `--help` and `--version` too.
    command.build();
    let cli = Cli::parse_from(search::options_first(std::env::args_os(), &command));
    let root = cli.root.as_deref();
    let code = match cli.verb {
        Verb::Init(args) => init::run(root, &args),
        Verb::New(args) => new::run(root, &args),
        Verb::Build(args) => build::run(root, &args),
        Verb::Serve(args) => serve::run(root, &args),
        Verb::Search(args) => search::run(root, &args),
        Verb::Schema(args) => schema::run(root, &args),
        Verb::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "exempla", &mut script);
            report::print(&String::from_utf8_lossy(&script));
            FINE
        }
    };
    ExitCode::from(report::unless_unprinted(code))
}

/// The folder of the site that is meant.
fn site_root(given: Option<&Path>) -> PathBuf {
    let here = || std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    match given {
        Some(root) => root.to_path_buf(),
        None => config::find_root(&here()).unwrap_or_else(here),
    }
}

/// Loads the configuration; prints and returns the exit code when it is broken.
fn load_site(root: &Path) -> Result<config::Site, u8> {
    let (site, mut found) = config::load(root);
    match site {
        Some(site) if !found.has_errors() => Ok(site),
        _ => {
            found.sort();
            report::findings(root, &found, report::Format::Text);
            Err(BROKEN)
        }
    }
}

/// The language that is asked for, one of the site's; else its first.
fn language<'a>(site: &'a config::Site, given: Option<&'a str>) -> Result<&'a str, String> {
    let lang = given.unwrap_or(site.settings.default_language());
    let known = &site.settings.languages;
    match known.iter().any(|known| known == lang) {
        true => Ok(lang),
        false => Err(format!(
            "the site is not in `{lang}`; it is in {}, as `languages` in site.toml says",
            known.join(", ")
        )),
    }
}

/// The type of an id.
fn entry_type<'s>(site: &'s config::Site, id: &str) -> Result<&'s EntryType, String> {
    let types = &site.schema.types;
    let known: Vec<&str> = types.keys().map(String::as_str).collect();
    types.get(id).ok_or_else(|| format!("there is no type `{id}`; {}", suggest(id, &known)))
}

/// Prints findings and gives the exit code that they deserve.
fn broken(root: &Path, found: Diagnostics) -> u8 {
    report::findings(root, &found, report::Format::Text);
    BROKEN
}

/// Prints why nothing can be done, and gives the exit code for that.
fn fail(message: &str) -> u8 {
    report::eprint(&format!("error: {message}\n"));
    BROKEN
}
