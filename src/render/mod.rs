//! From views to pages: templates, UI texts, and how a value is shown.
//!
//! Enters: a view, by value ([`view`]), and values to show ([`shown`]).
//! Leaves: HTML, or a finding that names the template's line and what was being
//! rendered. This room never reads a disk, a clock or the environment.

pub mod assets;
pub mod engine;
pub mod functions;
pub mod locale;
mod plain;
pub mod plural;
pub mod shown;
pub mod theme;
pub mod view;

pub use assets::Assets;
pub use engine::Engine;
pub use locale::Locale;
pub use shown::{Piece, Shown};
pub use theme::Theme;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod tests;
