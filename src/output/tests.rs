//! A folder that is kept as a whole, and when it must not be.

use super::*;
use std::time::Duration;

const LATER: Duration = Duration::from_secs(1 << 40);

fn seen(root: &Path) -> Option<Seen> {
    trace(root, LATER).map(|trace| Seen { at: LATER, trace })
}

/// Opens an output folder that is known to have been left so.
fn reopen(root: &Path, left: Option<&Seen>) -> Output {
    let output = Output::open(root).expect("an output");
    left.into_iter().for_each(|left| output.look(left));
    output
}

#[test]
fn a_folder_that_nobody_touched_is_kept_as_a_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    let output = Output::open(root).expect("an output");
    for path in ["en/a", "en/b", "en-x/a", "it/a"] {
        output.put_bytes(path, path.as_bytes()).expect("put");
    }
    let hash = output.hash_of_folder("en/");
    assert_eq!(output.commit().expect("written").0.written, 4);
    let left = seen(root);
    let output = reopen(root, left.as_ref());
    assert!(!output.keep_folder("it/", &hash) && output.keep_folder("en/", &hash));
    let expected = Summary { written: 0, unchanged: 2, removed: 2 };
    assert_eq!(output.commit().expect("written").0, expected);
    assert!(root.join("en/b").exists() && !root.join("it").exists());
    // Another build has been here, or somebody else.
    assert!(!reopen(root, left.as_ref()).keep_folder("en/", &hash));
    assert!(!Output::open(root).expect("one").keep_folder("en/", &hash));
    let left = seen(root);
    fs::write(root.join("en/b"), "other").expect("a file");
    assert!(!reopen(root, left.as_ref()).keep_folder("en/", &hash));
}

#[test]
fn what_stays_is_looked_at_once_and_who_touches_it_meanwhile_is_found_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    // Lays out two files, of which one may be another, and is met while it does.
    let build = |text: &str, meet: &dyn Fn()| {
        let left = seen(root);
        let output = reopen(root, left.as_ref());
        let kept = output.keep_untouched("stays");
        if !kept {
            output.put_bytes("stays", b"as it is").expect("put");
        }
        output.put_bytes("changes", text.as_bytes()).expect("put");
        meet();
        let (_, left) = output.commit().expect("written");
        assert_eq!(left.known.len(), if kept { 1 } else { 0 });
        left.trace(LATER)
    };
    assert_eq!(build("one", &|| {}), trace(root, LATER));
    for text in ["two", "three"] {
        assert_eq!(build(text, &|| {}), trace(root, LATER), "{text}");
    }
    let touch = || fs::write(root.join("stays"), "otherwise").expect("a file");
    let left = build("four", &touch).map(|trace| Seen { at: LATER, trace });
    assert_ne!(left, seen(root));
    let output = reopen(root, left.as_ref());
    assert!(!output.keep_untouched("stays"));
}

#[test]
fn notes_of_a_build_that_never_came_to_its_end_are_not_believed() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    let build = |text: &str| {
        let output = Output::open(root).expect("an output");
        output.put_bytes("en/a", text.as_bytes()).expect("put");
        output.remember([7; 32], output.hash_of_folder("en/"));
        output
    };
    build("new").commit().expect("written");
    let notes = fs::read(root.join(OWN).join("notes")).expect("notes");
    build("old").commit().expect("written");
    // It was killed when its notes were there and nothing else.
    fs::write(root.join(OWN).join("notes"), notes).expect("notes");
    let output = reopen(root, seen(root).as_ref());
    let hash = output.recall(&[7; 32]).expect("a note").to_owned();
    assert!(!output.keep_folder("en/", &hash));
}

#[test]
fn what_was_a_file_becomes_a_folder_and_a_file_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    let build = |path: &str| {
        let output = Output::open(root).expect("an output");
        output.put_bytes(path, path.as_bytes()).expect("put");
        output.commit().expect("written").0
    };
    build("old.html");
    for path in ["old.html/x", "old.html", "old.html/x/y", "old.html/x"] {
        assert_eq!(build(path), Summary { written: 1, unchanged: 0, removed: 1 }, "{path}");
        assert_eq!(fs::read_to_string(root.join(path)).expect("a file"), path);
    }
    // What somebody else keeps there stays.
    fs::write(root.join("old.html/own"), "own").expect("a file");
    let output = Output::open(root).expect("an output");
    output.put_bytes("old.html", b"new").expect("put");
    output.commit().expect_err("it is in the way");
    assert_eq!(fs::read_to_string(root.join("old.html/own")).expect("a file"), "own");
}

#[test]
fn a_name_that_no_list_can_hold_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = Output::open(folder.path()).expect("an output");
    for path in ["c\\d.txt", "a\nb", "a\rb", "../a", "a//b", ""] {
        let found = output.put_bytes(path, b"x").expect_err(path);
        assert!(found.message.contains("cannot be the name"), "{}", found.message);
    }
    output.put_bytes("ä b/c'd.txt", b"x").expect("a plain name");
}

#[test]
fn a_file_that_cannot_be_removed_is_told_and_tried_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    let open = || Output::open(root).expect("an output");
    let output = open();
    output.put_bytes("about/index.html", b"x").expect("put");
    output.commit().expect("written");
    // No system looks at a name of that length, so none can say that the file is gone.
    let path = root.join(OWN).join("manifest");
    let list = fs::read_to_string(&path).expect("a list");
    let name = "n".repeat(300);
    fs::write(&path, list.replace("about/index.html", &name)).expect("a list");
    for _ in 0..2 {
        let found = open().commit().expect_err("it stays");
        assert!(found.iter().any(|one| one.message.contains("cannot be removed")), "{found:?}");
        assert!(fs::read_to_string(&path).expect("a list").contains(&name));
    }
}

#[test]
fn a_list_of_what_was_and_what_will_be_misleads_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    let open = || Output::open(root).expect("an output");
    let build = |path: &str| {
        let output = open();
        output.put_bytes(path, path.as_bytes()).expect("put");
        output.commit().expect("written");
        fs::read(root.join(OWN).join("manifest")).expect("a list")
    };
    let (was, is) = (build("old.html"), build("old.html/x"));
    // The build that made the folder was killed before its last line.
    let both: Vec<u8> =
        [&was[..], is.splitn(2, |byte| *byte == b'\n').nth(1).expect("lines")].concat();
    fs::write(root.join(OWN).join("manifest"), both).expect("a list");
    build("old.html/x");
    assert_eq!(fs::read_to_string(root.join("old.html/x")).expect("a file"), "old.html/x");
    let output = open();
    output.put_bytes("old.html/x", b"old.html/x").expect("put");
    assert_eq!(output.commit().expect("the same").0.removed, 0);
}
