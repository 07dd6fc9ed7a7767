//! Transfer (转录): every row of a ledger into another one that has its tables and no rows, as they stand at one moment. One of the two is
//! always a file, whose own list says what tables and columns there are. So a ledger goes to PostgreSQL and comes back (`moving`), and a
//! backup of one that is elsewhere is a file as any other (`copy`).

use sha2::{Digest as _, Sha256};

use super::fault::LedgerFault;
use super::sql::{self, Column as _, Db, Row, Value};

/// How many rows are read at once.
const ROWS: i64 = 2_000;
/// How many values one text may bind: both engines take more.
const VALUES: usize = 20_000;

/// A table with its columns in order.
pub(super) struct Table {
    name: String,
    columns: Vec<(String, ValueKind)>,
    /// Columns of the primary key, by which rows are put in order.
    key: Vec<String>,
}

#[derive(Clone, Copy)]
enum ValueKind {
    Number,
    Text,
    Bytes,
}

/// The tables of a ledger in a file, those that others refer to before those.
pub(super) async fn tables(file: &mut Db) -> Result<Vec<Table>, LedgerFault> {
    let names: Vec<String> = sql::query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> '_sqlx_migrations' ORDER BY rowid",
    )
    .fetch_all(file)
    .await?;
    let mut tables = Vec::with_capacity(names.len());
    for name in names {
        let rows = sql::query("SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid");
        let rows = rows.bind(&name).fetch_all(file).await?;
        let mut columns = Vec::with_capacity(rows.len());
        let mut key = Vec::new();
        for row in &rows {
            let (column, kind): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            let place: i64 = row.try_get(2)?;
            if place > 0 {
                key.push((place, column.clone()));
            }
            let kind = match kind.as_str() {
                "INTEGER" => ValueKind::Number,
                "TEXT" => ValueKind::Text,
                _ => ValueKind::Bytes,
            };
            columns.push((column, kind));
        }
        key.sort_unstable();
        let key = key.into_iter().map(|(_, column)| column).collect();
        tables.push(Table { name, columns, key });
    }
    Ok(tables)
}

impl Table {
    /// Its name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    fn columns(&self) -> String {
        let names = self.columns.iter().map(|(name, _)| name.as_str());
        names.collect::<Vec<_>>().join(", ")
    }

    /// The value of a row's n-th column.
    fn value(&self, row: &Row, at: usize) -> Result<Value, LedgerFault> {
        Ok(match self.columns[at].1 {
            ValueKind::Number => Value::Number(Option::of(row, at)?),
            ValueKind::Text => Value::Text(Option::of(row, at)?),
            ValueKind::Bytes => Value::Bytes(Option::of(row, at)?),
        })
    }
}

/// How many rows a table has.
pub(super) async fn rows(table: &Table, db: &mut Db) -> Result<i64, LedgerFault> {
    let count = sql::query_scalar(format!("SELECT count(*) FROM {}", table.name));
    count.fetch_one(db).await
}

/// Copies all rows, from a transaction that sees one moment into one that writes: all of it is there when that is committed, or
/// nothing.
pub(super) async fn copy(tables: &[Table], from: &mut Db, to: &mut Db) -> Result<(), LedgerFault> {
    for table in tables {
        let mut after = Vec::new();
        loop {
            let rows = read(table, from, after).await?;
            let Some(last) = rows.last() else { break };
            after = key(table, last)?;
            for some in rows.chunks((VALUES / table.columns.len().max(1)).max(1)) {
                write(table, to, some).await?;
            }
        }
        to.go_on_from(&table.name, &table.key).await?;
    }
    Ok(())
}

/// How many rows a table has, and their digest in the order of their keys.
pub(super) async fn sum(table: &Table, db: &mut Db) -> Result<(u64, [u8; 32]), LedgerFault> {
    let (mut count, mut sum) = (0, Sha256::new());
    let mut after = Vec::new();
    loop {
        let rows = read(table, db, after).await?;
        let Some(last) = rows.last() else { break };
        after = key(table, last)?;
        for row in &rows {
            count += 1;
            for at in 0..table.columns.len() {
                let (kind, bytes) = match table.value(row, at)? {
                    Value::Number(Some(number)) => (1, number.to_be_bytes().to_vec()),
                    Value::Text(Some(text)) => (2, text.into_bytes()),
                    Value::Bytes(Some(bytes)) => (3, bytes),
                    _ => (0, Vec::new()),
                };
                sum.update([kind]);
                sum.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
                sum.update(bytes);
            }
        }
    }
    Ok((count, sum.finalize().into()))
}

/// The key of a row.
fn key(table: &Table, row: &Row) -> Result<Vec<Value>, LedgerFault> {
    let places = table.key.iter().filter_map(|key| {
        let mut columns = table.columns.iter();
        columns.position(|(name, _)| name == key)
    });
    places.map(|at| table.value(row, at)).collect()
}

/// The next rows behind a key, or the first.
async fn read(table: &Table, from: &mut Db, after: Vec<Value>) -> Result<Vec<Row>, LedgerFault> {
    let key = table.key.join(", ");
    let behind = match after.len() {
        0 => String::new(),
        n => format!("WHERE ({key}) > ({})", vec!["?"; n].join(", ")),
    };
    let mut query = sql::query(format!(
        "SELECT {} FROM {} {behind} ORDER BY {key} LIMIT {ROWS}",
        table.columns(),
        table.name,
    ));
    for value in after {
        query = query.bind(value);
    }
    query.fetch_all(from).await
}

async fn write(table: &Table, to: &mut Db, rows: &[Row]) -> Result<(), LedgerFault> {
    let one = format!("({})", vec!["?"; table.columns.len()].join(", "));
    let text = format!(
        "INSERT INTO {} ({}) VALUES {}",
        table.name,
        table.columns(),
        vec![one; rows.len()].join(", ")
    );
    let mut query = sql::query(text).used_once();
    for row in rows {
        for at in 0..table.columns.len() {
            query = query.bind(table.value(row, at)?);
        }
    }
    query.execute(to).await?;
    Ok(())
}
