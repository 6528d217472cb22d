//! Components and mapped tags in Markdown: what is found, where it stands, what
//! it is filled with, and that nothing of a text is lost by them.

mod built;

use built::Site;
use exempla::build::build;
use exempla::diagnostic::Diagnostics;
use exempla::markdown::{AsWritten, Body, ImageView, Role, parse};
use exempla::markdown::{Call, Filled, HtmlPolicy, Literal, Options, Resolve, Shortcode};
use std::sync::Arc;

/// Writes each component as an element of its name.
struct Plainly;

impl Resolve for Plainly {
    fn link(&self, _: usize, target: &str) -> Option<String> {
        Some(format!("/to/{target}"))
    }
    fn image(&self, _: usize, src: &str) -> Option<ImageView> {
        Some(ImageView {
            url: format!("/img/{src}"),
            width: None,
            height: None,
            srcset: None,
            sizes: "",
        })
    }
    fn component(&self, call: &Call, filled: Filled<'_>) -> String {
        let mut out = format!("<{}", call.name);
        for (name, value) in &filled.attributes {
            let value = match value {
                Literal::Text(text) => text.clone(),
                other => format!("{other:?}"),
            };
            out += &format!(" {name}={value}");
        }
        match filled.body {
            Some(body) => out + &format!(">{}{body}</{}>", filled.picture, call.name),
            None => out + &format!("/>{}", filled.picture),
        }
    }
}

fn options() -> Options {
    let component = |name: &str, attributes: &[(&str, &str)]| Shortcode::Component {
        name: name.into(),
        attributes: attributes.iter().map(|(n, t)| ((*n).into(), (*t).into())).collect(),
        body: (name == "Said").then(|| "{text}".into()),
    };
    let shortcodes = [
        ("wide", Shortcode::Inner),
        ("ref", Shortcode::Link { href: "{0}".into(), text: None }),
        ("file", Shortcode::Link { href: "/f/{0}".into(), text: Some("{label|the file}".into()) }),
        ("img", Shortcode::Image { src: "/i/{src}.jpg".into(), alt: "{alt}".into() }),
        ("note", component("Note", &[("kind", "{0|plain}"), ("title", "{title}")])),
        ("said", component("Said", &[])),
        ("tube", component("Video", &[("href", "https://v.example/{id}")])),
    ];
    Options {
        smart: false,
        shortcodes: shortcodes.into_iter().map(|(name, of)| (name.to_owned(), of)).collect(),
        ..Options::default()
    }
}

fn read(text: &str) -> (Body, Diagnostics) {
    parse(text, &Arc::from("a.md"), 0, &options())
}

/// The HTML of a text, in one line.
fn html(text: &str) -> String {
    read(text).0.to_html(&Plainly).replace('\n', "")
}

fn found(text: &str) -> Vec<String> {
    read(text)
        .1
        .iter()
        .map(|one| {
            let (start, end) = one.place.as_ref().and_then(|place| place.span).expect("a place");
            format!("{}: {}", one.code.name, &text[start..end])
        })
        .collect()
}

