//! What is saved is shown.

use super::built::options;
use super::server::Server;
use exempla::build::build;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

const PAGE: &str = "/practices/reed-bed-walks/";
const FILE: &str = "practices/reed-bed-walks/index.md";

#[test]
fn a_saved_change_of_words_or_title_is_served_and_told() {
    let server = Server::new(&[]);
    let mut events = server.events();
    let first = server.get(PAGE);
    assert_eq!(first.status, 200);
    assert!(first.text().contains("/-/live.js?v=1-"), "{}", first.text());
    events.next(str::is_empty);
    server.replace(FILE, "Walk slowly.", "Walk backwards.");
    events.next(str::is_empty);
    server.wait_for(PAGE, "Walk backwards.");
    let title = fs::read_to_string(server.content(FILE)).expect("the entry");
    let title =
        title.lines().find(|line| line.starts_with("title = ")).expect("a title").to_owned();
    server.replace(FILE, &title, "title = \"Walking in reeds\"");
    server.wait_for(PAGE, "Walking in reeds");
    server.wait_for("/browse/tags/walking/", "Walking in reeds");
}

#[test]
fn a_broken_entry_keeps_its_page_and_says_why_until_it_is_mended() {
    let server = Server::new(&[]);
    let mut events = server.events();
    let good = fs::read_to_string(server.content(FILE)).expect("the entry");
    let page = server.wait_for_copies(PAGE).page();
    server.write(FILE, &good.replacen("+++\n", "+++\ncountries = [\"Narnia\"]\n", 1));
    let wrong = events.next(|errors| errors.contains("Narnia"));
    assert!(wrong.contains(FILE) && wrong.contains("countries = [\"Narnia\"]"), "{wrong}");
    assert_eq!(server.get(PAGE).page(), page, "the last good page stays");
    // Half of a file, as an editor may leave it for a moment, and for good.
    server.write(FILE, "---\ntitle: Half");
    events.next(|errors| errors.contains("not closed"));
    assert_eq!(server.get(PAGE).page(), page);
    server.write(FILE, &good.replace("Walk slowly.", "Walk backwards."));
    events.next(str::is_empty);
    server.wait_for(PAGE, "Walk backwards.");
}

fn plain(title: &str) -> String {
    format!("---\ntitle: {title}\nsummary: A plain one.\n---\nText.\n")
}

#[test]
fn files_and_folders_come_go_and_move() {
    let server = Server::new(&[]);
    let good = fs::read_to_string(server.content(FILE)).expect("the entry");
    // An editor that saves by renaming.
    fs::write(server.content("practices/reed-bed-walks/.index.md.swp"), "x").expect("written");
    let new = server.content("practices/reed-bed-walks/index.md~new");
    fs::write(&new, good.replace("Walk slowly.", "Walk sideways.")).expect("written");
    fs::rename(&new, server.content(FILE)).expect("renamed");
    server.wait_for(PAGE, "Walk sideways.");
    // A folder moves, and another comes with what is in it.
    fs::rename(server.content("practices/reed-bed-walks"), server.content("practices/walks"))
        .expect("moved");
    server.wait("/practices/walks/", |reply| reply.status == 200);
    server.wait(PAGE, |reply| reply.status == 404);
    fs::create_dir_all(server.content("practices/deep/deeper")).expect("made");
    server.write("practices/deep/deeper/new.md", &plain("New one"));
    server.wait("/practices/new/", |reply| reply.status == 200);
    server.write("practices/deep/deeper/new.md", &plain("Newer one"));
    server.wait_for("/practices/new/", "Newer one");
    fs::remove_dir_all(server.content("practices/deep")).expect("removed");
    server.wait("/practices/new/", |reply| reply.status == 404);
}

/// The text of a `site.toml` with another title.
fn titled(text: &str, title: &str) -> String {
    let lines = text.lines().map(|line| match line.starts_with("title = ") {
        true => format!("title = \"{title}\"\n"),
        false => format!("{line}\n"),
    });
    lines.collect()
}

