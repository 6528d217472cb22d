//! The flags of `exempla search`: options wherever they stand, facets by their
//! names.
//!
//! Enters: the words that were typed. Leaves: options before the query, as clap
//! wants them; filters in terms of the index.

use crate::config::Site;
use crate::raw::reader::suggest;
use crate::search::Search;
use std::ffi::OsString;

/// Names of facets with a value each, as they were typed.
pub(super) type Flags = Vec<(String, String)>;

/// Puts the options of `exempla search` before the query, wherever they stand.
/// Facets are flags that clap cannot know, so the query takes all that is left,
/// and clap would take a later `--json` for one of its words.
pub(in crate::cli) fn options_first(
    args: impl Iterator<Item = OsString>,
    command: &clap::Command,
) -> Vec<OsString> {
    let mut rest = args;
    let mut out: Vec<OsString> = rest.next().into_iter().collect();
    // Before the verb stand options of the program itself, perhaps with a value.
    let verb = loop {
        let Some(word) = rest.next() else { return out };
        let option = word.to_str().and_then(|word| takes_next(&[command], word));
        let found = option.is_none().then(|| word.clone());
        out.push(word);
        match found {
            Some(verb) => break verb,
            None => out.extend(if option == Some(true) { rest.next() } else { None }),
        }
    };
    let Some(search) = command.find_subcommand("search").filter(|_| verb == "search") else {
        out.extend(rest);
        return out;
    };
    let (mut query, mut rest) = (Vec::new(), rest.peekable());
    while let Some(word) = rest.next() {
        if word == "--" {
            query.push(word);
            query.extend(rest.by_ref());
            break;
        }
        match word.to_str().and_then(|word| takes_next(&[search, command], word)) {
            // An option that lacks its value is left for clap to complain of.
            Some(true) if rest.peek().is_none() => return [out, vec![word]].concat(),
            Some(takes_next) => {
                out.push(word);
                out.extend(if takes_next { rest.next() } else { None });
            }
            None => query.push(word),
        }
    }
    // From here on clap takes all as it stands.
    out.push("--".into());
    out.extend(query);
    out
}

/// Whether the value of a known option follows it as a word of its own; `None`
/// for any other word.
fn takes_next(commands: &[&clap::Command], word: &str) -> Option<bool> {
    let (name, has_value) = word.split_once('=').map_or((word, false), |(name, _)| (name, true));
    let mut all = commands.iter().flat_map(|command| command.get_arguments());
    let arg = match name.strip_prefix("--") {
        Some(name) => all.find(|arg| arg.get_long() == Some(name)),
        None => all.find(|arg| arg.get_short().is_some_and(|short| name == format!("-{short}"))),
    }?;
    Some(!has_value && arg.get_action().takes_values())
}

/// Splits `--country it` and `--country=it` from the words of the query.
pub(super) fn of_facets(query: &[String]) -> Result<(Flags, Vec<String>), String> {
    let mut flags = Flags::new();
    let mut words = Vec::new();
    let mut rest = query.iter();
    while let Some(word) = rest.next() {
        if word == "--" {
            // What follows is looked for, whatever it looks like.
            words.extend(rest.by_ref().cloned());
            break;
        }
        let Some(flag) = word.strip_prefix("--").filter(|flag| !flag.is_empty()) else {
            words.push(word.clone());
            continue;
        };
        let (name, value) = match flag.split_once('=') {
            Some((name, value)) => (name, value.to_owned()),
            None => match rest.next() {
                Some(value) => (flag, value.clone()),
                None => return Err(format!("`--{flag}` needs a value")),
            },
        };
        flags.push((name.to_owned(), value));
    }
    Ok((flags, words))
}

/// Facet flags by the names of the index. A singular names its plural, and the
/// other way round; where several facets are meant, since types may spell theirs
/// differently, the one that the type asked for has, else the one by which most
/// entries have the value.
pub(super) fn filters(
    index: &Search,
    site: &Site,
    lang: &str,
    flags: Flags,
) -> Result<Vec<(String, Vec<String>)>, String> {
    let facets: Vec<&str> = index
        .index(lang)
        .map(|index| index.facets().iter().map(|facet| &*facet.name).collect())
        .unwrap_or_default();
    let types: Vec<String> =
        flags.iter().filter(|(name, _)| name == "type").map(|(_, id)| id.clone()).collect();
    let has = |facet: &str| {
        let asked = types.iter().filter_map(|id| site.schema.types.get(id));
        asked.flat_map(|entry_type| entry_type.facets()).any(|of| of.name() == facet)
    };
    let mut out: Vec<(String, Vec<String>)> = Vec::new();
    for (flag, value) in flags {
        let alike: Vec<&str> =
            facets.iter().copied().filter(|facet| singular(facet) == singular(&flag)).collect();
        let declared = alike.iter().find(|facet| has(facet));
        let most = || alike.iter().max_by_key(|facet| entries_with(index, lang, facet, &value));
        let best = declared.or_else(most);
        let Some(name) = best else {
            return Err(format!("there is no facet `{flag}`; {}", suggest(&flag, &facets)));
        };
        let of =
            index.index(lang).and_then(|index| index.facets().iter().find(|of| of.name == *name));
        if let Some(of) = of.filter(|of| of.find(&value).is_none()) {
            let known: Vec<&str> = of.values.iter().map(|value| &*value.id).collect();
            return Err(format!("`{value}` is no value of `{name}`; {}", suggest(&value, &known)));
        }
        match out.iter_mut().find(|(known, _)| known == name) {
            Some((_, values)) => values.push(value),
            None => out.push(((*name).to_owned(), vec![value])),
        }
    }
    Ok(out)
}

/// How many entries have a value of a facet.
fn entries_with(index: &Search, lang: &str, facet: &str, value: &str) -> usize {
    let facets = index.index(lang).map(|index| index.facets()).unwrap_or_default();
    let Some(of) = facets.iter().find(|of| of.name == facet) else { return 0 };
    let Some(at) = of.find(value) else { return 0 };
    of.column.iter().filter(|values| values.contains(&at)).count()
}

fn singular(word: &str) -> String {
    let word = word.replace('_', "-");
    match word.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => word.strip_suffix('s').unwrap_or(&word).to_owned(),
    }
}