#[test]
fn attribute_lists_of_kramdown_are_mapped_by_their_classes() {
    for (text, want) in [
        ("*a*\nb\n{: .note}\n\nc", "<Note kind=plain><p><em>a</em>b</p></Note><p>c</p>"),
        ("{: .note title=\"A b\"}\na\n\nb", "<Note kind=plain title=A b><p>a</p></Note><p>b</p>"),
        (
            "a\n\n> b\n{: .note}\n",
            "<p>a</p><Note kind=plain><blockquote><p>b</p></blockquote></Note>",
        ),
        (
            "> a\n>\n> b\n> {:.note}\n",
            "<blockquote><p>a</p><Note kind=plain><p>b</p></Note></blockquote>",
        ),
        ("- a\n- b\n{: .note}\n", "<Note kind=plain><ul><li>a</li><li>b</li></ul></Note>"),
        ("- a\n\n  b\n  {: .note}\n- c", "<ul><li><p>a</p><Note kind=plain><p>b</p></Note></li>"),
        (
            "```\nx\n```\n{: .note}\n",
            "<Note kind=plain><pre tabindex=\"0\"><code>x</code></pre></Note>",
        ),
        ("|a|\n|-|\n|b|\n{: .note}\n\nc", "</table></div></Note><p>c</p>"),
        ("a\n{: .note}\nb", "<Note kind=plain><p>a</p></Note><p>b</p>"),
        (
            "{: .note}\na\n{: .note title=\"o\"}\n",
            "<Note kind=plain title=o><Note kind=plain><p>a</p></Note></Note>",
        ),
        (
            "a\n{: .note}\n{: .note title=\"o\"}\n",
            "<Note kind=plain title=o><Note kind=plain><p>a</p></Note></Note>",
        ),
        ("a\n{: .note .wide}", "<Note kind=plain><p>a</p></Note>"),
        ("{% <A> %}\na\n{: .note}\n{% </A> %}", "<A><Note kind=plain><p>a</p></Note></A>"),
        ("## T\n{: #the-id}\n\na", "<h2 id=\"the-id\">T"),
        ("T\n===\n{: #the-id .wide}\n\na", " id=\"the-id\">T"),
        ("T\nU\n---\n{: #the-id}\n\na", "<h2 id=\"the-id\">TU<a"),
        ("*x*{: .note} y", "<p><em>x</em> y</p>"),
    ] {
        let got = html(text);
        assert!(got.contains(want), "{text}\ngave {got}");
    }
    for (text, want) in [
        ("a\n{: .note .wide}", vec![]),
        ("*x*{: .wide} y", vec![]),
        ("## T\n{: #i}", vec![]),
        ("## T {#own}\n{: #i}", vec!["#i"]),
        ("a\n{: .x .note .y k=v}\n\nb\n{: .x}\n\nc\n{: #i}", vec![".x", ".y", "#i"]),
        ("*x*{: .note}", vec![".note"]),
        ("{: .note}\n\na", vec![".note"]),
        ("[a](b.md){:target=\"_blank\"}", vec!["target"]),
    ] {
        let messages: Vec<_> = read(text).1.iter().map(|one| one.message.clone()).collect();
        assert_eq!(messages.len(), want.len(), "{text}: {messages:?}");
        for (message, word) in messages.iter().zip(want) {
            assert!(message.starts_with(&format!("`{{: {word} }}`")), "{text}: {message}");
            let count = if word == ".x" { "2 times" } else { "once" };
            assert!(message.contains(count), "{message}");
        }
    }
}

#[test]
fn calls_stand_where_they_were_written() {
    for (text, want) in [
        ("a {{ <I n=\"x\" /> }} b", "<p>a <I n=x/> b</p>"),
        ("a\n{{ <I /> }}\nb", "<p>a</p><I/><p>b</p>"),
        ("{% <A k={true}> %}\n*b*\n{% </A> %}", "<A k=Bool(true)><p><em>b</em></p></A>"),
        (
            "{% <A> %}\n{% <B> %}\nx\n{% </B> %}\n{{ <I /> }}\n{% </A> %}",
            "<A><B><p>x</p></B><I/></A>",
        ),
        ("- a\n  {% <A> %}\n  b\n  {% </A> %}\n- c", "<ul><li>a<A>b</A></li><li>c</li></ul>"),
        ("> {% <A> %}\n> b\n> {% </A> %}", "<blockquote><A><p>b</p></A></blockquote>"),
        ("x[^1]\n\n[^1]: y\n\n    {% <A> %}\n    b\n    {% </A> %}", "<A><p>b</p></A>"),
        (
            "{{ <F src=\"p.png\" alt=\"A\" href=\"b.md\" /> }}",
            "<F src=/img/p.png alt=A href=/to/b.md/><img src=\"/img/p.png\" alt=\"A\"",
        ),
        ("{{ <F src=\"javascript:x\" /> }}", "<F src=/>"),
        (
            "{{ <F src=\"https://far.example/x.png\" alt=\"A\" /> }}",
            "<F src= alt=A/><a href=\"https://far.example/x.png\">A</a>",
        ),
        ("`{% <A> %}`\n\n    {{ <I /> }}\n", "<code>{% &lt;A&gt; %}</code>"),
        ("## T {{ <I /> }}", "<h2 id=\"t\">T <I/><a"),
    ] {
        let html = html(text);
        assert!(html.contains(want), "{text}\n{html}");
    }
    // A list goes on where a call stands in it, and a heading in a call opens no section.
    let (body, _) = read("## A\n{% <C> %}\n### B\n## D\n{% </C> %}\n## E\nx");
    assert!(body.section_html(0, &Plainly).contains("</C>"));
    assert!(!body.section_html(0, &Plainly).contains(">E<"));
}

