//! GitHub, by its REST API; GitHub Enterprise by the same under another address.

use std::time::Duration;

use serde_json::{Value, json};

use super::forge::{
    Annotation, CheckRun, Comment, Conclusion, Error, Forge, LineComment, PullRequest,
};
use super::http::{Headers, Http, Method};
use super::patch;

/// The REST API version whose answers are read here. The published description knows its answers
/// as plain JSON only, so that what serves it must be allowed to say so.
const HEADERS: Headers = &[
    ("accept", "application/vnd.github+json, application/json"),
    ("x-github-api-version", "2022-11-28"),
];

/// The API takes so many annotations in one request.
const ANNOTATIONS_AT_ONCE: usize = 50;
/// Who writes with the token of a workflow run; such a token may not ask for its own name.
const WORKFLOW_AUTHOR: &str = "github-actions[bot]";

/// A repository on GitHub.
pub struct GitHub {
    http: Http,
    repository: String,
    author: Option<String>,
}

impl GitHub {
    /// `api` such as `https://api.github.com`, `repository` such as `owner/name`. `author` is
    /// asked for where it is not given. `pause` waits between tries.
    pub fn new(
        api: &str,
        repository: &str,
        token: &str,
        author: Option<String>,
        pause: fn(Duration),
    ) -> Self {
        let http = Http::new(api, token, HEADERS, pause);
        GitHub { http, repository: repository.to_owned(), author }
    }

    fn path(&self, rest: &str) -> String {
        format!("/repos/{}{rest}", self.repository)
    }

    fn comments_at(&self, path: &str) -> Result<Vec<Comment>, Error> {
        Ok(self.http.pages(path)?.iter().filter_map(comment).collect())
    }
}

impl Forge for GitHub {
    fn author(&self) -> Result<String, Error> {
        if let Some(author) = &self.author {
            return Ok(author.clone());
        }
        match self.http.call(Method::Get, "/user", None) {
            Ok(user) => Ok(user["login"].as_str().unwrap_or(WORKFLOW_AUTHOR).to_owned()),
            Err(Error::Forbidden { .. }) => Ok(WORKFLOW_AUTHOR.to_owned()),
            Err(error) => Err(error),
        }
    }

    fn comments(&self, number: u64) -> Result<Vec<Comment>, Error> {
        self.comments_at(&self.path(&format!("/issues/{number}/comments")))
    }

    fn create(&self, number: u64, body: &str) -> Result<Comment, Error> {
        let path = self.path(&format!("/issues/{number}/comments"));
        let made = self.http.call(Method::Post, &path, Some(&json!({"body": body})))?;
        comment(&made).ok_or_else(|| Error::Unclear {
            request: format!("POST {path}"),
            message: "the answer is no comment".to_owned(),
        })
    }

    fn update(&self, _number: u64, id: u64, body: &str) -> Result<(), Error> {
        let path = self.path(&format!("/issues/comments/{id}"));
        self.http.call(Method::Patch, &path, Some(&json!({"body": body}))).map(drop)
    }

    fn delete(&self, _number: u64, id: u64) -> Result<(), Error> {
        let path = self.path(&format!("/issues/comments/{id}"));
        self.http.call(Method::Delete, &path, None).map(drop)
    }

    fn pull_requests_at(&self, revision: &str) -> Result<Vec<PullRequest>, Error> {
        // Asked for the pull requests of a commit, GitHub knows none of those from forks.
        let list = self.http.pages(&self.path("/pulls?state=open&sort=updated&direction=desc"))?;
        Ok(list
            .iter()
            .filter(|pull| pull["state"] == "open")
            .filter_map(pull_request)
            .filter(|pull| pull.head == revision)
            .collect())
    }

    fn pull_request(&self, number: u64) -> Result<PullRequest, Error> {
        let path = self.path(&format!("/pulls/{number}"));
        let pull = self.http.call(Method::Get, &path, None)?;
        pull_request(&pull).ok_or_else(|| Error::Unclear {
            request: format!("GET {path}"),
            message: "the answer is no pull request".to_owned(),
        })
    }

    fn line_comments(&self, number: u64) -> Result<Vec<Comment>, Error> {
        self.comments_at(&self.path(&format!("/pulls/{number}/comments")))
    }

    fn changed_lines(&self, number: u64) -> Result<Vec<(String, Vec<u64>)>, Error> {
        let files = self.http.pages(&self.path(&format!("/pulls/{number}/files")))?;
        Ok(files
            .iter()
            .filter_map(|file| {
                let name = file["filename"].as_str()?.to_owned();
                Some((name, patch::lines(file["patch"].as_str().unwrap_or_default())))
            })
            .collect())
    }

    fn review(&self, pull: &PullRequest, comments: &[LineComment]) -> Result<(), Error> {
        let comments: Vec<Value> = comments
            .iter()
            .map(|comment| {
                let mut at = json!({
                    "path": comment.path, "line": comment.last, "side": "RIGHT",
                    "body": comment.body,
                });
                if comment.first < comment.last {
                    at["start_line"] = json!(comment.first);
                    at["start_side"] = json!("RIGHT");
                }
                at
            })
            .collect();
        let body = json!({"commit_id": pull.head, "event": "COMMENT", "comments": comments});
        let path = self.path(&format!("/pulls/{}/reviews", pull.number));
        self.http.call(Method::Post, &path, Some(&body)).map(drop)
    }

    fn suggestion(&self, _lines: u64) -> String {
        // The comment itself spans them.
        "suggestion".to_owned()
    }

    fn check_run(&self, revision: &str, run: &CheckRun<'_>) -> Result<(), Error> {
        let mut batches = run.annotations.chunks(ANNOTATIONS_AT_ONCE);
        let output = |batch: &[Annotation]| {
            let batch: Vec<Value> = batch.iter().map(annotation).collect();
            json!({"title": run.title, "summary": run.summary, "annotations": batch})
        };
        let path = self.path("/check-runs");
        let made = self.http.call(
            Method::Post,
            &path,
            Some(&json!({
                "name": run.name, "head_sha": revision, "status": "completed",
                "conclusion": match run.conclusion {
                    Conclusion::Success => "success",
                    Conclusion::Neutral => "neutral",
                    Conclusion::Failure => "failure",
                },
                "output": output(batches.next().unwrap_or_default()),
            })),
        )?;
        let id = made["id"].as_u64().ok_or_else(|| Error::Unclear {
            request: format!("POST {path}"),
            message: "the answer is no check run".to_owned(),
        })?;
        for batch in batches {
            let path = self.path(&format!("/check-runs/{id}"));
            self.http.call(Method::Patch, &path, Some(&json!({"output": output(batch)})))?;
        }
        Ok(())
    }
}

fn comment(value: &Value) -> Option<Comment> {
    Some(Comment {
        id: value["id"].as_u64()?,
        // The account of a comment may be gone.
        author: value["user"]["login"].as_str().unwrap_or_default().to_owned(),
        body: value["body"].as_str().unwrap_or_default().to_owned(),
    })
}

fn pull_request(value: &Value) -> Option<PullRequest> {
    Some(PullRequest {
        number: value["number"].as_u64()?,
        head: value["head"]["sha"].as_str()?.to_owned(),
    })
}

fn annotation(annotation: &Annotation) -> Value {
    json!({
        "path": annotation.path, "start_line": annotation.first, "end_line": annotation.last,
        "annotation_level": "warning", "title": annotation.title, "message": annotation.message,
    })
}
