//! Addresses as machines outside the site need them: whole, and in ASCII.

use crate::config::BaseUrl;

/// The whole address of a page or file of the site, by its output path.
pub fn of_path(base: &BaseUrl, path: &str) -> String {
    ascii(&base.absolute(""), "") + &ascii(path, "%?#")
}

/// The link to a page or file from within the site, by its output path.
pub fn within(base: &BaseUrl, path: &str) -> String {
    ascii(base.path(), "") + &ascii(path, "%?#")
}

/// The whole address of a link of a page's view.
pub fn of_link(base: &BaseUrl, link: &str) -> String {
    match link.starts_with('/') {
        true => ascii(base.origin(), "") + &ascii(link, ""),
        false => ascii(link, ""),
    }
}

/// The whole address of a link as an editor wrote it: a path within the site
/// or an address elsewhere.
pub fn of_url(base: &BaseUrl, url: &str) -> String {
    match url.starts_with('/') {
        true => ascii(&base.absolute(url), ""),
        false => ascii(url, ""),
    }
}

/// The resolver's address of a DOI, which may hold what ends a path elsewhere.
pub fn of_doi(doi: &str) -> String {
    format!("https://doi.org/{}", ascii(doi, "%?#"))
}

/// Writes what an address cannot hold, and what is named besides, as `%…`.
fn ascii(text: &str, besides: &str) -> String {
    let plain = |c: char| {
        c.is_ascii_alphanumeric()
            || c.is_ascii_graphic() && !"\"<>\\^`{|}".contains(c) && !besides.contains(c)
    };
    if text.chars().all(plain) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if plain(c) {
            out.push(c);
        } else {
            let mut bytes = [0; 4];
            out.extend(c.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_whole_and_in_ascii() {
        let base = BaseUrl::parse("https://x.org/repo/").expect("sound");
        assert_eq!(of_path(&base, "水/50%.pdf"), "https://x.org/repo/%E6%B0%B4/50%25.pdf");
        assert_eq!(of_url(&base, "/a?b=1#c"), "https://x.org/repo/a?b=1#c");
        assert_eq!(of_url(&base, "https://y.org/ä b"), "https://y.org/%C3%A4%20b");
        assert_eq!(of_doi("10.1/a#b"), "https://doi.org/10.1/a%23b");
    }
}
