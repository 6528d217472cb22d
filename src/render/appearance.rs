//! What `[appearance]` of a site becomes: a style sheet of custom properties, and files.
//!
//! Enters: an [`Appearance`]. Leaves: static files that lie over the theme's, and
//! a finding for each colour that had to change to be legible. Contrast is that of
//! WCAG 2.2; text and links need 4.5 : 1 on every ground they stand on.

use crate::config::{Appearance, Colour};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::raw::reader::Layers;
use std::collections::BTreeMap;

/// The style sheet's name among the static files.
const SHEET: &str = "css/site.css";
/// What text needs against its ground.
const LEGIBLE: f64 = 4.5;
/// What the words on the front page's head get.
const STRONG: f64 = 7.0;

/// The grounds of a scheme, as `base.css` has them; a test holds them to it.
struct Scheme {
    paper: Colour,
    wash: Colour,
    /// Where a colour goes that is too close to its ground.
    far: Colour,
    /// Words on the deep accent.
    on_deep: Colour,
    /// How much of the accent is in its tint, and in its deep shade.
    tint: f64,
    deep: f64,
}

const LIGHT: Scheme = Scheme {
    paper: Colour([0xff, 0xff, 0xff]),
    wash: Colour([0xf2, 0xf5, 0xf3]),
    far: Colour([0, 0, 0]),
    on_deep: Colour([0xff, 0xff, 0xff]),
    tint: 0.12,
    deep: 1.0,
};

const DARK: Scheme = Scheme {
    paper: Colour([0x0f, 0x16, 0x15]),
    wash: Colour([0x18, 0x21, 0x1f]),
    far: Colour([0xff, 0xff, 0xff]),
    on_deep: Colour([0xe7, 0xee, 0xec]),
    tint: 0.2,
    deep: 0.35,
};

/// The accent of a scheme and what is made from it.
struct Accent {
    plain: Colour,
    deep: Colour,
    tint: Colour,
}

/// The static files of a site's own look, by name; none if it has none.
pub(super) fn files(
    look: &Appearance,
    layers: &Layers,
) -> (BTreeMap<String, Vec<u8>>, Diagnostics) {
    let mut files = BTreeMap::new();
    let mut found = Diagnostics::default();
    let mut sheet = String::new();
    if let Some(font) = &look.font_file {
        files.insert("font/site.woff2".to_owned(), font.clone());
        sheet += "@font-face { font-family: \"Site\"; src: url(\"../font/site.woff2\") format(\"woff2\"); font-weight: 100 900; font-display: swap; }\n";
    }
    let families = match (&look.font_file, &look.font) {
        (Some(_), Some(font)) => Some(format!("\"Site\", {font}")),
        (Some(_), None) => Some("\"Site\", system-ui, sans-serif".to_owned()),
        (None, font) => font.clone(),
    };
    if let Some(families) = families {
        sheet += &format!("@layer base {{ :root {{ --sans: {families}; }} }}\n");
    }
    if let Some((accent, span)) = &look.accent {
        let light = accent_in(&LIGHT, *accent);
        if light.plain != *accent {
            found.push(changed(*accent, light.plain, "light").at(layers.place(span)));
        }
        sheet += &format!("@layer base {{ :root {{ {} }} }}\n", properties(&light));
    }
    if let Some((accent, span)) = look.accent_dark.as_ref().or(look.accent.as_ref()) {
        let dark = accent_in(&DARK, *accent);
        if look.accent_dark.is_some() && dark.plain != *accent {
            found.push(changed(*accent, dark.plain, "dark").at(layers.place(span)));
        }
        sheet += &format!(
            "@layer base {{ @media (prefers-color-scheme: dark) {{ :root {{ {} }} }} }}\n",
            properties(&dark)
        );
    }
    sheet += look.css.as_deref().unwrap_or_default();
    if !sheet.is_empty() {
        files.insert(SHEET.to_owned(), sheet.into_bytes());
    }
    if let Some((suffix, bytes)) = &look.logo {
        files.insert(format!("img/logo.{suffix}"), bytes.clone());
    }
    (files, found)
}

fn changed(from: Colour, to: Colour, scheme: &str) -> Diagnostic {
    let message = format!("{} is hard to read in the {scheme} scheme", hex(from));
    Diagnostic::new(&codes::CONFIG_CONTRAST, message).help(format!(
        "links and buttons use {} instead, the nearest that has a contrast of {LEGIBLE} to 1",
        hex(to)
    ))
}

