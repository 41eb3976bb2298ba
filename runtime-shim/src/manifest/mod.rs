//! What a program says of its functions, for those who deploy it: as JSON within its own file, readable without running it.

pub mod embed;
mod entry;

use serde::{Deserialize, Serialize};

pub use self::entry::Entry;
use crate::{DecodeError, Provider};

/// What a program says of itself.
///
/// ```
/// use polyfn_shim::{Provider, event::Kind, manifest::Manifest};
///
/// let json = br#"{
///     "polyfn": "0.1.0", "program": "shop", "version": "1.2.0", "providers": ["aws"],
///     "functions": [{"name": "fulfil", "module": "shop", "trigger": "queue", "resource": "orders", "retries": 3}]
/// }"#;
/// let manifest = Manifest::read(json).unwrap();
/// assert_eq!(manifest.providers, [Provider::Aws]);
/// assert_eq!((manifest.functions[0].trigger, manifest.functions[0].retries), (Kind::Queue, Some(3)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of polyfn it was built with.
    pub polyfn: String,
    /// The name of the program's package.
    pub program: String,
    /// The version of the program's package.
    pub version: String,
    /// The providers it was built for.
    pub providers: Vec<Provider>,
    /// Its functions, in the order in which `main!` lists them.
    pub functions: Vec<Entry>,
}

impl Manifest {
    /// Reads the JSON that a program carries, and prints where `POLYFN_MANIFEST` is set.
    ///
    /// # Errors
    /// If it is no manifest; the error says where.
    pub fn read(json: &[u8]) -> Result<Self, DecodeError> {
        serde_json::from_slice(json).map_err(DecodeError::json)
    }

    /// The first manifest within these bytes, of a program's file or of one section of it; `None` if they hold none.
    ///
    /// ```
    /// use polyfn_shim::manifest::{Manifest, embed::{Program, length, page}};
    ///
    /// const SHOP: Program<'_> = Program { name: "shop", version: "1.2.0", providers: &[], functions: &[] };
    /// let carried: [u8; length(&SHOP)] = page(&SHOP);
    /// let file = [b"before".as_slice(), &carried, b"after"].concat();
    /// assert_eq!(Manifest::find(&file).unwrap().program, "shop");
    /// ```
    pub fn find(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        while let Some(at) = rest.windows(embed::MARKER.len()).position(|window| window == embed::MARKER.as_bytes()) {
            rest = rest.get(at..)?;
            // A program that reads manifests itself, such as `cargo polyfn`, holds the marker alone too.
            if let Some(manifest) = embed::json(rest).and_then(|json| Self::read(json).ok()) {
                return Some(manifest);
            }
            rest = rest.get(embed::MARKER.len()..)?;
        }
        None
    }
}
