//! Hand-made views of every kind of page, about places that do not exist: one
//! that shows all a template can show, and one with the least it may get.

use super::engine::Engine;
use super::shown::{Cell, Column, File, Html, Image, Named, Shown};
use super::view::*;
use indexmap::IndexMap;

fn s(text: &str) -> String {
    text.to_owned()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn link(label: &str, url: &str) -> Link {
    Link { label: s(label), url: some(url) }
}

fn named(id: &str, label: &str) -> Named {
    Named { id: s(id), label: s(label), url: Some(format!("/by/{id}/")) }
}

fn text(value: &str) -> Shown {
    Shown::Text(s(value))
}

fn texts(values: &[&str]) -> Shown {
    Shown::List(values.iter().map(|value| text(value)).collect())
}

fn reference(title: &str) -> Shown {
    Shown::Ref { url: s("/x/"), title: s(title), type_label: s("Organisation"), lang: None }
}

fn terms(values: &[(&str, &str)]) -> Shown {
    Shown::List(values.iter().map(|(id, label)| Shown::Term(named(id, label))).collect())
}

fn cell(name: &str, label: &str, value: Shown) -> Cell {
    Cell { name: s(name), label: s(label), value }
}

fn column(name: &str, label: &str, kind: &str) -> Column {
    Column { name: s(name), label: s(label), kind: s(kind) }
}

fn number(digits: &str) -> Option<Shown> {
    Some(Shown::Number(s(digits)))
}

/// A field of every type, under the names that the preset uses for some.
pub fn every_type() -> Vec<(&'static str, &'static str, Shown)> {
    let image = Image {
        src: s("data:,"),
        alt: s("A counter with two clerks"),
        caption: some("The counter in Brackwater"),
        credit: some("Photo: Lower Fen archive"),
        width: Some(640),
        height: Some(360),
    };
    let file =
        File { url: s("/f.pdf"), title: s("Guide"), size: Some(1_250_000), format: some("PDF") };
    vec![
        ("note", "Note", text("Plain <words> & signs")),
        ("story", "Story", Shown::Markdown(Html(s("<p>Words with <em>weight</em>.</p>")))),
        ("part", "Part", Shown::Section(Html(s("<p>A part of the body.</p>")))),
        ("open", "Open to all", Shown::Bool(true)),
        ("offices", "Offices", Shown::Integer(s("12500"))),
        ("share", "Share", Shown::Number(s("-0.75"))),
        ("cost", "Cost", Shown::Money { amount: s("184000.50"), currency: s("EUR") }),
        ("started", "Started", Shown::Date(s("2021-05"))),
        ("period", "Period", Shown::Period { start: s("2021-05"), end: some("2023") }),
        ("site", "Website", Shown::Url { url: s("https://fen.example/a/"), label: None }),
        ("mailbox", "Mailbox", Shown::Email(s("hello@fen.example"))),
        ("paper", "Paper", Shown::Doi { doi: s("10.1/a<b"), url: s("https://doi.org/10.1/a%3Cb") }),
        ("tongue", "Language", Shown::Language(named("lv", "Latvian"))),
        ("country", "Country", Shown::Country(named("NO", "Norway"))),
        (
            "region",
            "Region",
            Shown::Region(Named { id: s("ITH5"), label: s("Emilia-Romagna"), url: None }),
        ),
        ("terms_of_use", "Terms of use", Shown::Licence(named("CC0-1.0", "CC0 1.0"))),
        ("effort", "Effort", Shown::Choice(named("low", "Low"))),
        ("topic", "Topic", Shown::Term(named("water", "Water"))),
        ("spot", "Spot", Shown::Geo { lat: s("52.43"), lon: s("0.27") }),
        ("picture", "Picture", Shown::Image(image)),
        ("guide", "Guide", Shown::File(file)),
        ("owner", "Owner", reference("Town of Brackwater")),
        ("topics", "Topics", terms(&[("water", "Water"), ("waste", "Waste & sewage")])),
        (
            "duration",
            "Duration",
            Shown::Table(vec![
                cell("min", "At least", Shown::Number(s("2"))),
                cell("max", "At most", Shown::Number(s("6"))),
                cell(
                    "unit",
                    "Unit",
                    Shown::Choice(Named { id: s("weeks"), label: s("weeks"), url: None }),
                ),
            ]),
        ),
        (
            "place",
            "Place",
            Shown::Table(vec![
                cell("name", "Name", text("Brackwater")),
                cell("at", "At", Shown::Geo { lat: s("52.43"), lon: s("0.27") }),
            ]),
        ),
        (
            "results",
            "Results",
            Shown::Records {
                columns: vec![
                    column("indicator", "Indicator", "text"),
                    column("before", "Before", "number"),
                    column("after", "After", "number"),
                    column("unit", "Unit", "text"),
                ],
                rows: vec![
                    vec![
                        Some(text("Days until a reply")),
                        number("12"),
                        number("3.5"),
                        Some(text("days")),
                    ],
                    vec![Some(text("Visits in a month")), number("18400"), number("23150"), None],
                ],
            },
        ),
    ]
}

/// What the made-to-measure templates know by name.
fn known() -> Vec<(&'static str, &'static str, Shown)> {
    vec![
        ("maturity", "Maturity", Shown::Choice(named("promising", "Promising"))),
        ("outcome", "Outcome", Shown::Choice(named("partly", "Partly succeeded"))),
        ("stage", "Stage", Shown::Choice(named("scaled", "Scaled up"))),
        (
            "policy_areas",
            "Policy areas",
            terms(&[("services", "Public services"), ("digital", "Digital government")]),
        ),
        (
            "problems",
            "Problems",
            terms(&[("queues", "People wait too long"), ("offices", "Too many doors to knock at")]),
        ),
        (
            "countries",
            "Countries",
            Shown::List(vec![
                Shown::Country(named("NO", "Norway")),
                Shown::Country(named("LV", "Latvia")),
            ]),
        ),
        (
            "evidence",
            "Evidence",
            Shown::Table(vec![
                cell(
                    "level",
                    "Level",
                    Shown::Choice(named(
                        "3",
                        "Compared: a comparison group shows that it caused the change",
                    )),
                ),
                cell("scheme", "Scheme", text("Fen Scale of Evidence")),
                cell(
                    "assessed_by",
                    "Assessed by",
                    text("Institute for Slow Measurement, from outside"),
                ),
                cell("date", "Assessed on", Shown::Date(s("2024-03"))),
                cell(
                    "sources",
                    "Sources",
                    texts(&[
                        "Reedman, A. (2024). Two winters at the counter.",
                        "County of Lower Fen, annual report 2023",
                    ]),
                ),
            ]),
        ),
        ("levels", "Levels", terms(&[("local", "Local"), ("regional", "Regional")])),
        (
            "target_groups",
            "Target groups",
            terms(&[("older", "Older people"), ("newcomers", "Newcomers")]),
        ),
        ("participation", "Participation", Shown::Term(named("collaborate", "Collaborate"))),
        (
            "budget",
            "Budget",
            Shown::Table(vec![
                cell("band", "Band", Shown::Choice(named("100k", "€100,000 to €500,000"))),
                cell("amount", "Amount", Shown::Money { amount: s("184000"), currency: s("EUR") }),
                cell("covers", "Covers", text("Staff and rooms for two years")),
            ]),
        ),
        ("staff_fte", "Staff (full-time equivalents)", Shown::Number(s("2.5"))),
        (
            "prerequisites",
            "Before you start",
            texts(&["A mandate from the county", "A named owner for each service"]),
        ),
        (
            "transferability",
            "Transferability",
            Shown::Table(vec![
                cell(
                    "conditions",
                    "Conditions",
                    texts(&[
                        "Somebody owns each service from end to end",
                        "There is a room that people already visit",
                    ]),
                ),
                cell(
                    "not_suitable_for",
                    "Not suitable for",
                    text("Services that must not be seen by others"),
                ),
            ]),
        ),
        (
            "hypotheses",
            "Hypotheses",
            texts(&[
                "People come back less often for the same matter",
                "Clerks answer half of the questions at once",
            ]),
        ),
        (
            "success_criteria",
            "Success criteria",
            Shown::Records {
                columns: vec![
                    column("metric", "Metric", "text"),
                    column("target", "Target", "text"),
                    column("result", "Result", "text"),
                ],
                rows: vec![
                    vec![
                        Some(text("Matters closed at the first visit")),
                        Some(text("60 %")),
                        Some(text("64 %")),
                    ],
                    vec![
                        Some(text("Clerks who would go on")),
                        Some(text("all")),
                        Some(text("11 of 12")),
                    ],
                ],
            },
        ),
        (
            "milestones",
            "Milestones",
            Shown::Records {
                columns: vec![
                    column("stage", "Stage", "text"),
                    column("start", "Start", "date"),
                    column("end", "End", "date"),
                    column("note", "Note", "text"),
                ],
                rows: vec![
                    vec![
                        Some(text("First iteration")),
                        Some(Shown::Date(s("2022-01"))),
                        Some(Shown::Date(s("2022-06"))),
                        Some(text("One counter, three services.")),
                    ],
                    vec![
                        Some(text("Second iteration")),
                        Some(Shown::Date(s("2022-09"))),
                        None,
                        Some(text("Four counters, with the tax office.")),
                    ],
                ],
            },
        ),
        ("decision", "Decision", Shown::Choice(named("adopt", "Adopt it"))),
        (
            "decision_reason",
            "Why",
            Shown::Markdown(Html(s(
                "<p>The counters stay, because people stopped writing the same letter twice.</p>",
            ))),
        ),
        (
            "contact",
            "Contact",
            Shown::Table(vec![
                cell("name", "Name", text("Counter office, County of Lower Fen")),
                cell("email", "Email", Shown::Email(s("counters@fen.example"))),
            ]),
        ),
        ("authors", "Authors", Shown::List(vec![reference("Ada Brook"), reference("Jon Sedge")])),
        ("reviewed", "Last reviewed", Shown::Date(s("2025-02-03"))),
        ("version", "Version", text("1.2")),
    ]
}

fn fields(
    engine: &Engine,
    lang: &str,
    values: Vec<(&str, &str, Shown)>,
) -> IndexMap<String, Field> {
    let field = |(name, label, shown): (&str, &str, Shown)| {
        let piece = engine.show(lang, &shown, "a fixture").expect("a fixture is showable");
        let field = Field {
            name: s(name),
            label: s(label),
            help: None,
            piece,
            wide: shown.wide(),
            relation: matches!(shown, Shown::Ref { .. }),
        };
        (s(name), field)
    };
    values.into_iter().map(field).collect()
}

pub fn card(title: &str, kind: &str, label: &str) -> Card {
    Card {
        url: format!("/{kind}/{}/", title.len()),
        title: s(title),
        summary: some(
            "Two towns share one counter, so that people explain their matter once and leave with an answer.",
        ),
        kind: s(kind),
        type_label: s(label),
        lang: s("en"),
        status: s("published"),
        ..Card::default()
    }
}

fn cards() -> Vec<Card> {
    let fact = |name: &str, label: &str, text: &str, id: Option<&str>| Fact {
        name: s(name),
        label: s(label),
        text: s(text),
        id: id.map(s),
    };
    let mut one = card("One counter for four offices", "practice", "Practice");
    one.facts = vec![
        fact("maturity", "Maturity", "Promising", Some("promising")),
        fact("countries", "Countries", "Norway, Latvia", None),
    ];
    let mut two = card("A shared counter that closed after a winter", "case-study", "Case study");
    two.date = some("2022-09-22");
    two.facts = vec![
        fact("outcome", "Outcome", "Failed", Some("failed")),
        fact("countries", "Countries", "Norway", None),
    ];
    let mut three = card("Unternehmensdienstleistungsgemeinschaftszentrum", "pilot", "Pilot");
    three.facts = vec![fact("stage", "Stage", "Running", Some("running"))];
    three.lang = s("de");
    vec![one, two, three]
}

fn facet(name: &str, label: &str, values: &[(&str, usize, usize)]) -> Facet {
    let value = |(label, count, depth): &(&str, usize, usize)| FacetValue {
        id: label.to_lowercase(),
        label: s(label),
        count: *count,
        url: format!("/{name}/{}/", label.len()),
        depth: *depth,
        current: false,
    };
    Facet { name: s(name), label: s(label), values: values.iter().map(value).collect() }
}

fn site(lang: &str) -> Site {
    let nav = |label: &str, current: bool, children: Vec<NavItem>| NavItem {
        label: s(label),
        url: some("/nav/"),
        current,
        children,
    };
    let sub = |labels: &[&str]| {
        labels.iter().map(|label| nav(label, false, Vec::new())).collect::<Vec<_>>()
    };
    Site {
        title: s("Lower Fen repository of good practices"),
        description: some(
            "What the towns of Lower Fen tried, what came of it, and what they would tell the next town.",
        ),
        lang: s(lang),
        url: s("https://fen.example/"),
        base_path: s("/"),
        home_url: s("/"),
        search_url: some("/search/"),
        languages: vec![
            LanguageLink { code: s("en"), name: s("English"), url: s("/"), current: lang == "en" },
            LanguageLink {
                code: s("it"),
                name: s("Italiano"),
                url: s("/it/"),
                current: lang == "it",
            },
        ],
        navigation: vec![
            nav("Home", false, Vec::new()),
            nav(
                "Project",
                false,
                sub(&[
                    "Work packages",
                    "Objectives",
                    "Impacts & deliverables",
                    "Linked initiatives",
                ]),
            ),
            nav("Practices", true, Vec::new()),
            nav("Pilots", false, Vec::new()),
            nav(
                "Resources",
                false,
                sub(&["Media & press", "Scientific papers", "External publications and articles"]),
            ),
            nav("Contacts", false, Vec::new()),
        ],
        footer: Footer {
            mission: some(
                "Lower Fen keeps what its towns learn, so that nobody has to learn it twice: what worked, what did not, and for whom.",
            ),
            columns: vec![
                FooterColumn {
                    title: s("Get started"),
                    links: vec![
                        link("Impacts & deliverables", "/a/"),
                        link("All practices", "/b/"),
                    ],
                },
                FooterColumn {
                    title: s("About"),
                    links: vec![link("Partners", "/c/"), link("Pilots", "/d/")],
                },
                FooterColumn {
                    title: s("Policies"),
                    links: vec![link("Privacy", "/e/"), link("Accessibility", "/f/")],
                },
            ],
        },
        funding: Some(Funding {
            programme: some("Horizon 2020"),
            grant: some("000000"),
            emblem: some("eu"),
            statement: some(
                "This fictional project has received funding from nobody; a real one would name its programme and grant agreement here.",
            ),
            disclaimer: some("It reflects only its authors' view."),
        }),
        licence: Some(Licence {
            id: s("CC-BY-4.0"),
            label: s("CC BY 4.0"),
            url: some("https://creativecommons.org/licenses/by/4.0/"),
        }),
        publisher: Some(Publisher {
            name: s("County of Lower Fen"),
            url: some("https://fen.example/"),
            email: some("hello@fen.example"),
            logo: None,
        }),
        generator: s("Exempla 0.1.0"),
    }
}

fn page(kind: &str, template: &str, lang: &str) -> Page {
    Page {
        kind: s(kind),
        template: s(template),
        url: s("/practices/one-counter/"),
        canonical: s("https://fen.example/practices/one-counter/"),
        title: s("One counter for four offices"),
        description: some("People explain their matter once."),
        lang: s(lang),
        dir: s(if super::locale::is_rtl(lang) { "rtl" } else { "ltr" }),
        breadcrumbs: vec![
            link("Home", "/"),
            link("Practices", "/practices/"),
            Link { label: s("One counter for four offices"), url: None },
        ],
        alternates: vec![Alternate {
            lang: s("it"),
            name: s("Italiano"),
            url: s("https://fen.example/it/x/"),
        }],
        feeds: vec![Feed {
            title: s("News feed"),
            url: s("/feed.xml"),
            media_type: s("application/atom+xml"),
        }],
        ..Page::default()
    }
}

const BODY: &str = r##"<p>Four offices used to stand in four streets. A person who moved house met all of them, with the same papers, on four mornings. <a href="/x/">The county</a> put one counter where people already came: the library.</p>
<h2 id="problem">Problem</h2><p>Nobody saw the whole visit.<sup><a href="#fn-1">1</a></sup> Each office was quick; the person was not.</p>
<ul><li>The same form, filled four times</li><li>Opening hours that never met</li></ul>
<h2 id="solution">Solution</h2><p>One clerk, one form, and <code>one number</code> to call afterwards.</p>
<div class="alert alert-tip"><p class="alert-title">Tip</p><p>Begin with the matter that people bring most often.</p></div>
<blockquote><p>We stopped counting visits to offices, and began to count visits of people.</p></blockquote>
<div class="table-scroll" tabindex="0"><table><thead><tr><th>Office</th><th class="end">Visits</th></tr></thead><tbody><tr><td>Housing</td><td class="end">1,204</td></tr><tr><td>Tax</td><td class="end">980</td></tr></tbody></table></div>
<h3 id="steps">Steps</h3><ol><li>Follow one person through all offices.</li><li>Choose a room.</li><li>Write the one form together.</li></ol>
<ul><li><input class="task" type="checkbox" disabled checked aria-label="Done"> A mandate</li><li><input class="task" type="checkbox" disabled aria-label="To do"> A room</li></ul>"##;

fn entry(engine: &Engine, lang: &str, kind: &str, label: &str) -> Entry {
    let mut values = every_type();
    values.retain(|(name, ..)| {
        kind == "thing"
            || matches!(*name, "results" | "duration" | "period" | "owner" | "effort" | "place")
    });
    values.extend(known());
    let shapes: &[&str] = match kind {
        "practice" => &[
            "outcome",
            "stage",
            "milestones",
            "success_criteria",
            "decision",
            "decision_reason",
            "hypotheses",
            "results",
            "period",
        ],
        "case-study" => &[
            "maturity",
            "stage",
            "milestones",
            "success_criteria",
            "decision",
            "decision_reason",
            "hypotheses",
            "effort",
        ],
        "pilot" => &["maturity", "outcome", "effort", "evidence", "transferability"],
        _ => &[],
    };
    values.retain(|(name, ..)| !shapes.contains(name));
    let part = |name: Option<&str>, title: Option<&str>, html: &str| Part {
        name: name.map(s),
        id: title.map(str::to_lowercase),
        title: title.map(s),
        html: s(html),
    };
    let toc = |id: &str, text: &str, children: Vec<TocItem>| TocItem {
        level: 2,
        id: s(id),
        text: s(text),
        children,
    };
    Entry {
        id: s("practices/one-counter"),
        kind: EntryType {
            id: s(kind),
            label: s(label),
            plural: format!("{label}s"),
            url: some("/practices/"),
        },
        url: s("/practices/one-counter/"),
        title: s("One counter for four offices"),
        summary: some(
            "People explain their matter once, at a counter that four offices share in the library, and leave with an answer or with the name of the person who will give it.",
        ),
        lang: s(lang),
        dir: s("ltr"),
        body: s(BODY),
        parts: vec![
            part(
                None,
                None,
                "<p>Four offices used to stand in four streets. A person who moved house met all of them, with the same papers, on four mornings.</p>",
            ),
            part(
                Some("problem"),
                Some("Problem"),
                "<p>Nobody saw the whole visit. Each office was quick; the person was not.</p>",
            ),
            part(
                Some("solution"),
                Some("Solution"),
                "<p>One clerk, one form, and one number to call afterwards.</p><h4>At the counter</h4><p>Clerks sit in pairs.</p>",
            ),
            part(
                None,
                Some("Anything the schema does not know"),
                "<p>It stays where it stood.</p>",
            ),
            part(
                Some("evidence_section"),
                Some("Evidence"),
                "<p>Two winters with the counter were compared with two winters in a town without.</p>",
            ),
            part(
                Some("risks"),
                Some("Risks and limits"),
                "<p>A counter without a mandate becomes a fifth office.</p>",
            ),
            part(
                Some("what_did_not_work"),
                Some("What did not work"),
                "<p>The shared calendar was dropped after a month.</p>",
            ),
            part(
                Some("references"),
                Some("References"),
                "<ul><li>Reedman, A. (2024). Two winters at the counter.</li></ul>",
            ),
        ],
        toc: vec![
            toc("problem", "Problem", vec![]),
            toc("solution", "Solution", vec![toc("steps", "Steps", vec![])]),
        ],
        fields: fields(engine, lang, values),
        status: s("published"),
        date: some("2024-05-02"),
        updated: some("2025-01-15"),
        overdue: kind == "practice",
        completeness: Some(Completeness { score: 18, of: 24 }),
        relations: vec![
            Relation {
                name: s("applied_in"),
                label: s("Applied in"),
                cards: cards()[1..2].to_vec(),
            },
            Relation { name: s("tested_in"), label: s("Tested in"), cards: cards()[2..].to_vec() },
        ],
        related: cards(),
        tags: vec![link("Counters", "/tags/counters/"), link("Libraries", "/tags/libraries/")],
        attachments: vec![
            Attachment {
                title: s("The one form"),
                url: s("/form.pdf"),
                size: Some(184_000),
                format: some("PDF"),
            },
            Attachment {
                title: s("Floor plan"),
                url: s("/plan.odg"),
                size: None,
                format: some("ODG"),
            },
        ],
        image: None,
        edit_url: some("https://git.example/edit/one-counter.md"),
        source_path: s("content/practices/one-counter.md"),
        cite: None,
    }
}

fn list() -> List {
    let page = |page: Option<usize>, current: bool| PageLink {
        page,
        url: page.map(|n| format!("/{n}/")),
        current,
    };
    List {
        kind: None,
        title: s("Practices"),
        intro: some("<p>Ways of working that others may copy, with what is known about them.</p>"),
        cards: [cards(), cards()].concat(),
        total: 1_204,
        pagination: Pagination {
            page: 3,
            pages: 51,
            prev_url: some("/2/"),
            next_url: some("/4/"),
            links: vec![
                page(Some(1), false),
                page(Some(2), false),
                page(Some(3), true),
                page(Some(4), false),
                page(None, false),
                page(Some(51), false),
            ],
        },
        facets: vec![
            facet(
                "type",
                "Type",
                &[("Practice", 640, 0), ("Case study", 402, 0), ("Pilot", 162, 0)],
            ),
            facet(
                "problems",
                "Problem",
                &[("People wait too long", 88, 0), ("Too many doors", 41, 0)],
            ),
            facet(
                "policy_areas",
                "Policy area",
                &[
                    ("Environment", 70, 0),
                    ("Water", 30, 1),
                    ("Waste & sewage", 12, 1),
                    ("Health", 12, 0),
                ],
            ),
            facet("countries", "Country", &[("Norway", 12, 0), ("Latvia", 9, 0)]),
        ],
    }
}

/// A view that fills all that a template of this name can show.
pub fn full(engine: &Engine, template: &str, lang: &str) -> PageView {
    let (kind, label) = match template {
        "practice" => ("practice", "Practice"),
        "case-study" => ("case-study", "Case study"),
        "pilot" => ("pilot", "Pilot"),
        _ => ("thing", "Thing"),
    };
    let frame = match template {
        "entry" | "practice" | "case-study" | "pilot" => "entry",
        other => other,
    };
    let mut view =
        PageView { site: site(lang), page: page(frame, template, lang), ..PageView::default() };
    match template {
        "home" => {
            view.home = Some(Home {
                intro: None,
                figures: [
                    ("Practices", 640),
                    ("Case studies", 402),
                    ("Pilots", 162),
                    ("Countries", 31),
                ]
                .map(|(label, count)| Figure { label: s(label), count, url: some("/x/") })
                .to_vec(),
                blocks: vec![
                    Block::Search { title: None },
                    Block::Facet {
                        title: s("By problem"),
                        facet: facet(
                            "problems",
                            "Problem",
                            &[
                                ("People wait too long", 88, 0),
                                ("Too many doors to knock at", 41, 0),
                                ("Nobody knows who decides", 17, 0),
                                ("Rules that contradict each other", 9, 0),
                            ],
                        ),
                    },
                    Block::List { title: s("Use cases"), url: some("/news/"), cards: cards() },
                    Block::Text { title: some("About"), html: s("<p>Words about the site.</p>") },
                ],
            });
        }
        "list" => view.list = Some(list()),
        "term" => {
            view.list = Some(list());
            view.term = Some(Term {
                field: s("policy_areas"),
                field_label: s("Policy area"),
                id: s("water"),
                label: s("Water"),
                description: some("Supply, use and protection of water."),
                broader: Some(link("Environment", "/env/")),
                narrower: facet("policy_areas", "", &[("Drinking water", 12, 0), ("Rivers", 4, 0)])
                    .values,
            });
        }
        "404" | "redirect" => {}
        _ => {
            view.entry = Some(entry(engine, lang, kind, label));
            view.lists.insert(
                s("use_cases"),
                CardList { title: s("Use cases"), url: some("/news/"), cards: cards() },
            );
        }
    }
    view
}

/// A view with the least that a template of this name may get.
pub fn minimal(engine: &Engine, template: &str, lang: &str) -> PageView {
    let mut view = full(engine, template, lang);
    view.site = Site {
        title: s("Site"),
        lang: s(lang),
        home_url: s("/"),
        base_path: s("/"),
        ..Site::default()
    };
    view.page = Page {
        kind: view.page.kind,
        lang: s(lang),
        dir: s("ltr"),
        title: s("Title"),
        ..Page::default()
    };
    view.lists.clear();
    view.home = view.home.map(|_| Home::default());
    view.list = view.list.map(|_| List { title: s("List"), ..List::default() });
    view.term = view.term.map(|_| Term { label: s("Term"), ..Term::default() });
    view.entry = view.entry.map(|_| Entry {
        title: s("Title"),
        lang: s("xx"),
        dir: s("ltr"),
        ..Entry::default()
    });
    view
}
