//! Records for reference managers: BibTeX and RIS.

use super::{Author, Work};
use std::fmt::Write;

/// A format of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// BibTeX, for LaTeX and most managers.
    BibTex,
    /// RIS, for the others.
    Ris,
}

impl Format {
    /// Every format, the most useful first.
    pub const ALL: [Self; 2] = [Self::BibTex, Self::Ris];

    /// What readers know it by.
    pub fn label(self) -> &'static str {
        match self {
            Self::BibTex => "BibTeX",
            Self::Ris => "RIS",
        }
    }

    /// The extension of its files.
    pub fn extension(self) -> &'static str {
        match self {
            Self::BibTex => "bib",
            Self::Ris => "ris",
        }
    }
}

/// The record of a work.
pub fn file(work: &Work, format: Format) -> String {
    match format {
        Format::BibTex => bibtex(work),
        Format::Ris => ris(work),
    }
}

/// A form's entry type in BibTeX, the field of its container, and its type in
/// RIS (<https://en.wikipedia.org/wiki/RIS_(file_format)>).
fn kind(form: &str) -> (&'static str, &'static str, &'static str) {
    match form {
        "article-journal" => ("article", "journal", "JOUR"),
        "article-newspaper" => ("article", "journal", "NEWS"),
        "paper-conference" => ("inproceedings", "booktitle", "CPAPER"),
        "report" => ("techreport", "series", "RPRT"),
        "book" => ("book", "series", "BOOK"),
        "chapter" => ("incollection", "booktitle", "CHAP"),
        "thesis" => ("phdthesis", "school", "THES"),
        "webpage" => ("misc", "howpublished", "ELEC"),
        _ => ("misc", "howpublished", "GEN"),
    }
}

fn bibtex(work: &Work) -> String {
    let (kind, container, _) = kind(&work.form);
    let mut out = format!("@{kind}{{{},\n", work.key);
    // Writing to a String cannot fail.
    let mut field = |name: &str, value: &str| {
        let _ = writeln!(out, "  {name} = {{{value}}},");
    };
    let authors: Vec<String> = work.authors.iter().map(bibtex_name).collect();
    if !authors.is_empty() {
        field("author", &authors.join(" and "));
    }
    // The inner braces keep capitals as they are.
    field("title", &format!("{{{}}}", tex(&work.title)));
    if let Some(date) = work.date {
        field("year", &format!("{:04}", date.year));
        if let Some(month) = date.month {
            field("month", &month.to_string());
        }
    }
    if let Some(text) = &work.container {
        field(container, &tex(text));
    }
    if let Some(text) = &work.volume {
        field("volume", &tex(text));
    }
    if let Some(text) = &work.pages {
        field("pages", &tex(&text.replace("--", "–")).replace('–', "--"));
    }
    if let Some(text) = &work.publisher {
        field(if kind == "techreport" { "institution" } else { "publisher" }, &tex(text));
    }
    // DOIs and addresses are read as they are, without TeX; braces cannot occur.
    if let Some(doi) = &work.doi {
        field("doi", &doi.replace(|c: char| "{}\\".contains(c) || c.is_control(), ""));
    }
    field("url", &work.url);
    field("language", &tex(&work.lang));
    out.push_str("}\n");
    out
}

/// A person's name has parts, which BibTeX finds itself; any other stands in braces.
fn bibtex_name(author: &Author) -> String {
    let name = tex(&author.name);
    let has_and = author.name.split(' ').any(|word| word.eq_ignore_ascii_case("and"));
    if author.person && !has_and { name } else { format!("{{{name}}}") }
}

