//! What the entities leave open: renames, values for existing rows, losses. From flags, from the terminal, or
//! an error that names the flag.

use crate::ask;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::migrations::{self, Fills, Of, Question, Renames};
use crate::operation::Operation;
use crate::schema::Schema;

use super::{Inputs, conversions, report};

/// The answers given on the command line. `T` is a table and `COL` a column as in the database.
#[derive(Debug, clap::Args)]
pub(crate) struct Answers {
    /// A column was renamed
    #[arg(long, value_name = "T.OLD=T.NEW", value_parser = column_rename)]
    rename: Vec<(String, String, String)>,
    /// A table was renamed
    #[arg(long, value_name = "OLD=NEW", value_parser = table_rename)]
    rename_table: Vec<(String, String)>,
    /// A value of an enum was renamed
    #[arg(long, value_name = "ENUM.OLD=NEW", value_parser = value_rename)]
    rename_value: Vec<(String, String, String)>,
    /// SQL for the rows that exist, where a column becomes required
    #[arg(long, value_name = "T.COL=SQL", value_parser = fill)]
    default: Vec<(String, String, String)>,
    /// Values may change with the type of this column: rounded, cut, or folded together
    #[arg(long, value_name = "T.COL")]
    pub(super) accept_loss: Vec<String>,
    /// Tables and columns may be dropped with all that they hold
    #[arg(long)]
    allow_drop: bool,
}

fn pair<'a>(text: &'a str, form: &str) -> Result<(&'a str, &'a str), String> {
    match text.split_once('=') {
        Some((left, right)) if !left.is_empty() && !right.is_empty() => Ok((left, right)),
        _ => Err(format!("`{text}` is not of the form {form}")),
    }
}

fn column<'a>(text: &'a str, form: &str) -> Result<(&'a str, &'a str), String> {
    match text.rsplit_once('.') {
        Some((table, column)) if !table.is_empty() && !column.is_empty() => Ok((table, column)),
        _ => Err(format!("`{text}` names no table and column: {form}")),
    }
}

/// `books.name=books.title`, or shorter `books.name=title`: table, old, new.
fn column_rename(text: &str) -> Result<(String, String, String), String> {
    let form = "TABLE.OLD=TABLE.NEW";
    let (old, new) = pair(text, form)?;
    let (_, old) = column(old, form)?;
    let (table, new) = match new.rsplit_once('.') {
        Some(parts) => parts,
        None => (column(pair(text, form)?.0, form)?.0, new),
    };
    Ok((table.into(), old.into(), new.into()))
}

fn table_rename(text: &str) -> Result<(String, String), String> {
    pair(text, "OLD=NEW").map(|(old, new)| (old.into(), new.into()))
}

/// `Mood.sad=gloomy`, or longer `Mood.sad=Mood.gloomy`: enum, old, new.
fn value_rename(text: &str) -> Result<(String, String, String), String> {
    let form = "ENUM.OLD=NEW";
    let (old, new) = pair(text, form)?;
    let Some((kind, old)) = old.split_once('.') else {
        return Err(format!("`{old}` names no enum and value: {form}"));
    };
    let prefix = format!("{kind}.");
    let new = new.strip_prefix(&prefix).unwrap_or(new);
    Ok((kind.into(), old.into(), new.into()))
}

fn fill(text: &str) -> Result<(String, String, String), String> {
    let form = "TABLE.COLUMN=SQL";
    let (name, sql) = pair(text, form)?;
    let (table, column) = column(name, form)?;
    Ok((table.into(), column.into(), sql.into()))
}

/// The operations that lead to what the entities say, every open question answered.
///
/// # Errors
/// `NeedsAnswer` with the flags that answer, where asking is impossible; `BadInput` for answers that do not fit.
pub(super) fn operations(
    context: &Context,
    answers: &Answers,
    inputs: &Inputs,
) -> Result<Vec<Operation>> {
    let (before, after) = (&inputs.before, &inputs.entities.schema);
    let renames = renames(context, answers, inputs)?;
    let mut fills: Fills = answers
        .default
        .iter()
        .map(|(table, column, sql)| ((table.clone(), column.clone()), sql.clone()))
        .collect();
    let diff =
        |fills: &Fills| migrations::diff(before, after, &renames, fills).map_err(Error::bad_input);
    let mut operations = diff(&fills)?;
    let unanswered = migrations::unanswered(before, &operations);
    if !unanswered.is_empty() {
        ask_for_values(context, inputs, &unanswered, &mut fills)?;
        operations = diff(&fills)?;
    }
    check_fills_are_used(answers, &operations)?;
    conversions::settle(context, answers, inputs, &mut operations)?;
    confirm_losses(context, answers, before, &operations)?;
    Ok(operations)
}

