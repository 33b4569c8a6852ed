//! Where an instruction names the function that is called, on the two machines that are known.
//!
//! Nothing is disassembled. A position is believed only if what it names is a function: a symbol
//! that a relocation names, or an address that is exactly the first of a known function.

/// How far a call through a register may stand from the load of its address.
const NEAR: usize = 96;

/// Whether the 32-bit operand at `at` is that of a call, or of a load for a call that follows.
pub(super) fn is_callee_operand(bytes: &[u8], at: usize, arm: bool) -> bool {
    if at >= bytes.len() {
        return false;
    }
    if arm {
        // BL imm26
        return bytes.get(at + 3).is_some_and(|byte| byte & 0xfc == 0x94);
    }
    let before = |n: usize| at.checked_sub(n).and_then(|at| bytes.get(at)).copied();
    let (first, second, third) = (before(1), before(2), before(3));
    // CALL rel32, and CALL [rip + disp32].
    if first == Some(0xe8) || (second == Some(0xff) && first == Some(0x15)) {
        return true;
    }
    // LEA or MOV of a 64-bit register, relative to the instruction pointer.
    let (Some(modrm), Some(0x8b | 0x8d), Some(rex @ (0x48 | 0x4c))) = (first, second, third) else {
        return false;
    };
    if modrm & 0xc7 != 0x05 {
        return false;
    }
    let call = [0xff, 0xd0 | (modrm >> 3 & 7)];
    let rest = bytes.get(at + 4..(at + 4 + NEAR).min(bytes.len())).unwrap_or(&[]);
    rest.windows(2).enumerate().any(|(at, window)| {
        let extended = at.checked_sub(1).and_then(|at| rest.get(at)) == Some(&0x41);
        window == call && extended == (rex == 0x4c)
    })
}

/// Addresses that calls in `bytes`, which begin at `start`, go to.
pub(super) fn targets(bytes: &[u8], start: u64, arm: bool) -> Vec<u64> {
    if arm {
        let words = bytes.chunks_exact(4).enumerate();
        return words
            .filter_map(|(at, word)| {
                let word = u32::from_le_bytes([word[0], word[1], word[2], word[3]]);
                // Shift the 26 bits up and back so that the sign is kept.
                let offset = (word << 6).cast_signed() >> 4;
                let address = start.wrapping_add(at as u64 * 4);
                (word >> 26 == 0b10_0101).then(|| address.wrapping_add_signed(i64::from(offset)))
            })
            .collect();
    }
    let operands = bytes.windows(4).enumerate();
    operands
        .filter(|&(at, _)| is_callee_operand(bytes, at, false))
        .map(|(at, operand)| {
            let offset = i32::from_le_bytes([operand[0], operand[1], operand[2], operand[3]]);
            // Relative to the next instruction.
            start.wrapping_add(at as u64 + 4).wrapping_add_signed(i64::from(offset))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::targets;

    #[test]
    fn calls_are_relative_to_the_next_instruction() {
        assert_eq!(targets(&[0x90, 0xe8, 0x10, 0, 0, 0], 0x1000, false), [0x1016]);
        assert_eq!(targets(&[0xe8, 0xfb, 0xff, 0xff, 0xff], 0x1000, false), [0x1000]);
    }

    #[test]
    fn an_address_loaded_into_a_register_counts_where_that_register_is_called() {
        let lea = [0x48, 0x8d, 0x05, 0x10, 0, 0, 0, 0x90];
        let called = [&lea[..], &[0xff, 0xd0]].concat();
        let other = [&lea[..], &[0xff, 0xd1]].concat();
        assert_eq!(targets(&called, 0, false), [0x17]);
        assert!(targets(&other, 0, false).is_empty());
    }

    #[test]
    fn branches_with_link_reach_both_ways() {
        assert_eq!(targets(&0x9400_0002_u32.to_le_bytes(), 0x1000, true), [0x1008]);
        assert_eq!(targets(&0x97ff_ffff_u32.to_le_bytes(), 0x1000, true), [0xffc]);
        assert!(targets(&0x1400_0002_u32.to_le_bytes(), 0x1000, true).is_empty());
    }
}
