//! What cargo answered, kept for as long as all that it answered from is as it was.
//!
//! `cargo metadata --no-deps` reads manifests and configurations, looks which files and folders there
//! are, and at its environment. One key stands for all of that, taken before cargo is asked and again
//! when the answer is kept. Where the answer may depend on more, it is not kept: who doubts asks cargo.

use std::collections::hash_map::DefaultHasher;
use std::env;
use std::env::consts::EXE_SUFFIX;
use std::ffi::OsString;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io::{ErrorKind, Read};
use std::path::{Component, Path, PathBuf};

use cargo_metadata::{Metadata, Package};
use toml::Table;
use walkdir::WalkDir;

use super::disk::{is_looked_into, replace};

const MANIFEST: &str = "Cargo.toml";

/// Cargo is asked in a folder that holds the manifest of a workspace.
#[derive(Clone, Debug)]
pub(super) struct Question {
    dir: PathBuf,
    /// Which answers, and which reads the answer.
    programs: [PathBuf; 2],
    cargo_home: PathBuf,
    variables: Vec<(OsString, OsString)>,
    key: u64,
}

impl Question {
    /// `None` where an answer may depend on what the key does not have.
    pub(super) fn of(dir: &Path) -> Option<Question> {
        // Elsewhere there may be a whole disk below it.
        dir.join(MANIFEST).is_file().then_some(())?;
        let cargo = PathBuf::from(env::var_os("CARGO")?).canonicalize().ok()?;
        let cargo_home = match env::var_os("CARGO_HOME") {
            Some(home) if !home.is_empty() => dir.join(home),
            _ => env::home_dir()?.join(".cargo"),
        };
        let is_cargos = |(name, _): &(OsString, OsString)| {
            let name = name.to_string_lossy().to_uppercase();
            name.contains("CARGO") || name.contains("RUST")
        };
        let mut variables: Vec<_> = env::vars_os().filter(is_cargos).collect();
        variables.sort();
        let programs = [cargo, env::current_exe().ok()?];
        let asked = Question { dir: dir.to_owned(), programs, cargo_home, variables, key: 0 };
        Some(Question { key: asked.key()?, ..asked })
    }

    /// What cargo answered when all was as it is.
    pub(super) fn answered(&self) -> Option<Metadata> {
        let kept = fs::read(self.place()).ok()?;
        let (key, answer) = kept.split_first_chunk()?;
        (u64::from_le_bytes(*key) == self.key).then(|| serde_json::from_slice(answer).ok())?
    }

    /// Keeps an answer, unless something changed since it was asked for.
    pub(super) fn keep(&self, answer: &Metadata) {
        let keep = || -> Option<()> {
            let text = serde_json::to_vec(answer).ok()?;
            let is_whole = serde_json::from_slice::<Metadata>(&text).ok()? == *answer;
            if is_whole && is_within(answer, &self.dir)? && self.key()? == self.key {
                let bytes = [&self.key.to_le_bytes(), &*text].concat();
                fs::create_dir_all(self.place().parent()?).ok()?;
                replace(&self.place(), |out| out.write_all(&bytes)).ok()?;
            }
            Some(())
        };
        // If it cannot be kept, cargo is asked again.
        let _ = keep();
    }

    fn key(&self) -> Option<u64> {
        let mut hash = DefaultHasher::new();
        is_cargo_itself(&self.programs[0])?.then_some(())?;
        for program in &self.programs {
            let found = fs::metadata(program).ok()?;
            (program, found.len(), found.modified().ok()?).hash(&mut hash);
        }
        self.variables.hash(&mut hash);
        // A manifest above may claim the folder, or not, for reasons of its own.
        let is_above = |folder: &Path| folder.join(MANIFEST).exists();
        (!self.dir.ancestors().skip(1).any(is_above)).then_some(())?;
        let configured = self.dir.ancestors().map(|folder| folder.join(".cargo"));
        for folder in configured.chain([self.cargo_home.clone()]) {
            for name in ["config", "config.toml"] {
                match fs::read_to_string(folder.join(name)) {
                    Ok(text) if !text.contains("include") => Some(text).hash(&mut hash),
                    Err(error) if error.kind() == ErrorKind::NotFound => None::<()>.hash(&mut hash),
                    _ => return None,
                }
            }
        }
        self.hash_below(&mut hash)?;
        Some(hash.finish())
    }

    /// Which files and folders there are, and what the manifests say.
    fn hash_below(&self, hash: &mut DefaultHasher) -> Option<()> {
        let target = self.dir.join("target");
        let mut below = WalkDir::new(&self.dir).sort_by_file_name().into_iter();
        while let Some(entry) = below.next() {
            let entry = entry.ok()?;
            let (path, kind) = (entry.path(), entry.file_type());
            if entry.depth() > 0 && (path == target || !is_looked_into(&entry)) {
                let hides = |name| path.join(name).exists();
                (!hides(MANIFEST) && !hides("main.rs")).then_some(())?;
                kind.is_dir().then(|| below.skip_current_dir());
            }
            if path == target {
                continue;
            }
            let linked = kind.is_symlink().then(|| fs::metadata(path).map(|to| to.is_dir()).ok());
            (linked != Some(Some(true))).then_some(())?;
            (path, kind.is_dir(), kind.is_file(), linked).hash(hash);
            if entry.file_name().eq_ignore_ascii_case(MANIFEST) {
                kind.is_file().then(|| fs::read(path).ok())??.hash(hash);
            }
        }
        Some(())
    }

