//! Lays out a text table: columns that grow or shrink, cells that span, margins that align.
//!
//! A table is put down twice, once to be measured and once to be printed, so that only widths are
//! held in memory.

/// Where a text stands in the width of its cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// At the left.
    Left,
    /// In the middle, rather left than right.
    Center,
    /// At the right.
    Right,
}

/// Takes cells from top left to bottom right.
#[derive(Debug, Default)]
pub struct Layout {
    column: usize,
    cells: usize,
    /// Columns that are never made wider for a cell that spans them.
    tight: Vec<bool>,
    /// The widest text of the cells that are one column wide.
    texts: Vec<Option<isize>>,
    /// The widest margin of all cells that begin in a column.
    margins: Vec<isize>,
    spanning: Vec<Spanning>,
    print: Option<Print>,
}

#[derive(Debug)]
struct Spanning {
    column: usize,
    span: usize,
    width: isize,
}

/// What is printed so far.
#[derive(Debug)]
struct Print {
    /// Where each column begins, and where the last one ends.
    starts: Vec<isize>,
    out: String,
    /// Rows that were begun since the last text.
    rows: usize,
    at: isize,
}

impl Layout {
    /// Lays out what `put` puts down. It is called twice and must do the same each time.
    pub fn text(mut put: impl FnMut(&mut Layout)) -> String {
        let mut layout = Layout::default();
        put(&mut layout);
        let mut starts = vec![0];
        for width in layout.widths() {
            starts.push(starts[starts.len() - 1] + width);
        }
        layout.print = Some(Print { starts, out: String::new(), rows: 0, at: 0 });
        (layout.cells, layout.column) = (0, 0);
        put(&mut layout);
        let mut out = layout.print.map(|print| print.out).unwrap_or_default();
        if layout.cells > 0 {
            out.push('\n');
        }
        out
    }

    /// Begins the next row.
    pub fn row(&mut self) {
        if self.cells > 0
            && let Some(print) = &mut self.print
        {
            print.rows += 1;
        }
        self.column = 0;
    }

    /// Goes on to a column further right.
    pub fn go_to(&mut self, column: usize) {
        self.column = column;
    }

    /// The column of the next cell.
    pub fn column(&self) -> usize {
        self.column
    }

    /// Puts a cell one column wide, a space apart from the one before.
    pub fn cell(&mut self, text: impl AsRef<str>, align: Align) {
        let margin = if self.column == 0 || text.as_ref().is_empty() { "" } else { " " };
        self.span(1, text, align, margin);
    }

    /// Puts a cell that spans columns, with its own margin at the left.
    pub fn span(&mut self, span: usize, text: impl AsRef<str>, align: Align, margin: &str) {
        let (text, column) = (text.as_ref(), self.column);
        match &mut self.print {
            None => self.measure(column, span, text, margin),
            Some(print) => print.cell(column, span, text, align, margin, self.margins[column]),
        }
        self.cells += 1;
        self.column += span;
    }

    /// Keeps a column as narrow as its own cells are.
    pub fn keep_tight(&mut self, column: usize) {
        if self.tight.len() <= column {
            self.tight.resize(column + 1, false);
        }
        self.tight[column] = true;
    }

    fn measure(&mut self, column: usize, span: usize, text: &str, margin: &str) {
        if self.texts.len() < column + span {
            self.texts.resize(column + span, None);
            self.margins.resize(column + span, 0);
        }
        self.margins[column] = self.margins[column].max(width(margin));
        let width = width(text);
        if span == 1 {
            // A column without cells of its own has no width, not even a margin.
            self.texts[column] = Some(self.texts[column].unwrap_or(0).max(width));
        } else {
            self.spanning.push(Spanning { column, span, width });
        }
    }

    /// Widths with margins: first what single cells need, then what spanning ones lack.
    fn widths(&self) -> Vec<isize> {
        let own = self.texts.iter().zip(&self.margins);
        let mut widths: Vec<isize> =
            own.map(|(text, margin)| text.map_or(0, |text| text + margin)).collect();
        let mut by_span: Vec<&Spanning> = self.spanning.iter().collect();
        by_span.sort_by_key(|cell| cell.span);
        for cell in by_span {
            let mut needed = cell.width + self.margins[cell.column];
            let spanned = cell.column..cell.column + cell.span;
            if widths[spanned.clone()].iter().sum::<isize>() >= needed {
                continue;
            }
            let (tight, mut loose): (Vec<usize>, Vec<usize>) =
                spanned.partition(|&at| self.tight.get(at).copied().unwrap_or(false));
            needed -= tight.iter().map(|&at| widths[at]).sum::<isize>();
            // From wide to narrow: each gets its even share of what is left, or keeps its width
            // where that is more.
            loose.sort_by_key(|&at| std::cmp::Reverse(widths[at]));
            let mut left = loose.len() as isize;
            for at in loose {
                // Rounded up, as what is needed may also be less than nothing.
                let share = (needed + left - 1) / left;
                widths[at] = widths[at].max(share);
                needed -= widths[at];
                left -= 1;
            }
        }
        widths
    }
}

impl Print {
    fn cell(
        &mut self,
        column: usize,
        span: usize,
        text: &str,
        align: Align,
        margin: &str,
        widest_margin: isize,
    ) {
        // Nothing is printed for an empty cell, so that no row ends in spaces.
        if text.trim().is_empty() && margin.trim().is_empty() {
            return;
        }
        for _ in 0..std::mem::take(&mut self.rows) {
            self.out.push('\n');
            self.at = 0;
        }
        let gap = self.starts[column] - self.at;
        self.pad(gap);
        self.pad(widest_margin - width(margin));
        self.out.push_str(margin);
        self.at += gap + widest_margin;
        let room = self.starts[column + span] - self.starts[column] - widest_margin;
        self.at += self.put(text, room, align);
    }

    /// Puts a text into the room for it; gives the width that was used.
    fn put(&mut self, text: &str, room: isize, align: Align) -> isize {
        let width = width(text);
        let (before, after) = match align {
            Align::Left => (0, 0),
            Align::Center => ((room - width) / 2, 0),
            Align::Right if room < 0 => (0, (-room - width).max(0)),
            Align::Right => ((room - width).max(0), 0),
        };
        self.pad(before);
        self.out.push_str(text);
        self.pad(after);
        before.abs() + width + after
    }

    /// Spaces. A cell that reaches beyond its columns leaves a negative gap to the next; it is
    /// filled with as many spaces as it is wide, as in the layout that this follows.
    fn pad(&mut self, count: isize) {
        self.out.extend(std::iter::repeat_n(' ', count.unsigned_abs()));
    }
}

fn width(text: &str) -> isize {
    text.chars().count() as isize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let text = Layout::text(|table| {
            table.row();
            table.cell("name", Align::Left);
            table.cell("n", Align::Right);
            table.row();
            table.cell("a", Align::Left);
            table.cell("100", Align::Right);
        });
        assert_eq!(text, "name   n\na    100\n");
    }

    #[test]
    fn a_wide_heading_widens_only_loose_columns() {
        let text = Layout::text(|table| {
            table.row();
            table.span(2, "a heading", Align::Center, "|");
            table.keep_tight(1);
            table.row();
            table.cell("1", Align::Right);
            table.cell("2", Align::Right);
        });
        assert_eq!(text, "|a heading\n       1 2\n");
    }

    #[test]
    fn nothing_gives_nothing() {
        assert_eq!(Layout::text(|_| {}), "");
    }
}
