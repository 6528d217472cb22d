//! What is told of a site, to open pages and to the terminal.
//!
//! Enters: all that was found, and which files somebody works on. Leaves: errors for
//! everyone to see, and warnings for who wrote the words. Nothing is told twice.

use super::Keeper;
use crate::config;
use crate::diagnostic::{Diagnostic, Diagnostics, Level, text};
use crate::serve::News;

/// Warnings that are pointed out at once; nobody reads more of them.
const MOST_NOTICED: usize = 20;

impl Keeper {
    /// Tells open pages and the terminal how things are.
    pub(super) fn say(&mut self) {
        let worked_on = |one: &&Diagnostic| {
            let file = one.place.as_ref().map(|place| &*place.file);
            !self.forgiving || file.is_none_or(|file| self.worked_on.contains(file))
        };
        let all = self.trouble.iter().chain(self.all_found().filter(worked_on));
        let wrong: Vec<Diagnostic> = all.filter(|one| one.level == Level::Error).cloned().collect();
        let version = self.live.read().version;
        let text = self.live.say(version, wrong);
        // That nothing is wrong any more is told when all is checked.
        if text != self.told && !(text.is_empty() && self.unchecked) {
            self.tell(match text.is_empty() {
                true => News::Mended,
                false => News::Wrong(text.clone()),
            });
            self.told = text;
        }
    }

    /// Tells the terminal what a good editor would want to know of what was written; of
    /// a site that nobody has touched yet, how much there is.
    pub(super) fn notice(&mut self) {
        let all = self.trouble.iter().chain(self.all_found());
        let warnings = all.filter(|one| one.level == Level::Warning);
        if self.worked_on.is_empty() {
            let count = warnings.count();
            if count > 0 && !std::mem::replace(&mut self.counted, true) {
                let text = format!("warnings: {count}; `exempla build` tells them\n");
                self.tell(News::Noticed(text));
            }
            return;
        }
        let is_own = |one: &&Diagnostic| {
            one.place.as_ref().is_some_and(|place| self.worked_on.contains(&*place.file))
        };
        let mut own: Diagnostics = warnings.filter(is_own).cloned().collect();
        own.sort();
        // Where it stands does not count: what stands above it may grow.
        let mut before: Vec<&Diagnostic> = self.noticed.iter().collect();
        let is_new = |one: &&Diagnostic| {
            let file = |one: &Diagnostic| one.place.as_ref().map(|place| place.file.clone());
            let same = |known: &&Diagnostic| {
                (&known.code, &known.message, file(known)) == (&one.code, &one.message, file(one))
            };
            let known = before.iter().position(same);
            known.map(|at| before.swap_remove(at)).is_none()
        };
        let new: Vec<&Diagnostic> = own.iter().filter(is_new).collect();
        let source = |file: &str| config::source_text(self.root(), file);
        let mut text = text::render(new.iter().copied().take(MOST_NOTICED), &source, false);
        if new.len() > MOST_NOTICED {
            let more = new.len() - MOST_NOTICED;
            text.push_str(&format!("… and {more} more; `exempla build` tells them all\n"));
        }
        if !text.is_empty() {
            self.tell(News::Noticed(text));
        }
        self.noticed = own;
    }

    /// What was found in entries, and in the settings and themes as far as these are
    /// still as they were when it was found.
    fn all_found(&self) -> impl Iterator<Item = &Diagnostic> {
        let is_unusable = self.trouble.has_errors();
        let holds = move |one: &&Diagnostic| {
            let file = one.place.as_ref().map_or("", |place| &*place.file);
            !(is_unusable && (file == config::SITE_FILE || file.starts_with("themes/")))
        };
        let joined = self.found.iter().chain(self.late.iter()).filter(holds);
        self.shelf.found().chain(joined)
    }
}
