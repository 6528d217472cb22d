//! Nothing that an editor writes can run in a visitor's browser, and nothing
//! can make the reader of Markdown slow or overflow its stack.

use std::sync::Arc;

use exempla::diagnostic::Diagnostics;
use exempla::markdown::{AsWritten, Body, HtmlPolicy, Options, parse};

fn read(text: &str, html: HtmlPolicy) -> (Body, Diagnostics) {
    let options = Options { html, allow_hosts: vec!["ok.eu".into()], ..Options::default() };
    parse(text, &Arc::from("a.md"), 0, &options)
}

/// A start tag with its attributes, read as leniently as a browser does.
type StartTag = (String, Vec<(String, String)>);

fn start_tags(html: &str) -> Vec<StartTag> {
    let chars: Vec<char> = html.chars().collect();
    let mut tags = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if chars[at] != '<' || !chars.get(at + 1).is_some_and(char::is_ascii_alphabetic) {
            at += 1;
            continue;
        }
        let word = |at: &mut usize, stop: &dyn Fn(char) -> bool| {
            let start = *at;
            while *at < chars.len() && !stop(chars[*at]) {
                *at += 1;
            }
            chars[start..*at].iter().collect::<String>()
        };
        at += 1;
        let name = word(&mut at, &|c| c.is_whitespace() || matches!(c, '/' | '>'));
        let mut attributes = Vec::new();
        while at < chars.len() && chars[at] != '>' {
            if chars[at].is_whitespace() || chars[at] == '/' {
                at += 1;
                continue;
            }
            let key = word(&mut at, &|c| c.is_whitespace() || matches!(c, '/' | '>' | '='));
            let mut value = String::new();
            if chars.get(at) == Some(&'=') {
                at += 1;
                match chars.get(at).copied() {
                    Some(quote @ ('"' | '\'')) => {
                        at += 1;
                        value = word(&mut at, &|c| c == quote);
                        at += 1;
                    }
                    _ => value = word(&mut at, &|c| c.is_whitespace() || c == '>'),
                }
            }
            attributes.push((key.to_ascii_lowercase(), value));
        }
        tags.push((name.to_ascii_lowercase(), attributes));
    }
    tags
}

fn assert_harmless(text: &str, html: &str) {
    let part: String = html.chars().take(2000).collect();
    for (name, attributes) in start_tags(html) {
        let bad = ["script", "style", "iframe", "object", "embed", "form", "svg", "math", "base"];
        let bad = bad.contains(&name.as_str()) || ["link", "meta"].contains(&name.as_str());
        assert!(!bad, "<{name}> from {text}\nin {part}");
        for (key, value) in attributes {
            let event = key.starts_with("on") || ["style", "srcdoc", "action"].contains(&&*key);
            assert!(!event, "{key}= from {text}\nin {part}");
            assert!(!key.contains(['"', '\'', '<']), "{key}= from {text}\nin {part}");
            if key == "href" || key == "src" {
                let plain = value
                    .replace("&#58;", ":")
                    .replace("&colon;", ":")
                    .replace(|c: char| c <= ' ', "")
                    .to_ascii_lowercase();
                let bad = ["javascript:", "data:", "vbscript:", "file:", "blob:"];
                assert!(!bad.iter().any(|b| plain.starts_with(b)), "{value} from {text}");
            }
        }
    }
    assert!(!html.contains(['\u{FDD0}', '\u{FDD1}']), "a mark is left from {text}\nin {part}");
}

