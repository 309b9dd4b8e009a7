//! The files of a database: what is left of the deleted, what damage does, who may read and write them by which name.

mod damaged;
mod deleted;
mod names;
mod readers;
mod support;
