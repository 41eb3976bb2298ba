use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::{
    sync::mpsc::{Receiver, Sender, channel},
    time::{Instant, timeout, timeout_at},
};

use crate::{
    failure::Failure,
    program::{Chosen, Workspace},
};

/// Sees what changes in the sources of a program.
pub(super) struct Watch {
    watcher: RecommendedWatcher,
    changes: Receiver<PathBuf>,
    sources: Arc<Sources>,
}

/// More changes at once than anybody wants to hear of; that there was one is what matters.
const MOST: usize = 1_000;
/// How long nothing has to change until it is believed that no more does.
const QUIET: Duration = Duration::from_millis(80);
/// How long a build is put off by what goes on changing.
const LONGEST: Duration = Duration::from_secs(2);

impl Watch {
    /// Watches the packages that the program is built from, and the workspace's manifest and lock file.
    pub(super) fn new(workspace: &Workspace, chosen: &Chosen) -> Result<Self, Failure> {
        let sources = Arc::new(Sources {
            folders: workspace.folders(chosen),
            root: workspace.root().to_owned(),
            target: workspace.target().to_owned(),
        });
        let (sender, changes) = channel(MOST);
        let filter = Arc::clone(&sources);
        let watcher = notify::recommended_watcher(move |event| filter.send(event, &sender));
        let watcher = watcher.map_err(|error| Failure::new(format!("cannot watch for changes: {error}")))?;
        let mut watch = Self { watcher, changes, sources };
        watch.watch(workspace.root(), RecursiveMode::NonRecursive)?;
        for folder in watch.sources.folders.clone() {
            // What Cargo builds may lie in it: many files that change all the time.
            watch.watch(&folder, RecursiveMode::NonRecursive)?;
            let inside = std::fs::read_dir(&folder).map_err(|error| Failure::new(format!("{}: {error}", folder.display())))?;
            for path in inside.filter_map(Result::ok).map(|entry| entry.path()) {
                if path.is_dir() && watch.sources.is_source(&path) {
                    watch.watch(&path, RecursiveMode::Recursive)?;
                }
            }
        }
        Ok(watch)
    }

    /// Waits for a change, and until no more come; each path once.
    ///
    /// # Cancel safety
    /// Changes that came while others were waited for may be lost.
    pub(super) async fn changed(&mut self) -> Vec<PathBuf> {
        let mut paths: Vec<_> = self.changes.recv().await.into_iter().collect();
        let end = Instant::now() + LONGEST;
        while let Ok(Ok(Some(path))) = timeout_at(end, timeout(QUIET, self.changes.recv())).await {
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        for path in &paths {
            // A new folder beside `src`; in it there are new ones only if it is new too.
            if path.is_dir() && path.parent().is_some_and(|parent| self.sources.folders.iter().any(|folder| folder == parent)) {
                // It may be gone again.
                let _ = self.watch(path, RecursiveMode::Recursive);
            }
        }
        paths
    }

    /// Whether something has changed that [`changed`](Self::changed) has not told of yet.
    pub(super) fn is_behind(&self) -> bool {
        !self.changes.is_empty()
    }

    fn watch(&mut self, path: &Path, mode: RecursiveMode) -> Result<(), Failure> {
        self.watcher
            .watch(path, mode)
            .map_err(|error| Failure::new(format!("cannot watch {} for changes: {error}", path.display())))
    }
}

/// Which files are sources.
struct Sources {
    /// Of the packages.
    folders: Vec<PathBuf>,
    /// Of the workspace.
    root: PathBuf,
    /// Where Cargo writes.
    target: PathBuf,
}

impl Sources {
    fn send(&self, event: notify::Result<Event>, to: &Sender<PathBuf>) {
        let Ok(event) = event else { return };
        // Something was missed.
        if event.need_rescan() {
            let _ = to.try_send(self.root.clone());
        }
        if matches!(event.kind, EventKind::Access(_)) {
            return;
        }
        for path in event.paths {
            if self.is_source(&path) {
                // If there is no room, a change is known of already.
                let _ = to.try_send(path);
            }
        }
    }

    fn is_source(&self, path: &Path) -> bool {
        if path.starts_with(&self.target) {
            return false;
        }
        let inside = self.folders.iter().filter_map(|folder| path.strip_prefix(folder).ok());
        // The package that it is of is the innermost one.
        let Some(inside) = inside.min_by_key(|inside| inside.components().count()) else {
            return ["Cargo.toml", "Cargo.lock"].iter().any(|name| path == self.root.join(name));
        };
        let mut names = inside.components().map(|name| name.as_os_str().to_string_lossy());
        // `.git`, `.polyfn`, and what editors write beside a file.
        let first_is_target = inside.starts_with("target");
        !first_is_target && !names.any(|name| name.starts_with('.') || name.ends_with('~'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_told_from_what_is_made_of_them() {
        let sources =
            Sources { folders: vec!["/w".into(), "/w/.parts/a".into(), "/b".into()], root: "/w".into(), target: "/out".into() };
        for yes in ["/w/src/main.rs", "/w/Cargo.toml", "/w/migrations/1.sql", "/b/src/target.rs", "/w/.parts/a/src/lib.rs"] {
            assert!(sources.is_source(Path::new(yes)), "{yes}");
        }
        for no in
            ["/w/.git/HEAD", "/w/.polyfn/store", "/w/target/debug/w", "/out/x", "/w/src/.main.rs.swp", "/w/src/main.rs~", "/c/x"]
        {
            assert!(!sources.is_source(Path::new(no)), "{no}");
        }
        let member = Sources { folders: vec!["/w/a".into()], root: "/w".into(), target: "/w/target".into() };
        for (path, source) in [("/w/Cargo.toml", true), ("/w/Cargo.lock", true), ("/w/README.md", false), ("/w/target/x", false)]
        {
            assert_eq!(member.is_source(Path::new(path)), source, "{path}");
        }
    }
}
