//! A site that a test may change, and builds of it.

use super::{Tree, differing};
use crate::built::{self, copy, files, options, test_site};
use exempla::build::{BuildOptions, Built, Cache, build};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

/// A copy of the fictional site that a test may change.
pub struct Copy {
    pub folder: TempDir,
    pub out: PathBuf,
}

impl Copy {
    pub fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        copy(&test_site("fictional"), folder.path());
        // An edit may leave a reference dangling: that entry is left out, and the build goes on.
        let site = folder.path().join("site.toml");
        let text = std::fs::read_to_string(&site).expect("site.toml");
        let text = text.replace("on_bad_entry = \"stop\"", "on_bad_entry = \"skip\"");
        std::fs::write(site, text).expect("site.toml");
        let out = folder.path().join("public");
        Self { folder, out }
    }

    pub fn content(&self, path: &str) -> PathBuf {
        self.folder.path().join("content").join(path)
    }

    pub fn build(&self) -> Built {
        self.build_into(&self.out)
    }

    /// As the program builds: with the memory of what was built before.
    pub fn build_into(&self, out: &Path) -> Built {
        let cache = Some(Cache { clock, program: env!("CARGO_BIN_EXE_exempla").into() });
        let built = build(self.folder.path(), &BuildOptions { cache, ..options(out) });
        assert!(built.summary.is_some(), "nothing was written:\n{}", built::listed(&built.found));
        built
    }

    /// Has the program build, and kills it after a while.
    pub fn build_and_kill(&self, after: Duration, how: &[&str]) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_exempla"));
        command.arg("--root").arg(self.folder.path()).args(["build", "--quiet"]).args(how);
        command.env("SOURCE_DATE_EPOCH", "1717200001").stderr(Stdio::null());
        let mut child = command.spawn().expect("the program runs");
        std::thread::sleep(after);
        child.kill().expect("it may have ended");
        child.wait().expect("it ends");
    }

    /// Builds, and holds what was written and found against a build that knows of no other.
    pub fn build_as_clean(&self, told: &str) -> Built {
        let built = self.build();
        let folder = TempDir::new().expect("a temporary folder");
        let clean = build(self.folder.path(), &options(folder.path()));
        assert!(clean.summary.is_some(), "nothing was written:\n{}", built::listed(&clean.found));
        let (now, pages) = (self.tree(), files(folder.path()));
        let differ = differing(&now, &pages);
        assert!(differ.is_empty(), "{differ:?} differ after\n{told}");
        let (found, clean) = (built::listed(&built.found), built::listed(&clean.found));
        assert_eq!(found, clean, "found after\n{told}");
        built
    }

    pub fn replace(&self, path: &str, from: &str, to: &str) {
        let file = self.content(path);
        let text = std::fs::read_to_string(&file).expect("the entry");
        assert!(text.contains(from), "{path} has no {from:?}");
        std::fs::write(&file, text.replace(from, to)).expect("the entry");
    }

    pub fn tree(&self) -> Tree {
        files(&self.out)
    }
}

fn clock() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock that is set")
}
