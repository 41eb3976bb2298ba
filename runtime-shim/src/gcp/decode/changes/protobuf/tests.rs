use proptest::prelude::*;

use super::read;
use crate::{
    DecodeError,
    gcp::decode::changes::{
        Documents,
        Product::{self, Datastore, Firestore},
        writer::DEEPEST,
    },
};

/// A field of bytes; its number is at most 31, and it is shorter than 2 MiB.
fn field(number: u8, bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let bytes = bytes.as_ref();
    let tag = if number < 16 { vec![number << 3 | 2] } else { vec![0x80 | (number & 15) << 3 | 2, number >> 4] };
    let low = |shift: usize| u8::try_from(bytes.len() >> shift & 0x7f).unwrap();
    let length = match bytes.len() {
        0..0x80 => vec![low(0)],
        0x80..0x4000 => vec![0x80 | low(0), low(7)],
        _ => vec![0x80 | low(0), 0x80 | low(7), low(14)],
    };
    [&tag[..], &length, bytes].concat()
}

fn entry(number: u8, key: &str, value: &[u8]) -> Vec<u8> {
    field(number, [field(1, key), field(2, value)].concat())
}

/// Data whose document has the one field `a`.
fn data(product: Product, value: &[u8]) -> Vec<u8> {
    match product {
        Firestore => field(1, entry(2, "a", value)),
        Datastore => field(1, field(1, [key(&[("K", "n")]), entry(3, "a", value)].concat())),
    }
}

fn key(path: &[(&str, &str)]) -> Vec<u8> {
    let path = path.iter().flat_map(|(kind, name)| field(2, [field(1, kind), field(3, name)].concat()));
    field(1, path.collect::<Vec<_>>())
}

fn after(product: Product, value: &[u8]) -> String {
    read(&data(product, value), product).unwrap().after.unwrap()
}

fn error(product: Product, data: &[u8]) -> String {
    read(data, product).unwrap_err().to_string()
}

const MINUS_ONE: [u8; 11] = [0x10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];

