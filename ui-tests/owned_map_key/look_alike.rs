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

/// The reference is given back: in both arms of a `match` it would hold the map.
pub fn slot<'m>(map: &'m mut HashMap<String, u32>, name: &str) -> &'m mut u32 {
    map.entry(name.to_owned()).or_insert(0)
}

/// Keyed by what it is made of.
pub fn known(map: &HashMap<(u32, u32), u32>, parts: &[(u32, u32)]) -> u32 {
    parts.iter().filter_map(|part| map.get(part)).sum()
}

pub fn run() -> String {
    let mut map = HashMap::new();
    stored(&mut map, &[(1, 2)]);
    *slot(&mut map, "x") += 1;
    format!("{} {}", shown(&map, &[(1, 2), (3, 4)]), known(&HashMap::new(), &[(1, 2)]))
}
