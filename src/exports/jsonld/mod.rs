//! Linked data in JSON-LD, in the words of schema.org.
//!
//! Enters: a page with its view. Leaves: one graph for the page's head, safe
//! inside a script element: the page, its place among the others, and what it is
//! about. Classes come from types, properties from fields (`schema_org`).

mod class;
mod value;

use super::{address, cite};
use crate::model::Entry;
use crate::render::{Page, PageKind, Renderer, plan, view};
use crate::schema::FieldKind;
use serde_json::{Map, Value as Json, json};
use value::Speaker;

/// The graph of a page.
pub fn of(renderer: &Renderer, page: &Page, view: &view::PageView) -> String {
    let base = &renderer.site().settings.base_url;
    let own = address::of_path(base, &page.url);
    let mut node = Node::new("WebPage", &own);
    node.add("url", own.as_str().into());
    node.add("name", view.page.title.as_str().into());
    node.text("description", view.page.description.as_deref());
    node.add("inLanguage", page.lang.as_str().into());
    node.add("isPartOf", json!({ "@id": website(renderer) }));
    if !view.page.breadcrumbs.is_empty() {
        node.add("breadcrumb", breadcrumbs(renderer, &own, &view.page.breadcrumbs));
    }
    let mut nodes = Vec::new();
    match &page.kind {
        PageKind::Home => nodes.extend(home(renderer, view)),
        PageKind::Entry(at) => {
            let entry = &renderer.model().entries[*at];
            nodes.extend(of_entry(renderer, entry, view, &mut node));
        }
        PageKind::Term(field, at, _) => {
            node.class("CollectionPage");
            if let Some(term) = term(renderer, page, field, *at) {
                node.add("about", term);
            }
        }
        PageKind::Facet(field) => {
            node.class("CollectionPage");
            node.add("about", term_set(renderer, &page.lang, field));
        }
        PageKind::Search => node.class("SearchResultsPage"),
        _ => node.class("CollectionPage"),
    }
    nodes.insert(0, node.finish());
    in_script(&json!({ "@context": "https://schema.org", "@graph": nodes }))
}

/// JSON that no HTML parser can take for markup, and no validator for text with
/// characters that HTML forbids. All of these stand within strings only.
fn in_script(json: &Json) -> String {
    let text = json.to_string();
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\u{fdd0}'..='\u{fdef}' => {
                escape(&mut out, c)
            }
            c if c.is_control() || u32::from(c) & 0xfffe == 0xfffe => escape(&mut out, c),
            c => out.push(c),
        }
    }
    out
}

fn escape(out: &mut String, c: char) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        out.push_str(&format!("\\u{unit:04x}"));
    }
}

/// A thing with properties.
struct Node(Map<String, Json>);

impl Node {
    fn new(class: &str, id: &str) -> Self {
        Self(Map::from_iter([("@type".to_owned(), class.into()), ("@id".to_owned(), id.into())]))
    }

    fn class(&mut self, class: &str) {
        self.0.insert("@type".to_owned(), class.into());
    }

    fn has(&self, property: &str) -> bool {
        self.0.contains_key(property)
    }

    /// Adds a value, or several; what is said already is not said again.
    fn add(&mut self, property: &str, value: Json) {
        let more = match value {
            Json::Array(items) => items,
            single => vec![single],
        };
        let before = match self.0.remove(property) {
            Some(Json::Array(items)) => items,
            Some(single) => vec![single],
            None => Vec::new(),
        };
        let mut all = before;
        for item in more {
            if !all.contains(&item) {
                all.push(item);
            }
        }
        let value = if all.len() == 1 { all.remove(0) } else { Json::Array(all) };
        self.0.insert(property.to_owned(), value);
    }

    fn text(&mut self, property: &str, text: Option<&str>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.add(property, text.into());
        }
    }

    fn finish(self) -> Json {
        Json::Object(self.0)
    }
}