/// Makes a theme that has nothing of its own yet; returns its folder.
fn theme(server: &Server) -> PathBuf {
    let theme = server.root().join("themes/mine");
    fs::create_dir_all(theme.join("templates")).expect("made");
    fs::write(theme.join("theme.toml"), "name = 'mine'\nversion = '1'\nexempla = '>=0.1'\n")
        .expect("written");
    theme
}

#[test]
fn settings_themes_and_texts_are_followed() {
    let server = Server::new(&[]);
    let mut events = server.events();
    let site = server.root().join("site.toml");
    let text = fs::read_to_string(&site).expect("site.toml");
    let titled = |title: &str| titled(&text, title);
    fs::write(&site, titled("Another name")).expect("written");
    server.wait_for(PAGE, "Another name");
    fs::write(&site, "title = ").expect("written");
    events.next(|errors| errors.contains("site.toml"));
    assert!(server.get(PAGE).text().contains("Another name"));
    fs::write(&site, titled("A third name")).expect("written");
    events.next(str::is_empty);
    server.wait_for(PAGE, "A third name");
    // A theme that comes later.
    let theme = theme(&server);
    fs::create_dir_all(theme.join("i18n")).expect("made");
    let themed = titled("Themed").replace("theme = \"default\"", "theme = \"mine\"");
    fs::write(&site, themed).expect("written");
    server.wait_for(PAGE, "Themed");
    let template = theme.join("templates/practice.html");
    fs::write(&template, "<body><p>Mine: {{ entry.title }}</p></body>").expect("written");
    let mine = server.wait_for(PAGE, "Mine: ");
    fs::write(&template, "<body><p>{{ entry.titel }}</p></body>").expect("written");
    let wrong = events.next(|errors| {
        // A page that is asked for shows what its template lacks.
        server.get(PAGE);
        errors.contains("titel")
    });
    assert!(wrong.contains("themes/mine/templates/practice.html"), "{wrong}");
    assert_eq!(server.get(PAGE).page(), mine.page(), "the last good page stays");
    fs::write(&template, "<body><p>Mended: {{ t.nav.home }}</p></body>").expect("written");
    server.wait_for(PAGE, "Mended: ");
    fs::write(theme.join("i18n/en.toml"), "[nav]\nhome = \"Start here\"\n").expect("written");
    server.wait_for(PAGE, "Mended: Start here");
}

#[test]
fn files_that_the_settings_name_are_followed() {
    let server = Server::new(&[]);
    let site = server.root().join("site.toml");
    let text = fs::read_to_string(&site).expect("site.toml");
    let folder = server.root().join("look/css");
    let sheet = folder.join("own.css");
    let shows = |words: &str| {
        server.wait("/", |reply| {
            let page = reply.text();
            let sheets = page.split('"').filter(|part| part.ends_with(".css"));
            sheets.map(|sheet| server.get(sheet).text()).any(|sheet| sheet.contains(words))
        });
    };
    let mut events = server.events();
    fs::write(&site, format!("{text}\n[appearance]\ncss = \"look/css/own.css\"\n"))
        .expect("written");
    events.next(|errors| errors.contains("look/css/own.css"));
    fs::create_dir_all(&folder).expect("made");
    fs::write(&sheet, "p { color: red }").expect("written");
    events.next(str::is_empty);
    shows("color: red");
    fs::write(&sheet, "p { color: tan }").expect("written");
    shows("color: tan");
    // Its folder is made anew, as a program does that makes style sheets.
    fs::remove_dir_all(&folder).expect("removed");
    fs::create_dir_all(&folder).expect("made");
    fs::write(&sheet, "p { color: teal }").expect("written");
    shows("color: teal");
    fs::write(&sheet, "p { color: pink }").expect("written");
    shows("color: pink");
}

#[test]
fn what_was_found_in_settings_that_are_gone_is_not_told() {
    let server = Server::new(&[]);
    let mut events = server.events();
    let site = server.root().join("site.toml");
    let text = fs::read_to_string(&site).expect("site.toml");
    let linked = format!("{text}\n[[footer.columns]]\nlinks = [{{ entry = \"pages/nowhere\" }}]\n");
    fs::write(&site, linked).expect("written");
    let told = events.next(|errors| errors.contains("there is no entry `pages/nowhere`"));
    fs::write(&site, format!("# one\n# two\n{text}\nbroken = ")).expect("written");
    let now = events.next(|errors| errors != told && !errors.is_empty());
    assert!(now.contains("config/syntax") && !now.contains("nowhere"), "{now}");
    fs::write(&site, &text).expect("written");
    events.next(str::is_empty);
}

