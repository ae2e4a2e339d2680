//! `bundle`: a document of several files as one that stands alone.

use clap::{Args, ValueEnum};

use super::bounds::Bounds;
use super::client::Remote;
use super::{Done, Failure, input, pass_on};
use crate::report::counted;
use crate::spec::{Document, Fault, Syntax};

#[derive(Args)]
#[command(
    after_help = "References to URLs stay as they are: nothing is fetched. Nothing outside the folder\n\
    of FILE is opened. The answer is the same for the same files, and a document\n\
    without references to files is passed on byte for byte.\n\n\
    Exit codes: 0 written, 1 written though references lead nowhere, 2 wrong usage,\n\
    3 unreadable, or a reference leads out of the folder: nothing is written.\n\n\
    Examples:\n  sundial bundle api/openapi.yaml --output openapi.yaml\n  \
    sundial bundle api/openapi.yaml --format json | jq .paths\n  \
    sundial bundle git:origin/main:api/openapi.yaml > released.yaml"
)]
pub(super) struct BundleArgs {
    /// The root document: a file, `-`, git:REV:PATH or registry:ns/api@label.
    file: String,
    /// The syntax to write; by default that of the root.
    #[arg(long)]
    format: Option<Written>,
    /// Write to this file instead of standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<std::path::PathBuf>,
    #[command(flatten)]
    remote: Remote,
    #[command(flatten)]
    bounds: Bounds,
}

#[derive(Clone, Copy, ValueEnum)]
enum Written {
    Json,
    Yaml,
}

pub(super) fn bundle(args: &BundleArgs) -> Done {
    let (input, document) = input::document_with_bytes(&args.file, &args.remote, &args.bounds)?;
    let told = |faults: &[&Fault], what: &str| {
        let mut text = format!("{} {what}", counted(faults.len(), "reference"));
        for fault in faults {
            text.push('\n');
            text.push_str(&input::told(&document, fault, &input.name));
        }
        text
    };
    let (refused, dangling): (Vec<&Fault>, Vec<&Fault>) =
        document.left().iter().partition(|fault| fault.rule == "ref-external");
    if !refused.is_empty() {
        return Err(Failure::Unreadable(told(&refused, "must not be followed; nothing is written:")));
    }
    let text = written(&document, &input.bytes, args.format);
    match &args.output {
        None => pass_on(&text)?,
        Some(file) => std::fs::write(file, &text)
            .map_err(|error| Failure::Usage(format!("writing {}: {error}", file.display())))?,
    }
    if dangling.is_empty() {
        Ok(())
    } else {
        Err(Failure::Findings(told(&dangling, "left that no file answers:")))
    }
}

fn written(document: &Document, bytes: &[u8], format: Option<Written>) -> Vec<u8> {
    let syntax = match format {
        Some(Written::Json) => Syntax::Json,
        Some(Written::Yaml) => Syntax::Yaml,
        None => document.syntax(),
    };
    if syntax != document.syntax() {
        document.print(syntax).into_bytes()
    } else if document.is_joined() {
        document.bytes().to_owned()
    } else {
        bytes.to_owned()
    }
}
