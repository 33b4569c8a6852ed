use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// Each turn reads a file below a call: nobody is to wait for all of them.
pub fn sizes(paths: &[PathBuf], known: &Arc<Mutex<HashMap<PathBuf, usize>>>) {
    for path in paths {
        let length = size(path);
        known.lock().unwrap().insert(path.clone(), length);
    }
}

fn size(path: &Path) -> usize {
    std::fs::read(path).map_or(0, |bytes| bytes.len())
}

pub fn run() -> String {
    let known = Arc::new(Mutex::new(HashMap::new()));
    sizes(&[PathBuf::from("/dev/null")], &known);
    let known = known.lock().unwrap();
    format!("{:?}", *known)
}
