//! What pages share, put right after some entries have come to say something else.
//!
//! Enters: a renderer and a revision of its model. Leaves: the renderer as it would be of
//! a model that was joined anew, at the cost of what has changed.

use super::site::slugs_of;
use super::{Renderer, declared, frame, narrowing, plan};
use crate::content::SourceEntry;
use crate::diagnostic::Diagnostics;
use crate::model::{Entry, Revised, Revision, Typed};
use std::collections::{BTreeMap, BTreeSet};

impl Renderer {
    /// As [`Model::revision`](crate::model::Model::revision); `None` also if an address
    /// under which visitors browse is wanted by something else.
    pub fn revision(
        &self,
        typed: &mut Typed,
        sources: &BTreeMap<String, SourceEntry>,
        touched: &BTreeSet<String>,
    ) -> Option<Revision> {
        self.apart.then(|| self.model.revision(typed, sources, touched))?
    }

    /// Takes up a revision of the model, in all that is made of that.
    pub fn revise(&mut self, typed: &Typed, revision: Revision) -> Revised {
        let revised = self.model.revise(typed, revision);
        self.forget();
        self.put_in_order(&revised);
        for (lang, field) in &revised.facets {
            let facet = &self.model.facets[lang][field];
            plan::plan_again(&self.site, &mut self.pages, lang, facet);
            let slugs = slugs_of(facet);
            self.facet_slugs.entry(lang.clone()).or_default().insert(field.clone(), slugs);
            let shares = narrowing::shares(&self.model, facet);
            self.shares.entry(lang.clone()).or_default().insert(field.clone(), shares);
        }
        if revised.is_renamed(&self.model.entries) || !revised.facets.is_empty() {
            // A link may be called what its target is, and lead to a page that has come
            // or gone. What is wrong with it was found before.
            let mut known = Diagnostics::default();
            self.frames = frame::sites(&self.site, &self.model, &self.pages, &mut known);
            self.fit();
        }
        revised
    }

    /// Puts entries where they stand now in the lists of types and declared lists.
    fn put_in_order(&mut self, revised: &Revised) {
        let Self { site, model, of_type, lists, .. } = self;
        let entries = &model.entries;
        for ((_, kind), list) in of_type.iter_mut() {
            let by = &site.schema.types[kind.as_str()].sort;
            let moves = |(at, before): &&(usize, Entry)| {
                before.kind == *kind && declared::stands_elsewhere(before, &entries[*at], by)
            };
            let moved: BTreeSet<usize> =
                revised.before.iter().filter(moves).map(|(at, _)| *at).collect();
            let mut shown = Vec::new();
            if !moved.is_empty() {
                list.retain(|at| {
                    let stays = !moved.contains(at);
                    shown.extend((!stays).then_some(*at));
                    stays
                });
            }
            shown.into_iter().for_each(|at| declared::insert(list, entries, at, by));
        }
        let default = site.settings.default_language();
        for ((lang, name), list) in lists.iter_mut() {
            let declared = &site.settings.lists[name];
            let mut pairs = revised.before.iter().map(|(at, before)| (before, &entries[*at]));
            if pairs.any(|(before, now)| declared::may_differ(declared, before, now)) {
                *list = declared::compute(declared, entries, &model.shown[lang], lang, default);
            }
        }
    }
}
