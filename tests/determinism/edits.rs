//! A build after random edits is that of a folder which was never built.

use super::copy::Copy;
use crate::built::{Dice, files};

#[test]
fn a_build_after_random_edits_equals_a_clean_one() {
    let site = Copy::new();
    let mut dice = Dice(0x005e_ed0f_fe17);
    let mut told = String::new();
    site.build();
    for step in 0..33 {
        told.push_str(&format!("{step}: {}\n", edit(&site, &mut dice, step)));
        // A clean build at every third step keeps the test quick.
        if step % 3 == 2 {
            site.build_as_clean(&told);
            assert!(site.tree().contains_key(".exempla/manifest"));
        } else {
            site.build();
        }
    }
    let tried = ["body", "title", "renamed", "deleted", "added", "drafted", "spoilt"];
    assert!(tried.iter().all(|word| told.contains(word)), "not every edit was tried:\n{told}");
}

/// Changes one entry of a site and says what was done.
pub fn edit(site: &Copy, dice: &mut Dice, step: usize) -> String {
    // The pages stay: the menu names them.
    let is_entry = |path: &String| path.ends_with(".md") && !path.starts_with("pages/");
    let entries: Vec<String> = files(&site.content("")).into_keys().filter(is_entry).collect();
    let path = &entries[dice.below(entries.len())];
    let file = site.content(path);
    let text = std::fs::read_to_string(&file).expect("an entry");
    let write = |text: String| std::fs::write(&file, text).expect("an entry");
    match dice.below(8) {
        6 | 7 => {
            let other = &entries[dice.below(entries.len())];
            let faults = [
                "[gone](#gone)",
                "Lorem ipsum.",
                "[none](none.md)",
                "![none](none.png)",
                "[none](/none/)",
                "{% <Nobody/> %}",
                &format!("[there](/{other}#steps)"),
                &format!("\n\n## Steps\n\n## Step {step}\n\n"),
            ];
            let fault = faults[dice.below(faults.len())];
            write(format!("{text}\n{fault} It was so at step {step}.\n"));
            format!("spoilt {path} with {fault}")
        }
        0 => {
            write(format!("{text}\nWritten at step {step}.\n"));
            format!("body of {path}")
        }
        1 => {
            let title = text.lines().find(|line| line.starts_with("title")).unwrap_or("title");
            let changed = format!("{} {step}", title.trim_end_matches('"'));
            let quote = if title.ends_with('"') { "\"" } else { "" };
            write(text.replacen(title, &format!("{changed}{quote}"), 1));
            format!("title of {path}")
        }
        2 => {
            let renamed = path.replacen(".md", &format!("-{step}.md"), 1);
            std::fs::rename(&file, site.content(&renamed)).expect("a new name");
            format!("renamed {path}")
        }
        3 => {
            std::fs::remove_file(&file).expect("an entry");
            format!("deleted {path}")
        }
        4 => {
            let added = format!("practices/added-{step}.md");
            let text = format!(
                "---\ntitle: Added at step {step}\nsummary: {}\npolicy_areas: [reeds]\n\
                 related: [{}]\ntags: [added]\n---\n## Steps\n\nOne.\n",
                "A practice that a test has added to see what its coming changes. ".repeat(2),
                path.trim_end_matches(".md"),
            );
            std::fs::write(site.content(&added), text).expect("an entry");
            format!("added {added}")
        }
        _ => {
            let line = if text.starts_with("+++") { "draft = true\n" } else { "draft: true\n" };
            let fence = text.find('\n').map_or(0, |at| at + 1);
            write(match text.contains(line) {
                true => text.replacen(line, "", 1),
                false => format!("{}{line}{}", &text[..fence], &text[fence..]),
            });
            format!("drafted {path}")
        }
    }
}
