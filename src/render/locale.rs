//! How one language of a site says things: UI texts, dates, numbers, plurals.
//!
//! Enters: the tables of a theme's `i18n/*.toml`, nearest first. Leaves: a
//! [`Locale`]. A text that a language lacks falls back to the next language,
//! never to a gap. It knows no time zone and no clock.

use super::plural;
use serde::Deserialize;

/// The texts and formats of one language.
#[derive(Debug, Clone)]
pub struct Locale {
    lang: String,
    texts: toml::Table,
    formats: Formats,
}

/// The part of the UI texts that this module itself reads.
#[derive(Debug, Clone, Deserialize)]
struct Formats {
    date: DateFormats,
    number: NumberFormats,
    answer: Answers,
}

#[derive(Debug, Clone, Deserialize)]
struct DateFormats {
    /// Twelve names, in the form that stands after a day.
    months: Vec<String>,
    /// Twelve names, in the form that stands alone, where that differs.
    months_alone: Option<Vec<String>>,
    /// The first day of a month, which French writes `1er`.
    first: String,
    /// `{day}`, `{month}`, `{year}`.
    long: String,
    /// `{month}`, `{year}`.
    month_year: String,
    /// `{start}`, `{end}`.
    period: String,
    /// `{start}`.
    since: String,
}

#[derive(Debug, Clone, Deserialize)]
struct NumberFormats {
    decimal: String,
    group: String,
    /// `{amount}`, `{currency}`: for a currency with a sign.
    money: String,
    /// `{amount}`, `{currency}`: for a currency that goes by its code.
    money_code: String,
    /// Code to sign.
    signs: toml::Table,
    /// For bytes, thousands, millions and thousand millions of bytes: `{n}`.
    sizes: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Answers {
    yes: String,
    no: String,
}

impl Locale {
    /// Joins the tables of UI texts, nearest first: the language's own in the
    /// site's theme before its parents', then the fallback languages in the same
    /// way. Fails with a plain message if a format is missing or not usable.
    pub fn new(lang: &str, tables: &[&toml::Table]) -> Result<Self, String> {
        let mut texts = toml::Table::new();
        for table in tables {
            fill(&mut texts, table);
        }
        let formats: Formats = texts.clone().try_into().map_err(|e: toml::de::Error| {
            format!("the UI texts for `{lang}` are incomplete: {}", e.message())
        })?;
        let months = std::iter::once(&formats.date.months).chain(&formats.date.months_alone);
        if months.into_iter().any(|names| names.len() != 12) || formats.number.sizes.len() != 4 {
            return Err(format!(
                "the UI texts for `{lang}` need twelve names of months and four sizes"
            ));
        }
        Ok(Self { lang: lang.to_owned(), texts, formats })
    }

    /// The language's tag.
    pub fn lang(&self) -> &str {
        &self.lang
    }

    /// All UI texts, as templates get them in `t`.
    pub fn texts(&self) -> &toml::Table {
        &self.texts
    }

    /// A UI text by its dotted path; the path itself if there is none.
    pub fn text<'a>(&'a self, path: &'a str) -> &'a str {
        let mut keys = path.split('.');
        let first = keys.next().and_then(|key| self.texts.get(key));
        keys.try_fold(first, |value, key| value.map(|v| v.get(key)))
            .flatten()
            .and_then(toml::Value::as_str)
            .unwrap_or(path)
    }

    /// A date of any precision; text that is no date comes back unchanged.
    /// A time of day after the date is passed over.
    pub fn date(&self, iso: &str) -> String {
        let day_part = iso.split(['T', ' ']).next().unwrap_or(iso);
        let parts: Vec<&str> = day_part.splitn(3, '-').collect();
        let formats = &self.formats.date;
        let name = |names: &[String], month: &str| {
            let index: usize = month.parse().ok()?;
            names.get(index.checked_sub(1)?).cloned()
        };
        let alone = formats.months_alone.as_ref().unwrap_or(&formats.months);
        let written = match parts[..] {
            [year, month] => name(alone, month)
                .map(|month| put(&formats.month_year, &[("month", &month), ("year", year)])),
            [year, month, day] => name(&formats.months, month).map(|month| {
                let day = match day.trim_start_matches('0') {
                    "1" => &formats.first,
                    other => other,
                };
                put(&formats.long, &[("day", day), ("month", &month), ("year", year)])
            }),
            _ => None,
        };
        written.unwrap_or_else(|| day_part.to_owned())
    }

