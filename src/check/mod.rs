//! Rules over the joined model: what a good editor would notice.
//!
//! Enters: the model. Leaves: findings. Nothing here changes an entry.

mod anchors;
mod bodies;
mod spellings;
mod translations;

use crate::config::Site;
use crate::diagnostic::Diagnostics;
use crate::model::Model;

/// Applies every rule, at the levels that the site sets.
pub fn check(site: &Site, model: &Model) -> Diagnostics {
    let mut found = Diagnostics::default();
    model.check_links(&mut found);
    anchors::check(model, &mut found);
    bodies::check(site, model, &mut found);
    spellings::check(site, model, &mut found);
    translations::check(site, model, &mut found);
    found.relevel(&site.settings.levels);
    found
}
