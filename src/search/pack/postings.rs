//! Postings and positions: for each stem who has it, how often, and where.
//!
//! A stem's block in a postings shard is its length in bytes, then: the count
//! and numbers of its documents; how many fields it occurs in and for each the
//! field, the count and (if not all) the places of its documents in that list,
//! the frequencies, the bytes of tantivy's field norms; then the *head*: of the
//! [`HEAD`] best documents the places (if there are more) and the cards, so that
//! most queries need no other request. A block in a positions shard is its
//! length, then field by field and document by document all positions.

use super::super::index::{Index, SearchedField};
use super::super::parts::Part;
use super::super::{Error, excerpt};
use super::bytes::{Payload, Sealer, cut};
use super::cards;
use rayon::prelude::*;
use std::sync::Arc;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::{Postings, TermInfo};
use tantivy::query::Bm25Weight;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, TERMINATED, TantivyError};

/// Cards that travel with a stem.
pub const HEAD: usize = 24;
/// Bytes of a postings shard before compression, at least.
const LEAST: usize = 7_000;
/// Bytes of a positions shard before compression, at least.
const LEAST_POSITIONS: usize = 5_000;

/// One field's occurrences of a stem, by document ordinal.
struct List {
    field: usize,
    documents: Vec<u32>,
    frequencies: Vec<u32>,
    norms: Vec<u8>,
    /// Those of all documents in turn, each as many as its frequency.
    positions: Vec<u32>,
}

impl List {
    /// The positions of each document, in their order.
    fn places(&self) -> impl Iterator<Item = &[u32]> {
        let mut rest = &*self.positions;
        self.frequencies.iter().map(move |&frequency| {
            let (own, others) = rest.split_at(frequency as usize);
            rest = others;
            own
        })
    }
}

/// A card to be written: the document, and where its passage is.
struct Card {
    document: u32,
    /// Which of the body's words is the first occurrence.
    position: Option<u32>,
    /// Where that word begins in the body.
    start: Option<usize>,
}

/// What is known of a stem before its cards are written.
struct Stem {
    block: Payload,
    positions: Payload,
    cards: Vec<Card>,
}

/// A shard with the blocks of consecutive stems.
pub struct Run {
    /// The first stem.
    pub first: u32,
    /// How many.
    pub count: u32,
    /// The checksum that is the shard's name.
    pub name: u32,
}

/// The shards for the stems of one shard of the dictionary.
#[derive(Default)]
pub struct Group {
    /// The shards of their postings.
    pub postings: Vec<Run>,
    /// The shards of their positions.
    pub positions: Vec<Run>,
}

/// Writes both kinds of shards, apart for the stems from each base to the next.
/// Passages are most of a pack: no more of them are held than one group has.
pub fn export(
    index: &Index,
    types: &[&str],
    bases: &[u32],
    sealer: &mut Sealer<'_>,
) -> Result<Vec<Group>, Error> {
    let count = u32::try_from(index.stems().len()).unwrap_or(u32::MAX);
    let fields = FieldPostings::all(index)?;
    let stem = |stem| {
        let lists = fields.iter().filter_map(|field| field.read(index, stem).transpose());
        Ok(encode(index, &lists.collect::<Result<Vec<List>, Error>>()?))
    };
    let mut stems: Vec<Stem> =
        (0..count).into_par_iter().map(stem).collect::<Result<_, Error>>()?;
    drop(fields);
    find_passages(index, &mut stems);
    let mut stems = stems.into_iter();
    let mut groups = Vec::with_capacity(bases.len());
    for (at, &base) in bases.iter().enumerate() {
        let end = bases.get(at + 1).copied().unwrap_or(count);
        let own: Vec<Stem> = stems.by_ref().take((end - base) as usize).collect();
        let (blocks, places): (Vec<Payload>, Vec<Payload>) =
            own.into_par_iter().map(|stem| with_cards(index, types, stem)).unzip();
        groups.push(Group {
            postings: shards(index, base, &blocks, LEAST, sealer),
            positions: shards(index, base, &places, LEAST_POSITIONS, sealer),
        });
    }
    Ok(groups)
}

