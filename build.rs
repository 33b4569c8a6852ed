//! Compiles the preload agent, so that the tool carries it and needs nothing beside itself.
//!
//! Where that is impossible (another system, no linker) the tool is built without it and says so
//! when a recording would need it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=agent");
    println!("cargo::rerun-if-env-changed=RUSTC_LINKER");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let mut why = String::new();
    for (name, full) in [("agent-cpu.so", false), ("agent-full.so", true)] {
        let library = out.join(name);
        if why.is_empty()
            && let Err(reason) = supported().and_then(|()| compile(&library, full))
        {
            why = reason;
        }
        if !why.is_empty() {
            write(&library, "");
        }
    }
    if !why.is_empty() {
        let line = why.lines().next().unwrap_or_default();
        println!("cargo::warning=the preload agent is left out: {line}");
    }
    write(&out.join("agent-missing.txt"), &why);
}

/// Whether the agent is written for the target.
fn supported() -> Result<(), String> {
    let of = |name: &str| env::var(name).unwrap_or_default();
    let (os, arch, abi) =
        (of("CARGO_CFG_TARGET_OS"), of("CARGO_CFG_TARGET_ARCH"), of("CARGO_CFG_TARGET_ENV"));
    if os == "linux" && abi == "gnu" && (arch == "x86_64" || arch == "aarch64") {
        Ok(())
    } else {
        Err(format!("there is none for {}", of("TARGET")))
    }
}

fn compile(library: &Path, full: bool) -> Result<(), String> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = Command::new(rustc);
    command.args(["--edition", "2024", "--crate-name", "cargo_perf_agent"]);
    command.args(["--crate-type", "cdylib", "--check-cfg", "cfg(full)"]);
    if full {
        command.args(["--cfg", "full"]);
    }
    if let Some(target) = env::var_os("TARGET")
        && env::var_os("HOST").as_ref() != Some(&target)
    {
        command.arg("--target").arg(target);
    }
    if let Some(linker) = env::var_os("RUSTC_LINKER") {
        let mut option = std::ffi::OsString::from("linker=");
        option.push(linker);
        command.arg("-C").arg(option);
    }
    // One unit, so that constant lengths are seen and no copy becomes a call of the C library.
    for option in [
        "panic=abort",
        "opt-level=3",
        "codegen-units=1",
        "force-unwind-tables=yes",
        "strip=symbols",
        "link-arg=-nostartfiles",
    ] {
        command.args(["-C", option]);
    }
    command.arg("agent/lib.rs").arg("-o").arg(library);
    let output =
        command.output().map_err(|error| format!("the compiler did not start: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}

fn write(path: &Path, text: &str) {
    if let Err(error) = fs::write(path, text) {
        println!("cargo::error={}: {error}", path.display());
    }
}
