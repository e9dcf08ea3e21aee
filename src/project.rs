//! Reading a project: its settings, apps, entities and migration files.
