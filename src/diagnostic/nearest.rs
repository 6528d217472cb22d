//! The nearest allowed spelling of a word, for "did you mean".

/// Picks the candidate closest to `word`, or `None` when all are too far.
///
/// Distance is Damerau-Levenshtein (optimal string alignment) over lower-cased
/// characters; a candidate counts when it differs in at most a third of the
/// longer word, and at least in one place it may always differ. Ties go to the
/// candidate that comes first.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = fold(word);
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let other = fold(candidate);
            let limit = (word.len().max(other.len()) / 3).max(1);
            // Lengths alone can rule a candidate out before any table is filled.
            if word.len().abs_diff(other.len()) > limit {
                return None;
            }
            let distance = distance(&word, &other);
            (distance <= limit).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn fold(word: &str) -> Vec<char> {
    word.to_lowercase().chars().map(|c| if c == '_' || c == ' ' { '-' } else { c }).collect()
}

fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, &from) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &to) in b.iter().enumerate() {
            let mut best =
                (above[j] + usize::from(from != to)).min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && from == b[j - 1] && a[i - 1] == to {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_slip_of_the_finger_and_nothing_far() {
        let keys = ["summary", "countries", "status"];
        assert_eq!(nearest("sumary", keys), Some("summary"));
        assert_eq!(nearest("contries", keys), Some("countries"));
        assert_eq!(nearest("sttaus", keys), Some("status"));
        assert_eq!(nearest("zebra", keys), None);
        assert_eq!(nearest("", keys), None);
    }
}
