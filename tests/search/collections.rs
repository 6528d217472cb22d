//! Collections to search: real ones from `../shared`, where that is at hand,
//! and a small one made here.

use exempla::search::{Document, FacetSettings, FieldSettings, Settings, ValueSettings};
use std::path::{Path, PathBuf};

/// The folder of real collections, or nothing and a word about it.
pub fn shared() -> Option<PathBuf> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared"));
    if folder.is_dir() {
        return Some(folder.to_path_buf());
    }
    eprintln!(
        "passed over: {} is absent, so only the small collection is searched",
        folder.display()
    );
    None
}

/// Settings that use what there is: boosts, a declared field, a facet with levels.
pub fn settings() -> Settings {
    let mut settings = Settings::default();
    settings.fields[0].boost = 1.5;
    settings.fields.push(FieldSettings { name: "topics".into(), boost: 0.7 });
    let size = |id: &str, broader: Option<&str>| ValueSettings {
        id: id.into(),
        broader: broader.map(String::from),
        ..Default::default()
    };
    let values = vec![
        size("any", None),
        size("short", Some("any")),
        size("long", Some("any")),
        size("huge", Some("long")),
    ];
    settings.facets.push(FacetSettings { name: "size".into(), values, ..Default::default() });
    settings.facets.push(FacetSettings { name: "topics".into(), ..Default::default() });
    settings
}

/// The Markdown files of a folder as documents; markup is left in the text,
/// which does a search no harm.
pub fn markdown(folder: &Path) -> Vec<Document> {
    let mut paths: Vec<PathBuf> = walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    paths.sort();
    paths.iter().filter_map(|path| document(folder, path)).collect()
}

fn document(folder: &Path, path: &Path) -> Option<Document> {
    let text = std::fs::read_to_string(path).ok()?;
    let id = path.strip_prefix(folder).ok()?.with_extension("").to_string_lossy().into_owned();
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let parts = ["---\n", "+++\n"]
        .iter()
        .find_map(|mark| text.strip_prefix(mark)?.split_once(&format!("\n{mark}")));
    let (front, body) = parts.unwrap_or(("", &text));
    let body = body.to_string();
    let key = |name: &str| {
        let line = front.lines().find_map(|line| line.strip_prefix(name))?;
        let value = line.trim_start().strip_prefix([':', '='])?;
        Some(value.trim().trim_matches(['"', '\'']).to_string())
    };
    let listed = front.lines().skip_while(|line| !line.starts_with("topics:")).skip(1);
    let mut topics: Vec<String> =
        listed.map_while(|line| Some(line.trim().strip_prefix("- ")?.to_string())).collect();
    let tags = key("tags").unwrap_or_default();
    let tags = tags.split(['[', ']', ',', '"', ' ']).filter(|tag| !tag.is_empty());
    topics.extend(tags.map(String::from));
    let headings: Vec<String> = body
        .lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| line.trim_matches(['#', ' ']).to_string())
        .collect();
    let size = match body.len() {
        0..2000 => "short",
        2000..9000 => "long",
        _ => "huge",
    };
    let lang = id
        .split('/')
        .rev()
        .nth(1)
        .filter(|part| matches!(*part, "ar" | "el" | "es" | "it" | "ja" | "zh-hans"));
    Some(Document {
        type_id: id.split('/').nth(1).unwrap_or("page").to_string(),
        lang: lang.unwrap_or("en").to_string(),
        url: format!("/{id}/"),
        title: key("title").or_else(|| headings.first().cloned()).unwrap_or_default(),
        summary: key("summary").or_else(|| key("description")).unwrap_or_default(),
        fields: topics.iter().map(|topic| ("topics".into(), topic.clone())).collect(),
        facets: vec![("size".into(), vec![size.into()]), ("topics".into(), topics)],
        date: key("date").unwrap_or_default(),
        id,
        headings,
        body: body.into(),
    })
}

/// The abstracts of Cranfield.
pub fn cranfield(folder: &Path) -> Vec<Document> {
    let text = std::fs::read_to_string(folder.join("docs.jsonl")).unwrap_or_default();
    text.lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .map(|entry| {
            let part = |name: &str| entry[name].as_str().unwrap_or_default().to_string();
            Document {
                id: part("id"),
                type_id: "abstract".into(),
                lang: "en".into(),
                url: format!("/{}/", part("id")),
                title: part("title"),
                body: part("text").into(),
                ..Default::default()
            }
        })
        .collect()
}

/// Sixty short documents in four languages, made of a few sentences.
pub fn small() -> Vec<Document> {
    let parts = [
        (
            "en",
            [
                "Open data helps a city council",
                "The river and its water were cleaned",
                "People design public services together",
                "Environmental accessibility for everyone",
            ],
        ),
        (
            "it",
            [
                "I dati aperti aiutano la città",
                "L’acqua del fiume è più pulita",
                "Perché i cittadini progettano i servizi",
                "Accessibilità ambientale per tutti",
            ],
        ),
        (
            "lv",
            [
                "Atvērtie dati palīdz pilsētai",
                "Upes ūdens kļuva tīrāks",
                "Iedzīvotāji veido pakalpojumus",
                "Vides pieejamība visiem",
            ],
        ),
        (
            "ja",
            [
                "東京都の公開データは市民を助ける",
                "川の水がきれいになった",
                "住民が公共サービスを設計する",
                "誰でも使える環境",
            ],
        ),
    ];
    let mut documents = Vec::new();
    for (lang, sentences) in parts {
        for n in 0..15usize {
            let chosen: Vec<&str> =
                (0..=n % 4 + n / 6).map(|k| sentences[(n * 3 + k * k) % 4]).collect();
            let size = if n % 3 == 0 { "short" } else { "huge" };
            documents.push(Document {
                id: format!("note/{n}"),
                type_id: if n % 2 == 0 { "practice" } else { "pilot" }.into(),
                lang: lang.into(),
                url: format!("/{lang}/note/{n}/"),
                title: format!("{} {n}", sentences[n % 4]),
                summary: sentences[(n + 1) % 4].into(),
                headings: vec![sentences[(n + 2) % 4].into()],
                body: chosen.join(". ").into(),
                fields: vec![("topics".into(), sentences[n % 3].into())],
                facets: vec![
                    ("size".into(), vec![size.into()]),
                    ("topics".into(), vec![format!("t{}", n % 5)]),
                ],
                date: ["", "2020", "2021-05", "2021-05-03"][n % 4].into(),
            });
        }
    }
    documents
}
