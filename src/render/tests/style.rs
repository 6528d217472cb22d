//! The default theme's style sheets: light enough, and legible in both schemes.

use crate::render::Theme;
use std::collections::BTreeMap;

fn sheet(name: &str) -> String {
    let theme = Theme::default_theme();
    String::from_utf8(theme.assets[&format!("css/{name}.css")].clone()).unwrap()
}

#[test]
fn style_sheets_stay_light() {
    // Brotli makes a quarter of such text: 12 KB on the wire are some 48 KB here.
    let total: usize = ["base", "layout", "entry", "print"].iter().map(|n| sheet(n).len()).sum();
    assert!(total < 40_000, "{total} bytes of style");
}

#[test]
fn style_sheets_fetch_nothing_from_elsewhere() {
    for name in ["base", "layout", "entry", "print"] {
        let sheet = sheet(name);
        assert!(!sheet.contains("http:") && !sheet.contains("//") && !sheet.contains("@import"));
    }
}

/// The custom properties of the `nth` `:root` rule that are colours.
fn colours(nth: usize) -> BTreeMap<String, [f64; 3]> {
    let base = sheet("base");
    let rule = base.split(":root {").nth(nth + 1).unwrap().split('}').next().unwrap().to_owned();
    let colour = |value: &str| {
        let hex = value.trim().strip_prefix('#')?;
        let digits = hex.len() / 3;
        let part = |i: usize| {
            let text = &hex[i * digits..(i + 1) * digits];
            let text = if digits == 1 { text.repeat(2) } else { text.to_owned() };
            u8::from_str_radix(&text, 16).ok().map(|n| f64::from(n) / 255.0)
        };
        Some([part(0)?, part(1)?, part(2)?])
    };
    let pairs = rule.split(';').filter_map(|line| line.trim().strip_prefix("--")?.split_once(':'));
    pairs.filter_map(|(name, value)| Some((name.to_owned(), colour(value)?))).collect()
}

/// Contrast as WCAG 2.2 defines it.
fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let linear = |c: f64| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
    let light = |c: [f64; 3]| 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2]);
    let (a, b) = (light(a) + 0.05, light(b) + 0.05);
    if a > b { a / b } else { b / a }
}

#[test]
fn every_colour_is_legible_on_what_it_stands_on() {
    let text = ["ink", "soft", "accent", "good", "warn", "bad"];
    for (scheme, colours) in [("light", colours(0)), ("dark", colours(1))] {
        let check = |front: &str, back: &str, least: f64| {
            let ratio = contrast(colours[front], colours[back]);
            assert!(ratio >= least, "{scheme}: {front} on {back} is {ratio:.2}, not {least}");
        };
        for back in ["paper", "wash"] {
            text.iter().for_each(|front| check(front, back, 4.5));
            check("edge", back, 3.0);
            check("focus", back, 3.0);
        }
        check("accent", "tint", 4.5);
        check("ink", "tint", 4.5);
        check("on-accent", "accent", 4.5);
        check("on-deep", "accent-deep", 4.5);
    }
}
