//! `exempla serve`: the site while it is written.

use super::report::{count, eprint};
use super::{FINE, broken, build, fail, site_root};
use crate::config;
use crate::serve::{self, News, Options};
use std::net::IpAddr;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The port; the next free one if it is taken
    #[arg(long, short, value_name = "N", default_value_t = 4000)]
    port: u16,
    /// The name or address to listen at; any but the default lets others in
    #[arg(long, value_name = "HOST", default_value = "127.0.0.1")]
    host: String,
    /// Open the site in a browser
    #[arg(long)]
    open: bool,
    /// Leave out drafts and future entries
    #[arg(long)]
    no_drafts: bool,
    /// The day to show the site on, as 2024-05-31 [default: SOURCE_DATE_EPOCH, else today in UTC]
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
}

pub(super) fn run(root: Option<&Path>, args: &Args) -> u8 {
    let today = match build::today(args.date.as_deref()) {
        Ok(today) => today,
        Err(message) => return fail(&message),
    };
    let root = site_root(root);
    if !root.is_dir() {
        return fail(&format!("{} is not a folder", root.display()));
    }
    if !root.join(config::SITE_FILE).exists() {
        return broken(&root, config::load(&root).1);
    }
    let root = root.canonicalize().unwrap_or(root);
    let host = args.host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let (listener, address) = match serve::bind(&host, args.port) {
        Ok(bound) => bound,
        Err(error) => return fail(&format!("{host}:{} cannot be listened at: {error}", args.port)),
    };
    if address.port() != args.port && args.port != 0 {
        eprint(&format!("note: port {} is taken; this is {}\n", args.port, address.port()));
    }
    if !address.ip().is_loopback() {
        eprint("warning: everyone who can reach this machine can see the site, drafts included\n");
    }
    // A browser cannot go to “any address”; this machine's own name stands for it.
    let any = host.parse::<IpAddr>().is_ok_and(|address| address.is_unspecified());
    let host = if any { "localhost".to_owned() } else { host };
    let options = Options { root, host, today, drafts: !args.no_drafts };
    let open = args.open;
    let tell = Arc::new(move |news| hear(news, open));
    match serve::serve(options, listener, address, tell) {
        Ok(()) => FINE,
        Err(error) => fail(&format!("the server stopped: {error}")),
    }
}

fn hear(news: News, open: bool) {
    match news {
        News::Ready(url, entries, pages) => {
            let entries = count(entries, "entry", "entries");
            let pages = count(pages, "page", "pages");
            eprint(&format!("{url}  {entries}, {pages}; Ctrl-C ends it\n"));
            if open && let Err(error) = browse(&url) {
                eprint(&format!("note: no browser could be opened: {error}\n"));
            }
        }
        News::Waiting(url) => eprint(&format!("{url}  once this is mended; Ctrl-C ends it\n")),
        News::Wrong(text) | News::Noticed(text) => eprint(&text),
        News::Mended => eprint("mended: no errors are left\n"),
        News::Blind(why) => eprint(&format!("warning: changes cannot be noticed: {why}\n")),
    }
}

/// Opens an address in the browser that the system prefers.
fn browse(url: &str) -> std::io::Result<()> {
    let mut command = if cfg!(target_os = "macos") {
        Command::new("open")
    } else if cfg!(target_os = "windows") {
        let mut command = Command::new("cmd");
        command.args(["/C", "start", ""]);
        command
    } else {
        Command::new("xdg-open")
    };
    command.arg(url).spawn().map(|_| ())
}
