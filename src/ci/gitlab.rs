//! GitLab, by its REST API: notes and discussions of merge requests, statuses of commits.

use std::time::Duration;

use serde_json::{Value, json};

use super::forge::{CheckRun, Comment, Conclusion, Error, Forge, LineComment, PullRequest};
use super::http::{Headers, Http, Method};
use super::patch;

const HEADERS: Headers = &[("accept", "application/json")];
/// GitLab cuts nothing: it refuses a longer description.
const LONGEST_DESCRIPTION: usize = 255;

/// A project on GitLab.
pub struct GitLab {
    http: Http,
    project: String,
    author: Option<String>,
}

impl GitLab {
    /// `api` such as `https://gitlab.com/api/v4`, `project` its number or `group/name`.
    pub fn new(
        api: &str,
        project: &str,
        token: &str,
        author: Option<String>,
        pause: fn(Duration),
    ) -> Self {
        let http = Http::new(api, token, HEADERS, pause);
        GitLab { http, project: project.replace('/', "%2F"), author }
    }

    fn path(&self, rest: &str) -> String {
        format!("/projects/{}{rest}", self.project)
    }

    fn merge_request(&self, number: u64, rest: &str) -> String {
        self.path(&format!("/merge_requests/{number}{rest}"))
    }

    fn notes(&self, number: u64) -> Result<Vec<Value>, Error> {
        self.http.pages(&self.merge_request(number, "/notes?sort=asc&order_by=created_at"))
    }

    fn diffs(&self, number: u64) -> Result<Vec<Value>, Error> {
        self.http.pages(&self.merge_request(number, "/diffs"))
    }
}

impl Forge for GitLab {
    fn author(&self) -> Result<String, Error> {
        if let Some(author) = &self.author {
            return Ok(author.clone());
        }
        let user = self.http.call(Method::Get, "/user", None)?;
        Ok(user["username"].as_str().unwrap_or_default().to_owned())
    }

    fn comments(&self, number: u64) -> Result<Vec<Comment>, Error> {
        Ok(self.notes(number)?.iter().filter(|note| !at_line(note)).filter_map(comment).collect())
    }

    fn create(&self, number: u64, body: &str) -> Result<Comment, Error> {
        let path = self.merge_request(number, "/notes");
        let made = self.http.call(Method::Post, &path, Some(&json!({"body": body})))?;
        comment(&made).ok_or_else(|| unclear(&format!("POST {path}"), "the answer is no note"))
    }

    fn update(&self, number: u64, id: u64, body: &str) -> Result<(), Error> {
        let path = self.merge_request(number, &format!("/notes/{id}"));
        self.http.call(Method::Put, &path, Some(&json!({"body": body}))).map(drop)
    }

    fn delete(&self, number: u64, id: u64) -> Result<(), Error> {
        let path = self.merge_request(number, &format!("/notes/{id}"));
        self.http.call(Method::Delete, &path, None).map(drop)
    }

    fn pull_requests_at(&self, revision: &str) -> Result<Vec<PullRequest>, Error> {
        let path = self.path("/merge_requests?state=opened&order_by=updated_at");
        let list = self.http.pages(&path)?;
        Ok(list.iter().filter_map(pull_request).filter(|pull| pull.head == revision).collect())
    }

    fn pull_request(&self, number: u64) -> Result<PullRequest, Error> {
        let path = self.merge_request(number, "");
        let found = self.http.call(Method::Get, &path, None)?;
        pull_request(&found)
            .ok_or_else(|| unclear(&format!("GET {path}"), "the answer is no merge request"))
    }

    fn line_comments(&self, number: u64) -> Result<Vec<Comment>, Error> {
        Ok(self.notes(number)?.iter().filter(|note| at_line(note)).filter_map(comment).collect())
    }

    fn changed_lines(&self, number: u64) -> Result<Vec<(String, Vec<u64>)>, Error> {
        // A line that did not change is addressed by two numbers, so only added ones are offered.
        Ok(self
            .diffs(number)?
            .iter()
            .filter_map(|file| {
                let name = file["new_path"].as_str()?.to_owned();
                Some((name, patch::added(file["diff"].as_str().unwrap_or_default())))
            })
            .collect())
    }

    fn review(&self, pull: &PullRequest, comments: &[LineComment]) -> Result<(), Error> {
        let path = self.merge_request(pull.number, "");
        let refs = self.http.call(Method::Get, &path, None)?["diff_refs"].clone();
        if refs["head_sha"] != pull.head.as_str() {
            return Err(unclear(&format!("GET {path}"), "the merge request has moved on"));
        }
        let diffs = self.diffs(pull.number)?;
        for comment in comments {
            let of = diffs.iter().find(|file| file["new_path"] == comment.path.as_str());
            let old = of.map_or(&Value::Null, |file| &file["old_path"]);
            let body = json!({"body": comment.body, "position": {
                "position_type": "text", "base_sha": refs["base_sha"],
                "start_sha": refs["start_sha"], "head_sha": refs["head_sha"],
                "old_path": old.as_str().unwrap_or(&comment.path), "new_path": comment.path,
                "new_line": comment.last,
            }});
            let path = self.merge_request(pull.number, "/discussions");
            self.http.call(Method::Post, &path, Some(&body))?;
        }
        Ok(())
    }

    fn suggestion(&self, lines: u64) -> String {
        format!("suggestion:-{}+0", lines.saturating_sub(1))
    }

    fn check_run(&self, revision: &str, run: &CheckRun<'_>) -> Result<(), Error> {
        // A status has no annotations; the comment and the discussions say it.
        let body = json!({
            "state": match run.conclusion {
                Conclusion::Success | Conclusion::Neutral => "success",
                Conclusion::Failure => "failed",
            },
            "name": run.name,
            "description": run.title.chars().take(LONGEST_DESCRIPTION).collect::<String>(),
        });
        let path = self.path(&format!("/statuses/{revision}"));
        self.http.call(Method::Post, &path, Some(&body)).map(drop)
    }
}

fn unclear(request: &str, message: &str) -> Error {
    Error::Unclear { request: request.to_owned(), message: message.to_owned() }
}

/// A note that stands at a line of the diff.
fn at_line(note: &Value) -> bool {
    note["type"] == "DiffNote"
}

fn comment(note: &Value) -> Option<Comment> {
    Some(Comment {
        id: note["id"].as_u64()?,
        author: note["author"]["username"].as_str().unwrap_or_default().to_owned(),
        body: note["body"].as_str().unwrap_or_default().to_owned(),
    })
}

fn pull_request(value: &Value) -> Option<PullRequest> {
    Some(PullRequest { number: value["iid"].as_u64()?, head: value["sha"].as_str()?.to_owned() })
}
