use polyfn_shim::Event;

use crate::{Context, Payload, Rejection, trigger::Http};

/// The cookies that the caller sent, in order, as they came.
///
/// ```
/// use polyfn::{Cookies, function};
///
/// #[function(http = "GET /me")]
/// async fn me(cookies: Cookies) -> String {
///     cookies.get("session").unwrap_or("nobody").to_owned()
/// }
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Cookies(pub Vec<(String, String)>);

impl Cookies {
    /// The value of the first cookie of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str())
    }

    /// The cookies of one `cookie` header (RFC 6265, 5.4).
    fn parse(header: &str) -> impl Iterator<Item = (String, String)> {
        header.split(';').filter_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            Some((name.trim().to_owned(), value.trim().to_owned()))
        })
    }
}

/// The names only: a cookie is a secret.
impl std::fmt::Debug for Cookies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl Payload<Http> for Cookies {
    fn decode(event: &mut Event, _: &Context) -> Result<Self, Rejection> {
        let headers = event.http().map(|http| http.headers.get_all("cookie")).into_iter().flatten();
        Ok(Self(headers.filter_map(|value| std::str::from_utf8(value.as_bytes()).ok()).flat_map(Self::parse).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_counts_and_a_value_may_hold_an_equals_sign() {
        let cookies = Cookies(Cookies::parse("a=1; b=x=y;;c; a=2; d=").collect());
        assert_eq!(
            (cookies.get("a"), cookies.get("b"), cookies.get("c"), cookies.get("d")),
            (Some("1"), Some("x=y"), None, Some(""))
        );
        assert!(!format!("{cookies:?}").contains("x=y"));
    }
}
