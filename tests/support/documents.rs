//! Small documents that tests build on.

/// An API with two operations; `host` makes the route, `extra` goes below `GET /charges`.
pub fn charges(host: &str, base: &str, extra: &str) -> String {
    format!(
        "openapi: 3.0.3
info: {{title: Charges, version: '1'}}
servers: [{{url: 'https://{host}{base}'}}]
security: [{{key: []}}]
paths:
  /charges:
    get:
      operationId: listCharges
      responses:
        '200': {{description: All charges}}
{extra}    post:
      operationId: createCharge
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [amount]
              properties:
                amount: {{type: integer, minimum: 1, maximum: 1000000}}
                note: {{type: string, maxLength: 200}}
      responses:
        '201': {{description: Created}}
  /charges/{{id}}:
    get:
      operationId: getCharge
      parameters:
        - {{name: id, in: path, required: true, schema: {{type: string, maxLength: 36}}}}
      responses:
        '200': {{description: One charge}}
components:
  securitySchemes:
    key: {{type: apiKey, in: header, name: X-Key}}
"
    )
}

/// The same without `GET /charges/{id}`: a breaking step.
pub fn charges_without_reading_one(host: &str, base: &str) -> String {
    let whole = charges(host, base, "");
    let start = whole.find("  /charges/{id}:").expect("the path");
    let end = whole.find("components:").expect("the components");
    format!("{}{}", &whole[..start], &whole[end..])
}
