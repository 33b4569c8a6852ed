//! A further dependency of a package of the copy, added as cargo adds it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::rounds::Stop;
use super::tree::Tree;
use super::trial::Trial;
use crate::rewrite::Change;

impl Trial<'_> {
    /// What `cargo add` makes of the package's manifest, and of the lock file if `with_lock`; or
    /// why it does not. The copy is left as it was.
    pub fn with_dependency(
        &self,
        tree: &Tree,
        package: &str,
        name: &str,
        with_lock: bool,
    ) -> Result<Vec<Change>, String> {
        let in_tree = |path: &Path| path.strip_prefix(tree.root()).map(PathBuf::from).ok();
        let packages = &self.workspace.metadata.packages;
        let manifest = packages
            .iter()
            .find(|known| known.name == package)
            .and_then(|known| in_tree(known.manifest_path.as_std_path()))
            .ok_or_else(|| format!("{package} is not a package of the workspace"))?;
        let read =
            |file: &Path| tree.read(file).map_err(|error| format!("{}: {error}", file.display()));
        let mut before = BTreeMap::from([(manifest.clone(), read(&manifest)?)]);
        if with_lock {
            let lock = PathBuf::from("Cargo.lock");
            before.insert(lock.clone(), read(&lock)?);
        }
        let mut command = self.workspace.cargo(None);
        command.args(["add", "--quiet", "--color", "never", "--package", package, name]);
        command.arg("--manifest-path").arg(tree.root().join(&manifest));
        let ran = self.run(command, None).map_err(Stop::words)?;
        let mut changes = Vec::new();
        for (file, before) in &before {
            let (file, before) = (file.clone(), before.clone());
            let after = read(&file)?;
            changes.push(Change { file, before, after });
        }
        tree.write(&before).map_err(|error| error.to_string())?;
        if !ran.status.success() {
            let words = ran.stderr.lines().next().unwrap_or("it ended without a word");
            return Err(format!("`cargo add {name}` failed: {words}"));
        }
        changes.retain(|change| change.before != change.after);
        Ok(changes)
    }
}
