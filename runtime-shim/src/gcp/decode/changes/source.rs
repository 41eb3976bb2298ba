use super::Product;
use crate::event::Action;

/// What tells of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gcp::decode) enum Source {
    Documents(Product),
    RealtimeDatabase,
}

impl Source {
    /// Who tells of a change with this type of CloudEvent, and what was done if the type says that; `None` for other types.
    pub(in crate::gcp::decode) fn of(ty: &str) -> Option<(Self, Option<Action>)> {
        const PREFIXES: [(&str, Source); 3] = [
            ("google.cloud.firestore.document.v1.", Source::Documents(Product::Firestore)),
            ("google.cloud.datastore.entity.v1.", Source::Documents(Product::Datastore)),
            ("google.firebase.database.ref.v1.", Source::RealtimeDatabase),
        ];
        let (source, what) = PREFIXES.iter().find_map(|(prefix, source)| Some((*source, ty.strip_prefix(prefix)?)))?;
        let action = match what.strip_suffix(".withAuthContext").unwrap_or(what) {
            "created" => Some(Action::Created),
            "updated" => Some(Action::Updated),
            "deleted" => Some(Action::Deleted),
            "written" => None,
            _ => return None,
        };
        Some((source, action))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_says_who_and_often_what() {
        for (ty, expected) in [
            ("google.cloud.firestore.document.v1.created", Some((Source::Documents(Product::Firestore), Some(Action::Created)))),
            (
                "google.cloud.firestore.document.v1.deleted.withAuthContext",
                Some((Source::Documents(Product::Firestore), Some(Action::Deleted))),
            ),
            ("google.cloud.datastore.entity.v1.updated", Some((Source::Documents(Product::Datastore), Some(Action::Updated)))),
            ("google.cloud.datastore.entity.v1.written.withAuthContext", Some((Source::Documents(Product::Datastore), None))),
            ("google.firebase.database.ref.v1.written", Some((Source::RealtimeDatabase, None))),
            ("google.cloud.firestore.document.v1.moved", None),
            ("google.cloud.firestore.document.v1.", None),
            ("google.cloud.firestore.document.v2.created", None),
            ("google.firebase.auth.user.v1.created", None),
        ] {
            assert_eq!(Source::of(ty), expected, "{ty}");
        }
    }
}
