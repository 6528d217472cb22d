//! Builds that are killed leave every file whole, and mislead no later one.

use super::copy::Copy;
use super::differing;
use super::edits::edit;
use crate::built::{Dice, files};
use std::collections::BTreeSet;
use tempfile::TempDir;

/// How many builds a test kills.
fn kills() -> usize {
    std::env::var("EXEMPLA_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(6)
}

#[test]
fn a_build_killed_at_any_moment_leaves_files_whole_and_the_next_is_right() {
    let site = Copy::new();
    let clean = TempDir::new().expect("a temporary folder");
    site.build_into(clean.path());
    let clean = files(clean.path());
    let began = std::time::Instant::now();
    site.build();
    let takes = began.elapsed();
    let mut dice = Dice(11);
    for _ in 0..kills() {
        std::fs::remove_dir_all(&site.out).expect("the output");
        std::fs::create_dir(&site.out).expect("a folder");
        site.build_and_kill(takes.mul_f64(dice.below(1200) as f64 / 1000.0), &[]);
        for (path, bytes) in &site.tree() {
            let own = path.starts_with(".exempla/");
            assert!(own || clean.get(path) == Some(bytes), "{path} is not whole");
        }
        site.build();
        assert_eq!(differing(&clean, &site.tree()), BTreeSet::new());
    }
}

#[test]
fn a_build_killed_over_an_earlier_one_misleads_no_later_one() {
    let site = Copy::new();
    site.build();
    let mut dice = Dice(12);
    for kill in 0..kills() {
        edit(&site, &mut dice, kill);
        let began = std::time::Instant::now();
        let clean = TempDir::new().expect("a temporary folder");
        site.build_into(clean.path());
        let takes = began.elapsed();
        // With its memory and without, which then is that of the build before.
        let how: &[&str] = if kill % 2 == 0 { &["--no-cache"] } else { &[] };
        site.build_and_kill(takes.mul_f64(0.5 + dice.below(600) as f64 / 1000.0), how);
        site.build();
        let clean = files(clean.path());
        let now = site.tree();
        assert_eq!(differing(&clean, &now), BTreeSet::new(), "killed {kill} times");
    }
}
