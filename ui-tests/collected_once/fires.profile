types samples cpu
work 20 200 | main; report @ ".filter(|rule| rule.parts.is_empty"; core::iter::traits::iterator::Iterator::collect; malloc
work 20 200 | main; tidy @ "self.names.iter().filter"; core::iter::traits::iterator::Iterator::collect; malloc
work 20 200 | main; has @ "self.rules.iter"; core::iter::traits::iterator::Iterator::collect; malloc
work 20 200 | main; pair @ "text.split"; core::iter::traits::iterator::Iterator::collect; malloc
work 20 200 | main; is_palindrome @ "text.chars().rev"; core::iter::traits::iterator::Iterator::collect; malloc