    /// A period; an open one has no end.
    pub fn period(&self, start: &str, end: Option<&str>) -> String {
        let start_text = self.date(start);
        match end {
            Some(end) if end == start => start_text,
            Some(end) => {
                put(&self.formats.date.period, &[("start", &start_text), ("end", &self.date(end))])
            }
            None => put(&self.formats.date.since, &[("start", &start_text)]),
        }
    }

    /// A decimal number; thousands are grouped from five digits on, so that
    /// years stay years. Text that is no decimal number comes back unchanged.
    pub fn number(&self, decimal: &str) -> String {
        self.grouped(decimal, 5)
    }

    /// An amount of money; `currency` is an ISO 4217 code.
    pub fn money(&self, amount: &str, currency: &str) -> String {
        let formats = &self.formats.number;
        let amount = self.grouped(amount, 4);
        match formats.signs.get(currency).and_then(toml::Value::as_str) {
            Some(sign) => put(&formats.money, &[("amount", &amount), ("currency", sign)]),
            None => put(&formats.money_code, &[("amount", &amount), ("currency", currency)]),
        }
    }

    /// A size of a file, in steps of a thousand.
    pub fn size(&self, bytes: u64) -> String {
        let (step, unit) = match bytes {
            0..1_000 => (0, 1),
            1_000..1_000_000 => (1, 1_000),
            1_000_000..1_000_000_000 => (2, 1_000_000),
            _ => (3, 1_000_000_000),
        };
        let tenths = bytes.saturating_mul(10).div_ceil(unit);
        let n = match (step, tenths % 10) {
            (0, _) => bytes.to_string(),
            (_, 0) => (tenths / 10).to_string(),
            _ if tenths >= 100 => tenths.div_ceil(10).to_string(),
            (_, rest) => format!("{}.{rest}", tenths / 10),
        };
        put(&self.formats.number.sizes[step], &[("n", &self.number(&n))])
    }

    /// Chooses the text that fits a count and puts the count in for `{n}`.
    /// `text` looks a plural category up; `None` if it has neither the count's
    /// own category nor `other`.
    pub fn count<'a>(
        &self,
        n: u64,
        text: impl Fn(&'static str) -> Option<&'a str>,
    ) -> Option<String> {
        let chosen = text(plural::category(&self.lang, n)).or_else(|| text("other"))?;
        Some(put(chosen, &[("n", &self.number(&n.to_string()))]))
    }

    /// The answer to a question that has two.
    pub fn answer(&self, yes: bool) -> &str {
        if yes { &self.formats.answer.yes } else { &self.formats.answer.no }
    }

    fn grouped(&self, decimal: &str, from: usize) -> String {
        let (sign, digits) = match decimal.strip_prefix('-') {
            Some(rest) => ("\u{2212}", rest),
            None => ("", decimal),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (digits, None),
        };
        let numeric = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !numeric(whole) || !fraction.is_none_or(numeric) {
            return decimal.to_owned();
        }
        let formats = &self.formats.number;
        let mut out = sign.to_owned();
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && whole.len() >= from && (whole.len() - index).is_multiple_of(3) {
                out.push_str(&formats.group);
            }
            out.push(digit);
        }
        if let Some(fraction) = fraction {
            out.push_str(&formats.decimal);
            out.push_str(fraction);
        }
        out
    }
}

