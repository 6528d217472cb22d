//! `on_bad_entry = "skip"`: what is left out, and what is built around it.

use super::site::{SITE, Site};

fn skipping(extra: &str) -> String {
    format!("on_bad_entry = \"skip\"\n{SITE}{extra}")
}

#[test]
fn the_rest_is_built_and_refers_to_nothing_that_is_gone() {
    let fields = "[types.note.fields]\n\
         about = { type = \"ref\", to = \"note\", inverse = \"mentioned_in\" }\n";
    let site = Site::with(&[
        ("content/notes/a.md", "+++\nabout = \"notes/zqb\"\n+++\n# A\n\nSee [it](zqb.md).\n"),
        ("content/notes/zqb.md", "+++\ndate = \"soon\"\n+++\n# Zqbad\n\n[x](zqfile.txt)\n"),
        ("content/notes/zqfile.txt", "zqwithin"),
        // Bad only once all is joined, and before `d` in order: places move up.
        ("content/notes/c.md", "+++\nabout = \"notes/nothing\"\n+++\n# Zqcee\n\nA note.\n"),
        ("content/notes/d.md", "+++\nabout = \"notes/e\"\n+++\n# Dee\n\nA note.\n"),
        ("content/notes/e.md", "+++\nabout = \"notes/c\"\n+++\n# Eee\n\nA note.\n"),
    ]);
    site.write("site.toml", skipping(fields));
    let built = site.build();
    assert_eq!(built.exit_code(), 0, "{}", site.printed(&built));
    assert_eq!(site.published("zq"), [""; 0]);
    let dee = site.page("notes/d/index.html");
    assert!(dee.contains("href=\"/notes/e/\"") && dee.contains("Eee"));
    assert!(site.page("notes/e/index.html").contains("href=\"/notes/d/\""), "the other way too");
    let skipped = built.found.iter().filter(|one| one.code.name == "model/skipped-entry");
    let files: Vec<&str> = skipped.map(|one| &*one.place.as_ref().unwrap().file).collect();
    assert_eq!(files, ["content/notes/c.md", "content/notes/zqb.md"]);
}

#[test]
fn an_error_of_a_file_that_is_no_entry_stays_one() {
    let site = Site::with(&[
        ("content/notes/a.md", "# A\n\n[A table](aux.csv)\n"),
        ("content/notes/aux.csv", "1\n"),
    ]);
    site.write("site.toml", skipping(""));
    assert_eq!(site.errors(), (vec!["content/unsafe-path"], 1));
    assert!(site.public().is_empty());
}

#[test]
fn errors_of_the_set_up_still_stop_a_build() {
    let site = Site::with(&[("content/notes/a.md", "# A\n\nA note.\n")]);
    site.write("site.toml", skipping("colour = \"red\"\n"));
    assert_eq!(site.errors(), (vec!["config/unknown-key"], 2));
    assert!(site.public().is_empty());
}

#[test]
fn skipping_cannot_be_made_an_error_and_ends() {
    let site = Site::with(&[("content/notes/a.md", "+++\ndate = \"soon\"\n+++\n# A\n\nA note.\n")]);
    site.write("site.toml", skipping("[diagnostics]\n\"model/skipped-entry\" = \"error\"\n"));
    assert_eq!(site.errors(), (vec![], 0));
}
