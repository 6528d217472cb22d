//! Markdown into HTML: features, places of findings, sections, and what only
//! the model knows.

use std::sync::Arc;

use exempla::diagnostic::Diagnostics;
use exempla::markdown::{
    AsWritten, Body, HtmlPolicy, ImageView, KeptBody, Kind, Label, Options, Resolve, parse,
};

fn read(text: &str) -> (Body, Diagnostics) {
    read_with(text, &Options { smart: false, ..Options::default() })
}

fn read_with(text: &str, options: &Options) -> (Body, Diagnostics) {
    parse(text, &Arc::from("a.md"), 0, options)
}

fn html(text: &str) -> String {
    read(text).0.to_html(&AsWritten)
}

/// `code: the text it lies on`, in order.
fn found(text: &str, found: &Diagnostics) -> Vec<String> {
    found
        .iter()
        .map(|d| {
            let (start, end) = d.place.as_ref().and_then(|p| p.span).expect("it has a place");
            format!("{}: {}", d.code.name, &text[start..end])
        })
        .collect()
}

#[test]
fn formulas() {
    let math = Options { math: true, smart: false, ..Options::default() };
    let plain = |text: &str| read(text).0.to_html(&AsWritten);
    assert_eq!(plain("$x$"), "<p>$x$</p>\n", "only where a site asks for it");
    for prices in ["from $5 to $10", "$5-$10, US$5/US$10", "a \\$x\\$ b", "`$x$`", "$ x $"] {
        let (body, none) = read_with(prices, &math);
        assert!(!body.to_html(&AsWritten).contains("<math"), "{prices}");
        assert!(none.is_empty(), "{prices}");
    }
    let text = "## The mean $\\bar x$\n\nSo $$\\frac{{a}}{b} < 1$$ with <b title=\"$y$\">raw</b> $z^2$ ![see $q$](a.png)\n";
    let (body, none) = read_with(text, &math);
    assert!(none.is_empty(), "{none:?}");
    let html = body.to_html(&AsWritten);
    assert_eq!(html.matches("<math display=\"inline\"").count(), 2, "{html}");
    assert_eq!(html.matches("<math display=\"block\"").count(), 1, "{html}");
    assert!(html.contains("title=\"$y$\"") && html.contains("alt=\"see $q$\""), "{html}");
    assert!(!html.contains("{{"), "{html}");
    assert!(body.text().contains("So a b < 1 with raw z 2"), "{}", body.text());
    let bad = "a $\\nosuch{1}$ b <i>c</i>";
    let (body, found_in) = read_with(bad, &math);
    assert_eq!(found(bad, &found_in), ["markdown/formula: $\\nosuch{1}$"]);
    assert_eq!(
        body.to_html(&AsWritten),
        "<p>a <code>$\\nosuch{1}$</code> b <i>c</i></p>\n",
        "the source stays readable"
    );
}

