use polyfn::functions;

mod orders {
    #[polyfn::function(http = "GET /orders")]
    pub fn list() -> String {
        String::new()
    }
}

mod users {
    #[polyfn::function(http = "GET /users", name = "users-list")]
    pub fn list() -> String {
        String::new()
    }
}

mod one_use {
    pub use super::orders::list;
}

fn main() {
    let both = functions![orders::list, users::list];
    let names: Vec<_> = both.iter().map(|f| f.name).collect();
    assert_eq!(names, ["list", "users-list"]);
    // One `use` carries the function and what registers it.
    use one_use::list;
    assert_eq!(list(), "");
    assert_eq!(functions![list].iter().len(), 1);
}
