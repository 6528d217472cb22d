//! The fictional site uses every type, field type and attribute there is, and
//! each declared value is found on its entry's page, in words.
//!
//! What should stand there is worked out from the raw front matter, in
//! `tests/fictional/expected.rs`, not from what the model or the templates made of it.

mod built;
#[path = "fictional/expected.rs"]
mod expected;

use built::page::Page;
use built::source::{front_matter, lost_words};
use built::{Site, files, test_site};
use exempla::model::{Entry, Model, Options, PartialDate};
use exempla::raw::{Node, Table};
use exempla::schema::{Condition, Field, FieldKind};
use exempla::{config, content};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

struct Fen {
    built: Site,
    site: config::Site,
    model: Model,
    /// The raw front matter of every file, by content path.
    fronts: BTreeMap<String, Table>,
}

fn fen() -> &'static Fen {
    static FEN: OnceLock<Fen> = OnceLock::new();
    FEN.get_or_init(|| {
        let root = test_site("fictional");
        let built = Site::build(&root, None);
        let site = config::load(&root).0.expect("it was built");
        let (collection, found) = content::load(&site);
        let front =
            |entry: &content::SourceEntry| (entry.location.path.clone(), (*entry.front).clone());
        let fronts = collection.entries.iter().map(front).collect();
        let today = PartialDate::parse(built::TODAY).expect("a date");
        let (model, _) = Model::build(&site, collection, found, Options { today, drafts: false });
        Fen { built, site, model, fronts }
    })
}

impl Fen {
    fn page(&self, entry: &Entry) -> &Page {
        self.built.page(&entry.url).unwrap_or_else(|| panic!("{} has no page", entry.file))
    }

    /// Every published entry that has a page, with what its editor wrote.
    fn entries(&self) -> impl Iterator<Item = (&Entry, &Table)> {
        let pages = self.model.entries.iter().filter(|entry| entry.kind != "index");
        pages.map(|entry| (entry, &self.fronts[&entry.location.path]))
    }

    /// Every field that some published entry writes, with its value; those
    /// inside tables and lists too.
    fn written(&self) -> Vec<(&Entry, &Field, &str, &Node)> {
        let mut out = Vec::new();
        for (entry, front) in self.entries() {
            let entry_type = &self.site.schema.types[entry.kind.as_str()];
            for (key, node) in &front.entries {
                if let Some(field) = entry_type.field_of_key(&key.text) {
                    out.extend(
                        expected::inner(field, &key.text, node)
                            .into_iter()
                            .map(|(field, key, node)| (entry, field, key, node)),
                    );
                }
            }
        }
        out
    }
}

/// Fields that say where an entry stands and when it is shown, rather than
/// anything about its subject; other tests look at what they do.
const BOOKKEEPING: &[&str] =
    &["id", "type", "lang", "slug", "status", "draft", "private", "redirects"];

#[test]
fn every_declared_value_stands_on_its_page() {
    let fen = fen();
    let mut missing = Vec::new();
    let mut looked_for = 0;
    for (entry, front) in fen.entries() {
        let entry_type = &fen.site.schema.types[entry.kind.as_str()];
        let page = fen.page(entry);
        let reader = expected::Reader {
            schema: &fen.site.schema,
            model: &fen.model,
            lang: &entry.lang,
            default: fen.site.settings.default_language(),
            entry,
        };
        for (key, node) in &front.entries {
            let Some(field) = entry_type.field_of_key(&key.text) else { continue };
            if BOOKKEEPING.contains(&field.name.as_str()) {
                continue;
            }
            let all = reader.expected(field, node);
            assert!(!all.is_empty(), "{}: nothing is expected of `{}`", entry.file, key.text);
            looked_for += all.len();
            let absent = all.into_iter().filter(|one| !one.is_on(page, &fen.model));
            missing.extend(absent.map(|one| format!("{} {}: {one:?}", entry.file, key.text)));
        }
    }
    assert!(looked_for > 250, "only {looked_for} values were looked for");
    assert!(missing.is_empty(), "{} of {looked_for}:\n{}", missing.len(), missing.join("\n"));
}

