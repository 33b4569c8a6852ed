//! Requests to a forge's REST API: limits, retries, paging, and errors that name what is missing.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;
use ureq::Agent;
use ureq::config::RedirectAuthHeaders;
use ureq::http::{HeaderMap, Request};

use crate::ci::forge::Error;

/// No answer that is read here is near this size.
const LARGEST_ANSWER: u64 = 16 << 20;
/// Tries of one request.
const TRIES: u32 = 4;
/// Waiting longer than this costs more runner time than the comment is worth.
const LONGEST_WAIT: Duration = Duration::from_secs(120);
/// Pages of 100: no pull request is read further.
const MOST_PAGES: usize = 100;

/// Headers that every request to a forge carries.
pub(super) type Headers = &'static [(&'static str, &'static str)];

/// A client with one token.
pub(super) struct Http {
    agent: Agent,
    base: String,
    token: String,
    headers: Headers,
    pause: fn(Duration),
}

/// A method, as far as they are used here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

impl Http {
    /// A client for the API at `base`. `pause` waits between tries.
    pub(super) fn new(base: &str, token: &str, headers: Headers, pause: fn(Duration)) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(30)))
            .user_agent(concat!("cargo-perf/", env!("CARGO_PKG_VERSION")))
            // A repository that was renamed answers with its new address on the same host.
            .max_redirects(3)
            .redirect_auth_headers(RedirectAuthHeaders::SameHost)
            .build()
            .into();
        let base = base.trim_end_matches('/').to_owned();
        Http { agent, base, token: token.to_owned(), headers, pause }
    }

    pub(super) fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, Error> {
        Ok(self.retried(method, &format!("{}{path}", self.base), body)?.body)
    }

    /// All pages of a list.
    pub(super) fn pages(&self, path: &str) -> Result<Vec<Value>, Error> {
        let separator = if path.contains('?') { '&' } else { '?' };
        let mut url = format!("{}{path}{separator}per_page=100", self.base);
        let mut items = Vec::new();
        for _ in 0..MOST_PAGES {
            let answer = self.retried(Method::Get, &url, None)?;
            let Value::Array(page) = answer.body else {
                return Err(Error::Unclear {
                    request: format!("GET {path}"),
                    message: "the answer is no list".to_owned(),
                });
            };
            items.extend(page);
            match next(&answer.headers) {
                // The token goes nowhere but to the API it is for.
                Some(next) if next.starts_with(&format!("{}/", self.base)) => url = next,
                _ => break,
            }
        }
        Ok(items)
    }

    fn retried(&self, method: Method, url: &str, body: Option<&Value>) -> Result<Answer, Error> {
        let request = format!("{} {}", method.name(), url.strip_prefix(&self.base).unwrap_or(url));
        let mut tried = 0;
        loop {
            tried += 1;
            let wait = match self.once(method, url, body) {
                Ok(answer) if (200..300).contains(&answer.status) => return Ok(answer),
                Ok(answer) => match limited(&answer, tried) {
                    Some(wait) if wait > LONGEST_WAIT || tried == TRIES => {
                        return Err(Error::Limited { request, seconds: wait.as_secs() });
                    }
                    Some(wait) => wait,
                    // A write that failed on the way may have worked: whoever asked looks first.
                    None if answer.status >= 500 && method == Method::Get && tried < TRIES => {
                        backoff(tried)
                    }
                    None => return Err(self.error(request, &answer)),
                },
                Err(_) if method == Method::Get && tried < TRIES => backoff(tried),
                Err(message) => {
                    return Err(Error::Unclear { request, message: self.hidden(&message) });
                }
            };
            (self.pause)(wait);
        }
    }

    fn once(&self, method: Method, url: &str, body: Option<&Value>) -> Result<Answer, String> {
        let mut request = Request::builder().method(method.name()).uri(url);
        for (name, value) in self.headers {
            request = request.header(*name, *value);
        }
        if !self.token.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        let response = match body {
            Some(body) => request
                .header("content-type", "application/json")
                .body(body.to_string())
                .map_err(|error| error.to_string())
                .and_then(|request| self.agent.run(request).map_err(|error| error.to_string())),
            None => request
                .body(())
                .map_err(|error| error.to_string())
                .and_then(|request| self.agent.run(request).map_err(|error| error.to_string())),
        };
        let (parts, mut body) = response?.into_parts();
        let bytes = body
            .with_config()
            .limit(LARGEST_ANSWER)
            .read_to_vec()
            .map_err(|error| error.to_string())?;
        let body = if bytes.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&bytes).unwrap_or(Value::Null)
        };
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body })
    }

    fn error(&self, request: String, answer: &Answer) -> Error {
        let message = self.hidden(&reason(&answer.body));
        match answer.status {
            403 => Error::Forbidden {
                request,
                permission: text(&answer.headers, "x-accepted-github-permissions")
                    .or_else(|| answer.body["scope"].as_str().map(|scope| format!("scope {scope}")))
                    .map(|permission| self.hidden(&permission)),
                message,
            },
            404 | 410 => Error::Missing { request },
            status if status >= 500 => {
                Error::Unclear { request, message: format!("{status} {message}") }
            }
            status => Error::Refused { request, status, message },
        }
    }

    /// What a server or a library says is not trusted to keep the token to itself.
    fn hidden(&self, text: &str) -> String {
        // Hidden first: cut off in its middle, it would not be found.
        let text = match self.token.as_str() {
            "" => text.to_owned(),
            token => text.replace(token, "***"),
        };
        text.chars().take(500).collect()
    }
}

