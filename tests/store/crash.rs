//! What a crash leaves: every acknowledged publish, and an audit chain that holds.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use reqwest::Method;
use sqlx::Connection;

use crate::support::documents::charges;
use crate::support::program::{Server, run};
use crate::support::server::{Caller, RUNTIME};

const ROUNDS: usize = 50;
const PUBLISHERS: usize = 3;

/// A number that nobody chose, below `bound`.
fn chance(bound: usize) -> usize {
    usize::try_from(RandomState::new().hash_one(0) % bound as u64).expect("below the bound")
}

fn path(label: &str) -> String {
    format!("/api/v1/apis/payments/charges/versions/{label}")
}

#[test]
fn acknowledged_publishes_survive_kill_nine() {
    let mut server = Server::sqlite();
    let database = format!("sqlite:{}", server.folder().join("sundial.db").display());
    let acknowledged: Mutex<BTreeMap<String, String>> = Mutex::default();
    for round in 0..ROUNDS {
        if round > 0 {
            server.resume();
        }
        let (before, stopped) = (acknowledged.lock().expect("unpoisoned").len(), AtomicBool::new(false));
        let (number, in_flight) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let admin = Caller::admin(&server);
        std::thread::scope(|scope| {
            for _ in 0..PUBLISHERS {
                scope.spawn(|| {
                    while !stopped.load(Ordering::SeqCst) {
                        let label = format!("1.{round}.{}", number.fetch_add(1, Ordering::SeqCst));
                        let document = charges("api.example.com", "/v1", "").replace("All charges", &label);
                        in_flight.fetch_add(1, Ordering::SeqCst);
                        let reply =
                            admin.attempt(Method::PUT, &path(&label), &[], document.clone().into_bytes());
                        in_flight.fetch_sub(1, Ordering::SeqCst);
                        match reply {
                            Ok(reply) if reply.status == 201 => {
                                acknowledged.lock().expect("unpoisoned").insert(label, document);
                            }
                            Ok(reply) => panic!("{label}: {} {}", reply.status, reply.text()),
                            Err(_) => return,
                        }
                    }
                });
            }
            // At a random moment of a random publish, once at least one is acknowledged.
            let wanted = before + 1 + chance(4);
            while acknowledged.lock().expect("unpoisoned").len() < wanted {
                std::thread::yield_now();
            }
            for _ in 0..chance(20_000) {
                std::hint::spin_loop();
            }
            while in_flight.load(Ordering::SeqCst) == 0 {
                std::thread::yield_now();
            }
            server.kill();
            stopped.store(true, Ordering::SeqCst);
        });
    }
    let acknowledged = acknowledged.into_inner().expect("unpoisoned");
    assert!(acknowledged.len() >= ROUNDS, "each round acknowledged one");
    server.resume();
    let reader = Caller::anon(&server);
    for (label, document) in &acknowledged {
        let kept = reader.get(&format!("{}/document", path(label)));
        assert_eq!((kept.status, kept.text()), (200, document.clone()), "{label}");
    }
    server.stop();
    run(["admin", "verify-audit", "--database", &database]).expect(0);
    println!("{ROUNDS} kills, {} acknowledged publishes, all there", acknowledged.len());

    altered_rows_are_named(&database);
}

/// A row that was altered by hand is found and named.
fn altered_rows_are_named(database: &str) {
    let edit = |sql: &'static str| {
        RUNTIME.block_on(async {
            let mut connection = sqlx::SqliteConnection::connect(database).await.expect("the database");
            sqlx::query(sql).execute(&mut connection).await
        })
    };
    let refused = edit("UPDATE audit SET details = '{}' WHERE seq = 7").expect_err("rows are not changed");
    assert!(refused.to_string().contains("append-only"), "{refused}");
    let refused = edit("DELETE FROM audit WHERE seq = 7").expect_err("rows are not dropped");
    assert!(refused.to_string().contains("append-only"), "{refused}");
    edit("DROP TRIGGER audit_no_update").expect("an intruder can");
    edit("DROP TRIGGER audit_no_delete").expect("an intruder can");
    let verify = || run(["admin", "verify-audit", "--database", database]);
    edit("UPDATE audit SET details = '{}' WHERE seq = 7").expect("altered");
    let found = verify();
    assert_eq!(found.code, 1);
    assert!(found.stdout.contains("row 7 was altered"), "{}", found.stdout);
    edit("DELETE FROM audit WHERE seq = 7").expect("dropped");
    let found = verify();
    assert!(found.stdout.contains("row 8 does not follow"), "{}", found.stdout);
    edit("DELETE FROM audit WHERE seq >= 7").expect("cut off");
    let found = verify();
    assert!(found.stdout.contains("row 6 is the last one there"), "{}", found.stdout);
}
