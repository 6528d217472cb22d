//! Rules over the joined model: what a good editor would notice.
//!
//! Enters: the model. Leaves: findings. Nothing here changes an entry.

mod anchors;
mod bodies;
mod spellings;
mod translations;

use crate::config::Site;
use crate::diagnostic::Diagnostics;
use crate::model::{Entry, Model};
use rayon::prelude::*;

/// Applies every rule, at the levels that the site sets.
pub fn check(site: &Site, model: &Model) -> Diagnostics {
    let mut found = of_site(site, model);
    found.append(of_entries(site, model, &|_| true));
    found.relevel(&site.settings.levels);
    found
}

/// Applies the rules that hold entries against each other; levels are not those of the site yet.
pub fn of_site(site: &Site, model: &Model) -> Diagnostics {
    let mut found = Diagnostics::default();
    spellings::check(site, model, &mut found);
    translations::check(site, model, &mut found);
    found
}

/// Applies the rules that take entries one by one, to those that are `wanted`; levels likewise.
/// What they find lies in the entry's own file and is remembered from build to build: of other
/// entries they must see no more than `build/stamp.rs` says.
pub fn of_entries(
    site: &Site,
    model: &Model,
    wanted: &(dyn Fn(&Entry) -> bool + Sync),
) -> Diagnostics {
    let look = |entry: &Entry, is_published: bool| {
        let mut found = Diagnostics::default();
        model.check_links(entry, &mut found);
        if is_published {
            anchors::check(model, entry, &mut found);
            bodies::check(site, model, entry, &mut found);
        }
        found
    };
    let published = model.entries.par_iter().map(|entry| (entry, true));
    // Where those lead is told with the rest.
    let all = published.chain(model.doubtful().par_iter().map(|entry| (entry, false)));
    let wanted = all.filter(|(entry, _)| wanted(entry));
    let found: Vec<_> = wanted.map(|(entry, is_published)| look(entry, is_published)).collect();
    found.into_iter().flatten().collect()
}
