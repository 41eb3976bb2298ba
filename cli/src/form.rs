use std::{fmt, str::FromStr};

use polyfn_shim::{Provider, local::Form};

/// How an event is to be delivered: as a provider usually does, or in one form of its.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct As(String);

impl As {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whose form it is.
    pub(crate) fn provider(&self) -> &str {
        self.0.split('/').next().unwrap_or_default()
    }

    /// The one form that it names, if it does not leave it to the provider.
    pub(crate) fn form(&self) -> Option<Form> {
        Form::ALL.iter().copied().find(|form| form.to_string() == self.0)
    }
}

impl fmt::Display for As {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for As {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let asked = Self(text.to_owned());
        if text.parse::<Provider>().is_ok() || asked.form().is_some() {
            return Ok(asked);
        }
        let of_provider: Vec<_> =
            Form::ALL.iter().filter(|form| form.provider().as_str() == asked.provider()).map(Form::to_string).collect();
        Err(if of_provider.is_empty() {
            "there are aws, gcp, azure, container and local".to_owned()
        } else {
            format!("there are {}", of_provider.join(", "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_belongs_to_its_provider() {
        assert_eq!("azure".parse::<As>().unwrap().form(), None);
        let sqs: As = "aws/sqs".parse().unwrap();
        assert_eq!((sqs.provider(), sqs.form().unwrap().to_string().as_str()), ("aws", "aws/sqs"));
        for form in ["gcp/legacy", "gcp/legacy-realtime-database", "aws/sqs-fifo", "aws/web-socket"] {
            assert_eq!(form.parse::<As>().unwrap().form().unwrap().to_string(), form);
        }
        assert!("heroku".parse::<As>().unwrap_err().contains("gcp"));
        assert!("gcp/sqs".parse::<As>().unwrap_err().contains("gcp/wrapped-push"));
        assert!("aws/".parse::<As>().unwrap_err().contains("aws/kinesis"));
    }
}
