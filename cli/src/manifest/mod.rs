//! What a provider is told of a program, as files.

pub(crate) mod azure;
mod file;

pub(crate) use self::file::File;
