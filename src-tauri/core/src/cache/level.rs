//! Whether the cache holds what the server says it should, and letting go of what it need not hold any more.

use super::Cache;
use super::apply::MOST_AT_ONCE;
use super::commit::Origin;
use super::error::CacheError;
use super::keep::transact;
use super::overlay::Ledger;
use super::table::{meta, server_row};
use super::threads::Priority;
use deskbell_clinic::Kind;
use deskbell_clinic::wire::KindDigest;
use jiff::SignedDuration;

impl Cache {
    /// The kinds whose rows are not those of the digest, which holds at this cursor; none when it cannot be told,
    /// because the cache has moved on since, by a page or by a receipt after `receipts`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn differing(
        &self,
        digest: Vec<KindDigest>,
        cursor: String,
        receipts: u64,
    ) -> Result<Option<Vec<Kind>>, CacheError> {
        let differing = self.inner.readers.run(move |connection| {
            let transaction = connection.transaction()?;
            if meta::cursor(&transaction)?.as_deref() != Some(cursor.as_str()) {
                return Ok::<_, CacheError>(None);
            }
            let generation = meta::generation(&transaction)?;
            let mut differing = vec![];
            for of_kind in digest {
                let sum = server_row::sum(&transaction, generation, of_kind.kind, of_kind.from_day)?;
                if (sum.rows(), sum.hash()) != (of_kind.rows, of_kind.hash) {
                    differing.push(of_kind.kind);
                }
            }
            Ok(Some(differing))
        });
        let differing = differing.await?;
        // A receipt is counted before its transaction begins, so one that the reading saw is seen here too.
        Ok(differing.filter(|_| self.receipts() == receipts))
    }

    /// How far the server's clock was ahead of this computer's when it last answered: also without a network the board is
    /// drawn by the clinic's time.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn clock_offset(&self) -> Result<SignedDuration, CacheError> {
        let offset = self.inner.readers.run(|connection| meta::clock_offset_ms(connection));
        Ok(SignedDuration::from_millis(offset.await?))
    }

    /// Remembers how far the server's clock is ahead.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn keep_clock_offset(&self, offset: SignedDuration) -> Result<(), CacheError> {
        let ms = i64::try_from(offset.as_millis()).unwrap_or_default();
        self.inner
            .writer
            .run(Priority::Sync, move |connection| {
                transact(connection, |connection| {
                    Ok((meta::set_clock_offset_ms(connection, ms)?, None))
                })
            })
            .await
    }

    /// How many answers to acts were taken in so far. What a page says of the time it was made may be behind them.
    pub fn receipts(&self) -> u64 {
        self.inner.receipts.load(std::sync::atomic::Ordering::SeqCst)
    }

    /// Lets go of rows that ended before a UTC day (counted from 1970), never of one that a waiting act is about; answers
    /// whether there may be more.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn let_go(&self, before_day: i64) -> Result<bool, CacheError> {
        self.inner
            .writer
            .run(Priority::Sync, move |connection| {
                transact(connection, |connection| {
                    let mut ledger = Ledger::begin(connection)?;
                    let old = server_row::ended_before(connection, ledger.generation, before_day, MOST_AT_ONCE)?;
                    for row in &old {
                        server_row::delete(connection, ledger.generation, row.kind(), row.id())?;
                        ledger.touch(row.kind(), row.id(), Some(row), None, true);
                    }
                    Ok((old.len() == MOST_AT_ONCE, ledger.finish(Origin::Elsewhere)?))
                })
            })
            .await
    }
}
