//! What a build remembers of the one before: all of it that still holds, and no more.

use super::copy::Copy;
use super::differing;
use crate::built::{Dice, copy, files, options};
use exempla::build::{BuildOptions, Built, build};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tempfile::TempDir;

#[test]
fn a_build_that_would_change_nothing_is_recalled() {
    let site = Copy::new();
    std::fs::write(site.content("practices/bare.md"), "---\ntitle: Bare\n---\n").expect("an entry");
    let first = site.build();
    assert!(!first.recalled);
    let again = site.build();
    assert!(again.recalled);
    assert_eq!((&again.entries, again.pages), (&first.entries, first.pages));
    assert!(!first.found.is_empty(), "an entry without anything in it is found");
    assert!(first.found.iter().eq(again.found.iter()));

    // Whatever changes, it is seen: an entry, though its size and time stay; an option; the output.
    let entry = site.content("practices/reed-bed-walks/index.md");
    let time = entry.metadata().and_then(|meta| meta.modified()).expect("a time");
    site.replace("practices/reed-bed-walks/index.md", "Walk slowly.", "Walk softly.");
    let file = std::fs::File::options().append(true).open(&entry).expect("the entry");
    file.set_modified(time).expect("a time");
    assert!(!site.build().recalled);
    assert!(site.build().recalled);
    let drafts = BuildOptions { drafts: true, ..options(&site.out) };
    assert!(!build(site.folder.path(), &drafts).recalled);
    assert!(!site.build().recalled, "another build has written since");
    std::fs::write(site.out.join("404.html"), "oops").expect("a file");
    assert!(!site.build().recalled);
    assert!(site.build().recalled);
}

#[test]
fn files_that_the_settings_name_and_links_count_too() {
    let site = Copy::new();
    let root = site.folder.path();
    let settings = root.join("site.toml");
    let text = std::fs::read_to_string(&settings).expect("site.toml");
    std::fs::create_dir(root.join("look")).expect("a folder");
    std::fs::write(root.join("look/own.css"), "p { color: red }").expect("a file");
    let named = format!("{text}\n[appearance]\ncss = \"look/own.css\"\n");
    std::fs::write(&settings, &named).expect("site.toml");
    let shows = |words: &str| {
        assert!(!site.build().recalled, "{words}");
        let sheets = site.tree().into_iter().filter(|(path, _)| path.ends_with(".css"));
        let text: Vec<String> =
            sheets.map(|(_, bytes)| String::from_utf8_lossy(&bytes).into_owned()).collect();
        assert!(text.join("\n").contains(words), "{words}");
        assert!(site.build().recalled, "{words}");
    };
    shows("color: red");
    std::fs::write(root.join("look/own.css"), "p { color: tan }").expect("a file");
    shows("color: tan");
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        let away = TempDir::new().expect("a temporary folder");
        let theme = away.path().join("css");
        std::fs::create_dir_all(theme.join("static")).expect("a folder");
        let manifest = "name = 'mine'\nversion = '1'\nexempla = '>=0.1'\n";
        std::fs::write(theme.join("theme.toml"), manifest).expect("a file");
        std::fs::write(theme.join("static/mine.css"), "p { color: teal }").expect("a file");
        std::fs::create_dir(root.join("themes")).expect("a folder");
        symlink(&theme, root.join("themes/mine")).expect("a link");
        let themed = named.replace("theme = \"default\"", "theme = \"mine\"");
        assert_ne!(themed, named);
        std::fs::remove_file(&settings).expect("removed");
        std::fs::write(away.path().join("site.toml"), themed).expect("site.toml");
        symlink(away.path().join("site.toml"), &settings).expect("a link");
        shows("color: teal");
        std::fs::write(theme.join("static/mine.css"), "p { color: gold }").expect("a file");
        shows("color: gold");
        std::fs::write(root.join("look/own.css"), "p { color: pink }").expect("a file");
        let renamed = std::fs::read_to_string(&settings).expect("site.toml");
        std::fs::write(away.path().join("site.toml"), renamed.replace("own.css", "new.css"))
            .expect("site.toml");
        std::fs::rename(root.join("look/own.css"), root.join("look/new.css")).expect("renamed");
        shows("color: pink");
    }
}