const HOSTILE: &[&str] = &[
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](java&#115;cript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](\\javascript:alert(1))",
    "[x](&#1;javascript:alert(1))",
    "[x](&#x20;javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "[x][r]\n\n[r]: javascript:alert(1)",
    "[r]\n\n[r]: <javascript:alert(1)> \"t\"",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    "![\"onerror=\"alert(1)](https://ok.eu/x.png)",
    "![x](https://ok.eu/x.png\"onerror=\"alert(1))",
    "![x](a.png '\" onerror=\"alert(1)')",
    "[x](a \"\\\" onclick=\\\"alert(1)\")",
    "## x {#a\"onclick=\"alert(1)}",
    "## x {.a\"onclick=\"alert(1) onclick=alert(1)}",
    "```a\"onclick=\"alert(1)\nx\n```",
    "x[^\"><script>alert(1)</script>]\n\n[^\"><script>alert(1)</script>]: y",
    "<script>alert(1)</script>",
    "a <script>alert(1)</script> b",
    "<ScRiPt src=//evil.eu></sCrIpT>",
    "<script>\n\nalert(1)\n\n</script>",
    "<style>*{background:url(javascript:x)}</style>",
    "<b style=\"background:url(x)\" onmouseover=alert(1)>x</b>",
    "<img src=x onerror=alert(1)>",
    "<img src=\"javascript:alert(1)\">",
    "<img src=\"https://ok.eu/x\" alt='\" onerror=\"alert(1)'>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=\" jAvAsCrIpT:alert(1)\">x</a>",
    "<a href=\"java&#x0a;script:alert(1)\">x</a>",
    "<a href=\"&#106;avascript:alert(1)\">x</a>",
    "<a href='javascript&colon;alert(1)'>x</a>",
    "<a href=data:text/html,x>x</a>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<iframe src=\"javascript:alert(1)\"></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\">",
    "<object data=x></object><embed src=x><form action=javascript:x><input formaction=x></form>",
    "<base href=//evil.eu><meta http-equiv=refresh content=0><link rel=stylesheet href=x>",
    "<div title=\"\n\n![x](https://ok.eu/p.png 'onmouseover=alert(1) x=')\n\n[\" onmouseover=alert(1) x=](a)\n\n\">",
    "<div title=\"\n\n## x onmouseover=alert(1) y\n\n\">",
    "<img alt=\"\n\n![](https://ok.eu/onerror=alert(1) \"x\")\n\n\" src=x>",
    "&#xFDD0;0&#xFDD1; <b>x</b> [y](z)",
    "\u{FDD0}0\u{FDD1} <b title=\"\u{FDD0}0\u{FDD1}\">x</b> [y](z)",
    "<b title=\"&#xFDD0;0&#xFDD1;\">x</b> [y](https://x.eu/onclick=alert(1))",
    "<textarea>\n\n[x](y)\n\n</textarea><img src=x onerror=alert(1)>",
    "<title><img src=x onerror=alert(1)></title>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
    "<xmp><img src=x onerror=alert(1)></xmp> <plaintext> <b>x",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<a href=\"{{ x }}javascript:alert(1)\">x</a>",
    "[x]({{ x }}javascript:alert(1))",
    "<scr{{ x }}ipt>alert(1)</scr{{ x }}ipt>",
    "<img src=x on{{ x }}error=alert(1)>",
    "java{% x %}script",
    "{% raw %}<img src=x onerror=alert(1)>{% endraw %}",
    "{{< highlight \"\\\"onclick=alert(1)\" >}}\nx\n{{< /highlight >}}",
    "<aside markdown=\"1\" onclick=\"alert(1)\">\n<img src=x onerror=alert(1)>\n</aside>",
    "<p markdown=\"1\" onclick=alert(1)>\n[x](javascript:alert(1))\n</p>",
    "<a href=x id=\"a\" class=\"b\" target=_blank ping=//evil.eu>x</a>",
    "<table><td>\n\n| a |\n|--:|\n| <b onclick=x>1</b> |\n\n## h\n\n</table>",
    "<b><i><a href=x>\n\n## Head [x](y)\n\n> [!NOTE]\n> <b onclick=x>\n\n- [ ] t",
    "<details open ontoggle=alert(1)><summary>x</summary>\n\n*y*\n\n</details>",
    "<a href=\"\u{0}javascript:alert(1)\">x</a> [x](\u{0}javascript:alert(1))",
    "<select><style></select><img src=x onerror=alert(1)></style>",
    "<h2 id=x onclick=y>a</h2>\n\n## b\n\n</h2></h2><h2>c",
];

#[test]
fn hostile_texts_do_no_harm() {
    for text in HOSTILE {
        for html in [HtmlPolicy::Sanitise, HtmlPolicy::Escape] {
            for text in [
                (*text).to_owned(),
                format!("<i>raw</i>\n\n{text}\n\n*after*"),
                format!("> - {}\n", text.replace('\n', "\n>   ")),
                format!("# Title\n\n{text}\n\n## Next\n\n[^1] ![a](b.png)\n\n[^1]: {text}"),
            ] {
                let (mut body, findings) = read(&text, html);
                assert_harmless(&text, &body.to_html(&AsWritten));
                body.lift_title();
                for index in 0..body.headings().len() {
                    assert_harmless(&text, &body.section_html(index, &AsWritten));
                }
                let _ = (body.text(), body.rest_html(&[0], &AsWritten));
                for found in findings.iter() {
                    let span = found.place.as_ref().and_then(|place| place.span);
                    let (start, end) = span.expect("a finding has a place");
                    assert!(text.get(start..end).is_some(), "{found:?} lies outside {text}");
                }
            }
        }
    }
}

