//! Pictures of a site at several widths: what pages offer, what is published,
//! and that a later build remembers and is never wrong.

use exempla::build::{BuildOptions, Built, build};
use exempla::model::PartialDate;
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const SITE: &str = r#"
title = "A test"
base_url = "https://example.org/sub/"

[types.practice]
folder = "practices"
url = "practices/{slug}/"
[types.practice.fields.image]
type = "image"
"#;

const ENTRY: &str = "---
title: A bridge
summary: A bridge that was mended by those who cross it, with wood from the old one and some help.
policy_areas: [participation]
date: 2024-01-02
image: { src: bridge.jpg, alt: A bridge }
---
## Problem

![The bridge](bridge.jpg) and ![A mark](mark.svg)
";

fn photograph(width: u32, height: u32) -> Vec<u8> {
    let mut state = 7_u32;
    let image = RgbImage::from_fn(width, height, |x, y| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Rgb([(x / 5) as u8, (y / 3) as u8, (state >> 29) as u8])
    });
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 90).encode_image(&image).unwrap();
    bytes
}

struct Site(tempfile::TempDir);

impl Site {
    fn new(settings: &str) -> Self {
        let site = Self(tempfile::tempdir().unwrap());
        fs::create_dir_all(site.path().join("content/practices")).unwrap();
        site.write("site.toml", format!("{SITE}\n{settings}"));
        site.write("content/practices/bridge.md", ENTRY);
        site.write("content/practices/bridge.jpg", photograph(900, 600));
        site.write("content/practices/mark.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>");
        site
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path().join(path), bytes).unwrap();
    }

    fn build(&self) -> Built {
        let options = BuildOptions {
            output: "public".into(),
            base_url: None,
            today: PartialDate::parse("2024-06-01").unwrap(),
            drafts: false,
            progress: None,
            cache: None,
        };
        build(self.path(), &options)
    }

    /// What is published, without what is the program's own.
    fn tree(&self) -> BTreeMap<String, Vec<u8>> {
        let root = self.path().join("public");
        walkdir::WalkDir::new(&root)
            .into_iter()
            .map(Result::unwrap)
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| {
                let path = entry.path().strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                (path, fs::read(entry.path()).unwrap())
            })
            .filter(|(path, _)| !path.starts_with(".exempla"))
            .collect()
    }

    fn copies(&self) -> Vec<String> {
        self.tree().into_keys().filter(|path| path.ends_with(".webp")).collect()
    }

    fn page(&self, path: &str) -> String {
        fs::read_to_string(self.path().join("public").join(path)).unwrap()
    }
}

/// `(address, width)` of every candidate of every `srcset` in a page.
fn candidates(html: &str) -> Vec<Vec<(String, u32)>> {
    let sets = html.split(" srcset=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    let one = |part: &str| {
        let (url, width) = part.split_once(' ').unwrap();
        (url.to_owned(), width.strip_suffix('w').unwrap().parse().unwrap())
    };
    sets.map(|set| set.split(", ").map(one).collect()).collect()
}

#[test]
fn pages_offer_copies_that_are_there() {
    let site = Site::new("");
    let built = site.build();
    assert_eq!(built.exit_code(), 0, "{:?}", built.found);
    let tree = site.tree();
    let entry = site.page("practices/bridge/index.html");
    let list = site.page("practices/index.html");
    assert_eq!(candidates(&entry).len(), 2, "in the text and in the field: {entry}");
    assert_eq!(candidates(&list).len(), 1, "on the card: {list}");
    for set in candidates(&entry).into_iter().chain(candidates(&list)) {
        assert_eq!(set.iter().map(|(_, width)| *width).collect::<Vec<_>>(), [360, 720, 900]);
        for (url, width) in set {
            let bytes = &tree[url.strip_prefix("/sub/").expect("it lies in the site")];
            let image = image::load_from_memory(bytes).unwrap();
            assert_eq!((image.width(), image.height()), (width, width * 2 / 3));
            assert!(bytes.len() < photograph(900, 600).len());
        }
    }
    let tag = entry.split("<img ").nth(2).and_then(|rest| rest.split('>').next()).unwrap();
    for part in [
        "sizes=\"auto, ",
        "width=\"900\"",
        "height=\"600\"",
        "loading=\"lazy\"",
        "decoding=\"async\"",
        ".jpg\"",
    ] {
        assert!(tag.contains(part), "{part} in {tag}");
    }
    let feed = site.page("feed.xml");
    assert!(feed.contains("https://example.org/sub/practices/bridge.") && !feed.contains("srcset"));
}

