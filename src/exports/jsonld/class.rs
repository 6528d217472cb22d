//! What schema.org calls things, where the schema's own word is not enough.

use crate::model::{Entry, Value};
use crate::schema::EntryType;

/// The class of an entry: its type's, or a finer one that a value of the preset
/// settles; of a type that declares none, the widest.
pub fn of<'s>(entry: &Entry, entry_type: &'s EntryType) -> &'s str {
    let value = |field: &str| entry.value(field).and_then(Value::as_text).unwrap_or("");
    match entry_type.schema_org.as_deref().unwrap_or("CreativeWork") {
        "Organization" => match value("kind") {
            "national" | "regional" | "local" | "agency" => "GovernmentOrganization",
            "university" => "CollegeOrUniversity",
            "research" => "ResearchOrganization",
            "third-sector" => "NGO",
            _ => "Organization",
        },
        "ScholarlyArticle" => match value("csl_type") {
            "report" => "Report",
            "book" => "Book",
            "chapter" => "Chapter",
            "thesis" => "Thesis",
            "article-newspaper" => "NewsArticle",
            _ => "ScholarlyArticle",
        },
        other => other,
    }
}

/// Whether a class is the page itself.
pub fn is_page(class: &str) -> bool {
    class.ends_with("Page")
}

/// Whether things of a class are works, which have authors, languages and
/// dates of their own. Of other things it is their page that has these.
pub fn is_work(class: &str) -> bool {
    const OTHERS: &[&str] =
        &["Organization", "Project", "Person", "Event", "Place", "Service", "NGO", "University"];
    !OTHERS.iter().any(|other| class.ends_with(other))
}

/// Whether only works have a property.
pub fn of_works(property: &str) -> bool {
    matches!(
        property,
        "about"
            | "associatedMedia"
            | "audience"
            | "author"
            | "citation"
            | "contributor"
            | "dateModified"
            | "datePublished"
            | "encoding"
            | "inLanguage"
            | "isPartOf"
            | "license"
            | "publisher"
            | "spatialCoverage"
            | "temporalCoverage"
            | "timeRequired"
            | "version"
    )
}

/// Whether only pages have a property.
pub fn of_pages(property: &str) -> bool {
    matches!(property, "lastReviewed" | "reviewedBy" | "breadcrumb" | "relatedLink")
}

/// The class of what a property names, where words alone would not say it.
pub fn range(property: &str) -> Option<&'static str> {
    Some(match property {
        "author" => "Person",
        "affiliation" | "contributor" | "funder" | "organizer" | "parentOrganization"
        | "publisher" | "sponsor" => "Organization",
        "location" | "spatialCoverage" => "Place",
        "isPartOf" => "CreativeWork",
        "geo" => "GeoCoordinates",
        _ => return None,
    })
}
