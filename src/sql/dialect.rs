//! The databases a project can speak to.

use std::fmt;
use std::str::FromStr;

/// One family of databases: one folder of migrations, one way of writing SQL.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, clap::ValueEnum, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
    /// MySQL and MariaDB.
    Mysql,
}

impl Dialect {
    pub(crate) const ALL: [Self; 3] = [Self::Sqlite, Self::Postgres, Self::Mysql];

    /// Its name on the command line, in `luthier.toml`, and of its migrations folder.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
        }
    }

    /// The dialect a database URL asks for, by its scheme.
    pub(crate) fn of_url(url: &str) -> Option<Self> {
        match url.split(':').next()? {
            "sqlite" => Some(Self::Sqlite),
            "postgres" | "postgresql" => Some(Self::Postgres),
            "mysql" | "mariadb" => Some(Self::Mysql),
            _ => None,
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Dialect {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|dialect| dialect.name() == name)
            .ok_or_else(|| format!("unknown database `{name}`: sqlite, postgres or mysql"))
    }
}

#[cfg(test)]
impl Dialect {
    /// Where tests make databases of this kind. Those of a server are ignored where there is none.
    pub(crate) fn test_server(self) -> String {
        let (name, url) = match self {
            Self::Sqlite => return "sqlite::memory:".into(),
            // Looked up when the tests are compiled, too, so that these are compiled again when it changes.
            Self::Postgres => (
                "LUTHIER_TEST_POSTGRES",
                option_env!("LUTHIER_TEST_POSTGRES"),
            ),
            Self::Mysql => ("LUTHIER_TEST_MYSQL", option_env!("LUTHIER_TEST_MYSQL")),
        };
        let url = std::env::var(name).ok().or(url.map(str::to_owned));
        url.unwrap_or_else(|| panic!("set {name} to the address of a server, or run scripts/test"))
    }
}
