use http::{Request, StatusCode};
use polyfn::{
    Provider, functions,
    testing::{App, Delivered, sample},
};

use crate::{Order, Shop, fulfil, price, report};

fn app() -> App {
    App::new(functions![price, fulfil, report]).state(Shop::default())
}

fn order(sku: &str) -> Order {
    Order { sku: sku.to_owned(), count: 2 }
}

#[test]
fn prices_are_the_same_on_every_provider() {
    let app = app().everywhere();
    let ask = |sku: &str| app.http(Request::get(format!("/prices/{sku}")).body("").unwrap()).wait();
    let tea = ask("tea");
    assert_eq!((tea.status(), tea.body().as_ref()), (StatusCode::OK, &b"450"[..]));
    assert_eq!(ask("moon").status(), StatusCode::NOT_FOUND);
}

#[test]
fn an_order_is_sent_tried_again_or_given_up_on_every_provider() {
    let app = app().everywhere();
    let become_of = |sku: &str| app.queue("orders", &order(sku)).wait();
    assert!(become_of("tea").is_done());
    assert!(!become_of("sold-out").is_acknowledged());
    let unknown = become_of("unknown");
    assert!(unknown.is_acknowledged() && !unknown.is_done());
}

#[test]
fn the_report_runs_on_azure() {
    let delivered: Delivered = app().on(Provider::Azure).send(sample::Tick::of("report")).wait();
    assert!(delivered.is_done());
}
