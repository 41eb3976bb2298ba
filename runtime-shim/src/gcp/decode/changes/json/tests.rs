use proptest::prelude::*;

use super::read;
use crate::gcp::decode::changes::{
    Documents,
    Product::{self, Datastore, Firestore},
    place::Place,
};

fn data(product: Product, value: &str) -> String {
    match product {
        Firestore => format!(r#"{{"value":{{"fields":{{"a":{value}}}}}}}"#),
        Datastore => {
            format!(r#"{{"value":{{"entity":{{"key":{{"path":[{{"kind":"K","name":"n"}}]}},"properties":{{"a":{value}}}}}}}}}"#)
        }
    }
}

fn after(product: Product, value: &str) -> String {
    read(data(product, value).as_bytes(), product).unwrap().after.unwrap()
}

#[test]
fn each_kind_has_its_plain_form() {
    for (value, want) in [
        (r#"{"booleanValue":false}"#, "false"),
        (r#"{"integerValue":"-9223372036854775808"}"#, "-9223372036854775808"),
        (r#"{"integerValue":4}"#, "4"),
        (r#"{"integerValue":1.0}"#, "1"),
        (r#"{"doubleValue":3}"#, "3.0"),
        (r#"{"doubleValue":"NaN"}"#, r#""NaN""#),
        (r#"{"doubleValue":1e300}"#, "1e+300"),
        (r#"{"geoPointValue":{"latitude":51.4543}}"#, r#"{"latitude":51.4543,"longitude":0.0}"#),
        (r#"{"geoPointValue":{}}"#, r#"{"latitude":0.0,"longitude":0.0}"#),
        (r#"{"arrayValue":{}}"#, "[]"),
        (r#"{"arrayValue":{"values":null}}"#, "[]"),
        (r#"{"arrayValue":{"values":[{"integerValue":"1"},{"stringValue":"x"}]}}"#, r#"[1,"x"]"#),
        (r#"{"timestampValue":"2020-04-23T14:23:53.1+01:00"}"#, r#""2020-04-23T13:23:53.100Z""#),
        (r#"{"nullValue":null}"#, "null"),
        (r#"{"nullValue":"NULL_VALUE"}"#, "null"),
        (r#"{"stringValue":"\u00e9\"\n\ud83d\udc2a"}"#, r#""é\"\n🐪""#),
    ] {
        for product in [Firestore, Datastore] {
            assert_eq!(after(product, value), format!(r#"{{"a":{want}}}"#), "{value}");
        }
    }
    for (product, value, want) in [
        (Firestore, r#"{"referenceValue":"projects/p/x"}"#, r#""projects/p/x""#),
        (Firestore, r#"{"bytesValue":"/wA="}"#, r#""/wA=""#),
        (Firestore, r#"{"mapValue":{}}"#, "{}"),
        (Firestore, r#"{"mapValue":{"fields":{"b\"":{"mapValue":{"fields":null}}}}}"#, r#"{"b\"":{}}"#),
        (Datastore, r#"{"blobValue":"","meaning":22}"#, r#""""#),
        (Datastore, r#"{"excludeFromIndexes":true,"stringValue":"x"}"#, r#""x""#),
        (Datastore, r#"{"entityValue":{}}"#, "{}"),
        (Datastore, r#"{"entityValue":{"key":{"path":[]},"properties":{"b":{"nullValue":null}}}}"#, r#"{"b":null}"#),
        (Datastore, r#"{"keyValue":{"path":[{"kind":"K","id":"7"},{"kind":"L","name":"m"},{"kind":"M"}]}}"#, r#""K/7/L/m/M""#),
    ] {
        assert_eq!(after(product, value), format!(r#"{{"a":{want}}}"#), "{value}");
    }
}

#[test]
fn an_object_without_members_is_no_document() {
    for data in ["{}", r#"{"value":{},"oldValue":null,"updateMask":{}}"#] {
        for product in [Firestore, Datastore] {
            assert_eq!(read(data.as_bytes(), product).unwrap(), Documents::default());
        }
    }
    let named = read(br#"{"oldValue":{"name":"projects/p/databases/d/documents/c/k"},"value":{}}"#, Firestore).unwrap();
    assert_eq!(named, Documents { before: Some("{}".into()), after: None, place: Some(Place::of("c/k")) });
    let entity = br#"{"oldValue":{"entity":{"key":{"path":[{"kind":"K","id":7}]}}}}"#;
    let entity = read(entity, Datastore).unwrap();
    assert_eq!(entity, Documents { before: Some("{}".into()), after: None, place: Some(Place::of("K/7")) });
}

#[test]
fn an_error_names_the_member() {
    for (product, value, path, reason) in [
        (Firestore, r#"{"integerValue":"1.5"}"#, ".integerValue", "expected a whole number of 64 bits"),
        (Firestore, r#"{"doubleValue":"one"}"#, ".doubleValue", "expected a double"),
        (Firestore, r#"{"booleanValue":"true"}"#, ".booleanValue", "expected a boolean"),
        (Firestore, r#"{"stringValue":5}"#, ".stringValue", "expected a text"),
        (Firestore, r#"{"stringValue":["x"]}"#, ".stringValue", "expected a text"),
        (Firestore, r#"{"stringValue":null}"#, ".stringValue", "expected a text"),
        (Firestore, r#"{"bytesValue":"%"}"#, ".bytesValue", "expected base64"),
        (Firestore, r#"{"timestampValue":"soon"}"#, ".timestampValue", "expected an RFC 3339 time"),
        (Firestore, r#"{"nullValue":0}"#, ".nullValue", "expected null"),
        (
            Firestore,
            r#"{"mapValue":{"fields":{"b":{"arrayValue":{"values":[{"nullValue":null},5]}}}}}"#,
            r#".mapValue.fields["b"].arrayValue.values[1]"#,
            "expected an object",
        ),
        (Firestore, r#"{"geoPointValue":{"latitude":true}}"#, ".geoPointValue", "expected a double"),
        (Firestore, r#"{"geoPointValue":[1,2]}"#, ".geoPointValue", "expected an object"),
        (Firestore, "{}", "", "expected a value of a known kind"),
        (Firestore, r#"{"vectorValue":1}"#, "", "expected a value of a known kind"),
        (Firestore, r#"{"blobValue":""}"#, "", "expected a value of a known kind"),
        (Firestore, r#"{"booleanValue":true,"integerValue":1}"#, "", "expected no second of it"),
        (Firestore, r#"{"mapValue":{"fields":{},"fields":{}}}"#, ".mapValue", "expected no second of it"),
        (Firestore, "5", "", "expected an object"),
        (Datastore, r#"{"keyValue":{}}"#, ".keyValue", "expected a key with a path"),
        (Datastore, r#"{"keyValue":[[]]}"#, ".keyValue", "expected an object"),
        (Datastore, r#"{"keyValue":{"path":[["K",7]]}}"#, ".keyValue", "expected an object"),
        (Datastore, r#"{"mapValue":{}}"#, "", "expected a value of a known kind"),
    ] {
        let error = read(data(product, value).as_bytes(), product).unwrap_err();
        let place = if product == Firestore { "value.fields" } else { "value.entity.properties" };
        assert_eq!(error.path(), format!(r#"{place}["a"]{path}"#), "{value}");
        assert!(error.to_string().contains(reason), "{value}: {error}");
    }
    for (product, data, path) in [
        (Firestore, "[]", ""),
        (Firestore, "{}x", ""),
        (Firestore, r#"{"oldValue":5}"#, "oldValue"),
        (Firestore, r#"{"value":{"name":5}}"#, "value.name"),
        (Datastore, r#"{"value":{"version":"1"}}"#, "value"),
        (Datastore, r#"{"value":{"entity":{"properties":{}}}}"#, "value.entity"),
        (Datastore, r#"{"value":{"entity":{"key":{"path":[{"kind":5}]}}}}"#, "value.entity.key"),
    ] {
        assert_eq!(read(data.as_bytes(), product).unwrap_err().path(), path, "{data}");
    }
    assert_eq!(read(b"{\"value\":\"\xff\"}", Firestore).unwrap_err().to_string(), "not UTF-8");
}

#[test]
fn there_is_an_end_to_depth() {
    let nested = |levels: usize| {
        let value = format!("{}{{\"nullValue\":null}}{}", r#"{"mapValue":{"fields":{"b":"#.repeat(levels), "}}}".repeat(levels));
        read(data(Firestore, &value).as_bytes(), Firestore)
    };
    assert!(nested(39).is_ok());
    let error = nested(40).unwrap_err();
    assert!(error.to_string().contains("expected values no deeper in one another than 40"), "{error}");
    assert!(nested(10_000).is_err());
}

const SAMPLE: &str = r#"{"value":{"name":"projects/p/databases/d/documents/c/k","fields":{"m":{"mapValue":{"fields":{"é\"":{"integerValue":"-1"}}}},
    "l":{"arrayValue":{"values":[{"doubleValue":1.5},{"geoPointValue":{"longitude":2}}]}}}},"oldValue":{},"updateMask":{}}"#;

#[test]
fn data_that_is_cut_off_is_refused() {
    assert!(read(SAMPLE.as_bytes(), Firestore).is_ok());
    for end in 0..SAMPLE.len() {
        assert!(read(&SAMPLE.as_bytes()[..end], Firestore).is_err(), "{end}");
    }
}

proptest! {
    #[test]
    fn no_changed_byte_is_a_panic(at: prop::sample::Index, byte: u8) {
        let mut bytes = SAMPLE.as_bytes().to_vec();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        for product in [Firestore, Datastore] {
            if let Ok(Documents { after: Some(after), .. }) = read(&bytes, product) {
                prop_assert!(serde_json::from_str::<serde_json::Value>(&after).is_ok());
            }
        }
    }
}