#[test]
fn raw_html_around_calls_changes_nothing_of_them() {
    let with_raw = |text: &str| html(&format!("{text}\n\n<b></b>")).replace("<p><b></b></p>", "");
    for text in [
        "{% <A t=\"x\"> %}\n*b*\n{% </A> %}",
        "- a\n  {% <A> %}\n  b\n  {% </A> %}\n- {{ <I /> }}",
        "a {{ <I src=\"x.png\" alt=\"y\" /> }} b",
        "{% <A> %}\n{% <B> %}\nx\n{% </B> %}\n{% </A> %}\n\n## H\n",
    ] {
        assert_eq!(with_raw(text), html(text), "{text}");
    }
    // What an editor leaves open is closed where the call ends, or later: it always nests.
    let html = html("{% <A> %}\n\n<div><p>in\n\n{% </A> %}\n\nout </div> end");
    assert!(html.starts_with("<A>") && html.contains("</A>"), "{html}");
    for word in ["in", "out", "end"] {
        assert!(html.contains(word), "{html}");
    }
    let escaped = Options { html: HtmlPolicy::Escape, ..options() };
    let (body, _) = parse("<div>\n{{ <I /> }}\n</div>\n\n{{ <I /> }}", &"a.md".into(), 0, &escaped);
    assert!(body.to_html(&Plainly).contains("&lt;div&gt;"));
}

#[test]
fn slips_are_named_and_lose_nothing() {
    for (text, want, word) in [
        ("{% <A> %}\nword", "markdown/component-call: {% <A> %}", "word"),
        ("word\n\n{% </A> %}", "markdown/component-call: {% </A> %}", "word"),
        ("- {% <A> %}\n  word\n\n{% </A> %}", "markdown/component-call: {% <A> %}", "word"),
        ("{% <A> %}\n{% <B> %}\nword\n{% </A> %}", "markdown/component-call: {% <B> %}", "word"),
        ("{% <A b=c> %}\nword", "markdown/component-call: {% <A b=c> %}", "word"),
        ("word {% <A> %} other {% </A> %}", "markdown/component-call: {% <A> %}", "word"),
        ("{{< note >}}\nword\n\n> {{< /note >}}", "markdown/unclosed-tag: {{< note >}}", "word"),
    ] {
        assert!(found(text).contains(&want.to_owned()), "{text}: {:?}", found(text));
        assert!(html(text).contains(word), "{text}");
    }
    // Neither deep nor endless input is worse than long.
    for text in
        ["{% <A> %}\n".repeat(20_000), "{{< note >}}".repeat(20_000), "{{ <A ".repeat(20_000)]
    {
        let (body, _) = read(&text);
        body.to_html(&AsWritten);
    }
    assert_eq!(
        html("<!-- a\n\n{{< note >}} {{ <I /> }}\n{{< img src=x >}} -->\n\nword"),
        "<p>word</p>"
    );
    assert_eq!(found("a <!-- {{< note >}} {{< gone >}} --> b"), [""; 0]);
    let mark = "<!--\u{FDD2}0\u{FDD3}-->";
    let html = html(&format!("{mark} {{{{ <I /> }}}}\n\n    {mark}\n"));
    assert_eq!(html.matches("<I/>").count(), 1, "{html}");
}

#[test]
fn a_call_inside_an_html_tag_stays_as_text() {
    let text = "See <a title=\"{{ <Figure /> }}\" href=\"b.md\">this</a>.\n";
    assert_eq!(found(text), ["markdown/component-call: {{ <Figure /> }}"]);
    assert!(html(text).contains("&lt;Figure"), "{}", html(text));
    let prose = "Where n <k.\n\n{{ <Figure /> }}\n";
    assert_eq!(found(prose), [""; 0], "a `<` of an earlier paragraph opens nothing");
}