#[test]
fn warnings_of_what_was_written_are_told_once() {
    let server = Server::new(&[]);
    server.replace(FILE, "Walk slowly.", "Walk slowly. ![](nope.jpg) [on](nope.md)");
    let said = server.wait_for_word("dangling-link");
    assert!(said.contains("there is no picture `nope.jpg`"), "{said}");
    // It moves down, and a new one comes: what is known is not told again.
    server.replace(FILE, "Walk slowly.", "[off](gone.md)\n\nWalk slowly.");
    server.wait_for_word("`gone.md` leads nowhere");
    server.write("news/other.md", "---\ntitle: Other\nsummary: Now.\n---\n[on](last.md)\n");
    let said = server.wait_for_word("`last.md` leads nowhere");
    for target in ["nope.md", "gone.md"] {
        assert_eq!(said.matches(&format!("`{target}` leads nowhere")).count(), 1, "{said}");
    }
}

#[test]
fn a_content_folder_that_goes_and_comes_back_leaves_its_pages() {
    let server = Server::new(&[]);
    let mut events = server.events();
    let (content, away) = (server.root().join("content"), server.root().join("away"));
    fs::rename(&content, &away).expect("renamed");
    let told = events.next(|errors| !errors.is_empty());
    assert!(told.contains("the content folder `content` is not there"), "{told}");
    assert_eq!(told.matches("error[").count(), 1, "{told}");
    assert_eq!(server.get(PAGE).status, 200, "the last good page stays");
    fs::rename(&away, &content).expect("renamed");
    events.next(str::is_empty);
    server.replace(FILE, "Walk slowly.", "Walk quickly.");
    server.wait_for(PAGE, "Walk quickly.");
}

#[test]
fn many_files_at_once_are_followed() {
    let server = Server::new(&[]);
    let entry =
        |number: usize| format!("---\ntitle: Burst {number}\ndate: 2024-01-01\n---\nText.\n");
    fs::create_dir_all(server.content("news/many")).expect("made");
    for number in 0..2000 {
        server.write(&format!("news/many/n{number}.md"), &entry(number));
    }
    for number in [0, 999, 1999] {
        server.wait_for(&format!("/news/n{number}/"), &format!("Burst {number}"));
    }
    // As git does when it checks out another branch: away with the old, here is the new.
    for number in 0..2000 {
        let file = server.content(&format!("news/many/n{number}.md"));
        fs::remove_file(&file).expect("removed");
        fs::write(&file, entry(number).replace("Burst", "Branch")).expect("written");
    }
    for number in [0, 999, 1999] {
        server.wait_for(&format!("/news/n{number}/"), &format!("Branch {number}"));
    }
    server.wait_for("/news/", "Branch ");
    fs::remove_dir_all(server.content("news/many")).expect("removed");
    server.wait("/news/n1999/", |reply| reply.status == 404);
}

#[test]
fn pictures_are_followed() {
    let server = Server::new(&[]);
    let dot = |size: u8| format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{size}\"/>");
    // A picture that comes after the entry that shows it.
    server
        .write("news/dotted.md", "---\ntitle: Dotted\ndate: 2024-01-01\n---\n![A dot](dot.svg)\n");
    server.wait_for("/news/dotted/", "Dotted");
    server.write("news/dot.svg", &dot(1));
    let page = server.wait_for("/news/dotted/", "/news/dot.").text();
    let at = page.find("/news/dot.").expect("the picture");
    let url = page[at..].split('"').next().expect("its address").to_owned();
    let picture = server.get(&url);
    assert_eq!((picture.status, picture.header("content-type")), (200, Some("image/svg+xml")));
    server.write("news/dot.svg", &dot(2));
    server.wait("/news/dotted/", |reply| {
        let text = reply.text();
        text.contains("/news/dot.") && !text.contains(&url)
    });
}

