//! The tables of the ledger, migration by migration; the SQL lies beside, by number.

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr as _};

/// All migrations, as an engine reads them.
pub(super) fn migrations(written: impl Fn(&str) -> String) -> Migrator {
    let all = MIGRATIONS.iter().map(|(number, name, sql)| {
        let sql = AssertSqlSafe(written(sql)).into_sql_str();
        Migration::new(*number, (*name).into(), MigrationType::Simple, sql, false)
    });
    Migrator::with_migrations(all.collect())
}

/// All migrations, in order; one that was released never changes.
pub(super) const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "ledger", include_str!("1.sql")),
    (2, "service", include_str!("2.sql")),
    (4, "campaigns", include_str!("4.sql")),
    (5, "notices", include_str!("5.sql")),
    (6, "second step", include_str!("6.sql")),
    (7, "retention", include_str!("7.sql")),
    (8, "trust", include_str!("8.sql")),
    (9, "actors", include_str!("9.sql")),
    (10, "people", include_str!("10.sql")),
    (11, "telephones of the roster", include_str!("11.sql")),
    (12, "tray", include_str!("12.sql")),
    (13, "clocks", include_str!("13.sql")),
    (14, "seals of prints", include_str!("14.sql")),
    (15, "blank forms", include_str!("15.sql")),
    (16, "attempts", include_str!("16.sql")),
];
