//! LaTeX into MathML, which browsers draw and screen readers speak by themselves.
//!
//! Enters: what stands between the dollar signs. Leaves: a [`Formula`], or why
//! it is none. No style leaves this module: what pulldown-latex writes as a
//! `style` becomes an attribute of MathML, or goes. Nor does any tag but
//! MathML's, since it escapes neither single signs nor names of functions.

use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::event::{Content, Event};
use pulldown_latex::{Parser, Storage, mathml};

use super::escape;

/// A longer text is no formula; bytes.
const LONGEST: usize = 10_000;

/// Deeper nesting is refused: browsers draw no more than some hundred levels.
const DEEPEST: usize = 100;

/// More parts than this come from a macro that multiplies.
const MOST: usize = 10_000;

/// What pulldown-latex may write.
const ELEMENTS: [&str; 25] = [
    "annotation",
    "math",
    "merror",
    "mfrac",
    "mi",
    "mn",
    "mo",
    "mover",
    "mpadded",
    "mphantom",
    "mroot",
    "mrow",
    "mspace",
    "msqrt",
    "mstyle",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
    "semantics",
];

/// A formula, drawn and in words.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Formula {
    /// A whole `<math>`, which carries its source as an annotation.
    pub mathml: String,
    /// Its signs and words, separated by blanks: what search finds.
    pub text: String,
}

/// Reads LaTeX. `Err` says what is wrong with it, for an editor.
pub(super) fn formula(latex: &str, block: bool) -> Result<Formula, String> {
    if latex.len() > LONGEST {
        return Err(format!("a formula may have {LONGEST} bytes"));
    }
    if nesting(latex) > DEEPEST {
        return Err(format!("it is nested more than {DEEPEST} deep"));
    }
    let storage = Storage::new();
    let mut events = Vec::new();
    for event in Parser::new(latex, &storage) {
        match event {
            Ok(Event::Content(Content::Function(name))) if name.contains(['<', '>', '&', '"']) => {
                return Err(format!("`{name}` cannot be the name of a function"));
            }
            Ok(_) if events.len() == MOST => return Err("it has too many parts".into()),
            Ok(event) => events.push(Ok::<_, pulldown_latex::ParserError>(event)),
            Err(error) => return Err(reason(&error)),
        }
    }
    let mut annotation = String::new();
    escape::html(&mut annotation, latex.trim());
    let display_mode = if block { DisplayMode::Block } else { DisplayMode::Inline };
    let config =
        RenderConfig { display_mode, annotation: Some(&annotation), ..RenderConfig::default() };
    let mut mathml = String::new();
    mathml::push_mathml(&mut mathml, events.into_iter(), config)
        .map_err(|error| error.to_string())?;
    let mathml = tidy(&mathml);
    let drawn = mathml.split("<annotation").next().unwrap_or(&mathml);
    Ok(Formula { text: words(drawn), mathml })
}

/// The first line of an error is the reason; a drawing of the place follows it.
fn reason(error: &pulldown_latex::ParserError) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    line.strip_prefix("parsing error: ")
        .unwrap_or(line)
        .replace("unkown", "unknown")
        .replace("primitive command found", "command")
}

/// How deep braces, environments and `\left` go at most; escaped braces count
/// as well, since too many of those are no formula either.
fn nesting(latex: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut commands = 0_usize;
    for (at, byte) in latex.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b'\\' if latex[at..].starts_with("\\left") || latex[at..].starts_with("\\begin") => {
                depth += 1;
            }
            b'\\' if latex[at..].starts_with("\\right") || latex[at..].starts_with("\\end") => {
                depth = depth.saturating_sub(1);
            }
            // `\sqrt\sqrt\sqrt x` nests without a brace.
            b'\\' => commands += 1,
            b' ' | b'\n' => {}
            byte if byte.is_ascii_alphabetic() => {}
            _ => commands = 0,
        }
        deepest = deepest.max(depth + commands / 4);
    }
    deepest
}

/// MathML with its styles as attributes (colours stay, the rest goes), and with
/// every sign escaped that is no part of a tag.
fn tidy(mathml: &str) -> String {
    let mut out = String::with_capacity(mathml.len());
    let mut rest = mathml;
    while let Some(open) = rest.find('<') {
        signs(&mut out, &rest[..open]);
        rest = &rest[open..];
        match tag(rest) {
            Some(tag) => {
                unstyled(&mut out, tag);
                rest = &rest[tag.len()..];
            }
            None => {
                out.push_str("&lt;");
                rest = &rest[1..];
            }
        }
    }
    signs(&mut out, rest);
    out
}

/// The tag with which a text begins, if it is one of MathML.
fn tag(text: &str) -> Option<&str> {
    let name = text.strip_prefix("</").or_else(|| text.strip_prefix('<'))?;
    let name = &name[..name.find(|c: char| !c.is_ascii_lowercase())?];
    ELEMENTS.contains(&name).then(|| text.find('>').map(|end| &text[..=end])).flatten()
}

