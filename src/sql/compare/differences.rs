//! What differs, in words.

/// How much a difference matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grade {
    /// Something is missing or other than it should be.
    Different,
    /// Something is there that nobody asked for, and rows cannot be inserted without knowing of it.
    Demanding,
    /// Something is there that nobody asked for.
    Extra,
    /// The same thing goes by another name, under which a later migration will look for it in vain.
    Name,
    /// Perhaps the same: two expressions that only the database itself could compare.
    Unsure,
    /// A comment.
    Comment,
}

/// One place where a database is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) grade: Grade,
    /// The table, or the enum.
    pub(crate) table: String,
    /// It is about a table as a whole, which is missing or unknown.
    pub(crate) is_table: bool,
    /// A sentence that begins with what it is about: `` `books.price`: … ``.
    pub(crate) message: String,
    /// SQL that settles it, where that is safe.
    pub(crate) fix: Option<String>,
    /// The column, index or foreign key that the database has and nobody asked for.
    pub(crate) name: Option<String>,
}

impl Difference {
    pub(super) fn missing_table(table: &str) -> Self {
        Self {
            is_table: true,
            ..Differences::new(table).about(Grade::Different, None, "the table is missing".into())
        }
    }

    pub(super) fn unknown_table(table: &str) -> Self {
        let message = "no migration makes this table".into();
        Self {
            is_table: true,
            name: Some(table.to_owned()),
            ..Differences::new(table).about(Grade::Extra, None, message)
        }
    }

    pub(super) fn of_enum(name: &str, message: &str) -> Self {
        Differences::new(name).about(Grade::Different, None, format!("the enum {message}"))
    }
}

/// The differences of one table.
pub(super) struct Differences<'t> {
    table: &'t str,
    list: Vec<Difference>,
}

impl<'t> Differences<'t> {
    pub(super) fn new(table: &'t str) -> Self {
        Self {
            table,
            list: Vec::new(),
        }
    }

    pub(super) fn into_list(self) -> Vec<Difference> {
        self.list
    }

    fn about(&self, grade: Grade, column: Option<&str>, message: String) -> Difference {
        let place = match column {
            Some(column) => format!("{}.{column}", self.table),
            None => self.table.to_owned(),
        };
        Difference {
            grade,
            table: self.table.to_owned(),
            is_table: false,
            message: format!("`{place}`: {message}"),
            fix: None,
            name: None,
        }
    }

    fn push(&mut self, grade: Grade, column: Option<&str>, message: String) {
        let difference = self.about(grade, column, message);
        self.list.push(difference);
    }

    pub(super) fn missing(&mut self, column: &str, kind: &str) {
        let message = format!("the column is missing; expected {kind}");
        self.push(Grade::Different, Some(column), message);
    }

    pub(super) fn different(&mut self, column: &str, what: &str, wanted: &str, live: &str) {
        let message = format!("{what} is `{live}` in the database; expected `{wanted}`");
        self.push(Grade::Different, Some(column), message);
    }

    pub(super) fn nullable(&mut self, column: &str, is_required: bool) {
        let message = match is_required {
            true => "the column is NOT NULL in the database; expected to allow NULL",
            false => "the column allows NULL in the database; expected NOT NULL",
        };
        self.push(Grade::Different, Some(column), message.into());
    }

    pub(super) fn default(&mut self, column: &str, wanted: Option<&str>, live: Option<&str>) {
        let message = match (wanted, live) {
            (Some(wanted), Some(live)) => {
                format!("the default is `{live}` in the database; expected `{wanted}`")
            }
            (Some(wanted), None) => {
                format!("the column has no default in the database; expected `{wanted}`")
            }
            (None, live) => format!(
                "the default is `{}` in the database; expected no default",
                live.unwrap_or("NULL")
            ),
        };
        self.push(Grade::Different, Some(column), message);
    }

    pub(super) fn auto_increment(&mut self, column: &str, live: bool) {
        let message = match live {
            true => "the column is auto-increment in the database; expected a plain column",
            false => "the column is not auto-increment in the database; expected auto-increment",
        };
        self.push(Grade::Different, Some(column), message.into());
    }

    pub(super) fn unsure(&mut self, column: &str, wanted: &str, live: &str) {
        let message = format!(
            "the default is `{live}` in the database; does it mean the same as `{wanted}`?"
        );
        self.push(Grade::Unsure, Some(column), message);
    }

    pub(super) fn unknown_column(&mut self, column: &str, kind: &str, demanding: bool) {
        let (grade, more) = match demanding {
            true => (Grade::Demanding, ", and it needs a value in every new row"),
            false => (Grade::Extra, ""),
        };
        let message = format!("no migration makes this column (`{kind}`){more}");
        let mut difference = self.about(grade, Some(column), message);
        difference.name = Some(column.to_owned());
        self.list.push(difference);
    }

    pub(super) fn different_key(&mut self, wanted: &str, live: &str) {
        let message = format!("the primary key is {live} in the database; expected {wanted}");
        self.push(Grade::Different, None, message);
    }

    pub(super) fn missing_part(&mut self, what: &str, columns: &[&str]) {
        let message = format!("the {what} on {} is missing", listed(columns));
        self.push(Grade::Different, None, message);
    }

    pub(super) fn unknown_part(&mut self, what: &str, columns: &[&str], name: Option<&str>) {
        let shown = name.map_or_else(String::new, |name| format!(" (`{name}`)"));
        let message = format!(
            "no migration makes the {what} on {}{shown}",
            listed(columns)
        );
        let mut difference = self.about(Grade::Extra, None, message);
        difference.name = name.map(str::to_owned);
        self.list.push(difference);
    }

    pub(super) fn different_action(
        &mut self,
        columns: &[&str],
        event: &str,
        wanted: &str,
        live: &str,
    ) {
        let message = format!(
            "the reference on {} has {event} {live} in the database; expected {wanted}",
            listed(columns)
        );
        self.push(Grade::Different, None, message);
    }

    pub(super) fn renamed(
        &mut self,
        what: &str,
        columns: &[&str],
        wanted: &str,
        live: &str,
        fix: Option<String>,
    ) {
        let columns = listed(columns);
        let message = match wanted == live {
            true => format!("{what} on {columns}, {live}, is an index on its own or a constraint"),
            false => {
                format!("{what} on {columns} is {live} in the database; expected {wanted}")
            }
        };
        let mut difference = self.about(Grade::Name, None, message);
        difference.fix = fix;
        self.list.push(difference);
    }

    pub(super) fn comment(&mut self, column: &str, wanted: Option<&str>) {
        let message = comment(wanted);
        self.push(Grade::Comment, Some(column), message);
    }

    pub(super) fn table_comment(&mut self, wanted: Option<&str>) {
        let message = comment(wanted);
        self.push(Grade::Comment, None, message);
    }
}

fn comment(wanted: Option<&str>) -> String {
    match wanted {
        Some(wanted) => format!("the comment differs in the database; expected `{wanted}`"),
        None => "the database has a comment; expected none".into(),
    }
}

/// Names with commas between: `a`, `b`.
pub(in crate::sql) fn listed<S: AsRef<str>>(names: &[S]) -> String {
    let names: Vec<String> = names
        .iter()
        .map(|name| format!("`{}`", name.as_ref()))
        .collect();
    names.join(", ")
}
