//! What the path of an entry says: its language, its name, its folder.

use crate::schema::data;

/// A path in the content folder, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The path as it is: `practices/water.it.md`.
    pub path: String,
    /// The language that a suffix or a folder names, if any.
    pub lang: Option<String>,
    /// The path without language and extension, the same for all translations:
    /// `practices/water`; that of `practices/water/index.md` is `practices/water` too.
    pub key: String,
    /// Whether the file is a folder's `index.md` or `_index.md`.
    pub is_index: bool,
}

/// The code of a language, none of the site's, that ends the name of a file as that of a
/// translation does; and the name of the file that it would translate.
pub(super) fn strange_language<'p>(
    path: &'p str,
    languages: &[String],
) -> Option<(&'p str, String)> {
    let stem = path.strip_suffix(".md")?;
    let (name, word) = stem.rsplit('/').next()?.rsplit_once('.')?;
    let is_code = word.len() == 2 && data::language(word).is_some();
    let is_known = languages.iter().any(|lang| lang.eq_ignore_ascii_case(word));
    (is_code && !is_known).then(|| (word, format!("{name}.md")))
}

impl Location {
    /// Takes a content path apart. `languages` are the site's; a suffix or
    /// folder that is none of them belongs to the name.
    pub fn of(path: &str, languages: &[String]) -> Self {
        let known =
            |word: &str| languages.iter().find(|lang| lang.eq_ignore_ascii_case(word)).cloned();
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let suffix = stem.rsplit_once('.').and_then(|(stem, word)| Some((stem, known(word)?)));
        let (stem, mut lang) = match suffix {
            Some((stem, lang)) => (stem, Some(lang)),
            None => (stem, None),
        };
        let mut folders: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
        // The first folder that is a language: it/practices/x.md or practices/it/x.md.
        if lang.is_none()
            && let Some(at) = folders.iter().position(|part| known(part).is_some())
        {
            lang = known(folders.remove(at));
        }
        let is_index = matches!(stem, "index" | "_index");
        match (is_index, folders.is_empty()) {
            (true, true) => folders.push("index"),
            (true, false) => {}
            (false, _) => folders.push(stem),
        }
        Self { path: path.to_owned(), lang, key: folders.join("/"), is_index }
    }

    /// The folder that the file lies in, as a content path; empty at the top.
    pub fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The last part of the key: the name that a slug is made from.
    pub fn name(&self) -> &str {
        self.key.rsplit('/').next().unwrap_or(&self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn translations_share_a_key() {
        let languages = ["en".to_owned(), "it".to_owned()];
        let of = |path| {
            let location = Location::of(path, &languages);
            (location.lang.unwrap_or_default(), location.key, location.is_index)
        };
        assert_eq!(of("practices/water.md"), (String::new(), "practices/water".into(), false));
        assert_eq!(of("practices/water.it.md"), ("it".into(), "practices/water".into(), false));
        assert_eq!(of("it/practices/water.md"), ("it".into(), "practices/water".into(), false));
        assert_eq!(of("practices/it/water.md"), ("it".into(), "practices/water".into(), false));
        assert_eq!(
            of("practices/water/index.it.md"),
            ("it".into(), "practices/water".into(), true)
        );
        assert_eq!(of("practices/v1.10.md"), (String::new(), "practices/v1.10".into(), false));
        assert_eq!(of("_index.md"), (String::new(), "index".into(), true));
    }
}
