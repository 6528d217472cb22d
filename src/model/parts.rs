//! Raw nodes into values: what a scalar, a list or a table under a key is.

use super::read::OneEntry;
use super::scalar::{self, Refusal};
use super::{FileSource, ImageValue, Reference, Value, constraints, files};
use crate::diagnostic::{Place, codes};
use crate::markdown;
use crate::raw::{Node, Table, Value as Raw};
use crate::schema::{Field, FieldKind};
use indexmap::IndexMap;

impl OneEntry<'_> {
    /// Reads a node as a field's value; reports and returns nothing if it is none.
    pub fn value(&mut self, field: &Field, node: &Node) -> Option<Value> {
        let result = match (&field.kind, &node.value) {
            (FieldKind::List(item), Raw::List(nodes)) => {
                let items = nodes.iter().filter(|node| !node.is_blank());
                return Some(Value::List(
                    items.filter_map(|node| self.value(item, node)).collect(),
                ));
            }
            // One value where several may stand is a list of one.
            (FieldKind::List(item), _) => return Some(Value::List(vec![self.value(item, node)?])),
            (FieldKind::Table(fields), Raw::Table(table)) => {
                return self.table(fields, table, node);
            }
            (FieldKind::Money, Raw::Table(table)) => {
                self.only(table, &["amount", "currency"]);
                let text = |key| table.get(key).and_then(Node::text).unwrap_or("");
                scalar::money_of(text("amount"), text("currency"))
            }
            (FieldKind::Period, Raw::Table(table)) => {
                self.only(table, &["start", "end"]);
                let text = |key| table.get(key).and_then(Node::text);
                scalar::period_of(
                    text("start").unwrap_or(""),
                    text("end").filter(|end| !end.trim().is_empty()),
                )
            }
            (FieldKind::Geo, Raw::Table(table)) => {
                self.only(table, &["lat", "lon", "latitude", "longitude"]);
                let text = |keys: [&str; 2]| {
                    keys.iter().find_map(|key| table.get(key)).and_then(Node::text).unwrap_or("")
                };
                scalar::geo(text(["lat", "latitude"]), text(["lon", "longitude"]))
            }
            (FieldKind::Geo, Raw::List(nodes)) => match nodes.as_slice() {
                [lat, lon] => scalar::geo(lat.text().unwrap_or(""), lon.text().unwrap_or("")),
                _ => scalar::geo("", ""),
            },
            (FieldKind::Image, _) => return self.image(node),
            (FieldKind::File, _) => return self.file(node),
            (FieldKind::Ref { .. }, Raw::Scalar(text)) => Ok(Value::Ref(Reference {
                text: text.trim().to_owned(),
                span: node.span.clone(),
                target: None,
            })),
            (FieldKind::Markdown, Raw::Scalar(text)) => return Some(self.markdown(text, node)),
            (kind, Raw::Scalar(text)) => scalar::read(kind, text, &self.reader.site.schema),
            (kind, _) => Err(Refusal {
                code: &codes::CONTENT_WRONG_TYPE,
                message: format!(
                    "`{}` needs {}, but this is {}",
                    field.name,
                    describe(kind),
                    node.kind()
                ),
                help: String::new(),
            }),
        };
        match result {
            Ok(value) => Some(value),
            Err(refusal) => {
                self.report(refusal, &node.span);
                None
            }
        }
    }

    fn table(
        &mut self,
        fields: &IndexMap<String, Field>,
        table: &Table,
        node: &Node,
    ) -> Option<Value> {
        let keys = fields.values().flat_map(|f| std::iter::once(&f.name).chain(&f.aliases));
        let keys: Vec<&str> = keys.map(String::as_str).collect();
        self.only(table, &keys);
        let mut cells = Vec::new();
        for field in fields.values() {
            let keys = std::iter::once(&field.name).chain(&field.aliases);
            let given = keys.filter_map(|key| table.get(key)).find(|node| !node.is_blank());
            let value = match given {
                Some(inner) => self.value(field, inner),
                None => self.default_value(field),
            };
            if let Some(value) = value {
                let span = given.map_or(&node.span, |inner| &inner.span);
                constraints::check_value(self, field, &value, span);
                cells.push((field.name.clone(), value));
            }
        }
        constraints::check_table(self, fields, &cells, &node.span);
        (!cells.is_empty()).then_some(Value::Table(cells))
    }

    fn markdown(&mut self, text: &str, node: &Node) -> Value {
        let settings = &self.reader.site.settings;
        let options = settings.markdown_options();
        // A folded or quoted text has no byte-for-byte place; its start is near enough.
        let (body, findings) = markdown::parse(text, &self.source.file, node.span.start, &options);
        self.found.extend(findings.into_iter().map(|mut found| {
            found.place = Some(Place::span(self.source.file.clone(), node.span.clone()));
            found
        }));
        Value::Markdown(Box::new(body))
    }

    fn image(&mut self, node: &Node) -> Option<Value> {
        if let Some(table) = node.table() {
            const KEYS: [&str; 8] =
                ["src", "alt", "caption", "credit", "file", "url", "image", "title"];
            self.only(table, &KEYS);
        }
        let part = |keys: &[&str]| match &node.value {
            Raw::Table(table) => {
                keys.iter().find_map(|key| table.get(key)).filter(|node| !node.is_blank())
            }
            _ => None,
        };
        let text =
            |keys: &[&str]| part(keys).and_then(Node::text).map(|text| text.trim().to_owned());
        let source =
            if node.text().is_some() { Some(node) } else { part(&["src", "file", "url", "image"]) };
        let Some(source) = source else {
            let message = "an image needs the name of its file".to_owned();
            let help = "write { src = \"photo.jpg\", alt = \"what the photo shows\" }".into();
            self.report(Refusal { code: &codes::CONTENT_WRONG_TYPE, message, help }, &node.span);
            return None;
        };
        if part(&["alt"]).is_none() {
            let message = "this image has no text alternative".to_owned();
            let help =
                "add `alt`: say in a sentence what the image shows to those who cannot see it"
                    .into();
            self.report(Refusal { code: &codes::CONTENT_MISSING_ALT, message, help }, &node.span);
        }
        Some(Value::Image(Box::new(ImageValue {
            source: self.source_file(source)?,
            alt: text(&["alt"]).unwrap_or_default(),
            caption: text(&["caption", "title"]),
            credit: text(&["credit"]),
        })))
    }

    fn file(&mut self, node: &Node) -> Option<Value> {
        let table = node.table();
        if let Some(table) = table {
            self.only(table, &["src", "title", "file", "url", "label"]);
        }
        let source = match table {
            Some(table) => ["src", "file", "url"].iter().find_map(|key| table.get(key)),
            None => Some(node),
        };
        let Some(source) = source else {
            let message = "a file needs its name".to_owned();
            let help = "write its name, or { src = \"report.pdf\", title = \"The report\" }".into();
            self.report(Refusal { code: &codes::CONTENT_WRONG_TYPE, message, help }, &node.span);
            return None;
        };
        let title = table.and_then(|table| table.get("title").or_else(|| table.get("label")));
        let title = title.and_then(Node::text).map(str::to_owned);
        Some(Value::File { source: self.source_file(source)?, title })
    }

    fn source_file(&mut self, node: &Node) -> Option<FileSource> {
        let text = node.text().unwrap_or("").trim();
        let head = text.find([':', '/', '.']).map(|at| &text[at..]);
        let has_scheme = head.is_some_and(|rest| rest.starts_with(':'));
        let result = if has_scheme || text.starts_with("//") {
            scalar::url(text).map(FileSource::Remote)
        } else {
            files::locate(text, self.source.location.folder(), self.reader.files)
                .map(FileSource::Local)
        };
        match result {
            Ok(source) => Some(source),
            Err(refusal) => {
                self.report(refusal, &node.span);
                None
            }
        }
    }
}

/// What an editor should write, in a word or two.
fn describe(kind: &FieldKind) -> &'static str {
    match kind {
        FieldKind::List(_) => "a list",
        FieldKind::Table(_) => "a table of keys and values",
        FieldKind::Money => "an amount and a currency",
        FieldKind::Period => "a start and perhaps an end",
        _ => "a single value",
    }
}
