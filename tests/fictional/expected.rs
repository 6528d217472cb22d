//! What a visitor should find of a value, worked out from how it is written.

use crate::built::page::Page;
use crate::built::source::{visible, words};
use exempla::model::{Entry, Model, value_label};
use exempla::raw::{Node, Value};
use exempla::schema::{Field, FieldKind, Schema};

/// Something that must be found on a page.
#[derive(Debug)]
pub enum Expected {
    /// These words, together.
    Words(String),
    /// Every one of these words, anywhere.
    EachWord(Vec<String>),
    /// A link or picture whose address is, or ends in, this.
    Address(String),
    /// A link to, or a picture of, the file that is published from this content path.
    File(String),
}

impl Expected {
    pub fn is_on(&self, page: &Page, model: &Model) -> bool {
        match self {
            Self::Words(text) => holds(&page.main, text),
            Self::EachWord(all) => {
                all.iter().all(|word| words(&page.main).any(|known| known == word))
            }
            Self::Address(url) => page.links.iter().any(|link| link.url == *url),
            Self::File(path) => {
                let url = model.assets.get(path).map(|asset| format!("/archive/{}", asset.url));
                url.is_some_and(|url| page.links.iter().any(|link| link.url == url))
            }
        }
    }
}

/// Whether a text has these words side by side, whole; blanks and the form of
/// quotation marks do not count.
fn holds(text: &str, wanted: &str) -> bool {
    let plain = |text: &str| {
        let text = text.replace(['‘', '’'], "'").replace(['“', '”'], "\"");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let (text, wanted) = (plain(text), plain(wanted));
    let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    text.match_indices(&wanted).any(|(at, found)| {
        edge(text[..at].chars().next_back()) && edge(text[at + found.len()..].chars().next())
    })
}

/// A value and those inside it, each with its field and the key it stands under.
pub fn inner<'a>(
    field: &'a Field,
    key: &'a str,
    node: &'a Node,
) -> Vec<(&'a Field, &'a str, &'a Node)> {
    let mut out = vec![(field, key, node)];
    match (&field.kind, &node.value) {
        (FieldKind::List(item), Value::List(nodes)) => {
            out.extend(nodes.iter().flat_map(|node| inner(item, key, node)));
        }
        (FieldKind::List(item), _) => out.extend(inner(item, key, node)),
        (FieldKind::Table(fields), Value::Table(table)) => {
            for (key, node) in &table.entries {
                let means =
                    |field: &&Field| field.name == key.text || field.aliases.contains(&key.text);
                if let Some(field) = fields.values().find(means) {
                    out.extend(inner(field, &key.text, node));
                }
            }
        }
        _ => {}
    }
    out
}

const MONTHS: [(&str, [&str; 12]); 2] = [
    (
        "en",
        [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
    ),
    (
        "it",
        [
            "gennaio",
            "febbraio",
            "marzo",
            "aprile",
            "maggio",
            "giugno",
            "luglio",
            "agosto",
            "settembre",
            "ottobre",
            "novembre",
            "dicembre",
        ],
    ),
];

/// Reads the values of one entry.
pub struct Reader<'a> {
    pub schema: &'a Schema,
    pub model: &'a Model,
    pub lang: &'a str,
    pub default: &'a str,
    pub entry: &'a Entry,
}

