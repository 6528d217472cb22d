//! `exempla init`: a small site that builds, to change from there.

use super::report::eprint;
use super::{FINE, broken, fail};
use crate::diagnostic::Diagnostics;
use crate::output::new_file;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder to make the site in; it must not have one yet
    dir: PathBuf,
    /// The site's title
    #[arg(long, default_value = "Our good practices")]
    title: String,
}

/// The files of a new site; `{title}` stands for its title.
const FILES: &[(&str, &str)] = &[
    ("site.toml", include_str!("init/site.toml")),
    ("content/index.md", include_str!("init/index.md")),
    ("content/practices/example-practice.md", include_str!("init/example-practice.md")),
    ("content/case-studies/example-case.md", include_str!("init/example-case.md")),
    ("content/organisations/example-town.md", include_str!("init/example-town.md")),
    ("content/pages/about.md", include_str!("init/about.md")),
    ("content/pages/accessibility.md", include_str!("init/accessibility.md")),
    ("content/pages/privacy.md", include_str!("init/privacy.md")),
    ("content/pages/reuse.md", include_str!("init/reuse.md")),
    ("content/pages/contact.md", include_str!("init/contact.md")),
    (IGNORED, "/public/\n"),
];
/// What git passes over. A repository may have said that already, and more.
const IGNORED: &str = ".gitignore";

pub(super) fn run(root: Option<&Path>, args: &Args) -> u8 {
    if root.is_some() {
        return fail("`init` makes the site in the folder that it is given: leave --root out");
    }
    if args.dir.join(crate::config::SITE_FILE).exists() {
        let dir = args.dir.display();
        return fail(&format!("there is a site in {dir} already; nothing was changed"));
    }
    if args.title.trim().is_empty() {
        return fail("a site needs a title: give one with --title");
    }
    // The title stands in a TOML string.
    let title = args.title.replace('\\', "\\\\").replace('"', "\\\"");
    let title: String = title.chars().filter(|c| !c.is_control()).collect();
    let mut files = FILES.to_vec();
    let known = crate::config::read_text(&args.dir.join(IGNORED));
    files.retain(|(path, _)| *path != IGNORED || known.is_err());
    if let Some((taken, _)) = files.iter().find(|(path, _)| args.dir.join(path).exists()) {
        return fail(&format!(
            "{} is there already; nothing was changed: name an empty folder",
            args.dir.join(taken).display()
        ));
    }
    for (path, text) in files {
        if let Err(found) =
            new_file::create(&args.dir.join(path), text.replace("{title}", &title).as_bytes())
        {
            return broken(&args.dir, Diagnostics::from_iter([found]));
        }
    }
    let is_ignored =
        |text: &String| text.lines().any(|line| line.trim().trim_matches('/') == "public");
    if known.is_ok_and(|text| !is_ignored(&text)) {
        eprint("note: your .gitignore is as it was; add a line /public/ to it\n");
    }
    let dir = shell_word(&args.dir.display().to_string());
    let (place, go) = match &*dir {
        "." => ("here".to_owned(), String::new()),
        _ => (format!("in {dir}"), format!("    cd {dir}\n")),
    };
    eprint(&format!(
        "A new site is {place}. Next:\n\n{go}    exempla serve --open\n\nshows it while you write; `exempla build` makes the website in public.\n"
    ));
    FINE
}

/// A path as a shell takes it for one word.
fn shell_word(path: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+:~".contains(c);
    match path.chars().all(plain) {
        true => path.to_owned(),
        false => format!("'{}'", path.replace('\'', "'\\''")),
    }
}