    fn place(&self) -> PathBuf {
        self.dir.join("target/perf/check/answer")
    }
}

/// Whether it is cargo, and neither rustup in its place, which chooses one, nor a script.
fn is_cargo_itself(program: &Path) -> Option<bool> {
    let mut start = [0; 2];
    fs::File::open(program).ok()?.read_exact(&mut start).ok()?;
    let is_named = program.file_stem()? == "cargo";
    let rustup = program.with_file_name(format!("rustup{EXE_SUFFIX}"));
    Some(is_named && start != *b"#!" && !rustup.exists())
}

/// Whether an answer is made of nothing but what the key has: all manifests that it was read from lie
/// in the folder, where it is looked into, and so will those that may join them.
fn is_within(answer: &Metadata, dir: &Path) -> Option<bool> {
    let is_seen = |path: &Path| path.strip_prefix(dir).is_ok_and(is_plain);
    let is_package_seen = |package: &Package| {
        let mut needed = package.dependencies.iter().filter_map(|needed| needed.path.as_ref());
        is_seen(package.manifest_path.as_std_path()) && needed.all(|it| is_seen(it.as_std_path()))
    };
    let manifest: Table = fs::read_to_string(dir.join(MANIFEST)).ok()?.parse().ok()?;
    let members = |key| manifest.get("workspace")?.get(key)?.as_array();
    let mut patterns = ["members", "default-members"].into_iter().filter_map(members).flatten();
    Some(
        answer.workspace_root == dir
            && answer.target_directory == dir.join("target")
            && answer.packages.iter().all(is_package_seen)
            && patterns.all(|pattern| pattern.as_str().is_some_and(is_plain_pattern)),
    )
}

/// Without a way up or out, hidden folders, and build output.
fn is_plain(path: &Path) -> bool {
    path.components().all(|part| match part {
        Component::Normal(name) => name != "target" && !name.as_encoded_bytes().starts_with(b"."),
        part => part == Component::CurDir,
    })
}

