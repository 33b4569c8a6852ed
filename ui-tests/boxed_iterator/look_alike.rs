pub trait Source {
    fn numbers(&self) -> Box<dyn Iterator<Item = u32> + '_>;
}

pub struct List(Vec<u32>);

/// The trait wants it.
impl Source for List {
    fn numbers(&self) -> Box<dyn Iterator<Item = u32> + '_> {
        Box::new(self.0.iter().copied())
    }
}

/// Not an iterator.
pub fn adder(by: u32) -> Box<dyn Fn(u32) -> u32> {
    Box::new(move |number| number + by)
}

/// Stored.
pub struct Walk<'a> {
    inner: Box<dyn Iterator<Item = u32> + 'a>,
}

pub fn walk(list: &List) -> Walk<'_> {
    Walk { inner: Box::new(list.0.iter().copied()) }
}

/// After the fix.
pub fn after(list: &List) -> impl Iterator<Item = u32> + '_ {
    list.0.iter().copied()
}

pub fn run() -> String {
    let list = List(vec![1, 2]);
    format!(
        "{} {} {} {}",
        list.numbers().count(),
        adder(1)(2),
        walk(&list).inner.count(),
        after(&list).count()
    )
}
