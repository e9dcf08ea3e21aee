//! Entity source to schema, by syntax alone.
