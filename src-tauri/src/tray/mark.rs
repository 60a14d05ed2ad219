//! The bell with a sign of how the desk stands. The signs differ by shape and not by colour alone.

use tauri::image::Image;

const BELL: Image<'_> = tauri::include_image!("icons/32x32.png");
/// Centre of the sign, in pixels.
const CENTRE: f32 = 23.5;
const RADIUS: f32 = 8.0;

/// The sign on the bell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// None: all is well.
    Live,
    /// A ring: what is shown may be old.
    Stale,
    /// A disc with a bar: no connection.
    Offline,
    /// A disc: something waits.
    Waiting,
}

impl Mark {
    /// The icon's side, in pixels.
    pub(crate) const SIDE: u32 = 32;

    /// The icon as red, green, blue and alpha, row by row.
    pub(crate) fn rgba(self) -> Vec<u8> {
        let mut pixels = BELL.rgba().to_vec();
        for (at, pixel) in (0_u16..).zip(pixels.chunks_exact_mut(4)) {
            let (x, y) = (f32::from(at % 32) + 0.5 - CENTRE, f32::from(at / 32) + 0.5 - CENTRE);
            if let Some(colour) = self.colour_at(x, y) {
                pixel.copy_from_slice(&colour);
            }
        }
        pixels
    }

    /// The sign's colour so far from its centre; none outside of it.
    fn colour_at(self, x: f32, y: f32) -> Option<[u8; 4]> {
        const WHITE: [u8; 4] = [255, 255, 255, 255];
        let from_centre = x.hypot(y);
        if self == Mark::Live || from_centre > RADIUS {
            return None;
        }
        // A white rim sets the sign off from the bell and from any panel.
        if from_centre > RADIUS - 1.5 {
            return Some(WHITE);
        }
        Some(match self {
            Mark::Live => return None,
            Mark::Stale if from_centre < 3.0 => WHITE,
            Mark::Stale => [0xb4, 0x53, 0x09, 255],
            Mark::Offline if y.abs() < 1.5 && x.abs() < 4.5 => WHITE,
            Mark::Offline => [0xb9, 0x1c, 0x1c, 255],
            Mark::Waiting => [0x1d, 0x4e, 0xd8, 255],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signs_differ_in_shape_too() {
        let shape = |mark: Mark| -> Vec<bool> {
            let pixels = mark.rgba();
            pixels.chunks_exact(4).map(|pixel| pixel == [255; 4]).collect()
        };
        let marks = [Mark::Live, Mark::Stale, Mark::Offline, Mark::Waiting];
        for (at, one) in marks.into_iter().enumerate() {
            for other in &marks[at + 1..] {
                assert_ne!(shape(one), shape(*other), "{one:?} and {other:?}");
            }
        }
        assert_eq!(Mark::Live.rgba(), BELL.rgba());
    }
}
