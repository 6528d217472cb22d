//! From a query taken apart to queries that tantivy understands.
//!
//! Enters: an [`Index`] and a [`Query`]. Leaves: [`Resolved`]. Words become
//! boosted stems, each sought in every field; what must not match stays apart.

use super::index::Index;
use super::pieces::Kind;
use super::query::{Help, Query, Token};
use std::ops::Range;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur, PhraseQuery,
    Query as Clause, TermQuery,
};
use tantivy::schema::IndexRecordOption;

/// Readings of a phrase whose words have several stems; more are not tried.
pub const MOST_READINGS: usize = 8;

/// A query in terms of an index.
pub struct Resolved {
    /// What must or may match.
    pub query: Box<dyn Clause>,
    /// What must not match.
    pub excluded: Box<dyn Clause>,
    /// Stems whose words are marked in excerpts.
    pub stems: Vec<u32>,
    /// The line with unknown words replaced.
    pub suggestion: Option<String>,
    /// What is odd, besides what the line itself shows.
    pub help: Vec<Help>,
}

/// Says what a line means to an index; `typing` that its last word may go on.
pub fn resolve(index: &Index, text: &str, query: &Query, typing: bool) -> Resolved {
    let mut clauses: Vec<(Occur, Box<dyn Clause>)> = Vec::new();
    let mut instead: Vec<(Range<usize>, &str)> = Vec::new();
    let mut boosts: Vec<(u32, f32)> = Vec::new();
    let mut help = Vec::new();
    let end = query.words.last().map_or(0, |last| last.end);
    let mean = |token: &Token| {
        let open = typing && query.open && token.end == end;
        index.words().resolve(&token.text, token.kind, open)
    };
    let meanings: Vec<_> = query.words.iter().map(mean).collect();
    for (at, token) in query.words.iter().enumerate() {
        if is_told(&query.words, at, |other| !meanings[other].stems.is_empty()) {
            continue;
        }
        let meaning = &meanings[at];
        // Another ending of a known word is found as it stands.
        let slip = meaning.instead.filter(|_| meaning.stems.iter().all(|(_, boost)| *boost < 1.0));
        instead.extend(slip.map(|word| (token.start..token.end, word)));
        for &(stem, boost) in &meaning.stems {
            match boosts.iter_mut().find(|(known, _)| *known == stem) {
                Some((_, sum)) => *sum += boost,
                None => boosts.push((stem, boost)),
            }
        }
    }
    // What most entries have is left out, unless there is nothing else to find.
    let rare = |(stem, _): &(u32, f32)| index.common().binary_search(stem).is_err();
    if boosts.iter().any(rare) {
        boosts.retain(rare);
    }
    for &(stem, boost) in &boosts {
        clauses.extend(anywhere(index, &[stem], boost).map(|query| (Occur::Should, query)));
    }
    let mut stems: Vec<u32> = boosts.iter().map(|(stem, _)| *stem).collect();
    for phrase in &query.phrases {
        let readings = readings(index, phrase);
        if readings.is_empty() {
            help.push(Help::UnknownInPhrase);
            for token in phrase {
                if token.kind == Kind::Compound {
                    continue;
                }
                let meaning = index.words().resolve(&token.text, token.kind, false);
                instead.extend(meaning.instead.map(|word| (token.start..token.end, word)));
            }
        }
        let any: Vec<_> =
            readings.iter().flat_map(|reading| anywhere(index, reading, 1.0)).collect();
        stems.extend(readings.into_iter().flatten());
        clauses.push((Occur::Must, Box::new(BooleanQuery::union(any))));
    }
    if clauses.is_empty() {
        let asked = !query.words.is_empty() || query.help.contains(&Help::NothingToSearch);
        let every: Box<dyn Clause> = if asked { Box::new(EmptyQuery) } else { Box::new(AllQuery) };
        clauses.push((Occur::Must, Box::new(ConstScoreQuery::new(every, 0.0))));
    }
    let excluded = query.excluded.iter().flat_map(|phrase| readings(index, phrase));
    let excluded = excluded.flat_map(|reading| anywhere(index, &reading, 1.0).collect::<Vec<_>>());
    let excluded = Box::new(BooleanQuery::union(excluded.collect()));
    instead.sort_by_key(|(range, _)| range.start);
    let mut mended = text.to_string();
    for (range, word) in instead.iter().rev() {
        mended.replace_range(range.clone(), word);
    }
    let suggestion = (!instead.is_empty()).then_some(mended);
    Resolved { query: Box::new(BooleanQuery::new(clauses)), excluded, stems, suggestion, help }
}

/// Whether a compound beside a short word says all that is asked: nobody who looks for
/// e-mail looks for the letter e.
fn is_told(words: &[Token], at: usize, known: impl Fn(usize) -> bool) -> bool {
    let is_compound = |other: usize| {
        words.get(other).is_some_and(|word| {
            word.kind == Kind::Compound
                && word.start <= words[at].start
                && words[at].end <= word.end
                && known(other)
        })
    };
    let own = &words[at];
    own.kind == Kind::Word
        && own.text.chars().count() <= 2
        && [at.wrapping_sub(1), at + 1].into_iter().any(is_compound)
}

/// The stems in order that a phrase may stand for; none if a word is unknown.
fn readings(index: &Index, phrase: &[Token]) -> Vec<Vec<u32>> {
    let mut readings = Vec::new();
    for way in ways(phrase) {
        let mut own: Vec<Vec<u32>> = vec![Vec::new()];
        for token in way {
            let stems = index.words().find(&token.text).map_or(&[][..], |word| &word.stems);
            own = own
                .iter()
                .flat_map(|before| stems.iter().map(|stem| [&before[..], &[*stem]].concat()))
                .take(MOST_READINGS)
                .collect();
        }
        readings.extend(own);
    }
    readings.truncate(MOST_READINGS);
    readings
}

/// The ways to say a phrase: with the two words that make a compound, or with the compound.
fn ways(phrase: &[Token]) -> Vec<Vec<&Token>> {
    let mut ways: Vec<Vec<&Token>> = vec![Vec::new()];
    for token in phrase {
        if token.kind != Kind::Compound {
            // The second word of a compound is told by the compound.
            let told = |way: &Vec<&Token>| way.last().is_some_and(|last| last.end == token.end);
            ways.iter_mut().filter(|way| !told(way)).for_each(|way| way.push(token));
            continue;
        }
        let joined = ways.iter().map(|way| {
            let apart = way.len().saturating_sub(1);
            way[..apart].iter().copied().chain([token]).collect()
        });
        let joined: Vec<_> = joined.collect();
        ways.extend(joined);
        ways.truncate(MOST_READINGS);
    }
    ways
}

/// Queries for one stem, or several in a row, one for each field that has them.
fn anywhere(index: &Index, stems: &[u32], boost: f32) -> impl Iterator<Item = Box<dyn Clause>> {
    index.fields().iter().map(move |field| {
        let mut terms: Vec<_> = stems.iter().map(|&stem| index.term(field, stem)).collect();
        let query: Box<dyn Clause> = match terms.pop() {
            None => Box::new(EmptyQuery),
            Some(term) if terms.is_empty() => {
                Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
            }
            Some(last) => {
                terms.push(last);
                Box::new(PhraseQuery::new(terms))
            }
        };
        Box::new(BoostQuery::new(query, field.boost * boost)) as Box<dyn Clause>
    })
}