#[test]
fn search_knows_at_once_and_later_as_a_build_does() {
    let server = Server::new(&[]);
    let asked = "/-/search?q=zebracrossing&lang=en";
    server.wait(asked, |reply| reply.status == 200 && reply.text().contains("\"total\":0"));
    server.replace(FILE, "Walk slowly.", "Walk over the zebracrossing.");
    let found = server.wait_for(asked, "\"total\":1").text();
    assert!(found.contains("reed-bed-walks"), "{found}");
    // Also by date: what was just written is not the newest for that.
    let by_date = "/-/search?q=&lang=en&sort=date&limit=5";
    let before = server.get(by_date).text();
    server.replace(FILE, "Walk over the zebracrossing.", "Walk over one zebracrossing.");
    server.wait_for("/practices/reed-bed-walks/", "Walk over one zebracrossing.");
    let ids = |text: &str| -> Vec<String> {
        let json: serde_json::Value = serde_json::from_str(text).expect("JSON");
        let hits = json["hits"].as_array().expect("hits").iter();
        hits.map(|hit| hit["id"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(ids(&server.get(by_date).text()), ids(&before));
    let described = server.get("/-/facet?name=type&lang=en").text();
    assert!(described.contains("[\"practice\",\"Practices\"]"), "{described}");
    assert_eq!(server.get("/-/facet?name=none&lang=en").status, 404);
    assert_eq!(server.get("/search-pack/none").status, 404);
    // The reader of the page asks the server; the theme's own stands behind it.
    let page = server.get("/search/").text();
    let at = page.find("/assets/search/reader.").expect("the reader");
    let reader = page[at..].split('"').next().expect("its address");
    let live = server.get(reader).text();
    let name = reader.rsplit('/').next().expect("its name");
    assert!(
        live.contains("asked(\"search\"") && live.contains(&format!("from \"./{name}?theme\"")),
        "{live}"
    );
    assert!(server.get(&format!("{reader}?theme")).text().contains("export function open"));
    // When all is indexed anew, the pack is that of a clean build.
    let out = tempfile::TempDir::new().expect("a temporary folder");
    let base = format!("http://127.0.0.1:{}/", server.port);
    let build = std::process::Command::new(env!("CARGO_BIN_EXE_exempla"))
        .arg("--root")
        .arg(server.root())
        .args(["build", "--quiet", "--drafts", "--date", super::server::DAY])
        .args(["--base-url", &base, "--output"])
        .arg(out.path())
        .output()
        .expect("it runs");
    assert!(build.status.success(), "{}", String::from_utf8_lossy(&build.stderr));
    let pack = super::built::files(&out.path().join("search-pack"));
    assert!(pack.len() > 5);
    for (path, bytes) in pack {
        server.wait(&format!("/search-pack/{path}"), |reply| reply.body == bytes);
    }
}

#[test]
fn drafts_are_shown_and_marked_unless_asked_otherwise() {
    let draft =
        "---\ntitle: Unfinished\nsummary: Soon.\ndate: 2024-06-01\ndraft: true\n---\nText.\n";
    let future = "---\ntitle: Tomorrow\nsummary: Soon.\ndate: 2030-01-01\n---\nText.\n";
    let put = |server: &Server| {
        server.write("news/unfinished.md", draft);
        server.write("news/tomorrow.md", future);
        server.write(
            "news/plain.md",
            "---\ntitle: Plain\nsummary: Now.\ndate: 2024-06-01\n---\nText.\n",
        );
        server.wait_for("/news/plain/", "Plain");
    };
    let server = Server::new(&[]);
    put(&server);
    server.wait_for("/news/unfinished/", "&hidden=draft");
    server.wait_for("/news/tomorrow/", "&hidden=future");
    assert!(!server.get("/news/plain/").text().contains("&hidden="));
    let list = server.get("/news/").text() + &server.get("/news/page/2/").text();
    let card = |title: &str| {
        let at = list.find(&format!(">{title}</a>")).unwrap_or_else(|| panic!("no {title}"));
        &list[list[..at].rfind("class=\"card\"").expect("a card")..at]
    };
    assert!(card("Unfinished").contains("<strong>Draft</strong>"), "{}", card("Unfinished"));
    assert!(!card("Plain").contains("<strong>"), "{}", card("Plain"));
    let server = Server::new(&["--no-drafts"]);
    put(&server);
    assert_eq!(server.get("/news/unfinished/").status, 404);
    assert_eq!(server.get("/news/tomorrow/").status, 404);
}

#[test]
fn the_last_good_page_is_the_last_however_quick_the_next_change() {
    let server = Server::new(&[]);
    let mut events = server.events();
    let good = fs::read_to_string(server.content(FILE)).expect("the entry");
    for words in ["Walk backwards.", "Walk sideways.", "Walk on your hands."] {
        let better = good.replace("Walk slowly.", words);
        server.write(FILE, &better);
        server.wait_for(PAGE, words);
        server.write(FILE, &better.replacen("+++\n", "+++\ncountries = [\"Narnia\"]\n", 1));
        events.next(|errors| errors.contains("Narnia"));
        assert!(server.get(PAGE).text().contains(words), "{words}");
        server.write(FILE, &better);
        events.next(str::is_empty);
    }
}

#[test]
fn a_new_file_that_is_not_yet_written_is_waited_for() {
    let server = Server::new(&[]);
    let mut events = server.events();
    events.next(str::is_empty);
    let mut wrong = String::new();
    for number in 0..5 {
        let file = format!("news/slow-{number}.md");
        server.write(&file, "");
        std::thread::sleep(std::time::Duration::from_millis(60));
        let text = "---\ntitle: Slowly written\ndate: 2024-01-01\n---\nText.\n";
        server.write(&file, text);
        server.wait_for(&format!("/news/slow-{number}/"), "Slowly written");
        // Whatever was told meanwhile has come by then.
        wrong.push_str(&events.next(|_| true));
    }
    assert_eq!(wrong, "");
}

#[test]
fn settings_that_are_emptied_before_they_are_written_are_waited_for() {
    let server = Server::new(&[]);
    let mut events = server.events();
    events.next(str::is_empty);
    let site = server.root().join("site.toml");
    let text = fs::read_to_string(&site).expect("site.toml");
    let mut wrong = String::new();
    for title in ["Slow", "Slower", "Slowest"] {
        fs::write(&site, "").expect("emptied");
        std::thread::sleep(std::time::Duration::from_millis(60));
        fs::write(&site, text.replacen("title = ", &format!("title = \"{title}\"\n#"), 1))
            .expect("written");
        server.wait_for("/", title);
        wrong.push_str(&events.next(|_| true));
    }
    assert_eq!(wrong, "");
}

#[test]
fn what_an_entry_is_read_from_beside_its_own_file_is_followed_too() {
    let server = Server::new(&[]);
    let mut events = server.events();
    events.next(str::is_empty);
    let (original, translation) =
        ("practices/lantern-ferry-vote.md", "/it/practices/lantern-ferry-vote/");
    server.wait_for(translation, "Lower Fen West");
    server.replace(original, "Lower Fen West", "Upper Fen East");
    server.wait_for(translation, "Upper Fen East");
    let picture = server.content("practices/ferry-board.png");
    let aside = server.root().join("aside.png");
    fs::rename(&picture, &aside).expect("moved");
    events.next(|errors| errors.contains("ferry-board.png"));
    fs::rename(&aside, &picture).expect("moved back");
    events.next(str::is_empty);
    // A text that comes before the picture and the person that it names.
    server.replace(FILE, "reeds.png\"\nalt", "new.png\"\nalt");
    server.replace(FILE, "tags = ", "authors = [\"people/reed-cutter\"]\ntags = ");
    events.next(|errors| errors.contains("new.png") || errors.contains("reed-cutter"));
    fs::copy(&picture, server.content("practices/reed-bed-walks/new.png")).expect("copied");
    server.write("people/reed-cutter.md", "---\ntitle: Wilma Reedcutter\nbasis: consent\n---\n");
    events.next(str::is_empty);
    server.wait_for(PAGE, "Wilma Reedcutter");
}

#[test]
fn what_a_check_took_back_is_tried_again_unseen() {
    let server = Server::new(&[]);
    let site = server.root().join("site.toml");
    let theme = theme(&server);
    let text = fs::read_to_string(&site).expect("site.toml");
    let themed = titled(&text, "Themed").replace("theme = \"default\"", "theme = \"mine\"");
    fs::write(&site, themed).expect("written");
    server.wait_for("/", "Themed");
    let mut events = server.events();
    events.next(str::is_empty);
    let good = server.wait_for_copies(PAGE).page();
    let call = "{{ <TideTable station=\"Lower Fen\"/> }}";
    server.replace(FILE, "Walk slowly.", &format!("Walk slowly.\n\n{call}\n\n"));
    let wrong = events.next(|errors| errors.contains("TideTable"));
    assert_eq!(server.wait(PAGE, |reply| reply.page() == good).status, 200);
    // Something else is saved: the text is as wrong as before, and nobody is told otherwise.
    server.replace("practices/lantern-ferry-vote.md", "Lower Fen West", "Upper Fen East");
    server.wait_for("/it/practices/lantern-ferry-vote/", "Upper Fen East");
    assert_eq!(server.get(PAGE).page(), good);
    std::thread::sleep(std::time::Duration::from_millis(1500));
    assert_eq!(server.get(PAGE).page(), good);
    // The theme gets the component.
    let component = "{% component TideTable(station: string) -%}\n<p>Tides at {{ station }}</p>\n\
                     {%- endcomponent TideTable %}\n";
    fs::write(theme.join("templates/tides.html"), component).expect("written");
    assert_eq!(events.next(|errors| errors != wrong), "");
    server.wait_for(PAGE, "Tides at Lower Fen");
}

#[test]
fn what_was_tried_unseen_is_not_what_an_entry_was() {
    let server = Server::new(&[]);
    let mut events = server.events();
    events.next(str::is_empty);
    let good = fs::read_to_string(server.content(FILE)).expect("the entry");
    // Another language, and what no page can show.
    let call = "{{ <TideTable station=\"Lower Fen\"/> }}";
    let bad = good.replacen("+++\n", "+++\nlang = \"it\"\n", 1) + call;
    server.write(FILE, &bad);
    events.next(|errors| errors.contains("TideTable"));
    // Something else is saved: the text is tried again beside it, and nobody sees that.
    server.replace("practices/lantern-ferry-vote.md", "Lower Fen West", "Upper Fen East");
    server.wait_for("/it/practices/lantern-ferry-vote/", "Upper Fen East");
    std::thread::sleep(std::time::Duration::from_millis(1500));
    assert_eq!(server.get(PAGE).status, 200);
    server.write(FILE, &bad.replace(call, ""));
    assert_eq!(server.wait(&format!("/it{PAGE}"), |reply| reply.status == 200).status, 200);
    assert_eq!(server.wait(PAGE, |reply| reply.status == 404).status, 404);
}

#[test]
fn smaller_copies_of_pictures_are_those_of_a_build() {
    let server = Server::new(&[]);
    let page = server.wait_for_copies("/practices/lantern-ferry-vote/");
    let text = page.text();
    let copies: Vec<&str> = text
        .split(" srcset=\"")
        .skip(1)
        .flat_map(|rest| rest.split('"').next().unwrap_or_default().split(", "))
        .filter_map(|one| one.split(' ').next().filter(|url| url.ends_with(".webp")))
        .collect();
    assert!(!copies.is_empty(), "{text}");
    let out = TempDir::new().expect("a temporary folder");
    let built = build(server.root(), &options(out.path()));
    assert!(built.summary.is_some());
    for copy in copies {
        let reply = server.get(copy);
        assert_eq!((reply.status, reply.header("content-type")), (200, Some("image/webp")));
        assert_eq!(reply.body, fs::read(out.path().join(&copy[1..])).expect(copy));
    }
    // A picture that becomes another has other copies, and the old ones are no page's.
    let other = fs::read(server.content("practices/reed-bed-walks/reeds.png")).expect("it");
    fs::write(server.content("practices/ferry-board.png"), other).expect("written");
    server.wait("/practices/lantern-ferry-vote/", |now| {
        now.text().contains(" srcset=\"") && now.text() != text
    });
}
