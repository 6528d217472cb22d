//! Queries of every kind, drawn from a collection by a seeded generator.

use exempla::search::fold::fold;
use exempla::search::{Document, Options, Sort, pieces};
use serde_json::{Value, json};

/// A query for both sides.
pub struct Case {
    /// What kind it is of.
    pub kind: &'static str,
    /// The line.
    pub text: String,
    /// For the command line.
    pub options: Options,
    /// Language.
    pub lang: String,
}

impl Case {
    /// For the reader: the line and its options.
    pub fn json(&self) -> Value {
        let filters: serde_json::Map<String, Value> = self
            .options
            .filters
            .iter()
            .map(|(name, values)| (name.clone(), json!(values)))
            .collect();
        let sort = match self.options.sort {
            Sort::Date => "date",
            Sort::Title => "title",
            Sort::Relevance => "relevance",
        };
        json!([self.text, { "lang": self.lang, "filters": filters, "sort": sort, "typing": self.options.typing, "offset": self.options.offset }])
    }
}

/// xorshift64*: enough to choose words.
pub struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % end.max(1)
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// Draws `count` queries of each kind from the documents of one language.
pub fn draw(documents: &[Document], lang: &str, count: usize) -> Vec<Case> {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15 ^ documents.len() as u64);
    let texts: Vec<Vec<&str>> = documents
        .iter()
        .filter(|document| document.lang == lang)
        .map(|document| {
            let text = &document.body;
            pieces::pieces(text).map(|piece| &text[piece.start..piece.end]).collect()
        })
        .filter(|words: &Vec<&str>| words.len() > 8)
        .collect();
    let mut cases = Vec::new();
    if texts.is_empty() {
        return cases;
    }
    for n in 0..count {
        let own = dice.pick(&texts);
        let mut word = || dice.pick(own).to_string();
        let (a, b, c) = (word(), word(), word());
        let run = |length: usize, dice: &mut Dice| {
            let from = dice.below(own.len() - length);
            own[from..from + length].join(" ")
        };
        let mut put = |kind, text: String, options| {
            cases.push(Case { kind, text, options, lang: lang.into() });
        };
        let plain = Options::default;
        put("word", a.clone(), plain());
        put("words", format!("{a} {b} {c}"), Options { offset: n % 3 * 5, ..plain() });
        put("question", run(8, &mut dice), plain());
        put("phrase", format!("\"{}\"", run(2 + n % 3, &mut dice)), plain());
        put("phrase and words", format!("\"{}\" {c} {a}", run(2, &mut dice)), plain());
        put("exclusion", format!("{a} {b} -{c} -\"{}\"", run(2, &mut dice)), plain());
        let filters = match n % 4 {
            0 => vec![("size".to_string(), vec!["short".to_string(), "huge".into()])],
            1 => vec![
                ("size".into(), vec!["long".into()]),
                ("type".into(), vec!["pilot".into(), "news".into()]),
            ],
            2 => vec![("topics".into(), vec!["none such".into()])],
            _ => Vec::new(),
        };
        let sort = [Sort::Date, Sort::Relevance, Sort::Title][n % 3];
        put("filters", format!("{a} -size:SHORT {b}"), Options { filters, sort, ..plain() });
        put("absent", format!("{c}zq {}", a.chars().rev().collect::<String>()), plain());
        put("absent ending", format!("{a}ings {b}s {c}ed"), plain());
        put("typo", format!("{} {c}", slip(&a, &mut dice)), plain());
        let half: String = a.chars().take(1 + n % 6).collect();
        put("prefix", format!("{b} {half}"), Options { typing: true, ..plain() });
        let accented = |word: &&&str| fold(word) != word.to_lowercase();
        for word in own.iter().filter(accented).skip(n % 4).step_by(9).take(5) {
            put("no accents", format!("{} {}", fold(word), fold(&b)), plain());
        }
        // As it is spelt, and run together, which no text may have.
        for word in own.iter().filter(|word| word.contains('-')).skip(n % 4).step_by(9).take(2) {
            put("compound", format!("{b} {word} \"{word}\""), plain());
            let typing = Options { typing: n % 2 > 0, ..plain() };
            put("run together", format!("{c} {}", word.replace('-', "")), typing);
        }
        put("accents", a.replace('e', "é").replace('o', "Ö"), plain());
        let scripts = [
            "データ",
            "水",
            "данные",
            "δεδομένα",
            "بيانات",
            "हिन्दी",
            "ข้อมูล",
            "데이터",
            "Łódź",
            "ﬁne½",
        ];
        put("scripts", format!("{a}{} {} {b}", dice.pick(&scripts), dice.pick(&scripts)), plain());
    }
    cases
}

fn slip(word: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = dice.below(letters.len());
    match dice.below(4) {
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, 'e'),
        2 => letters[at] = 'o',
        _ if at > 0 => letters.swap(at, at - 1),
        _ => {}
    }
    letters.into_iter().collect()
}

/// Lines that nobody should type.
pub fn odd(lang: &str) -> Vec<Case> {
    let long = "water ".repeat(90);
    let lines = [
        "",
        " ",
        "\"",
        "\"\"",
        "-",
        "--a",
        "-\"open data",
        "type:",
        "type:practice",
        "-type:practice",
        "type:\"pi lot\"",
        "size:any",
        "std::unique_ptr",
        "?!",
        "\u{feff}",
        "a\u{301}",
        "\u{0}",
        "toString __proto__ constructor",
        "𝒳 😀 data",
        "水",
        "“open data” „river«",
        long.as_str(),
        "data data data water",
        "\"water\" \"zzzz\"",
        "-zzzz",
        "İSTANBUL ΣΟΦΌΣ Straße",
    ];
    let case = |text: &str| Case {
        kind: "odd",
        text: text.into(),
        options: Options::default(),
        lang: lang.into(),
    };
    lines.into_iter().map(case).collect()
}
