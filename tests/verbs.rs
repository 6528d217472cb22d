//! The verbs, as typed in a shell: from an empty folder to a built site.

use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// Runs the program in a folder.
fn exempla(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_exempla"))
        .args(words)
        .current_dir(folder)
        .env("SOURCE_DATE_EPOCH", "1717200001")
        .output()
        .expect("the program runs")
}

/// What a run printed, which must have gone well.
fn fine(folder: &Path, words: &[&str]) -> String {
    let output = exempla(folder, words);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?} failed:\n{said}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The findings of a build with drafts: code, file and message.
fn findings(folder: &Path) -> Vec<(String, String, String)> {
    let output = exempla(folder, &["build", "--drafts", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let list = json.as_array().or_else(|| json["findings"].as_array()).expect("a list");
    let text = |one: &serde_json::Value, key: &str| one[key].as_str().unwrap_or("").to_owned();
    list.iter().map(|one| (text(one, "code"), text(one, "file"), text(one, "message"))).collect()
}

/// A new site in an empty folder.
fn demo() -> (TempDir, std::path::PathBuf) {
    let folder = TempDir::new().expect("a temporary folder");
    fine(folder.path(), &["init", "demo"]);
    let demo = folder.path().join("demo");
    (folder, demo)
}

#[test]
fn init_and_build_in_an_empty_folder() {
    let (_folder, demo) = demo();
    let output = exempla(&demo, &["build"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("0 errors, 0 warnings"), "{said}");
    let home = std::fs::read_to_string(demo.join("public/index.html")).expect("a home page");
    assert!(home.contains("Our good practices") && home.contains("Welcome."), "{home}");
    assert!(demo.join("public/practices/example-practice/index.html").is_file());
    // From a folder below, the same site is meant.
    let below = exempla(&demo.join("content/practices"), &["build"]);
    let said = String::from_utf8_lossy(&below.stderr);
    assert!(below.status.success() && said.contains(" 0 written"), "{said}");
}

#[test]
fn init_in_the_folder_where_it_is_called() {
    let folder = TempDir::new().expect("a temporary folder");
    let output = exempla(folder.path(), &["init", "."]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("A new site is here."), "{said}");
    assert!(!said.contains("cd "), "{said}");
    fine(folder.path(), &["build"]);
}

#[test]
fn init_leaves_a_site_alone() {
    let (folder, demo) = demo();
    let site = demo.join("site.toml");
    std::fs::write(&site, "title = \"Mine\"\n").expect("a file");
    let again = exempla(folder.path(), &["init", "demo"]);
    assert_eq!(again.status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(site).expect("a file"), "title = \"Mine\"\n");
}

#[test]
fn init_takes_any_title() {
    let folder = TempDir::new().expect("a temporary folder");
    let title = "The \"good\" \\ ones & <others>";
    fine(folder.path(), &["init", "demo", "--title", title]);
    let demo = folder.path().join("demo");
    fine(&demo, &["build"]);
    let home = std::fs::read_to_string(demo.join("public/index.html")).expect("a home page");
    assert!(home.contains("The &quot;good&quot; \\ ones &amp; &lt;others&gt;"), "{home}");
}

#[test]
fn a_skeleton_of_every_type_parses_and_lacks_only_fields() {
    let (_folder, demo) = demo();
    let types = types(&demo);
    assert!(types.len() >= 10, "{types:?}");
    assert_eq!(findings(&demo), [], "the new site is not clean to begin with");
    for kind in &types {
        fine(&demo, &["new", kind, &format!("Something new: a {kind}, \"quoted\" # and odd")]);
    }
    skeletons_lack_only_fields(&demo, types.len());
}

#[test]
fn a_skeleton_of_every_type_of_the_fictional_site_too() {
    let folder = TempDir::new().expect("a temporary folder");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites/fictional/site.toml");
    std::fs::copy(root, folder.path().join("site.toml")).expect("site.toml");
    let pages = folder.path().join("content/pages");
    std::fs::create_dir_all(&pages).expect("a folder");
    std::fs::write(pages.join("about-the-fen.md"), "# About\n").expect("the menu names it");
    let types = types(folder.path());
    for kind in &types {
        fine(folder.path(), &["new", kind, &format!("Qualcosa di nuovo: {kind}"), "--lang", "it"]);
    }
    skeletons_lack_only_fields(folder.path(), types.len());
}

fn types(site: &Path) -> Vec<String> {
    let schema: serde_json::Value =
        serde_json::from_str(&fine(site, &["schema", "--json"])).expect("JSON");
    let types = schema["$defs"].as_object().expect("types").keys();
    types.filter(|id| *id != "index").cloned().collect()
}

fn skeletons_lack_only_fields(site: &Path, count: usize) {
    let mut skeletons = 0;
    for entry in walkdir::WalkDir::new(site.join("content")) {
        let entry = entry.expect("a readable folder");
        if !entry.file_name().to_string_lossy().contains("nuovo")
            && !entry.file_name().to_string_lossy().contains("something-new")
        {
            continue;
        }
        skeletons += 1;
        let text = std::fs::read_to_string(entry.path()).expect("a file");
        assert!(text.contains("\nstatus: draft\n"), "{text}");
    }
    assert_eq!(skeletons, count);
    let found = findings(site);
    for (code, file, message) in &found {
        // What is not written yet: fields, for types without sections the text, and translations.
        let lacks = matches!(
            code.as_str(),
            "content/missing-field" | "check/empty-body" | "check/missing-translations"
        );
        assert!(lacks, "{file}: {code}: {message}");
    }
    assert!(found.iter().any(|(_, _, message)| message.contains("summary")), "{found:?}");
}

#[test]
fn a_draft_is_not_published_until_it_is_asked_for() {
    let (_folder, demo) = demo();
    fine(&demo, &["new", "static-page", "How we work"]);
    fine(&demo, &["build"]);
    let page = walkdir::WalkDir::new(demo.join("public")).into_iter().flatten();
    let is_it = |entry: &walkdir::DirEntry| entry.path().to_string_lossy().contains("how-we-work");
    assert!(!page.into_iter().any(|entry| is_it(&entry)), "a draft is published");
    fine(&demo, &["build", "--drafts"]);
    let mut page = walkdir::WalkDir::new(demo.join("public")).into_iter().flatten();
    assert!(page.any(|entry| is_it(&entry)), "--drafts leaves it out");
}

#[test]
fn new_refuses_what_it_cannot_make() {
    let (_folder, demo) = demo();
    for (words, said) in [
        (vec!["new", "practise", "X"], "did you mean `practice`?"),
        (vec!["new", "practice", "!!!"], "needs a letter or digit"),
        (
            vec!["new", "practice", "A practice", "--lang", "it"],
            "the site is not in `it`; it is in en",
        ),
        (vec!["new", "practice", "Example practice"], "is there already"),
    ] {
        let output = exempla(&demo, &words);
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{words:?}: {text}");
        assert!(text.contains(said), "{words:?}: {text}");
    }
}

#[test]
fn schema_shows_the_model() {
    let (_folder, demo) = demo();
    let text = fine(&demo, &["schema"]);
    for words in ["practice (Practice)", "vocabulary policy_area", "summary: text, required"] {
        assert!(text.contains(words), "{words} is not in {text}");
    }
    let one = fine(&demo, &["schema", "pilot"]);
    assert!(one.contains("pilot (Pilot)") && !one.contains("practice (Practice)"));
    assert!(fine(&demo, &["schema", "pilot", "--lang", "it"]).contains("Progetto pilota"));
    assert_eq!(exempla(&demo, &["schema", "nothing"]).status.code(), Some(2));
    assert_eq!(exempla(&demo, &["schema", "--lang", "xx"]).status.code(), Some(2));
}

#[test]
fn init_joins_a_repository_and_refuses_what_is_taken() {
    let folder = TempDir::new().expect("a temporary folder");
    let demo = folder.path().join("a b");
    std::fs::create_dir(&demo).expect("a folder");
    std::fs::write(demo.join(".gitignore"), "/target/\n").expect("written");
    let output = exempla(folder.path(), &["init", "a b"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("add a line /public/"), "{said}");
    assert!(said.contains("cd 'a b'"), "{said}");
    assert_eq!(std::fs::read_to_string(demo.join(".gitignore")).expect("a file"), "/target/\n");
    assert!(exempla(&demo, &["build"]).status.success());
    // Nothing is begun that cannot be ended.
    let taken = folder.path().join("taken");
    std::fs::create_dir_all(taken.join("content")).expect("a folder");
    std::fs::write(taken.join("content/index.md"), "mine").expect("written");
    let output = exempla(folder.path(), &["init", "taken"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("content/index.md is there already"));
    assert_eq!(std::fs::read_dir(&taken).expect("a folder").count(), 1);
    assert_eq!(exempla(folder.path(), &["init", "x", "--title", " "]).status.code(), Some(2));
    assert_eq!(exempla(folder.path(), &["init", "x", "--root", "y"]).status.code(), Some(2));
    assert!(!folder.path().join("x").exists());
}

#[test]
fn an_entry_may_be_called_index() {
    let (_folder, demo) = demo();
    fine(&demo, &["new", "practice", "Index"]);
    let text = std::fs::read_to_string(demo.join("content/practices/index-practice.md"));
    assert!(text.expect("an entry").contains("title: Index"));
}

#[test]
fn search_says_what_is_wrong_with_its_words() {
    let (_folder, demo) = demo();
    std::fs::write(demo.join("odd"), b"one\ntwo\xff\n").expect("written");
    for (words, said) in [
        (vec!["replace", "--lang"], "a value is required"),
        (vec!["--type", "practise"], "did you mean `practice`?"),
        (vec!["--type", "practice,case-study"], "is no value of `type`"),
        (vec!["--batch", "odd", "replace"], "is not looked for beside"),
        (vec!["--batch", "odd"], "line 2 of odd is not UTF-8"),
        (vec!["--"], "what should be looked for?"),
    ] {
        let output = exempla(&demo, &[vec!["search"], words.clone()].concat());
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{words:?}: {text}");
        assert!(text.contains(said), "{words:?}: {text}");
    }
    for words in [["search", "replace", "--help"], ["search", "replace", "-h"]] {
        assert!(fine(&demo, &words).contains("Usage: exempla search"), "{words:?}");
    }
    // Behind two hyphens all is looked for.
    assert!(!fine(&demo, &["search", "--", "--json"]).starts_with('{'));
    assert!(fine(&demo, &["search", "replace", "--", "--json"]).contains("Example"));
}

#[test]
fn schema_as_json_is_a_json_schema_by_shape() {
    let (_folder, demo) = demo();
    let schema: serde_json::Value =
        serde_json::from_str(&fine(&demo, &["schema", "--json"])).expect("JSON");
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let types = schema["$defs"].as_object().expect("types");
    for (id, of) in types {
        assert_eq!(of["type"], "object", "{id}");
        let properties = of["properties"].as_object().expect("properties");
        assert!(properties.contains_key("title"), "{id}");
        for name in of["required"].as_array().expect("required") {
            assert!(properties.contains_key(name.as_str().expect("a name")), "{id} {name}");
        }
        properties.iter().for_each(|(name, field)| shape(&format!("{id}.{name}"), field));
    }
    let maturity = &types["practice"]["properties"]["maturity"];
    assert!(maturity["enum"].as_array().is_some_and(|all| all.len() > 2), "{maturity}");
}

/// Every schema says what it allows, by `type` or by `enum`.
fn shape(name: &str, schema: &serde_json::Value) {
    const TYPES: &[&str] = &["string", "number", "integer", "boolean", "array", "object"];
    let known = |value: &serde_json::Value| value.as_str().is_some_and(|t| TYPES.contains(&t));
    let kind = &schema["type"];
    let typed = known(kind) || kind.as_array().is_some_and(|all| all.iter().all(known));
    assert!(typed || schema["enum"].is_array(), "{name} says nothing: {schema}");
    if *kind == "array" {
        shape(name, &schema["items"]);
    }
    for (inner, of) in schema["properties"].as_object().into_iter().flatten() {
        shape(&format!("{name}.{inner}"), of);
    }
}

#[test]
fn completions_for_shells() {
    let folder = TempDir::new().expect("a temporary folder");
    let bash = fine(folder.path(), &["completions", "bash"]);
    for words in ["complete ", "exempla", "build", "--drafts", "schema"] {
        assert!(bash.contains(words), "{words} is not in the script");
    }
    assert!(fine(folder.path(), &["completions", "fish"]).contains("exempla"));
}

#[test]
fn without_a_site_there_is_a_way_on() {
    let folder = TempDir::new().expect("a temporary folder");
    let output = exempla(folder.path(), &["build"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("exempla init"));
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
}

#[test]
fn a_site_may_be_called_like_a_verb() {
    let folder = TempDir::new().expect("a temporary folder");
    fine(folder.path(), &["init", "search"]);
    let words = ["--root", "search", "search", "replace", "--json"];
    assert!(fine(folder.path(), &words).starts_with("{\"query\":\"replace\""));
    let also = ["--root=search", "search", "replace", "--json"];
    assert_eq!(fine(folder.path(), &words), fine(folder.path(), &also));
}

#[test]
fn search_takes_options_and_facets_wherever_they_stand() {
    let (_folder, demo) = demo();
    let hits = |words: &[&str]| -> Vec<String> {
        let json: serde_json::Value =
            serde_json::from_str(&fine(&demo, words)).expect("one line of JSON");
        let hits = json["hits"].as_array().expect("hits").iter();
        hits.map(|hit| hit["type"].as_str().unwrap_or("").to_owned()).collect()
    };
    let all = hits(&["search", "--json", "replace"]);
    assert!(all.len() > 1, "{all:?}");
    assert_eq!(all, hits(&["search", "replace", "--json", "--limit=10"]));
    assert_eq!(hits(&["search", "replace", "--type", "practice", "--json"]), ["practice"]);
    assert_eq!(hits(&["search", "replace", "-practice", "--json", "--type=practice"]), [""; 0]);
    std::fs::write(demo.join("queries"), "replace\n\"unclosed\n").expect("written");
    assert_eq!(fine(&demo, &["search", "--batch", "queries"]).lines().count(), 2);
    let refused = exempla(&demo, &["search", "replace", "--tpye", "practice"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("did you mean `type`?"));
}

#[test]
fn all_that_is_wrong_with_an_entry_is_told_at_once() {
    let (_folder, demo) = demo();
    let text = "---\ntitle: Bad\nsumary: x\ndate: 2024-02-30\n---\n[x](gone.md) ![a](no.png)\n";
    std::fs::write(demo.join("content/practices/bad.md"), text).expect("written");
    let found = findings(&demo);
    for said in ["sumary", "2024-02-30", "gone.md", "no.png"] {
        assert!(found.iter().any(|(_, _, message)| message.contains(said)), "{said}: {found:?}");
    }
}

#[test]
fn a_file_may_have_signs_in_its_name_that_mean_something_in_addresses() {
    let (_folder, demo) = demo();
    let folder = demo.join("content/practices");
    for name in ["a #1.txt", "b#.txt", "c%20d.txt", "e f.txt"] {
        std::fs::write(folder.join(name), name).expect("written");
    }
    let entry = folder.join("example-practice.md");
    let text = std::fs::read_to_string(&entry).expect("an entry");
    let text = text.replacen("---\n", "---\nattachments: [\"a #1.txt\", \"c%20d.txt\"]\n", 1)
        + "\n[b](b#.txt), [c](c%20d.txt) and [e](e%20f.txt)\n";
    std::fs::write(&entry, text).expect("written");
    let output = exempla(&demo, &["build"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("0 errors, 0 warnings"), "{said}");
    let built = demo.join("public/practices");
    let page = built.join("example-practice/index.html");
    let page = std::fs::read_to_string(page).expect("a page");
    let names = std::fs::read_dir(&built).expect("a folder").filter_map(Result::ok);
    let names: Vec<String> =
        names.map(|file| file.file_name().to_string_lossy().into_owned()).collect();
    for (begins, escaped) in [("a #1.", "a%20%231."), ("b#.", "b%23."), ("c%20d.", "c%2520d.")] {
        assert!(names.iter().any(|name| name.starts_with(begins)), "{begins}: {names:?}");
        assert!(page.contains(&format!("practices/{escaped}")), "{escaped}: {page}");
    }
}

#[test]
fn filters_stand_in_the_lines_of_a_batch_too() {
    let (_folder, demo) = demo();
    std::fs::write(demo.join("queries"), "example\nexample --type news\n").expect("written");
    let lines = fine(&demo, &["search", "--batch", "queries"]);
    let totals: Vec<u64> = lines
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"))
        .map(|results| results["total"].as_u64().expect("a number"))
        .collect();
    let news = fine(&demo, &["search", "--json", "example", "--type", "news"]);
    let news: serde_json::Value = serde_json::from_str(&news).expect("JSON");
    assert_eq!((totals.len(), Some(totals[1])), (2, news["total"].as_u64()));
    assert!(totals[0] > totals[1], "{totals:?}");
    std::fs::write(demo.join("queries"), "example\nexample --limit 1\n").expect("written");
    let output = exempla(&demo, &["search", "--batch", "queries"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("line 2 of queries: there is no facet `limit`"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_printed_is_no_success() {
    let (_folder, demo) = demo();
    for words in [
        &["build", "--format", "json"][..],
        &["search", "example", "--json"],
        &["schema", "--json"],
        &["completions", "bash"],
    ] {
        let full = std::fs::File::options().write(true).open("/dev/full").expect("a full disk");
        let mut command = Command::new(env!("CARGO_BIN_EXE_exempla"));
        let output = command.args(words).current_dir(&demo).stdout(full).output().expect("run");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{words:?}: {said}");
        assert!(said.contains("cannot be written"), "{words:?}: {said}");
    }
}
