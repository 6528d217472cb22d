//! After any edits, what is served is what a clean build makes, byte for byte.

use super::built::{Dice, copy, files, options, test_site};
use super::server::{DAY, LIMIT, Server};
use exempla::build::{BuildOptions, build};
use exempla::config::BaseUrl;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;
use tempfile::TempDir;

#[test]
fn random_edits_are_served_as_a_clean_build_makes_them() {
    let mut compared = 0;
    for seed in [1, 2] {
        compared += script(seed);
    }
    assert!(compared > 10, "only {compared} states could be built");
}

/// Runs a script of edits; returns how many states were compared.
fn script(seed: u64) -> usize {
    let folder = TempDir::new().expect("a temporary folder");
    copy(&test_site("fictional"), folder.path());
    // A theme that is the default one until it is edited.
    let site = folder.path().join("site.toml");
    let text = fs::read_to_string(&site).expect("site.toml");
    fs::write(&site, text.replace("theme = \"default\"", "theme = \"mine\"")).expect("written");
    let theme = folder.path().join("themes/mine");
    put(&theme.join("theme.toml"), "name = 'mine'\nversion = '1'\nexempla = '>=0.1'\n");
    let server = Server::of(folder, &["--no-drafts"]);
    let mut dice = Dice(seed * 0x9e37_79b9);
    let mut done: Vec<String> = Vec::new();
    let mut compared = 0;
    for round in 0..6 {
        let before = files(&server.root().join("content"));
        for _ in 0..=dice.below(3) {
            done.push(edit(&server, &mut dice, round));
        }
        if !compare(&server, &done) {
            // No build would publish this; what it was before is mended into place.
            restore(&server, &before);
            done.push("all that is put back".into());
            assert!(compare(&server, &done), "{done:#?}");
        }
        compared += 1;
    }
    compared
}

/// Puts the content folder back to what it was.
fn restore(server: &Server, before: &BTreeMap<String, Vec<u8>>) {
    let content = server.root().join("content");
    let now = files(&content);
    for path in now.keys().filter(|path| !before.contains_key(*path)) {
        fs::remove_file(content.join(path)).expect("removed");
    }
    for (path, bytes) in before.iter().filter(|(path, bytes)| now.get(*path) != Some(bytes)) {
        fs::write(content.join(path), bytes).expect("written");
    }
}

