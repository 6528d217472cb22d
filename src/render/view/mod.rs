//! Views: all that a template gets for one page.
//!
//! The model's side of this room fills them by value; a template reads nothing
//! else but `t` (UI texts) and `assets` (addresses of static files), which the
//! engine adds. A page's fingerprint is the hash of its view, so a view holds
//! what the page shows and nothing more. Labels are in the page's language,
//! addresses are ready to link, `body` and `html` are safe HTML.

mod entry;
mod frame;
mod list;
mod search;

pub use entry::*;
pub use frame::*;
pub use list::*;
pub use search::*;

use indexmap::IndexMap;
use serde::Serialize;

/// The view of any page. Which of the optional parts are there depends on
/// `page.kind`: an entry has `entry`; a list, a term and a type's index have
/// `list`; a term has `term` as well; home has `home`; the search page has `search`.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct PageView {
    /// What all pages share.
    pub site: Site,
    /// What the frame of the page says about it.
    pub page: Page,
    /// An entry.
    pub entry: Option<Entry>,
    /// A list of entries.
    pub list: Option<List>,
    /// What the entries of the list have in common.
    pub term: Option<Term>,
    /// The front page.
    pub home: Option<Home>,
    /// What search needs to begin.
    pub search: Option<Search>,
    /// The declared lists that this page asks for, by name.
    pub lists: IndexMap<String, CardList>,
}