#[test]
fn features() {
    let cases = [
        (
            "*a* **b** ~~c~~ `d`",
            "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>\n",
        ),
        ("a\nb  \nc", "<p>a\nb<br>\nc</p>\n"),
        ("- a\n- b\n", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("3. a\n", "<ol start=\"3\">\n<li>a</li>\n</ol>\n"),
        (
            "- [x] a\n- [ ] b",
            "<ul>\n<li><input class=\"task\" type=\"checkbox\" disabled checked aria-label=\"Done\"> a</li>\n\
             <li><input class=\"task\" type=\"checkbox\" disabled aria-label=\"To do\"> b</li>\n</ul>\n",
        ),
        ("term\n: meaning\n", "<dl>\n<dt>term</dt>\n<dd>meaning</dd>\n</dl>\n"),
        (
            "| a | b |\n|:-:|--:|\n| 1 | 2 |",
            "<div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table\"><table><thead><tr>\
             <th scope=\"col\" class=\"align-center\">a</th><th scope=\"col\" class=\"align-right\">b</th>\
             </tr></thead><tbody>\n<tr><td class=\"align-center\">1</td><td class=\"align-right\">2</td></tr>\n\
             </tbody></table></div>\n",
        ),
        (
            "> [!WARNING]\n> mind",
            "<aside class=\"alert alert-warning\" role=\"note\"><p class=\"alert-title\">Warning</p>\n<p>mind</p>\n</aside>\n",
        ),
        (
            "```rust,ignore\nlet a = \"<{{b}}>\";\n```",
            "<pre tabindex=\"0\"><code class=\"language-rust\">let a = &quot;&lt;{{b}}&gt;&quot;;\n</code></pre>\n",
        ),
        (
            "[a](b.md \"t\") <https://x.eu/?a=1&b=2> <m@x.eu>",
            "<p><a href=\"b.md\" title=\"t\">a</a> <a href=\"https://x.eu/?a=1&amp;b=2\">https://x.eu/?a=1&amp;b=2</a> \
             <a href=\"mailto:m@x.eu\">m@x.eu</a></p>\n",
        ),
        (
            "![alt *text*](p.png)",
            "<p><img src=\"p.png\" alt=\"alt text\" loading=\"lazy\" decoding=\"async\"></p>\n",
        ),
        (
            "![alt](p.png \"A caption\")",
            "<figure><img src=\"p.png\" alt=\"alt\" loading=\"lazy\" decoding=\"async\"><figcaption>A caption</figcaption></figure>\n",
        ),
        (
            "## Dé *l*à {#x .k}",
            "<h2 id=\"x\" class=\"k\">Dé <em>l</em>à<a class=\"anchor\" href=\"#x\" aria-label=\"Link to this section: Dé là\"></a></h2>\n",
        ),
        ("a {\\{ b {\\% c", "<p>a &#123;{ b &#123;% c</p>\n"),
        ("***\n", "<hr>\n"),
        ("a<br/>b", "<p>a<br>b</p>\n"),
        ("a <!-- b --> c\n\n<!-- more -->\n", "<p>a  c</p>\n"),
    ];
    for (text, want) in cases {
        assert_eq!(html(text), want, "{text}");
    }
    let smart = read_with("\"a\" -- b...", &Options::default()).0;
    assert_eq!(smart.to_html(&AsWritten), "<p>“a” – b…</p>\n");
}

#[test]
fn footnotes_are_numbered_by_reference_and_lead_back() {
    let html = html("a[^z] b[^y] c[^z]\n\n[^y]: why\n[^z]: zed\n[^u]: unused\n");
    for want in [
        "a<sup class=\"footnote-ref\"><a href=\"#fn:1\" id=\"fnref:1\" role=\"doc-noteref\">1</a></sup>",
        "c<sup class=\"footnote-ref\"><a href=\"#fn:1\" id=\"fnref:1:2\"",
        "<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"Footnotes\"><ol>\n<li id=\"fn:1\"><p>zed <a class=\"footnote-back\" href=\"#fnref:1\"",
        "<li id=\"fn:2\"><p>why",
        "<li id=\"fn:3\"><p>unused</p>",
    ] {
        assert!(html.contains(want), "{want}\nin {html}");
    }
    let raw = super_raw("a[^z] b[^y] c[^z]\n\n[^y]: why\n[^z]: zed\n[^u]: unused\n");
    let raw = raw.replace("<b></b>", "").replace("<p></p>\n", "");
    assert_eq!(raw.trim(), html.trim());
}

/// The same text with a little raw HTML behind it, so that it is sanitised.
fn super_raw(text: &str) -> String {
    let (body, _) = read(&format!("{text}\n\n<b></b>\n"));
    body.to_html(&AsWritten)
}

#[test]
fn sanitising_changes_nothing_of_ours() {
    for text in [
        "# One\n\n## Two {#x .k}\n\ntext[^1]\n\n[^1]: note\n",
        "| a | b |\n|:-:|--:|\n| 1 | ![x](y.png) |\n",
        "- [x] a\n- [ ] [b](c.md \"t\")\n\n3. x\n4. y\n",
        "> [!NOTE]\n> mind\n\n```rust\n{{ x }} <b>\n```\n\n![a](b.png \"c\")\n",
        "term\n: meaning\n\n`{{ a }}` **b** ~~c~~ https://x.eu <m@x.eu>\n",
        "[a](https://x.eu/?a=1&b='2') &amp; \\{\\{ x\n",
    ] {
        let plain = |html: &str| {
            let same = html.replace("<b></b>", "").replace("<p></p>", "");
            let same = same.replace("&quot;", "\"").replace("\n", "");
            same.trim().to_owned()
        };
        assert_eq!(plain(&super_raw(text)), plain(&html(text)), "{text}");
    }
}

#[test]
fn headings_are_an_outline_and_sections() {
    let text = "# Title\n\nlead\n\n## A\n\none\n\n### A1\n\ntwo\n\n## B\n\nthree[^1]\n\n> ## Quoted\n\n[^1]: note\n";
    for text in [text.to_owned(), text.replace("lead", "<i>lead</i>")] {
        let (mut body, _) = read(&text);
        assert_eq!(body.headings().iter().map(|h| h.level).collect::<Vec<_>>(), [2, 3, 4, 3, 3]);
        assert_eq!(body.title().map(|t| t.text.as_str()), Some("Title"));
        assert_eq!(body.lift_title().as_deref(), Some("Title"));
        let outline: Vec<_> =
            body.headings().iter().map(|h| (h.level, h.id.as_str(), h.nested)).collect();
        assert_eq!(
            outline,
            [(2, "a", false), (3, "a1", false), (2, "b", false), (2, "quoted", true)]
        );
        assert!(body.to_html(&AsWritten).trim_start().starts_with("<p>"));
        let section = body.section_html(0, &AsWritten);
        assert_eq!(section.matches("<p>").count(), 2, "{section}");
        assert!(section.contains("<h3 id=\"a1\">") && !section.contains("three"));
        assert_eq!(body.section_text(1), "two");
        let last = body.section_html(2, &AsWritten);
        assert!(last.contains("three") && last.contains("Quoted") && !last.contains("note</"));
        assert_eq!(body.section_html(3, &AsWritten), "");
        let rest = body.rest_html(&[0, 1], &AsWritten);
        assert!(rest.contains("lead") && rest.contains("three") && rest.contains("doc-endnotes"));
        assert!(!rest.contains("one") && !rest.contains("two") && !rest.contains("id=\"a\""));
        assert_eq!(&**body.text(), "lead\nA\none\nA1\ntwo\nB\nthree\nQuoted\nnote");
    }
    let (body, _) = read("text\n\n# Later\n\n## Sub\n");
    assert_eq!(body.headings().iter().map(|h| h.level).collect::<Vec<_>>(), [2, 3]);
    assert!(body.title().is_none());
}

#[test]
fn ids_are_unique_and_stay_the_same() {
    let text = "## A\n\n## A\n\n## A 1\n\n## B {#a-1}\n\n<p id=\"a\">x</p><p id=\"own\">y</p>\n";
    let (body, findings) = read(text);
    let ids: Vec<_> = body.headings().iter().map(|h| h.id.as_str()).collect();
    assert_eq!(ids, ["a", "a-1", "a-1-1", "b"]);
    assert_eq!(found(text, &findings), ["markdown/duplicate-id: ## B {#a-1}"]);
    let once = body.to_html(&AsWritten);
    assert_eq!(once.matches("id=\"a\"").count(), 1);
    assert!(once.contains("id=\"own\""));
    assert_eq!(html(text), once);
}

#[test]
fn findings_have_exact_places() {
    let text = "Città é\r\n\r\n[x](JavaScript:alert) ü {{< ref \"è\" >}} ![](p.png) [](q.md)\r\n\r\n\
                ## H\r\n\r\n#### Jump\r\n\r\n> <b onclick=\"x()\">\r\n> <script>é</script></b>\r\n\r\n\
                [y]({{< ref \"a\" >}} \"t\") ![r](https://far.eu/p.png) {{ open\r\n";
    let offset = "+++\r\nà\r\n+++\r\n".len();
    let file = format!("+++\r\nà\r\n+++\r\n{text}");
    let options = Options { smart: false, ..Options::default() };
    let (_, mut findings) = parse(text, &Arc::from("a.md"), offset, &options);
    findings.sort();
    assert_eq!(
        found(&file, &findings),
        [
            "markdown/unsafe-url: [x](JavaScript:alert)",
            "markdown/foreign-tag: {{< ref \"è\" >}}",
            "markdown/image-without-alt: ![](p.png)",
            "markdown/empty-link: [](q.md)",
            "markdown/heading-jump: #### Jump",
            "markdown/unsafe-html: onclick=\"x()\"",
            "markdown/unsafe-html: <script>",
            "markdown/empty-target: [y]({{< ref \"a\" >}} \"t\")",
            "markdown/remote-image: ![r](https://far.eu/p.png)",
            "markdown/unclosed-tag: {{",
        ]
    );
    assert!(findings.iter().any(|d| d.message.contains("2 times")));
}

#[test]
fn foreign_tags_go_and_their_content_stays() {
    for (text, want) in [
        ("{{< note >}}\n**in**\n{{< /note >}}\n", "<p><strong>in</strong></p>\n"),
        ("{{% note %}}in{{% /note %}}", "<p>in</p>\n"),
        ("a {{ page.title }} b", "<p>a  b</p>\n"),
        ("{% if x %}yes{% else %}no{% endif %}", "<p>yesno</p>\n"),
        ("a{% comment %} secret {{ x }} {% endcomment %}b", "<p>ab</p>\n"),
        ("{% raw %}{{ shown }}{% endraw %}", "<p>&#123;{ shown }}</p>\n"),
        ("`{{< in >}}` {{< out >}}", "<p><code>{{&lt; in &gt;}}</code></p>\n"),
        ("```\n{{< in >}}\n```\n", "<pre tabindex=\"0\"><code>{{&lt; in &gt;}}\n</code></pre>\n"),
        ("[x]({{< ref \"a.md\" >}}) y", "<p>x y</p>\n"),
        ("[x]({{ site.baseurl }}/a/) y", "<p><a href=\"/a/\">x</a> y</p>\n"),
        ("[x][r]\n\n[r]: {% link a.md %}\n", "<p>x</p>\n"),
        ("<a href=\"{{site.baseurl}}/x/\">a</a>", "<p><a href=\"/x/\">a</a></p>\n"),
        ("## H\n{: .no_toc}\n\ntext\n{: #i .c}", "<h2 id=\"h\">H"),
        ("* TOC\n{:toc}\n\ntext", "<p>text</p>\n"),
        ("{{< a >}}    text", "<p>text</p>\n"),
        ("<div>\n    {{< a >}}\n    <i>x</i>\n</div>", "<div>\n    <i>x</i>\n</div>"),
        (
            "{{< highlight html >}}\n<b>{{ x }}</b>\n{{< /highlight >}}\n\nafter",
            "<pre tabindex=\"0\"><code class=\"language-html\">\n&lt;b&gt;{{ x }}&lt;/b&gt;\n\n</code></pre>\n<p>after</p>\n",
        ),
        ("{{< a {{< b >}} c", "<p>&#123;{&lt; a  c</p>\n"),
    ] {
        let got = html(text);
        assert!(got.starts_with(want) || got == want, "{text}\ngave {got}");
    }
}

#[test]
fn kramdown_elements_are_read_as_markdown() {
    let text = "<aside markdown=\"1\" class=\"pquote\">\n  <img src=\"a.png\" alt=\"A\">\n  Some *words*.\n  \
                <p markdown=\"1\" class=\"credit\">\n— @x, [\"link\"](https://x.eu)\n  </p>\n</aside>\n\nafter\n";
    let got = html(text);
    for want in [
        "<aside class=\"pquote\">",
        "<p>Some <em>words</em>.</p>",
        "<div class=\"credit\">",
        "<a href=\"https://x.eu\">\"link\"</a>",
        "</aside>",
        "<p>after</p>",
    ] {
        assert!(got.contains(want), "{want}\nin {got}");
    }
    assert!(!got.contains("markdown="));
    let inside = got.find("</aside>").expect("it is closed");
    assert!(got.find("</div>").is_some_and(|at| at < inside));
}

struct Model;

impl Resolve for Model {
    fn link(&self, index: usize, target: &str) -> Option<String> {
        match target {
            "../x.md#p" => Some(format!("/x/?{index}&y#p")),
            "evil" => Some("javascript:alert(1)".into()),
            _ => None,
        }
    }
    fn image(&self, _: usize, src: &str) -> Option<ImageView> {
        (src == "p.png").then(|| ImageView {
            url: "/m/p.abc.png".into(),
            width: Some(3),
            height: Some(2),
            srcset: Some("/m/\"p-1.webp 1w".into()),
            sizes: "100vw",
        })
    }
    fn label(&self, label: Label) -> std::borrow::Cow<'_, str> {
        if label == Label::Note { "Nota \"bene\"".into() } else { label.key().1.into() }
    }
}

