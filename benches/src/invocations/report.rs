use std::cmp::Ordering;

use crate::{build::Program, child::Figures};

/// The figures of several programs over several rounds.
#[derive(Default)]
pub(crate) struct Report(Vec<Row>);

struct Row {
    name: &'static str,
    size: u64,
    crates: usize,
    rounds: Vec<Figures>,
}

/// The medians of one program.
struct Medians {
    rate: f64,
    cpu: f64,
    first: f64,
    memory: f64,
}

impl Report {
    /// Adds one round of a program.
    pub(crate) fn add(&mut self, program: &Program, figures: Figures) {
        match self.0.iter_mut().find(|row| row.name == program.name) {
            Some(row) => row.rounds.push(figures),
            None => self.0.push(Row { name: program.name, size: program.size, crates: program.crates, rounds: vec![figures] }),
        }
    }

    /// Prints the medians, and the first program's beside each other's.
    pub(crate) fn print(&self, title: &str) {
        println!("\n{title}; medians");
        println!(
            "{:<18} {:>10} {:>10} {:>10} {:>9} {:>9} {:>7}",
            "", "events/s", "cpu us/ev", "first ms", "peak MiB", "size KiB", "crates"
        );
        for row in &self.0 {
            let medians = row.medians();
            println!(
                "{:<18} {:>10.0} {:>10.2} {:>10.2} {:>9.2} {:>9} {:>7}",
                row.name,
                medians.rate,
                medians.cpu,
                medians.first,
                medians.memory,
                row.size / 1024,
                row.crates
            );
        }
        let Some((ours, peers)) = self.0.split_first() else { return };
        for peer in peers {
            let (a, b) = (ours.medians(), peer.medians());
            println!(
                "{} / {}: events/s {:.2}, cpu {:.2}, first answer {:.2}, memory {:.2}",
                ours.name,
                peer.name,
                a.rate / b.rate,
                a.cpu / b.cpu,
                a.first / b.first,
                a.memory / b.memory
            );
        }
    }
}

impl Row {
    fn medians(&self) -> Medians {
        let of = |figure: fn(&Figures) -> f64| median(&mut self.rounds.iter().map(figure).collect::<Vec<_>>());
        Medians { rate: of(|f| f.rate), cpu: of(|f| f.cpu), first: of(|f| f.first), memory: of(|f| f.memory) }
    }
}

/// The middle one; the upper of the two middle ones of an even number.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(|a, b| a.partial_cmp(b).unwrap_or(Ordering::Equal));
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_median_is_the_middle_one() {
        assert!((median(&mut [3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((median(&mut [4.0, 1.0, 3.0, 2.0]) - 3.0).abs() < f64::EPSILON);
        assert!(median(&mut []).is_nan());
    }
}