#[test]
fn mapped_tags_become_what_the_site_says() {
    for (text, want) in [
        ("{{< wide >}}*a*{{< /wide >}}", "<p><em>a</em></p>"),
        ("[x]({{< ref \"b c.md\" >}}#y \"t\")", "<a href=\"/to/b%20c.md#y\" title=\"t\">x</a>"),
        ("<a href=\"{{< ref \"b.md\" >}}\">x</a>", "<a href=\"/to/b.md\">x</a>"),
        ("[x]: {{< ref \"b.md\" >}}\n\n[x]", "<a href=\"/to/b.md\">x</a>"),
        ("see {{< ref \"b_c.md\" >}}", "<a href=\"/to/b_c.md\">b_c.md</a>"),
        ("{{< file \"a.pdf\" label=\"The *list* [1]\" >}}", ">The *list* [1]</a>"),
        ("{{< file \"a.pdf\" >}}", "<a href=\"/to//f/a.pdf\">the file</a>"),
        ("[x]({{< file \"a.pdf\" >}})", "<a href=\"/to//f/a.pdf\">x</a>"),
        (
            "[{{< img src=\"a\" alt=\"An a\" >}}](b.md)",
            "<a href=\"/to/b.md\"><img src=\"/img//i/a.jpg\" alt=\"An a\"",
        ),
        (
            "<p>\n{{< img src=\"a\" alt=\"An a\" >}}\n</p>",
            "<img src=\"/img//i/a.jpg\" alt=\"An a\"",
        ),
        ("{{< note >}}*a*{{< /note >}}", "<Note kind=plain><p><em>a</em></p></Note>"),
        (
            "- x {{< note \"tip\" title=\"T\" >}}a{{< /note >}} y\n- z",
            "<li>x<Note kind=tip title=T>a</Note>y</li><li>z",
        ),
        ("{% note tip %}\na\n{% endnote %}", "<Note kind=tip><p>a</p></Note>"),
        ("{{% note %}}\na\n{{% /note %}}", "<Note kind=plain><p>a</p></Note>"),
        ("- a {{< said text=\"b *c*\" >}} d", "<li>a<Said>b <em>c</em></Said>d</li>"),
        (
            "{{< said text=x >}} {{< said >}}y{{< /said >}}",
            "<Said><p>x</p></Said><Said><p>y</p></Said>",
        ),
        ("a {{< tube id=x >}} b", "<p>a</p><Video href=https://v.example/x/><p>b</p>"),
        ("## A {{< tube id=x >}}\nb", "A<a class"),
    ] {
        let html = html(text);
        assert!(html.contains(want), "{text}\n{html}");
        let codes = found(text);
        assert!(codes.iter().all(|code| !code.contains("foreign")), "{codes:?}");
    }
    let (body, _) = read("{{< img src=\"a\" alt=\"An a\" >}} [x]({{< ref \"b.md\" >}})");
    assert_eq!(body.images()[0].src, "/i/a.jpg");
    assert_eq!(body.links()[0].target, "b.md");
}

#[test]
fn words_of_calls_are_searched() {
    let text = "{% <A title=\"Outer\" kind=\"hidden\"> %}\nInner **text**\n{% </A> %}\n{{ <F src=\"p.png\" alt=\"Picture\" /> }}";
    for text in [text.to_owned(), format!("{text}\n\n<b>x</b>")] {
        let said = read(&text).0.text().clone();
        for word in ["Outer", "Inner text", "Picture"] {
            assert!(said.contains(word), "{word} in {said}");
        }
        assert!(!said.contains("hidden") && !said.contains("p.png"), "{said}");
    }
    let (body, _) = read("{{ <E entry=\"x\" /> }}");
    assert!(matches!(body.calls()[0].attributes[0].role, Role::Entry(0)));
}

/// A site of one type with a theme of its own, where attributes that do not fit stop nothing.
fn site(theme: &str, files: &[(&str, &str)]) -> (tempfile::TempDir, Site) {
    let root = folder(theme, files);
    let site = Site::build(root.path(), None);
    (root, site)
}

/// The same, not yet built.
fn folder(theme: &str, files: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::TempDir::new().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = root.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    };
    let types = "preset = \"none\"\ntheme = \"mine\"\nbase_url = \"https://example.org/sub/\"\n[diagnostics]\n\"markdown/component-attribute\" = \"warning\"\n[types.note]\nfolder = \"notes\"\n";
    write("site.toml", &format!("title = \"T\"\n{types}"));
    write("themes/mine/theme.toml", "name = \"mine\"\nversion = \"1\"\nexempla = \">=0.1\"\n");
    write("themes/mine/templates/components/own.html", theme);
    files.iter().for_each(|(path, text)| write(path, text));
    root
}

#[test]
fn a_theme_overrides_components_and_adds_its_own() {
    let theme = "{% component Quote(cite: string = \"\") {\"body\": true} %}<q-uote cite=\"{{ cite }}\">{{ body }}</q-uote>{% endcomponent Quote %}\n\
        {% component Chip(label: string, @page) {\"inline\": true} %}<i lang=\"{{ page.lang }}\">{{ label }}</i>{% endcomponent Chip %}";
    let text = "---\ntitle: A\n---\n{% <Quote cite=\"<b>\"> %}\nSaid.\n{% </Quote> %}\n\nA {{ <Chip label=\"chip\" /> }}.\n\n{{ <EntryCard entry=\"b\" /> }}\n";
    let (_root, site) = site(
        theme,
        &[("content/notes/a.md", text), ("content/notes/b.md", "---\ntitle: Bee\n---\nx\n")],
    );
    let page = std::fs::read_to_string(site.out.path().join("notes/a/index.html")).expect("a page");
    for want in [
        "<q-uote cite=\"&lt;b&gt;\"><p>Said.</p></q-uote>",
        "<p>A <i lang=\"en\">chip</i>.</p>",
        "href=\"/sub/notes/b/\">Bee</a>",
    ] {
        assert!(page.contains(want), "{want}\n{page}");
    }
    let feed = std::fs::read_to_string(site.out.path().join("feed.xml")).unwrap_or_default();
    assert!(!feed.contains("href=&quot;/sub/notes"), "a feed has whole addresses: {feed}");
}

