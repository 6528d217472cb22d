//! Two outputs that would be one file on some disk, or a file where another
//! output needs a folder.
//!
//! Enters: the pages planned and the other paths that will be written. Leaves:
//! findings, and a plan in which every file is written once.

use super::plan::{Page, PageKind};
use crate::diagnostic::{Diagnostic, Diagnostics, Place, codes};
use crate::model::Model;
use indexmap::{IndexMap, map::Entry};
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;

/// What is to be written at a path: its address, and the file it is made from.
struct Claim {
    address: String,
    source: Option<Place>,
    redirect: bool,
}

/// Who has a path: looked up for every folder of every page.
type Claims = IndexMap<String, Claim, foldhash::fast::RandomState>;

/// Reports collisions, and takes out of `pages`, which are in the order of
/// their addresses, each page that comes too late.
pub(super) fn settle<'a>(
    model: &Model,
    pages: &mut Vec<Page>,
    files: impl IntoIterator<Item = (&'a str, Option<Place>)>,
) -> Diagnostics {
    let mut found = Diagnostics::default();
    let mut claims = Claims::with_capacity_and_hasher(pages.len(), Default::default());
    let mut take = |path: &str, claim: Claim| -> bool {
        match claims.entry(fold(path)) {
            Entry::Occupied(first) => found.push(report(&claim, first.get())),
            Entry::Vacant(free) => {
                free.insert(claim);
                return true;
            }
        }
        false
    };
    for (path, source) in files {
        take(path, Claim { address: path.to_owned(), source, redirect: false });
    }
    pages.retain(|page| {
        let redirect = matches!(page.kind, PageKind::Redirect(_));
        let address = page.url.clone();
        take(&page.file(), Claim { address, source: source(model, page), redirect })
    });
    for (path, claim) in &claims {
        let mut folders = path.match_indices('/').map(|(at, _)| &path[..at]);
        if let Some(file) = folders.find_map(|folder| claims.get(folder)) {
            let message = format!(
                "/{} cannot be both a page and the folder of /{}",
                file.address, claim.address
            );
            found.push(placed(message, claim, file));
        }
    }
    found
}

/// Reports every page, and every file that an entry uses, which would stand
/// where Exempla puts a file of its own (`reserved`), or would need a folder there.
pub fn encroaching<'a>(
    model: &Model,
    pages: &[Page],
    reserved: impl IntoIterator<Item = &'a str>,
) -> Diagnostics {
    let reserved: BTreeMap<String, &str> =
        reserved.into_iter().map(|path| (fold(path), path)).collect();
    let of_pages = pages.iter().map(|page| (page.file(), source(model, page)));
    let of_assets = model
        .assets
        .values()
        .map(|asset| (asset.url.clone(), Some(Place::file(asset.source.file.clone()))));
    let check = |(path, source): (String, Option<Place>)| {
        let path = fold(&path);
        let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
        let own = folders.chain([path.as_str()]).find_map(|part| reserved.get(part))?;
        let message = format!("/{own} is the address of a file that Exempla makes itself");
        let help = "rename the file, or give up this `slug` or former address";
        let diagnostic = Diagnostic::new(&codes::OUTPUT_COLLISION, message).help(help);
        Some(match source {
            Some(source) => diagnostic.at(source),
            None => diagnostic,
        })
    };
    of_pages.chain(of_assets).filter_map(check).collect()
}

/// A path as a disk sees it that ignores case and folds Unicode forms.
fn fold(path: &str) -> String {
    if path.is_ascii() {
        return path.to_ascii_lowercase();
    }
    path.nfc().flat_map(char::to_lowercase).nfc().collect()
}

fn report(claim: &Claim, first: &Claim) -> Diagnostic {
    let message = match first.address == claim.address {
        true => format!("two pages would have the address /{}", claim.address),
        false => {
            format!("the addresses /{} and /{} are one on many disks", claim.address, first.address)
        }
    };
    placed(message, claim, first)
}

/// Whichever of the two an editor wrote is the place to look.
fn placed(message: String, claim: &Claim, first: &Claim) -> Diagnostic {
    let help = match claim.redirect || first.redirect {
        true => "take the redirect out, or change it",
        false => "rename one of the files, or give one another `slug`",
    };
    let found = Diagnostic::new(&codes::OUTPUT_COLLISION, message).help(help);
    match (&claim.source, &first.source) {
        (Some(source), Some(other)) if source == other => found.at(source.clone()),
        (Some(source), Some(other)) => {
            found.at(source.clone()).related(other.clone(), "the other is here")
        }
        (Some(place), None) | (None, Some(place)) => found.at(place.clone()),
        (None, None) => found,
    }
}

/// The file that a page is made from, if it is made from one.
fn source(model: &Model, page: &Page) -> Option<Place> {
    match page.kind {
        PageKind::Entry(at) | PageKind::Redirect(at) => {
            Some(Place::file(model.entries[at].file.clone()))
        }
        _ => None,
    }
}