fn website(renderer: &Renderer) -> String {
    address::of_path(&renderer.site().settings.base_url, "") + "#website"
}

fn breadcrumbs(renderer: &Renderer, own: &str, trail: &[view::Link]) -> Json {
    let base = &renderer.site().settings.base_url;
    let item = |(position, link): (usize, &view::Link)| {
        let url = match &link.url {
            Some(url) => address::of_link(base, url),
            None => own.to_owned(),
        };
        json!({ "@type": "ListItem", "position": position, "name": link.label, "item": url })
    };
    let items: Vec<Json> = (1..).zip(trail).map(item).collect();
    json!({ "@type": "BreadcrumbList", "itemListElement": items })
}

/// The site itself, and the collection that it is.
fn home(renderer: &Renderer, view: &view::PageView) -> [Json; 2] {
    let base = &renderer.site().settings.base_url;
    let about = |class: &str, id: &str| {
        let mut node = Node::new(class, id);
        node.add("url", address::of_path(base, "").into());
        node.add("name", view.site.title.as_str().into());
        node.text("description", view.site.description.as_deref());
        if let Some(publisher) = publisher(view) {
            node.add("publisher", publisher);
        }
        node.text("license", view.site.licence.as_ref().and_then(|one| one.url.as_deref()));
        node
    };
    let mut site = about("WebSite", &website(renderer));
    site.add("inLanguage", json!(renderer.site().settings.languages));
    if let Some(search) = &view.site.search_url {
        let target = format!("{}{search}?q={{search_term_string}}", base.origin());
        site.add(
            "potentialAction",
            json!({
                "@type": "SearchAction",
                "target": { "@type": "EntryPoint", "urlTemplate": target },
                "query-input": "required name=search_term_string",
            }),
        );
    }
    let catalog = about("DataCatalog", &(address::of_path(base, "") + "#catalog"));
    [site.finish(), catalog.finish()]
}

fn publisher(view: &view::PageView) -> Option<Json> {
    let publisher = view.site.publisher.as_ref().filter(|publisher| !publisher.name.is_empty())?;
    let mut node = json!({ "@type": "Organization", "name": publisher.name });
    if let Some(url) = &publisher.url {
        node["url"] = url.as_str().into();
    }
    Some(node)
}

/// What an entry is about, unless it is only its page. What works alone have is
/// said of the page where the entry is no work.
fn of_entry(
    renderer: &Renderer,
    entry: &Entry,
    view: &view::PageView,
    page: &mut Node,
) -> Option<Json> {
    let entry_type = renderer.model().type_of(&renderer.site().schema, entry);
    let class = class::of(entry, entry_type);
    let speaker = Speaker { renderer, entry };
    let mut said: Vec<(&str, String, Json)> = Vec::new();
    for (name, stored) in &*entry.values {
        let Some(field) = entry_type.fields.get(name) else { continue };
        match field.schema_org.as_deref() {
            Some("name" | "description" | "identifier") => {}
            Some(property) => said.extend(
                speaker
                    .say(field, property, &stored.value)
                    .map(|json| (name.as_str(), property.to_owned(), json)),
            ),
            None => said.extend(
                speaker
                    .hoisted(field, &stored.value)
                    .into_iter()
                    .map(|(property, json)| (name.as_str(), property, json)),
            ),
        }
    }
    let of_site = !cite::describes(entry_type);
    if class::is_page(class) {
        page.class(class);
        said.into_iter().for_each(|(_, property, json)| page.add(&property, json));
        owned(renderer, page, view);
        return None;
    }
    let work = class::is_work(class);
    let mut thing = Node::new(class, &value::id(renderer, entry, class));
    thing.add("name", entry.title.as_str().into());
    if class.ends_with("Article") {
        thing.add("headline", entry.title.as_str().into());
    }
    thing.text("description", entry.summary.as_deref());
    thing.add("identifier", entry.id.as_str().into());
    // Where the site only describes a work, its dates are the page's unless
    // they are all that is known.
    said.sort_by_key(|(name, ..)| matches!(*name, "date" | "updated"));
    for (name, property, json) in said {
        let of_page = class::of_pages(&property)
            || (!work && class::of_works(&property))
            || (matches!(name, "date" | "updated") && !of_site && thing.has(&property));
        let node = if of_page { &mut *page } else { &mut thing };
        node.add(&property, json);
    }
    if let Some(steps) = steps(entry, entry_type, view) {
        thing.0.insert("@type".to_owned(), json!([class, "HowTo"]));
        thing.add("step", steps.into());
    }
    if work && !thing.has("inLanguage") {
        thing.add("inLanguage", entry.lang.as_str().into());
    }
    if !thing.has("url") {
        page.0.get("@id").cloned().into_iter().for_each(|url| thing.add("url", url));
    }
    owned(renderer, if work && of_site { &mut thing } else { &mut *page }, view);
    if let Some(id) = thing.0.get("@id") {
        page.add("mainEntity", json!({ "@id": id }));
    }
    Some(thing.finish())
}

