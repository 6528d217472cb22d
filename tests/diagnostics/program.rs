//! What only the running program shows: exit codes, JSON, failed writes, two
//! builds at once.

use super::site::{SITE, Site};
use std::process::{Command, Output};

fn exit(output: &Output) -> i32 {
    output.status.code().expect("no signal ends the program")
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn exit_codes_say_fine_findings_or_broken() {
    let site = Site::with(&[("content/notes/a.md", "# A\n\nA note.\n")]);
    assert_eq!(exit(&site.run(&["build"])), 0);
    let built = site.public();
    assert!(built.contains_key("notes/a/index.html"));

    site.write("content/notes/b.md", "+++\ndate = \"soon\"\n+++\n# B\n\nA note.\n");
    assert_eq!(exit(&site.run(&["build"])), 1);
    assert_eq!(site.public(), built, "an error stops a build before its first write");

    site.write("site.toml", "title = ");
    assert_eq!(exit(&site.run(&["build"])), 2);
    std::fs::remove_file(site.root().join("site.toml")).unwrap();
    let output = site.run(&["build"]);
    assert_eq!(exit(&output), 2);
    assert!(errors(&output).contains("there is no site.toml in "), "{}", errors(&output));
    assert_eq!(site.public(), built);

    site.write("site.toml", SITE);
    std::fs::remove_file(site.root().join("content/notes/b.md")).unwrap();
    for wrong in [
        &["build", "--date", "2024-02-30"][..],
        &["build", "--date", "2024"],
        &["build", "--base-url", "javascript:alert(1)"],
        &["build", "--output", "."],
        &["build", "--output", ".."],
        &["build", "--output", "content"],
        &["build", "--output", "content/notes"],
        &["build", "--output", "site.toml"],
        &["build", "--colour"],
        &["bild"],
    ] {
        let output = site.run(wrong);
        assert_eq!(exit(&output), 2, "{wrong:?}\n{}", errors(&output));
        assert!(errors(&output).contains("error"), "{wrong:?}");
        assert_eq!(site.public(), built, "{wrong:?}");
    }
}

#[test]
fn findings_are_json_for_programs() {
    let site = Site::with(&[
        (
            "content/notes/a.md",
            "---\r\ntitle: Città\r\ncolour: rosso\r\n---\r\n# A\r\n\r\nÈ [b](b.md).\r\n",
        ),
        ("content/notes/b.txt", "unused"),
    ]);
    let output = site.run(&["build", "--format", "json"]);
    assert_eq!(exit(&output), 0);
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let found = found.as_array().unwrap();
    let of = |code: &str| found.iter().find(|one| one["code"] == code).unwrap();
    let link = of("model/dangling-link");
    assert_eq!((&link["line"], &link["column"]), (&7.into(), &3.into()), "characters, not bytes");
    let key = of("content/unknown-field");
    assert_eq!((&key["line"], &key["column"]), (&3.into(), &1.into()));
    assert_eq!(key["level"], "warning");
    assert_eq!(key["file"], "content/notes/a.md");
    assert!(key["help"].is_string() && key["start"].as_u64() < key["end"].as_u64());
    assert!(of("content/unused-file")["line"].is_null());

    site.write("content/notes/b.md", "+++\nid = \"notes/a\"\n+++\n# B\n\nA note.\n");
    let output = site.run(&["build", "--format", "json"]);
    assert_eq!(exit(&output), 1);
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let twin = found.as_array().unwrap().iter().find(|one| one["code"] == "model/duplicate-id");
    assert_eq!(twin.unwrap()["related"]["file"], "content/notes/a.md");
}

#[test]
#[cfg(unix)]
fn a_full_disk_leaves_every_file_whole_and_the_next_build_is_right() {
    let site = Site::with(&[("content/notes/a.md", "# A\n\nA note.\n")]);
    assert_eq!(exit(&site.run(&["build"])), 0);
    let built = site.public();
    // 60,000 words need more room than the shell allows: as on a full disk, a write fails.
    site.write("content/notes/b.md", format!("# B\n\n{}\n", "words of a note ".repeat(15_000)));
    let full = |unit: &str| {
        let limited = format!("trap '' XFSZ; ulimit -f {unit}; exec \"$0\" build");
        let mut shell = Command::new("sh");
        shell.args(["-c", &limited, env!("CARGO_BIN_EXE_exempla")]).current_dir(site.root());
        shell.env("SOURCE_DATE_EPOCH", "1717200000").output().unwrap()
    };
    // 200 blocks of 512 or 1,024 bytes, as the shell counts.
    let output = full("200");
    assert_eq!(exit(&output), 2, "{}", errors(&output));
    assert!(errors(&output).contains("output/write-failed"), "{}", errors(&output));
    assert!(errors(&output).contains("make room on the disk"), "{}", errors(&output));
    assert_eq!(site.public(), built, "nothing was written");
    assert_eq!(exit(&site.run(&["build"])), 0);
    assert!(site.page("notes/b/index.html").contains("words of a note"));
    assert_eq!(site.page("notes/a/index.html").as_bytes(), built["notes/a/index.html"]);
}

/// Permission bits do not bind root, so the output is put where nobody can write.
#[test]
#[cfg(target_os = "linux")]
fn an_output_that_cannot_be_written_is_told() {
    let site = Site::with(&[("content/notes/a.md", "# A\n\nA note.\n")]);
    for output in ["/proc/exempla", "site.toml/public", "/dev/null"] {
        let output = site.run(&["build", "--output", output]);
        assert_eq!(exit(&output), 2, "{}", errors(&output));
        assert!(errors(&output).contains("output/write-failed"), "{}", errors(&output));
        assert!(!errors(&output).contains("os error"), "{}", errors(&output));
    }
}

#[test]
#[cfg(unix)]
fn a_link_in_the_output_is_not_written_through() {
    let site = Site::with(&[("content/notes/a.md", "# A\n\nA note.\n")]);
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::create_dir(site.root().join("public")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), site.root().join("public/notes")).unwrap();
    let output = site.run(&["build"]);
    assert_eq!(exit(&output), 2, "{}", errors(&output));
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

#[test]
fn of_two_builds_at_once_one_waits_for_another_time() {
    let site = Site::with(&[]);
    for n in 0..40 {
        site.write(&format!("content/notes/n{n}.md"), format!("# Note {n}\n\nA note.\n"));
    }
    let outputs: Vec<Output> = std::thread::scope(|scope| {
        let builds: Vec<_> = (0..4).map(|_| scope.spawn(|| site.run(&["build"]))).collect();
        builds.into_iter().map(|build| build.join().unwrap()).collect()
    });
    assert!(outputs.iter().any(|output| exit(output) == 0));
    for output in outputs.iter().filter(|output| exit(output) != 0) {
        assert_eq!(exit(output), 2);
        assert!(errors(output).contains("output/locked"), "{}", errors(output));
    }
    let together = site.public();
    std::fs::remove_dir_all(site.root().join("public")).unwrap();
    assert_eq!(exit(&site.run(&["build"])), 0);
    assert_eq!(site.public(), together);
}
