//! Each row of the security catalogue fires on a step of its own, and its twin on the way back.

use super::change::Effect;
use super::*;

/// Rows whose steps nothing fires on yet, with the reason.
const OPEN: &[(&str, &str)] =
    &[("input-pattern-loosened", "which of two patterns takes more text is a question of proof")];

/// The ids that weaken and strengthen, the weaker and the stronger document as the catalogue has them.
#[rustfmt::skip]
const STEPS: &[(&str, &str, &str, &str)] = &[
    ("auth-requirement-removed", "auth-requirement-added",
        "{paths: {/a: {post: {}}}}",
        "{paths: {/a: {post: {security: []}}}}"),
    ("auth-requirement-became-optional", "auth-requirement-became-mandatory",
        "{paths: {/a: {post: {}}}}",
        "{paths: {/a: {post: {security: [{}, {o: [r]}]}}}}"),
    ("auth-alternative-weaker-added", "auth-alternative-weaker-removed",
        "{paths: {/a: {post: {}}}}",
        "{SCHEME2: {type: http, scheme: basic}, paths: {/a: {post: {security: [{o: [r]}, {s: []}]}}}}"),
    ("auth-conjunct-removed", "auth-conjunct-added",
        "{SCHEME2: {type: apiKey, in: header, name: X-Sig}, paths: {/a: {post: {security: [{o: [r], s: []}]}}}}",
        "{SCHEME2: {type: apiKey, in: header, name: X-Sig}, paths: {/a: {post: {security: [{o: [r]}]}}}}"),
    ("auth-scheme-downgraded", "auth-scheme-upgraded",
        "{SCHEME: {type: openIdConnect, openIdConnectUrl: 'https://id.example/.well-known/openid-configuration'}}",
        "{SCHEME: {type: apiKey, in: header, name: X-Key}}"),
    ("auth-apikey-moved-to-query", "auth-apikey-moved-from-query",
        "{SCHEME: {type: apiKey, in: header, name: k}}",
        "{SCHEME: {type: apiKey, in: query, name: k}}"),
    ("auth-apikey-moved-to-cookie", "auth-apikey-moved-from-cookie",
        "{SCHEME: {type: apiKey, in: header, name: k}, paths: {/a: {post: {security: [{s: []}]}}}}",
        "{SCHEME: {type: apiKey, in: cookie, name: k}, paths: {/a: {post: {security: [{s: []}]}}}}"),
    ("auth-http-scheme-weakened", "auth-http-scheme-strengthened",
        "{SCHEME: {type: http, scheme: bearer}}",
        "{SCHEME: {type: http, scheme: digest}}"),
    ("auth-mtls-dropped", "auth-mtls-added",
        "{SCHEME2: {type: mutualTLS}, paths: {/a: {post: {security: [{o: [r], s: []}]}}}}",
        "{SCHEME2: {type: mutualTLS}, paths: {/a: {post: {security: [{o: [r]}]}}}}"),
    ("auth-bearer-format-dropped", "auth-bearer-format-stated",
        "{SCHEME: {type: http, scheme: bearer, bearerFormat: JWT}}",
        "{SCHEME: {type: http, scheme: bearer}}"),
    ("auth-scheme-name-repointed", "auth-scheme-name-repointed",
        "{SCHEME: {type: apiKey, in: header, name: X-Key}}",
        "{SCHEME: {type: apiKey, in: header, name: X-Other}}"),
    ("auth-credential-parameter-added", "auth-credential-parameter-removed",
        "{paths: {/a: {get: {}}}}",
        "{PARAM: {name: access_token, in: query, schema: {type: string, maxLength: 9}}}"),
    ("auth-write-open-added", "auth-write-open-removed",
        "{paths: {/a: {get: {}}, /b: {get: {}}, /c: {get: {}}, /d: {get: {}}}}",
        "{paths: {/a: {get: {}}, /b: {get: {}}, /c: {get: {}}, /d: {get: {}}, /e: {post: {security: []}}}}"),
    ("oauth-scope-dropped", "oauth-scope-demanded",
        "{paths: {/a: {post: {security: [{o: [r, w]}]}}}}",
        "{paths: {/a: {post: {security: [{o: [r]}]}}}}"),
    ("oauth-scope-broadened", "oauth-scope-narrowed",
        "{SCOPES: {'a:read': a, 'a:admin': b}, paths: {/a: {get: {security: [{o: ['a:read']}]}}}}",
        "{SCOPES: {'a:read': a, 'a:admin': b}, paths: {/a: {get: {security: [{o: ['a:admin']}]}}}}"),
    ("oauth-scope-redescribed", "oauth-scope-redescribed",
        "{SCOPES: {x: read own orders}, paths: {/a: {get: {security: [{o: [x]}]}}}}",
        "{SCOPES: {x: read and delete all orders}, paths: {/a: {get: {security: [{o: [x]}]}}}}"),
    ("oauth-flow-weak-added", "oauth-flow-weak-removed",
        "{paths: {/a: {get: {}}}}",
        "{OAUTH: {authorizationCode: {authorizationUrl: 'https://id.example/a', tokenUrl: 'https://id.example/t', scopes: {r: read}}, password: {tokenUrl: 'https://id.example/t', scopes: {r: read}}}}"),
    ("oauth-flow-code-removed", "oauth-flow-code-added",
        "{OAUTH: {authorizationCode: {authorizationUrl: 'https://id.example/a', tokenUrl: 'https://id.example/t', scopes: {r: read}}, implicit: {authorizationUrl: 'https://id.example/a', scopes: {r: read}}}}",
        "{OAUTH: {implicit: {authorizationUrl: 'https://id.example/a', scopes: {r: read}}}}"),
    ("oauth-url-downgraded", "oauth-url-upgraded",
        "{OAUTH: {clientCredentials: {tokenUrl: 'https://id.example/t', scopes: {r: read}}}}",
        "{OAUTH: {clientCredentials: {tokenUrl: 'http://id.example/t', scopes: {r: read}}}}"),
    ("oauth-host-changed", "oauth-host-changed",
        "{OAUTH: {clientCredentials: {tokenUrl: 'https://id.example/t', scopes: {r: read}}}}",
        "{OAUTH: {clientCredentials: {tokenUrl: 'https://id.other.example.net/t', scopes: {r: read}}}}"),
    ("transport-server-downgraded", "transport-server-upgraded",
        "{SERVER: 'https://api.example.com'}",
        "{SERVER: 'http://api.example.com'}"),
    ("transport-server-host-added", "transport-server-host-removed",
        "{SERVER: 'https://api.example.com'}",
        "{paths: {/a: {get: {}}}, servers: [{url: 'https://api.example.com', description: production}, {url: 'https://api.other.example.net', description: production}]}"),
    ("transport-server-variable-opened", "transport-server-variable-closed",
        "{paths: {/a: {get: {}}}, servers: [{url: 'https://{h}', description: production, variables: {h: {default: api.example.com, enum: [api.example.com]}}}]}",
        "{paths: {/a: {get: {}}}, servers: [{url: 'https://{h}', description: production, variables: {h: {default: api.example.com}}}]}"),
    ("transport-hsts-dropped", "transport-hsts-added",
        "{paths: {/a: {get: {responses: {'200': {description: ok, headers: {Strict-Transport-Security: {schema: {type: string}}}}}}}}}",
        "{paths: {/a: {get: {responses: {'200': {description: ok}}}}}}"),
    ("object-id-became-enumerable", "object-id-became-opaque",
        "{PARAM: {name: orderId, in: query, schema: {type: string, format: uuid}}}",
        "{PARAM: {name: orderId, in: query, schema: {type: integer, minimum: 1, maximum: 99}}}"),
    ("object-scope-widened", "object-scope-narrowed",
        "{paths: {'/users/{userId}/orders/{orderId}': {get: {operationId: getOrder}}}}",
        "{paths: {'/orders/{orderId}': {get: {operationId: getOrder}}}}"),
    ("object-denial-dropped", "object-denial-declared",
        "{paths: {'/a/{id}': {get: {responses: {'200': {description: ok}, '404': {description: none}}}}}}",
        "{paths: {'/a/{id}': {get: {responses: {'200': {description: ok}}}}}}"),
    ("function-admin-added-open", "function-admin-closed",
        "{paths: {/a: {post: {}}}}",
        "{paths: {/a: {post: {}}, /admin/users: {delete: {}}}}"),
    ("function-admin-merged", "function-admin-separated",
        "{SCOPES: {admin: all}, paths: {/a: {post: {}}, /admin/users: {delete: {security: [{o: [admin]}]}}}}",
        "{SCOPES: {admin: all}, paths: {/a: {post: {}}, /admin/users: {delete: {}}}}"),
    ("function-debug-added", "function-debug-removed",
        "{paths: {/a: {get: {}}}}",
        "{paths: {/a: {get: {}}, /debug/vars: {get: {}}}}"),
    ("exposure-credential-added", "exposure-credential-removed",
        "{RES: {type: object, properties: {n: {type: integer}}}}",
        "{RES: {type: object, properties: {n: {type: integer}, apiKey: {type: string}}}}"),
    ("exposure-personal-added", "exposure-personal-removed",
        "{RES: {type: object, properties: {n: {type: integer}}}}",
        "{RES: {type: object, properties: {n: {type: integer}, dateOfBirth: {type: string, format: date}}}}"),
    ("exposure-writeonly-dropped", "exposure-writeonly-added",
        "{RES: {type: object, properties: {pin: {type: string, writeOnly: true}}}}",
        "{RES: {type: object, properties: {pin: {type: string}}}}"),
    ("exposure-response-opened", "exposure-response-closed",
        "{RES: {type: object, additionalProperties: false, properties: {n: {type: integer}}}}",
        "{RES: {type: object, properties: {n: {type: integer}}}}"),
    ("exposure-password-format-dropped", "exposure-password-format-added",
        "{REQ: {type: object, additionalProperties: false, properties: {password: {type: string, format: password, maxLength: 9}}}}",
        "{REQ: {type: object, additionalProperties: false, properties: {password: {type: string, maxLength: 9}}}}"),
    ("exposure-personal-url-added", "exposure-personal-url-removed",
        "{paths: {/a: {get: {}}}}",
        "{PARAM: {name: ssn, in: query, schema: {type: string, maxLength: 9}}}"),
    ("input-object-opened", "input-object-closed",
        "{REQ: {type: object, additionalProperties: false, properties: {n: {type: boolean}}}}",
        "{REQ: {type: object, properties: {n: {type: boolean}}}}"),
    ("input-privileged-added", "input-privileged-removed",
        "{REQ: {type: object, additionalProperties: false, properties: {n: {type: boolean}}}}",
        "{REQ: {type: object, additionalProperties: false, properties: {n: {type: boolean}, role: {enum: [user, admin]}}}}"),
    ("input-readonly-dropped", "input-readonly-added",
        "{REQ: {type: object, additionalProperties: false, properties: {createdAt: {type: string, format: date-time, readOnly: true}}}}",
        "{REQ: {type: object, additionalProperties: false, properties: {createdAt: {type: string, format: date-time}}}}"),
    ("input-bound-removed", "input-bound-added",
        "{REQ: {type: string, maxLength: 40}}",
        "{REQ: {type: string}}"),
    ("input-bound-raised", "input-bound-lowered",
        "{REQ: {type: array, maxItems: 100, items: {type: boolean}}}",
        "{REQ: {type: array, maxItems: 100000, items: {type: boolean}}}"),
    ("input-pattern-loosened", "input-pattern-tightened",
        "{REQ: {type: string, maxLength: 40, pattern: '^[a-z]+$'}}",
        "{REQ: {type: string, maxLength: 40, pattern: '^[a-z<>]+$'}}"),
    ("input-pattern-backtracking-added", "input-pattern-backtracking-removed",
        "{REQ: {type: string, maxLength: 40, pattern: '^a+$'}}",
        "{REQ: {type: string, maxLength: 40, pattern: '^(a+)+$'}}"),
    ("input-enum-removed", "input-enum-added",
        "{REQ: {type: string, enum: [a, b]}}",
        "{REQ: {type: string, maxLength: 40}}"),
    ("input-type-generalized", "input-type-narrowed",
        "{REQ: {type: integer, format: int32}}",
        "{REQ: {type: [integer, string], format: int32, maxLength: 40}}"),
    ("input-schema-removed", "input-schema-added",
        "{REQ: {type: boolean}}",
        "{paths: {/a: {post: {requestBody: {content: {application/json: {}}}}}}}"),
    ("input-media-xml-added", "input-media-xml-removed",
        "{REQ: {type: boolean}}",
        "{REQ: {type: boolean}, paths: {/a: {post: {requestBody: {content: {application/xml: {schema: {type: boolean}}}}}}}}"),
    ("input-upload-added", "input-upload-removed",
        "{REQ: {type: boolean}}",
        "{REQ: {type: boolean}, paths: {/a: {post: {requestBody: {content: {application/octet-stream: {schema: {type: string, maxLength: 1000}}}}}}}}"),
    ("input-query-language-added", "input-query-language-removed",
        "{paths: {/a: {get: {}}}}",
        "{PARAM: {name: where, in: query, schema: {type: string, maxLength: 80}}}"),
    ("rate-response-removed", "rate-response-added",
        "{paths: {/a: {post: {}}}}",
        "{paths: {/a: {post: {responses: {'200': {description: ok}, '401': {description: denied}}}}}}"),
    ("rate-headers-removed", "rate-headers-added",
        "{paths: {/a: {get: {responses: {'200': {description: ok, headers: {RateLimit: {schema: {type: string}}}}}}}}}",
        "{paths: {/a: {get: {responses: {'200': {description: ok}}}}}}"),
    ("ssrf-url-input-added", "ssrf-url-input-removed",
        "{paths: {/a: {get: {}}}}",
        "{PARAM: {name: webhookUrl, in: query, schema: {type: string, format: uri, maxLength: 200}}}"),
    ("ssrf-callback-added", "ssrf-callback-removed",
        "{paths: {/a: {post: {}}}}",
        "{paths: {/a: {post: {callbacks: {c: {'{$request.query.u}': {post: {}}}}}}}}"),
    ("ssrf-redirect-added", "ssrf-redirect-removed",
        "{paths: {/a: {get: {responses: {'302': {description: go}}}}}}",
        "{paths: {/a: {get: {parameters: [{name: returnUrl, in: query, schema: {type: string, maxLength: 99}}], responses: {'302': {description: go}}}}}}"),
    ("error-detail-added", "error-detail-removed",
        "{paths: {/a: {get: {responses: {'500': {description: x, content: {application/json: {schema: {type: object, properties: {code: {type: string}}}}}}}}}}}",
        "{paths: {/a: {get: {responses: {'500': {description: x, content: {application/json: {schema: {type: object, properties: {code: {type: string}, stackTrace: {type: string}}}}}}}}}}}"),
    ("cors-origin-widened", "cors-origin-narrowed",
        "{paths: {/a: {get: {responses: {'200': {description: ok, headers: {Access-Control-Allow-Origin: {schema: {const: 'https://app.example.com'}}}}}}}}}",
        "{paths: {/a: {get: {responses: {'200': {description: ok, headers: {Access-Control-Allow-Origin: {schema: {const: '*'}}}}}}}}}"),
    ("consume-webhook-unsigned-added", "consume-webhook-signed",
        "{webhooks: {w: {post: {security: [], parameters: [{name: webhook-signature, in: header, required: true, schema: {type: string}}]}}}}",
        "{webhooks: {w: {post: {security: []}}}}"),
    ("inventory-audience-widened", "inventory-audience-narrowed",
        "{paths: {/a: {get: {x-internal: true}}}}",
        "{paths: {/a: {get: {x-internal: false}}}}"),
    ("inventory-sunset-dropped", "inventory-sunset-set",
        "{paths: {/a: {get: {deprecated: true, x-sunset: '2030-01-01'}}}}",
        "{paths: {/a: {get: {deprecated: true}}}}"),
    ("extension-security-changed", "extension-security-changed",
        "{paths: {/a: {get: {x-amazon-apigateway-auth: {type: AWS_IAM}}}}}",
        "{paths: {/a: {get: {x-amazon-apigateway-auth: {type: NONE}}}}}"),
    ("doc-ref-external-added", "doc-ref-external-removed",
        "{REQ: {type: boolean}}",
        "{REQ: {$ref: 'https://other.example/s.yaml'}}"),
];