fn properties(accent: &Accent) -> String {
    format!(
        "--accent: {}; --accent-deep: {}; --tint: {};",
        hex(accent.plain),
        hex(accent.deep),
        hex(accent.tint)
    )
}

fn accent_in(scheme: &Scheme, accent: Colour) -> Accent {
    let tint = mix(accent, scheme.paper, scheme.tint);
    let legible = |colour: Colour| {
        [scheme.paper, scheme.wash, tint].iter().all(|ground| contrast(colour, *ground) >= LEGIBLE)
    };
    let plain = towards(accent, scheme.far, legible);
    let deep = mix(accent, scheme.paper, scheme.deep);
    let strong = |colour: Colour| contrast(colour, scheme.on_deep) >= STRONG;
    Accent { plain, deep: towards(deep, Colour([0, 0, 0]), strong), tint }
}

/// The first colour on the way from one to another that will do.
fn towards(from: Colour, to: Colour, will_do: impl Fn(Colour) -> bool) -> Colour {
    let steps = (0..=50).map(|step| mix(to, from, f64::from(step) / 50.0));
    steps.into_iter().find(|colour| will_do(*colour)).unwrap_or(to)
}

/// So much of one colour in another.
fn mix(colour: Colour, into: Colour, part: f64) -> Colour {
    let channel = |at: usize| {
        let mixed = f64::from(colour.0[at]) * part + f64::from(into.0[at]) * (1.0 - part);
        // Between two bytes there are bytes only.
        mixed.round() as u8
    };
    Colour([channel(0), channel(1), channel(2)])
}

/// The contrast ratio of WCAG 2.2, from 1 to 21.
fn contrast(a: Colour, b: Colour) -> f64 {
    let linear = |byte: u8| {
        let c = f64::from(byte) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    let light = |Colour([r, g, b]): Colour| {
        0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b) + 0.05
    };
    let (a, b) = (light(a), light(b));
    if a > b { a / b } else { b / a }
}

fn hex(Colour([r, g, b]): Colour) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::Theme;

    #[test]
    fn contrast_is_that_of_the_standard() {
        let (black, white) = (Colour([0; 3]), Colour([255; 3]));
        assert!((contrast(black, white) - 21.0).abs() < 1e-9);
        assert!((contrast(Colour([0x76; 3]), white) - 4.54).abs() < 0.01);
    }

    #[test]
    fn every_accent_becomes_legible_in_both_schemes() {
        for r in (0..=255).step_by(51) {
            for g in (0..=255).step_by(51) {
                for b in (0..=255).step_by(51) {
                    for scheme in [&LIGHT, &DARK] {
                        let accent = accent_in(scheme, Colour([r, g, b]));
                        for ground in [scheme.paper, scheme.wash, accent.tint] {
                            assert!(contrast(accent.plain, ground) >= LEGIBLE, "{r} {g} {b}");
                        }
                        assert!(contrast(accent.deep, scheme.on_deep) >= STRONG, "{r} {g} {b}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_legible_accent_stays_as_it_is_and_another_is_told() {
        let look = |accent: &str| Appearance {
            accent: Colour::parse(accent).map(|colour| (colour, 0..0)),
            ..Appearance::default()
        };
        let (kept, found) = files(&look("#0a5260"), &Layers::default());
        assert!(found.is_empty());
        let sheet = String::from_utf8(kept[SHEET].clone()).unwrap();
        assert!(sheet.contains(":root { --accent: #0a5260;"), "{sheet}");
        let (changed, found) = files(&look("#ffcc00"), &Layers::default());
        assert_eq!(found.len(), 1);
        // In the dark it is legible, and stays.
        let sheet = String::from_utf8(changed[SHEET].clone()).unwrap();
        assert!(!sheet.contains("base { :root { --accent: #ffcc00"), "{sheet}");
        assert!(files(&Appearance::default(), &Layers::default()).0.is_empty());
    }

    #[test]
    fn the_grounds_are_those_of_the_theme() {
        let theme = Theme::default_theme();
        let base = String::from_utf8(theme.assets["css/base.css"].clone()).unwrap();
        let short = |colour: Colour| hex(colour).replace("#ffffff", "#fff");
        for (at, scheme) in [&LIGHT, &DARK].into_iter().enumerate() {
            let rule = base.split(":root {").nth(at + 1).unwrap().split('}').next().unwrap();
            for (name, colour) in
                [("paper", scheme.paper), ("wash", scheme.wash), ("on-deep", scheme.on_deep)]
            {
                let line = format!("--{name}: {};", short(colour));
                assert!(rule.contains(&line), "{line}");
            }
        }
    }
}
