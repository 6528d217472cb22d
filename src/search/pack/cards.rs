//! Cards: the small part of an entry that a list of hits shows.
//!
//! A card is a type (its position in the manifest's list), then four strings:
//! id, URL, title, and a text: beside a term the passage around it, in a block
//! the entry's summary or the beginning of its body.

use super::super::index::Index;
use super::super::{Document, excerpt};
use super::bytes::{Payload, Sealer, names};

/// A block holds the cards of so many consecutive numbers.
pub const BLOCK: u32 = 32;

/// The types of an index's documents, in alphabetical order.
pub fn types(index: &Index) -> Vec<&str> {
    let mut types: Vec<&str> =
        index.documents().iter().map(|document| &*document.type_id).collect();
    types.sort_unstable();
    types.dedup();
    types
}

/// Adds a card.
pub fn card(payload: &mut Payload, types: &[&str], document: &Document, text: &str) {
    payload.length(types.binary_search(&&*document.type_id).unwrap_or(0));
    payload.string(&document.id);
    payload.string(&document.url);
    payload.string(&document.title);
    payload.string(text);
}

/// What stands under a title when no passage is at hand.
pub fn opening(document: &Document) -> String {
    if document.summary.is_empty() {
        excerpt::passage(&document.body, excerpt::around(&document.body, 0))
    } else {
        document.summary.clone()
    }
}

/// All cards by number, [`BLOCK`] numbers a shard; returns the shards' names.
pub fn blocks(index: &Index, types: &[&str], sealer: &mut Sealer<'_>) -> String {
    let mut shards = Vec::new();
    let mut entries = index.numbers().iter().zip(index.documents()).peekable();
    while entries.peek().is_some() {
        let first = u32::try_from(shards.len()).unwrap_or(u32::MAX).saturating_mul(BLOCK);
        let mut own = Vec::new();
        while let Some(entry) = entries.next_if(|(number, _)| **number - first < BLOCK) {
            own.push(entry);
        }
        let mut shard = Payload::shard();
        shard.length(own.len());
        shard.ascending(own.iter().map(|(number, _)| **number - first));
        for (_, document) in own {
            card(&mut shard, types, document, &opening(document));
        }
        shards.push(shard);
    }
    names(&sealer.seal(shards))
}