#[test]
fn what_is_taken_out_is_reported() {
    for (text, code) in [
        ("[x](javascript:alert(1))", "markdown/unsafe-url"),
        ("<a href='java&#115;cript:x'>x</a>", "markdown/unsafe-url"),
        ("<a href='javascript&colon;x'>x</a>", "markdown/unsafe-url"),
        ("![x](data:image/png,x)", "markdown/unsafe-url"),
        ("<img src='data:x' alt=x>", "markdown/unsafe-url"),
        ("a <script>b</script>", "markdown/unsafe-html"),
        ("<style>b</style>", "markdown/unsafe-html"),
        ("<b STYLE=x>b</b>", "markdown/unsafe-html"),
        ("<b onClick=x>b</b>", "markdown/unsafe-html"),
        ("<iframe src=x></iframe>", "markdown/unsafe-html"),
        ("<img src=x.png>", "markdown/image-without-alt"),
        ("[x]()", "markdown/empty-target"),
    ] {
        let (_, findings) = read(text, HtmlPolicy::Sanitise);
        assert!(findings.iter().any(|found| found.code.name == code), "{text}: {findings:?}");
    }
}

#[test]
fn an_open_script_in_a_line_does_not_swallow_the_page() {
    let (body, _) =
        read("How <script> works\n\nand <textarea> too\n\n**end**\n", HtmlPolicy::Sanitise);
    assert_eq!(&**body.text(), "How  works\nand  too\nend");
}

#[test]
fn depth_and_length_cost_no_more_than_their_bytes() {
    let many = 10_000;
    let deep = [
        ("quotes", format!("{} x", "> ".repeat(many))),
        ("quotes without blanks", format!("{}x", ">".repeat(many))),
        ("brackets", format!("{}x{}", "[".repeat(many), "]".repeat(many))),
        ("links", format!("{}x{}", "[".repeat(many), "](y)".repeat(many))),
        ("images", format!("{}x{}", "![".repeat(many), "](y)".repeat(many))),
        ("emphasis", format!("{}x{}", "*a _b ".repeat(many), "_ *".repeat(many))),
        ("lists", (0..500).map(|i| format!("{}- x\n", "  ".repeat(i))).collect()),
        ("list markers", "- ".repeat(many)),
        ("elements", format!("{}x", "<div>".repeat(many))),
        ("elements in lines", "<div>\n\n".repeat(many)),
        ("formatting", "<b title=1>x\n\n".repeat(many)),
        ("unlike formatting", (0..many).map(|i| format!("<b title={i}>x\n\n")).collect()),
        ("unclosed tags", format!("x {}", "<a title=\"".repeat(many))),
        ("unclosed tags in blocks", "<div title=\"\n".repeat(many)),
        ("comments", "<!-- ".repeat(many)),
        ("template tags", "{{< a ".repeat(many)),
        ("liquid tags", "{% a %}".repeat(many)),
        ("unlike liquid tags", (0..many).map(|i| format!("{{% a{i} %}}")).collect()),
        ("liquid comments", "{% comment %}".repeat(many)),
        ("raws", "{% raw %}{{".repeat(many)),
        ("braces", "{".repeat(many * 5)),
        ("kramdown", "{: ".repeat(many)),
        ("tables of contents", "* a\n{:toc}\n".repeat(many)),
        ("kramdown elements", "<div markdown=\"1\">\n".repeat(many)),
        ("same headings", "# a\n".repeat(many)),
        ("footnotes", (0..many).map(|i| format!("[^{i}]\n\n[^{i}]: x\n\n")).collect()),
        ("one footnote", format!("{}\n\n[^a]: x\n", "[^a]".repeat(many))),
        ("code", "` `` ``` ".repeat(many)),
        ("entities", "&#xFDD0;1 &amp".repeat(many)),
        ("tables", format!("{}\n{}\n{}", "|a".repeat(500), "|-".repeat(500), "|b\n".repeat(500))),
        ("raw links", "<a href=x><img src=y alt=z></a>".repeat(many)),
        ("raw tables", "<table><tr><td>x".repeat(many)),
    ];
    for (what, text) in &deep {
        let (body, _) = read(text, HtmlPolicy::Sanitise);
        let html = body.to_html(&AsWritten);
        let _ = body.text();
        assert_harmless(what, &html);
        assert!(html.len() < 4_000_000 + text.len() * 40, "{what} became {}", html.len());
    }
    let (_, findings) = read(&deep[0].1, HtmlPolicy::Sanitise);
    assert!(findings.iter().any(|found| found.code.name == "markdown/too-deep"));
    let (body, findings) = read(&deep[8].1, HtmlPolicy::Sanitise);
    assert!(findings.iter().any(|found| found.code.name == "markdown/too-deep"));
    assert!(body.to_html(&AsWritten).contains("&lt;div&gt;"));
}