#[test]
fn a_memory_that_is_cleared_damaged_or_foreign_is_none() {
    let site = Copy::new();
    site.build();
    let before = site.tree();
    let memory = site.folder.path().join(".exempla-cache");
    let names: Vec<String> = files(&memory).into_keys().collect();
    let name = names.iter().find(|name| !name.starts_with('.')).expect("a memory");
    let (whole, mut dice) = (std::fs::read(memory.join(name)).expect("a memory"), Dice(7));
    for _ in 0..4 {
        let mut damaged = whole.clone();
        match dice.below(3) {
            0 => damaged.truncate(dice.below(whole.len())),
            1 => damaged[dice.below(whole.len())] ^= 1 << dice.below(8),
            _ => damaged.clear(),
        }
        std::fs::write(memory.join(name), damaged).expect("a memory");
        assert!(!site.build().recalled);
        assert_eq!(differing(&before, &site.tree()), BTreeSet::new());
    }
    // A copy of the whole site has the memory of another place.
    let copied = TempDir::new().expect("a temporary folder");
    copy(site.folder.path(), copied.path());
    let other = Copy { out: copied.path().join("public"), folder: copied };
    assert!(!other.build().recalled);
    assert_eq!(differing(&before, &other.tree()), BTreeSet::new());
}

#[test]
fn texts_that_were_kept_and_damaged_make_no_difference() {
    let kept = |site: &Copy| -> BTreeMap<String, Vec<u8>> {
        let all = files(&site.folder.path().join(".exempla-cache")).into_iter();
        all.filter(|(path, _)| path.starts_with("texts/") && !path.ends_with(".gitignore"))
            .collect()
    };
    let (site, other) = (Copy::new(), Copy::new());
    // A text that was written just now is not kept.
    std::thread::sleep(Duration::from_millis(120));
    site.build();
    assert!(!kept(&site).is_empty());
    let (entry, mut dice) = ("practices/reed-bed-walks/index.md", Dice(11));
    for words in [["slowly", "softly"], ["softly", "gently"], ["gently", "lightly"]] {
        for (path, mut bytes) in kept(&site) {
            match dice.below(3) {
                0 => bytes.truncate(dice.below(bytes.len())),
                1 => bytes.clear(),
                _ => {
                    let at = dice.below(bytes.len());
                    bytes[at] ^= 1 << dice.below(8);
                }
            }
            std::fs::write(site.folder.path().join(".exempla-cache").join(path), bytes)
                .expect("kept texts");
        }
        site.replace(entry, &format!("Walk {}.", words[0]), &format!("Walk {}.", words[1]));
        site.build_as_clean("damage");
    }
    // What one site kept says nothing of another, though its files bear the same names.
    other.build();
    let (own, foreign) = (kept(&other), kept(&site));
    assert!(own.keys().eq(foreign.keys()));
    let texts = ".exempla-cache/texts";
    copy(&site.folder.path().join(texts), &other.folder.path().join(texts));
    std::fs::write(other.content("practices/more.md"), "---\ntitle: More\n---\n")
        .expect("an entry");
    other.build_as_clean("a foreign memory");
}

#[test]
fn texts_are_kept_for_as_long_as_they_say_the_same() {
    let site = Copy::new();
    std::thread::sleep(Duration::from_millis(120));
    let settings = site.folder.path().join("site.toml");
    site.build_as_clean("at first");
    // How bodies are read, and which languages there are, is for the settings to say.
    let text = std::fs::read_to_string(&settings).expect("site.toml");
    let changes = [
        ("math = true", "math = false"),
        ("\"sanitise\"", "\"escape\""),
        ("[\"en\", \"it\"]", "[\"en\"]"),
    ];
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        std::fs::write(&settings, text.replacen(from, to, 1)).expect("site.toml");
        site.build_as_clean(to);
        std::fs::write(&settings, &text).expect("site.toml");
        site.build_as_clean(from);
    }
    // The same size and the same time, but other words.
    let entry = site.content("practices/reed-bed-walks/index.md");
    let time = entry.metadata().and_then(|meta| meta.modified()).expect("a time");
    site.replace("practices/reed-bed-walks/index.md", "Walk slowly.", "Walk softly.");
    let file = std::fs::File::options().append(true).open(&entry).expect("the entry");
    file.set_modified(time).expect("a time");
    site.build_as_clean("a time that was set back");
}

