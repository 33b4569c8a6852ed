bench color iterations=1000 alloc_objects=71000 alloc_space=5321000
types samples cpu alloc_objects alloc_space
color 80 800 90 9000 | main; is_color @ "Regex::new("; regex::regex::string::Regex::new; regex_syntax::parser::Parser::parse
color 20 200 10 1000 | main; is_color @ "color.is_match"; regex::regex::string::Regex::is_match
words 30 300 1 10 | main; count @ "filter(|text|"; is_word @ "Regex::new(r"; regex::regex::string::Regex::new
words 70 700 1 10 | main; count @ "filter(|text|"; is_word @2 "is_match(text)"; regex::regex::string::Regex::is_match
dates 30 300 1 10 | main; dates @ "NaiveDate::parse_from_str(text"; chrono::naive::date::NaiveDate::parse_from_str; <chrono::format::strftime::StrftimeItems as core::iter::traits::iterator::Iterator>::next
dates 70 700 1 10 | main; dates @ "NaiveDate::parse_from_str(text"; chrono::naive::date::NaiveDate::parse_from_str; chrono::format::scan::number
