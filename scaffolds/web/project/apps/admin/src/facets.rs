//! The filters beside a list: links, and a field where there are too many values.

use chrono::{Datelike, NaiveDate};
use platform::Result;
use platform::forms::{label, words};
use platform::input::Kind;
use sea_orm::ColumnType;
use serde::Serialize;

use crate::choices::referable;
use crate::desk::Desk;
use crate::filter::{Asked, is_date, period};
use crate::model::{Column, Model};

/// The filter of one column.
#[derive(Serialize)]
pub(crate) struct Filter {
    label: String,
    links: Vec<Link>,
    name: String,
    value: String,
    field: bool,
    hint: &'static str,
    /// Where its values are looked up.
    lookup: String,
    others: Vec<(String, String)>,
}

#[derive(Serialize)]
struct Link {
    label: String,
    href: String,
    current: bool,
}

/// The filters of a model.
pub(crate) async fn filters(desk: &Desk, model: &Model, asked: &Asked) -> Result<Vec<Filter>> {
    let mut filters = Vec::new();
    for name in &model.options.filter {
        let Some(column) = model.column(name) else {
            continue;
        };
        let mut filter = Filter {
            label: label(name),
            links: Vec::new(),
            name: name.clone(),
            value: asked.filter(name).unwrap_or_default().to_owned(),
            field: false,
            hint: "",
            lookup: String::new(),
            others: asked.others(name),
        };
        if let Some(reference) = model.reference(name) {
            let target = desk.admin.of_table(&reference.table);
            filter.lookup = target.map(Model::address).unwrap_or_default();
            filter.links = related(desk, model, name, asked).await?;
            filter.field = filter.links.is_empty();
            filter.hint = "Its id";
        } else if is_date(column) {
            filter.links = dates(name, asked);
            filter.field = true;
            filter.hint = "As 2026, 2026-11 or 2026-11-28";
        } else {
            let choices = choices(model, column);
            filter.field = choices.is_empty();
            filter.links = links(name, choices, asked);
        }
        if column.nullable {
            let current = asked.filter("null") == Some(name);
            filter.links.push(Link {
                label: "Empty".to_owned(),
                href: asked.link("null", (!current).then_some(name)),
                current,
            });
        }
        filters.push(filter);
    }
    Ok(filters)
}

/// Values that the type alone tells.
fn choices(model: &Model, column: &Column) -> Vec<(String, String)> {
    let pair = |value: &str| (value.to_owned(), words(value));
    match (
        &column.kind,
        model.field(&column.name).map(|field| &field.kind),
    ) {
        (ColumnType::Boolean, _) => ["true", "false"]
            .map(|value| {
                (
                    value.to_owned(),
                    if value == "true" { "Yes" } else { "No" }.to_owned(),
                )
            })
            .to_vec(),
        (ColumnType::Enum { variants, .. }, _) => variants
            .iter()
            .map(|variant| pair(&variant.inner()))
            .collect(),
        (_, Some(Kind::Choice(values))) => values.iter().map(|value| pair(value)).collect(),
        _ => Vec::new(),
    }
}

fn links(name: &str, choices: Vec<(String, String)>, asked: &Asked) -> Vec<Link> {
    let current = asked.filter(name);
    let link = |(value, label): (String, String)| {
        let current = current == Some(&*value);
        Link {
            label,
            href: asked.link(name, (!current).then_some(&*value)),
            current,
        }
    };
    choices.into_iter().map(link).collect()
}

/// From years to months to days; with one day, back.
fn dates(name: &str, asked: &Asked) -> Vec<Link> {
    let chosen = asked
        .filter(name)
        .and_then(|text| Some((text, period(text)?)));
    let choices: Vec<String> = match chosen {
        None => {
            let year = platform::fields::now().year();
            (0..5).map(|back| format!("{:04}", year - back)).collect()
        }
        Some((text, _)) if text.len() == 4 => {
            (1..=12).map(|month| format!("{text}-{month:02}")).collect()
        }
        Some((text, (from, until))) if text.len() == 7 => from
            .iter_days()
            .take_while(|day: &NaiveDate| *day < until)
            .map(|day| day.to_string())
            .collect(),
        Some((text, _)) => vec![text.to_owned()],
    };
    let pairs = choices.into_iter().map(|text| (text.clone(), text));
    links(name, pairs.collect(), asked)
}

/// The rows that a reference may lead to, unless there are too many for links.
async fn related(desk: &Desk, model: &Model, name: &str, asked: &Asked) -> Result<Vec<Link>> {
    let choices = referable(desk, model, name, 20).await?;
    Ok(links(name, choices.unwrap_or_default(), asked))
}