/// Puts the blocks of consecutive stems together.
fn shards(
    index: &Index,
    base: u32,
    blocks: &[Payload],
    least: usize,
    sealer: &mut Sealer<'_>,
) -> Vec<Run> {
    let stems = &index.stems()[base as usize..];
    let sizes = stems.iter().zip(blocks).map(|(stem, block)| (&**stem, block.0.len()));
    let counts = cut(sizes, least);
    let mut rest = blocks;
    let payloads = counts.iter().map(|&count| {
        let (own, after) = rest.split_at(count);
        rest = after;
        let mut payload = Payload::shard();
        for block in own {
            payload.length(block.0.len());
            payload.0.extend_from_slice(&block.0);
        }
        payload
    });
    let names = sealer.seal(payloads.collect());
    let mut first = base;
    let run = |(count, name)| {
        let count = count as u32;
        first += count;
        Run { first: first - count, count, name }
    };
    counts.into_iter().zip(names).map(run).collect()
}

/// A searched field, with what leads to the postings of its stems.
struct FieldPostings {
    field: usize,
    /// By part of the index.
    readers: Vec<Reader>,
    /// By stem and part, ascending.
    terms: Vec<StemOfPart>,
}

/// What reads the postings of a part.
type Reader = (FieldNormReader, Arc<InvertedIndexReader>);

/// A stem of a part.
#[derive(Clone)]
struct StemOfPart {
    stem: u32,
    part: usize,
    info: TermInfo,
}

impl FieldPostings {
    fn all(index: &Index) -> Result<Vec<Self>, Error> {
        let of_field = |(field, searched): (usize, &SearchedField)| {
            let parts = index.parts().par_iter().enumerate();
            let parts: Vec<(Reader, Vec<StemOfPart>)> = parts
                .map(|(at, part)| Self::of_part(index, searched, at, part))
                .collect::<Result<_, Error>>()?;
            let (readers, terms): (Vec<Reader>, Vec<Vec<StemOfPart>>) = parts.into_iter().unzip();
            let mut terms = terms.concat();
            // Each part's stand in order already, which this sort makes use of.
            terms.sort_by_key(|term| term.stem);
            Ok(Self { field, readers, terms })
        };
        index.fields().par_iter().enumerate().map(of_field).collect()
    }

    /// Looks up the stems of a part in one go: both stand in the order of their bytes.
    fn of_part(
        index: &Index,
        searched: &SearchedField,
        at: usize,
        part: &Part,
    ) -> Result<(Reader, Vec<StemOfPart>), Error> {
        let norms = part.segment.get_fieldnorms_reader(searched.handle)?;
        let inverted = part.segment.inverted_index(searched.handle)?;
        let mut terms = Vec::new();
        let mut stems = (0u32..).zip(index.stems()).peekable();
        let mut known = inverted.terms().stream().map_err(TantivyError::from)?;
        while let Some((term, info)) = known.next() {
            while stems.next_if(|(_, stem)| stem.as_bytes() < term).is_some() {}
            if let Some((stem, _)) = stems.next_if(|(_, stem)| stem.as_bytes() == term) {
                terms.push(StemOfPart { stem, part: at, info: info.clone() });
            }
        }
        drop(known);
        Ok(((norms, inverted), terms))
    }

    /// Reads a stem's postings out of tantivy, if it has some in this field.
    fn read(&self, index: &Index, stem: u32) -> Result<Option<List>, Error> {
        let from = self.terms.partition_point(|term| term.stem < stem);
        let terms = self.terms[from..].iter().take_while(|term| term.stem == stem);
        let count = terms.clone().map(|term| term.info.doc_freq as usize).sum();
        if count == 0 {
            return Ok(None);
        }
        let mut list = List {
            field: self.field,
            documents: Vec::with_capacity(count),
            frequencies: Vec::with_capacity(count),
            norms: Vec::with_capacity(count),
            positions: Vec::new(),
        };
        for term in terms {
            let first = index.parts()[term.part].first;
            let (norms, inverted) = &self.readers[term.part];
            let option = IndexRecordOption::WithFreqsAndPositions;
            let found = inverted.read_postings_from_terminfo(&term.info, option);
            let mut postings = found.map_err(TantivyError::from)?;
            while postings.doc() != TERMINATED {
                postings.append_positions_with_offset(0, &mut list.positions);
                list.documents.push(first + postings.doc());
                list.frequencies.push(postings.term_freq());
                list.norms.push(norms.fieldnorm_id(postings.doc()));
                postings.advance();
            }
        }
        Ok(Some(list))
    }
}

