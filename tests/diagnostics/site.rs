//! A site in a folder of its own that vanishes after the test.

use super::fixture::File;
use exempla::build::{BuildOptions, Built, build};
use exempla::diagnostic::text;
use exempla::model::PartialDate;
use std::any::Any;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// The day of every build in these tests.
pub const TODAY: &str = "2024-06-01";

/// A smallest site: one type, in `notes/`.
pub const SITE: &str = r#"title = "A test"
preset = "none"

[types.note]
folder = "notes"
"#;

/// A folder with a site in it.
pub struct Site {
    folder: TempDir,
    /// What must live as long as the site: a lock that is held, a socket.
    held: Vec<Box<dyn Any + Send + Sync>>,
}

impl Site {
    /// An empty folder.
    pub fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), held: Vec::new() }
    }

    /// The smallest site with some files.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let site = Self::empty();
        site.write("site.toml", SITE);
        files.iter().for_each(|(path, content)| site.write(path, content));
        site
    }

    /// The site of a fixture.
    pub fn of(files: &[File]) -> Self {
        let mut site = Self::empty();
        files.iter().for_each(|file| site.make(file));
        site
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file and the folders above it.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.above(path), content).unwrap();
    }

    fn above(&self, path: &str) -> PathBuf {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    }

    fn make(&mut self, file: &File) {
        let path = self.above(&file.path);
        let line = file.content.trim_end();
        match file.made.split_once(' ').unwrap_or((&file.made, "")) {
            ("", _) => std::fs::write(path, &file.content).unwrap(),
            ("escaped", _) => std::fs::write(path, unescape(&file.content)).unwrap(),
            ("times", count) => std::fs::write(path, line.repeat(count.parse().unwrap())).unwrap(),
            #[cfg(unix)]
            ("link", _) => std::os::unix::fs::symlink(line, path).unwrap(),
            #[cfg(unix)]
            ("socket", _) => {
                self.held.push(Box::new(std::os::unix::net::UnixListener::bind(path).unwrap()));
            }
            ("locked", _) => {
                let lock = std::fs::File::create(path).unwrap();
                lock.lock().unwrap();
                self.held.push(Box::new(lock));
            }
            (other, _) => panic!("a file cannot be made `{other}`"),
        }
    }

    /// Builds it into `public/` by the library.
    pub fn build(&self) -> Built {
        let options = BuildOptions {
            output: "public".into(),
            base_url: None,
            today: PartialDate::parse(TODAY).unwrap(),
            drafts: false,
            progress: None,
            cache: None,
        };
        build(self.root(), &options)
    }

    /// What a terminal without colour shows of a build's findings; the site's
    /// own folder is called `SITE`.
    pub fn printed(&self, built: &Built) -> String {
        let source = |file: &str| {
            let bytes = std::fs::read(self.root().join(file)).ok()?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        };
        let text = text::render(built.found.iter(), &source, false);
        text.replace(&*self.root().to_string_lossy(), "SITE")
    }

    /// Builds it and gives the codes of its errors, and the exit code.
    pub fn errors(&self) -> (Vec<&'static str>, u8) {
        let built = self.build();
        let errors =
            built.found.iter().filter(|one| one.level == exempla::diagnostic::Level::Error);
        (errors.map(|one| one.code.name).collect(), built.exit_code())
    }

    /// Runs the program in the site's folder, on the tests' day.
    pub fn run(&self, arguments: &[&str]) -> Output {
        let mut program = Command::new(env!("CARGO_BIN_EXE_exempla"));
        program.args(arguments).current_dir(self.root()).env("SOURCE_DATE_EPOCH", "1717200000");
        program.output().unwrap()
    }

    /// Every file under `public/` with its bytes, without the build's own records.
    pub fn public(&self) -> BTreeMap<String, Vec<u8>> {
        let root = self.root().join("public");
        walkdir::WalkDir::new(&root)
            .into_iter()
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| (entry.path().to_owned(), std::fs::read(entry.path()).unwrap()))
            .map(|(path, bytes)| (path.strip_prefix(&root).unwrap_or(&path).to_owned(), bytes))
            .filter(|(path, _)| !path.starts_with(".exempla"))
            .map(|(path, bytes)| (path.to_string_lossy().into_owned(), bytes))
            .collect()
    }

    /// A page of the output as text.
    pub fn page(&self, path: &str) -> String {
        std::fs::read_to_string(self.root().join("public").join(path)).unwrap()
    }

    /// Which files of the output have a word in their bytes or in their path, in any case.
    pub fn published(&self, word: &str) -> Vec<String> {
        let root = self.root().join("public");
        let has = |bytes: &[u8]| {
            let text = bytes.to_ascii_lowercase();
            String::from_utf8_lossy(&text).contains(&word.to_ascii_lowercase())
        };
        walkdir::WalkDir::new(&root)
            .into_iter()
            .map(Result::unwrap)
            .filter(|entry| {
                has(entry.path().strip_prefix(&root).unwrap().as_os_str().as_encoded_bytes())
                    || (entry.file_type().is_file() && has(&std::fs::read(entry.path()).unwrap()))
            })
            .map(|entry| entry.path().display().to_string())
            .collect()
    }
}

/// `\xff`, `\r`, `\0`, `\\` and `\{9*word}` as the bytes that they mean.
fn unescape(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        (out, rest) = match (first, tail) {
            (b'\\', [b'x', high, low, after @ ..]) => {
                let hex = [*high, *low];
                let byte = u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap();
                (push(out, byte), after)
            }
            (b'\\', [b'{', after @ ..]) => {
                let end = after.iter().position(|byte| *byte == b'}').unwrap();
                let (count, word) =
                    std::str::from_utf8(&after[..end]).unwrap().split_once('*').unwrap();
                out.extend(word.repeat(count.parse().unwrap()).into_bytes());
                (out, &after[end + 1..])
            }
            (b'\\', [b'r', after @ ..]) => (push(out, b'\r'), after),
            (b'\\', [b'0', after @ ..]) => (push(out, 0), after),
            (b'\\', [b'\\', after @ ..]) => (push(out, b'\\'), after),
            (byte, after) => (push(out, *byte), after),
        };
    }
    out
}

fn push(mut bytes: Vec<u8>, byte: u8) -> Vec<u8> {
    bytes.push(byte);
    bytes
}
