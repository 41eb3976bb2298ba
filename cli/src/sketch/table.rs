/// What a function of a trigger begins as.
///
/// In its texts `$name` is the function, `$resource` what it listens to, and `$vis ` who sees it.
pub(super) struct Sketch {
    pub(super) trigger: &'static str,
    pub(super) usual_name: &'static str,
    pub(super) usual_resource: &'static str,
    /// What it imports of polyfn.
    pub(super) uses: &'static [&'static str],
    /// The type that its payload is decoded to, if it has one of its own.
    pub(super) type_name: Option<&'static str>,
    pub(super) types: &'static str,
    pub(super) function: &'static str,
    /// What a test does with an `app: &App`.
    pub(super) works: &'static str,
    /// What a test sends through every provider of an `app: App`.
    pub(super) everywhere: &'static str,
}

pub(super) const HTTP: Sketch = Sketch {
    trigger: "http",
    usual_name: "hello",
    usual_resource: "",
    uses: &["Path"],
    type_name: None,
    types: "",
    function: r#"/// Greets a person by name.
#[function(http = "GET /$name/{person}")]
$vis async fn $name(Path(person): Path<String>) -> String {
    format!("Hello, {person}!")
}
"#,
    works: r#"    let response = app.http(Request::get("/$name/Ada").body("").unwrap()).wait();
    assert_eq!(response.body(), "Hello, Ada!");
"#,
    everywhere: r#"    app.everywhere().http(Request::get("/$name/Ada").body("").unwrap()).wait();
"#,
};

pub(super) const DIRECT: Sketch = Sketch {
    trigger: "direct",
    usual_name: "add",
    usual_resource: "",
    uses: &[],
    type_name: None,
    types: "",
    function: r"/// Adds two numbers: JSON in, JSON out.
#[function]
$vis fn $name((a, b): (i64, i64)) -> i64 {
    a.saturating_add(b)
}
",
    works: r#"    let response = app.only("$name").call(&(2, 3)).wait();
    assert_eq!(response.body(), "5");
"#,
    everywhere: r#"    app.only("$name").everywhere().call(&(2, 3)).wait();
"#,
};

pub(super) const QUEUE: Sketch = Sketch {
    trigger: "queue",
    usual_name: "fulfil",
    usual_resource: "orders",
    uses: &["Error", "Json"],
    type_name: Some("Order"),
    types: r"/// An order of one thing.
#[derive(Debug, Deserialize, Serialize)]
$vis struct Order {
    sku: String,
    count: u32,
}

",
    function: r#"/// Fulfils an order. `Err` asks for the message again, `Error::drop` gives it up.
#[function(queue = "$resource")]
$vis async fn $name(Json(order): Json<Order>) -> Result<(), Error> {
    if order.count == 0 {
        return Err(Error::drop("an order of nothing"));
    }
    println!("{} of {}", order.count, order.sku);
    Ok(())
}
"#,
    works: r#"    let order = |count| Order { sku: "tea".to_owned(), count };
    assert!(app.queue("$resource", &order(1)).wait().is_done());
    let given_up = app.queue("$resource", &order(0)).wait();
    assert!(given_up.is_acknowledged() && !given_up.is_done());
"#,
    everywhere: r#"    let order = Order { sku: "tea".to_owned(), count: 1 };
    app.everywhere().queue("$resource", &order).wait();
"#,
};

pub(super) const TOPIC: Sketch = Sketch {
    trigger: "topic",
    usual_name: "announce",
    usual_resource: "news",
    uses: &["Error", "Json", "Message"],
    type_name: None,
    types: "",
    function: r#"/// Announces a piece of news. A message also says its id, its attributes and which attempt it is.
#[function(topic = "$resource")]
$vis async fn $name(message: Message<Json<String>>) -> Result<(), Error> {
    let Json(news) = message.body;
    if news.is_empty() {
        return Err(Error::drop("no news"));
    }
    println!("{news}");
    Ok(())
}
"#,
    works: r#"    assert!(app.topic("$resource", "tea is here").wait().is_done());
    let given_up = app.topic("$resource", "").wait();
    assert!(given_up.is_acknowledged() && !given_up.is_done());
"#,
    everywhere: r#"    app.everywhere().send(sample::Message::topic("$resource").json("tea is here")).wait();
"#,
};

pub(super) const OBJECT: Sketch = Sketch {
    trigger: "object",
    usual_name: "thumbnail",
    usual_resource: "uploads",
    uses: &["Error", "Object"],
    type_name: None,
    types: "",
    function: r#"/// Looks at each new picture of a bucket.
#[function(object = "$resource", on = "created", suffix = ".png")]
$vis async fn $name(object: Object) -> Result<(), Error> {
    if object.size == Some(0) {
        return Err(Error::drop("an empty picture"));
    }
    println!("{} of {:?} bytes", object.key, object.size);
    Ok(())
}
"#,
    works: r#"    let picture = || sample::Object::created("$resource", "a cat.png");
    assert!(app.send(picture()).wait().is_done());
    let given_up = app.send(picture().size(0)).wait();
    assert!(given_up.is_acknowledged() && !given_up.is_done());
"#,
    everywhere: r#"    app.everywhere().send(sample::Object::created("$resource", "a cat.png")).wait();
"#,
};

