//! Only what the site publishes, only to those who may ask, whatever they do.

use super::server::{LIMIT, Server};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

#[test]
fn no_path_leaves_the_site_and_only_reading_is_allowed() {
    let server = Server::new(&[]);
    for path in [
        "/../site.toml",
        "/..%2fsite.toml",
        "/%2e%2e/site.toml",
        "/%2e%2e%2fsite.toml",
        "/site.toml",
        "/content/practices/reed-bed-walks/index.md",
        "//etc/passwd",
        "/C:/Windows/win.ini",
        "/..%5csite.toml",
        "/assets/../site.toml",
        "/assets/..%2f..%2fsite.toml",
        "/.exempla/manifest",
        "/practices/reed-bed-walks/index.md",
        "/%00",
        "/practices/%00/",
        "/con",
        "/%ff%fe",
        "/assets/",
        "/search-pack/",
        "/search-pack/../site.toml",
        "/-/",
        "/-/nothing",
    ] {
        let reply = server.get(path);
        assert!(matches!(reply.status, 400 | 404 | 503), "{path}: {}", reply.head);
        assert!(!reply.text().contains("[types"), "{path}");
    }
    let missing = server.get("/nowhere/");
    assert_eq!(missing.status, 404);
    assert!(missing.text().contains("kind-404"), "the site's own page");
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"] {
        assert_eq!(server.ask(method, "/", &[]).status, 405, "{method}");
    }
    let head = server.ask("HEAD", "/", &[]);
    assert_eq!((head.status, head.body.len()), (200, 0));
    let moved = server.get("/practices?x=1");
    assert_eq!((moved.status, moved.header("location")), (301, Some("/practices/?x=1")));
    assert_eq!(server.get("//evil.example/%2e%2e").status, 404);
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let server = Server::new(&[]);
    let secret = server.root().join("secret.svg");
    std::fs::write(&secret, "<svg>secret</svg>").expect("written");
    server.write("news/dot.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    server.write("news/dotted.md", "---\ntitle: Dotted\nsummary: One.\n---\n![A dot](dot.svg)\n");
    let page = server.wait_for("/news/dotted/", "/news/dot.").text();
    let at = page.find("/news/dot.").expect("the picture");
    let url = page[at..].split('"').next().expect("its address");
    assert_eq!(server.get(url).status, 200);
    std::fs::remove_file(server.content("news/dot.svg")).expect("removed");
    std::os::unix::fs::symlink(&secret, server.content("news/dot.svg")).expect("linked");
    assert_ne!(server.get(url).status, 200);
    server.wait(url, |reply| reply.status == 404);
}

#[test]
fn other_names_than_its_own_get_nothing() {
    let server = Server::new(&[]);
    for (host, status) in [
        ("localhost", 200),
        ("LOCALHOST:1", 200),
        ("127.0.0.1:4000", 200),
        ("[::1]:4000", 200),
        ("192.168.1.7", 200),
        ("evil.example", 403),
        ("evil.example:80", 403),
        ("127.0.0.1.evil.example", 403),
        ("localhost.evil.example", 403),
        ("", 403),
    ] {
        assert_eq!(server.ask("GET", "/", &[&format!("Host: {host}")]).status, status, "{host:?}");
    }
    let none = server.raw(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
    assert!(matches!(none.status, 400 | 403), "{}", none.head);
}

#[test]
fn files_have_their_types_and_pages_their_policy() {
    let server = Server::new(&[]);
    let page = server.get("/");
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(policy.starts_with("default-src 'self'"), "{policy}");
    for (path, media) in [
        ("/", "text/html; charset=utf-8"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/sitemap.xml", "application/xml"),
        ("/feed.xml", "application/atom+xml"),
        ("/site.webmanifest", "application/manifest+json"),
        ("/-/live.js", "text/javascript; charset=utf-8"),
    ] {
        let reply = server.get(path);
        assert_eq!((reply.status, reply.header("content-type")), (200, Some(media)), "{path}");
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{path}");
    }
}

#[test]
fn a_thousand_slow_clients_do_not_stall_it() {
    let server = Server::new(&[]);
    server.get("/");
    // Silent ones, some that send half of a request, and some that never read.
    let mut held: Vec<TcpStream> = Vec::new();
    for number in 0..1000 {
        let mut stream = server.connect();
        let _ = stream.set_write_timeout(Some(Duration::from_millis(50)));
        match number % 20 {
            0..10 => {}
            10..19 => {
                let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: local");
            }
            _ => {
                let asks = (0..200).map(|_| stream.write_all(GET));
                let _ = asks.take_while(Result::is_ok).count();
            }
        }
        held.push(stream);
    }
    let began = Instant::now();
    assert_eq!(server.get("/").status, 200);
    assert!(began.elapsed() < LIMIT / 4, "{:?}", began.elapsed());
}

/// `EXEMPLA_BURST` says how many requests; 5,000 show what matters.
#[test]
fn a_burst_of_requests_does_not_make_it_grow() {
    let server = Server::new(&[]);
    let wanted = std::env::var("EXEMPLA_BURST").ok().and_then(|n| n.parse().ok()).unwrap_or(5_000);
    // Four clients that each have a few requests under way at any time.
    let burst = |wanted: usize| {
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| ask_again_and_again(server.connect(), wanted / 4));
            }
        });
        memory(server.process())
    };
    let before = burst(1_000);
    let began = Instant::now();
    let after = burst(wanted);
    println!(
        "{wanted} requests in {:.1?}: {before:?} kB before, {after:?} kB after",
        began.elapsed()
    );
    assert_eq!(server.get("/").status, 200);
    if let (Some(before), Some(after)) = (before, after) {
        assert!(after < before + 16 * 1024, "it grew from {before} to {after} kB");
    }
}

const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
const HEAD: &[u8] = b"HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// Sends requests, eight at once, and counts the answers to them.
fn ask_again_and_again(mut stream: TcpStream, times: usize) {
    let mut answers = BufReader::new(stream.try_clone().expect("the same stream"));
    let mut line = String::new();
    for _ in 0..times.div_ceil(8) {
        stream.write_all(&HEAD.repeat(8)).expect("sent");
        let mut left = 8;
        while left > 0 {
            line.clear();
            assert!(answers.read_line(&mut line).expect("an answer in time") > 0, "it hung up");
            left -= usize::from(line.starts_with("HTTP/1.1 200 "));
        }
    }
}

/// What a process holds in memory, in kB, where the system tells.
fn memory(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_at_once_even_while_pages_listen() {
    let mut server = Server::new(&[]);
    let mut events = server.events();
    events.next(str::is_empty);
    let began = Instant::now();
    let sent =
        std::process::Command::new("kill").args(["-INT", &server.process().to_string()]).status();
    assert!(sent.is_ok_and(|status| status.success()));
    let status = server.ended();
    assert!(status.success(), "{status}");
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}
