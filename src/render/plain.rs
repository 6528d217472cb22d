//! A value in plain words: for cards, meta tags and search.
//!
//! Enters: a [`Shown`] and the [`Locale`] of a page. Leaves: one line of text.

use super::locale::Locale;
use super::shown::{Html, Shown};

impl Locale {
    /// A value in plain words.
    pub fn plain(&self, shown: &Shown) -> String {
        match shown {
            Shown::Text(text) | Shown::Email(text) | Shown::Doi { doi: text, .. } => text.clone(),
            Shown::Markdown(Html(html)) | Shown::Section(Html(html)) => strip(html),
            Shown::Bool(yes) => self.answer(*yes).to_owned(),
            Shown::Integer(n) | Shown::Number(n) => self.number(n),
            Shown::Money { amount, currency } => self.money(amount, currency),
            Shown::Date(iso) => self.date(iso),
            Shown::Period { start, end } => self.period(start, end.as_deref()),
            Shown::Url { url, label } => label.as_ref().unwrap_or(url).clone(),
            Shown::Language(named)
            | Shown::Country(named)
            | Shown::Region(named)
            | Shown::Licence(named)
            | Shown::Choice(named)
            | Shown::Term(named) => named.label.clone(),
            Shown::Geo { lat, lon } => format!("{lat}, {lon}"),
            Shown::Image(image) => image.caption.as_ref().unwrap_or(&image.alt).clone(),
            Shown::File(file) => file.title.clone(),
            Shown::Ref { title, .. } => title.clone(),
            Shown::List(items) => self.joined(items.iter(), ", "),
            Shown::Table(cells) => cells
                .iter()
                .map(|cell| format!("{}: {}", cell.label, self.plain(&cell.value)))
                .collect::<Vec<_>>()
                .join("; "),
            Shown::Records { rows, .. } => rows
                .iter()
                .map(|row| self.joined(row.iter().flatten(), ", "))
                .collect::<Vec<_>>()
                .join("; "),
        }
    }

    fn joined<'a>(&self, items: impl Iterator<Item = &'a Shown>, between: &str) -> String {
        items.map(|item| self.plain(item)).collect::<Vec<_>>().join(between)
    }
}

/// The words of safe HTML: tags out, the five escapes of HTML back.
fn strip(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => {
                inside = true;
                text.push(' ');
            }
            '>' if inside => inside = false,
            _ if inside => {}
            _ => text.push(c),
        }
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}
