//! Every code that Exempla can report, with its default level.
//!
//! A code is `room/what`. `site.toml` may change its level; nothing but this
//! table says what the default is.

use super::Level;

/// A kind of finding.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// The name as printed and as `[diagnostics]` in `site.toml` spells it.
    pub name: &'static str,
    /// The level it has unless `site.toml` says otherwise.
    pub level: Level,
    /// One sentence for the manual.
    pub summary: &'static str,
}

macro_rules! codes {
    ($($id:ident = $name:literal, $level:ident, $summary:literal;)*) => {
        $(#[doc = $summary] pub static $id: Code = Code {
            name: $name, level: Level::$level, summary: $summary,
        };)*
        /// All codes, in the order of the rooms that report them.
        pub static ALL: &[&Code] = &[$(&$id),*];
    };
}

codes! {
    CONFIG_UNREADABLE = "config/unreadable", Error, "A file of the configuration or theme cannot be read.";
    CONFIG_MISSING = "config/missing", Error, "There is no site.toml.";
    CONFIG_SYNTAX = "config/syntax", Error, "A TOML file cannot be read as TOML.";
    CONFIG_UNKNOWN_KEY = "config/unknown-key", Error, "A key in site.toml means nothing to Exempla.";
    CONFIG_WRONG_TYPE = "config/wrong-type", Error, "A value in site.toml is of another type than its key needs.";
    CONFIG_INVALID = "config/invalid", Error, "A value in site.toml is of the right type but cannot be used.";
    CONFIG_MISSING_KEY = "config/missing-key", Error, "A key that is needed is absent.";

    THEME_MISSING = "theme/missing", Error, "A theme that is asked for is not there.";

    CONTENT_UNREADABLE = "content/unreadable", Error, "A file or folder cannot be read.";
    CONTENT_NOT_UTF8 = "content/not-utf8", Error, "A text file is not valid UTF-8.";
    CONTENT_TOO_LARGE = "content/too-large", Error, "A text file is larger than any article.";
    CONTENT_SYMLINK = "content/symlink", Warning, "A symbolic link is not followed.";
    CONTENT_SYNTAX = "content/syntax", Error, "Front matter cannot be read.";
    CONTENT_UNCLAIMED = "content/unclaimed", Warning, "No type claims a file.";

    THEME_INVALID = "theme/invalid", Error, "A theme lacks a file or has one that cannot be read.";
    THEME_VERSION = "theme/version", Error, "A theme is made for another version of Exempla.";
    THEME_TEMPLATE = "theme/template", Error, "A template does not compile.";
    THEME_TEXTS = "theme/texts", Error, "A theme's UI texts lack something that every page needs.";
    RENDER_FAILED = "render/failed", Error, "A template fails while it renders a page.";
}

/// The code of a name, if there is one.
pub fn find(name: &str) -> Option<&'static Code> {
    ALL.iter().copied().find(|code| code.name == name)
}