#[test]
fn what_a_page_gives_a_component_no_editor_can_give() {
    let theme = "{% component Plate(src: string, @picture, ...rest) %}<b>{{ picture | safe }}</b>{% endcomponent Plate %}";
    let call = |more: &str| {
        let text = format!("---\ntitle: A\n---\n{{{{ <Plate src=\"a.svg\" {more} /> }}}}\n");
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>";
        site(theme, &[("content/notes/a.md", &text), ("content/notes/a.svg", svg)]).1
    };
    let codes = |site: &Site| -> Vec<String> {
        site.built.found.iter().map(|one| one.code.name.to_owned()).collect()
    };
    let plain = call("other=\"kept\"");
    assert!(!codes(&plain).contains(&"markdown/component-attribute".to_owned()));
    let forged = call("picture=\"<script>alert(1)</script>\"");
    assert!(codes(&forged).contains(&"markdown/component-attribute".to_owned()));
    let page = std::fs::read_to_string(forged.out.path().join("notes/a/index.html"));
    assert!(!page.unwrap_or_default().contains("<script>alert"));
}

#[test]
fn what_is_understood_of_other_generators_is_not_told_as_a_loss() {
    let shown = r#"Write {{</* ref "a.md" */>}} here, or {{%/* odd */%}}."#;
    assert_eq!(
        html(shown).replace("&#123;", "{"),
        r#"<p>Write {{&lt; ref &quot;a.md&quot; &gt;}} here, or {{% odd %}}.</p>"#,
        "what Hugo shows is shown"
    );
    assert_eq!(found(shown), [""; 0]);
    let code = "{{< highlight go >}}\nx := 1\n{{< /highlight >}}\n";
    assert!(html(code).contains("x := 1") && found(code).is_empty(), "{:?}", found(code));
    let odd = found("{{< odd >}}\n\na\n\n{{< /odd >}}\n\n{{< odd >}}\n\nb\n\n{{< /odd >}}\n");
    assert_eq!(odd, ["markdown/foreign-tag: {{< odd >}}"]);
    let (_, told) = read("{{< odd >}}a{{< /odd >}} and {{< odd >}}b{{< /odd >}}");
    let told: Vec<_> = told.iter().map(|one| one.message.as_str()).collect();
    assert!(told.len() == 1 && told[0].contains("stands here 2 times"), "{told:?}");
}

#[test]
fn components_that_fail_are_told_wherever_their_calls_are_shown() {
    let theme = "{% component Bad(label: string) %}{{ label.a.b }}{% endcomponent Bad %}\n\
        {% component Worse(label: string) %}\n{{ label.c.d }}{% endcomponent Worse %}";
    let (bad, worse) = ("{{ <Bad label=\"x\" /> }}\n", "{{ <Worse label=\"x\" /> }}\n");
    let text = |calls: &str| format!("---\ntitle: T\n---\n{calls}");
    let files = [
        ("content/notes/a.md", text(&format!("{worse}\n{bad}"))),
        ("content/notes/_index.md", text(bad)),
        ("content/_index.md", text(worse)),
    ];
    let files = files.each_ref().map(|(path, text)| (*path, text.as_str()));
    let (root, out) = (folder(theme, &files), tempfile::TempDir::new().expect("a folder"));
    let told = || -> Vec<String> {
        let built = build(root.path(), &built::options(out.path()));
        let failed = built.found.iter().filter(|one| one.code.name == "render/failed");
        let told = failed.map(|one| {
            let called = one.related.as_ref().map(|of| of.0.file.to_string());
            let component = if one.message.contains("line 1") { "Bad" } else { "Worse" };
            format!("{component} {}", called.unwrap_or_default())
        });
        told.collect()
    };
    let first = told();
    let want = [
        "Bad content/notes/_index.md",
        "Bad content/notes/a.md",
        "Worse content/_index.md",
        "Worse content/notes/a.md",
    ];
    assert_eq!(first, want);
    let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    assert_eq!(one_thread.install(told), want);
}
