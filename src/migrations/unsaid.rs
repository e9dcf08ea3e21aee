//! The entities together with what they leave to the database: adopted defaults, lengths, names and parts.

use std::borrow::Cow;

use crate::schema::{Column, ForeignKey, Index, Schema, Table};

/// `wanted` with everything that `before` was adopted with and that the entities still say nothing else about.
pub(crate) fn with_unsaid<'a>(before: &Schema, wanted: &'a Schema) -> Cow<'a, Schema> {
    let is_adopted = before.tables.values().any(|table| !table.unsaid.is_empty())
        || !before.unsaid_enums.is_empty()
        || !before.objects.is_empty();
    if !is_adopted {
        return Cow::Borrowed(wanted);
    }
    let mut after = wanted.clone();
    after.objects.clone_from(&before.objects);
    for (name, said) in &before.unsaid_enums {
        if let (Some(kind), Some(state)) = (after.enums.get_mut(name), before.enums.get(name))
            && kind.values == *said
        {
            kind.values.clone_from(&state.values);
            after.unsaid_enums.insert(name.clone(), said.clone());
        }
    }
    for table in after.tables.values_mut() {
        if let Some(state) = before.table(&table.name).filter(|t| !t.unsaid.is_empty()) {
            fill_table(table, state);
        }
    }
    let columns = after.tables.values().flat_map(|table| &table.columns);
    let used: Vec<String> = columns
        .filter_map(|column| column.kind.enum_name().map(str::to_owned))
        .collect();
    // Where the database has another type instead, there is no enum to make.
    after
        .enums
        .retain(|name, _| used.contains(name) || before.enums.contains_key(name));
    for name in used {
        if let (false, Some(kind)) = (after.enums.contains_key(&name), before.enums.get(&name)) {
            after.enums.insert(name, kind.clone());
        }
    }
    Cow::Owned(after)
}

/// Replaces `wanted` by what [`with_unsaid`] makes of it.
pub(crate) fn fill_unsaid(before: &Schema, wanted: &mut Schema) {
    let filled = match with_unsaid(before, wanted) {
        Cow::Owned(filled) => Some(filled),
        Cow::Borrowed(_) => None,
    };
    if let Some(filled) = filled {
        *wanted = filled;
    }
}

fn fill_table(table: &mut Table, state: &Table) {
    let unsaid = &state.unsaid;
    if unsaid.comment.as_ref() == Some(&table.comment) {
        table.comment.clone_from(&state.comment);
    }
    for (name, column) in &unsaid.columns {
        if let (Some(entity), Some(state)) = (table.column_mut(name), state.column(name)) {
            column.fill(entity, state);
        }
    }
    for name in &unsaid.only_columns {
        if let (None, Some(column)) = (table.column(name), state.column(name)) {
            table.columns.push(column.clone());
        }
    }
    if unsaid.primary_key.as_ref() == Some(&table.primary_key) {
        table.primary_key.clone_from(&state.primary_key);
    }
    fill_indexes(table, state);
    fill_keys(table, state);
    table.unsaid = unsaid.clone();
}

fn fill_indexes(table: &mut Table, state: &Table) {
    let unsaid = &state.unsaid;
    let decided = |index: &&Index| {
        unsaid.names.contains(&index.name) || unsaid.only_parts.contains(&index.name)
    };
    for index in state.indexes.iter().filter(decided) {
        if table.index(&index.name).is_some() {
            continue;
        }
        let twin = table.indexes.iter().position(|twin| {
            twin.unique == index.unique
                && index.is_on(&twin.columns)
                && state.index(&twin.name).is_none()
        });
        let inline = |column: &&mut Column| {
            index.unique && column.unique && index.columns == [column.name.as_str()]
        };
        let declared = if let Some(at) = twin {
            table.indexes.remove(at);
            true
        } else if let Some(column) = table.columns.iter_mut().find(inline) {
            column.unique = false;
            true
        } else {
            false
        };
        if declared || unsaid.only_parts.contains(&index.name) {
            table.add_index(index.clone());
        }
    }
    // A unique column of the database serves as the unique index that the entity declares on it.
    let inline = |index: &Index| {
        let [only] = index.columns.as_slice() else {
            return false;
        };
        index.unique
            && state.index(&index.name).is_none()
            && state.column(only).is_some_and(|column| column.unique)
            && unsaid
                .columns
                .get(only)
                .is_some_and(|c| c.unique == Some(false))
    };
    table.indexes.retain(|index| !inline(index));
    let absent = |index: &Index| {
        let mut known = unsaid.absent_indexes.iter();
        state.index(&index.name).is_none()
            && known.any(|other| other.unique == index.unique && other.columns == index.columns)
    };
    table.indexes.retain(|index| !absent(index));
}

