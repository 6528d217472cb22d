//! What pages share, put right after some entries have come to say something else.
//!
//! Enters: a renderer, and sources of which some are touched. Leaves: the renderer as it
//! would be of a model that was joined anew, at the cost of what has changed; or nothing
//! done, where the model cannot be revised.

use super::cards::Cards;
use super::site::facet_slugs;
use super::{Renderer, declared, frame, narrowing, plan};
use crate::content::SourceEntry;
use crate::diagnostic::Diagnostics;
use crate::model::{Entry, Options, Revised, Typed};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

impl Renderer {
    /// As [`Model::revise`](crate::model::Model::revise), with all that is made of the model.
    pub fn revise(
        &mut self,
        typed: &mut Typed,
        sources: &BTreeMap<String, SourceEntry>,
        touched: &BTreeSet<String>,
        options: Options,
    ) -> Option<Revised> {
        let files = self.files.iter().map(String::as_str);
        if !plan::keeps_apart(&self.site, &self.pages, files) {
            return None;
        }
        let revised = self.model.revise(typed, sources, touched, options)?;
        self.failures = Mutex::default();
        self.cards = Cards::new(&self.site.settings.languages, self.model.entries.len());
        self.put_in_order(&revised);
        if !revised.facets.is_empty() {
            plan::plan_again(&self.site, &self.model, &mut self.pages, &revised.facets);
            self.facet_slugs = facet_slugs(&self.model);
            self.shares = narrowing::shares(&self.model);
        }
        // A link may be called what its target is. What is wrong with links was found before.
        let mut known = Diagnostics::default();
        self.frames = frame::sites(&self.site, &self.model, &self.pages, &mut known);
        self.fit();
        Some(revised)
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
            if pairs.any(|(before, now)| declared::moves(declared, before, now)) {
                *list = declared::compute(declared, entries, &model.shown[lang], lang, default);
            }
        }
    }
}
