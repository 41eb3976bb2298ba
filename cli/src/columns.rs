use std::ops::Range;

use crate::terminal::Paint;

/// Lines with their cells below one another, the first line a head. The columns of `numbers` end below one another, the others
/// begin there.
pub(crate) fn columns<const N: usize>(rows: &[[String; N]], numbers: Range<usize>, paint: Paint) -> String {
    let mut widths = [0_usize; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for (line, row) in rows.iter().enumerate() {
        let cells =
            row.iter().zip(widths).enumerate().map(|(at, (cell, width))| {
                if numbers.contains(&at) { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
            });
        let cells = cells.collect::<Vec<_>>().join("  ");
        let (on, off) = if line == 0 { (paint.bold, paint.plain) } else { ("", "") };
        text.push_str(&format!("{on}{}{off}\n", cells.trim_end()));
    }
    text
}