fn fill_keys(table: &mut Table, state: &Table) {
    let unsaid = &state.unsaid;
    for key in &state.foreign_keys {
        let is_only = unsaid.only_parts.contains(&key.name);
        if !is_only && !unsaid.names.contains(&key.name) && !unsaid.actions.contains_key(&key.name)
        {
            continue;
        }
        let exact = |twin: &ForeignKey| twin.name == key.name;
        let other =
            |twin: &ForeignKey| twin.is_same_way(key) && state.foreign_key(&twin.name).is_none();
        let keys = &table.foreign_keys;
        let at = keys
            .iter()
            .position(exact)
            .or_else(|| keys.iter().position(other));
        let Some(at) = at else {
            if is_only {
                table.add_foreign_key(key.clone());
            }
            continue;
        };
        let mut entity = table.foreign_keys.remove(at);
        let is_absent = unsaid.absent_keys.iter().any(|k| k.is_same_way(&entity));
        if is_only && is_absent && !entity.is_same_way(key) {
            // It has the name of a key to elsewhere, and both were left as they are.
            table.add_foreign_key(key.clone());
            continue;
        }
        if entity.is_same_way(key) {
            entity.name.clone_from(&key.name);
            if let Some(said) = unsaid.actions.get(&key.name) {
                if said.on_delete == entity.on_delete {
                    entity.on_delete = key.on_delete;
                }
                if said.on_update == entity.on_update {
                    entity.on_update = key.on_update;
                }
            }
        }
        table.add_foreign_key(entity);
    }
    let absent = |key: &ForeignKey| {
        let mut known = unsaid.absent_keys.iter();
        state.foreign_key(&key.name).is_none() && known.any(|other| other.is_same_way(key))
    };
    table.foreign_keys.retain(|key| !absent(key));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{ColumnType, EnumType};

    fn with_key(to: &str) -> Schema {
        let key = ForeignKey {
            name: "fk-conduit-source_id".into(),
            columns: vec!["source_id".into()],
            table: to.into(),
            references: vec!["id".into()],
            on_delete: None,
            on_update: None,
        };
        let table = Table {
            name: "conduit".into(),
            columns: vec![Column::new("source_id", ColumnType::Integer)],
            foreign_keys: vec![key],
            ..Table::default()
        };
        Schema {
            tables: [(table.name.clone(), table)].into(),
            ..Schema::default()
        }
    }

    /// The database has a key to a table of almost the same name, and the entity's was left out.
    #[test]
    fn a_key_that_leads_elsewhere_stays_as_the_database_has_it() {
        let wanted = with_key("entries");
        let mut before = with_key("entry");
        let table = before.tables.get_mut("conduit").expect("it is there");
        table
            .unsaid
            .only_parts
            .insert("fk-conduit-source_id".into());
        let left_out = wanted.tables["conduit"].foreign_keys.clone();
        table.unsaid.absent_keys = left_out;
        let after = with_unsaid(&before, &wanted);
        assert_eq!(
            after.tables["conduit"].foreign_keys,
            before.tables["conduit"].foreign_keys
        );
    }

    #[test]
    fn an_enum_that_the_database_keeps_as_text_is_not_made() {
        let schema = |kind: ColumnType| {
            let table = Table {
                name: "fence".into(),
                columns: vec![Column::new("mode", kind)],
                ..Table::default()
            };
            Schema {
                tables: [(table.name.clone(), table)].into(),
                ..Schema::default()
            }
        };
        let kind = ColumnType::Enum("mode".into());
        let mut wanted = schema(kind.clone());
        let values = vec!["open".to_owned(), "shut".to_owned()];
        let mode = EnumType {
            name: "mode".into(),
            values,
        };
        wanted.enums.insert("mode".into(), mode);
        let mut before = schema(ColumnType::Text);
        let table = before.tables.get_mut("fence").expect("it is there");
        table.unsaid.columns.entry("mode".into()).or_default().kind = Some(kind);
        let after = with_unsaid(&before, &wanted);
        assert!(after.enums.is_empty());
        assert_eq!(after.tables["fence"].columns[0].kind, ColumnType::Text);
        // An entity that is changed has its way.
        before.tables.get_mut("fence").expect("it is there").unsaid =
            crate::schema::Unsaid::default();
        before.objects.insert(crate::schema::Object {
            dialect: "mysql".into(),
            kind: "view".into(),
            table: String::new(),
            name: "fences".into(),
            definition: String::new(),
        });
        assert!(with_unsaid(&before, &wanted).enums.contains_key("mode"));
    }
}
