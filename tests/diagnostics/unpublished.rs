//! Drafts, future and private entries leave no byte in the output: not their
//! words, not their files, not the names of either.

use super::site::{SITE, Site};
use std::path::Path;

/// Words of a note that says them everywhere it can, and of its two files.
fn hide(site: &Site, name: &str, front: &str) -> [String; 3] {
    let words = ["word", "file", "image"].map(|part| format!("zq{name}{part}"));
    let [word, file, image] = &words;
    let text = format!(
        "+++\n{front}\ntitle = \"{word} title\"\nsummary = \"{word} summary\"\ntags = [\"{word} tag\"]\n\
         about = \"notes/open\"\nphoto = {{ src = \"{image}.png\", alt = \"{word} alt\" }}\n\
         redirects = [\"/{word}/\"]\n+++\n\n## {word} heading\n\n{word} [more]({file}.txt) ![x]({image}.png)\n"
    );
    site.write(&format!("content/notes/{word}.md"), text);
    site.write(&format!("content/notes/{file}.txt"), format!("{file} within"));
    site.write(&format!("content/notes/{image}.png"), format!("{image} within"));
    words
}

#[test]
fn what_is_not_published_leaves_no_byte() {
    let site = Site::with(&[]);
    let fields = "[types.note.fields]\n\
         about = { type = \"ref\", to = \"note\", inverse = \"mentioned_in\", related = 2.0 }\n\
         photo = { type = \"image\" }\n";
    let levels = "[diagnostics]\n\"content/syntax\" = \"off\"\n\"content/wrong-type\" = \"off\"\n\
         \"content/unknown-term\" = \"warning\"\n";
    site.write("site.toml", format!("{SITE}{fields}{levels}"));
    let mut words = Vec::new();
    for (name, front) in [
        ("draft", "draft = true"),
        ("review", "status = \"review\""),
        ("status", "status = \"draft\""),
        ("private", "private = true"),
        ("future", "date = 2024-06-02"),
        ("nextmonth", "date = \"2024-07\""),
        // What may be meant as private is private, whatever level findings have.
        ("unclear", "private = \"perhaps\""),
        ("misspelt", "status = \"drfat\""),
        ("undated", "date = \"next week\""),
        ("broken", "draft true"),
    ] {
        words.extend(hide(&site, name, front));
    }
    let entries = words.iter().step_by(3);
    let links: String = entries.map(|word| format!("[here]({word}.md) ")).collect();
    site.write("content/notes/open.md", format!("# Open\n\nNothing hides here: {links}\n"));
    site.write("content/notes/also.md", "+++\nabout = \"zqdraftword\"\n+++\n# Also\n\nA note.\n");
    let built = site.build();
    assert_eq!(built.exit_code(), 0, "{}", site.printed(&built));
    assert!(site.page("notes/open/index.html").contains("Nothing hides here"));
    for word in &words {
        assert_eq!(site.published(word), [""; 0], "{word}");
    }
    assert_eq!(site.published("zq"), [""; 0]);
}

#[test]
fn what_is_unpublished_later_is_taken_out() {
    let site = Site::with(&[("content/notes/a.md", "# Zqonce\n\n[x](zqfile.txt)\n")]);
    site.write("content/notes/zqfile.txt", "zqwithin");
    assert_eq!(site.build().exit_code(), 0);
    assert!(!site.published("zqonce").is_empty() && !site.published("zqwithin").is_empty());
    site.write("content/notes/a.md", "+++\ndraft = true\n+++\n# Zqonce\n\n[x](zqfile.txt)\n");
    assert_eq!(site.build().exit_code(), 0);
    assert_eq!(site.published("zq"), [""; 0]);
}

#[test]
fn the_fictional_sites_secrets_are_kept() {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites/fictional");
    let readme = std::fs::read_to_string(from.join("README.md")).unwrap();
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| ")?.split(' ').next());
    let words: Vec<&str> = rows.filter(|word| *word != "word").collect();
    assert!(words.len() >= 8, "{words:?}");
    let site = Site::empty();
    for entry in walkdir::WalkDir::new(&from).into_iter().map(Result::unwrap) {
        let path = entry.path().strip_prefix(&from).unwrap();
        if entry.file_type().is_file() && !path.starts_with("public") {
            site.write(path.to_str().unwrap(), std::fs::read(entry.path()).unwrap());
        }
    }
    let built = site.build();
    assert_eq!(built.exit_code(), 0, "{}", site.printed(&built));
    assert!(!site.published("gauge").is_empty());
    for word in words {
        assert_eq!(site.published(word), [""; 0], "{word}");
    }
}
