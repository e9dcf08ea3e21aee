//! CSV files: how values are written so that no spreadsheet runs them, and read again as what they were. Pure.

use platform::error::FieldErrors;
use platform::form::Form;
use platform::forms::label;
use platform::input::{InputField, Kind};
use serde_json::Value;

use crate::export::exported;
use crate::model::{Model, joined, plain};
use crate::row::Row;

/// A file that was read.
#[derive(Debug)]
pub(crate) struct Table {
    /// The columns that are saved, and those that cannot be.
    pub names: Vec<String>,
    pub ignored: Vec<String>,
    pub records: Vec<Record>,
}

/// A row of a file.
#[derive(Debug)]
pub(crate) struct Record {
    /// Where it begins in the file.
    pub line: u64,
    /// The key of the row that it changes.
    pub id: Option<String>,
    /// As they stand in the file, in the order of the names.
    pub cells: Vec<String>,
    pub values: Row,
    pub errors: FieldErrors,
    texts: Vec<(String, String)>,
}

impl Table {
    /// Reads a table whose first line names the columns.
    ///
    /// # Errors
    /// What keeps all of it from being read.
    pub fn read(
        model: &Model,
        fields: &[InputField],
        text: &str,
        most: usize,
    ) -> Result<Self, String> {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(separator(text))
            .flexible(true)
            .from_reader(text.as_bytes());
        let header = reader.headers().map_err(|error| error.to_string())?;
        let mut columns = Vec::new();
        for title in header {
            let name = name_of(model, title)?;
            if columns.contains(&name) {
                return Err(format!("The column {name} is there twice."));
            }
            columns.push(name);
        }
        let is_saved = |name: &&String| fields.iter().any(|field| field.name == **name);
        let (names, ignored): (Vec<&String>, Vec<&String>) = columns.iter().partition(is_saved);
        if names.is_empty() {
            return Err("The first line names no column that can be imported.".to_owned());
        }
        let mut table = Self {
            ignored: ignored
                .into_iter()
                .filter(|name| !model.keys.contains(*name))
                .cloned()
                .collect(),
            names: names.into_iter().cloned().collect(),
            records: Vec::new(),
        };
        for record in reader.records() {
            let record = record.map_err(|error| error.to_string())?;
            if table.records.len() == most {
                return Err(format!("There are more than {most} rows: split the file."));
            }
            table
                .records
                .push(Record::read(model, fields, &columns, &record));
        }
        match table.records.is_empty() {
            true => Err("There are no rows below the names of the columns.".to_owned()),
            false => Ok(table),
        }
    }
}

/// The column that a title means: its name, or how pages call it.
fn name_of(model: &Model, title: &str) -> Result<String, String> {
    let title = title.trim();
    let mut found = exported(model)
        .into_iter()
        .filter(|name| name.eq_ignore_ascii_case(title) || label(name).eq_ignore_ascii_case(title));
    found.next().ok_or_else(|| {
        let names: Vec<&str> = model
            .fields
            .iter()
            .map(|field| field.name.as_str())
            .collect();
        format!(
            "There is no column “{title}”. The columns are: {}.",
            names.join(", ")
        )
    })
}

impl Record {
    fn read(
        model: &Model,
        fields: &[InputField],
        columns: &[String],
        record: &csv::StringRecord,
    ) -> Self {
        let texts = columns.iter().zip(record);
        let texts: Vec<(String, String)> = texts
            .map(|(name, text)| (name.clone(), original(text)))
            .collect();
        let mut read = Self {
            line: record.position().map_or(0, csv::Position::line),
            id: id_of(model, &texts),
            cells: Vec::new(),
            values: Row::new(),
            errors: FieldErrors::new(),
            texts,
        };
        if record.len() != columns.len() {
            let message = format!(
                "is not as long as the first line: {} values for {} columns",
                record.len(),
                columns.len()
            );
            read.errors.insert("The line".to_owned(), vec![message]);
        }
        for (name, text) in &read.texts {
            let Some(field) = fields.iter().find(|field| field.name == *name) else {
                continue;
            };
            read.cells.push(text.chars().take(60).collect());
            match value(field, text) {
                Ok(value) => drop(read.values.insert(name.clone(), value)),
                Err(message) => drop(read.errors.insert(name.clone(), vec![message])),
            }
        }
        read
    }

