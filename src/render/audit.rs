//! What editors wrote, held against the pages and components that there are: components by
//! [`super::components`], paths of the site here.

use super::Renderer;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, codes};
use crate::markdown::{Body, Kind};
use crate::model::{Entry, LinkTo, Origin, Value};
use rayon::prelude::*;

impl Renderer {
    /// Holds what the site and its entries say against the pages and the components that
    /// there are.
    pub fn check(&self) -> Diagnostics {
        let mut found = self.check_site();
        found.append(self.check_entries(&|_| true));
        found
    }

    /// The same of each entry by itself that is `wanted`. What is found lies in the entry's
    /// own file and is remembered from build to build: of other entries this must see no more
    /// than `build/stamp.rs` says.
    pub fn check_entries(&self, wanted: &(dyn Fn(&Entry) -> bool + Sync)) -> Diagnostics {
        let look = |entry| {
            let mut found = Diagnostics::default();
            self.audit(entry, &mut found);
            self.check_calls(entry, &mut found);
            found
        };
        let wanted = self.model.entries.par_iter().filter(|entry| wanted(entry));
        wanted.map(look).collect::<Vec<_>>().into_iter().flatten().collect()
    }

    /// Reports every path within the site that an entry names and that would be no page.
    fn audit(&self, entry: &Entry, found: &mut Diagnostics) {
        for link in entry.bodies().into_iter().flat_map(Body::links) {
            if link.kind == Kind::Local && self.model.link(entry, &link.target) == LinkTo::Address {
                self.path(entry, &link.target, Some(link.span.clone()), found);
            }
        }
        // What a translation has of its original is looked at there.
        for stored in entry.values.values().filter(|stored| stored.origin != Origin::Original) {
            stored.value.walk(&mut |value| {
                if let Value::Url(url) = value
                    && url.starts_with('/')
                {
                    self.path(entry, url, stored.span().cloned(), found);
                }
            });
        }
    }

    fn path(
        &self,
        entry: &Entry,
        url: &str,
        span: Option<std::ops::Range<usize>>,
        found: &mut Diagnostics,
    ) {
        let path = url.split(['#', '?']).next().unwrap_or("").trim_start_matches('/');
        let folder = format!("{}/", path.trim_end_matches('/'));
        if path.is_empty() || self.has_page(path) || self.has_page(&folder) || self.has_file(path) {
            return;
        }
        let place = match span {
            Some(span) => Place::span(entry.file.clone(), span),
            None => Place::file(entry.file.clone()),
        };
        let message = format!("there is no page at `{url}`");
        let help = "link to the entry's file instead: such links are kept right";
        found.push(Diagnostic::new(&codes::MODEL_DANGLING_LINK, message).at(place).help(help));
    }
}
