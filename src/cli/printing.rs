//! How an answer is printed: its format, and whether in colour.

use std::io::IsTerminal;

use clap::{Args, ValueEnum};

use super::{Done, answer};
use crate::report::{Answer, Colour, Format};

/// The flags of a command that prints a report.
#[derive(Args, Clone, Debug)]
pub(super) struct Printing {
    #[arg(long, default_value = "text", value_parser = Format::find,
        help = format!("How to print it: {}", Format::names()))]
    format: &'static Format,
    /// Whether text is coloured; auto is on a terminal, unless `NO_COLOR` is set.
    #[arg(long, alias = "colour", value_name = "WHEN", default_value = "auto")]
    color: When,
}

/// When text is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum When {
    Auto,
    Always,
    Never,
}

impl Printing {
    /// Prints an answer to stdout.
    pub(super) fn answer(&self, what: &Answer<'_>) -> Done {
        // no-color.org: present and not empty.
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let colour = self.color.colour(std::io::stdout().is_terminal() && !dumb, refused);
        answer((self.format.write)(what, colour).as_bytes())
    }
}

impl When {
    const fn colour(self, is_watched: bool, is_refused: bool) -> Colour {
        match self {
            Self::Always => Colour::Always,
            Self::Auto if is_watched && !is_refused => Colour::Always,
            Self::Auto | Self::Never => Colour::Never,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_is_for_those_who_watch_and_did_not_refuse() {
        let cases = [
            (When::Auto, true, false, Colour::Always),
            (When::Auto, true, true, Colour::Never),
            (When::Auto, false, false, Colour::Never),
            (When::Always, false, true, Colour::Always),
            (When::Never, true, false, Colour::Never),
        ];
        for (when, is_watched, is_refused, colour) in cases {
            assert_eq!(when.colour(is_watched, is_refused), colour, "{when:?} {is_watched} {is_refused}");
        }
    }
}
