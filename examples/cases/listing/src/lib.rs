//! A listing of items as text.

/// An item of the listing.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its name.
    pub name: String,
    /// Its price in cents.
    pub cents: u64,
}

/// One line per item: number, name, price.
pub fn listing(items: &[Item]) -> String {
    let mut text = String::new();
    for (number, item) in items.iter().enumerate() {
        text += &format!("{}. {}: ", number + 1, item.name);
        text += &(item.cents / 100).to_string();
        text = text + "." + &format!("{:02}", item.cents % 100) + "\n";
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_has_its_line() {
        let item = |name: &str, cents| Item { name: name.into(), cents };
        let text = listing(&[item("tea", 250), item("milk", 99)]);
        assert_eq!(text, "1. tea: 2.50\n2. milk: 0.99\n");
        assert_eq!(listing(&[]), "");
    }
}
