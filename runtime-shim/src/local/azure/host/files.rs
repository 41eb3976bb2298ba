use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use serde_json::json;

use crate::{ServeError, azure::function_json, function::Function};

/// The files of a deployment, in a folder of their own that is gone when this is dropped.
#[derive(Debug)]
pub struct Files {
    root: PathBuf,
    prefix: String,
}

impl Files {
    /// Writes a host.json whose routes of callers begin with `prefix`, and a function.json for each of these functions as they
    /// describe themselves.
    ///
    /// # Errors
    /// A function that no file can declare, and a folder that cannot be written.
    pub fn of<'a>(functions: impl IntoIterator<Item = &'a Function>, prefix: &str) -> Result<Self, ServeError> {
        let mut files = Vec::new();
        for function in functions {
            let description = function.description();
            let file =
                function_json(description, function.is_batch()).map_err(|error| ServeError::because(error.to_string(), error))?;
            files.push((description.name.to_owned(), file));
        }
        Self::write(files, prefix)
    }

    /// The same with these function.json, each with its function's name.
    ///
    /// # Errors
    /// A folder that cannot be written.
    pub fn write(functions: impl IntoIterator<Item = (String, String)>, prefix: &str) -> Result<Self, ServeError> {
        let failed = |error: io::Error| ServeError::because(format!("a folder for host.json cannot be written: {error}"), error);
        let prefix = prefix.trim_matches('/').to_owned();
        // Dropped, and so removed, if it cannot be filled.
        let files = Self { root: folder().map_err(failed)?, prefix };
        let host = json!({
            "version": "2.0",
            "customHandler": {
                "description": {"defaultExecutablePath": "handler", "arguments": []},
                "enableForwardingHttpRequest": true, "enableProxyingHttpRequest": true,
            },
            "extensions": {"http": {"routePrefix": files.prefix}},
        });
        fs::write(files.root.join("host.json"), host.to_string()).map_err(failed)?;
        for (name, file) in functions {
            let folder = files.root.join(name);
            fs::create_dir(&folder).and_then(|()| fs::write(folder.join("function.json"), file)).map_err(failed)?;
        }
        Ok(files)
    }

    /// The folder with host.json.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What the routes of callers begin with.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// A new folder, which nobody else had before.
fn folder() -> io::Result<PathBuf> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("polyfn-azure-{}-{number}", std::process::id()));
        match fs::create_dir(&root) {
            Ok(()) => return Ok(root),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}
