//! Exempla turns a folder of Markdown entries about good practices into a
//! searchable static site. This page is the map of the house.
//!
//! The rooms stand in the order in which the data passes through them, and a
//! room imports only rooms that stand before it (`tests/architecture.rs` holds
//! that): `schema` and `config` say what an entry is; `markdown` and
//! `content` read entries; `model` joins them; everything after it only looks.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod diagnostic;
pub mod trace;
pub mod shelf;
pub mod raw;
pub mod schema;
pub mod markdown;
pub mod pictures;
pub mod config;
pub mod content;
pub mod model;
pub mod check;
pub mod render;
pub mod search;
pub mod exports;
pub mod output;
pub mod build;
pub mod serve;
pub mod cli;
