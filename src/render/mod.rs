//! From views to pages: templates, UI texts, and how a value is shown.
//!
//! Enters: a view, by value ([`view`]), and values to show ([`shown`]).
//! Leaves: HTML, or a finding that names the template's line and what was being
//! rendered. This room never reads a disk, a clock or the environment.

pub mod theme;
pub mod assets;
pub mod plural;
pub mod locale;
mod plain;
pub mod functions;
pub mod engine;
mod appearance;
mod texts;
mod theme_set;
pub mod shown;
pub mod view;
pub mod plan;
pub mod collisions;
mod site;
mod frame;
mod links;
mod components;
mod values;
mod parts;
mod entry;
mod cards;
mod declared;
mod lists;
mod narrowing;
mod revise;
mod home;
mod search_page;
mod audit;

pub use assets::Assets;
pub use engine::Engine;
pub use locale::Locale;
pub use plan::{Page, PageKind};
pub use shown::{Piece, Shown};
pub use site::{Copies, Pictures, Renderer};
pub use theme::Theme;
pub use theme_set::ThemeSet;

/// The folder of the search pack in the output. Not among the assets, which
/// hosts are told to cache for ever: the pack's manifests keep their names.
pub const SEARCH_PACK: &str = "search-pack/";

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod tests;