/// Text without meaning to TeX. Braces become words, since BibTeX counts them
/// even where a backslash stands before. Signs that TeX would join (`--`, two
/// quotes, ?`) are kept apart.
fn tex(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        let joins = matches!((before, c), ('-', '-') | ('\'', '\'') | ('`' | '?' | '!', '`'));
        if joins {
            out.push_str("{}");
        }
        before = c;
        match c {
            '&' | '%' | '_' | '#' | '$' => out.extend(['\\', c]),
            '{' => out.push_str("{\\textbraceleft}"),
            '}' => out.push_str("{\\textbraceright}"),
            '\\' => out.push_str("{\\textbackslash}"),
            '~' => out.push_str("{\\textasciitilde}"),
            '^' => out.push_str("{\\textasciicircum}"),
            c => out.push(c),
        }
    }
    out
}

/// Lines of a tag, two blanks, a dash, a blank and a value, each ended by CR LF.
fn ris(work: &Work) -> String {
    let mut out = String::new();
    let mut line = |tag: &str, value: &str| {
        let _ = write!(out, "{tag}  - {value}\r\n");
    };
    line("TY", kind(&work.form).2);
    line("ID", &work.key);
    line("TI", &work.title);
    for author in &work.authors {
        line("AU", &author.name);
    }
    if let Some(date) = work.date {
        let part = |part: Option<i8>| part.map_or(String::new(), |n| format!("{n:02}"));
        line("PY", &format!("{:04}", date.year));
        line("DA", &format!("{:04}/{}/{}/", date.year, part(date.month), part(date.day)));
    }
    let others = [
        ("T2", work.container.as_deref()),
        ("VL", work.volume.as_deref()),
        ("SP", work.pages.as_deref().map(|pages| ends(pages).0)),
        ("EP", work.pages.as_deref().and_then(|pages| ends(pages).1)),
        ("PB", work.publisher.as_deref()),
        ("DO", work.doi.as_deref()),
    ];
    for (tag, value) in others {
        if let Some(value) = value {
            line(tag, value);
        }
    }
    line("UR", &work.url);
    line("LA", &work.lang);
    line("ER", "");
    out
}

/// The first and the last of `3–19`.
fn ends(pages: &str) -> (&str, Option<&str>) {
    match pages.split_once(['–', '-']) {
        Some((first, last)) => (first.trim(), Some(last.trim_matches(['-', ' ']))),
        None => (pages, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PartialDate;

    fn work() -> Work {
        Work {
            key: "practices-water".into(),
            form: "webpage".into(),
            title: "100 % \"water\" & {more}_#1 $5 a~b^c \\end".into(),
            authors: vec![
                Author { name: "Ada Brook".into(), person: true },
                Author { name: "Reeds and Sons".into(), person: false },
            ],
            date: PartialDate::parse("2024-05").ok(),
            container: Some("A site".into()),
            url: "https://x.org/practices/water/".into(),
            lang: "en".into(),
            ..Work::default()
        }
    }

    #[test]
    fn bibtex_escapes_what_means_something_to_tex() {
        let expected = r#"@misc{practices-water,
  author = {Ada Brook and {Reeds and Sons}},
  title = {{100 \% "water" \& {\textbraceleft}more{\textbraceright}\_\#1 \$5 a{\textasciitilde}b{\textasciicircum}c {\textbackslash}end}},
  year = {2024},
  month = {5},
  howpublished = {A site},
  url = {https://x.org/practices/water/},
  language = {en},
}
"#;
        assert_eq!(file(&work(), Format::BibTex), expected);
    }

    #[test]
    fn ris_has_a_line_for_each_value_and_ends_with_er() {
        let expected = "TY  - ELEC\r\nID  - practices-water\r\n\
            TI  - 100 % \"water\" & {more}_#1 $5 a~b^c \\end\r\nAU  - Ada Brook\r\n\
            AU  - Reeds and Sons\r\nPY  - 2024\r\nDA  - 2024/05//\r\nT2  - A site\r\n\
            UR  - https://x.org/practices/water/\r\nLA  - en\r\nER  - \r\n";
        assert_eq!(file(&work(), Format::Ris), expected);
    }
}
