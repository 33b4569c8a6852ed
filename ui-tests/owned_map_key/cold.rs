use std::collections::HashMap;

/// Looking costs, the key does not.
pub fn known(map: &HashMap<String, u32>, parts: &[(u32, u32)]) -> u32 {
    let mut known = 0;
    for (a, b) in parts {
        known += map.get(&format!("{a}.{b}")).copied().unwrap_or(1);
    }
    known
}

pub fn run() -> String {
    known(&HashMap::new(), &[(1, 2)]).to_string()
}