fn encode(index: &Index, lists: &[List]) -> Stem {
    let mut all: Vec<u32> = lists.iter().flat_map(|list| &list.documents).copied().collect();
    all.sort_unstable();
    all.dedup();
    let mut block = Payload::default();
    block.length(all.len());
    block.ascending(all.iter().map(|&document| index.numbers()[document as usize]));
    block.length(lists.len());
    let mut positions = Payload::default();
    for list in lists {
        block.length(list.field);
        block.length(list.documents.len());
        if list.documents.len() < all.len() {
            block.ascending(ranks(&list.documents, &all).map(|rank| rank as u32));
        }
        list.frequencies.iter().for_each(|&frequency| block.number(frequency));
        block.0.extend_from_slice(&list.norms);
        list.places().for_each(|own| positions.ascending(own.iter().copied()));
    }
    let head = head(index, lists, &all);
    if head.len() < all.len() {
        block.ascending(ranks(&head, &all).map(|rank| rank as u32));
    }
    let body = lists.iter().find(|list| index.fields()[list.field].name == "body");
    let firsts: Vec<Option<u32>> =
        body.into_iter().flat_map(List::places).map(|own| own.first().copied()).collect();
    let card = |document| {
        let at = body.and_then(|list| list.documents.binary_search(&document).ok());
        Card { document, position: at.and_then(|at| firsts[at]), start: None }
    };
    Stem { block, positions, cards: head.into_iter().map(card).collect() }
}

/// Where each of some documents stands among others that have them all; both ascend.
fn ranks(documents: &[u32], all: &[u32]) -> impl Iterator<Item = usize> {
    let mut from = 0;
    documents.iter().map(move |document| {
        // Mostly it is the next.
        if all[from] != *document {
            from += all[from..].partition_point(|other| other < document);
        }
        from += 1;
        from - 1
    })
}

/// The documents that a query for this stem alone ranks first, by ordinal.
fn head(index: &Index, lists: &[List], all: &[u32]) -> Vec<u32> {
    if all.len() <= HEAD {
        return all.to_vec();
    }
    let documents = index.documents().len() as u64;
    let mut scores = vec![0.0f32; all.len()];
    for list in lists {
        let field = &index.fields()[list.field];
        let average = field.tokens as f32 / documents as f32;
        let frequency = list.documents.len() as u64;
        let weight = Bm25Weight::for_one_term_without_explain(frequency, documents, average)
            .boost_by(field.boost);
        for (at, rank) in ranks(&list.documents, all).enumerate() {
            scores[rank] += weight.score(list.norms[at], list.frequencies[at]);
        }
    }
    let mut ranked: Vec<usize> = (0..all.len()).collect();
    ranked.select_nth_unstable_by(HEAD, |a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
    ranked.truncate(HEAD);
    ranked.sort_unstable();
    ranked.into_iter().map(|place| all[place]).collect()
}

/// Finds where the passages of all cards are, document by document.
fn find_passages(index: &Index, stems: &mut [Stem]) {
    let mut cards: Vec<&mut Card> = stems.iter_mut().flat_map(|stem| &mut stem.cards).collect();
    cards.par_sort_unstable_by_key(|card| card.document);
    cards.par_chunk_by_mut(|a, b| a.document == b.document).for_each(|own| {
        let starts: Vec<usize> = index.starts(own[0].document).collect();
        for card in own {
            card.start = card.position.and_then(|position| starts.get(position as usize).copied());
        }
    });
}

/// The blocks of a stem, complete.
fn with_cards(index: &Index, types: &[&str], stem: Stem) -> (Payload, Payload) {
    let mut block = stem.block;
    for card in stem.cards {
        let document = &index.documents()[card.document as usize];
        let passage = match card.start {
            Some(start) => excerpt::passage(&document.body, excerpt::around(&document.body, start)),
            None => cards::opening(document),
        };
        cards::card(&mut block, types, document, &passage);
    }
    (block, stem.positions)
}
