//! The copies of pictures: made where they are wanted for the first time,
//! remembered and left in place afterwards. At any moment, no more pixels are
//! unpacked than one picture may have.

use super::Stopped;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, codes};
use crate::model::Asset;
use crate::output::Output;
use crate::pictures::{self, Known, MOST_PIXELS, Refusal, Rendition};
use crate::render::{Pictures, Renderer};
use rayon::prelude::*;
use std::sync::{Condvar, Mutex, PoisonError};

/// Lays out every copy that the site wants of its pictures. Leaves which there
/// are, and findings on pictures that cannot be copied.
pub(super) fn copy(
    renderer: &Renderer,
    output: &Output,
) -> Result<(Pictures, Diagnostics), Stopped> {
    let settings = &renderer.site().settings.images;
    if settings.widths.is_empty() {
        return Ok((Pictures::default(), Diagnostics::default()));
    }
    let assets: Vec<(&String, &Asset)> =
        renderer.model().assets.iter().filter(|(_, asset)| asset.copied).collect();
    let budget = Budget::new(MOST_PIXELS);
    let all: Vec<_> = assets
        .par_iter()
        .map(|(path, asset)| of_one(path, asset, settings, output, &budget))
        .collect();
    let (mut made, mut found) = (Pictures::default(), Diagnostics::default());
    let mut failed = Diagnostics::default();
    for ((path, asset), result) in assets.into_iter().zip(all) {
        match result {
            Ok(Ok(known)) => {
                made.insert(path.clone(), known);
            }
            Ok(Err(refusal)) => {
                found.push(finding(&refusal).at(Place::file(asset.source.file.clone())));
            }
            Err(failure) => failed.push(failure),
        }
    }
    match failed.is_empty() {
        true => Ok((made, found)),
        false => Err(Stopped { found: failed, broken: true }),
    }
}

/// The copies of one picture, each of them laid out.
fn of_one(
    path: &str,
    asset: &Asset,
    settings: &pictures::Settings,
    output: &Output,
    budget: &Budget,
) -> Result<Result<Vec<Known>, Refusal>, Diagnostic> {
    let key = pictures::key(&asset.hash, settings);
    let remembered = output.recall(&key).and_then(Known::read).filter(|known| {
        let all = known.as_deref().unwrap_or_default();
        all.iter().all(|one| output.keep(&one.url(path), &key))
    });
    let known = match remembered {
        Some(known) => known,
        None => match made(asset, settings, budget)? {
            Ok(made) => {
                let mut known = Vec::new();
                for one in &made {
                    known.push(Known::of(one));
                    output.put(&Known::of(one).url(path), key, &one.bytes)?;
                }
                Ok(known)
            }
            Err(refusal) => Err(refusal),
        },
    };
    output.remember(key, Known::write(&known));
    Ok(known)
}

/// Makes the copies of a picture when there is room to unpack it.
fn made(
    asset: &Asset,
    settings: &pictures::Settings,
    budget: &Budget,
) -> Result<Result<Vec<Rendition>, Refusal>, Diagnostic> {
    let (width, height) = asset.pixels.unwrap_or_default();
    let _held = budget.take(u64::from(width) * u64::from(height));
    Ok(pictures::renditions(&asset.read()?, settings))
}

/// Pixels that may be unpacked at once, shared by all threads. Whoever holds some of it
/// waits for nobody.
struct Budget {
    most: u64,
    taken: Mutex<u64>,
    freed: Condvar,
}

/// A part of them, given back when it is dropped.
struct Held<'b> {
    budget: &'b Budget,
    pixels: u64,
}

impl Budget {
    fn new(most: u64) -> Self {
        Self { most, taken: Mutex::new(0), freed: Condvar::new() }
    }

    /// Waits until there is room; what is larger than all of it gets all of it.
    fn take(&self, pixels: u64) -> Held<'_> {
        let pixels = pixels.min(self.most);
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |taken: &mut u64| *taken + pixels > self.most;
        let taken = self.freed.wait_while(taken, full);
        *taken.unwrap_or_else(PoisonError::into_inner) += pixels;
        Held { budget: self, pixels }
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        *self.budget.taken.lock().unwrap_or_else(PoisonError::into_inner) -= self.pixels;
        self.budget.freed.notify_all();
    }
}

fn finding(refusal: &Refusal) -> Diagnostic {
    match refusal {
        Refusal::Corrupt(reason) => {
            let message = format!("this picture is broken: {reason}");
            Diagnostic::new(&codes::PICTURES_BROKEN, message)
                .help("it is published as it is; save it anew, or take it from its source again")
        }
        Refusal::TooLarge => {
            let message = format!(
                "this picture has more than {} million pixels, so no smaller copies are made of it",
                MOST_PIXELS / 1_000_000
            );
            Diagnostic::new(&codes::PICTURES_TOO_LARGE, message)
                .help("it is published as it is; scale it down to what a screen can show")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    #[test]
    fn no_more_is_unpacked_at_once_than_there_is_room_for() {
        let (budget, now, most) = (Budget::new(100), AtomicU64::new(0), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for pixels in [40, 40, 40, 1, 99, 100, 250, 7, 60, 0] {
                let (budget, now, most) = (&budget, &now, &most);
                scope.spawn(move || {
                    for _ in 0..20 {
                        let held = budget.take(pixels);
                        let sum = now.fetch_add(held.pixels, Ordering::SeqCst) + held.pixels;
                        most.fetch_max(sum, Ordering::SeqCst);
                        std::thread::yield_now();
                        now.fetch_sub(held.pixels, Ordering::SeqCst);
                    }
                });
            }
        });
        assert!((40..=100).contains(&most.into_inner()));
        assert_eq!(*budget.taken.lock().unwrap(), 0);
    }
}
