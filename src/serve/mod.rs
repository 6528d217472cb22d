//! A site that follows its files: a server for whoever writes it.
//!
//! Enters: a site's folder, what changes in it, and requests from a browser.
//! Leaves: pages, each rendered when it is asked for and kept until its view
//! changes, and word of every change to the pages that are open. Nothing is
//! written to the disk, and no request names a file: what is served is looked
//! up among planned pages and known files.
//!
//! One thread follows the files (`watch`): what it reads goes on a `shelf`,
//! the `keeper` joins it to the site, and `live` holds the site between a
//! writer and many readers. `http` takes requests, `answer` says what is
//! meant by them, `pages` renders; `search` keeps an index beside it all, `gallery` the
//! smaller copies of pictures.

mod answer;
mod body;
mod gallery;
mod guests;
mod http;
mod keeper;
mod live;
mod media;
mod pages;
mod search;
mod shelf;
mod watch;

use crate::config::BaseUrl;
use crate::model::PartialDate;
use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::path::PathBuf;
use std::sync::Arc;

pub use http::allowed_host;

/// What is to be served, and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// The site's folder, absolute.
    pub root: PathBuf,
    /// The name or address that browsers use.
    pub host: String,
    /// The day that the site is built on.
    pub today: PartialDate,
    /// Whether drafts and future entries are shown.
    pub drafts: bool,
}

/// Something to tell whoever started the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// The site is ready, at this address; so many entries, so many pages.
    Ready(String, usize, usize),
    /// There is no sound site yet; it will be at this address.
    Waiting(String),
    /// What editors should know of what they wrote, as text for a terminal.
    Noticed(String),
    /// What is wrong now, as text for a terminal.
    Wrong(String),
    /// Nothing is wrong any more.
    Mended,
    /// Changes cannot be noticed, and why.
    Blind(String),
}

/// Hears the news.
pub type Tell = Arc<dyn Fn(News) + Send + Sync>;

/// How many ports are tried, from the one that is asked for.
const PORTS: u16 = 50;

/// Takes a port: the one asked for, else the next that is free.
pub fn bind(host: &str, port: u16) -> io::Result<(TcpListener, SocketAddr)> {
    let mut failure = None;
    for port in port..=port.saturating_add(PORTS) {
        let addresses: Vec<SocketAddr> = (host, port).to_socket_addrs()?.collect();
        match TcpListener::bind(addresses.as_slice()) {
            Ok(listener) => {
                let address = listener.local_addr()?;
                return Ok((listener, address));
            }
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => failure = Some(error),
            Err(error) => return Err(error),
        }
    }
    Err(failure.unwrap_or_else(|| io::ErrorKind::AddrInUse.into()))
}

/// Serves a site until it is interrupted. Errors are those of the system: a
/// broken site is served too, with what is wrong with it.
pub fn serve(
    options: Options,
    listener: TcpListener,
    address: SocketAddr,
    tell: Tell,
) -> io::Result<()> {
    let origin = match options.host.contains(':') {
        true => format!("http://[{}]:{}", options.host, address.port()),
        false => format!("http://{}:{}", options.host, address.port()),
    };
    let hosts = http::Hosts::new(&options.host);
    let base = BaseUrl::parse(&origin).ok_or(io::ErrorKind::InvalidInput)?;
    let live = Arc::new(live::Live::new(options.root.clone()));
    let keeper = keeper::Keeper::new(options, base, Arc::clone(&live), tell);
    watch::follow(keeper)?;
    search::keep(&live)?;
    gallery::keep(&live)?;
    http::listen(listener, live, hosts)
}