/// Whose a text of the site is, where it does not say itself.
fn owned(renderer: &Renderer, node: &mut Node, view: &view::PageView) {
    if let Some(publisher) = publisher(view) {
        for property in ["publisher", "author"] {
            if !node.has(property) {
                node.add(property, publisher.clone());
            }
        }
    }
    if let Some(licence) = renderer.site().settings.licence.as_deref()
        && !node.has("license")
    {
        node.add("license", value::licence(licence).into());
    }
}

/// The words of the section that says how to do it.
fn steps(
    entry: &Entry,
    entry_type: &crate::schema::EntryType,
    view: &view::PageView,
) -> Option<String> {
    let field = entry_type
        .fields
        .values()
        .find(|field| field.is_section() && field.schema_org.as_deref() == Some("step"))?;
    let mut parts = view.entry.as_ref()?.parts.iter();
    let part = parts.find(|part| part.name.as_ref() == Some(&field.name))?;
    let at = entry.body.headings().iter().position(|heading| Some(&heading.id) == part.id.as_ref());
    Some(entry.body.section_text(at?)).filter(|text| !text.trim().is_empty())
}

/// The vocabulary, or other set of values, that a facet's page shows.
fn term_set(renderer: &Renderer, lang: &str, field: &str) -> Json {
    let settings = &renderer.site().settings;
    let path = format!("{}{}", settings.prefix(lang), plan::facet_url(field, None));
    let facet = renderer.model().facets.get(lang).and_then(|facets| facets.get(field));
    json!({
        "@type": "DefinedTermSet",
        "@id": address::of_path(&settings.base_url, &path) + "#terms",
        "name": facet.map(|facet| facet.label.as_str()),
    })
}

/// The term of a controlled list that a page shows; words that editors coin are none.
fn term(renderer: &Renderer, page: &Page, field: &str, at: usize) -> Option<Json> {
    let facet = renderer.model().facets.get(&page.lang)?.get(field)?;
    let mut types = renderer.site().schema.types.values();
    let kind = types.find_map(|of| Some(&of.fields.get(field)?.item().kind))?;
    let value = facet.values.get(at)?;
    matches!(kind, FieldKind::Term(_)).then(|| {
        json!({
            "@type": "DefinedTerm",
            "name": value.label,
            "termCode": value.id,
            "inDefinedTermSet": term_set(renderer, &page.lang, field),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_safe_in_a_script_element() {
        let hostile = "</script><!-- & ]]> \u{2028}\u{85}\u{7f}\u{fffe}\u{1ffff}\u{202e} \" \\ 🦆";
        let text = in_script(&json!({ "name": hostile }));
        assert!(!text.contains(['<', '>', '&', '\u{2028}', '\u{85}', '\u{7f}', '\u{fffe}']));
        let back: Json = serde_json::from_str(&text).expect("still JSON");
        assert_eq!(back["name"], hostile);
    }
}
