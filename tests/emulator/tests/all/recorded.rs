//! The requests recorded from the vendor's Python SDK: the emulator takes each of them.

use serde_json::Value;

use crate::client::Xq;

#[test]
fn recorded_requests_are_taken() {
    let text = include_str!("../../../vectors/requests.json");
    let rows: Vec<Value> = serde_json::from_str(text).unwrap();
    let mut taken = 0;
    for row in rows
        .iter()
        .filter(|row| row["error"].is_null() && row["result"] != false)
    {
        for request in row["requests"].as_array().unwrap() {
            // The certificate of the recording is of another service.
            if request["sealed_json"].is_null() {
                replay(request);
                taken += 1;
            }
        }
    }
    assert_eq!(taken, 20);
}

/// Sends the request as it was recorded, but with a token and a PIN that this emulator gave out.
fn replay(request: &Value) {
    let xq = Xq::start();
    let user = "jane@example.com";
    let path = request["path"].as_str().unwrap();
    let pair = |pair: &Value| format!("{}={}", pair[0].as_str().unwrap(), pair[1].as_str().unwrap());
    let mut query = request["query"]
        .as_array()
        .unwrap()
        .iter()
        .map(pair)
        .collect::<Vec<_>>()
        .join("&");

    let token = match request["headers"]["authorization"].as_str() {
        None => String::new(),
        Some("Bearer access-token" | "Bearer device-token" | "Bearer certificate-token") => xq.sign_in(user),
        Some("Bearer pre-auth-token") => xq.ask(user),
        Some(other) => panic!("{other}"),
    };
    let pin = format!("pin={}", xq.emulator.pin(user).unwrap_or_default());
    match path {
        "codevalidation" => query = pin,
        "exchange" => drop(xq.get(&format!("subscription/codevalidation?{pin}"), &token).ok()),
        _ => {}
    }

    let bearer = format!("Bearer {token}");
    let mut headers = vec![("content-type", "application/json")];
    headers.push(("api-key", request["headers"]["api-key"].as_str().unwrap()));
    if !token.is_empty() {
        headers.push(("authorization", &bearer));
    }
    let body = if request["json"].is_null() {
        String::new()
    } else {
        request["json"].to_string()
    };
    let call = format!("{}/{path}?{query}", request["service"].as_str().unwrap());
    xq.send(request["method"].as_str().unwrap(), &call, &headers, body.as_bytes())
        .unwrap()
        .ok();
}
