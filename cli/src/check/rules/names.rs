use polyfn_shim::{event::Kind, manifest::Entry};

use crate::{
    check::lint::{Lint, NAME},
    target::Target,
};

/// What a name may be.
struct Rule {
    /// Whose name it is.
    whose: &'static str,
    least: usize,
    most: usize,
    letter: fn(char) -> bool,
    /// The same in words.
    letters: &'static str,
    /// What is wrong beyond length and letters.
    wrong: fn(&str) -> bool,
}

/// Whether the provider takes the name of the function and that of its resource.
pub(super) fn check(function: &Entry, target: Target, found: &mut impl FnMut(Lint, String)) {
    if target == Target::Azure && function.name.eq_ignore_ascii_case("host") {
        found(NAME, "Azure keeps the name `host` for itself; add `name = \"..\"`".to_owned());
    }
    let (Some(resource), Some(rule)) = (&function.resource, rule(target, function.trigger, function.ordered)) else { return };
    // That it stands for several is told by another lint.
    if resource.contains('*') {
        return;
    }
    let length = resource.chars().count();
    if !(rule.least..=rule.most).contains(&length) || !resource.chars().all(rule.letter) || (rule.wrong)(resource) {
        let Rule { whose, least, most, letters, .. } = rule;
        found(NAME, format!("`{resource}` is no name of {whose}: that has {least} to {most} of {letters}"));
    }
}

fn rule(target: Target, kind: Kind, ordered: bool) -> Option<Rule> {
    // Cloud Tasks has no order, so that an ordered queue is a topic there.
    let kind = if target == Target::Gcp && kind == Kind::Queue && ordered { Kind::Topic } else { kind };
    Some(match (target, kind) {
        // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
        (Target::Aws, Kind::Queue) => Rule {
            whose: "an SQS queue",
            least: 1,
            most: 80,
            letter: |c| c.is_ascii_alphanumeric() || "-_.".contains(c),
            letters: "letters, digits, `-` and `_`, and may end with `.fifo`",
            wrong: |name| name.strip_suffix(".fifo").unwrap_or(name).contains('.'),
        },
        // https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
        (Target::Aws, Kind::Topic) => Rule {
            whose: "an SNS topic",
            least: 1,
            most: 256,
            letter: |c| c.is_ascii_alphanumeric() || "-_.".contains(c),
            letters: "letters, digits, `-` and `_`, and may end with `.fifo`",
            wrong: |name| name.strip_suffix(".fifo").unwrap_or(name).contains('.'),
        },
        // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
        (Target::Aws, Kind::Object) => Rule {
            whose: "an S3 bucket",
            least: 3,
            most: 63,
            letter: |c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c),
            letters: "lower-case letters, digits, `-` and `.`, between letters or digits",
            wrong: |name| !between_letters(name) || name.contains(".."),
        },
        // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
        (Target::Aws, Kind::Change) => Rule {
            whose: "a DynamoDB table",
            least: 3,
            most: 255,
            letter: |c| c.is_ascii_alphanumeric() || "-_.".contains(c),
            letters: "letters, digits, `-`, `_` and `.`",
            wrong: |_| false,
        },
        // https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html
        (Target::Aws, Kind::Stream) => Rule {
            whose: "a Kinesis stream",
            least: 1,
            most: 128,
            letter: |c| c.is_ascii_alphanumeric() || "-_.".contains(c),
            letters: "letters, digits, `-`, `_` and `.`",
            wrong: |_| false,
        },
        // https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names
        (Target::Gcp, Kind::Topic | Kind::Stream) => Rule {
            whose: "a Pub/Sub topic",
            least: 3,
            most: 255,
            letter: |c| c.is_ascii_alphanumeric() || "-_.~+%".contains(c),
            letters: "letters, digits and `-_.~+%`, begins with a letter and not with `goog`",
            wrong: |name| !name.starts_with(|c: char| c.is_ascii_alphabetic()) || name.starts_with("goog"),
        },
        // https://cloud.google.com/tasks/docs/reference/rest/v2/projects.locations.queues
        (Target::Gcp, Kind::Queue) => Rule {
            whose: "a Cloud Tasks queue",
            least: 1,
            most: 100,
            letter: |c| c.is_ascii_alphanumeric() || c == '-',
            letters: "letters, digits and `-`",
            wrong: |_| false,
        },
        // https://cloud.google.com/storage/docs/buckets#naming
        (Target::Gcp, Kind::Object) => Rule {
            whose: "a Cloud Storage bucket",
            least: 3,
            most: 63,
            letter: |c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c),
            letters: "lower-case letters, digits, `-`, `_` and `.`, between letters or digits, and no `goog` at its beginning",
            wrong: |name| !between_letters(name) || name.starts_with("goog") || name.contains("google"),
        },
        // https://learn.microsoft.com/rest/api/storageservices/naming-queues-and-metadata
        (Target::Azure, Kind::Queue) => Rule { whose: "a Storage queue", ..AZURE_STORAGE },
        // https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata
        (Target::Azure, Kind::Object) => Rule { whose: "a blob container", ..AZURE_STORAGE },
        // https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftservicebus
        (Target::Azure, Kind::Topic) => Rule {
            whose: "a Service Bus topic",
            least: 1,
            most: 260,
            letter: |c| c.is_ascii_alphanumeric() || "-_./".contains(c),
            letters: "letters, digits, `-`, `_`, `.` and `/`, between letters or digits",
            wrong: |name| !between_letters(name),
        },
        // https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsofteventhub
        (Target::Azure, Kind::Stream) => Rule {
            whose: "an event hub",
            least: 1,
            most: 256,
            letter: |c| c.is_ascii_alphanumeric() || "-_.".contains(c),
            letters: "letters, digits, `-`, `_` and `.`, between letters or digits",
            wrong: |name| !between_letters(name),
        },
        // https://learn.microsoft.com/azure/cosmos-db/concepts-limits
        (Target::Azure, Kind::Change) => Rule {
            whose: "a container of Cosmos DB",
            least: 1,
            most: 255,
            letter: |c| !c.is_control() && !"/\\#?".contains(c),
            letters: "any letters but `/`, `\\`, `#` and `?`",
            wrong: |_| false,
        },
        _ => return None,
    })
}

const AZURE_STORAGE: Rule = Rule {
    whose: "a resource of Azure Storage",
    least: 3,
    most: 63,
    letter: |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-',
    letters: "lower-case letters, digits and single `-`, between letters or digits",
    wrong: |name| !between_letters(name) || name.contains("--"),
};

/// Whether a name begins and ends with a letter or a digit.
fn between_letters(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric();
    name.starts_with(letter) && name.ends_with(letter)
}
