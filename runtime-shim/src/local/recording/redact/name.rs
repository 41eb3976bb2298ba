/// Words that name a secret, alone or at the end of a longer word such as `accesstoken`.
const SECRETS: [&str; 16] = [
    "token",
    "tokens",
    "secret",
    "secrets",
    "password",
    "passwords",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "signature",
    "credential",
    "credentials",
    "authorization",
    "cookie",
    "cookies",
];

/// What makes a `key` a secret; a partition's, an order's or an object's key is none.
const OF_KEYS: [&str; 21] = [
    "api",
    "access",
    "account",
    "auth",
    "secret",
    "private",
    "function",
    "functions",
    "subscription",
    "shared",
    "master",
    "host",
    "system",
    "signing",
    "encryption",
    "session",
    "storage",
    "license",
    "hmac",
    "webhook",
    "client",
];

/// Words at the end that make it something about a secret.
const ABOUT: [&str; 24] = [
    "version",
    "type",
    "method",
    "algorithm",
    "alg",
    "count",
    "limit",
    "length",
    "size",
    "expiry",
    "expires",
    "expiration",
    "in",
    "at",
    "ttl",
    "name",
    "arn",
    "url",
    "uri",
    "endpoint",
    "policy",
    "headers",
    "required",
    "issuer",
];

/// What makes a token a place in a list, or part of a text.
const HARMLESS: [&str; 8] = ["next", "page", "continuation", "sync", "cancellation", "design", "max", "sequence"];

/// Whether what has this name is a secret: a header, an attribute, a member of JSON, a key of a query.
pub(super) fn is_secret(name: &str) -> bool {
    // What is longer is no name, and would only cost time.
    if name.len() > 200 {
        return false;
    }
    let words = words(name);
    if words.last().is_some_and(|last| ABOUT.contains(&last.as_str())) {
        return false;
    }
    words.iter().enumerate().any(|(at, word)| {
        let before = at.checked_sub(1).and_then(|at| words.get(at)).map_or("", String::as_str);
        if let Some(stem) = word.strip_suffix("keys").or_else(|| word.strip_suffix("key")) {
            let of = |word: &&str| if stem.is_empty() { before == *word } else { stem.ends_with(word) };
            return OF_KEYS.iter().any(of);
        }
        word == "sig" || (SECRETS.iter().any(|secret| word.ends_with(secret)) && !HARMLESS.contains(&before))
    })
}

/// The same in a query, where Azure has a function's key in `code`.
pub(super) fn is_secret_in_query(name: &str) -> bool {
    name.eq_ignore_ascii_case("code") || is_secret(name)
}

/// Whether a number of this name counts tokens, as those of a language model.
pub(super) fn is_count(name: &str) -> bool {
    words(name).last().is_some_and(|word| word.ends_with("tokens"))
}

/// Whether a text of this name is the query of a URL.
pub(super) fn is_query_text(name: &str) -> bool {
    matches!(name, "rawQueryString" | "raw_query_string")
}

/// Whether an object of this name holds the parameters of a query.
pub(super) fn is_query(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower == "query" || lower.ends_with("querystringparameters") || lower.ends_with("query_string_parameters")
}

/// The words of a name in lower case: `X-Api-Key`, `api_key`, `apiKey` and `APIKey` are all of `api` and `key`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut letters = name.chars().peekable();
    let mut before = ' ';
    while let Some(letter) = letters.next() {
        let is_start = letter.is_uppercase()
            && (before.is_lowercase()
                || before.is_numeric()
                || (before.is_uppercase() && letters.peek().is_some_and(|next| next.is_lowercase())));
        if is_start || !letter.is_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
        before = letter;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_by_their_names() {
        for name in [
            "authorization",
            "Proxy-Authorization",
            "cookie",
            "Set-Cookie",
            "cookies",
            "x-functions-key",
            "x-api-key",
            "X-Api-Key",
            "x-amz-security-token",
            "apiKey",
            "APIKey",
            "api_key",
            "apikey",
            "xapikey",
            "Ocp-Apim-Subscription-Key",
            "accessKeyId",
            "AccountKey",
            "SharedAccessKey",
            "sharedaccesskey",
            "private_key",
            "client_secret",
            "clientSecret",
            "password",
            "db.password",
            "PGPASSWORD",
            "user[password]",
            "refresh_token",
            "idToken",
            "tokens",
            "x-hub-signature-256",
            "Stripe-Signature",
            "sig",
            "X-Amz-Signature",
            "X-Amz-Credential",
            "X-Goog-Signature",
            "authorizationToken",
            "x-csrf-token",
            "credentials",
            "sessionKey",
            "x-ms-token-aad-access-token",
            "pwd",
        ] {
            assert!(is_secret(name), "{name}");
        }
        assert!(is_secret_in_query("code") && !is_secret("code"));
    }

    #[test]
    fn what_only_sounds_like_a_secret_is_none() {
        for name in [
            "",
            "key",
            "Key",
            "keys",
            "Keys",
            "partition_key",
            "partitionKey",
            "PartitionKey",
            "RowKey",
            "ordering_key",
            "orderingKey",
            "kafkaKey",
            "primary_key",
            "sort-key",
            "routing_key",
            "idempotency-key",
            "sec-websocket-key",
            "keyboard",
            "monkey",
            "turkey",
            "secretary",
            "tokenizer",
            "signatureVersion",
            "SignatureVersion",
            "SigningCertURL",
            "token_type",
            "tokenType",
            "expires_in",
            "secretName",
            "nextToken",
            "NextToken",
            "page_token",
            "continuation-token",
            "author",
            "authority",
            "authorizer",
            "www-authenticate",
            "access-control-allow-headers",
            "X-Amz-SignedHeaders",
            "compass",
            "design",
            "postcode",
            "sigma",
            "passwordless",
            "cookiecutter",
            "publicKey",
            "etag",
            "max_tokens",
        ] {
            assert!(!is_secret(name), "{name}");
        }
        assert!(is_count("prompt_tokens") && is_count("totalTokens") && !is_count("token"));
    }
}
