//! A good name for a migration, from what it does.

use crate::operation::Operation;

/// Longer names help nobody.
const MAX: usize = 60;

/// `initial`, `create_books`, `add_isbn_to_books`, `add_isbn_to_books_and_drop_notes`, `…_and_more`.
pub(crate) fn automatic_name(operations: &[Operation], is_first: bool) -> String {
    let creates = |op: &Operation| {
        matches!(
            op,
            Operation::CreateTable { .. }
                | Operation::CreateEnum { .. }
                | Operation::AddForeignKey { .. }
        )
    };
    if is_first && operations.iter().all(creates) && !operations.is_empty() {
        return "initial".into();
    }
    let mut parts: Vec<String> = Vec::new();
    // What follows from something else is not worth a word.
    for strength in [3, 2, 1] {
        let weighty: Vec<&Operation> = operations
            .iter()
            .filter(|op| weight(op) == strength)
            .collect();
        for operation in &weighty {
            let part = clean(&fragment(operation, &weighty));
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        if !parts.is_empty() {
            break;
        }
    }
    let name = match parts.as_slice() {
        [] => "empty".to_owned(),
        [one] => one.clone(),
        [one, two] => format!("{one}_and_{two}"),
        [one, ..] => format!("{one}_and_more"),
    };
    if name.len() <= MAX {
        return name;
    }
    let first = parts.first().cloned().unwrap_or_default();
    let more = if parts.len() > 1 { "_and_more" } else { "" };
    let cut: String = first.chars().take(MAX - more.len()).collect();
    format!("{}{more}", cut.trim_end_matches('_'))
}

fn weight(operation: &Operation) -> u8 {
    match operation {
        Operation::CreateTable { .. }
        | Operation::DropTable { .. }
        | Operation::RenameTable { .. }
        | Operation::AddColumn { .. }
        | Operation::DropColumn { .. }
        | Operation::RenameColumn { .. }
        | Operation::AlterColumn { .. } => 3,
        Operation::CreateEnum { .. }
        | Operation::AlterEnum { .. }
        | Operation::DropEnum { .. }
        | Operation::AlterPrimaryKey { .. }
        | Operation::CommentTable { .. } => 2,
        _ => 1,
    }
}

/// What one operation does, together with those of `all` that do the same to the same table.
fn fragment(operation: &Operation, all: &[&Operation]) -> String {
    match operation {
        Operation::AddColumn { table, .. } | Operation::DropColumn { table, .. } => {
            let adds = matches!(operation, Operation::AddColumn { .. });
            let names: Vec<&str> = all
                .iter()
                .filter_map(|other| match other {
                    Operation::AddColumn {
                        table: at, column, ..
                    } if adds && at == table => Some(column.name.as_str()),
                    Operation::DropColumn { table: at, name } if !adds && at == table => {
                        Some(name.as_str())
                    }
                    _ => None,
                })
                .collect();
            let names = match names.as_slice() {
                [one] => (*one).to_owned(),
                [one, two] => format!("{one}_and_{two}"),
                [one, ..] => format!("{one}_and_more"),
                [] => String::new(),
            };
            match adds {
                true => format!("add_{names}_to_{table}"),
                false => format!("drop_{names}_from_{table}"),
            }
        }
        Operation::CreateEnum { kind } => format!("create_{}", kind.name),
        Operation::DropEnum { name } | Operation::DropTable { name } => format!("drop_{name}"),
        Operation::AlterEnum { name, renamed, .. } => match renamed.as_slice() {
            [(from, to)] => format!("rename_{from}_to_{to}_in_{name}"),
            _ => format!("alter_{name}"),
        },
        Operation::CreateTable { table } => format!("create_{}", table.name),
        Operation::RenameTable { from, to } => format!("rename_{from}_to_{to}"),
        Operation::CommentTable { name, .. } => format!("comment_on_{name}"),
        Operation::RenameColumn { table, from, to } => format!("rename_{from}_to_{to}_in_{table}"),
        Operation::AlterColumn { table, column, .. } => format!("alter_{}_of_{table}", column.name),
        Operation::AlterPrimaryKey { table, .. } => format!("change_key_of_{table}"),
        Operation::AddIndex { table, index } => {
            format!("index_{}_of_{table}", index.columns.join("_"))
        }
        Operation::DropIndex { table, .. } => format!("drop_index_of_{table}"),
        Operation::RenameIndex { table, .. } => format!("rename_index_of_{table}"),
        Operation::AddForeignKey { table, key } => {
            format!("reference_{}_from_{table}", key.table)
        }
        Operation::DropForeignKey { table, .. } => format!("drop_reference_of_{table}"),
        Operation::RenameForeignKey { table, .. } => format!("rename_reference_of_{table}"),
        Operation::Adopt { .. } => "adopt".into(),
        Operation::Forget { .. } => "forget".into(),
    }
}

/// The name that somebody asked for, cleaned.
///
/// # Errors
/// Nothing of it is left.
pub(crate) fn given_name(name: &str) -> Result<String, String> {
    match clean(name) {
        clean if clean.is_empty() => Err(format!("`{name}` cannot be the name of a migration")),
        clean => Ok(clean),
    }
}

/// Only what is safe in a file name everywhere; sqlx reads the underscores as spaces.
pub(super) fn clean(name: &str) -> String {
    let mut cleaned = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            cleaned.push(c.to_ascii_lowercase());
        } else if !cleaned.ends_with('_') {
            cleaned.push('_');
        }
    }
    cleaned.trim_matches('_').to_owned()
}

/// `add_isbn_to_books` → `Add isbn to books`.
pub(crate) fn sentence(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut chars = words.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Column, ColumnType, Table};

    fn create(name: &str) -> Operation {
        Operation::CreateTable {
            table: Table {
                name: name.into(),
                ..Table::default()
            },
        }
    }

    fn add(table: &str, name: &str) -> Operation {
        Operation::AddColumn {
            table: table.into(),
            column: Column::new(name, ColumnType::Text),
            fill: None,
        }
    }

    fn drop(table: &str, name: &str) -> Operation {
        Operation::DropColumn {
            table: table.into(),
            name: name.into(),
        }
    }

    #[test]
    fn names_say_what_happens() {
        let long = "x".repeat(50);
        for (operations, expected) in [
            (vec![], "empty"),
            (vec![create("books")], "create_books"),
            (
                vec![create("books"), create("authors")],
                "create_books_and_create_authors",
            ),
            (
                vec![create("a"), create("b"), create("c")],
                "create_a_and_more",
            ),
            (vec![add("books", "isbn")], "add_isbn_to_books"),
            (
                vec![add("books", "isbn"), add("books", "pages")],
                "add_isbn_and_pages_to_books",
            ),
            (
                vec![add("books", "a"), add("books", "b"), add("books", "c")],
                "add_a_and_more_to_books",
            ),
            (
                vec![add("books", "isbn"), drop("books", "notes")],
                "add_isbn_to_books_and_drop_notes_from_books",
            ),
            (
                vec![create(&long), create("b")],
                "create_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_and_more",
            ),
        ] {
            assert_eq!(automatic_name(&operations, false), expected);
        }
        assert_eq!(automatic_name(&[create("a"), create("b")], true), "initial");
        assert_eq!(automatic_name(&[], true), "empty");
    }

    #[test]
    fn names_are_cleaned_and_spoken() {
        assert_eq!(
            clean("add_Größe €_to_shop.Orders"),
            "add_gr_e_to_shop_orders"
        );
        assert_eq!(sentence("add_isbn_to_books"), "Add isbn to books");
    }
}