/// The forge's own words: GitHub has one sentence, GitLab that, a list by field, or a description.
fn reason(body: &Value) -> String {
    let said = ["message", "error_description", "error"].map(|name| &body[name]);
    let mut reason = match said.into_iter().find(|value| !value.is_null()) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => "no reason was given".to_owned(),
    };
    // "Validation Failed" alone helps nobody: GitHub lists what failed beside it.
    for error in body["errors"].as_array().into_iter().flatten().take(3) {
        let text = error.as_str().or_else(|| error["message"].as_str()).map(str::to_owned);
        reason.push_str("; ");
        reason.push_str(&text.unwrap_or_else(|| error.to_string()));
    }
    reason
}

/// How long to wait where the answer is a rate limit, primary or secondary.
fn limited(answer: &Answer, tried: u32) -> Option<Duration> {
    if !matches!(answer.status, 403 | 429) {
        return None;
    }
    let number = |name| text(&answer.headers, name).and_then(|text| text.parse::<u64>().ok());
    if let Some(seconds) = number("retry-after") {
        return Some(Duration::from_secs(seconds));
    }
    let either = |one, other| number(one).or_else(|| number(other));
    if either("x-ratelimit-remaining", "ratelimit-remaining") == Some(0) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let reset = either("x-ratelimit-reset", "ratelimit-reset").unwrap_or(now + 60);
        return Some(Duration::from_secs(reset.saturating_sub(now).max(1)));
    }
    let message = answer.body["message"].as_str().unwrap_or_default();
    // GitHub asks for at least a minute where a secondary limit names no time.
    (answer.status == 429 || message.contains("secondary rate limit"))
        .then(|| Duration::from_secs(60 << (tried - 1).min(4)))
}

fn backoff(tried: u32) -> Duration {
    Duration::from_secs(1 << (tried - 1).min(4))
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

/// The `next` of a `Link` header.
fn next(headers: &HeaderMap) -> Option<String> {
    text(headers, "link")?.split(',').find_map(|link| {
        let (target, parameters) = link.split_once(';')?;
        let is_next = parameters.split(';').any(|p| p.trim() == "rel=\"next\"");
        is_next.then(|| target.trim().trim_start_matches('<').trim_end_matches('>').to_owned())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::reason;

    #[test]
    fn what_failed_is_said_beside_that_it_did() {
        let body = json!({"message": "Validation Failed", "errors": [
            "line must be part of the diff", {"message": "too long"}, {"field": "sha"}, "no more",
        ]});
        let said =
            "Validation Failed; line must be part of the diff; too long; {\"field\":\"sha\"}";
        assert_eq!(reason(&body), said);
        assert_eq!(reason(&json!(null)), "no reason was given");
    }
}
