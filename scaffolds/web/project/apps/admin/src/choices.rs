//! What the form of a row offers: the rows that it may refer to.

use platform::Result;
use platform::forms::DrawnField;
use serde_json::Value;

use crate::cells::Labels;
use crate::desk::Desk;
use crate::model::{Many, Model};
use crate::options::Access;
use crate::row::Row;

/// A list of choices is no longer than this; then the key is typed.
pub(crate) const MOST_CHOICES: u64 = 100;

/// The rows that can be ticked. None if there are too many, or they may not be seen.
pub(crate) async fn choices_of_many(
    desk: &Desk,
    many: &Many,
) -> Result<Option<Vec<(String, String)>>> {
    let between = desk.admin.models().find(|model| model.table == many.table);
    let reference = between.and_then(|model| model.reference(&many.right.name));
    let target = reference.and_then(|reference| desk.admin.of_table(&reference.table));
    match target {
        Some(target) => rows_to_choose(desk, target, MOST_CHOICES).await,
        None => Ok(None),
    }
}

/// The rows that a column may refer to: keys and labels. None if there are more, or they may not be seen.
pub(crate) async fn referable(
    desk: &Desk,
    model: &Model,
    name: &str,
    most: u64,
) -> Result<Option<Vec<(String, String)>>> {
    let reference = model.reference(name);
    let target = reference.and_then(|reference| desk.admin.of_table(&reference.table));
    match target {
        Some(target) => rows_to_choose(desk, target, most).await,
        None => Ok(None),
    }
}

async fn rows_to_choose(
    desk: &Desk,
    target: &Model,
    most: u64,
) -> Result<Option<Vec<(String, String)>>> {
    if !desk.may(Access::View, target, None) {
        return Ok(None);
    }
    let mut rows = desk.rows_of(target)?;
    rows.limit(most + 1);
    let rows = target.rows(&desk.site.db, rows).await?;
    if rows.len() as u64 > most {
        return Ok(None);
    }
    let mut choices: Vec<(String, String)> = rows
        .iter()
        .map(|row| (target.id_of(row), target.label_of(row)))
        .collect();
    choices.sort_by_key(|(_, label)| label.to_lowercase());
    Ok(Some(choices))
}

/// A reference is chosen from a list or, from many rows, typed as a key whose meaning is shown.
pub(crate) async fn refer(desk: &Desk, model: &Model, field: &mut DrawnField) -> Result<()> {
    let Some(reference) = model.reference(&field.name) else {
        return Ok(());
    };
    if let Some(choices) = referable(desk, model, &field.name, MOST_CHOICES).await? {
        field.widget = "select";
        let known = field.value.is_empty() || choices.iter().any(|(key, _)| *key == field.value);
        let unknown = (!known).then(|| (field.value.clone(), field.value.clone()));
        field.choose(choices.into_iter().chain(unknown));
        return Ok(());
    }
    if let Some(target) = desk.admin.of_table(&reference.table) {
        field.lookup = target.address();
        field.suggestions = format!("{}/lookup", field.lookup);
    }
    let row = Row::from_iter([(field.name.clone(), Value::from(field.value.clone()))]);
    let labels = Labels::read(desk, model, std::slice::from_ref(&field.name), &[row]).await?;
    if let Some((label, _)) = labels.get(&field.name, &Value::from(field.value.clone())) {
        field.meaning.clone_from(label);
    }
    Ok(())
}
