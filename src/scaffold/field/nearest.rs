//! Names that were probably meant.

/// The one of `names` that `typed` was probably meant to be.
pub(crate) fn nearest<'a>(
    typed: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let typed = typed.to_ascii_lowercase();
    let scored = names.into_iter().map(|name| {
        let distance = strsim::damerau_levenshtein(&typed, &name.to_ascii_lowercase());
        (distance, name)
    });
    let (distance, name) = scored.min_by_key(|(distance, _)| *distance)?;
    (distance <= (typed.len().max(name.len()) / 3).max(1)).then_some(name)
}

/// How many names a hint lists at most.
const LISTED: usize = 8;

/// A hint that lists all of `names`, which are called `what`, or the five of many that are nearest to `typed`.
pub(crate) fn listed(what: &str, typed: &str, names: &[impl AsRef<str>]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    if names.len() <= LISTED {
        return format!("the {what} are {}", names.join(", "));
    }
    let typed = typed.to_ascii_lowercase();
    let distance = |name: &&str| strsim::damerau_levenshtein(&typed, &name.to_ascii_lowercase());
    let mut near = names.clone();
    near.sort_by_key(distance);
    near.truncate(5);
    format!(
        "the nearest of {} {what} are {}",
        names.len(),
        near.join(", ")
    )
}
