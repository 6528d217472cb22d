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

/// What is to be written at a path.
#[derive(Clone, Copy)]
enum Claim<'a> {
    File(&'a str, Option<&'a Place>),
    Page(&'a Page),
}

impl Claim<'_> {
    fn address(&self) -> &str {
        match self {
            Self::File(path, _) => path,
            Self::Page(page) => &page.url,
        }
    }

    /// The file that it is made from, if it is made from one.
    fn source(&self, model: &Model) -> Option<Place> {
        match self {
            Self::File(_, place) => place.cloned(),
            Self::Page(page) => source(model, page),
        }
    }

    fn is_redirect(&self) -> bool {
        matches!(self, Self::Page(Page { kind: PageKind::Redirect(_), .. }))
    }
}

/// Who has a path: looked up for every folder of every page.
type Claims<'a> = IndexMap<String, Claim<'a>, foldhash::fast::RandomState>;

/// Reports collisions, and takes out of `pages`, which are in the order of
/// their addresses, each page that comes too late.
pub(super) fn settle(
    model: &Model,
    pages: &mut Vec<Page>,
    files: &[(String, Option<Place>)],
) -> Diagnostics {
    let mut found = Diagnostics::default();
    let mut claims =
        Claims::with_capacity_and_hasher(pages.len() + files.len(), Default::default());
    let mut take = |path: &str, claim| match claims.entry(fold(path)) {
        Entry::Occupied(first) => {
            found.push(report(model, &claim, first.get()));
            false
        }
        Entry::Vacant(free) => {
            free.insert(claim);
            true
        }
    };
    for (path, place) in files {
        take(path, Claim::File(path, place.as_ref()));
    }
    let stays: Vec<bool> = pages.iter().map(|page| take(&page.file(), Claim::Page(page))).collect();
    for (path, claim) in &claims {
        let mut folders = path.match_indices('/').map(|(at, _)| &path[..at]);
        if let Some(file) = folders.find_map(|folder| claims.get(folder)) {
            let message = format!(
                "/{} cannot be both a page and the folder of /{}",
                file.address(),
                claim.address()
            );
            found.push(placed(model, message, claim, file));
        }
    }
    let mut stays = stays.into_iter();
    pages.retain(|_| stays.next() != Some(false));
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

/// Whether a path is a folder, or lies in it, on a disk that ignores case.
pub(super) fn is_under(path: &str, folder: &str) -> bool {
    let begins = |path: &str| {
        let head = path.as_bytes().get(..folder.len());
        let ends = matches!(path.as_bytes().get(folder.len()), None | Some(b'/'));
        ends && head.is_some_and(|head| head.eq_ignore_ascii_case(folder.as_bytes()))
    };
    if path.is_ascii() { begins(path) } else { begins(&fold(path)) }
}

fn report(model: &Model, claim: &Claim<'_>, first: &Claim<'_>) -> Diagnostic {
    let (address, other) = (claim.address(), first.address());
    let message = match address == other {
        true => format!("two pages would have the address /{address}"),
        false => format!("the addresses /{address} and /{other} are one on many disks"),
    };
    placed(model, message, claim, first)
}

/// Whichever of the two an editor wrote is the place to look.
fn placed(model: &Model, message: String, claim: &Claim<'_>, first: &Claim<'_>) -> Diagnostic {
    let help = match claim.is_redirect() || first.is_redirect() {
        true => "take the redirect out, or change it",
        false => "rename one of the files, or give one another `slug`",
    };
    let found = Diagnostic::new(&codes::OUTPUT_COLLISION, message).help(help);
    match (claim.source(model), first.source(model)) {
        (Some(source), Some(other)) if source == other => found.at(source),
        (Some(source), Some(other)) => found.at(source).related(other, "the other is here"),
        (Some(place), None) | (None, Some(place)) => found.at(place),
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
