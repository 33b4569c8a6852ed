//! How soon a page can be used, in headless Chromium.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Milliseconds of the browser's clock since it began to load the page.
pub struct Times {
    /// The scripts are through, and the page is laid out.
    pub drawn: f64,
    /// A search is answered and laid out.
    pub searched: f64,
    /// The view is zoomed to a frame.
    pub zoomed: f64,
}

/// Searches and zooms as soon as the page's own script is through; reading a size makes the
/// browser lay out what changed.
const ACT: &str = r##"<script>
  var laid = function () { return document.body.offsetHeight && performance.now().toFixed(1); };
  var times = [laid()];
  var search = document.getElementById("search");
  search.value = "method_1"; search.dispatchEvent(new Event("input"));
  times.push(laid());
  var frames = document.querySelectorAll("#graph div");
  frames[Math.floor(frames.length / 2)].click();
  times.push(laid());
  document.title = document.documentElement.dataset.ready === "yes" ? "TIMES " + times.join(" ") + " TIMES" : "not ready";
</script></body>"##;

/// The best of three openings; `None` without a browser.
pub fn open(page: &[u8], dir: &Path) -> Option<Times> {
    let program = program()?;
    let path = dir.join("report.html");
    let page = String::from_utf8_lossy(page);
    let end = page.rfind("</body>")?;
    fs::write(&path, format!("{}{ACT}{}", &page[..end], &page[end + "</body>".len()..])).ok()?;
    (0..3).filter_map(|_| once(&program, &path)).min_by(|a, b| a.zoomed.total_cmp(&b.zoomed))
}

fn once(program: &Path, page: &Path) -> Option<Times> {
    let profile = page.with_file_name(format!("browser-{}", std::process::id()));
    let _ = fs::remove_dir_all(&profile);
    let ran = Command::new(program)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .args(["--window-size=1280,900", "--timeout=60000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("file://{}", page.display()))
        .stderr(Stdio::null())
        .output();
    let _ = fs::remove_dir_all(&profile);
    let text = String::from_utf8_lossy(&ran.ok()?.stdout).into_owned();
    let mut times = text.split("TIMES").nth(1)?.split_whitespace().map(str::parse);
    let mut next = || times.next()?.ok();
    Some(Times { drawn: next()?, searched: next()?, zoomed: next()? })
}

fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    std::env::split_paths(&path)
        .flat_map(|dir| names.map(|name| dir.join(name)))
        .find(|program| program.is_file())
}
