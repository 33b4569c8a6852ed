types samples cpu
work 30 300 | main; at @ "self.text.chars().nth"; core::iter::traits::iterator::Iterator::nth
work 30 300 | main; end @ "self.text.chars().last"; core::iter::traits::iterator::Iterator::last
work 30 300 | main; is_marked @ "self.marks.iter"; core::iter::traits::iterator::Iterator::count
work 30 300 | main; file @ "path.split"; core::iter::traits::iterator::Iterator::last
