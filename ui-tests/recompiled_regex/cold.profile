types samples cpu
work 2 2 | main; configure @ "Regex::new("; regex::regex::string::Regex::new
work 1 1 | main; configure_all @2 "Regex::new("; regex::regex::string::Regex::new
work 997 997 | main; work @ "text.split"
