//! What templates say of a model.

use serde::Serialize;

use crate::model::Model;

/// Its names and its address.
#[derive(Serialize)]
pub(crate) struct Described {
    noun: String,
    plural: String,
    address: String,
}

pub(crate) fn described(model: &Model) -> Described {
    Described {
        noun: model.noun(),
        plural: model.plural.clone(),
        address: model.address(),
    }
}
