use polyfn::{function, functions};

#[cfg(all())]
#[function]
fn one() {}

#[function]
#[cfg(any())]
fn two(_: NotThere) {}

#[function]
#[cfg(all())]
fn three() {}

fn main() {
    let list = functions![
        one,
        #[cfg(any())]
        two,
        #[cfg(all())]
        three,
    ];
    assert_eq!(list.iter().len(), 2);
}
