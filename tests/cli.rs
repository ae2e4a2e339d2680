//! The program from the shell: its commands, their answers and their exit codes.

#[macro_use]
mod support;

mod cli {
    mod bundle;
    mod corpus;
    mod documents;
    mod forms;
    mod jobs;
    mod split;
}
