//! Where the words of bodies begin, by document and position, in few bytes.

use super::super::{Document, pieces};

/// The byte at which each word of each body begins.
#[derive(Default)]
pub(super) struct Starts {
    /// Each less the one before it, one number after another as in a pack: seven bits
    /// a byte, the lowest first, the top bit if more follow.
    pub distances: Vec<u8>,
    /// Where the distances of each document end.
    pub ends: Vec<usize>,
}

impl Starts {
    /// Those of some documents.
    pub fn of_all(documents: &[Document]) -> Self {
        let mut starts = Self::default();
        documents.iter().for_each(|document| starts.add(&document.body));
        starts
    }

    /// Adds the body of the next document.
    fn add(&mut self, body: &str) {
        let mut before = 0;
        for start in pieces::starts(body) {
            let mut rest = start - before;
            while rest >= 0x80 {
                self.distances.push(rest as u8 | 0x80);
                rest >>= 7;
            }
            self.distances.push(rest as u8);
            before = start;
        }
        self.ends.push(self.distances.len());
    }

    /// Adds other documents behind these.
    pub fn append(&mut self, more: &Self) {
        let before = self.distances.len();
        self.distances.extend_from_slice(&more.distances);
        self.ends.extend(more.ends.iter().map(|end| before + end));
    }

    /// Those of a document, in the order of its words.
    pub fn of(&self, document: usize) -> impl Iterator<Item = usize> {
        let from = document.checked_sub(1).map_or(0, |before| self.ends[before]);
        let (mut start, mut number, mut shift) = (0, 0, 0);
        self.distances[from..self.ends[document]].iter().filter_map(move |byte| {
            number |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            (*byte < 0x80).then(|| {
                start += std::mem::take(&mut number);
                shift = 0;
                start
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out_document_by_document() {
        let long = format!("one {} two-three", "– ".repeat(9_000));
        let (mut first, mut second) = (Starts::default(), Starts::default());
        let bodies = ["Open data", "", &long, "東京都 x"];
        bodies[..2].iter().for_each(|body| first.add(body));
        bodies[2..].iter().for_each(|body| second.add(body));
        first.append(&second);
        for (at, body) in bodies.iter().enumerate() {
            let starts: Vec<usize> = pieces::starts(body).collect();
            assert_eq!(first.of(at).collect::<Vec<_>>(), starts, "{at}");
        }
        assert_eq!(first.of(2).count(), 3);
    }
}