#[test]
fn parts_of_the_index_that_were_kept_and_damaged_make_no_difference() {
    let site = Copy::new();
    site.build();
    let memory = site.folder.path().join(".exempla-cache");
    let parts = || {
        let all = files(&memory).into_iter();
        all.filter(|(path, _)| path.contains(".index/") && !path.ends_with(".gitignore"))
            .collect::<BTreeMap<_, _>>()
    };
    let before = parts();
    assert!(before.keys().any(|path| path.contains("/en/")), "{:?}", before.keys());
    let entry = "practices/reed-bed-walks/index.md";
    for (from, to) in [("Walk slowly.", "Walk softly."), ("Walk softly.", "Walk gently.")] {
        for (path, mut bytes) in parts() {
            let at = bytes.len() / 2;
            bytes[at] ^= 1;
            std::fs::write(memory.join(path), bytes).expect("a part");
        }
        site.replace(entry, from, to);
        assert!(!site.build().recalled);
        let clean = TempDir::new().expect("a temporary folder");
        build(site.folder.path(), &options(clean.path()));
        assert_eq!(differing(&files(clean.path()), &site.tree()), BTreeSet::new());
    }
    // There is a new part in the place of the old one.
    assert_eq!(parts().len(), before.len());
    assert_ne!(parts().keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
}

#[test]
fn what_nobody_will_ask_for_is_not_kept() {
    let site = Copy::new();
    site.build();
    // Texts are kept for all outputs, once they were not written just now.
    let kept = || {
        let all = files(&site.folder.path().join(".exempla-cache")).into_keys();
        all.filter(|path| !path.starts_with("texts/"))
    };
    let parts =
        |lang: &str| kept().filter(|path| path.contains(&format!(".index/{lang}/"))).count();
    assert!(parts("en") > 0);
    let before = kept().count();
    let away = TempDir::new().expect("a temporary folder");
    site.build_into(away.path());
    assert!(kept().count() > before);
    drop(away);
    let settings = site.folder.path().join("site.toml");
    let text = std::fs::read_to_string(&settings).expect("site.toml");
    std::fs::write(&settings, format!("search = false\n{text}")).expect("site.toml");
    assert!(!site.build().recalled);
    assert_eq!(parts("en"), 0, "nothing is searched");
    std::fs::write(&settings, text).expect("site.toml");
    assert!(!site.build().recalled);
    assert_eq!(kept().count(), before, "the other output is gone, and all of it");
}

#[test]
fn what_is_wrong_in_an_entry_is_told_until_it_is_mended() {
    let site = Copy::new();
    let summary = "A practice that shows what is told of its text. ".repeat(3);
    let front = format!("---\ntitle: Told\nsummary: {summary}\npolicy_areas: [reeds]\n---\n");
    let write = |name: &str, body: &str| {
        let path = format!("practices/{name}.md");
        std::fs::write(site.content(&path), format!("{front}{body}\n\n## Steps\n\nOne.\n"))
            .expect("an entry");
    };
    write("leads", "See [how](led.md#how). Lorem ipsum.");
    write("led", "Words.\n\n## How\n\nSo.");
    let of = |built: Built, name: &str| -> Vec<(&str, Option<(usize, usize)>)> {
        let file = format!("content/practices/{name}.md");
        let here = built.found.iter().filter_map(|one| Some((one, one.place.as_ref()?)));
        let here = here.filter(|(_, place)| *place.file == *file);
        let here = here.map(|(one, place)| (one.code.name, place.span));
        here.filter(|(code, _)| matches!(*code, "check/placeholder" | "check/anchor")).collect()
    };
    let placeholder = ("check/placeholder", None);
    assert_eq!(of(site.build_as_clean("at first"), "leads"), [placeholder]);
    write("led", "Other words.\n\n## How\n\nSo.");
    assert_eq!(of(site.build_as_clean("other words"), "leads"), [placeholder]);
    write("led", "Other words.\n\n## When\n\nSo.");
    let anchor = |words: &str| {
        let at = front.len() + words.len();
        ("check/anchor", Some((at, at + "[how](led.md#how)".len())))
    };
    assert_eq!(of(site.build_as_clean("another heading"), "leads"), [placeholder, anchor("See ")]);
    write("led", "Words.\n\n## When\n\nSo.");
    assert_eq!(of(site.build_as_clean("the first words"), "leads"), [placeholder, anchor("See ")]);
    write("leads", "Please see [how](led.md#how).");
    assert_eq!(of(site.build_as_clean("a mended word"), "leads"), [anchor("Please see ")]);
    write("led", "Words.\n\n## How\n\nLorem ipsum.");
    let built = site.build_as_clean("the first heading");
    assert_eq!(of(built, "led"), [placeholder]);
    assert_eq!(of(site.build(), "leads"), []);
}
