//! Every finding, as a fixture that can be read, and every bad input.
//!
//! `codes/` has a fixture for each diagnostic code, `cases/` the bad inputs
//! that a text file can hold; README.md beside this file teaches their form.
//! What needs a running program or a look at the output is a test in Rust.

mod fixture;
mod program;
mod safety;
mod site;
mod skip;
mod unpublished;

use exempla::diagnostic::codes;
use fixture::Fixture;
use rayon::prelude::*;
use site::Site;
use std::collections::BTreeSet;

/// No input leads to these: only a machine that fails, in memory say.
const FAULTS_OF_THE_MACHINE: [&str; 1] = ["search/failed"];

/// Builds a fixture's site, compares what is said of it, and gives the codes
/// that were found. A build that did not succeed must leave `public/` as it was.
fn run(fixture: &Fixture) -> Result<BTreeSet<&'static str>, String> {
    let site = Site::of(&fixture.files);
    let before = site.public();
    let built = site.build();
    if built.exit_code() != 0 && site.public() != before {
        return Err(format!("{}: public/ was touched", fixture.name()));
    }
    fixture.compare(&site.printed(&built), built.exit_code())?;
    Ok(built.found.iter().map(|found| found.code.name).collect())
}

#[test]
fn every_code_has_a_fixture_that_produces_it() {
    let fixtures = fixture::all("codes");
    let names: BTreeSet<String> = fixtures.iter().map(Fixture::name).collect();
    let codes: BTreeSet<String> = codes::ALL
        .iter()
        .map(|code| code.name.to_owned())
        .filter(|code| !FAULTS_OF_THE_MACHINE.contains(&code.as_str()))
        .collect();
    assert_eq!(names, codes, "a fixture is codes/<code>.txt, and a code has one");
    let wrong: Vec<String> = fixtures
        .par_iter()
        .filter_map(|fixture| match run(fixture) {
            Ok(found) if found.contains(&*fixture.name()) => None,
            Ok(found) => Some(format!("{} produces {found:?} only", fixture.name())),
            Err(message) => Some(message),
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_case_is_told_as_its_fixture_says() {
    let fixtures = fixture::all("cases");
    let wrong: Vec<String> = fixtures.par_iter().filter_map(|one| run(one).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
