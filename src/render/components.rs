//! The components that editors may call in Markdown: what a theme declares, and
//! whether each call fits.
//!
//! A component whose name begins with a capital letter may be called. Its
//! declaration says the rest: its parameters are the attributes, with their
//! types and defaults; a parameter with `@` is given by us. Behind them,
//! `{body: true}` says that it encloses a text, `{inline: true}` that it stands
//! within a line, and `{choices: {kind: ["a", "b"]}}` what a text may be.

use super::links::BodyLinks;
use super::{Engine, Page, PageKind, Renderer, plan};
use crate::diagnostic::nearest::nearest;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, codes};
use crate::markdown::{Attribute, Call, Filled, Literal, Role};
use crate::model::{Entry, LinkTo};
use crate::raw::reader::suggest;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};
use tera::{ComponentArg, ComponentArgType, ComponentInfo, Context, Value};

/// The callable components of a theme, by name.
#[derive(Debug, Default)]
pub(super) struct Components(BTreeMap<String, ComponentInfo>);

/// Something wrong with a call: code, bytes of the file, message, help.
type Fault = (&'static Code, std::ops::Range<usize>, String, String);

impl Components {
    /// Those of an engine's themes.
    pub fn of(engine: &Engine) -> Self {
        let all = engine.components();
        Self(
            all.filter(|of| of.name().starts_with(|c: char| c.is_ascii_uppercase()))
                .map(|of| (of.name().to_owned(), of))
                .collect(),
        )
    }

    /// The nearest name, or all there are.
    fn suggest(&self, name: &str) -> String {
        match nearest(name, self.0.keys().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the theme has: {}", list(self.0.keys().map(String::as_str))),
        }
    }

    /// What is wrong with a call.
    fn faults(&self, call: &Call) -> Vec<Fault> {
        let Some(component) = self.0.get(&call.name) else {
            let message = format!("the theme has no component `{}`", call.name);
            let span = call.name_span.clone();
            return vec![(
                &codes::MARKDOWN_UNKNOWN_COMPONENT,
                span,
                message,
                self.suggest(&call.name),
            )];
        };
        let mut out = Vec::new();
        for (at, attribute) in call.attributes.iter().enumerate() {
            let again = call.attributes[..at].iter().any(|one| one.name == attribute.name);
            let fault = match again {
                true => Some((
                    format!("`{}` is given twice", attribute.name),
                    "keep one of them".into(),
                )),
                false => fault(component, call, attribute),
            };
            out.extend(fault.map(|(message, help)| {
                (&codes::MARKDOWN_COMPONENT_ATTRIBUTE, attribute.span.clone(), message, help)
            }));
        }
        for argument in component.args().iter().filter(|argument| argument.is_required()) {
            if !call.attributes.iter().any(|attribute| attribute.name == argument.name()) {
                let message = format!("`{}` needs `{}`", call.name, argument.name());
                let help = match argument.name() {
                    "alt" => "describe the picture for those who cannot see it: alt=\"…\"".into(),
                    name => format!("add {name}=\"…\""),
                };
                out.push((
                    &codes::MARKDOWN_COMPONENT_ATTRIBUTE,
                    call.name_span.clone(),
                    message,
                    help,
                ));
            }
        }
        let name = &call.name;
        let misplaced = match (
            flag(component, "body"),
            call.body,
            flag(component, "inline"),
            call.inline,
        ) {
            (true, false, ..) => Some((
                format!("`{name}` encloses a text"),
                format!(
                    "write {{% <{name}> %}} and {{% </{name}> %}} on lines of their own around it"
                ),
            )),
            (false, true, ..) => Some((
                format!("`{name}` encloses no text"),
                format!("write {{{{ <{name} … /> }}}}"),
            )),
            (.., false, true) => Some((
                format!("`{name}` stands within a line of text"),
                "give the call a line of its own".into(),
            )),
            _ => None,
        };
        out.extend(misplaced.map(|(message, help)| {
            (&codes::MARKDOWN_COMPONENT_CALL, call.span.clone(), message, help)
        }));
        out
    }
}

/// What is wrong with an attribute: message and help.
fn fault(
    component: &ComponentInfo,
    call: &Call,
    attribute: &Attribute,
) -> Option<(String, String)> {
    let names = || component.args().iter().filter(|one| !one.is_implicit()).map(ComponentArg::name);
    let name = attribute.name.as_str();
    let Some(argument) =
        component.args().iter().find(|one| one.name() == name && !one.is_implicit())
    else {
        // What we give ourselves may be trusted HTML: no editor's text stands in for it.
        let ours = component.args().iter().any(|one| one.name() == name);
        if component.rest_param().is_some() && !ours {
            return None;
        }
        let help = match nearest(name, names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if names().next().is_none() => "it takes none".into(),
            None => format!("it takes: {}", list(names())),
        };
        return Some((format!("`{}` takes no `{name}`", component.name()), help));
    };
    if value(argument, call, &attribute.value).is_none() {
        let wanted = wanted(argument.arg_type());
        return Some((
            format!("`{name}` needs {}", wanted.0),
            format!("write {name}={}", wanted.1),
        ));
    }
    let choices = component.metadata().get("choices")?.get_from_path(name)?.as_array()?.iter();
    let choices: Vec<&str> = choices.filter_map(Value::as_str).collect();
    match &attribute.value {
        Literal::Text(text) if !choices.contains(&text.as_str()) => {
            Some((format!("`{text}` is not a value of `{name}`"), suggest(text, &choices)))
        }
        _ => None,
    }
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

fn flag(component: &ComponentInfo, name: &str) -> bool {
    component.metadata().get(name).and_then(Value::as_bool).unwrap_or(false)
}

/// A literal as a parameter takes it; `None` when it is of another type.
/// What `[shortcodes]` filled is text, and is read as its parameter wants it.
fn value(argument: &ComponentArg, call: &Call, literal: &Literal) -> Option<Value> {
    use ComponentArgType as Of;
    let of = argument.arg_type();
    if let (Literal::Text(text), true) = (literal, call.mapped) {
        return Some(match of {
            Some(Of::Bool) => Value::from(text.parse::<bool>().ok()?),
            Some(Of::Integer) => Value::from(text.parse::<i64>().ok()?),
            Some(Of::Float | Of::Number) => Value::from(text.parse::<f64>().ok()?),
            None | Some(Of::String) => Value::from(text.as_str()),
            Some(_) => return None,
        });
    }
    let fits = match (of, literal) {
        (None, _) => true,
        (Some(of), Literal::Text(_)) => of == Of::String,
        (Some(of), Literal::Bool(_)) => of == Of::Bool,
        (Some(of), Literal::Integer(_)) => matches!(of, Of::Integer | Of::Number),
        (Some(of), Literal::Number(_)) => matches!(of, Of::Float | Of::Number),
        (Some(of), Literal::List(_)) => of == Of::Array,
    };
    fits.then(|| plain(literal))
}

fn plain(literal: &Literal) -> Value {
    match literal {
        Literal::Text(text) => Value::from(text.as_str()),
        Literal::Bool(flag) => Value::from(*flag),
        Literal::Integer(number) => Value::from(*number),
        Literal::Number(number) => Value::from(*number),
        Literal::List(items) => Value::from(items.iter().map(plain).collect::<Vec<_>>()),
    }
}

/// What a parameter takes, in words and as an example.
fn wanted(of: Option<ComponentArgType>) -> (&'static str, &'static str) {
    match of {
        Some(ComponentArgType::Bool) => ("true or false", "{true}"),
        Some(ComponentArgType::Integer) => ("a whole number", "{3}"),
        Some(ComponentArgType::Float) => ("a number with a point", "{1.5}"),
        Some(ComponentArgType::Number) => ("a number", "{3}"),
        Some(ComponentArgType::Array) => ("a list", "{[\"a\", \"b\"]}"),
        _ => ("a text", "\"…\""),
    }
}

/// What to do when a tag of another generator does not fit what it is mapped to.
const MAPPED: &str =
    "write the component itself, or change the mapping in [shortcodes] in site.toml";

impl Renderer {
    /// Looks at the components that `[shortcodes]` names.
    pub fn check_site(&self) -> Diagnostics {
        let mut found = Diagnostics::default();
        for (name, span) in &self.site.settings.mapped_components {
            if !self.components.0.contains_key(name) {
                let message = format!("the theme has no component `{name}`");
                let help = self.components.suggest(name);
                let place = self.site.layers.place(span);
                found.push(Diagnostic::new(&codes::CONFIG_INVALID, message).at(place).help(help));
            }
        }
        found
    }

    /// Looks at every call in an entry's texts.
    pub(super) fn check_calls(&self, entry: &Entry, found: &mut Diagnostics) {
        for call in entry.bodies().into_iter().flat_map(|body| body.calls()) {
            // A mapping to nothing is told where it is written.
            if call.mapped && !self.components.0.contains_key(&call.name) {
                continue;
            }
            let mut faults = self.components.faults(call);
            for attribute in &call.attributes {
                if let (Role::Entry(_), Literal::Text(name)) = (attribute.role, &attribute.value)
                    && let LinkTo::File(_) | LinkTo::List(_) | LinkTo::Address =
                        self.model.link(entry, name)
                {
                    let message = format!("`{name}` is not an entry");
                    let help = "write an entry's path or id".into();
                    let code = &codes::MARKDOWN_COMPONENT_ATTRIBUTE;
                    faults.push((code, attribute.span.clone(), message, help));
                }
            }
            found.extend(faults.into_iter().map(|(code, span, message, help)| {
                // Who wrote the tag wrote it for something else.
                let (code, help) = match call.mapped {
                    true => (&codes::MARKDOWN_FOREIGN_TAG, MAPPED.to_owned()),
                    false => (code, help),
                };
                let place = Place::span(entry.file.clone(), span);
                Diagnostic::new(code, message).at(place).help(help)
            }));
        }
    }

    /// What went wrong while components were written, wherever their calls are
    /// shown, in the order of the files and calls.
    pub fn failures(&self) -> Diagnostics {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.values().cloned().collect()
    }

    /// The first of them on a page that was made just now.
    pub fn failure_on(&self, page: &Page) -> Option<Box<Diagnostic>> {
        let intro = |of: String| {
            let at = self.model.intros.get(&(of, page.lang.clone()))?;
            Some(&self.model.entries[*at])
        };
        let shown = match &page.kind {
            PageKind::Entry(at) => Some(&self.model.entries[*at]),
            PageKind::Home => intro("index".to_owned()),
            PageKind::List(id, 1) => intro(plan::list_key(&self.site.schema.types[id])),
            _ => None,
        };
        let file = shown?.file.to_string();
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let mut here = failures.range((file.clone(), 0)..=(file, usize::MAX));
        here.next().map(|(_, found)| Box::new(found.clone()))
    }

    /// Keeps what went wrong. One call may go wrong in several places: which of
    /// them is told must not depend on which came first.
    fn failed(&self, file: &str, call: &Call, found: Diagnostic) {
        let called = Place::span(file, call.span.clone());
        let found = found.related(called, "called here");
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let known = failures.entry((file.to_owned(), call.span.start)).or_insert(found.clone());
        if found.message < known.message {
            *known = found;
        }
    }
}

impl BodyLinks<'_> {
    /// The HTML of a call on this page. A call that does not fit was reported:
    /// if that stopped nothing, what it shows and encloses stays.
    pub(super) fn call(&self, call: &Call, filled: Filled<'_>, absolute: bool) -> String {
        let renderer = self.renderer;
        let bare = filled.picture.clone() + filled.body.as_deref().unwrap_or_default();
        let Some(component) = renderer.components.0.get(&call.name) else { return bare };
        if !renderer.components.faults(call).is_empty() {
            return bare;
        }
        let mut arguments = Context::new();
        for (name, literal) in &filled.attributes {
            let argument = component.args().iter().find(|argument| argument.name() == *name);
            let value = match argument {
                Some(argument) => value(argument, call, literal),
                None => Some(plain(literal)),
            };
            if let Some(value) = value {
                arguments.insert_value(name.to_string(), value);
            }
        }
        let mut given = Context::new();
        given.insert("page", &BTreeMap::from([("lang", self.lang)]));
        given.insert("picture", &filled.picture);
        if let Some(named) = call.attributes.iter().find(|one| matches!(one.role, Role::Entry(_))) {
            let Literal::Text(name) = &named.value else { return bare };
            // What is not published is not even named.
            let LinkTo::Entry(at, _) = renderer.model.link(self.entry, name) else { return bare };
            let mut card = renderer.card(at, self.lang);
            if absolute {
                let card = Arc::make_mut(&mut card);
                card.url = renderer.absolute(&card.url);
                if let Some(image) = &mut card.image {
                    image.src = renderer.absolute(&image.src);
                    image.srcset = None;
                }
            }
            given.insert("card", &card);
        }
        let body = filled.body.as_deref();
        match renderer.engine.render_call(
            self.lang,
            &call.name,
            &arguments,
            &given,
            body,
            &self.entry.file,
        ) {
            Ok(html) => html.trim().to_owned(),
            Err(found) => {
                renderer.failed(&self.entry.file, call, *found);
                bare
            }
        }
    }
}
