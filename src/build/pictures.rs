//! The copies of pictures: made where they are wanted for the first time,
//! remembered and left in place afterwards.

use super::Stopped;
use crate::content;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, codes};
use crate::model::Asset;
use crate::output::Output;
use crate::pictures::{self, Known, MOST_PIXELS, Refusal};
use crate::render::{Pictures, Renderer};
use rayon::prelude::*;

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
    let all = assets.par_iter().map(|(path, asset)| {
        let known = of_one(path, asset, settings, output)?;
        Ok(((*path).clone(), known, asset.source.file.clone()))
    });
    let (mut made, mut found) = (Pictures::default(), Diagnostics::default());
    for (path, known, file) in all.collect::<Result<Vec<_>, Diagnostic>>().map_err(Stopped::disk)? {
        match known {
            Ok(known) => {
                made.insert(path, known);
            }
            Err(refusal) => found.push(finding(&refusal).at(Place::file(file))),
        }
    }
    Ok((made, found))
}

/// The copies of one picture, each of them laid out.
fn of_one(
    path: &str,
    asset: &Asset,
    settings: &pictures::Settings,
    output: &Output,
) -> Result<Result<Vec<Known>, Refusal>, Diagnostic> {
    let key = pictures::key(&asset.hash, settings);
    let remembered = output.recall(&key).and_then(Known::read).filter(|known| {
        let all = known.as_deref().unwrap_or_default();
        all.iter().all(|one| output.keep(&one.url(path), &key))
    });
    let known = match remembered {
        Some(known) => known,
        None => match pictures::renditions(&content::read_file(&asset.source)?, settings) {
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
