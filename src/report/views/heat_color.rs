//! Colours of a drawing: red is hot, grey is cold, green is what a difference saved.

/// The colour for a share of the total between −1 and 1; pale for backgrounds.
pub(super) fn heat_color(share: f64, background: bool) -> String {
    let (saturation, value) = if background { (0.1, 0.93) } else { (1.0, 0.7) };
    let share = share.clamp(-1.0, 1.0);
    // Near 0 the colour fades into grey instead of yellow.
    let saturation: f64 =
        if share.abs() < 0.2 { saturation * (share.abs() / 0.2) } else { saturation };
    // Small shares are moved away from grey, to be told apart.
    let score = share.signum() * share.abs().powf(0.3);
    let (red, green) = if score < 0.0 {
        (value * (1.0 + saturation * score), value)
    } else {
        (value, value * (1.0 - saturation * score))
    };
    let blue = value * (1.0 - saturation);
    let byte = |part: f64| (part * 255.0) as u8;
    format!("#{:02x}{:02x}{:02x}", byte(red), byte(green), byte(blue))
}