#[test]
fn holes_are_filled_in_markdown_and_in_html() {
    for text in [
        "[a](../x.md#p) ![b](p.png) [e](evil)\n\n> [!NOTE]\n> n\n",
        "<a href=\"../x.md#p\">a</a> <img src=\"p.png\" alt=\"b\"> <a href=\"evil\">e</a>\n\n> [!NOTE]\n> n\n",
    ] {
        let (body, _) = read(text);
        let html = body.to_html(&Model);
        for want in [
            "<a href=\"/x/?0&amp;y#p\">a</a>",
            "<img src=\"/m/p.abc.png\" alt=\"b\" srcset=\"/m/&quot;p-1.webp 1w\" sizes=\"100vw\" width=\"3\" height=\"2\" loading=\"lazy\" decoding=\"async\">",
            "<p class=\"alert-title\">Nota &quot;bene&quot;</p>",
            "<a href=\"evil\">e</a>",
        ] {
            assert!(html.contains(want), "{want}\nin {html}");
        }
        let link = &body.links()[0];
        assert_eq!((link.target.as_str(), link.kind), ("../x.md#p", Kind::Local));
        let end = if text.starts_with('[') { "[a](../x.md#p)" } else { "<a href=\"../x.md#p\">" };
        assert_eq!(&text[link.span.clone()], end);
        assert!(text[body.images()[0].span.clone()].contains("p.png"));
    }
}

