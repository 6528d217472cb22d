//! Plural categories of whole numbers.
//!
//! Enters: a language tag and a count. Leaves: the name of the category whose
//! UI text fits. The rules are those of Unicode CLDR for integers (cardinals of
//! the languages of the European Union and its neighbours); any other language
//! is taken to tell one from many.

/// The category of `n` in a language: `zero`, `one`, `two`, `few`, `many` or `other`.
pub fn category(lang: &str, n: u64) -> &'static str {
    let (tens, hundreds) = (n % 10, n % 100);
    let teens = (11..=19).contains(&hundreds);
    match lang.split(['-', '_']).next().unwrap_or(lang) {
        "ja" | "ko" | "zh" | "vi" | "th" | "id" | "ms" => "other",
        "fr" => romance(n, n <= 1),
        "pt" if lang != "pt-PT" => romance(n, n <= 1),
        "ca" | "es" | "it" | "pt" => romance(n, n == 1),
        "hy" => one(n <= 1),
        "is" | "mk" => one(tens == 1 && hundreds != 11),
        "cs" | "sk" => match n {
            1 => "one",
            2..=4 => "few",
            _ => "other",
        },
        "pl" => match (n, tens) {
            (1, _) => "one",
            (_, 2..=4) if !(12..=14).contains(&hundreds) => "few",
            _ => "many",
        },
        "hr" | "sr" | "bs" => slavic(tens, hundreds, "other"),
        "ru" | "uk" | "be" => slavic(tens, hundreds, "many"),
        "sl" => match hundreds {
            1 => "one",
            2 => "two",
            3 | 4 => "few",
            _ => "other",
        },
        "lt" => match tens {
            1 if !teens => "one",
            2..=9 if !teens => "few",
            _ => "other",
        },
        "lv" => match tens {
            0 => "zero",
            _ if teens => "zero",
            1 => "one",
            _ => "other",
        },
        "ro" => match n {
            1 => "one",
            _ if n == 0 || (1..=19).contains(&hundreds) => "few",
            _ => "other",
        },
        "ga" => match n {
            1 => "one",
            2 => "two",
            3..=6 => "few",
            7..=10 => "many",
            _ => "other",
        },
        "mt" => match n {
            1 => "one",
            2 => "two",
            _ if n == 0 || (3..=10).contains(&hundreds) => "few",
            _ if teens => "many",
            _ => "other",
        },
        "ar" => match n {
            0 => "zero",
            1 => "one",
            2 => "two",
            _ if (3..=10).contains(&hundreds) => "few",
            _ if hundreds >= 11 => "many",
            _ => "other",
        },
        "he" => match n {
            1 => "one",
            2 => "two",
            _ => "other",
        },
        _ => one(n == 1),
    }
}

fn one(is_one: bool) -> &'static str {
    if is_one { "one" } else { "other" }
}

/// Whole millions are counted apart: "un million *de* fiches".
fn romance(n: u64, is_one: bool) -> &'static str {
    if n != 0 && n.is_multiple_of(1_000_000) { "many" } else { one(is_one) }
}

fn slavic(tens: u64, hundreds: u64, rest: &'static str) -> &'static str {
    match tens {
        1 if hundreds != 11 => "one",
        2..=4 if !(12..=14).contains(&hundreds) => "few",
        _ => rest,
    }
}

#[cfg(test)]
mod tests {
    use super::category;

    #[test]
    fn counts_fall_into_the_categories_of_their_language() {
        for (lang, n, expected) in [
            ("en", 0, "other"),
            ("en-GB", 1, "one"),
            ("it", 2, "other"),
            ("it", 2_000_000, "many"),
            ("es", 1, "one"),
            ("es", 1_000_000, "many"),
            ("es", 1_000_001, "other"),
            ("fr", 0, "one"),
            ("fr", 2, "other"),
            ("fr", 3_000_000, "many"),
            ("de", 1, "one"),
            ("de", 0, "other"),
            ("pt", 0, "one"),
            ("pt-PT", 0, "other"),
            ("pl", 22, "few"),
            ("pl", 12, "many"),
            ("pl", 21, "many"),
            ("uk", 21, "one"),
            ("hr", 25, "other"),
            ("sl", 102, "two"),
            ("lt", 11, "other"),
            ("lt", 21, "one"),
            ("lv", 10, "zero"),
            ("lv", 11, "zero"),
            ("lv", 21, "one"),
            ("lv", 111, "zero"),
            ("lv", 2, "other"),
            ("lv", 0, "zero"),
            ("ro", 0, "few"),
            ("ro", 20, "other"),
            ("ga", 8, "many"),
            ("mt", 111, "many"),
            ("ar", 111, "many"),
            ("ar", 100, "other"),
            ("ja", 1, "other"),
        ] {
            assert_eq!(category(lang, n), expected, "{n} in {lang}");
        }
    }
}
