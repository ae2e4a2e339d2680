//! How much a document may ask of its reader, as settings that every command which reads one takes.

use clap::Args;

use crate::config::File;
use crate::spec::Limits;

#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Bounds on documents")]
pub(super) struct Bounds {
    /// Size in bytes, all files together [default: 67108864].
    #[arg(long, env = "SUNDIAL_MAX_DOCUMENT_BYTES", value_name = "BYTES")]
    max_document_bytes: Option<usize>,
    /// Values, repeated ones among them [default: 2000000].
    #[arg(long, env = "SUNDIAL_MAX_DOCUMENT_NODES", value_name = "VALUES")]
    max_document_nodes: Option<usize>,
    /// Lists and objects within each other [default: 200].
    #[arg(long, env = "SUNDIAL_MAX_DOCUMENT_DEPTH", value_name = "LEVELS")]
    max_document_depth: Option<usize>,
    /// Values that YAML aliases repeat [default: 500000].
    #[arg(long, env = "SUNDIAL_MAX_DOCUMENT_REPEATS", value_name = "VALUES")]
    max_document_repeats: Option<usize>,
    /// References followed [default: 2000000].
    #[arg(long, env = "SUNDIAL_MAX_DOCUMENT_REFERENCES", value_name = "LINKS")]
    max_document_references: Option<usize>,
    /// Work for what references repeat, in bytes of model; this bounds the time [default: 33554432].
    #[arg(long, env = "SUNDIAL_MAX_DOCUMENT_WORK", value_name = "BYTES")]
    max_document_work: Option<usize>,
}

impl Bounds {
    /// The flags and the environment over the defaults.
    pub(super) fn limits(&self) -> Limits {
        self.over(&File::default())
    }

    /// The flags and the environment over a file over the defaults.
    pub(super) fn over(&self, file: &File) -> Limits {
        let Limits { bytes, nodes, depth, alias_nodes, references, work } = Limits::default();
        Limits {
            bytes: self.max_document_bytes.or(file.max_document_bytes).unwrap_or(bytes),
            nodes: self.max_document_nodes.or(file.max_document_nodes).unwrap_or(nodes),
            depth: self.max_document_depth.or(file.max_document_depth).unwrap_or(depth),
            alias_nodes: self.max_document_repeats.or(file.max_document_repeats).unwrap_or(alias_nodes),
            references: self.max_document_references.or(file.max_document_references).unwrap_or(references),
            work: self.max_document_work.or(file.max_document_work).unwrap_or(work),
        }
    }
}