#[test]
fn defaults_stand_on_pages_too() {
    let fen = fen();
    let page = |url| fen.built.page(url).unwrap_or_else(|| panic!("no page {url}"));
    // Nobody wrote a `tide` for the walks.
    let walks = page("practices/reed-bed-walks/");
    assert!(walks.main.contains("Whatever the tide"), "{}", walks.main);
}

#[test]
fn every_word_of_a_body_stands_on_its_page() {
    let fen = fen();
    let mut lost = Vec::new();
    for (entry, _) in fen.entries() {
        let path = fen.site.content_dir().join(&entry.location.path);
        let text = std::fs::read_to_string(path).expect("it was read before");
        let (words, _) = lost_words(&text[front_matter(&text)..], fen.page(entry));
        lost.extend(words.into_iter().map(|word| format!("{}: {word}", entry.file)));
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

#[test]
fn every_type_is_used() {
    let fen = fen();
    let used: BTreeSet<&str> = fen.model.entries.iter().map(|entry| entry.kind.as_str()).collect();
    for id in fen.site.schema.types.keys().filter(|id| *id != "index") {
        assert!(used.contains(id.as_str()), "no published entry is a {id}");
    }
}

#[test]
fn every_type_of_field_is_used() {
    let fen = fen();
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for (_, field, ..) in fen.written() {
        used.insert(field.kind.name());
    }
    for (entry, _) in fen.entries() {
        let sections = fen.site.schema.types[entry.kind.as_str()].fields.values();
        for field in sections {
            if let FieldKind::Section(headings) = &field.kind {
                let is_one = |text: &str| headings.values().flatten().any(|known| known == text);
                if entry.body.headings().iter().any(|heading| is_one(&heading.text)) {
                    used.insert("section");
                }
            }
        }
    }
    for name in FieldKind::NAMES {
        assert!(used.contains(name), "no entry has a value of type {name}");
    }
}

#[test]
fn every_attribute_is_used() {
    let fen = fen();
    let written = fen.written();
    let some = |has: &dyn Fn(&Field) -> bool| written.iter().any(|(_, field, ..)| has(field));
    for attribute in Field::ATTRIBUTES {
        let used = match *attribute {
            "type" | "of" => some(&|field| matches!(field.kind, FieldKind::List(_))),
            "vocabulary" => some(&|field| matches!(field.kind, FieldKind::Term(_))),
            "choices" => some(&|field| matches!(field.kind, FieldKind::Choice(_))),
            "to" => {
                some(&|field| matches!(&field.kind, FieldKind::Ref { to, .. } if !to.is_empty()))
            }
            "inverse" => {
                some(&|field| matches!(&field.kind, FieldKind::Ref { inverse: Some(_), .. }))
            }
            "inverse_label" => some(
                &|field| matches!(&field.kind, FieldKind::Ref { inverse_label, .. } if !inverse_label.is_empty()),
            ),
            "fields" => some(&|field| matches!(field.kind, FieldKind::Table(_))),
            // Sections have no key of their own; the test of types looks for their headings.
            "headings" => fen.site.schema.types["instrument"].fields["song"].is_section(),
            "required" => some(&|field| field.required),
            "required_if" => [Condition::Absent, Condition::OneOf(vec!["true".into()])]
                .iter()
                .all(|kind| some(&|field| field.required_if.iter().any(|(_, when)| when == kind))),
            "min" => some(&|field| field.min.is_some()),
            "max" => some(&|field| field.max.is_some()),
            "pattern" => some(&|field| field.pattern.is_some()),
            "after" => some(&|field| field.after.is_some()),
            "default" => fen.entries().any(|(entry, front)| {
                let fields = fen.site.schema.types[entry.kind.as_str()].fields.values();
                let mut of_default =
                    fields.filter(|field| field.default.is_some() && field.name != "status");
                of_default.any(|field| front.get(&field.name).is_none())
            }),
            "aliases" => written.iter().any(|(_, field, key, _)| {
                field.name != *key && field.aliases.iter().any(|alias| alias == key)
            }),
            "facet" => some(&|field| field.facet),
            "search" => some(&|field| field.search.is_some()),
            "related" => some(&|field| field.related > 0.0),
            "label" => some(&|field| !field.label.get("it", "en").is_empty()),
            "help" => some(&|field| !field.help.get("it", "en").is_empty()),
            "schema_org" => some(&|field| field.schema_org.is_some()),
            other => panic!("`{other}` is new: use it in tests/sites/fictional, and say here how"),
        };
        assert!(used, "no written value has a field with `{attribute}`");
    }
}

#[test]
fn references_are_linked_in_both_directions() {
    let fen = fen();
    let mut arrows = 0;
    for (entry, field, _, node) in fen.written() {
        let FieldKind::Ref { inverse, .. } = &field.kind else { continue };
        let word = node.text().expect("a reference is a word");
        let Some(target) = fen.model.find(word, &entry.lang) else { continue };
        arrows += 1;
        let links_to = |from: &Entry, to: &Entry| {
            let url = format!("/archive/{}", to.url);
            fen.page(from).links.iter().any(|link| link.tag == "a" && link.url == url)
        };
        assert!(links_to(entry, target), "{} does not link to {word}", entry.file);
        // Back to it, or to its translation in the language of the other end.
        let back = fen
            .model
            .translations(entry)
            .find(|other| other.lang == target.lang)
            .filter(|_| entry.lang != target.lang)
            .unwrap_or(entry);
        if inverse.is_some() && target.id != entry.id {
            assert!(links_to(target, back), "{} does not link back to {}", target.file, back.file);
        }
    }
    assert!(arrows > 40, "only {arrows} references");
    let gauge = fen.built.page("county/2019/lesser-tide-gauge/").expect("the lesser gauge");
    assert!(gauge.main.contains("Twin of"), "the inverse has its own label: {}", gauge.main);
}

#[test]
fn former_addresses_lead_to_the_entry() {
    let fen = fen();
    for url in ["old/lantern-vote/", "lantern-poll.html"] {
        let page = fen.built.page(url).unwrap_or_else(|| panic!("no page {url}"));
        assert!(page.is_redirect);
        let target = "https://fen.example/archive/practices/lantern-ferry-vote/";
        assert!(page.links.iter().any(|link| link.tag == "meta" && link.url == target));
    }
}

#[test]
fn long_lists_have_pages() {
    let fen = fen();
    let practices = fen.model.entries.iter().filter(|e| e.kind == "practice" && e.lang == "en");
    let count = practices.count();
    let pages = count.div_ceil(fen.site.settings.per_page);
    assert!(pages >= 2, "too few practices to need two pages");
    let mut seen = BTreeSet::new();
    for number in 1..=pages {
        let url =
            if number == 1 { "practices/".into() } else { format!("practices/page/{number}/") };
        let page = fen.built.page(&url).unwrap_or_else(|| panic!("no page {url}"));
        let own = fen.model.entries.iter().filter(|e| e.kind == "practice" && e.lang == "en");
        seen.extend(own.filter(|e| page.main.contains(e.title.as_str())).map(|e| e.url.clone()));
        if number < pages {
            let next = format!("/archive/practices/page/{}/", number + 1);
            assert!(page.links.iter().any(|link| link.url == next), "{url} has no next page");
        }
    }
    assert_eq!(seen.len(), count, "each practice stands on some page of the list");
    assert!(fen.built.page(&format!("practices/page/{}/", pages + 1)).is_none());
}

/// The number in a text behind a mark, and what follows it.
fn number_behind<'t>(text: &'t str, mark: &str) -> Option<(usize, &'t str)> {
    let rest = text.split_once(mark)?.1;
    let digits = |c: char| c.is_ascii_digit();
    let rest = &rest[rest.find(digits)?..];
    let end = rest.find(|c: char| !digits(c)).unwrap_or(rest.len());
    Some((rest[..end].parse().ok()?, &rest[end..]))
}

/// How many cards stand under a heading of a page and of those that follow it.
fn cards_under(out: &Path, page: &str, anchor: &str) -> usize {
    let (first, number) = match page.split_once("page/") {
        Some((first, number)) => (first, number.trim_end_matches('/').parse().expect("a number")),
        None => (page, 1),
    };
    let of_page = |number: usize| {
        let url = match number {
            1 => first.to_owned(),
            number => format!("{first}page/{number}/"),
        };
        let html = std::fs::read_to_string(out.join(url).join("index.html")).ok()?;
        let (_, under) = html.split_once(&format!("id=\"{anchor}\""))?;
        let own = under.split("id=\"_type-").next().unwrap_or_default();
        Some(own.matches("<li class=\"card\">").count())
    };
    (number..).map_while(of_page).sum()
}

#[test]
fn a_filter_beside_a_list_counts_within_it_and_leads_to_as_many() {
    let out = fen().built.out.path();
    let read = |url: &str| std::fs::read_to_string(out.join(url).join("index.html")).expect(url);
    let mut on_later_pages = 0;
    let lists = ["practices/", "case-studies/", "organisations/", "county/"];
    for (list, kind) in lists.iter().zip(["practice", "case-study", "organisation", "instrument"]) {
        let html = read(list);
        let (total, _) = number_behind(&html, "class=\"total\"><strong>").expect("a total");
        let mut filters = 0;
        for facet in html.split("data-facet=").skip(1) {
            let facet = facet.split("</ul>").next().unwrap_or_default();
            let mut narrows = false;
            for link in facet.split("<a href=\"/archive/").skip(1) {
                let (url, rest) = link.split_once('"').expect("an address");
                let (count, _) = number_behind(rest, "class=\"count\">").expect("a count");
                let (page, anchor) = url.split_once('#').unwrap_or((url, ""));
                let there = match anchor {
                    "" => {
                        number_behind(&read(page), "class=\"total\"><strong>").map(|found| found.0)
                    }
                    anchor => {
                        assert_eq!(anchor, format!("_type-{kind}"));
                        let told = number_behind(&read(page), &format!("id=\"{anchor}\""))
                            .map(|found| found.0);
                        assert_eq!(told, Some(count), "{list}: {url}");
                        Some(cards_under(out, page, anchor))
                    }
                };
                assert_eq!(there, Some(count), "{list} promises otherwise than {url}");
                on_later_pages += usize::from(page.contains("/page/"));
                narrows |= count < total;
                filters += 1;
            }
            assert!(narrows, "a filter of {list} that narrows nothing: {facet}");
        }
        assert!(filters > 1, "{list} has no filters");
    }
    assert!(on_later_pages > 0, "every group begins on the first page of its value");
}

#[test]
fn whoever_names_no_contact_says_whom_to_ask_instead() {
    let page = |url: &str| fen().built.page(url).unwrap_or_else(|| panic!("no page {url}"));
    let leads = |page: &Page, url: &str| page.links.iter().any(|link| link.url == url);
    let (lead, site) = ("Ask the organisation that leads it", "Ask those who keep this site");
    for url in ["pilots/lantern-winter/", "case-studies/brackwater-timetable/"] {
        let page = page(url);
        assert!(page.main.contains(lead) && !page.main.contains(site), "{}", page.main);
        assert!(page.main.contains("The harbour office"), "{}", page.main);
        assert!(leads(page, "mailto:harbour@brackwater.example"), "{url}");
    }
    let italian = page("it/case-studies/brackwater-timetable/");
    assert!(italian.main.contains("Rivolgersi all'organizzazione capofila"), "{}", italian.main);
    // Mudford has none, so it is the site's.
    let frogs = page("pilots/frog-watch/");
    assert!(frogs.main.contains(site) && leads(frogs, "mailto:archive@county.fen.example"));
    let named = page("practices/lantern-ferry-vote/");
    assert!(!named.main.contains(lead) && !named.main.contains(site), "{}", named.main);
}

#[test]
fn a_language_that_lacks_a_page_says_where_it_leads_instead() {
    let read = |path: &str| std::fs::read_to_string(fen().built.out.path().join(path)).expect(path);
    let instead = |html: &str| {
        let langs = html.split("class=\"langs\"").nth(1).expect("a choice of languages");
        langs.split("</ul>").next().unwrap_or_default().to_owned()
    };
    let pilot = instead(&read("pilots/frog-watch/index.html"));
    let link = "href=\"/archive/it/pilots/\" hreflang=\"it\" lang=\"it\">italiano \
                <span class=\"instead\">Non tradotta: vai a Progetti pilota</span></a>";
    assert!(pilot.contains(link), "{pilot}");
    // A type that has no list leads home.
    let note = instead(&read("log/2024/01/02/note-first-crossing/index.html"));
    let home = "href=\"/archive/it/\" hreflang=\"it\" lang=\"it\">italiano \
                <span class=\"instead\">Non tradotta: vai a Pagina iniziale</span></a>";
    assert!(note.contains(home), "{note}");
    let both = instead(&read("practices/lantern-ferry-vote/index.html"));
    assert!(!both.contains("instead"), "{both}");
    // No page is missing where there is none.
    let lost = instead(&read("404.html"));
    assert!(lost.contains("href=\"/archive/it/\"") && !lost.contains("Non tradotta"), "{lost}");
}

#[test]
fn translations_know_one_another() {
    let fen = fen();
    let english = fen.built.page("practices/lantern-ferry-vote/").expect("the original");
    let italian = fen.built.page("it/practices/lantern-ferry-vote/").expect("the translation");
    assert_eq!((english.lang.as_deref(), italian.lang.as_deref()), (Some("en"), Some("it")));
    let leads = |page: &Page, url: &str| page.links.iter().any(|l| l.tag == "a" && l.url == url);
    assert!(leads(english, "/archive/it/practices/lantern-ferry-vote/"));
    assert!(leads(italian, "/archive/practices/lantern-ferry-vote/"));
    for words in ["Traghetti", "Solo con la bassa marea", "1º dicembre 2023", "Nella nebbia"] {
        assert!(italian.main.contains(words), "{words} is not in {}", italian.main);
    }
    // A language folder and a suffix say the same.
    assert!(fen.built.page("it/news/tallow-prices/").is_some());
    // What is not translated is listed all the same, marked by its language.
    let list = &fen.built.page("it/organisations/").expect("the Italian list").main;
    assert!(
        list.contains("Saltmarsh Institute")
            || fen.built.page("it/organisations/page/2/").is_some()
    );
}

#[test]
fn what_is_hidden_stands_in_no_byte() {
    let fen = fen();
    let readme = std::fs::read_to_string(test_site("fictional").join("README.md")).expect("README");
    let words: Vec<&str> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" | ").next())
        .filter(|word| *word != "word")
        .collect();
    assert!(words.len() >= 8, "{words:?}");
    let content = files(&test_site("fictional").join("content"));
    let output = files(fen.built.out.path());
    for word in words {
        let holds = |(path, bytes): (&String, &Vec<u8>)| {
            let text = String::from_utf8_lossy(bytes).to_lowercase();
            text.contains(word) || path.contains(word)
        };
        assert!(content.iter().any(holds), "{word} is nowhere in the content");
        assert!(!output.iter().any(holds), "{word} is published");
    }
}

#[test]
fn an_event_that_is_over_says_so_on_the_day_after_its_last() {
    let root = test_site("fictional");
    for (today, over) in [("2023-11-04", false), ("2023-11-05", true)] {
        let built = Site::build_on(&root, None, today);
        let page = built.page("events/great-counting/").expect("it has a page");
        assert_eq!(page.main.contains("This event is over"), over, "{today}");
        assert_eq!(page.main.contains("Register"), !over, "{today}");
    }
}