#[test]
fn each_kind_has_its_plain_form() {
    let latitude = [&[0x09][..], &1.5_f64.to_le_bytes()].concat();
    for (value, want) in [
        (vec![0x08, 0], "false"),
        (vec![0x08, 1], "true"),
        (MINUS_ONE.to_vec(), "-1"),
        (vec![0x10, 0], "0"),
        ([&[0x19][..], &0_f64.to_le_bytes()].concat(), "0.0"),
        ([&[0x19][..], &f64::NAN.to_le_bytes()].concat(), r#""NaN""#),
        (field(8, latitude), r#"{"latitude":1.5,"longitude":0.0}"#),
        (field(9, ""), "[]"),
        (field(9, [field(1, [0x10, 1]), field(1, field(17, "x"))].concat()), r#"[1,"x"]"#),
        (field(10, ""), r#""1970-01-01T00:00:00Z""#),
        (field(10, [0x08, 1, 0x10, 0xc0, 0x84, 0x3d]), r#""1970-01-01T00:00:01.001Z""#),
        (vec![0x58, 0], "null"),
        (field(17, "é\"\n"), r#""é\"\n""#),
        (field(17, ""), r#""""#),
        (field(18, [0xff, 0]), r#""/wA=""#),
    ] {
        for product in [Firestore, Datastore] {
            assert_eq!(after(product, &value), format!(r#"{{"a":{want}}}"#), "{product:?} {value:?}");
        }
    }
    let one = entry(1, "b", &[0x10, 1]);
    assert_eq!(after(Firestore, &field(5, "projects/p/x")), r#"{"a":"projects/p/x"}"#);
    assert_eq!(after(Firestore, &field(6, &one)), r#"{"a":{"b":1}}"#);
    assert_eq!(after(Firestore, &field(6, "")), r#"{"a":{}}"#);
    let path = field(2, [field(1, "K"), MINUS_ONE.to_vec()].concat());
    assert_eq!(after(Datastore, &field(5, [field(1, field(2, "p")), path].concat())), r#"{"a":"K/-1"}"#);
    let entity = [key(&[("L", "m")]), entry(3, "b", &[0x10, 1])].concat();
    assert_eq!(after(Datastore, &[field(6, entity), vec![0x70, 9, 0x98, 0x01, 1]].concat()), r#"{"a":{"b":1}}"#);
}

#[test]
fn a_message_in_parts_is_one_and_the_last_of_a_kind_counts() {
    let part = |name: &str| field(6, entry(1, name, &[0x10, 1]));
    for (value, want) in [
        ([part("b"), part("c")].concat(), r#"{"a":{"b":1,"c":1}}"#),
        ([part("b"), field(6, ""), part("b")].concat(), r#"{"a":{"b":1}}"#),
        // Another kind in between begins anew.
        ([part("b"), vec![0x08, 1], part("c")].concat(), r#"{"a":{"c":1}}"#),
        ([part("b"), vec![0x08, 1]].concat(), r#"{"a":true}"#),
        ([field(17, "x"), field(17, "y")].concat(), r#"{"a":"y"}"#),
        ([field(10, [0x08, 1]), field(10, [0x10, 0xc0, 0x84, 0x3d])].concat(), r#"{"a":"1970-01-01T00:00:01.001Z"}"#),
    ] {
        assert_eq!(after(Firestore, &value), want);
    }
    let parts = [
        field(2, field(1, "projects/p/databases/d/documents/c/k")),
        field(1, entry(2, "a", &[0x08, 1])),
        field(1, entry(2, "b", &[0x08, 0])),
    ];
    let Documents { before, after, place } = read(&parts.concat(), Firestore).unwrap();
    assert_eq!((before.as_deref(), after.as_deref()), (Some("{}"), Some(r#"{"a":true,"b":false}"#)));
    assert_eq!(place.unwrap().key.as_deref(), Some(r#""k""#));
}

#[test]
fn a_message_without_fields_is_no_document() {
    assert_eq!(read(&[], Firestore).unwrap(), Documents::default());
    for product in [Firestore, Datastore] {
        assert_eq!(read(&[field(1, ""), field(2, "")].concat(), product).unwrap(), Documents::default());
    }
}

#[test]
fn an_error_names_the_field() {
    let bad = field(17, [0xff]);
    let value = field(6, entry(1, "b\"", &field(9, [field(1, [0x08, 1]), field(1, &bad)].concat())));
    for (data, want) in [
        (data(Firestore, &bad), r#"value.fields["a"].stringValue: not UTF-8"#),
        (data(Firestore, &value), r#"value.fields["a"].mapValue.fields["b\""].arrayValue.values[1].stringValue: not UTF-8"#),
        (data(Firestore, &[0x08]), r#"value.fields["a"]: ends within a number"#),
        (data(Firestore, &field(6, [0x0f])), r#"value.fields["a"].mapValue: a wire type that does not exist"#),
        (data(Firestore, &[0x19, 1]), r#"value.fields["a"]: ends within a number"#),
        (data(Firestore, &field(3, "")), r#"value.fields["a"].doubleValue: expected eight bytes"#),
        (data(Firestore, &[0x88, 0x01, 1]), r#"value.fields["a"].stringValue: expected bytes with their length"#),
        (data(Firestore, &[0x30, 1]), r#"value.fields["a"].mapValue: expected bytes with their length"#),
        (
            data(Firestore, &field(10, [0x10, 0x80, 0x94, 0xeb, 0xdc, 0x03])),
            r#"value.fields["a"].timestampValue: not between the years 1 and 9999"#,
        ),
        // What is not known yet must not look like null.
        (data(Firestore, &[]), r#"value.fields["a"]: a value of no known kind"#),
        (data(Firestore, &field(20, "x")), r#"value.fields["a"]: a value of no known kind"#),
        (field(2, field(2, field(1, [0xff]))), "oldValue.fields: not UTF-8"),
        (field(2, field(1, [0xff])), "oldValue.name: not UTF-8"),
        (vec![0x08, 1], "value: expected bytes with their length"),
        (vec![0x0a, 5], "a length past the end"),
    ] {
        assert_eq!(error(Firestore, &data), want);
    }
    for (data, want) in [
        (data(Datastore, &field(5, "")), r#"value.entity.properties["a"].keyValue.path: missing"#),
        (
            data(Datastore, &field(5, field(2, field(3, [0xff])))),
            r#"value.entity.properties["a"].keyValue.path[0].name: not UTF-8"#,
        ),
        (field(1, field(1, entry(3, "a", &[0x08, 1]))), "value.entity.key.path: missing"),
        (field(2, field(3, "cursor")), "oldValue.entity: missing"),
    ] {
        assert_eq!(error(Datastore, &data), want);
    }
}

#[test]
fn a_document_of_firestore_is_no_entity() {
    let name = field(1, "projects/p/databases/(default)/documents/c/k");
    for document in [[name, entry(2, "a", &[0x08, 1])].concat(), entry(2, "a", &[0x08, 1])] {
        assert!(read(&field(1, document), Datastore).is_err());
    }
}

#[test]
fn a_long_key_is_cut_off_in_an_error() {
    let key = "é".repeat(5_000);
    let error = error(Firestore, &field(1, entry(2, &key, &[])));
    assert_eq!(error, format!(r#"value.fields["{}"]: a value of no known kind"#, "é".repeat(100)));
}

fn nested(levels: usize) -> Result<Documents, DecodeError> {
    let innermost = vec![0x08, 1];
    let value =
        (0..levels).fold(
            innermost,
            |value, level| {
                if level % 2 == 0 { field(6, entry(1, "b", &value)) } else { field(9, field(1, &value)) }
            },
        );
    read(&data(Firestore, &value), Firestore)
}

#[test]
fn there_is_an_end_to_depth() {
    // The document is the first object.
    assert!(nested(DEEPEST - 1).is_ok());
    let error = nested(DEEPEST).unwrap_err();
    assert!(error.to_string().ends_with("expected values no deeper in one another than 40"), "{error}");
    assert!(nested(2_000).is_err());
}

/// Data in which every kind of field occurs.
fn sample() -> Vec<u8> {
    let map = field(6, [entry(1, "b", &MINUS_ONE), entry(1, "", &field(18, [1, 2, 3]))].concat());
    let list = field(
        9,
        [field(1, [0x58, 0]), field(1, field(10, [0x08, 1, 0x10, 1])), field(1, field(8, [9, 0, 0, 0, 0, 0, 0, 0, 0]))].concat(),
    );
    let name = field(1, "projects/p/databases/d/documents/c/k");
    let document = [name, entry(2, "m", &map), entry(2, "l", &list), entry(2, "t", &field(17, "é")), field(4, [0x08, 1])];
    [field(1, document.concat()), field(2, entry(2, "a", &[0x08, 1])), field(3, field(1, "m"))].concat()
}

#[test]
fn data_that_is_cut_off_is_refused() {
    let sample = sample();
    let whole = read(&sample, Firestore).unwrap();
    assert_eq!(
        whole.after.as_deref(),
        Some(r#"{"m":{"b":-1,"":"AQID"},"l":[null,"1970-01-01T00:00:01.000000001Z",{"latitude":0.0,"longitude":0.0}],"t":"é"}"#)
    );
    // Without its last fields it is data still.
    let value = usize::from(sample[1]) + 2;
    let boundaries = [0, value, value + usize::from(sample[value + 1]) + 2];
    for end in 0..sample.len() {
        assert_eq!(read(&sample[..end], Firestore).is_ok(), boundaries.contains(&end), "{end}");
    }
}

#[test]
fn many_parts_cost_no_more_than_their_size() {
    let parts = field(1, entry(2, "a", &[0x08, 1])).repeat(50_000);
    assert_eq!(read(&parts, Firestore).unwrap().after.as_deref(), Some(r#"{"a":true}"#));
    let names: Vec<u8> = (0..20_000).flat_map(|n| entry(2, &n.to_string(), &[0x08, 1])).collect();
    assert_eq!(read(&field(1, names), Firestore).unwrap().after.unwrap().matches("true").count(), 20_000);
}

proptest! {
    #[test]
    fn no_bytes_are_a_panic(bytes: Vec<u8>) {
        for product in [Firestore, Datastore] {
            let _any = read(&bytes, product);
        }
    }

    #[test]
    fn no_changed_byte_is_a_panic(at: prop::sample::Index, byte: u8) {
        let mut bytes = sample();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        for product in [Firestore, Datastore] {
            if let Ok(Documents { after: Some(after), .. }) = read(&bytes, product) {
                prop_assert!(serde_json::from_str::<serde_json::Value>(&after).is_ok());
            }
        }
    }
}
