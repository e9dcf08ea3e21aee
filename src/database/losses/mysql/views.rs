//! Views that follow new names: looked at before the first statement, made again after the last.

use crate::database::driver::Driver;
use crate::database::losses::sentences::literal;
use crate::database::mysql::Mysql;
use crate::error::Result;
use crate::migrations::{Recreation, Step};
use crate::sql::Dialect;
use crate::sql::NewNames;

const MY: Dialect = Dialect::Mysql;

/// Views whose text follows the new names: their own names, and what makes each of them again.
pub(super) async fn recreations(connection: &mut Mysql, step: &Step) -> Result<Vec<Recreation>> {
    let mut names = NewNames::default();
    for table in &step.touched.tables {
        let now = table.now.iter();
        names
            .tables
            .extend(now.map(|now| (table.name.clone(), now.clone())));
    }
    for column in step
        .touched
        .columns
        .iter()
        .filter(|c| c.renamed && !c.dropped)
    {
        let place = (column.table.clone(), column.column.clone());
        let now = column.now.iter();
        names
            .columns
            .extend(now.map(|now| (place.clone(), now.clone())));
    }
    let own = connection.texts("SELECT CAST(DATABASE() AS CHAR)").await?;
    let own = own.first().map_or("", String::as_str);
    let mut found = Vec::new();
    for view in connection.texts(VIEWS).await? {
        let show = format!("SHOW CREATE VIEW {}", MY.quote(&view));
        let (create, collation) = (
            connection.cell(&show, 1).await?,
            connection.cell(&show, 3).await?,
        );
        let again = |text: &str| {
            let text = text.replacen("CREATE ", "CREATE OR REPLACE ", 1);
            vec![
                "SET @luthier_collation = @@collation_connection".to_owned(),
                format!("SET collation_connection = {}", literal(&collation)),
                text,
                "SET collation_connection = @luthier_collation".to_owned(),
            ]
        };
        if reads_what_goes(step, &create, own) {
            continue;
        }
        let Some(after) = names.follow(&create, own).filter(|after| *after != create) else {
            continue;
        };
        // Made again as it is: whoever may not do that must know before the first statement.
        let mut may = true;
        for statement in again(&create) {
            may &= connection.texts(&statement).await.is_ok();
        }
        if may {
            found.push(Recreation {
                view,
                statements: again(&after),
            });
        }
    }
    Ok(found)
}

/// Whether the view reads a column or table that goes away: it cannot follow.
fn reads_what_goes(step: &Step, create: &str, database: &str) -> bool {
    const GONE: &str = "\u{1}gone";
    let mut names = NewNames::default();
    for column in step.touched.columns.iter().filter(|c| c.dropped) {
        let place = (column.table.clone(), column.column.clone());
        names.columns.insert(place, GONE.into());
    }
    for table in step.touched.tables.iter().filter(|t| t.dropped) {
        names.tables.insert(table.name.clone(), GONE.into());
    }
    let followed = names.follow(create, database);
    followed.is_none_or(|text| text.contains(GONE))
}

const VIEWS: &str =
    "SELECT CAST(table_name AS CHAR) FROM information_schema.views WHERE table_schema = DATABASE()";
