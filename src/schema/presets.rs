//! The models that come with Exempla, in the syntax that a site uses.

/// The fields that every entry has.
pub const CORE: (&str, &str) = ("preset core", include_str!("core.toml"));

/// The presets by name.
pub const PRESETS: &[(&str, &str)] =
    &[("good-practices", include_str!("presets/good-practices.toml"))];

/// The text of a preset; `none` is an empty one.
pub fn find(name: &str) -> Option<&'static str> {
    match name {
        "none" => Some(""),
        _ => PRESETS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text),
    }
}
