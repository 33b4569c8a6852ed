//! Readings of a sensor, turned into temperatures.

/// A temperature with the number of the reading it came from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Temperature {
    /// Position of the reading in its series.
    pub reading: usize,
    /// Degrees Celsius.
    pub celsius: f64,
}

/// Converts a series of raw readings, each in steps of 1/16 degree above -40.
pub fn temperatures(raw: &[u16]) -> Vec<Temperature> {
    let mut temperatures = Vec::new();
    for (reading, steps) in raw.iter().enumerate() {
        temperatures.push(Temperature { reading, celsius: f64::from(*steps) / 16.0 - 40.0 });
    }
    temperatures
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reading_becomes_a_temperature_in_order() {
        assert_eq!(temperatures(&[]), []);
        let found = temperatures(&[0, 640, 1000]);
        let celsius: Vec<f64> = found.iter().map(|t| t.celsius).collect();
        assert_eq!(celsius, [-40.0, 0.0, 22.5]);
        assert_eq!(found[2].reading, 2);
    }
}
