//! Requests over HTTP/1.1, with bounds on what a client may hold.
//!
//! Enters: a listening socket. Leaves: answers to GET and HEAD, from the names
//! that belong to this server only: a page elsewhere that has its own name
//! lead here (DNS rebinding) gets nothing.

use super::answer::{Reply, answer};
use super::body::Body;
use super::guests::{Guest, Guests};
use super::live::Live;
use hyper::body::Incoming;
use hyper::header::{HOST, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode, header};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How long a client may take to send the head of a request.
const HEAD_TIME: Duration = Duration::from_secs(20);
/// Bytes of a connection's buffers.
const BUFFER: usize = 32 << 10;
/// Threads that make answers.
const THREADS: usize = 4;

/// The names under which the server may be asked.
#[derive(Debug, Clone)]
pub(super) struct Hosts {
    own: Arc<str>,
}

impl Hosts {
    pub fn new(own: &str) -> Self {
        Self { own: own.to_ascii_lowercase().into() }
    }
}

/// Whether a `Host` header is of this server: a loopback name, a bare address
/// (which no name server can make up), or the server's own name.
pub fn allowed_host(header: &str, own: &str) -> bool {
    let name = match header.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map_or("", |(address, _)| address),
        None => header.split_once(':').map_or(header, |(name, _)| name),
    };
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix('.').unwrap_or(&name);
    name == "localhost"
        || name.ends_with(".localhost")
        || name == own
        || name.parse::<IpAddr>().is_ok()
}

/// Answers requests until the process is interrupted.
pub(super) fn listen(listener: TcpListener, live: Arc<Live>, hosts: Hosts) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(THREADS)
        .enable_all()
        .build()?;
    let accept = async move {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        tokio::select! {
            result = accept(listener, live, hosts) => result,
            _ = tokio::signal::ctrl_c() => Ok(()),
        }
    };
    let result = runtime.block_on(accept);
    // Nobody is waited for.
    runtime.shutdown_background();
    result
}

async fn accept(
    listener: tokio::net::TcpListener,
    live: Arc<Live>,
    hosts: Hosts,
) -> io::Result<()> {
    let guests = Arc::new(Guests::default());
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let guest = guests.admit();
                // Small answers go out at once.
                let _ = stream.set_nodelay(true);
                let guests = Arc::clone(&guests);
                tokio::spawn(attend(stream, guests, guest, Arc::clone(&live), hosts.clone()));
            }
            Err(_) => {
                // Too many open files, or a client that gave up: both pass.
                guests.make_room();
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    }
}

/// Attends to one connection until it ends.
async fn attend(
    stream: tokio::net::TcpStream,
    guests: Arc<Guests>,
    guest: Arc<Guest>,
    live: Arc<Live>,
    hosts: Hosts,
) {
    let service = service_fn(|request| {
        guests.hear(&guest);
        let (live, hosts, guest) = (Arc::clone(&live), hosts.clone(), Arc::clone(&guest));
        async move {
            guest.busy.store(true, Ordering::Relaxed);
            let response = respond(request, live, &hosts).await;
            guest.busy.store(false, Ordering::Relaxed);
            Ok::<_, Infallible>(response)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        _ = connection => {}
        () = guest.asked_to_leave() => {}
    }
    Guests::left(&guest);
}

async fn respond(request: Request<Incoming>, live: Arc<Live>, hosts: &Hosts) -> Response<Body> {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    if !host.is_some_and(|host| allowed_host(host, &hosts.own)) {
        return response(Reply::text(
            StatusCode::FORBIDDEN,
            "This server answers under its own name only: open it as localhost, or name the host with --host.\n",
        ));
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut refused =
            response(Reply::text(StatusCode::METHOD_NOT_ALLOWED, "Only GET and HEAD.\n"));
        refused.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return refused;
    }
    let uri = request.uri().clone();
    if uri.path() == "/-/events" {
        return response(Reply::events(live.listen()));
    }
    let made = tokio::task::spawn_blocking(move || answer(&live, uri.path(), uri.query()));
    response(made.await.unwrap_or_else(|_| {
        Reply::text(
            StatusCode::INTERNAL_SERVER_ERROR,
            "This is a fault of Exempla: please report it.\n",
        )
    }))
}

fn response(reply: Reply) -> Response<Body> {
    let mut response = Response::new(reply.body);
    *response.status_mut() = reply.status;
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_TYPE, reply.media),
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    for (name, value) in reply.headers {
        // A value that no header can carry is left out.
        if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
            headers.insert(name, value);
        }
    }
    response
}
