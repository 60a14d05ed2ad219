//! One-time codes: what a person signs in with once, before they choose a password of their own. Told over the telephone and
//! copied from paper, so they are written in letters and digits that are not taken for one another (Crockford's base 32).

use jiff::SignedDuration;

/// How long a code holds: over a weekend.
pub(crate) const LIFETIME: SignedDuration = SignedDuration::from_hours(72);

/// 32 of them, so that five random bits are one.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Twelve of them: 60 random bits, of which nobody guesses five in five minutes.
const LENGTH: usize = 12;

/// A new code, as it is kept (hashed) and compared.
pub(crate) fn make() -> String {
    rand::random::<[u8; LENGTH]>()
        .into_iter()
        .map(|byte| char::from(LETTERS[usize::from(byte % 32)]))
        .collect()
}

/// A code as a person reads it: `7KQX-M2DP-9HRT`.
pub(crate) fn shown(code: &str) -> String {
    let mut shown = String::with_capacity(LENGTH + 2);
    for (at, letter) in code.chars().enumerate() {
        if at > 0 && at % 4 == 0 {
            shown.push('-');
        }
        shown.push(letter);
    }
    shown
}

/// A code from what a person typed: in small letters, with or without hyphens and spaces, with an O for a zero.
pub(crate) fn read(typed: &str) -> String {
    typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            letter => letter,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        for _ in 0..64 {
            let code = make();
            assert_eq!(code.len(), LENGTH);
            assert_eq!(read(&shown(&code)), code);
            assert_eq!(
                read(&format!("  {} ", shown(&code).to_lowercase().replace('-', " "))),
                code
            );
        }
        assert_eq!(shown("7KQXM2DP9HRT"), "7KQX-M2DP-9HRT");
        assert_eq!(read("o0il-kqxm"), "0011KQXM");
    }

    #[test]
    fn no_two_codes_are_the_same() {
        let codes: std::collections::HashSet<_> = (0..100).map(|_| make()).collect();
        assert_eq!(codes.len(), 100);
    }
}
