//! What criterion and libtest print, as benchmark results.

mod criterion;
mod libtest;

use super::benchfmt::{Measurement, Value, clean_name};

pub use libtest::{Printed as LibtestLine, printed as libtest_line};

/// Takes the lines of an output one by one and keeps what they say of benches.
#[derive(Debug, Default)]
pub struct Output {
    results: Vec<Measurement>,
    criterion: criterion::Lines,
}

impl Output {
    /// Takes a line.
    pub fn line(&mut self, line: &str) {
        let result = libtest::result(line).or_else(|| self.criterion.result(line));
        match result {
            Some(Found::Bench(result)) => self.results.push(result),
            // A rate belongs to the time before it.
            Some(Found::Rate(value)) => {
                if let Some(last) = self.results.last_mut() {
                    last.values.push(value);
                }
            }
            None => {}
        }
    }

    /// What was found, in the order of the lines.
    pub fn results(self) -> Vec<Measurement> {
        self.results
    }
}

enum Found {
    Bench(Measurement),
    Rate(Value),
}

fn value(value: f64, unit: &str) -> Value {
    Value { value, unit: unit.into(), written: None }
}

/// A bench of so many seconds per iteration.
fn bench(name: &str, seconds: f64) -> Measurement {
    let mut result = Measurement::new(&clean_name(name));
    result.iterations = 1;
    result.values.push(value(seconds, "sec/op"));
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let mut output = Output::default();
        text.lines().for_each(|line| output.line(line));
        let words = |result: &Measurement| {
            let values: Vec<String> =
                result.values.iter().map(|v| format!("{:.6e} {}", v.value, v.unit)).collect();
            format!("{} {}", result.name, values.join(" "))
        };
        output.results().iter().map(words).collect()
    }

    #[test]
    fn criterion_prints_names_before_times_and_rates_behind_them() {
        let text = "\
Benchmarking fib 20: Analyzing
fib 20                  time:   [26.029 µs 26.251 µs 26.505 µs]
                        change: [-1.2% +0.1% +1.4%] (p = 0.88 > 0.05)
                        No change in performance detected.
Found 1 outliers among 100 measurements (1.00%)
a name that is too long for one line/of the table
                        time:   [1.0000 ms 1.2500 ms 2.0000 ms]
                        thrpt:  [1.0000 MiB/s 2.0000 MiB/s 3.0000 MiB/s]
                 change:
                        time:   [-1.2% +0.1% +1.4%] (p = 0.88 > 0.05)
                        thrpt:  [-1.2% +0.1% +1.4%]
short                   time:   [812.00 ps 813.00 ps 814.00 ps]
                        thrpt:  [1.1 Gelem/s 1.2 Gelem/s 1.3 Gelem/s]
";
        assert_eq!(
            read(text),
            [
                "fib_20 2.625100e-5 sec/op",
                "a_name_that_is_too_long_for_one_line/of_the_table 1.250000e-3 sec/op 2.097152e6 B/s",
                "short 8.130000e-10 sec/op 1.200000e9 elem/s",
            ]
        );
    }

    #[test]
    fn libtest_prints_lines_or_json() {
        let text = "\
running 2 tests
test a::b ... bench:       1,234.56 ns/iter (+/- 7.89) = 5 MB/s
test c ... bench:           7 ns/iter (+/- 0)
test d ... ok
{ \"type\": \"bench\", \"name\": \"e\", \"median\": 1500, \"deviation\": 3, \"mib_per_second\": 2 }
{ \"type\": \"test\", \"event\": \"started\", \"name\": \"f\" }
";
        assert_eq!(
            read(text),
            [
                "a::b 1.234560e-6 sec/op 5.000000e6 B/s",
                "c 7.000000e-9 sec/op",
                "e 1.500000e-6 sec/op 2.000000e6 B/s",
            ]
        );
    }

    #[test]
    fn other_lines_say_nothing() {
        assert_eq!(read("PASS\ntime: [x]\ntime: [1 s]\nx time: [1 s 2 h 3 s]\n"), [""; 0]);
    }
}
