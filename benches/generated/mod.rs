//! A generated site, so that benchmarks need nothing but this repository: good
//! practices made of the paragraphs of its own English texts.
//!
//! The same number of entries gives the same bytes. Words that few entries have
//! grow in number with the site, as they do in life.

use exempla::config::{self, Site};
use exempla::schema::Schema;
use std::fs;
use std::path::Path;
use walkdir::WalkDir;

/// Memory costs here what it costs in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Paragraphs that make a body of about 5 KB.
pub const ARTICLE: usize = 18;

const SETTINGS: &str =
    "title = 'Practices'\nbase_url = 'https://example.org/'\nlanguages = ['en']\n";

/// One Markdown file.
pub struct Practice {
    /// Its path in the content folder.
    pub path: String,
    /// Its front matter in YAML, without the lines around it.
    pub front: String,
    /// Its Markdown.
    pub body: String,
}

/// A site without entries, in a folder of that name below the target folder.
pub fn site(name: &str) -> Site {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(root.join("content/practices")).expect("room in the target folder");
    fs::write(root.join("site.toml"), SETTINGS).expect("room in the target folder");
    config::load(&root).0.expect("sound settings")
}

/// A site of so many articles, and what was written.
pub fn written(name: &str, count: usize) -> (Site, Vec<Practice>) {
    let site = site(name);
    let practices = practices(&site.schema, count, ARTICLE);
    for Practice { path, front, body } in &practices {
        fs::write(site.content_dir().join(path), format!("---\n{front}---\n{body}"))
            .expect("room in the target folder");
    }
    (site, practices)
}

/// Practices with terms of the preset's vocabularies, tags, countries,
/// references to one another, and so many paragraphs each.
pub fn practices(schema: &Schema, count: usize, length: usize) -> Vec<Practice> {
    let mut dice = Dice(0x5eed);
    let text = paragraphs();
    let text: Vec<&str> = text.iter().map(String::as_str).collect();
    let terms = |name: &str| -> Vec<&str> {
        schema.vocabularies[name].terms.keys().map(String::as_str).collect()
    };
    let (areas, problems, groups) =
        (terms("policy_area"), terms("problems"), terms("target_groups"));
    let practice = |at| {
        let place = dice.word();
        let front = format!(
            "title: Practice {at}, as in {place}\n\
             summary: What was tried in {place}, one of many generated practices that stand for those of a whole country.\n\
             date: {}-{:02}-{:02}\n\
             policy_areas: [{}, {}]\nproblems: [{}, {}]\ntarget_groups: [{}]\n\
             countries: [{}]\ntags: [tag-{}, tag-{}]\nrelated: [practices/practice-{:06}]\n",
            2010 + at % 14,
            at / 14 % 12 + 1,
            at / 168 % 28 + 1,
            dice.pick(&areas),
            dice.pick(&areas),
            dice.pick(&problems),
            dice.pick(&problems),
            dice.pick(&groups),
            dice.pick(&["IT", "LV", "ES", "NO", "IS", "FR", "DE"]),
            dice.below(200),
            dice.below(count / 10),
            dice.below(count),
        );
        let mut body = String::new();
        for number in 0..length {
            if number % 5 == 0 {
                let heading = dice.pick(&["Problem", "Solution", "Steps", "Evidence", "Risks"]);
                let (word, other) = (dice.word(), dice.below(count));
                body += &format!(
                    "## {heading} in {word}\n\nAlike in [another place](practice-{other:06}.md).\n\n"
                );
            }
            body = body + dice.pick(&text) + "\n\n";
        }
        Practice { path: format!("practices/practice-{at:06}.md"), front, body }
    };
    (0..count).map(practice).collect()
}

/// Paragraphs, lists and tables that can stand anywhere: without links that lead
/// within another site, and without markup that only some renderers know.
fn paragraphs() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["content", "docs", "tests/sites/fictional/content"];
    let files = folders.iter().flat_map(|folder| {
        WalkDir::new(root.join(folder)).sort_by_file_name().into_iter().filter_map(Result::ok)
    });
    let english = files.filter(|file| {
        let name = file.file_name().to_string_lossy();
        name.ends_with(".md") && name.matches('.').count() == 1
    });
    let mut out = Vec::new();
    for file in english {
        let text = fs::read_to_string(file.path()).expect("a text of this repository");
        let behind = |mark| text.strip_prefix(mark)?.split_once(mark).map(|(_, body)| body);
        let body = behind("---\n").or_else(|| behind("+++\n")).unwrap_or(&text);
        let whole = |part: &&str| {
            (80..2000).contains(&part.len())
                && !part.starts_with(['#', ' '])
                && !part.contains(['{', '<', '`', '!'])
                && part.matches("](").count() == part.matches("](http").count()
        };
        out.extend(body.split("\n\n").map(str::trim_end).filter(whole).map(String::from));
    }
    out
}

/// A small generator of numbers that look random (xorshift64*).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }

    /// A name that no other text has: of four syllables, so there are millions.
    fn word(&mut self) -> String {
        let syllables = [
            "Ba", "co", "da", "fel", "gor", "hin", "ju", "kra", "lo", "mer", "ni", "os", "pa",
            "ri", "sol", "tu", "va", "wen", "xi", "yo", "zar", "bel", "cam", "dor", "ep", "fi",
            "gla", "hu", "im", "jo", "kel", "lun", "mo", "nor", "ol", "pi",
        ];
        (0..4).map(|_| self.pick(&syllables)).collect::<String>().to_lowercase()
    }
}
