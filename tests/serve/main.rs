//! The program's server, asked over a loopback port as a browser would.

#[path = "../built/mod.rs"]
mod built;
mod edits;
mod follows;
mod safety;
mod server;
mod starts;
