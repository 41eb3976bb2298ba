use polyfn::{function, functions};

fn main() {
    #[function]
    fn inner(n: u8) -> u8 {
        n
    }
    assert_eq!(inner(3), 3);
    assert_eq!(functions![inner].iter().len(), 1);
}
