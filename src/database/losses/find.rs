//! What each dialect looks for.

use crate::error::Result;
use crate::migrations::{Loss, Step};

/// Looks for losses in a database of one dialect.
pub(in crate::database) trait FindLosses {
    /// What [`crate::database::Database::losses`] is made of. Notes in `step` what is to be made again after it.
    async fn find_losses(&mut self, step: &mut Step) -> Result<Vec<Loss>>;
}
