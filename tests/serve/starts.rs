//! How it starts: where it listens, and what it says of that.

use super::server::{LIMIT, Server};

#[test]
fn a_taken_port_is_passed_over_and_that_is_said() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("its address").port();
    let server = Server::new(&["--port", &port.to_string()]);
    assert_ne!(server.port, port);
    assert_eq!(server.get("/").status, 200);
    let note = format!("note: port {port} is taken; this is {}", server.port);
    assert!(server.said.contains(&note), "{:?}", server.said);
}

#[test]
fn whoever_lets_others_in_is_warned() {
    let warned =
        |server: &Server| server.said.iter().any(|line| line.starts_with("warning: everyone"));
    let server = Server::new(&["--host", "0.0.0.0"]);
    assert!(warned(&server), "{:?}", server.said);
    assert_eq!(server.get("/").status, 200);
    assert!(!warned(&Server::new(&[])), "only then");
}

#[cfg(target_os = "linux")]
#[test]
fn the_browser_is_opened_at_the_address() {
    use std::os::unix::fs::PermissionsExt;
    let programs = tempfile::TempDir::new().expect("a temporary folder");
    let (browser, opened) = (programs.path().join("xdg-open"), programs.path().join("opened"));
    let script = format!("#!/bin/sh\necho \"$1\" >'{}'\n", opened.display());
    std::fs::write(&browser, script).expect("a script");
    std::fs::set_permissions(&browser, std::fs::Permissions::from_mode(0o755)).expect("a program");
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    super::built::copy(&super::built::test_site("fictional"), folder.path());
    let server = Server::with_path(folder, &["--open"], Some(programs.path()));
    let began = std::time::Instant::now();
    let address = loop {
        let address = std::fs::read_to_string(&opened).unwrap_or_default();
        if address.ends_with('\n') {
            break address;
        }
        assert!(began.elapsed() < LIMIT, "no browser was opened");
        std::thread::sleep(std::time::Duration::from_millis(5));
    };
    assert_eq!(address.trim(), format!("http://127.0.0.1:{}/", server.port));
}
