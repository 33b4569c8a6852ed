//! A layered layout: callers above callees, few crossings, edges as straight as they get.

/// A box to be placed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size {
    pub width: f64,
    pub height: f64,
}

/// Where everything is.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    /// Centre of each box.
    pub boxes: Vec<(f64, f64)>,
    /// The points each edge runs through, from its caller to its callee.
    pub routes: Vec<Vec<(f64, f64)>>,
    pub width: f64,
    pub height: f64,
}

const BETWEEN_BOXES: f64 = 18.0;
const BETWEEN_LAYERS: f64 = 56.0;
const SWEEPS: usize = 12;

/// A box, or the point where a long edge crosses a layer.
struct Item {
    size: Size,
    layer: usize,
    x: f64,
    above: Vec<usize>,
    below: Vec<usize>,
}

/// Lays boxes and the edges between them out.
pub(super) fn lay_out(sizes: &[Size], edges: &[(usize, usize)]) -> Layout {
    if sizes.is_empty() {
        return Layout::default();
    }
    let reversed = back_edges(sizes.len(), edges);
    let downward: Vec<(usize, usize)> = edges
        .iter()
        .zip(&reversed)
        .map(|(&(from, to), &back)| if back { (to, from) } else { (from, to) })
        .collect();
    let layer_of = layers(sizes.len(), &downward);
    let mut items: Vec<Item> = sizes
        .iter()
        .zip(&layer_of)
        .map(|(&size, &layer)| Item { size, layer, x: 0.0, above: vec![], below: vec![] })
        .collect();
    let routes: Vec<Vec<usize>> =
        downward.iter().map(|&edge| route(edge, &layer_of, &mut items)).collect();
    let count = items.iter().map(|item| item.layer).max().unwrap_or(0) + 1;
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (at, item) in items.iter().enumerate() {
        rows[item.layer].push(at);
    }
    order(&mut rows, &items);
    straighten(&rows, &mut items);

    let mut top = 0.0;
    let mut middle = Vec::with_capacity(count);
    for row in &rows {
        let height = row.iter().map(|&at| items[at].size.height).fold(0.0, f64::max);
        middle.push(top + height / 2.0);
        top += height + BETWEEN_LAYERS;
    }
    let left = items.iter().map(|i| i.x - i.size.width / 2.0).fold(f64::INFINITY, f64::min);
    let right = items.iter().map(|i| i.x + i.size.width / 2.0).fold(0.0, f64::max);
    let point = |at: usize| (items[at].x - left, middle[items[at].layer]);
    let routes = routes
        .iter()
        .zip(&reversed)
        .map(|(route, &back)| {
            let mut points: Vec<(f64, f64)> = route.iter().map(|&at| point(at)).collect();
            if back {
                points.reverse();
            }
            points
        })
        .collect();
    Layout {
        boxes: (0..sizes.len()).map(point).collect(),
        routes,
        width: right - left,
        height: top - BETWEEN_LAYERS,
    }
}

/// Edges that close a circle: taken the other way round, none is left.
fn back_edges(count: usize, edges: &[(usize, usize)]) -> Vec<bool> {
    let mut outs: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (at, &(from, _)) in edges.iter().enumerate() {
        outs[from].push(at);
    }
    let (mut entered, mut left) = (vec![false; count], vec![false; count]);
    let mut back = vec![false; edges.len()];
    for start in 0..count {
        if entered[start] {
            continue;
        }
        entered[start] = true;
        let mut path = vec![(start, 0)];
        while let Some((node, next)) = path.last_mut() {
            let Some(&edge) = outs[*node].get(*next) else {
                left[*node] = true;
                path.pop();
                continue;
            };
            *next += 1;
            let to = edges[edge].1;
            if !entered[to] {
                entered[to] = true;
                path.push((to, 0));
            } else if !left[to] {
                back[edge] = true;
            }
        }
    }
    back
}

/// Each node one layer below the lowest of its callers.
fn layers(count: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut layer = vec![0; count];
    let mut waits = vec![0; count];
    let mut outs: Vec<Vec<usize>> = vec![Vec::new(); count];
    for &(from, to) in edges {
        if from != to {
            waits[to] += 1;
            outs[from].push(to);
        }
    }
    let mut ready: Vec<usize> = (0..count).filter(|&node| waits[node] == 0).collect();
    while let Some(node) = ready.pop() {
        for &to in &outs[node] {
            layer[to] = layer[to].max(layer[node] + 1);
            waits[to] -= 1;
            if waits[to] == 0 {
                ready.push(to);
            }
        }
    }
    layer
}

/// The items an edge runs through; a new one where it crosses a layer.
fn route((from, to): (usize, usize), layer_of: &[usize], items: &mut Vec<Item>) -> Vec<usize> {
    let mut route = vec![from];
    for layer in layer_of[from] + 1..layer_of[to] {
        items.push(Item {
            size: Size { width: 4.0, height: 0.0 },
            layer,
            x: 0.0,
            above: vec![],
            below: vec![],
        });
        route.push(items.len() - 1);
    }
    route.push(to);
    for pair in route.windows(2) {
        if pair[0] != pair[1] {
            items[pair[0]].below.push(pair[1]);
            items[pair[1]].above.push(pair[0]);
        }
    }
    route
}