#[test]
fn a_later_build_remembers_and_is_never_wrong() {
    let site = Site::new("");
    site.build();
    let first = site.tree();
    let again = site.build();
    let summary = again.summary.unwrap();
    assert_eq!((summary.written, summary.removed), (0, 0));
    let notes = site.path().join("public/.exempla/notes");
    let remembered = fs::read_to_string(&notes).unwrap();

    // A copy was damaged, another is gone, and the notes are nonsense.
    let copies = site.copies();
    site.write(&format!("public/{}", copies[0]), b"RIFF");
    fs::remove_file(site.path().join("public").join(&copies[1])).unwrap();
    site.build();
    assert_eq!(site.tree(), first);
    for nonsense in [b"".as_slice(), b"exempla notes 1 00\n", b"\xff\xfe"] {
        fs::write(&notes, nonsense).unwrap();
        site.build();
        assert_eq!(site.tree(), first);
        assert_eq!(fs::read_to_string(&notes).unwrap(), remembered);
    }

    // Notes that fit are believed: so nothing is packed anew.
    let (_, lines) = remembered.split_once('\n').unwrap();
    // Two hashes are what is known of the search pack.
    let of_picture = lines.lines().find(|line| line.len() != 64 + 1 + 64).unwrap();
    let key = of_picture.split(' ').next().unwrap();
    let other = format!("{key} too-large\n");
    let hash = blake3::hash(other.as_bytes()).to_hex();
    fs::write(&notes, format!("exempla notes 1 {hash}\n{other}")).unwrap();
    let built = site.build();
    assert!(built.found.iter().any(|found| found.code.name == "pictures/too-large"));
    assert!(site.copies().is_empty());

    // Another picture under the same name has other copies.
    site.write("content/practices/bridge.jpg", photograph(700, 700));
    site.build();
    assert_eq!(candidates(&site.page("practices/bridge/index.html"))[0][1].1, 700);
    assert!(site.copies().iter().all(|copy| !copies.contains(copy)));
}

#[test]
fn a_link_to_a_page_is_shown_with_a_picture_of_bearable_size() {
    let said = |site: &Site| {
        site.build();
        let page = site.page("practices/bridge/index.html");
        let of = |name: &str| {
            let rest = page.split(&format!("property=\"{name}\" content=\"")).nth(1);
            rest.and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
        };
        [of("og:image"), of("og:image:width"), of("og:image:height")]
    };
    let site = Site::new("");
    let [url, width, height] = said(&site);
    assert!(url.starts_with("https://example.org/sub/practices/bridge.") && url.ends_with(".jpg"));
    assert_eq!([width, height], ["900", "600"]);
    site.write("content/practices/bridge.jpg", photograph(2400, 1600));
    let [url, width, height] = said(&site);
    assert!(url.starts_with("https://example.org/sub/practices/bridge-1600."), "{url}");
    assert!(site.tree().contains_key(url.strip_prefix("https://example.org/sub/").unwrap()));
    assert_eq!([width, height], ["1600", "1066"]);
}

#[test]
fn every_copy_that_cannot_be_written_is_told_in_order() {
    let site = Site::new("[images]\nwidths = [360]");
    let other = ENTRY.replace("A bridge", "A road").replace("bridge.jpg", "a-road.jpg");
    site.write("content/practices/a-road.md", other);
    site.write("content/practices/a-road.jpg", photograph(800, 600));
    site.build();
    let copies = site.copies();
    assert_eq!(copies.len(), 2);
    fs::remove_dir_all(site.path().join("public")).unwrap();
    fs::create_dir_all(site.path().join("public/practices")).unwrap();
    copies.iter().for_each(|copy| site.write(&format!("public/{copy}"), "someone's own"));
    let built = site.build();
    assert_eq!(built.exit_code(), 2);
    let said: Vec<&str> = built.found.iter().map(|found| found.message.as_str()).collect();
    assert!(
        said.len() == 2 && said.iter().zip(&copies).all(|(m, copy)| m.contains(copy)),
        "{said:?}"
    );
}

#[test]
fn the_same_site_has_the_same_bytes_anywhere() {
    let (one, other) = (Site::new(""), Site::new(""));
    one.build();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    pool.install(|| other.build());
    assert_eq!(one.tree(), other.tree());
}

#[test]
fn a_site_says_which_copies_it_wants() {
    let widths = |settings: &str| {
        let site = Site::new(settings);
        assert_eq!(site.build().exit_code(), 0);
        let page = site.page("practices/bridge/index.html");
        let sets = candidates(&page);
        (
            site.copies().len(),
            sets.first().map(|set| set.iter().map(|one| one.1).collect::<Vec<_>>()),
        )
    };
    assert_eq!(widths("[images]\nwidths = [500, 200]\nquality = 60"), (2, Some(vec![200, 500])));
    assert_eq!(widths("[images]\nwidths = []"), (0, None), "switched off");
    assert_eq!(Site::new("[images]\nwidths = [\"wide\"]").build().exit_code(), 2);
    assert_eq!(Site::new("[images]\nquality = 0").build().exit_code(), 2);
}

#[test]
fn a_broken_picture_is_published_as_it_is_and_named() {
    let site = Site::new("");
    let broken = &photograph(900, 600)[..40];
    site.write("content/practices/bridge.jpg", broken);
    let built = site.build();
    assert_eq!(built.exit_code(), 0);
    let found: Vec<_> = built.found.iter().map(|found| found.code.name).collect();
    assert_eq!(found, ["pictures/broken"]);
    assert!(site.tree().values().any(|bytes| bytes == broken));
    assert!(candidates(&site.page("practices/bridge/index.html")).is_empty());

    // Where a site calls that an error, nothing is written.
    let strict = Site::new("[diagnostics]\n\"pictures/too-large\" = \"error\"");
    let mut bomb =
        b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\xea\x60\0\0\xea\x60\x08\x02\0\0\0".to_vec();
    bomb.extend([0; 64]);
    strict.write("content/practices/bridge.jpg", bomb);
    assert_eq!(strict.build().exit_code(), 1);
    assert!(strict.tree().is_empty());
}
