//! `exempla init`: a small site that builds, to change from there.

use super::report::eprint;
use super::{BROKEN, FINE, fail};
use crate::diagnostic::Diagnostics;
use crate::output::new_file;
use std::path::PathBuf;

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
    (".gitignore", "/public/\n"),
];

pub(super) fn run(args: &Args) -> u8 {
    if args.dir.join(crate::config::SITE_FILE).exists() {
        eprint(&format!(
            "error: there is a site in {} already; nothing was changed\n",
            args.dir.display()
        ));
        return BROKEN;
    }
    // The title stands in a TOML string.
    let title = args.title.replace('\\', "\\\\").replace('"', "\\\"");
    let title: String = title.chars().filter(|c| !c.is_control()).collect();
    for (path, text) in FILES {
        if let Err(found) =
            new_file::create(&args.dir.join(path), text.replace("{title}", &title).as_bytes())
        {
            return fail(&args.dir, Diagnostics::from_iter([found]));
        }
    }
    let dir = args.dir.display();
    eprint(&format!(
        "A new site is in {dir}. Next:\n\n    cd {dir}\n    exempla serve --open\n\nshows it while you write; `exempla build` makes the website in public.\n"
    ));
    FINE
}
