//! What an editor wrote that a reader should find again.

/// The bytes of front matter at the start of a file.
pub fn front_matter(text: &str) -> usize {
    let start = text.len() - text.trim_start().len();
    let Some(fence) = ["---", "+++"].into_iter().find(|fence| text[start..].starts_with(fence))
    else {
        return 0;
    };
    let inside = start + 3;
    text[inside..].find(&format!("\n{fence}")).map_or(0, |at| at + inside + 4)
}

pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// A letter that stands for an entity, so that a word with one is known.
pub const ENTITY: char = 'ʭ';

/// What stands for an alert's title or a task's box.
const MARKERS: &[&str] =
    &["[!NOTE]", "[!TIP]", "[!IMPORTANT]", "[!WARNING]", "[!CAUTION]", "[x]", "[X]"];

/// A text without what a reader never sees: template tags, then HTML tags and
/// comments and the targets of links. Rough: it may leave a little too much.
pub fn visible(text: &str) -> String {
    let without_tags = without(text, |rest| {
        until(rest, "{{<", ">}}")
            .or_else(|| until(rest, "{{%", "%}}"))
            .or_else(|| until(rest, "{{", "}}"))
            .or_else(|| until(rest, "{%", "%}"))
            .or_else(|| until(rest, "{:", "}"))
            .or_else(|| until(rest, "{#", "}"))
    });
    without(&without_tags, |rest| {
        until(rest, "<!--", "-->")
            .or_else(|| until(rest, "<script", "</script>"))
            .or_else(|| until(rest, "<style", "</style>"))
            .or_else(|| until(rest, "<", ">"))
            .or_else(|| MARKERS.iter().find(|mark| rest.starts_with(**mark)).map(|m| m.len()))
            .or_else(|| until(rest, "](", ")"))
            .or_else(|| until(rest, "]:", "\n"))
            .or_else(|| until(rest, "```", "\n"))
            .or_else(|| until(rest, "&", ";").filter(|len| *len < 10))
    })
}

fn until(rest: &str, open: &str, close: &str) -> Option<usize> {
    let end = rest.strip_prefix(open)?.find(close)?;
    Some(open.len() + end + close.len())
}

fn without(text: &str, skip: impl Fn(&str) -> Option<usize>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '<', '[', ']', '&', '`']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match skip(rest) {
            Some(len) => {
                out.push(if rest.starts_with('&') { ENTITY } else { ' ' });
                rest = &rest[len..];
            }
            None => {
                out.push_str(&rest[..1]);
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// Whether a letter is of a script that joins words, or prefixes to them, without blanks.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{6FF}' | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}')
}

/// The words of a body that do not stand on its page, and how many were looked for.
pub fn lost_words(body: &str, page: &super::page::Page) -> (Vec<String>, usize) {
    let known: std::collections::BTreeSet<&str> = words(&page.main).collect();
    let (mut lost, mut all) = (Vec::new(), 0);
    // What a tag became may stand right beside a word.
    let tags = body.contains("{{");
    for line in visible(body).lines() {
        // Where no blanks stand between words, those before and after a link are one
        // run; and emphasis may begin within a word.
        let runs = tags || line.contains(is_unspaced) || line.contains(['*', '_']);
        for (at, word) in words(line).enumerate() {
            all += 1;
            // The numbers of a list are written by the browser.
            let marker = at == 0 && word.bytes().all(|byte| byte.is_ascii_digit());
            let known = known.contains(word) || (runs && page.main.contains(word));
            if !known && !marker && !word.contains(ENTITY) {
                lost.push(word.to_owned());
            }
        }
    }
    (lost, all)
}
