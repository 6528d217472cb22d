//! Every code that Exempla can report, with its default level.
//!
//! A code is `room/what`. `site.toml` may change its level; nothing but this
//! table says what the default is.

use super::Level;
use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

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
    CONFIG_UNUSED_VOCABULARY = "config/unused-vocabulary", Warning, "A vocabulary is declared that no field takes its terms from.";
    CONFIG_UNTRANSLATED = "config/untranslated", Info, "Texts of site.toml or of the preset are not written in a language of the site.";
    CONFIG_CONTRAST = "config/contrast", Warning, "A colour of the site is hard to read and was changed.";
    CONFIG_MISSING_KEY = "config/missing-key", Error, "A key that is needed is absent.";

    THEME_MISSING = "theme/missing", Error, "A theme that is asked for is not there.";

    MARKDOWN_FOREIGN_TAG = "markdown/foreign-tag", Warning, "A template tag of another generator was taken out.";
    MARKDOWN_UNCLOSED_TAG = "markdown/unclosed-tag", Warning, "A template tag has no end and stays as text.";
    MARKDOWN_COMPONENT_CALL = "markdown/component-call", Error, "A call of a component cannot be read, or is not closed where it begins.";
    MARKDOWN_UNKNOWN_COMPONENT = "markdown/unknown-component", Error, "A call names a component that the theme does not have.";
    MARKDOWN_COMPONENT_ATTRIBUTE = "markdown/component-attribute", Error, "A call gives a component what it does not take, or lacks what it needs.";
    MARKDOWN_UNSAFE_URL = "markdown/unsafe-url", Warning, "A link or image has a scheme that is not allowed.";
    MARKDOWN_UNSAFE_HTML = "markdown/unsafe-html", Warning, "An HTML element or attribute was taken out.";
    MARKDOWN_EMPTY_TARGET = "markdown/empty-target", Warning, "A link or image has no target.";
    MARKDOWN_SPACE_IN_TARGET = "markdown/space-in-target", Warning, "A link or image stays as text, since its target has a space in it.";
    MARKDOWN_EMPTY_LINK = "markdown/empty-link", Warning, "A link has no text.";
    MARKDOWN_REMOTE_IMAGE = "markdown/remote-image", Warning, "An image of another site became a link.";
    MARKDOWN_IMAGE_WITHOUT_ALT = "markdown/image-without-alt", Warning, "An image has no alternative text.";
    MARKDOWN_FORMULA = "markdown/formula", Warning, "A formula is not LaTeX that can be drawn.";
    MARKDOWN_SURPLUS_CELL = "markdown/surplus-cell", Warning, "A row of a table has more cells than the table has columns.";
    MARKDOWN_HEADING_JUMP = "markdown/heading-jump", Info, "A heading skips a level.";
    MARKDOWN_DUPLICATE_ID = "markdown/duplicate-id", Warning, "An id is used twice in a page.";
    MARKDOWN_TOO_DEEP = "markdown/too-deep", Warning, "Elements are nested too deeply.";

    CONTENT_UNREADABLE = "content/unreadable", Error, "A file or folder cannot be read.";
    CONTENT_NOT_UTF8 = "content/not-utf8", Error, "A text file is not valid UTF-8.";
    CONTENT_TOO_LARGE = "content/too-large", Error, "A text file is larger than any article.";
    CONTENT_SYMLINK = "content/symlink", Warning, "A symbolic link is not followed.";
    CONTENT_SYNTAX = "content/syntax", Error, "Front matter cannot be read.";
    CONTENT_NOT_MARKDOWN = "content/not-markdown", Warning, "A file begins like an entry but is not named like one.";
    CONTENT_UNCLAIMED = "content/unclaimed", Warning, "No type claims a file, so it is not a page.";
    CONTENT_UNKNOWN_TYPE = "content/unknown-type", Error, "An entry names a type that is not declared.";
    CONTENT_STRANGE_LANGUAGE = "content/strange-language", Warning, "A file is named like a translation into a language that the site lacks.";
    CONTENT_UNKNOWN_LANGUAGE = "content/unknown-language", Error, "An entry is in a language that the site does not have.";
    CONTENT_UNKNOWN_FIELD = "content/unknown-field", Warning, "A key in front matter is no field of the entry's type.";
    CONTENT_REPEATED_FIELD = "content/repeated-field", Warning, "Two keys of an entry mean the same field.";
    CONTENT_WRONG_TYPE = "content/wrong-type", Error, "A value is not what its field needs.";
    CONTENT_UNKNOWN_TERM = "content/unknown-term", Error, "A value is not among those its field allows.";
    CONTENT_MISSING_FIELD = "content/missing-field", Error, "A field that an entry needs is empty.";
    CONTENT_OUT_OF_RANGE = "content/out-of-range", Error, "A value is too small, too large, too short or too long.";
    CONTENT_PATTERN = "content/pattern", Error, "A text does not have the form its field asks for.";
    CONTENT_DATE_ORDER = "content/date-order", Error, "A date comes before one that it must follow.";
    CONTENT_UNSAFE_URL = "content/unsafe-url", Error, "An address has a scheme that is not allowed.";
    CONTENT_UNSAFE_PATH = "content/unsafe-path", Error, "A slug, redirect or file leaves the site or cannot be a file's name.";
    CONTENT_MISSING_FILE = "content/missing-file", Error, "An image or file that an entry names is not there.";
    CONTENT_UNUSED_FILE = "content/unused-file", Info, "A file in the content folder is used by no published entry.";
    CONTENT_MISSING_IMAGE = "content/missing-image", Warning, "A picture that a body shows is not there.";
    CONTENT_HISTORY = "content/history", Warning, "Git does not tell when some entries were last changed.";
    CONTENT_MISSING_ALT = "content/missing-alt", Error, "An image field has no text alternative.";

    MODEL_DUPLICATE_ID = "model/duplicate-id", Error, "Two entries have the same id.";
    MODEL_DANGLING_REFERENCE = "model/dangling-reference", Error, "A reference names an entry that does not exist.";
    MODEL_AMBIGUOUS_REFERENCE = "model/ambiguous-reference", Error, "A reference fits several entries.";
    MODEL_REFERENCE_TYPE = "model/reference-type", Error, "A reference names an entry of a type that its field does not allow.";
    MODEL_DANGLING_LINK = "model/dangling-link", Warning, "A link in a body leads to nothing in the site.";
    MODEL_UNPUBLISHED_REFERENCE = "model/unpublished-reference", Warning, "A reference or link names an entry that is not published.";
    MODEL_SKIPPED_ENTRY = "model/skipped-entry", Warning, "An entry with errors is left out of the site.";

    CHECK_ANCHOR = "check/anchor", Info, "A link names a part of an entry that has no such heading.";
    CHECK_EMPTY_BODY = "check/empty-body", Warning, "An entry has no text.";
    CHECK_PLACEHOLDER = "check/placeholder", Warning, "An entry still has words that were to be replaced.";
    CHECK_OUTDATED_TRANSLATION = "check/outdated-translation", Info, "An original has changed since it was translated.";
    CHECK_UNDATED_TRANSLATIONS = "check/undated-translations", Info, "It is unknown whether translations are up to date.";
    CHECK_MISSING_TRANSLATIONS = "check/missing-translations", Info, "Entries are not translated into a language of the site.";
    CHECK_SPELLINGS = "check/spellings", Info, "Tags differ in spelling only.";

    PICTURES_BROKEN = "pictures/broken", Warning, "A picture cannot be read.";
    PICTURES_TOO_LARGE = "pictures/too-large", Warning, "A picture has more pixels than can be unpacked.";
    PICTURES_PLACE = "pictures/place", Warning, "A picture says where it was taken.";

    SEARCH_FAILED = "search/failed", Error, "The search index cannot be built.";

    OUTPUT_COLLISION = "output/collision", Error, "Two pages or files would have the same address.";
    OUTPUT_MISPLACED = "output/misplaced", Error, "The output folder is the site's own, or holds its sources.";
    OUTPUT_FOREIGN_FILE = "output/foreign-file", Error, "A file that Exempla did not write stands where a page should go.";
    OUTPUT_LOCKED = "output/locked", Error, "Another build is writing to the same folder.";
    OUTPUT_WRITE_FAILED = "output/write-failed", Error, "A file or folder cannot be written.";

    THEME_INVALID = "theme/invalid", Error, "A theme lacks a file or has one that cannot be read.";
    THEME_VERSION = "theme/version", Error, "A theme is made for another version of Exempla.";
    THEME_TEMPLATE = "theme/template", Error, "A template does not compile.";
    THEME_UNKNOWN_TEMPLATE = "theme/unknown-template", Warning, "A type asks for a template that no theme has.";
    THEME_UNKNOWN_TEXT = "theme/unknown-text", Warning, "A theme has a UI text that no page shows.";
    THEME_UNTRANSLATED = "theme/untranslated", Warning, "A language of the site has no UI texts of its own.";
    THEME_TEXTS = "theme/texts", Error, "A theme's UI texts lack something that every page needs.";
    RENDER_FAILED = "render/failed", Error, "A template fails while it renders a page.";
}

/// The code of a name, if there is one.
pub fn find(name: &str) -> Option<&'static Code> {
    ALL.iter().copied().find(|code| code.name == name)
}

pub(super) fn write_name<S: Serializer>(code: &Code, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(code.name)
}

pub(super) fn read_name<'de, D: Deserializer<'de>>(from: D) -> Result<&'static Code, D::Error> {
    let name = String::deserialize(from)?;
    find(&name).ok_or_else(|| D::Error::custom("an unknown code"))
}
