//! One branch that changes a schema as numbers say that were drawn.

use crate::migrations::Renames;
use crate::operation::Operation;
use crate::schema::{Column, ColumnType, Default, ForeignKey, Index, Schema, Table};

/// A branch as it is written: what its entities say, and what it says of renames.
pub(super) struct Branch {
    pub(super) name: &'static str,
    pub(super) schema: Schema,
    pub(super) renames: Renames,
}

/// What a branch does to one table, by numbers that were drawn.
pub(super) type Draw = (usize, usize, u8);

impl Branch {
    /// Does what was drawn, where that fits the table.
    pub(super) fn change(&mut self, number: usize, (table, at, what): Draw) {
        let count = self.schema.tables.len().max(1);
        let Some(table) = self.schema.tables.keys().nth(table % count).cloned() else {
            return;
        };
        match what % 15 {
            0..=2 => self.add_column(number, &table, what % 15),
            3..=6 => self.alter_column(&table, at, what % 15),
            7 => self.rename_column(number, &table, at),
            8 => self.drop_column(&table, at),
            9 => self.add_index(number, &table),
            10 => self.add_reference(number, &table),
            11 => self.add_table(number),
            12 => self.rename_table(number, &table),
            13 => self.add_mood(number, &table),
            _ => self.add_value(),
        }
    }

    fn table(&mut self, name: &str) -> &mut Table {
        self.schema.tables.get_mut(name).expect("it is there")
    }

    fn add_column(&mut self, number: usize, table: &str, what: u8) {
        let mut column = Column::new(format!("{}{number}", self.name), ColumnType::Integer);
        column.nullable = true;
        column.unique = what == 1;
        let table = self.table(table);
        if what == 2 {
            let is_number = |c: &&Column| {
                c.name.len() == 1 && c.kind.is_integer() && !c.nullable && !c.is_generated()
            };
            let from = table.columns.iter().find(is_number);
            let from = from.map_or("1", |column| &column.name);
            column.extra = Some(format!("GENERATED ALWAYS AS ({from} + 1) STORED"));
        }
        table.columns.push(column);
    }

    /// A column that is neither a key nor a reference.
    fn plain_column(&self, table: &str, at: usize) -> Option<&Column> {
        let table = self.schema.table(table)?;
        let at = at % table.columns.len();
        let column = &table.columns[at];
        let is_key = table.primary_key.contains(&column.name);
        let is_plain = !is_key && !column.name.ends_with("_id") && !column.is_generated();
        Some(column).filter(|_| is_plain)
    }

    fn alter_column(&mut self, table: &str, at: usize, what: u8) {
        let Some(column) = self.plain_column(table, at) else {
            return;
        };
        let mut column = column.clone();
        // The rows that exist would all get the default of a column that this branch has made.
        let is_new = column.name.starts_with(self.name) && column.name.len() > 1;
        match what {
            3 => column.nullable = true,
            4 if is_new && column.default.is_some() => return,
            4 => column.unique = !column.unique && column.kind != ColumnType::Text,
            5 if is_new && column.unique => return,
            5 if column.kind.is_integer() => column.default = Some(Default::Number("3".into())),
            6 if column.kind == ColumnType::Integer => column.kind = ColumnType::BigInteger,
            6 if column.kind == ColumnType::SmallInteger => column.kind = ColumnType::Integer,
            _ => return,
        }
        if let Some(found) = self.table(table).column_mut(&column.name) {
            *found = column;
        }
    }

    fn apply(&mut self, operation: &Operation) -> bool {
        let mut schema = self.schema.clone();
        let fits = operation.apply(&mut schema).is_ok();
        if fits {
            self.schema = schema;
        }
        fits
    }

    fn rename_column(&mut self, number: usize, table: &str, at: usize) {
        let is_old = self.renames.old_table(table) == table;
        let Some(from) = self.plain_column(table, at).map(|c| c.name.clone()) else {
            return;
        };
        // One that this branch made, or renamed, has no name from before.
        let to = format!("{}r{number}", self.name);
        let is_new = from.starts_with(self.name) && from.len() > 1;
        let operation = Operation::RenameColumn {
            table: table.into(),
            from: from.clone(),
            to: to.clone(),
        };
        if is_old && !is_new && self.apply(&operation) {
            self.renames.add_column(table, &from, &to);
        }
    }

    fn drop_column(&mut self, table: &str, at: usize) {
        let Some(name) = self.plain_column(table, at).map(|c| c.name.clone()) else {
            return;
        };
        let old = self.renames.columns.values().flatten();
        let is_renamed = old.into_iter().any(|(_, to)| *to == name);
        let table = table.to_owned();
        let is_used = self
            .table(&table)
            .indexes
            .iter()
            .any(|index| index.columns.contains(&name))
            || self.table(&table).columns.iter().any(Column::is_generated);
        if !is_renamed && !is_used {
            self.apply(&Operation::DropColumn { table, name });
        }
    }

    fn add_index(&mut self, number: usize, table: &str) {
        let name = format!("idx-{table}-{}{number}", self.name);
        let table = self.table(table);
        let columns = vec![table.columns[0].name.clone()];
        table.add_index(Index {
            name,
            columns,
            unique: false,
        });
    }

    fn add_reference(&mut self, number: usize, table: &str) {
        let single = |table: &&Table| table.primary_key.len() == 1;
        let target = self.schema.tables.values().find(single);
        let Some((to, kind)) = target.map(|to| (to.name.clone(), to.columns[0].kind.clone()))
        else {
            return;
        };
        // Tables that this branch renames are called otherwise in the other.
        if self.renames.tables.values().any(|name| *name == to) {
            return;
        }
        let mut column = Column::new(format!("{}{number}_id", self.name), kind);
        column.nullable = true;
        let key = ForeignKey {
            name: format!("fk-{table}-{}", column.name),
            columns: vec![column.name.clone()],
            table: to,
            references: vec!["id".into()],
            on_delete: None,
            on_update: None,
        };
        let table = self.table(table);
        table.columns.push(column);
        table.add_foreign_key(key);
    }

    fn add_table(&mut self, number: usize) {
        let mut id = Column::new("id", ColumnType::BigInteger);
        id.auto_increment = true;
        let table = Table {
            name: format!("{}_table{number}", self.name),
            columns: vec![id],
            primary_key: vec!["id".into()],
            ..Table::default()
        };
        self.schema.tables.insert(table.name.clone(), table);
    }

    fn rename_table(&mut self, number: usize, table: &str) {
        let to = format!("{}_renamed{number}", self.name);
        let touched = self.renames.columns.contains_key(table);
        let is_new = table.starts_with(&format!("{}_", self.name));
        let operation = Operation::RenameTable {
            from: table.into(),
            to: to.clone(),
        };
        if !touched && !is_new && self.apply(&operation) {
            self.renames.tables.insert(table.into(), to);
        }
    }

    /// A column of the enum, which the other branch may change.
    fn add_mood(&mut self, number: usize, table: &str) {
        if self.schema.enums.contains_key("mood") {
            let mut column = Column::new(
                format!("{}{number}", self.name),
                ColumnType::Enum("mood".into()),
            );
            column.nullable = true;
            self.table(table).columns.push(column);
        }
    }

    fn add_value(&mut self) {
        if let Some(kind) = self.schema.enums.get_mut("mood") {
            let value = format!("of {}", self.name);
            if !kind.values.contains(&value) {
                kind.values.push(value);
            }
        }
    }
}