/// What it may match one day lies in one folder that is looked into.
fn is_plain_pattern(pattern: &str) -> bool {
    let is_wild = |pattern: &str| pattern.contains(['*', '?', '[']);
    let in_one = |(folder, _): (&str, &str)| !is_wild(folder) && is_plain(Path::new(folder));
    !is_wild(pattern) || pattern.rsplit_once('/').is_some_and(in_one)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;
    use std::time::{Duration, UNIX_EPOCH};

    use cargo_metadata::MetadataCommand;

    use super::*;

    const ELSEWHERE: &str = "build.target-dir = 'elsewhere'";

    /// A workspace `ws`, and beside it cargo's `home`, packages `m` of it and `n`, and `real.rs`.
    struct Place(tempfile::TempDir);

    impl Place {
        fn new() -> Place {
            let place = Place(tempfile::tempdir().unwrap());
            place.write("ws/Cargo.toml", "[workspace]\nmembers = ['crates/*']");
            for package in ["ws/crates/a", "m", "n"] {
                place.write(&format!("{package}/Cargo.toml"), "[package]\nname = 'a'");
                place.write(&format!("{package}/src/lib.rs"), "");
            }
            place.write("m/Cargo.toml", "[package]\nname = 'm'\nworkspace = '../ws'");
            place.write("ws/.cargo/file", "");
            place.write("ws/crates/file", "");
            place.write("real.rs", "");
            place.link("ws/crates/a/build.rs", "real.rs");
            place
        }

        fn at(&self, path: &str) -> PathBuf {
            let path = self.0.path().canonicalize().unwrap().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            path
        }

        fn write(&self, path: &str, text: &str) {
            fs::write(self.at(path), text).unwrap();
        }

        fn link(&self, path: &str, to: &str) {
            symlink(self.at(to), self.at(path)).unwrap();
        }

        fn cargo(&self) -> Option<Metadata> {
            let mut command = MetadataCommand::new();
            command.env("CARGO_HOME", self.at("home")).env_remove("CARGO_TARGET_DIR");
            command.current_dir(self.at("ws")).no_deps().exec().ok()
        }

        fn question(&self) -> Option<Question> {
            let asked = Question { cargo_home: self.at("home"), ..Question::of(&self.at("ws"))? };
            Some(Question { key: asked.key()?, ..asked })
        }

        fn kept(&self) -> Option<Metadata> {
            self.question()?.answered()
        }

        /// Whether cargo's answer is kept.
        fn keeps(&self) -> bool {
            let answer = self.cargo().unwrap();
            self.question().inspect(|question| question.keep(&answer));
            self.kept().inspect(|kept| assert_eq!(*kept, answer)).is_some()
        }
    }

    #[test]
    fn what_makes_cargo_answer_otherwise_makes_it_be_asked() {
        let write = |path, text| move |place: &Place| place.write(path, text);
        let remove = |path| move |place: &Place| fs::remove_file(place.at(path)).unwrap();
        let changes: [&dyn Fn(&Place); 10] = [
            &write("ws/crates/a/Cargo.toml", "[package]\nname = 'b'"),
            &write("ws/crates/a/src/main.rs", ""),
            &write("ws/crates/.b/file", ""),
            &write("ws/.cargo/config", ELSEWHERE),
            &write("ws/.cargo/config.toml", ELSEWHERE),
            &write(".cargo/config.toml", ELSEWHERE),
            &write("home/config.toml", ELSEWHERE),
            &remove("real.rs"),
            &|it| {
                let lib = it.at("ws/crates/a/src/lib.rs");
                fs::rename(&lib, lib.with_file_name("main.rs")).unwrap();
            },
            &|it| {
                remove("ws/crates/file")(it);
                fs::create_dir(it.at("ws/crates/file")).unwrap();
            },
        ];
        for (at, change) in changes.iter().enumerate() {
            let place = Place::new();
            assert!(place.keeps());
            let before = place.cargo();
            change(&place);
            assert_ne!(place.cargo(), before, "change {at} does not matter to cargo");
            assert_eq!(place.kept(), None, "change {at}");
        }
    }

    #[test]
    fn an_answer_that_may_depend_on_more_is_not_kept() {
        let needs = "[package]\nname = 'b'\n[dependencies]\na.path = '../../../n'";
        let write = |path, text| move |place: &Place| place.write(path, text);
        let reasons: [&dyn Fn(&Place); 13] = [
            &write("Cargo.toml", "[workspace]\nexclude = ['ws']"),
            &write("home/config.toml", "include = []"),
            &write("ws/.cargo/config.toml", ELSEWHERE),
            &write("ws/crates/a/Cargo.toml", needs),
            &write("ws/Cargo.toml", "[workspace]\nmembers = ['../m']"),
            &write("ws/Cargo.toml", "[workspace]\nmembers = ['../ws/crates/*']"),
            &write("ws/Cargo.toml", "[workspace]\nmembers = ['crate*/a']"),
            &write("ws/Cargo.toml", "[workspace]\nmembers = ['*']\nexclude = ['crates', '.cargo']"),
            &write("ws/.hidden/Cargo.toml", ""),
            &write("ws/target/main.rs", ""),
            &|it| it.link("ws/crates/a/tests", "m"),
            &|it| {
                it.write("ws/Cargo.toml", "[package]\nname = 'w'\nworkspace = '../n'");
                it.write("ws/src/lib.rs", "");
                it.write("n/Cargo.toml", "[workspace]\nmembers = ['../ws']");
                it.write(
                    "home/config.toml",
                    &format!("build.target-dir = {:?}", it.at("ws/target")),
                );
            },
            &|it| it.link("ws/docs/Cargo.toml", "m/Cargo.toml"),
        ];
        for (at, reason) in reasons.iter().enumerate() {
            let place = Place::new();
            reason(&place);
            assert!(!place.keeps(), "reason {at}");
        }
    }

    #[test]
    fn a_folder_without_a_manifest_is_not_walked() {
        let place = Place::new();
        assert!(Question::of(&place.at("ws")).is_some());
        assert!(Question::of(&place.at("ws/crates")).is_none());
    }

    #[test]
    fn another_program_or_variable_is_another_question_and_rustup_or_a_script_is_asked() {
        let place = Place::new();
        let key = |text: &str, age: u64, variable: &str| {
            place.write("bin/cargo", text);
            let file = fs::File::options().write(true).open(place.at("bin/cargo")).unwrap();
            file.set_modified(UNIX_EPOCH + Duration::from_secs(age)).unwrap();
            let mut asked = place.question()?;
            asked.programs[0] = place.at("bin/cargo");
            asked.variables.push(("CARGO_BUILD_TARGET_DIR".into(), variable.into()));
            asked.key()
        };
        let first = key("program", 1, "a").unwrap();
        assert_eq!(key("program", 1, "a"), Some(first));
        for (text, age, variable) in
            [("longer program", 1, "a"), ("program", 2, "a"), ("program", 1, "b")]
        {
            assert!(key(text, age, variable).is_some_and(|other| other != first));
        }
        assert_eq!(key("#!/bin/sh", 1, "a"), None);
        place.write("bin/rustup", "");
        assert_eq!(key("program", 1, "a"), None);
    }

    #[test]
    fn what_changes_while_cargo_answers_is_not_kept_and_what_is_damaged_is_not_read() {
        let place = Place::new();
        let (question, answer) = (place.question().unwrap(), place.cargo().unwrap());
        place.write("ws/crates/a/src/main.rs", "");
        question.keep(&answer);
        assert_eq!(question.answered(), None);
        assert!(place.keeps());
        let kept = fs::read(question.place()).unwrap();
        fs::write(question.place(), &kept[..kept.len() - 1]).unwrap();
        assert_eq!(place.kept(), None);
    }
}
