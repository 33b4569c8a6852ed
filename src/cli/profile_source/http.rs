//! A profile over HTTP: only where the user names the URL.

use std::io::Read;
use std::time::Duration;

use ureq::Agent;

use crate::exit::Failure;
use crate::report::inert::inert;

/// Larger answers are refused.
const MAX_BYTES: u64 = 1 << 30;

/// How long to wait for an answer where the URL does not ask for a recording.
const PATIENCE: Duration = Duration::from_secs(60);

/// Whether a profile's name is a URL.
pub(super) fn is_url(name: &str) -> bool {
    let lower = name.get(..8).unwrap_or(name).to_ascii_lowercase();
    lower.starts_with("http://") || lower.starts_with("https://")
}

/// Fetches the bytes of a URL, as continuous profilers and `/debug/pprof` handlers serve them.
pub(super) fn fetch(url: &str) -> Result<Vec<u8>, Failure> {
    let shown = without_secrets(url);
    let failed = |why: String| {
        Failure::environment(format!("{shown}: {}", inert(&why)))
            .help("check that the server runs and answers within the time limit")
    };
    let agent: Agent = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_connect(Some(Duration::from_secs(10)))
        .timeout_global(Some(PATIENCE + recording_time(url)))
        .max_redirects(4)
        .user_agent(concat!("cargo-perf/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    let mut answer = agent.get(url).call().map_err(|error| failed(error.to_string()))?;
    let status = answer.status();
    let mut bytes = Vec::new();
    let body = answer.body_mut().as_reader().take(MAX_BYTES + 1).read_to_end(&mut bytes);
    if !status.is_success() {
        let text = String::from_utf8_lossy(&bytes);
        let line: String = text.lines().next().unwrap_or_default().chars().take(200).collect();
        return Err(Failure::usage(format!(
            "{shown}: the server answers {status} {}",
            inert(&line)
        ))
        .help("name the URL of a profile, such as http://HOST:PORT/debug/pprof/profile"));
    }
    body.map_err(|error| failed(error.to_string()))?;
    if bytes.len() as u64 > MAX_BYTES {
        let limit = MAX_BYTES >> 20;
        return Err(Failure::usage(format!("{shown}: the answer is larger than {limit} MiB")));
    }
    Ok(bytes)
}

/// A handler that records first says for how long in its query.
fn recording_time(url: &str) -> Duration {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let seconds = query
        .split('&')
        .filter_map(|part| part.strip_prefix("seconds="))
        .find_map(|value| value.parse::<u32>().ok());
    // Without a word of it, pprof handlers record for 30 seconds.
    Duration::from_secs(seconds.unwrap_or(30).min(24 * 3600).into())
}

/// The URL without user, password and query.
fn without_secrets(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let shown = match url.split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
            let host = host.rsplit('@').next().unwrap_or_default();
            format!("{scheme}://{host}/{path}")
        }
        None => url.to_owned(),
    };
    inert(&shown).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_of_a_url_are_not_repeated() {
        assert_eq!(without_secrets("http://me:pw@host:1/a?token=x#y"), "http://host:1/a");
        assert_eq!(without_secrets("https://host"), "https://host/");
    }

    #[test]
    fn a_recording_may_take_its_time() {
        assert_eq!(recording_time("http://h/debug/pprof/profile?seconds=5").as_secs(), 5);
        assert_eq!(recording_time("http://h/x").as_secs(), 30);
        assert!(is_url("HTTPS://h") && !is_url("http.pb.gz"));
    }
}
