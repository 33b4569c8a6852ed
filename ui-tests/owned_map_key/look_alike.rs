use std::collections::HashMap;

/// The key is kept.
pub fn stored(map: &mut HashMap<String, u32>, parts: &[(u32, u32)]) {
    for (a, b) in parts {
        map.insert(format!("{a}.{b}"), a + b);
    }
}

/// Printed too.
pub fn shown(map: &HashMap<String, u32>, parts: &[(u32, u32)]) -> String {
    let mut shown = String::new();
    for (a, b) in parts {
        let key = format!("{a}.{b}");
        if !map.contains_key(&key) {
            shown.push_str(&key);
        }
    }
    shown
}

/// Keyed by what it is made of.
pub fn known(map: &HashMap<(u32, u32), u32>, parts: &[(u32, u32)]) -> u32 {
    parts.iter().filter_map(|part| map.get(part)).sum()
}

pub fn run() -> String {
    let mut map = HashMap::new();
    stored(&mut map, &[(1, 2)]);
    format!("{} {}", shown(&map, &[(1, 2), (3, 4)]), known(&HashMap::new(), &[(1, 2)]))
}