fn renames(context: &Context, answers: &Answers, inputs: &Inputs) -> Result<Renames> {
    let (before, after) = (&inputs.before, &inputs.entities.schema);
    let mut renames = Renames::default();
    renames.tables.extend(answers.rename_table.iter().cloned());
    for (table, old, new) in &answers.rename {
        // Either name of a renamed table is understood.
        let table = renames.tables.get(table).unwrap_or(table).clone();
        renames.add_column(&table, old, new);
    }
    for (kind, old, new) in &answers.rename_value {
        renames.add_value(kind, old, new);
    }
    renames.check(before, after).map_err(Error::bad_input)?;
    for sentence in renames.add_hints(&inputs.entities.renamed, before, after) {
        match sentence.ends_with("can be removed") {
            true => context.output.status(format_args!("Note: {sentence}")),
            false => context.output.warning(sentence),
        }
    }
    // What was answered with "no, it is new".
    let mut settled: Vec<Question> = Vec::new();
    loop {
        let open: Vec<Question> = migrations::questions(before, after, &renames)
            .into_iter()
            .filter(|question| !settled.iter().any(|known| known.is_about_same(question)))
            .collect();
        let Some(question) = open.first() else {
            // A table that is new for sure still hides the questions about what is inside of others.
            return column_and_value_renames(context, answers, inputs, renames, &settled);
        };
        if !context.interactive {
            if answers.allow_drop {
                settled.extend(open);
                continue;
            }
            return Err(needs_renames(&open));
        }
        match choose(question)? {
            Some(old) => renames.take(question, &old),
            None => settled.push(question.clone()),
        }
    }
}

/// Asks about columns and values where questions about tables were answered with "new".
fn column_and_value_renames(
    context: &Context,
    answers: &Answers,
    inputs: &Inputs,
    mut renames: Renames,
    settled: &[Question],
) -> Result<Renames> {
    let tables_were_new = settled.iter().any(|question| question.of == Of::Tables);
    if !tables_were_new {
        return Ok(renames);
    }
    let (before, after) = (&inputs.before, &inputs.entities.schema);
    let open = migrations::inner_questions(before, after, &renames);
    if open.is_empty() || (!context.interactive && answers.allow_drop) {
        return Ok(renames);
    }
    if !context.interactive {
        return Err(needs_renames(&open));
    }
    let mut taken: Vec<(Of, String)> = Vec::new();
    for mut question in open {
        question
            .candidates
            .retain(|old| !taken.contains(&(question.of.clone(), old.clone())));
        if !question.candidates.is_empty()
            && let Some(old) = choose(&question)?
        {
            renames.take(&question, &old);
            taken.push((question.of, old));
        }
    }
    Ok(renames)
}

/// The old name that was chosen; `None` for something new.
fn choose(question: &Question) -> Result<Option<String>> {
    let (what, name) = match &question.of {
        Of::Columns(table) => ("column", format!("{table}.{}", question.new)),
        Of::Values(kind) => ("value", format!("{kind}.{}", question.new)),
        Of::Tables => ("table", question.new.clone()),
    };
    let mut items: Vec<String> = question
        .candidates
        .iter()
        .map(|old| format!("`{old}`, renamed"))
        .collect();
    items.push(format!("a new {what}"));
    let chosen = ask::choose(format!("Where does the {what} `{name}` come from?"), &items)?;
    Ok(question.candidates.get(chosen).cloned())
}

