use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Expr, ExprArray, ExprLit, ExprPath, Lit, LitInt, LitStr, Path,
    ext::IdentExt,
    parse::{ParseStream, Parser},
};

use crate::errors::Errors;

/// One `key` or `key = value` of a macro's input.
pub(crate) struct Argument {
    pub(crate) key: Ident,
    value: Option<Expr>,
}

impl Argument {
    /// Reads a comma-separated list. A part that is no argument is reported and left out: it must not hide the others.
    pub(crate) fn list(tokens: TokenStream, errors: &mut Errors) -> Vec<Self> {
        let mut list: Vec<Self> = Vec::new();
        for part in split(tokens, ',', errors) {
            let Some(argument) = Self::read(part, errors) else { continue };
            if list.iter().any(|have| have.key == argument.key) {
                errors.at(&argument.key, format!("`{}` is given twice; keep one", argument.key));
            } else {
                list.push(argument);
            }
        }
        list
    }

    fn read(part: TokenStream, errors: &mut Errors) -> Option<Self> {
        let mut tokens = part.clone().into_iter();
        let key = match (|input: ParseStream<'_>| input.call(Ident::parse_any).and_then(|key| rest(input).map(|_| key)))
            .parse2(part.clone())
        {
            Ok(key) => key,
            Err(_) => {
                let hint = match syn::parse2::<LitStr>(part.clone()) {
                    Ok(text) if text.value().contains('/') => format!("write `http = {:?}`", text.value()),
                    _ => "write `key` or `key = value`".to_owned(),
                };
                errors.at(part, format!("expected a key; {hint}"));
                return None;
            }
        };
        tokens.next();
        match tokens.next() {
            None => Some(Self { key, value: None }),
            Some(TokenTree::Punct(punct)) if punct.as_char() == '=' => {
                let value: TokenStream = tokens.collect();
                if value.is_empty() {
                    errors.at(&key, format!("`{key} =` lacks its value; write `{key} = value`"));
                    return None;
                }
                match syn::parse2(value.clone()) {
                    Ok(value) => Some(Self { key, value: Some(value) }),
                    Err(_) => {
                        errors.at(
                            value,
                            format!("`{key}` takes one value; write `{key} = value`, and a comma before the next key"),
                        );
                        None
                    }
                }
            }
            Some(TokenTree::Group(group)) => {
                errors.at(group, format!("the value of `{key}` stands after `=`; write `{key} = value`"));
                None
            }
            Some(other) => {
                errors.at(other, format!("expected `=` or a comma after `{key}`"));
                None
            }
        }
    }

    pub(crate) fn is(&self, key: &str) -> bool {
        self.key == key
    }

    /// Where a message about its value is to point: at the value's first token, or at a key that stands alone.
    pub(crate) fn span(&self) -> Span {
        let first = self.value.as_ref().and_then(|value| value.to_token_stream().into_iter().next());
        first.map_or(self.key.span(), |token| token.span())
    }

    /// A key that stands alone.
    pub(crate) fn flag(&self, errors: &mut Errors) -> bool {
        if let Some(value) = &self.value {
            errors.at(value, format!("`{0}` takes no value; write `{0}`", self.key));
        }
        self.value.is_none()
    }

    /// A string that is not empty.
    pub(crate) fn string(&self, example: &str, errors: &mut Errors) -> Option<LitStr> {
        match self.value(&format!("a string: write `{} = {example:?}`", self.key), errors)? {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if text.value().is_empty() => {
                errors.at(text, format!("`{}` is empty; write `{0} = {example:?}`", self.key));
                None
            }
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text),
            other => self.wrong(other, &format!("a string: write `{} = {example:?}`", self.key), errors),
        }
    }

    /// A string, or a list of them in brackets.
    pub(crate) fn strings(&self, example: &str, errors: &mut Errors) -> Option<Vec<LitStr>> {
        let what = format!("a string or a list of strings: write `{} = {example}`", self.key);
        let value = self.value(&what, errors)?;
        let elements = match value {
            Expr::Array(ExprArray { elems, .. }) if elems.is_empty() => {
                errors.at(self.value.as_ref(), format!("`{}` is empty; write `{0} = {example}`", self.key));
                return None;
            }
            Expr::Array(ExprArray { elems, .. }) => elems.into_iter().collect(),
            one => vec![one],
        };
        let mut strings = Vec::new();
        for element in elements {
            match element {
                Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => strings.push(text),
                other => return self.wrong(other, &what, errors),
            }
        }
        Some(strings)
    }

    /// A whole number within these bounds.
    pub(crate) fn number(&self, least: u32, example: u32, errors: &mut Errors) -> Option<u32> {
        let what = format!("a whole number: write `{} = {example}`", self.key);
        match self.value(&what, errors)? {
            Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => self.bounded(&number, least, errors),
            other => self.wrong(other, &what, errors),
        }
    }

    fn bounded(&self, number: &LitInt, least: u32, errors: &mut Errors) -> Option<u32> {
        let value = number.base10_parse().ok().filter(|value| *value >= least);
        if value.is_none() {
            errors.at(number, format!("`{}` is a whole number from {least} to {}", self.key, u32::MAX));
        }
        value
    }

    /// A path, such as the one of a crate.
    pub(crate) fn path(&self, example: &str, errors: &mut Errors) -> Option<Path> {
        let what = format!("a path, without quotes: write `{} = {example}`", self.key);
        match self.value(&what, errors)? {
            Expr::Path(ExprPath { qself: None, path, .. }) => Some(path),
            other => self.wrong(other, &what, errors),
        }
    }

    /// Any expression.
    pub(crate) fn expression(&self, example: &str, errors: &mut Errors) -> Option<Expr> {
        self.value(&format!("a value: write `{} = {example}`", self.key), errors)
    }

    pub(crate) fn has_value(&self) -> bool {
        self.value.is_some()
    }

    fn value(&self, what: &str, errors: &mut Errors) -> Option<Expr> {
        if self.value.is_none() {
            errors.at(&self.key, format!("`{}` takes {what}", self.key));
        }
        self.value.clone().map(ungrouped)
    }

    fn wrong<T>(&self, value: impl ToTokens, what: &str, errors: &mut Errors) -> Option<T> {
        errors.at(value, format!("`{}` takes {what}", self.key));
        None
    }
}

/// Parts between separators; an empty one is reported, except after the last separator.
pub(crate) fn split(tokens: TokenStream, separator: char, errors: &mut Errors) -> Vec<TokenStream> {
    let mut parts = Vec::new();
    let mut part = TokenStream::new();
    for token in tokens {
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == separator => {
                if part.is_empty() {
                    errors.at(&token, format!("unexpected `{separator}`; remove it"));
                } else {
                    parts.push(std::mem::take(&mut part));
                }
            }
            _ => part.extend([token]),
        }
    }
    if !part.is_empty() {
        parts.push(part);
    }
    parts
}

/// A value that came through a `macro_rules!` parameter is wrapped in an invisible group.
fn ungrouped(value: Expr) -> Expr {
    match value {
        Expr::Group(group) => ungrouped(*group.expr),
        other => other,
    }
}

fn rest(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    input.parse()
}
