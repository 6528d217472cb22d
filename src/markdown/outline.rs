//! Names for the parts of a page: ids that are unique in it.

use std::collections::HashMap;

use unicode_normalization::char::is_combining_mark;

/// The id of a heading's text: letters, marks and digits of every script in
/// lower case, blanks as `-`, the rest left out. The rule is the one that
/// GitHub, kramdown and goldmark share, so that existing `#links` stay true.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.trim().chars() {
        if c.is_alphanumeric() || is_combining_mark(c) {
            slug.extend(c.to_lowercase());
        } else if c.is_whitespace() || c == '-' {
            slug.push('-');
        } else if c == '_' {
            slug.push('_');
        }
    }
    if slug.chars().all(|c| matches!(c, '-' | '_')) { "section".into() } else { slug }
}

/// Ids that a page already has.
#[derive(Debug, Default)]
pub(super) struct Ids {
    /// Each id, with the number that its next namesake tries first.
    taken: HashMap<String, usize>,
}

impl Ids {
    /// The wanted id, or with the first free number behind it.
    pub fn unique(&mut self, wanted: String) -> String {
        let Some(next) = self.taken.get(&wanted) else {
            self.taken.insert(wanted.clone(), 1);
            return wanted;
        };
        let mut number = *next;
        let id = loop {
            let id = format!("{wanted}-{number}");
            number += 1;
            if !self.taken.contains_key(&id) {
                break id;
            }
        };
        self.taken.insert(wanted, number);
        self.taken.insert(id.clone(), 1);
        id
    }

    /// Takes an id as an editor wrote it; `false` when it is in use, is one of
    /// ours by its form, or cannot be an id.
    pub fn claim(&mut self, id: &str) -> bool {
        let ours = id.starts_with("fn:") || id.starts_with("fnref:");
        let bad = id.is_empty() || id.contains(|c: char| c.is_whitespace() || c.is_control());
        if ours || bad || self.taken.contains_key(id) {
            return false;
        }
        self.taken.insert(id.to_owned(), 1);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_keep_every_script() {
        for (text, want) in [
            ("What's new?", "whats-new"),
            ("Città e Perché", "città-e-perché"),
            ("Καλημέρα Κόσμε", "καλημέρα-κόσμε"),
            ("ハロー 世界", "ハロー-世界"),
            ("हिन्दी भाषा", "हिन्दी-भाषा"),
            ("A & B", "a--b"),
            ("!?", "section"),
        ] {
            assert_eq!(slug(text), want);
        }
    }

    #[test]
    fn namesakes_get_numbers_that_are_free() {
        let mut ids = Ids::default();
        assert!(ids.claim("a-1"));
        let got: Vec<_> = (0..3).map(|_| ids.unique("a".into())).collect();
        assert_eq!(got, ["a", "a-2", "a-3"]);
        assert!(!ids.claim("a-2"));
        assert!(!ids.claim("fn:1"));
    }
}
