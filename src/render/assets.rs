//! Static files under names that carry their content's hash.
//!
//! Enters: the static files of a chain of themes. Leaves: the same files under
//! new names (`css/base.css` becomes `css/base.3f2a1b9c04.css`), with references
//! between them rewritten, so that all of them may be cached for ever.

use super::theme::Theme;
use std::collections::{BTreeMap, BTreeSet};

/// Files to publish, and how to find them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assets {
    /// Path of publication, below the folder of assets, and content.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Name in the theme to path of publication.
    pub names: BTreeMap<String, String>,
}

impl Assets {
    /// Gathers the assets of a chain of themes, nearest first: a nearer theme's
    /// file hides its parents' of the same name. In style sheets, scripts and
    /// SVG a quoted or bracketed relative path (`./x.js`, `../img/x.svg`) that
    /// names another asset is rewritten. Files that refer to each other in a
    /// circle cannot both carry the other's hash: the one that closes the circle
    /// keeps the plain reference, and is published under its plain name too.
    pub fn new<'t>(themes: impl IntoIterator<Item = &'t Theme>) -> Self {
        let mut sources: BTreeMap<&str, &[u8]> = BTreeMap::new();
        for (name, bytes) in themes.into_iter().flat_map(|theme| &theme.assets) {
            sources.entry(name).or_insert(bytes);
        }
        let mut assets = Self::default();
        let names: Vec<&str> = sources.keys().copied().collect();
        for name in names {
            assets.add(name, &sources, &mut BTreeSet::new());
        }
        assets
    }

    /// The address of each asset by its name in the theme; `folder` ends with `/`.
    pub fn urls(&self, folder: &str) -> BTreeMap<String, String> {
        let url = |(name, path): (&String, &String)| (name.clone(), format!("{folder}{path}"));
        self.names.iter().map(url).collect()
    }

    fn add<'a>(
        &mut self,
        name: &'a str,
        sources: &BTreeMap<&'a str, &'a [u8]>,
        open: &mut BTreeSet<&'a str>,
    ) -> Option<String> {
        if let Some(done) = self.names.get(name) {
            return Some(done.clone());
        }
        let (name, bytes) = sources.get_key_value(name)?;
        if !open.insert(name) {
            self.files.insert((*name).to_owned(), bytes.to_vec());
            return None;
        }
        let text = is_text(name).then(|| std::str::from_utf8(bytes).ok()).flatten();
        let content = match text {
            Some(text) => self.rewrite(name, text, sources, open).into_bytes(),
            None => bytes.to_vec(),
        };
        open.remove(name);
        let path = hashed(name, &content);
        self.files.insert(path.clone(), content);
        self.names.insert((*name).to_owned(), path.clone());
        Some(path)
    }

    fn rewrite<'a>(
        &mut self,
        name: &str,
        text: &str,
        sources: &BTreeMap<&'a str, &'a [u8]>,
        open: &mut BTreeSet<&'a str>,
    ) -> String {
        let mut out = String::with_capacity(text.len());
        for (index, token) in text.split(['"', '\'', '(', ')']).enumerate() {
            if index > 0 {
                out.extend(text[out_of(text, token) - 1..].chars().next());
            }
            let target = resolve(name, token).and_then(|target| {
                let (target, _) = sources.get_key_value(target.as_str())?;
                self.add(target, sources, open)
            });
            match (target, token.rsplit_once('/')) {
                (Some(path), Some((folder, _))) => {
                    let file = path.rsplit('/').next().unwrap_or(&path);
                    out.push_str(&format!("{folder}/{file}"));
                }
                _ => out.push_str(token),
            }
        }
        out
    }
}

/// Where a part of a text begins in it, in bytes.
fn out_of(text: &str, part: &str) -> usize {
    part.as_ptr() as usize - text.as_ptr() as usize
}

fn is_text(name: &str) -> bool {
    matches!(name.rsplit('.').next(), Some("css" | "js" | "mjs" | "svg" | "webmanifest"))
}

/// The asset that a relative path in `from` names, if it stays among them.
fn resolve(from: &str, reference: &str) -> Option<String> {
    if !reference.starts_with("./") && !reference.starts_with("../") {
        return None;
    }
    let mut folders: Vec<&str> = from.split('/').collect();
    folders.pop();
    for part in reference.split('/') {
        match part {
            "." => {}
            ".." => {
                folders.pop()?;
            }
            part => folders.push(part),
        }
    }
    Some(folders.join("/"))
}

fn hashed(name: &str, content: &[u8]) -> String {
    let hash = blake3::hash(content).to_hex();
    let hash = &hash[..10];
    let (folder, file) = name.rsplit_once('/').map_or(("", name), |(f, n)| (f, n));
    let slash = if folder.is_empty() { "" } else { "/" };
    match file.rsplit_once('.') {
        Some((stem, suffix)) => format!("{folder}{slash}{stem}.{hash}.{suffix}"),
        None => format!("{folder}{slash}{file}.{hash}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theme(files: &[(&str, &str)]) -> Theme {
        let assets = files.iter().map(|(n, t)| ((*n).to_owned(), t.as_bytes().to_vec()));
        Theme { name: "t".into(), assets: assets.collect(), ..Theme::default() }
    }

    #[test]
    fn references_between_assets_follow_their_new_names() {
        let child =
            theme(&[("img/a.svg", "<svg/>"), ("css/a.css", "b{background:url(../img/a.svg)}")]);
        let parent = theme(&[
            ("img/a.svg", "old"),
            ("js/main.js", "import x from './part.js'; const s = './nothing.js';"),
            ("js/part.js", "export default 1"),
        ]);
        let assets = Assets::new(&[child, parent]);
        let text =
            |name: &str| String::from_utf8(assets.files[&assets.names[name]].clone()).unwrap();
        assert_eq!(text("img/a.svg"), "<svg/>");
        let icon = &assets.names["img/a.svg"];
        assert!(icon.starts_with("img/a.") && icon.len() == "img/a..svg".len() + 10, "{icon}");
        assert_eq!(text("css/a.css"), format!("b{{background:url(../{icon})}}"));
        let part = assets.names["js/part.js"].replace("js/", "./");
        assert_eq!(
            text("js/main.js"),
            format!("import x from '{part}'; const s = './nothing.js';")
        );
        assert_eq!(assets.urls("/assets/")["img/a.svg"], format!("/assets/{icon}"));
    }

    #[test]
    fn a_change_deep_down_changes_every_name_above_it() {
        let of = |leaf: &str| Assets::new(&[theme(&[("a.js", "'./b.js'"), ("b.js", leaf)])]).names;
        assert_ne!(of("1")["a.js"], of("2")["a.js"]);
        assert_eq!(of("1"), of("1"));
    }

    #[test]
    fn a_circle_of_references_still_resolves() {
        let assets = Assets::new(&[theme(&[("a.js", "'./b.js'"), ("b.js", "'./a.js'")])]);
        assert!(assets.files.contains_key("a.js"), "{:?}", assets.files.keys());
    }
}