/// Replaces each `{name}` by its value. A brace without a known name stays.
pub fn put(pattern: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some(open) = rest.find('{') {
        let (before, tail) = rest.split_at(open);
        out.push_str(before);
        let found = values.iter().find_map(|(name, value)| {
            let after = tail[1..].strip_prefix(name)?.strip_prefix('}')?;
            Some((value, after))
        });
        match found {
            Some((value, after)) => {
                out.push_str(value);
                rest = after;
            }
            None => {
                out.push('{');
                rest = &tail[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// Adds to `texts` what it lacks. A table of plural forms is one text, so it is
/// taken whole: forms of two languages must not mix.
fn fill(texts: &mut toml::Table, more: &toml::Table) {
    for (key, value) in more {
        match (texts.get_mut(key), value) {
            (Some(toml::Value::Table(mine)), toml::Value::Table(theirs)) => {
                if !mine.contains_key("other") {
                    fill(mine, theirs);
                }
            }
            (Some(_), _) => {}
            (None, _) => {
                texts.insert(key.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locale(lang: &str) -> Locale {
        let theme = crate::render::Theme::default_theme();
        let table = &theme.texts[lang];
        Locale::new(lang, &[table]).unwrap()
    }

    #[test]
    fn dates_are_written_in_the_language_and_precision_they_have() {
        let (en, it) = (locale("en"), locale("it"));
        assert_eq!(en.date("2022-09-05"), "5 September 2022");
        assert_eq!(it.date("2022-09-05"), "5 settembre 2022");
        assert_eq!(it.date("2022-09"), "settembre 2022");
        assert_eq!(en.date("2022"), "2022");
        assert_eq!(en.date("2022-09-05T10:00:00Z"), "5 September 2022");
        assert_eq!(en.date("2022-13"), "2022-13");
        assert_eq!(en.period("2021-01", Some("2023-12")), "January 2021 to December 2023");
        assert_eq!(en.period("2021", None), "since 2021");
    }

    #[test]
    fn every_language_writes_its_dates() {
        for (lang, first, day, month) in [
            ("es", "1 de julio de 2022", "11 de julio de 2022", "julio de 2022"),
            ("lv", "2022. gada 1. jūlijs", "2022. gada 11. jūlijs", "2022. gada jūlijs"),
            ("fr", "1er juillet 2022", "11 juillet 2022", "juillet 2022"),
            ("de", "1. Juli 2022", "11. Juli 2022", "Juli 2022"),
            ("it", "1º luglio 2022", "11 luglio 2022", "luglio 2022"),
        ] {
            let locale = locale(lang);
            let written = ["2022-07-01", "2022-07-11", "2022-07"].map(|date| locale.date(date));
            assert_eq!(written, [first, day, month]);
        }
    }

    #[test]
    fn numbers_and_money_follow_the_language() {
        let (en, it) = (locale("en"), locale("it"));
        assert_eq!(en.number("1234567.50"), "1,234,567.50");
        assert_eq!(it.number("1234567.50"), "1.234.567,50");
        assert_eq!(en.number("2021"), "2021");
        assert_eq!(en.number("-3"), "\u{2212}3");
        assert_eq!(en.number("1.2.3"), "1.2.3");
        assert_eq!(en.money("1200", "EUR"), "€1,200");
        assert_eq!(it.money("1200.50", "EUR"), "1.200,50\u{a0}€");
        assert_eq!(en.money("1200", "CHF"), "CHF\u{a0}1,200");
        assert_eq!(en.size(999), "999\u{a0}bytes");
        assert_eq!(en.size(1_250_000), "1.3\u{a0}MB");
        assert_eq!(locale("lv").money("12000", "EUR"), "12\u{a0}000\u{a0}€");
        assert_eq!(locale("fr").number("12000.5"), "12\u{202f}000,5");
        assert_eq!(it.size(2_000_000_000), "2\u{a0}GB");
    }

    #[test]
    fn placeholders_are_filled_once_and_unknown_ones_stay() {
        assert_eq!(put("{a} of {b} {c}", &[("a", "{b}"), ("b", "2")]), "{b} of 2 {c}");
    }

    #[test]
    fn a_missing_text_falls_back_and_plural_forms_do_not_mix() {
        let theme = crate::render::Theme::default_theme();
        let mine: toml::Table = toml::from_str(
            "[search]\nplaceholder = \"Meklēt\"\n[count.results]\nother = \"{n} rezultāti\"",
        )
        .unwrap();
        let lv = Locale::new("lv", &[&mine, &theme.texts["en"]]).unwrap();
        assert_eq!(lv.text("search.placeholder"), "Meklēt");
        assert_eq!(
            lv.text("search.button"),
            theme.texts["en"]["search"]["button"].as_str().unwrap()
        );
        let forms = &lv.texts()["count"]["results"];
        let form = |name: &str| forms.get(name).and_then(toml::Value::as_str);
        assert_eq!(lv.count(1, form).unwrap(), "1 rezultāti");
        assert_eq!(lv.text("no.such.text"), "no.such.text");
    }
}
