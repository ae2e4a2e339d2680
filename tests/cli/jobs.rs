//! The jobs that the README shows: their very shell lines, against a real registry.

use crate::support::documents::{charges, charges_without_reading_one};
use crate::support::program::Server;
use crate::support::{package, shell_lines};

#[test]
fn the_jobs_of_the_readme_run_as_they_are_written() {
    let readme = std::fs::read_to_string(package().join("README.md")).expect("the README");
    for file in ["deploy/ci/github-actions.yml", "deploy/ci/gitlab-ci.yml"] {
        let job = std::fs::read_to_string(package().join(file)).expect("the job");
        assert!(readme.contains(job.trim_end()), "the README shows {file} as it is");
        let lines = shell_lines(file);
        assert_eq!(lines.len(), 2, "{file}: a check and a publish: {lines:?}");

        let server = Server::sqlite();
        let folder = crate::support::folder();
        let document = folder.path().join("openapi.yaml");
        let job = |line: &str, version: &str| {
            server.client().dir(folder.path()).env("VERSION", version).shell(line)
        };
        std::fs::write(&document, charges("api.example.com", "/v1", "")).expect("a file");
        for line in &lines {
            job(line, "1.4.0").expect(0);
        }
        assert!(server.run(["version", "show", "payments/charges@1.4.0"]).expect(0).stdout.contains("1.4.0"));

        server.run(["policy", "set", "payments", "guarded"]).expect(0);
        std::fs::write(&document, charges_without_reading_one("api.example.com", "/v1")).expect("a file");
        for line in &lines {
            job(line, "1.5.0").expect(1);
        }
        server.run(["version", "show", "payments/charges@1.5.0"]).expect(2);
    }
}
