use std::{
    io::{BufRead, IsTerminal, Write},
    path::PathBuf,
};

use clap::ValueEnum;

use crate::{failure::Failure, sketch::Trigger, terminal::Paint};

/// Asks what the project is called.
pub(super) fn name() -> Result<PathBuf, Failure> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Err(Failure::usage("say what the project is called: `cargo polyfn new NAME`"));
    }
    let Paint { bold, plain, .. } = Paint::stderr();
    let question = format!("{bold}What is it called?{plain} > ");
    answer(&mut std::io::stdin().lock(), &mut std::io::stderr().lock(), &question).map(|line| PathBuf::from(line.trim()))
}

/// Asks, and waits for a line.
fn answer(from: &mut impl BufRead, to: &mut impl Write, question: &str) -> Result<String, Failure> {
    let unheard = |error: std::io::Error| Failure::new(format!("nobody can be asked: {error}"));
    to.write_all(question.as_bytes()).and_then(|()| to.flush()).map_err(unheard)?;
    let mut line = String::new();
    match from.read_line(&mut line).map_err(unheard)? {
        0 => Err(Failure::new("nobody has answered")),
        _ => Ok(line),
    }
}

/// Asks which triggers are meant; where nobody can be asked it is these.
pub(crate) fn triggers(usual: &[Trigger]) -> Result<Vec<Trigger>, Failure> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Ok(usual.to_vec());
    }
    ask(&mut std::io::stdin().lock(), &mut std::io::stderr().lock(), Paint::stderr(), usual)
}

fn ask(from: &mut impl BufRead, to: &mut impl Write, paint: Paint, usual: &[Trigger]) -> Result<Vec<Trigger>, Failure> {
    let Paint { bold, dim, plain, .. } = paint;
    let unheard = |error: std::io::Error| Failure::new(format!("nobody can be asked: {error}"));
    let mut question = format!("{bold}What starts your functions?{plain} Numbers or names, several are fine.\n");
    for (at, trigger) in Trigger::value_variants().iter().enumerate() {
        let about = trigger.to_possible_value().and_then(|value| value.get_help().map(ToString::to_string)).unwrap_or_default();
        question.push_str(&format!("  {} {bold}{:<9}{plain}{dim}{about}{plain}\n", at + 1, trigger.as_str()));
    }
    let default = usual.iter().map(|trigger| trigger.as_str()).collect::<Vec<_>>().join(" ");
    let prompt = if default.is_empty() { "> ".to_owned() } else { format!("[{default}] > ") };
    to.write_all(question.as_bytes()).map_err(unheard)?;
    loop {
        let line = answer(from, to, &prompt)?;
        let words: Vec<_> = line.split([',', ' ', '\t', '\n', '\r']).filter(|word| !word.is_empty()).collect();
        let chosen: Result<Vec<_>, _> = words.iter().map(|word| read(word).ok_or(*word)).collect();
        match chosen {
            Ok(chosen) if !chosen.is_empty() => return Ok(chosen),
            Ok(_) if !usual.is_empty() => return Ok(usual.to_vec()),
            Ok(_) => {}
            Err(word) => writeln!(to, "`{}` is none of them", word.escape_default()).map_err(unheard)?,
        }
    }
}

fn read(word: &str) -> Option<Trigger> {
    let numbered = word.parse::<usize>().ok().and_then(|number| Trigger::value_variants().get(number.checked_sub(1)?));
    numbered.copied().or_else(|| Trigger::from_str(word, true).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(mut lines: &[u8], usual: &[Trigger]) -> (Result<Vec<Trigger>, String>, String) {
        let mut told = Vec::new();
        let chosen = ask(&mut lines, &mut told, Paint::default(), usual).map_err(|failure| failure.to_string());
        (chosen, String::from_utf8(told).unwrap())
    }

    #[test]
    fn an_answer_is_numbers_or_names() {
        let (chosen, told) = answered(b"1, queue 9\n", &[Trigger::Http]);
        assert_eq!(chosen, Ok(vec![Trigger::Http, Trigger::Queue, Trigger::Event]));
        assert!(told.contains("  3 queue    A message of a queue, for one reader\n") && told.ends_with("[http] > "), "{told}");
    }

    #[test]
    fn no_answer_is_the_usual_one_and_a_wrong_one_is_asked_for_again() {
        assert_eq!(answered(b"\n", &[Trigger::Http]).0, Ok(vec![Trigger::Http]));
        let (chosen, told) = answered(b"0\n10\nkafka\n\nTopic\n", &[]);
        assert_eq!(chosen, Ok(vec![Trigger::Topic]));
        assert_eq!(told.matches("is none of them").count(), 3);
        assert_eq!(answered(b"", &[Trigger::Http]).0, Err("nobody has answered".to_owned()));
    }
}