pub(super) const SCHEDULE: Sketch = Sketch {
    trigger: "schedule",
    usual_name: "nightly",
    usual_resource: "",
    uses: &["Error", "Tick"],
    type_name: None,
    types: "",
    function: r#"/// Runs every day at five in the morning, UTC.
#[function(schedule = "0 5 * * *")]
$vis async fn $name(tick: Tick) -> Result<(), Error> {
    println!("due at {:?}", tick.scheduled_for);
    Ok(())
}
"#,
    works: r#"    let delivered = app.tick("$name").wait();
    assert!(delivered.is_done() && delivered.calls.len() == 1);
"#,
    everywhere: r#"    app.everywhere().send(sample::Tick::of("$name")).wait();
"#,
};

pub(super) const CHANGE: Sketch = Sketch {
    trigger: "change",
    usual_name: "welcome",
    usual_resource: "customers",
    uses: &["Change", "Error"],
    type_name: Some("Customer"),
    types: r"/// A record of the database.
#[derive(Debug, Deserialize, Serialize)]
$vis struct Customer {
    name: String,
}

",
    function: r#"/// Welcomes a new customer. Which of `before` and `after` there is depends on what was done.
#[function(change = "$resource")]
$vis async fn $name(change: Change<Customer>) -> Result<(), Error> {
    if let Some(customer) = change.after.filter(|_| change.before.is_none()) {
        if customer.name.is_empty() {
            return Err(Error::drop("a customer without a name"));
        }
        println!("welcome, {}", customer.name);
    }
    Ok(())
}
"#,
    works: r#"    let customer = |name: &str| Customer { name: name.to_owned() };
    assert!(app.change("$resource", &customer("Ada")).wait().is_done());
    assert!(!app.change("$resource", &customer("")).wait().is_done());
"#,
    everywhere: r#"    let customer = Customer { name: "Ada".to_owned() };
    app.everywhere().send(sample::Change::created("$resource", &customer)).wait();
"#,
};

pub(super) const STREAM: Sketch = Sketch {
    trigger: "stream",
    usual_name: "follow",
    usual_resource: "clicks",
    uses: &["Error", "Json", "Record"],
    type_name: Some("Click"),
    types: r"/// A click on a page.
#[derive(Debug, Deserialize, Serialize)]
$vis struct Click {
    page: String,
}

",
    function: r#"/// Follows the clicks. Add `ordered` to the attribute to handle one after the other.
#[function(stream = "$resource")]
$vis async fn $name(record: Record<Json<Click>>) -> Result<(), Error> {
    let Json(click) = record.data;
    if click.page.is_empty() {
        return Err(Error::drop("a click on nothing"));
    }
    println!("{} at {:?}", click.page, record.sequence);
    Ok(())
}
"#,
    works: r#"    let click = |page: &str| Click { page: page.to_owned() };
    assert!(app.stream("$resource", &click("/tea")).wait().is_done());
    assert!(!app.stream("$resource", &click("")).wait().is_done());
"#,
    everywhere: r#"    let click = Click { page: "/tea".to_owned() };
    app.everywhere().send(sample::Record::new("$resource").json(&click)).wait();
"#,
};

pub(super) const EVENT: Sketch = Sketch {
    trigger: "event",
    usual_name: "paid",
    usual_resource: "shop.order.paid",
    uses: &["CloudEvent", "Error", "Json"],
    type_name: Some("Payment"),
    types: r"/// What an event says of a payment.
#[derive(Debug, Deserialize, Serialize)]
$vis struct Payment {
    order: u64,
    cents: u64,
}

",
    function: r#"/// Takes note of a payment: an event of this type, from whatever sends it.
#[function(event = "$resource")]
$vis async fn $name(event: CloudEvent<Json<Payment>>) -> Result<(), Error> {
    let Json(payment) = event.data;
    if payment.cents == 0 {
        return Err(Error::drop("a payment of nothing"));
    }
    println!("{} cents for order {}", payment.cents, payment.order);
    Ok(())
}
"#,
    works: r#"    let payment = |cents| Payment { order: 7, cents };
    assert!(app.event("$resource", &payment(450)).wait().is_done());
    assert!(!app.event("$resource", &payment(0)).wait().is_done());
"#,
    everywhere: r#"    let payment = Payment { order: 7, cents: 450 };
    app.everywhere().send(sample::Event::new("$resource").json(&payment)).wait();
"#,
};