/// Builds what lies there and waits until the same is served; `false` when
/// there is something that no build would publish.
fn compare(server: &Server, done: &[String]) -> bool {
    let out = TempDir::new().expect("a temporary folder");
    let base = format!("http://127.0.0.1:{}/", server.port);
    let options =
        BuildOptions { base_url: BaseUrl::parse(&base), ..options(&out.path().join("public")) };
    assert_eq!(options.today.iso(), DAY);
    if build(server.root(), &options).summary.is_none() {
        return false;
    }
    let built: BTreeMap<String, Vec<u8>> = files(&out.path().join("public"));
    // The search is another while it is served, and has a test of its own.
    let own = |path: &str| {
        ["search-pack/", "assets/search/reader.", ".exempla/"]
            .iter()
            .any(|own| path.starts_with(own))
    };
    let pages = built.iter().filter(|(path, _)| !own(path));
    let mut pages: Vec<_> =
        pages.map(|(path, bytes)| (path, String::from_utf8_lossy(bytes))).collect();
    // Copies of pictures are made for the pages that show them.
    pages.sort_by_key(|(path, _)| path.ends_with(".webp"));
    let began = Instant::now();
    // Until a whole round finds nothing that is still to change.
    let mut settled = false;
    while !settled {
        settled = true;
        for (path, page) in &pages {
            loop {
                let served = server.get(&format!("/{}", address(path)));
                if served.page() == **page {
                    break;
                }
                settled = false;
                assert!(
                    began.elapsed() < LIMIT,
                    "{path} is served otherwise than built after {done:#?}\n{}",
                    difference(page, &served.page())
                );
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
        }
    }
    // Nothing is served that is not built.
    for gone in ["/practices/added-0/", "/practices/moved-1/", "/news/added-2/"] {
        let there = built.contains_key(&format!("{}index.html", &gone[1..]));
        assert_eq!(server.get(gone).status == 200, there, "{gone} after {done:#?}");
    }
    true
}

fn address(path: &str) -> String {
    let path = path.strip_suffix("index.html").unwrap_or(path);
    path.bytes()
        .map(|byte| match byte {
            b' ' | b'%' | b'?' | b'#' | 0x80.. => format!("%{byte:02X}"),
            byte => char::from(byte).to_string(),
        })
        .collect()
}

fn difference(a: &str, b: &str) -> String {
    let differs = a.lines().zip(b.lines()).find(|(a, b)| a != b);
    differs.map_or("one ends before the other".into(), |(a, b)| format!("built:  {a}\nserved: {b}"))
}

/// Makes one edit and says which.
fn edit(server: &Server, dice: &mut Dice, round: usize) -> String {
    let content = server.root().join("content");
    let texts = texts(&content);
    let file = texts[dice.below(texts.len())].clone();
    let name = file.strip_prefix(&content).expect("inside").display().to_string();
    let text = fs::read_to_string(&file).unwrap_or_default();
    let word = ["heron", "mill", "ferry"][dice.below(3)];
    match dice.below(17) {
        0 | 1 => {
            fs::write(&file, format!("{text}\nWords about a {word}, number {round}.\n"))
                .expect("written");
            format!("words in {name}")
        }
        2 => {
            let lines = text.lines().map(|line| match line {
                line if line.starts_with("title:") => {
                    format!("title: The {word} of round {round}\n")
                }
                line if line.starts_with("title = ") => {
                    format!("title = \"The {word} of round {round}\"\n")
                }
                line => format!("{line}\n"),
            });
            fs::write(&file, lines.collect::<String>()).expect("written");
            format!("title of {name}")
        }
        3 => {
            fs::write(
                &file,
                text.replace("walking", word).replace("tags: [", &format!("tags: [{word}, ")),
            )
            .expect("written");
            format!("tags of {name}")
        }
        4 => {
            fs::remove_file(&file).expect("removed");
            format!("{name} is gone")
        }
        5 => {
            let to = content.join(format!("practices/moved-{round}.md"));
            fs::rename(&file, to).expect("moved");
            format!("{name} moves to practices/moved-{round}.md")
        }
        6 => {
            let folder = ["practices", "news"][dice.below(2)];
            let entry = format!(
                "---\ntitle: Added {word} {round}\nsummary: A new one.\n---\n## Problem\n\nText with a {word}.\n"
            );
            fs::write(content.join(format!("{folder}/added-{round}.md")), entry).expect("written");
            format!("{folder}/added-{round}.md is new")
        }
        7 => {
            let draft = match text.starts_with("+++") {
                true => text.replacen("+++\n", "+++\ndraft = true\n", 1),
                false => text.replacen("---\n", "---\ndraft: true\n", 1),
            };
            fs::write(&file, draft).expect("written");
            format!("{name} is a draft")
        }
        8 => {
            fs::write(&file, "---\ntitle: [broken\n").expect("written");
            std::thread::sleep(std::time::Duration::from_millis(dice.below(60) as u64));
            fs::write(&file, format!("{text}\nMended with a {word}.\n")).expect("written");
            format!("{name} is broken and mended")
        }
        9 => of_site(server, "per_page", &format!("{}", 3 + dice.below(6))),
        10 => of_site(server, "title", &format!("\"The {word} of round {round}\"")),
        11 => of_site(server, "reeds", &format!("\"Reeds and a {word}, {round}\"")),
        12 => of_theme(server, "i18n/en.toml", &format!("[nav]\nhome = \"The {word} {round}\"\n")),
        13 => {
            let default = include_str!("../../themes/default/templates/partials/footer.html");
            let footer = format!("{default}<p>The {word} of round {round}</p>\n");
            of_theme(server, "templates/partials/footer.html", &footer)
        }
        14 => of_theme(
            server,
            "templates/components/mine.html",
            &format!(
                "{{% component Callout(kind: string = \"note\", title: string = \"\") {{\"body\": true}} -%}}\n\
                 <aside class=\"{word}-{round}\">{{{{ title }}}} {{{{ kind }}}} {{{{ body }}}}</aside>\n\
                 {{%- endcomponent Callout %}}\n"
            ),
        ),
        15 => of_theme(server, "static/css/base.css", &format!("/* {word} {round} */\n")),
        _ => {
            let new = file.with_extension("md.new");
            fs::write(&new, format!("{text}\nSaved by renaming, with a {word}.\n"))
                .expect("written");
            fs::rename(&new, &file).expect("renamed");
            format!("{name} saved by renaming")
        }
    }
}

/// Gives a key of `site.toml` another value.
fn of_site(server: &Server, key: &str, value: &str) -> String {
    let site = server.root().join("site.toml");
    let text = fs::read_to_string(&site).expect("site.toml");
    let mut named = 0;
    let lines = text.lines().map(|line| match line.strip_prefix(key) {
        // The first is the one that is meant.
        Some(rest) if rest.starts_with(" = ") && named == 0 => {
            named += 1;
            format!("{key} = {value}\n")
        }
        _ => format!("{line}\n"),
    });
    fs::write(&site, lines.collect::<String>()).expect("written");
    assert_eq!(named, 1, "{key}");
    format!("{key} = {value} in site.toml")
}

/// Writes a file of the theme.
fn of_theme(server: &Server, name: &str, text: &str) -> String {
    put(&server.root().join("themes/mine").join(name), text);
    format!("{name} of the theme: {}", text.lines().last().unwrap_or_default())
}

fn put(file: &Path, text: &str) {
    fs::create_dir_all(file.parent().expect("a folder")).expect("made");
    fs::write(file, text).expect("written");
}

fn texts(content: &Path) -> Vec<PathBuf> {
    let walk = walkdir::WalkDir::new(content).sort_by_file_name();
    let paths = walk.into_iter().filter_map(Result::ok).map(walkdir::DirEntry::into_path);
    paths.filter(|path| path.extension().is_some_and(|end| end == "md")).collect()
}
