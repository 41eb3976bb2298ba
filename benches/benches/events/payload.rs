use serde::{Deserialize, Serialize};

/// What a function takes: the payload of every source here.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) id: String,
    pub(crate) customer: String,
    pub(crate) email: String,
    pub(crate) total: i64,
    pub(crate) express: bool,
    pub(crate) note: String,
    pub(crate) lines: Vec<Line>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) sku: String,
    pub(crate) quantity: i64,
}

impl Order {
    /// The order of this number.
    pub(crate) fn nth(n: usize) -> Self {
        let line = |at: i64| Line { sku: format!("sku-{:05}", 17 * at), quantity: at };
        Self {
            id: format!("order-{n:06}"),
            customer: format!("customer-{:04}", n % 97),
            email: "ada@example.org".into(),
            total: 12_995,
            express: n.is_multiple_of(2),
            note: "Please leave it with the \"neighbour\" at no. 7 — thanks".into(),
            lines: (1..=3).map(line).collect(),
        }
    }

    pub(crate) fn json(&self) -> String {
        serde_json::to_string(self).expect("an order is JSON")
    }
}

/// An event as its function sees it: what it is called, and its payload.
#[derive(Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) id: String,
    pub(crate) order: Order,
}