#[test]
fn remote_pictures_need_a_known_host() {
    let options = Options { allow_hosts: vec!["ok.eu".into()], ..Options::default() };
    for text in [
        "![o](https://OK.eu/p.png) ![f](//far.eu/p.png) [![l](http://far.eu/q.png)](https://x.eu)",
        "<img src=\"https://OK.eu/p.png\" alt=o> <img src=\"//far.eu/p.png\" alt=f> \
         <a href=\"https://x.eu\"><img src=\"http://far.eu/q.png\" alt=l></a>",
    ] {
        let (body, findings) = read_with(text, &options);
        let html = body.to_html(&AsWritten);
        assert!(html.contains("<img src=\"https://OK.eu/p.png\""), "{html}");
        assert!(html.contains("<a href=\"//far.eu/p.png\">f</a>"), "{html}");
        assert!(html.contains("<a href=\"https://x.eu\">l</a>"), "{html}");
        assert_eq!(html.matches("<img").count(), 1);
        assert_eq!(findings.len(), 2);
    }
}

#[test]
fn raw_html_follows_its_policy() {
    let text = "a <b onclick=x>c</b>\n\n<div>d</div>\n";
    let with =
        |html| read_with(text, &Options { html, ..Options::default() }).0.to_html(&AsWritten);
    assert_eq!(with(HtmlPolicy::Allow), "<p>a <b onclick=x>c</b></p>\n<div>d</div>\n");
    assert_eq!(with(HtmlPolicy::Sanitise), "<p>a <b>c</b></p>\n<div>d</div>\n");
    let escaped = with(HtmlPolicy::Escape);
    assert!(escaped.contains("&lt;b onclick=x&gt;") && escaped.contains("&lt;div&gt;"));
}

