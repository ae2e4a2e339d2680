//! What differs from run to run, masked in snapshots.

/// Patterns and what stands for them, in the order in which they are applied.
const FILTERS: &[(&str, &str)] = &[
    (r"/tmp/sundial-[A-Za-z0-9_-]+(/\.tmp[A-Za-z0-9]+)?", "[folder]"),
    (r"\b(127\.0\.0\.1|localhost):\d{4,5}\b", "[address]"),
    (r"\bsdl_[A-Za-z0-9_-]+", "[token]"),
    (r"\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})", "[instant]"),
    (r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT\b", "[http date]"),
    (r"\bsdf1:[0-9a-f]{24}\b", "[fingerprint]"),
    (r"\b[0-9a-f]{64}\b", "[sha256]"),
    (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "[uuid]"),
    (r"\bsundial \d+\.\d+\.\d+\b", "sundial [version]"),
];

/// Masks folders, addresses, tokens, instants, hashes and fingerprints in all snapshots of this thread while the value
/// lives: `let _masked = redact::masked();`. Dates alone stay: they are data.
pub fn masked() -> insta::internals::SettingsBindDropGuard {
    let mut settings = insta::Settings::clone_current();
    for (pattern, name) in FILTERS {
        settings.add_filter(pattern, *name);
    }
    settings.bind_to_scope()
}
