//! Sites built into temporary folders, for the tests that look at what came out.
//!
//! The collections in `../shared/corpora` are not part of the project: a test
//! that needs one passes over it, and says so, unless `EXEMPLA_REQUIRE_SHARED=1`.

#![allow(dead_code)] // Each test binary uses its own part of this.

pub mod page;
pub mod source;

use exempla::build::{BuildOptions, Built, build};
use exempla::config::BaseUrl;
use exempla::diagnostic::{Diagnostics, Level};
use exempla::model::PartialDate;
use page::Page;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The day on which all these sites are built.
pub const TODAY: &str = "2024-06-01";

/// The folder of this project, which is a site itself.
pub fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of one of the sites in `tests/sites`.
pub fn test_site(name: &str) -> PathBuf {
    project().join("tests/sites").join(name)
}

/// A folder that lies beside the project, or `None` with a word on it.
pub fn shared(path: &str) -> Option<PathBuf> {
    let folder = project().join("../shared").join(path);
    if folder.exists() {
        return Some(folder);
    }
    let required = std::env::var("EXEMPLA_REQUIRE_SHARED").is_ok_and(|value| value == "1");
    assert!(!required, "{} is absent, though it is required", folder.display());
    eprintln!("passed over: there is no {}", folder.display());
    None
}

/// A site as it was built.
pub struct Site {
    pub root: PathBuf,
    pub out: TempDir,
    pub built: Built,
    /// Its pages, by path in the output.
    pub pages: BTreeMap<String, Page>,
}

impl Site {
    /// Builds the site in `root`, at its own address or another, and reads its pages.
    pub fn build(root: &Path, base_url: Option<&str>) -> Self {
        Self::build_on(root, base_url, TODAY)
    }

    /// The same on another day.
    pub fn build_on(root: &Path, base_url: Option<&str>, today: &str) -> Self {
        let out = TempDir::new().expect("a temporary folder");
        let mut options = options(out.path());
        options.today = PartialDate::parse(today).expect("a date");
        options.base_url =
            base_url.map(|url| BaseUrl::parse(url).expect("an address a site can have"));
        let built = build(root, &options);
        assert!(built.summary.is_some(), "nothing was written:\n{}", listed(&built.found));
        let pages = files(out.path())
            .into_iter()
            .filter(|(path, _)| path.ends_with(".html"))
            .map(|(path, bytes)| (path, Page::read(&String::from_utf8(bytes).expect("UTF-8"))))
            .collect();
        Self { root: root.to_path_buf(), out, built, pages }
    }

    /// The page at an address in the site, such as `it/practices/water/`.
    pub fn page(&self, url: &str) -> Option<&Page> {
        let file = if url.is_empty() || url.ends_with('/') {
            format!("{url}index.html")
        } else {
            url.to_owned()
        };
        self.pages.get(&file)
    }
}

/// What a build into a folder is made from.
pub fn options(out: &Path) -> BuildOptions {
    BuildOptions {
        output: out.to_path_buf(),
        base_url: None,
        today: PartialDate::parse(TODAY).expect("a date"),
        drafts: false,
        progress: None,
        cache: None,
    }
}

/// Every file under a folder by path, Exempla's lock aside: it says nothing.
pub fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    walkdir::WalkDir::new(root)
        .into_iter()
        .map(|entry| entry.expect("a readable folder"))
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let rel = entry.path().strip_prefix(root).expect("it lies under the root");
            let rel: Vec<_> = rel.iter().map(|part| part.to_string_lossy()).collect();
            (rel.join("/"), std::fs::read(entry.path()).expect("a readable file"))
        })
        .filter(|(path, _)| path != ".exempla/lock")
        .collect()
}

/// Copies a folder, all it holds included.
pub fn copy(from: &Path, to: &Path) {
    // What a build of the site in its own place remembered stays there.
    let remembered = |path: &String| path.starts_with(".exempla-cache/");
    for (path, bytes) in files(from).into_iter().filter(|(path, _)| !remembered(path)) {
        let target = to.join(path);
        std::fs::create_dir_all(target.parent().expect("a file has a folder")).expect("a folder");
        std::fs::write(target, bytes).expect("a file");
    }
}

/// The findings, one a line, for the message of a failed test.
pub fn listed(found: &Diagnostics) -> String {
    let line = |one: &exempla::diagnostic::Diagnostic| {
        let file = one.place.as_ref().map_or("", |place| &*place.file);
        format!("{:?} {} {file}: {}\n", one.level, one.code.name, one.message)
    };
    found.iter().filter(|one| one.level != Level::Info).map(line).collect()
}

/// A small generator of numbers that look random (xorshift64*).
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound
    }
}
