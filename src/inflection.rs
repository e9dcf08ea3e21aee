//! Grammatical number of names in snake case, which is that of their last word. Pure.

/// `book_reviews` of `book_review`.
pub(crate) fn plural(name: &str) -> String {
    let (before, last) = split(name);
    format!("{before}{}", cruet::to_plural(last))
}

/// `book_review` of `book_reviews`.
pub(crate) fn singular(name: &str) -> String {
    let (before, last) = split(name);
    format!("{before}{}", cruet::to_singular(last))
}

fn split(name: &str) -> (&str, &str) {
    name.split_at(name.rfind('_').map_or(0, |at| at + 1))
}