    /// The values that differ from those of the row.
    pub fn changed(&self, model: &Model, row: &Row) -> Row {
        let differing = self
            .values
            .iter()
            .filter(|(name, _)| self.differs(model, row, name));
        differing
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    /// Whether a cell holds anything else than an export of the row would.
    pub fn differs(&self, model: &Model, row: &Row, name: &str) -> bool {
        let mut texts = self.texts.iter().filter(|(column, _)| column == name);
        texts.next().is_none_or(|(_, text)| {
            lines(text) != lines(&written(model, name, row.get(name).unwrap_or(&Value::Null)))
        })
    }
}

fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

fn id_of(model: &Model, texts: &[(String, String)]) -> Option<String> {
    let keys = model.keys.iter().map(|key| {
        let mut found = texts.iter().filter(|(name, _)| name == key);
        found.next().map(|(_, text)| text.trim())
    });
    let keys: Option<Vec<&str>> = keys.collect();
    keys.filter(|keys| keys.iter().all(|key| !key.is_empty()))
        .map(|keys| joined(keys.into_iter().map(str::to_owned)))
}

/// The value that a cell stands for.
fn value(field: &InputField, text: &str) -> Result<Value, String> {
    let text = match field.kind {
        Kind::Bytes if text.is_empty() && field.nullable => return Ok(Value::Null),
        Kind::Bytes => return Ok(Value::from(text)),
        Kind::Boolean => match text.trim().to_ascii_lowercase().as_str() {
            "" if field.nullable => "",
            "true" | "yes" | "on" | "1" => "on",
            "false" | "no" | "off" | "0" => "off",
            _ => return Err("must be true or false".to_owned()),
        },
        _ => text,
    };
    let form = Form::new(vec![(field.name.clone(), text.to_owned())]);
    form.value(field).map(Option::unwrap_or_default)
}

/// The text of a file: UTF-8, or UTF-16 with the mark that spreadsheets put in front.
///
/// # Errors
/// It is neither.
pub(crate) fn decoded(content: &[u8]) -> Result<String, String> {
    let wide = |read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = content[2..]
            .chunks_exact(2)
            .map(|pair| read([pair[0], pair[1]]))
            .collect();
        String::from_utf16(&units).ok()
    };
    let text = match content {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        content => String::from_utf8(content.to_vec()).ok(),
    };
    let text = text.ok_or("The file is not UTF-8: save it as “CSV UTF-8”.")?;
    Ok(lines(text.strip_prefix('\u{feff}').unwrap_or(&text)))
}

/// What separates the values: of those in use what the first line has most of.
fn separator(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |separator: &u8| first.bytes().filter(|byte| byte == separator).count();
    let most = *b",;\t"
        .iter()
        .max_by_key(|separator| count(separator))
        .unwrap_or(&b',');
    match count(&most) == count(&b',') {
        true => b',',
        false => most,
    }
}

/// A value as a file has it.
pub(crate) fn written(model: &Model, name: &str, value: &Value) -> String {
    let is_json = model
        .field(name)
        .is_some_and(|field| field.kind == Kind::Json);
    match value {
        Value::String(_) if is_json => value.to_string(),
        value => plain(value),
    }
}

/// Spreadsheets run text that begins like a formula; an apostrophe keeps it text.
pub(crate) fn harmless(text: &str) -> String {
    let is_number = text.parse::<f64>().is_ok();
    let is_marked = text.starts_with('\'');
    match is_formula(text.trim_start_matches('\'')) && (is_marked || !is_number) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

/// The text that was made harmless.
fn original(text: &str) -> String {
    match text.strip_prefix('\'') {
        Some(rest) if is_formula(rest.trim_start_matches('\'')) => rest.to_owned(),
        _ => text.to_owned(),
    }
}

fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text_and_come_back_as_they_were() {
        for (text, safe) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-2.50", "-2.50"),
            ("'-2.50", "''-2.50"),
            ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
            ("'=1", "''=1"),
            ("''=1", "'''=1"),
            ("'quoted'", "'quoted'"),
            ("plain", "plain"),
            ("", ""),
        ] {
            assert_eq!(harmless(text), safe);
            assert_eq!(original(safe), text);
        }
    }

    #[test]
    fn files_of_spreadsheets_are_read() {
        let wide: Vec<u8> = "\u{feff}ä;b"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(decoded(&wide).as_deref(), Ok("ä;b"));
        assert_eq!(
            decoded("\u{feff}ä;b\r\nc\rd".as_bytes()).as_deref(),
            Ok("ä;b\nc\nd")
        );
        assert!(decoded(b"caf\xe9").is_err());
        assert!(decoded(&[0xff, 0xfe, 0x00, 0xd8]).is_err());
        for (line, found) in [
            ("a,b", b','),
            ("a;b;c,d", b';'),
            ("a\tb", b'\t'),
            ("a", b','),
            ("", b','),
        ] {
            assert_eq!(separator(line), found, "{line}");
        }
    }
}
