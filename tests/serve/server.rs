//! A served copy of a test site, and a small client.

use super::built::{copy, test_site};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long anything may take before a test gives up. Far more than it should
/// take: other tests want the processor too.
pub const LIMIT: Duration = Duration::from_secs(60);

/// The day on which sites are served.
pub const DAY: &str = "2024-06-01";

/// A site that is served while this lives.
pub struct Server {
    folder: TempDir,
    child: Child,
    pub port: u16,
    /// What it said until it served.
    pub said: Vec<String>,
    /// What it said since.
    since: Arc<Mutex<Vec<String>>>,
}

/// An answer.
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The page without the script that keeps it fresh.
    pub fn page(&self) -> String {
        let text = self.text();
        let lines = text.split_inclusive('\n');
        lines
            .map(|line| match line.find("<script type=\"module\" src=\"/-/live.js?") {
                Some(at) => &line[..at],
                None => line,
            })
            .collect()
    }
}

impl Server {
    /// Serves a copy of the fictional site.
    pub fn new(arguments: &[&str]) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        copy(&test_site("fictional"), folder.path());
        Self::of(folder, arguments)
    }

    /// Serves the site that lies in a folder, at the top of its host.
    pub fn of(folder: TempDir, arguments: &[&str]) -> Self {
        Self::with_path(folder, arguments, None)
    }

    /// The same, where programs are sought in a folder first.
    pub fn with_path(folder: TempDir, arguments: &[&str], programs: Option<&Path>) -> Self {
        let site = folder.path().join("site.toml");
        let text = std::fs::read_to_string(&site).expect("site.toml");
        assert!(text.contains("https://fen.example/archive/"));
        let text = text.replace("https://fen.example/archive/", "https://fen.example/");
        std::fs::write(&site, text).expect("site.toml");
        let mut command = Command::new(env!("CARGO_BIN_EXE_exempla"));
        command.arg("--root").arg(folder.path()).args(["serve", "--date", DAY]);
        if !arguments.contains(&"--port") {
            command.args(["--port", "0"]);
        }
        if let Some(programs) = programs {
            let known = std::env::var_os("PATH").unwrap_or_default();
            let all = std::iter::once(programs.to_path_buf()).chain(std::env::split_paths(&known));
            command.env("PATH", std::env::join_paths(all).expect("folders"));
        }
        let command = command.args(arguments).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program runs");
        let mut lines = BufReader::new(child.stderr.take().expect("its errors")).lines();
        let mut said = Vec::new();
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let port = port_of(&line);
            said.push(line);
            port
        });
        let port = port.unwrap_or_else(|| panic!("it never served: {said:?}"));
        let since = Arc::default();
        let heard: Arc<Mutex<Vec<String>>> = Arc::clone(&since);
        let hear = move |line| heard.lock().expect("nobody panics with it").push(line);
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(hear));
        Self { folder, child, port, said, since }
    }

    /// Waits until it has said something; returns all that it said since it served.
    pub fn wait_for_word(&self, word: &str) -> String {
        let began = Instant::now();
        loop {
            let said = self.since.lock().expect("nobody panics with it").join("\n");
            if said.contains(word) {
                return said;
            }
            assert!(began.elapsed() < LIMIT, "it never said {word}: {said}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn content(&self, path: &str) -> PathBuf {
        self.root().join("content").join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        std::fs::write(self.content(path), text).expect("written");
    }

    pub fn replace(&self, path: &str, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.content(path)).expect("the entry");
        assert!(text.contains(from), "{path} has no {from:?}");
        self.write(path, &text.replace(from, to));
    }

    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it has ended by itself.
    pub fn ended(&mut self) -> std::process::ExitStatus {
        self.child.wait().expect("it was started")
    }

    pub fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, &[])
    }

    pub fn ask(&self, method: &str, path: &str, headers: &[&str]) -> Reply {
        let host = format!("Host: localhost:{}", self.port);
        let mut all = vec![host.as_str()];
        if headers.iter().any(|header| header.starts_with("Host:")) {
            all.clear();
        }
        all.extend(headers);
        let request = format!(
            "{method} {path} HTTP/1.1\r\nConnection: close\r\n{}\r\n\r\n",
            all.join("\r\n")
        );
        self.raw(request.as_bytes())
    }

    /// Sends bytes and reads to the end.
    pub fn raw(&self, request: &[u8]) -> Reply {
        let mut stream = self.connect();
        stream.write_all(request).expect("sent");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("an answer in time");
        let end = bytes.windows(4).position(|part| part == b"\r\n\r\n").unwrap_or(bytes.len());
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        Reply { status, head, body: bytes.get(end + 4..).unwrap_or_default().to_vec() }
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        stream.set_read_timeout(Some(LIMIT)).expect("a time limit");
        stream
    }

    /// Asks for a page until it satisfies; panics when it never does.
    pub fn wait(&self, path: &str, satisfies: impl Fn(&Reply) -> bool) -> Reply {
        let began = Instant::now();
        loop {
            let reply = self.get(path);
            if satisfies(&reply) {
                return reply;
            }
            assert!(
                began.elapsed() < LIMIT,
                "{path} never came to it: {} {}",
                reply.head,
                reply.text()
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until a page offers smaller copies of all its pictures.
    pub fn wait_for_copies(&self, path: &str) -> Reply {
        self.wait(path, |reply| {
            let text = reply.text();
            let mut tags = text.split("<img ").skip(1).filter_map(|rest| rest.split('>').next());
            let has = |tag: &str| tag.contains("srcset=") || !tag.contains(".png\"");
            text.contains("srcset=") && tags.all(has)
        })
    }

    pub fn wait_for(&self, path: &str, words: &str) -> Reply {
        self.wait(path, |reply| reply.text().contains(words))
    }

    /// Listens to the events.
    pub fn events(&self) -> Events {
        let mut stream = self.connect();
        let request = format!("GET /-/events HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", self.port);
        stream.write_all(request.as_bytes()).expect("sent");
        Events(BufReader::new(stream))
    }
}

fn port_of(line: &str) -> Option<u16> {
    let (_, address) = line.split_once("http://")?;
    let (_, port) = address.split('/').next()?.split_once(':')?;
    port.parse().ok()
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A stream of events.
pub struct Events(BufReader<TcpStream>);

impl Events {
    /// The next event that satisfies: what is wrong then.
    pub fn next(&mut self, satisfies: impl Fn(&str) -> bool) -> String {
        let mut line = String::new();
        loop {
            line.clear();
            assert!(self.0.read_line(&mut line).expect("an event in time") > 0, "the events ended");
            let Some(json) = line.strip_prefix("data: ") else { continue };
            let word: serde_json::Value = serde_json::from_str(json).expect("JSON");
            let errors = word["errors"].as_str().expect("text");
            if satisfies(errors) {
                return errors.to_owned();
            }
        }
    }
}