fn needs_renames(open: &[Question]) -> Error {
    let sentences: Vec<String> = open
        .iter()
        .map(|question| {
            let Question {
                of,
                new,
                candidates,
            } = question;
            let new = match of {
                Of::Columns(table) => format!("`{table}.{new}`"),
                Of::Values(kind) => format!("the value `{new}` of the enum `{kind}`"),
                Of::Tables => format!("the table `{new}`"),
            };
            format!("{new} appeared while {} went away", listed(candidates))
        })
        .collect();
    let mut error = Error::needs_answer(format_args!(
        "renamed, or dropped and added? {}",
        sentences.join("; ")
    ));
    for question in open {
        let likeliest = question.candidates.first().map_or("", String::as_str);
        let new = &question.new;
        let flag = match &question.of {
            Of::Columns(table) => format!("--rename {table}.{likeliest}={table}.{new}"),
            Of::Values(kind) => format!("--rename-value {}", quoted(kind, likeliest, new)),
            Of::Tables => format!("--rename-table {likeliest}={new}"),
        };
        error = error.hint(format!("{flag} for a rename"));
    }
    error.hint("--allow-drop to drop what went away, with all that it holds")
}

/// `Mood.sad=gloomy`, in quotes where a shell would take it apart.
fn quoted(kind: &str, old: &str, new: &str) -> String {
    let text = format!("{kind}.{old}={new}");
    let plain = |c: char| c.is_alphanumeric() || "._-=".contains(c);
    if text.chars().all(plain) {
        return text;
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

fn listed(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

fn ask_for_values(
    context: &Context,
    inputs: &Inputs,
    unanswered: &[(String, String)],
    fills: &mut Fills,
) -> Result<()> {
    if !context.interactive {
        let names: Vec<String> = unanswered
            .iter()
            .map(|(table, column)| {
                let name = format!("{table}.{column}");
                match inputs.entities.locations.get(&name) {
                    Some(place) => format!("`{name}` ({place})"),
                    None => format!("`{name}`"),
                }
            })
            .collect();
        let (table, column) = &unanswered[0];
        return Err(Error::needs_answer(format_args!(
            "rows that exist need a value for {}",
            names.join(", ")
        ))
        .hint(format!("--default {table}.{column}=SQL gives them one, for example --default \"{table}.{column}='x'\""))
        .hint("or give the field a `default_value`, or make it an `Option`"));
    }
    for (table, column) in unanswered {
        let sql = ask::text(format!(
            "`{table}.{column}` is required. SQL for the rows that exist (0, 'text', CURRENT_TIMESTAMP, …)"
        ))?;
        fills.insert((table.clone(), column.clone()), sql);
    }
    Ok(())
}

/// A `--default` that nothing asked for is a slip of the pen.
fn check_fills_are_used(answers: &Answers, operations: &[Operation]) -> Result<()> {
    for (table, column, _) in &answers.default {
        let used = operations.iter().any(|operation| match operation {
            Operation::AddColumn {
                table: at,
                column: c,
                ..
            }
            | Operation::AlterColumn {
                table: at,
                column: c,
                ..
            } => at == table && c.name == *column,
            _ => false,
        });
        if !used {
            return Err(Error::bad_input(format_args!(
                "--default {table}.{column}: no such column is added or changed"
            )));
        }
    }
    Ok(())
}

fn confirm_losses(
    context: &Context,
    answers: &Answers,
    before: &Schema,
    operations: &[Operation],
) -> Result<()> {
    let lines = report::lines(before, operations);
    let mut state = before.clone();
    let mut lost: Vec<&str> = Vec::new();
    for (operation, line) in operations.iter().zip(&lines) {
        if operation.is_destructive(&state) {
            lost.push(line.trim_start_matches("Drop "));
        }
        // They come from a diff of this very schema.
        let _ = operation.apply(&mut state);
    }
    if lost.is_empty() || answers.allow_drop {
        return Ok(());
    }
    if !context.interactive {
        return Err(Error::needs_answer(format_args!(
            "this would drop, with all that they hold: {}",
            lost.join(", ")
        ))
        .hint("--allow-drop if that is meant"));
    }
    let agreed = ask::confirm(format!(
        "Drop {}, with all that they hold?",
        lost.join(", ")
    ))?;
    if agreed {
        Ok(())
    } else {
        Err(Error::failed(
            "nothing was dropped, and nothing was written",
        ))
    }
}