impl Reader<'_> {
    /// Everything that must be found of a value and those inside it.
    pub fn expected(&self, field: &Field, node: &Node) -> Vec<Expected> {
        let all = inner(field, &field.name, node);
        all.into_iter().flat_map(|(field, _, node)| self.one(field, node)).collect()
    }

    fn one(&self, field: &Field, node: &Node) -> Vec<Expected> {
        let text = node.text().unwrap_or_default().trim();
        let part = |key: &str| node.table()?.get(key)?.text();
        let words = |text: &str| vec![Expected::Words(text.to_owned())];
        match &field.kind {
            FieldKind::List(_) | FieldKind::Table(_) | FieldKind::Section(_) => Vec::new(),
            FieldKind::Text => words(text),
            FieldKind::Markdown => {
                let each = crate::built::source::words(&visible(text)).map(str::to_owned).collect();
                vec![Expected::EachWord(each)]
            }
            FieldKind::Bool => {
                let yes = matches!(text, "true" | "yes");
                let answer = match (self.lang, yes) {
                    ("it", true) => "Sì",
                    (_, true) => "Yes",
                    (_, false) => "No",
                };
                words(&format!("{} {answer}", field.label.get(self.lang, self.default)))
            }
            FieldKind::Integer | FieldKind::Number => words(&self.number(text, 5)),
            FieldKind::Money => {
                let (amount, currency) = match (part("amount"), text.split_once(' ')) {
                    (Some(amount), _) => (amount, part("currency").unwrap_or_default()),
                    (None, Some(both)) => both,
                    (None, None) => (text, ""),
                };
                let amount = self.number(amount, 4);
                let sign = match currency {
                    "EUR" => Some('€'),
                    "GBP" => Some('£'),
                    _ => None,
                };
                words(&match (self.lang, sign) {
                    ("it", Some(sign)) => format!("{amount} {sign}"),
                    ("it", None) => format!("{amount} {currency}"),
                    (_, Some(sign)) => format!("{sign}{amount}"),
                    (_, None) => format!("{currency} {amount}"),
                })
            }
            FieldKind::Date => words(&self.date(text)),
            FieldKind::Period => {
                let (start, end) = text.split_once('/').unwrap_or((text, ""));
                let ends = [part("start").unwrap_or(start), part("end").unwrap_or(end)];
                let ends = ends.into_iter().filter(|end| !end.is_empty());
                ends.map(|end| Expected::Words(self.date(end))).collect()
            }
            FieldKind::Url => vec![Expected::Address(text.to_owned())],
            FieldKind::Email => {
                vec![Expected::Words(text.into()), Expected::Address(format!("mailto:{text}"))]
            }
            FieldKind::Doi => vec![
                Expected::Words(text.into()),
                Expected::Address(format!("https://doi.org/{text}")),
            ],
            FieldKind::Country | FieldKind::Language => {
                let label = self.label(field, text);
                assert_ne!(label, text, "a country or language has a name");
                words(&label)
            }
            FieldKind::Region => words(&self.label(field, text)),
            FieldKind::Licence => {
                let (_, licence) = exempla::schema::data::licence(text).expect("a known licence");
                words(&licence.name)
            }
            FieldKind::Choice(choices) => words(choices[text].get(self.lang, self.default)),
            FieldKind::Term(name) => {
                let id = self.schema.vocabularies[name.as_str()].resolve(text).expect("a term");
                words(&self.label(field, id))
            }
            FieldKind::Geo => {
                let (lat, lon) = text.split_once(',').unwrap_or((text, ""));
                let at = [part("lat").unwrap_or(lat), part("lon").unwrap_or(lon)];
                words(&at.map(str::trim).join(", "))
            }
            FieldKind::Image => {
                let said = ["alt", "caption", "credit"].into_iter().filter_map(part);
                let said = said.map(|words| Expected::Words(words.to_owned()));
                said.chain([self.file(part("src").unwrap_or(text))]).collect()
            }
            FieldKind::File => {
                let title = part("title").map(|title| Expected::Words(title.to_owned()));
                title.into_iter().chain([self.file(part("src").unwrap_or(text))]).collect()
            }
            FieldKind::Ref { .. } => match self.model.find(text, self.lang) {
                Some(target) if target.id != self.entry.id => words(&target.title),
                Some(_) => Vec::new(),
                // What is not published is not named, as another test holds.
                None => Vec::new(),
            },
        }
    }

    fn label(&self, field: &Field, id: &str) -> String {
        value_label(self.schema, &field.kind, id, self.lang, self.default, &|_| None)
    }

    fn file(&self, src: &str) -> Expected {
        let folder = self.entry.location.folder();
        Expected::File(format!("{folder}/{src}"))
    }

    /// A number as the language writes it; thousands are grouped from `from` digits on.
    fn number(&self, text: &str, from: usize) -> String {
        let (group, decimal) = if self.lang == "it" { (".", ",") } else { (",", ".") };
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let (sign, whole) = match whole.strip_prefix('-') {
            Some(whole) => ("\u{2212}", whole),
            None => ("", whole),
        };
        let mut out = whole.to_owned();
        if whole.len() >= from {
            let mut at = whole.len();
            while at > 3 {
                at -= 3;
                out.insert_str(at, group);
            }
        }
        let fraction =
            if fraction.is_empty() { String::new() } else { format!("{decimal}{fraction}") };
        format!("{sign}{out}{fraction}")
    }

    /// A date of any precision in words.
    fn date(&self, iso: &str) -> String {
        let (_, months) = MONTHS.iter().find(|(lang, _)| *lang == self.lang).expect("months");
        let mut parts = iso.split('-');
        let year = parts.next().unwrap_or_default();
        let month = parts.next().map(|month| months[month.parse::<usize>().expect("a month") - 1]);
        // The first of a month is an ordinal in Italian.
        let day = parts.next().map(|day| match (self.lang, day) {
            ("it", "01") => "1º",
            (_, day) => day.trim_start_matches('0'),
        });
        [day, month, Some(year)].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}
