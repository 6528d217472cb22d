//! The address a site is published at.

/// An absolute address that ends in `/`, with or without a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    origin: String,
    path: String,
}

impl BaseUrl {
    /// Reads `https://host/` or `https://host/path`; `None` for anything that
    /// is not http or https, has no host, or has a query, fragment, blank or
    /// control character.
    pub fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        if !matches!(scheme, "http" | "https")
            || rest
                .chars()
                .any(|c| c.is_whitespace() || c.is_control() || "?#\"'<>\\^`{|}".contains(c))
        {
            return None;
        }
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let path = path.trim_matches('/');
        if host.is_empty() || path.split('/').any(|part| part == ".." || part == ".") {
            return None;
        }
        let path = if path.is_empty() { "/".to_owned() } else { format!("/{path}/") };
        Some(Self { origin: format!("{scheme}://{}", host.to_lowercase()), path })
    }

    /// The same scheme and host with another path, which begins and ends with a slash.
    pub fn under(&self, path: &str) -> Self {
        Self { path: path.to_owned(), ..self.clone() }
    }

    /// Scheme and host, without a slash at the end.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The path: `/`, or `/repo/`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The link to a page within the site: `news/x/` → `/repo/news/x/`.
    pub fn link(&self, page: &str) -> String {
        format!("{}{}", self.path, page.trim_start_matches('/'))
    }

    /// The whole address of a page within the site.
    pub fn absolute(&self, page: &str) -> String {
        format!("{}{}", self.origin, self.link(page))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_may_have_a_path() {
        let base = BaseUrl::parse("https://X.github.io/repo");
        assert_eq!(base.as_ref().map(|b| b.link("news/a/")), Some("/repo/news/a/".into()));
        assert_eq!(base.map(|b| b.absolute("/")), Some("https://x.github.io/repo/".into()));
        assert_eq!(BaseUrl::parse("https://x.org").map(|b| b.link("a/")), Some("/a/".into()));
        for bad in [
            "x.org",
            "ftp://x.org/",
            "https://",
            "https://x.org/?q",
            "https://x.org/a b",
            "https://x/../y",
        ] {
            assert_eq!(BaseUrl::parse(bad), None, "{bad}");
        }
    }
}
