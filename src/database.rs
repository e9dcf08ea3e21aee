//! Connect, introspect, execute: the only module that talks to databases.
