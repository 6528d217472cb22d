//! A site without errors: what pages can be made of.
//!
//! Enters: the model. Leaves: the renderer of what is sound in it, and findings. What
//! entries say by themselves is not looked at again where it is known from the last build.

use crate::check;
use crate::config::Site;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Entry, Model, PartialDate};
use crate::render::{Renderer, ThemeSet};
use std::collections::HashSet;
use std::sync::Arc;

/// What was found in entries, each by itself, when nothing was otherwise than it is now
/// but the words of some.
pub struct Known<'k> {
    /// The findings.
    pub found: &'k Diagnostics,
    /// The files that have other words now, by their paths for findings.
    pub others: HashSet<&'k str>,
}

/// What came of a model.
pub struct Sound {
    /// The renderer; the model comes back if errors remain.
    pub renderer: Result<Renderer, Model>,
    /// All findings.
    pub found: Diagnostics,
    /// Those among them that are of entries, each by itself, unless some were left out for
    /// them: then they are not those of the entries that came in.
    pub in_entries: Option<Diagnostics>,
}

/// Makes the renderer of a model, without the entries that turn out bad only now
/// where the site wants such left out.
pub fn sound(
    site: &Arc<Site>,
    themes: &ThemeSet,
    mut model: Model,
    today: PartialDate,
    mut known: Option<Known<'_>>,
) -> Sound {
    let mut found = Diagnostics::default();
    let mut is_whole = true;
    loop {
        let (renderer, mut late) = Renderer::new(Arc::clone(site), themes, model, today);
        late.append(renderer.check_site());
        // Known is what was found in the entries that came in, before any was left out.
        let known = known.take();
        let (of_site, in_entries) = rayon::join(
            || check::of_site(site, renderer.model()),
            || in_entries(site, &renderer, known),
        );
        late.append(of_site);
        late.append(in_entries.clone());
        late.relevel(&site.settings.levels);
        if !late.has_errors() {
            found.append(late);
            let in_entries = is_whole.then_some(in_entries);
            return Sound { renderer: Ok(renderer), found, in_entries };
        }
        model = renderer.into_model();
        is_whole = false;
        let again = model.leave_out_bad(site, &mut late);
        found.append(late);
        if !again {
            return Sound { renderer: Err(model), found, in_entries: None };
        }
    }
}

fn in_entries(site: &Site, renderer: &Renderer, known: Option<Known<'_>>) -> Diagnostics {
    let is_other = |file: &str| known.as_ref().is_none_or(|known| known.others.contains(file));
    let wanted = |entry: &Entry| is_other(&entry.file);
    let (mut found, of_pages) = rayon::join(
        || check::of_entries(site, renderer.model(), &wanted),
        || renderer.check_entries(&wanted),
    );
    found.append(of_pages);
    let lies_there = |one: &&Diagnostic| one.place.as_ref().is_some_and(|at| !is_other(&at.file));
    let known = known.as_ref().into_iter().flat_map(|known| known.found.iter());
    found.extend(known.filter(lies_there).cloned());
    found
}
