//! The same calls on SQLite and on PostgreSQL, with the same answers.

use serde_json::{Value, json};
use sqlx::Connection;
use sundial::enforcement::UnknownCalls;
use sundial::spec::Limits;

use crate::support::documents::{charges, charges_without_reading_one};
use crate::support::postgres::Database;
use crate::support::program::run;
use crate::support::server::{Local, RUNTIME};

const NOW: &str = "2026-03-01T12:00:00Z";

fn registry(database: &str) -> Local {
    Local::over(
        crate::support::folder(),
        database,
        NOW,
        "https://apis.example.com",
        UnknownCalls::Allow,
        Limits::default(),
    )
}

/// One life of an API, as a transcript of statuses and bodies.
fn life(registry: &Local) -> Vec<(u16, Value)> {
    let admin = registry.admin();
    let api = "/api/v1/apis/payments/charges";
    let version = |label: &str| format!("{api}/versions/{label}");
    let v1 = charges("api.example.com", "/v1", "");
    let broken = charges_without_reading_one("api.example.com", "/v1");
    let mut said = Vec::new();
    let mut say = |reply: crate::support::server::Reply| {
        let mut body: Value = serde_json::from_slice(&reply.body).unwrap_or(Value::Null);
        if let Some(map) = body.as_object_mut() {
            map.remove("published_at");
        }
        said.push((reply.status, body));
    };
    say(admin.put(&version("1.0.0"), v1.clone()));
    say(admin.put(&version("1.0.0"), v1.clone()));
    say(admin.put(&version("1.0.0"), broken.clone()));
    say(admin.put(&format!("{}?draft=true", version("1.1.0")), v1.clone()));
    say(admin.put(&format!("{}?draft=true", version("1.1.0")), broken.clone()));
    say(admin.put(&version("1.1.0"), broken));
    say(admin.put(&version("2.0.0"), charges("api.example.com", "/v2", "")));
    say(admin.put("/api/v1/namespaces/payments/policy", r#"{"preset":"guarded"}"#));
    say(admin.put(&version("2.1.0"), charges_without_reading_one("api.example.com", "/v2")));
    let dates = json!({"deprecated_at": "2026-03-02", "sunset_at": "2026-12-31", "successor": "v2"});
    say(admin.put(&format!("{api}/lines/v1/lifecycle"), dates.to_string()));
    say(admin.put(
        &format!("{}/lifecycle", version("1.1.0")),
        json!({"sunset_at": "2026-01-01", "force": true}).to_string(),
    ));
    say(admin.post(&format!("{api}/lines/v2/block"), r#"{"reason":"leaks"}"#));
    say(admin.post(&format!("{api}/lines/v2/unblock"), r#"{"reason":"mended"}"#));
    let route = json!({"items": [{"host": "old.example.com", "path": "/c", "header": "V=1", "query": null}]});
    say(admin.put(&format!("{api}/lines/v1/routes"), route.to_string()));
    say(admin.put("/api/v1/apis/shop/50%25_off/versions/1.0.0", v1.clone()));
    say(admin.put("/api/v1/apis/shop/orders/versions/2026-01-01", v1));
    let ask =
        json!({"host": "old.example.com", "path": "/c/charges", "method": "GET", "headers": {"v": "1"}});
    say(admin.post("/enforce/v1/decide", ask.to_string()));
    let unknown = json!({"host": "nowhere.example", "path": "/", "method": "GET"});
    say(admin.post("/enforce/v1/decide", unknown.to_string()));
    for _ in 0..2 {
        RUNTIME.block_on(registry.registry.flush_usage()).expect("written");
    }
    say(admin.get(&format!("{api}/lines/v1/usage")));
    for path in ["/api/v1/apis", "/api/v1/apis?q=ORD", "/api/v1/apis?q=%25", "/api/v1/apis?limit=1", api] {
        say(admin.get(path));
    }
    for path in ["/versions", "/lines", "/versions/1.1.0", "/diff?from=1.0.0&to=1.1.0&format=json"] {
        say(admin.get(&format!("{api}{path}")));
    }
    said
}

#[test]
fn both_databases_tell_the_same_story() {
    let folder = crate::support::folder();
    let file = format!("sqlite:{}", folder.path().join("story.db").display());
    let sqlite = life(&registry(&file));
    let database = Database::new();
    let postgres = life(&registry(&database.url));
    for (at, (one, other)) in sqlite.iter().zip(&postgres).enumerate() {
        assert_eq!(one, other, "call {at}");
    }
    assert!(sqlite.iter().filter(|(status, _)| *status < 300).count() > 20, "most of it succeeds");
    run(["admin", "verify-audit", "--database", &file]).expect(0);
    run(["admin", "verify-audit", "--database", &database.url]).expect(0);
}

#[test]
fn an_altered_row_is_named_on_postgres_too() {
    let database = Database::new();
    drop(life_of(&database));
    let edit = |sql: &'static str| {
        RUNTIME.block_on(async {
            let mut connection = sqlx::PgConnection::connect(&database.url).await.expect("the database");
            sqlx::query(sql).execute(&mut connection).await
        })
    };
    edit("UPDATE audit SET actor = 'somebody else' WHERE seq = 3").expect_err("rows are not changed");
    edit("DELETE FROM audit WHERE seq = 3").expect_err("rows are not dropped");
    edit("ALTER TABLE audit DISABLE TRIGGER audit_append_only").expect("an intruder can");
    edit("UPDATE audit SET actor = 'somebody else' WHERE seq = 3").expect("altered");
    let found = run(["admin", "verify-audit", "--database", &database.url]).expect(1);
    assert!(found.stdout.contains("row 3 was altered"), "{found}");
}

fn life_of(database: &Database) -> Local {
    let registry = registry(&database.url);
    life(&registry);
    registry
}

#[test]
fn personal_details_can_be_erased_without_breaking_the_chain() {
    let folder = crate::support::folder();
    let file = format!("sqlite:{}", folder.path().join("erase.db").display());
    let registry = registry(&file);
    life(&registry);
    drop(registry);
    let erased = RUNTIME.block_on(async {
        let mut connection = sqlx::SqliteConnection::connect(&file).await.expect("the database");
        sqlx::query("UPDATE audit SET personal = NULL, salt = NULL WHERE personal IS NOT NULL")
            .execute(&mut connection)
            .await
            .expect("details may go")
            .rows_affected()
    });
    assert!(erased > 5, "changes over HTTP carry an address");
    run(["admin", "verify-audit", "--database", &file]).expect(0);
}

#[test]
fn a_second_replica_hears_of_a_change() {
    let database = Database::new();
    let (one, other) = (registry(&database.url), registry(&database.url));
    let document = charges("api.example.com", "/v1", "");
    assert_eq!(one.admin().put("/api/v1/apis/payments/charges/versions/1.0.0", document).status, 201);
    let ask = json!({"host": "api.example.com", "path": "/v1/charges", "method": "GET"}).to_string();
    crate::support::wait_until(crate::support::READY, "the other replica knows the line", || {
        other.anon().post("/enforce/v1/decide", ask.clone()).json()["decision"] == "allow"
    });
}

#[test]
fn publishes_of_one_api_at_the_same_time_all_land_once() {
    for database in [None, Some(Database::new())] {
        let folder = crate::support::folder();
        let file = format!("sqlite:{}", folder.path().join("race.db").display());
        let registry = registry(database.as_ref().map_or(&file, |database| &database.url));
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let publishers: Vec<_> = (0..6)
                .map(|number| {
                    let (admin, document) = (registry.admin(), charges("api.example.com", "/v1", ""));
                    // Three labels, each twice: one makes it, the other finds it there.
                    let path = format!("/api/v1/apis/payments/charges/versions/1.{}.0", number % 3);
                    scope.spawn(move || admin.put(&path, document).status)
                })
                .collect();
            publishers.into_iter().map(|publisher| publisher.join().expect("no panic")).collect()
        });
        assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 3, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 3, "{statuses:?}");
    }
}
