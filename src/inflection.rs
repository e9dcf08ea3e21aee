//! Forms of names in snake case: their grammatical number, which is that of their last word, and relations. Pure.

use heck::ToUpperCamelCase;

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

/// The variant of `Relation` for a relation of this name. SeaORM converts names that are variants already once more, by
/// which words of one letter run together: `a_b_c` has to be `Abc`, which stays as it is, and not `ABC`.
pub(crate) fn relation_variant(name: &str) -> String {
    let variant = name.to_upper_camel_case();
    match variant.to_upper_camel_case() {
        again if again == variant => variant,
        again => relation_variant(&again),
    }
}

fn split(name: &str) -> (&str, &str) {
    name.split_at(name.rfind('_').map_or(0, |at| at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variant_of_a_relation_stays_as_it_is() {
        for (name, variant) in [
            ("author", "Author"),
            ("first_author", "FirstAuthor"),
            ("x", "X"),
            ("a_b", "Ab"),
            ("a_b_c", "Abc"),
            ("a_reference_with_a_n_too", "AReferenceWithAnToo"),
            ("part_2", "Part2"),
            ("r_where", "RWhere"),
        ] {
            assert_eq!(relation_variant(name), variant);
            assert_eq!(variant.to_upper_camel_case(), variant);
        }
    }
}