/// Sorts each layer by where the neighbours of its items stand, down and up in turns.
fn order(rows: &mut [Vec<usize>], items: &[Item]) {
    let mut place = vec![0.0; items.len()];
    let renumber = |row: &[usize], place: &mut [f64]| {
        for (at, &item) in row.iter().enumerate() {
            place[item] = at as f64;
        }
    };
    rows.iter().for_each(|row| renumber(row, &mut place));
    for sweep in 0..SWEEPS {
        let down = sweep % 2 == 0;
        let count = rows.len();
        for step in 0..count {
            let row = &mut rows[if down { step } else { count - 1 - step }];
            let wanted = |item: &usize| {
                let near = if down { &items[*item].above } else { &items[*item].below };
                mean(near.iter().map(|&at| place[at])).unwrap_or(place[*item])
            };
            let mut keyed: Vec<(f64, usize)> = row.iter().map(|at| (wanted(at), *at)).collect();
            keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
            *row = keyed.into_iter().map(|(_, at)| at).collect();
            renumber(row, &mut place);
        }
    }
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0.0);
    for value in values {
        sum += value;
        count += 1.0;
    }
    (count > 0.0).then(|| sum / count)
}

/// Moves items below and above their neighbours, as far as their order and room allow.
fn straighten(rows: &[Vec<usize>], items: &mut [Item]) {
    for row in rows {
        let mut left = 0.0;
        for &at in row {
            let width = items[at].size.width;
            items[at].x = left + width / 2.0;
            left += width + BETWEEN_BOXES;
        }
    }
    for sweep in 0..SWEEPS {
        let down = sweep % 2 == 0;
        for step in 0..rows.len() {
            let row = &rows[if down { step } else { rows.len() - 1 - step }];
            let wanted: Vec<f64> = row
                .iter()
                .map(|&at| {
                    let item = &items[at];
                    let near = if down { &item.above } else { &item.below };
                    mean(near.iter().map(|&other| items[other].x)).unwrap_or(item.x)
                })
                .collect();
            let widths: Vec<f64> = row.iter().map(|&at| items[at].size.width).collect();
            for (&at, x) in row.iter().zip(spread(&wanted, &widths)) {
                items[at].x = x;
            }
        }
    }
}

/// The places nearest to those wanted that keep order and distance: neighbours in each other's way
/// move as one, to the mean of what they want.
fn spread(wanted: &[f64], widths: &[f64]) -> Vec<f64> {
    let mut offsets = Vec::with_capacity(wanted.len());
    let mut offset = 0.0;
    for (at, width) in widths.iter().enumerate() {
        if at > 0 {
            offset += (widths[at - 1] + width) / 2.0 + BETWEEN_BOXES;
        }
        offsets.push(offset);
    }
    // Sum and number of each group.
    let mut groups: Vec<(f64, usize)> = Vec::new();
    for (want, offset) in wanted.iter().zip(&offsets) {
        groups.push((want - offset, 1));
        while let [.., (left, n), (right, m)] = groups[..] {
            if left / (n as f64) <= right / (m as f64) {
                break;
            }
            groups.pop();
            groups.pop();
            groups.push((left + right, n + m));
        }
    }
    let places = groups.into_iter().flat_map(|(sum, n)| std::iter::repeat_n(sum / n as f64, n));
    places.zip(offsets).map(|(place, offset)| place + offset).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: Size = Size { width: 100.0, height: 30.0 };

    #[test]
    fn callers_stand_above_callees_and_nothing_overlaps() {
        let edges = [(0, 1), (0, 2), (1, 3), (2, 3), (0, 3), (3, 4)];
        let layout = lay_out(&[BOX; 5], &edges);
        for &(from, to) in &edges {
            assert!(layout.boxes[from].1 < layout.boxes[to].1);
        }
        assert!((layout.boxes[1].0 - layout.boxes[2].0).abs() >= BOX.width);
        assert_eq!(layout.routes[4].len(), 3);
    }

    #[test]
    fn circles_and_calls_to_itself_end() {
        let layout = lay_out(&[BOX; 3], &[(0, 1), (1, 2), (2, 0), (1, 1)]);
        assert_eq!(layout.boxes.len(), 3);
        assert!(layout.boxes[0].1 < layout.boxes[1].1);
        let back = &layout.routes[2];
        assert_eq!((back[0], back[back.len() - 1]), (layout.boxes[2], layout.boxes[0]));
    }

    #[test]
    fn boxes_in_each_others_way_share_the_middle() {
        assert_eq!(spread(&[10.0, 10.0], &[20.0, 20.0]), [-9.0, 29.0]);
        assert_eq!(spread(&[0.0, 100.0], &[20.0, 20.0]), [0.0, 100.0]);
    }
}
