//! Options that a command which writes files keeps, so that later runs need not repeat them: in CI, `--check` alone
//! must mean the same as the run before. A project keeps them in `luthier.toml`, where all of it is told; a workspace
//! without one keeps them in a comment of the first file.

mod comment;
mod kept;
mod manifest;

use crate::error::{Error, Result};
use crate::files;
use crate::package::File;
use crate::project;

use super::deployment::{Generated, ManifestEdit, OutputFolder};
use kept::Kept;

/// The arguments of a command whose options are kept.
pub(crate) trait SavedOptions: clap::Args {
    /// The command's name.
    const COMMAND: &'static str;
    /// Where it writes to when `--output` does not say, relative to the project's root.
    const OUTPUT: &'static str;

    /// The options that were given, as on a command line; where to write and how are none of them.
    fn to_args(&self) -> Vec<String>;

    /// These options, and those of `saved` that are not among them.
    fn merge(self, saved: Self) -> Self;

    /// These options, and those that were kept for `output`, of which the file `name` of `place` is the first.
    fn load(self, place: &OutputFolder, name: &str, output: &str) -> Result<(Self, Store)> {
        let store = Store {
            section: match output {
                output if output == Self::OUTPUT => Self::COMMAND.to_owned(),
                output => format!("{} --output {output}", Self::COMMAND),
            },
            manifest: match place.in_project {
                true => files::read(&place.root.join(project::FILE))?,
                false => None,
            },
        };
        let path = place.root.join(&place.prefix).join(name);
        let kept = match &store.manifest {
            Some(text) => manifest::find(text, &store.section)?,
            None => Vec::new(),
        };
        let kept = match kept.is_empty() {
            // Earlier versions of this tool kept them in comments, whether there was a manifest or not.
            true => {
                let text = files::read(&path)?.unwrap_or_default();
                comment::find(&text, Self::COMMAND, &path)
            }
            false => kept,
        };
        match parse::<Self>(&kept)? {
            Some(saved) => Ok((self.merge(saved), store)),
            None => Ok((self, store)),
        }
    }

    /// `files`, and what keeps the options with which they were made.
    fn save(&self, store: Store, mut files: Vec<File>) -> Result<Generated> {
        let args = self.to_args();
        let mut options = None;
        match store.manifest {
            Some(before) => {
                let after = manifest::with_options(&before, &store.section, &args)?;
                options = (before != after).then_some(ManifestEdit { before, after });
            }
            None => comment::insert(&mut files, Self::COMMAND, &args),
        }
        Ok(Generated { files, options })
    }
}

/// Where the options of a command are kept.
#[derive(Debug)]
pub(crate) struct Store {
    /// The name of their table: `compose`, or `compose --output deploy`.
    section: String,
    /// The text of the project's `luthier.toml`.
    manifest: Option<String>,
}

/// The options that all of `kept` are; `None` where there are none.
fn parse<A: SavedOptions>(kept: &[Kept]) -> Result<Option<A>> {
    let parser = || A::augment_args(clap::Command::new(A::COMMAND).no_binary_name(true));
    for Kept { place, words } in kept {
        if let Err(error) = parser().try_get_matches_from(words) {
            let message = error.to_string();
            let message = message.lines().next().unwrap_or_default();
            return Err(Error::bad_input(format_args!(
                "{place}: {}",
                message.trim_start_matches("error: ")
            ))
            .hint(
                "fix the options there, or delete them: then it is as if none had ever been given",
            ));
        }
    }
    if kept.is_empty() {
        return Ok(None);
    }
    let matches = parser().try_get_matches_from(kept.iter().flat_map(|kept| &kept.words))?;
    Ok(Some(A::from_arg_matches(&matches)?))
}

/// `--name value` as words, if there is a value.
pub(crate) fn words(name: &str, value: Option<impl ToString>) -> Vec<String> {
    value.map_or_else(Vec::new, |value| vec![name.to_owned(), value.to_string()])
}

/// How an option of fixed values is called on the command line.
pub(crate) fn name_of(value: &impl clap::ValueEnum) -> String {
    let value = value.to_possible_value();
    value.map_or_else(String::new, |value| value.get_name().to_owned())
}