/// Appends what stands between tags.
fn signs(out: &mut String, text: &str) {
    for (at, part) in text.split('&').enumerate() {
        let entity =
            ["lt;", "gt;", "amp;", "quot;", "#123;"].iter().any(|one| part.starts_with(one));
        match part.strip_prefix("nbsp;") {
            Some(rest) if at > 0 => out.extend(["\u{A0}", rest]),
            _ if at == 0 => out.push_str(&part.replace('>', "&gt;")),
            _ if entity => out.extend(["&", part]),
            _ => out.extend(["&amp;", part]),
        }
    }
}

/// Appends a tag, its style as attributes.
fn unstyled(out: &mut String, tag: &str) {
    // A blank is missing before `minsize`.
    let tag = tag.replace("\"minsize=", "\" minsize=");
    let parts = tag.split_once(" style=\"");
    let Some((head, (style, tail))) =
        parts.and_then(|(head, tail)| Some((head, tail.split_once('"')?)))
    else {
        return out.push_str(&tag);
    };
    out.push_str(head);
    for (name, value) in style.split("; ").filter_map(|one| one.split_once(": ")) {
        let attribute = match name {
            "color" => "mathcolor",
            "background-color" => "mathbackground",
            _ => continue,
        };
        if let Some(colour) = hex(value) {
            out.extend([" ", attribute, "=\"", &colour, "\""]);
        }
    }
    out.push_str(tail);
}

/// `rgb(1 2 3)` as `#010203`.
fn hex(colour: &str) -> Option<String> {
    let numbers = colour.strip_prefix("rgb(")?.strip_suffix(')')?;
    let parts: Vec<u8> = numbers.split(' ').filter_map(|part| part.parse().ok()).collect();
    let [red, green, blue] = parts[..] else { return None };
    Some(format!("#{red:02x}{green:02x}{blue:02x}"))
}

/// What stands between the tags, separated by blanks.
fn words(mathml: &str) -> String {
    let parts = mathml.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text);
    let text = parts.map(|part| escape::unescape(part.trim())).collect::<Vec<_>>().join(" ");
    // Signs that are heard, not seen: the application of a function and its like.
    let seen = text.replace(['\u{2061}', '\u{2062}', '\u{2063}', '\u{2064}'], " ");
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_drawn_and_can_be_found() {
        let made = formula(r"E = \frac{m c^2}{2}", false).unwrap();
        assert!(made.mathml.starts_with("<math display=\"inline\""), "{}", made.mathml);
        assert!(made.mathml.contains("<mfrac"), "{}", made.mathml);
        assert!(made.mathml.contains(r"\frac{m c^2}{2}</annotation>"), "{}", made.mathml);
        assert_eq!(made.text, "E = m c 2 2");
        assert_eq!(formula(r"\text{net benefit} < 5", true).unwrap().text, "net benefit < 5");
    }

    #[test]
    fn colours_are_attributes_and_no_style_is_left() {
        for latex in [
            r"\color{red} x \! y",
            r"\colorbox{#00ff00}{z}",
            r"\fcolorbox{red}{blue}{a}",
            r"\begin{align} a &= b \\[1em] c &= d \end{align}",
        ] {
            let made =
                formula(latex, true).map_or_else(|why| panic!("{latex}: {why}"), |f| f.mathml);
            assert!(!made.contains("style="), "{latex}: {made}");
        }
        let red = formula(r"\color{red} x", false).unwrap().mathml;
        assert!(red.contains("mathcolor=\"#ff0000\""), "{red}");
    }

    #[test]
    fn what_is_no_formula_says_why() {
        assert!(formula(r"\frac{1}{", false).unwrap_err().contains("closed with `}`"));
        assert_eq!(formula("a<b>c\"\\&", false).unwrap().text, "a < b > c \" &");
        assert!(formula(r"\nosuch x", false).is_err());
        let many = format!(r"\def\a{{{}}}{}", "x".repeat(300), r"\a ".repeat(50));
        assert_eq!(formula(&many, false).unwrap_err(), "it has too many parts");
    }

    #[test]
    fn hostile_formulas_neither_panic_nor_break_out() {
        let deep =
            |open: &str, close: &str| format!("{}x{}", open.repeat(2000), close.repeat(2000));
        let many = [
            deep("{", "}"),
            deep(r"\sqrt", ""),
            deep(r"\left(", r"\right)"),
            deep("x^", ""),
            r"\text{</annotation></math><script>alert(1)</script>}".into(),
            "</annotation><script>".into(),
            r"\def\a{\a\a}\a".into(),
            r"\href{javascript:alert(1)}{x}".into(),
            r"\class{x}{y} \htmlStyle{color:red}{x}".into(),
            r"\operatorname{<script>alert(1)</script>}".into(),
            r"\operatorname{<mi onclick=alert(1)>}".into(),
            r"a < script > & \& \text{&lt;script>} < /math >".into(),
            r"\begin{array}{ccc".into(),
            "\\é & \u{FDD0} \0 {{ {% %}".into(),
            r#"\color{"><script>}x"#.into(),
        ];
        for latex in many {
            if let Ok(made) = formula(&latex, true) {
                assert!(!made.mathml.contains("<script"), "{latex}: {}", made.mathml);
                assert!(!made.mathml.contains("onclick"), "{latex}: {}", made.mathml);
                let xml = roxmltree::Document::parse(&made.mathml);
                assert!(xml.is_ok(), "{latex}: {:?} {}", xml.err(), made.mathml);
            }
        }
    }
}