fn ids(old: &str, new: &str) -> Vec<(String, Effect)> {
    let now = "2026-06-30T12:00:00Z".parse::<Timestamp>().expect("an instant");
    let (old, new) = (example::load(old).expect("a fragment"), example::load(new).expect("a fragment"));
    let changes = compare(&old, &new, &Options::at(now)).changes;
    changes
        .into_iter()
        .filter_map(|change| change.security)
        .map(|facet| (facet.rule.into_owned(), facet.effect))
        .collect()
}

#[test]
fn rows_fire_on_their_steps_and_their_twins_on_the_way_back() {
    let mut silent = Vec::new();
    for (weakening, strengthening, old, new) in STEPS {
        if OPEN.iter().any(|(id, _)| id == weakening) {
            continue;
        }
        let is_neutral = weakening == strengthening;
        let (weaker, stronger) = if is_neutral {
            (Effect::Neutral, Effect::Neutral)
        } else {
            (Effect::Weakens, Effect::Strengthens)
        };
        for (id, effect, from, to) in [(weakening, weaker, old, new), (strengthening, stronger, new, old)] {
            let found = ids(from, to);
            if !found.contains(&((*id).to_owned(), effect)) {
                silent.push(format!("{id}: {found:?}"));
            }
        }
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}

#[test]
fn the_table_holds_every_row_and_open_ones_are_silent() {
    for risk in risk::RISKS.iter().filter(|risk| risk.weakening != "auth-alternative-added") {
        assert!(
            STEPS.iter().any(|(id, twin, ..)| *id == risk.weakening && *twin == risk.strengthening),
            "{}",
            risk.weakening
        );
    }
    for (id, _) in OPEN {
        let (weakening, _, old, new) =
            STEPS.iter().find(|(known, ..)| known == id).expect("a row of the table");
        assert!(!ids(old, new).iter().any(|(found, _)| found == weakening), "{id} fires now");
    }
}