#[test]
fn a_body_is_shared_between_threads_and_can_be_kept() {
    fn shared<T: Send + Sync>(_: &T) {}
    let texts = [
        "# A\n\n[b](c.md) <i>d</i> ![e](f.png)\n\n## G\n\nh[^1]\n\n[^1]: i\n",
        "# A\n\n# B\n\n<Figure src=\"f.png\" alt=\"g\"/>\n\n- [x] $h^2$\n",
        "# ![only a picture](f.png)\n\nJ &amp; *k* \n\n```\nl\n```\n",
        "#\n\nm\n",
        "# N",
        "O.\n\n# P\n\n> # Q\n",
        "",
    ];
    let bodies = texts.map(|text| read(text).0);
    shared(&bodies);
    let mut bytes = b"before".to_vec();
    let kept: Vec<_> = bodies.iter().map(|body| body.keep(&mut bytes)).collect();
    let kept = serde_json::to_string(&kept).expect("plain data");
    let recall = |kept: &str, bytes: Vec<u8>| -> Vec<Body> {
        let (kept, bytes): (Vec<KeptBody<'_>>, _) =
            (serde_json::from_str(kept).expect("and back"), Arc::new(bytes));
        kept.into_iter().map(|kept| Body::recall(kept, &bytes)).collect()
    };
    let once = recall(&kept, bytes);
    // What was kept can be kept again, though nobody has asked for it.
    let mut bytes = Vec::new();
    let kept: Vec<_> = once.iter().map(|body| body.keep(&mut bytes)).collect();
    let kept = serde_json::to_string(&kept).expect("plain data");
    let twice = recall(&kept, bytes);
    for recalled in once.into_iter().zip(&bodies).chain(twice.into_iter().zip(&bodies)) {
        let (mut again, mut body) = (recalled.0, recalled.1.clone());
        for lifted in [false, true] {
            if lifted {
                assert_eq!(again.lift_title(), body.lift_title());
            }
            assert_eq!(again.text(), body.text());
            assert_eq!(again.shape(), body.shape());
            assert_eq!(again.headings(), body.headings());
            assert_eq!((again.links(), again.images()), (body.links(), body.images()));
            assert_eq!(again.calls(), body.calls());
            assert_eq!(again.to_html(&Model), body.to_html(&Model));
            for at in 0..body.headings().len() {
                assert_eq!(again.section_text(at), body.section_text(at));
                assert_eq!(again.section_html(at, &Model), body.section_html(at, &Model));
            }
        }
    }
}

#[test]
fn tags_that_a_site_knows_go_without_a_finding() {
    let inner = ("ferry".to_owned(), exempla::markdown::Shortcode::Inner);
    let shortcodes = exempla::markdown::Shortcodes::from([inner]);
    let options = exempla::markdown::Options { shortcodes, ..Default::default() };
    let text = "{% ferry \"a\" %}The *boat* waits.{% endferry %} {{< wave >}}";
    let (body, found) = exempla::markdown::parse(text, &"a.md".into(), 0, &options);
    assert!(body.to_html(&exempla::markdown::AsWritten).contains("The <em>boat</em> waits."));
    let messages: Vec<&str> = found.iter().map(|one| one.message.as_str()).collect();
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert!(messages[0].contains("wave"), "{messages:?}");
}
