//! What a table computes or checks from a column that goes away.

use super::definition::{ClauseKind, Definition};

/// A part of a table that uses a column, made by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Resting {
    /// A column that is computed, and its definition.
    Computed { name: String, text: String },
    /// A check of the table or of another column.
    Check { name: Option<String>, text: String },
}

/// What `create`, the stored text of a table, says that uses `column`: what rests on others before those.
pub(crate) fn resting_on(create: &str, column: &str) -> Vec<Resting> {
    let Ok(definition) = Definition::parse(create) else {
        // Whatever it is, the statement itself fails and is taken back.
        return Vec::new();
    };
    let mut names = vec![column.to_owned()];
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(used) = names.get(at).cloned() {
        for other in &definition.columns {
            let mut clauses = other.clauses.iter();
            let uses = clauses
                .any(|clause| clause.kind == ClauseKind::Generated && clause.mentions(&used));
            if uses && !names.iter().any(|name| other.is(name)) {
                names.push(other.name.clone());
                found.push(Resting::Computed {
                    name: other.name.clone(),
                    text: other.text(),
                });
            }
        }
        at += 1;
    }
    found.reverse();
    let gone = |name: &str| names.iter().any(|gone| gone.eq_ignore_ascii_case(name));
    let of_columns = definition.columns.iter().filter(|other| !gone(&other.name));
    let clauses = of_columns.flat_map(|other| &other.clauses);
    for clause in clauses.chain(&definition.constraints) {
        if clause.kind == ClauseKind::Check && names.iter().any(|name| clause.mentions(name)) {
            found.push(Resting::Check {
                name: clause.name.clone(),
                text: clause.text.clone(),
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn computed_columns_and_checks_are_found_behind_each_other() {
        let create = "CREATE TABLE t (a int CHECK (a > 0), b int CHECK (b <> a), g AS (A + 1), \"h\" AS (g * 2) STORED, \
                      i AS (b), CONSTRAINT k CHECK (h > 1), CHECK (b > 2))";
        let found = resting_on(create, "a");
        let texts: Vec<&str> = found
            .iter()
            .map(|resting| match resting {
                Resting::Computed { name, .. } => name.as_str(),
                Resting::Check { text, .. } => text.as_str(),
            })
            .collect();
        assert_eq!(
            texts,
            ["h", "g", "CHECK (b <> a)", "CONSTRAINT k CHECK (h > 1)"]
        );
        assert_eq!(resting_on(create, "i"), []);
    }
}
