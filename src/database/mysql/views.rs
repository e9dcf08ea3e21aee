//! Views that follow a migration to the new names of tables and columns, after its last statement.

use crate::error::Result;
use crate::migrations::Step;

use super::Mysql;
use crate::database::errors::explain;

impl Mysql {
    /// Views follow the new names: those that others are on first, which is found out by trying. One that cannot be made
    /// again keeps the migration from being done.
    pub(super) async fn make_views_again(&mut self, step: &Step) -> Result<()> {
        let mut open = self.recreations(step.version).await?;
        while !open.is_empty() {
            let count = open.len();
            let mut failed = None;
            for again in std::mem::take(&mut open) {
                if let Err(error) = self.execute_all(&again.statements).await {
                    failed = Some((again.view.clone(), error));
                    open.push(again);
                }
            }
            if let Some((view, error)) = failed.filter(|_| open.len() == count) {
                let kept = format!("the view `{view}` cannot be created again");
                return Err(explain(step, error, &kept).hint(
                    "create it by hand, or drop what stands in its way; the next `luthier migrate` tries again, and records \
                     the migration",
                ));
            }
        }
        Ok(())
    }

    async fn execute_all(&mut self, statements: &[String]) -> Result<(), sqlx::Error> {
        for statement in statements {
            self.execute(statement).await?;
        }
        Ok(())
    }
}
